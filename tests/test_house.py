"""The house stays as it was laid: imports, types, style, names at the top, the README's commands."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from resnet_studio.gui.system import ALWAYS, X11

ROOT = Path(__file__).parents[1]
TOP_LEVEL = {"pyproject.toml", "README.md", "LICENSE", ".gitignore", ".ci", "assets", "resnet_studio", "tests"}


def run(*command: str) -> None:
    """Run one of the tools beside this Python; what it finds is the failure's text."""
    program = shutil.which(command[0], path=str(Path(sys.executable).parent))
    assert program, f"{command[0]} is not installed; install the extra `test`"
    done = subprocess.run([program, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_point_down_only() -> None:
    run("lint-imports", "--no-cache")


def test_the_style() -> None:
    run("ruff", "check", ".")


def test_the_format() -> None:
    run("ruff", "format", "--check", ".")


def test_the_types() -> None:
    run("mypy")


def test_the_names_at_the_top() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("only a clone knows which files are the project's")
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.partition("/")[0] for line in tracked.splitlines()} <= TOP_LEVEL


def test_the_continuous_integration_runs_the_readmes_command() -> None:
    commands = re.findall(r"^\.ci/libraries && .*$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    start, test = commands
    assert start.endswith(".venv/bin/resnet-studio")
    assert test.endswith(".venv/bin/pytest")
    for script in (".ci/run", ".ci/libraries"):
        assert os.access(ROOT / script, os.X_OK)


def test_the_libraries_that_are_installed_are_those_that_are_missed() -> None:
    script = (ROOT / ".ci" / "libraries").read_text(encoding="utf-8")
    installed = dict(re.findall(r"\[(lib[\w.-]+)\]=([\w.-]+)", script))
    assert len(installed) > 5
    assert installed.items() <= (ALWAYS | X11).items()


def test_pictures_of_the_readme_are_there() -> None:
    for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8")):
        assert (ROOT / path).is_file(), path

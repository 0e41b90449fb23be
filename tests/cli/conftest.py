"""The command line in this process, and one trained run for all who need one."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from resnet_studio.cli import run


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str
    """Without what `train` tells before it begins, see `told`."""
    told: tuple[str, ...] = ()
    """What the run will take, and why on the CPU."""

    @property
    def json(self) -> Any:
        """The one line of JSON on standard output."""
        (line,) = self.out.splitlines()
        return json.loads(line)

    @property
    def sentence(self) -> str:
        """The one sentence on standard error."""
        (line,) = self.err.splitlines()
        return line


Command = Callable[..., Outcome]


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run one command: `command("summary", "resnet18")`."""
    # no test asks a server; one that would gets its answer from this machine at once
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    def call(*arguments: str | Path) -> Outcome:
        code = run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        lines = err.splitlines(keepends=True)
        told = [line for line in lines if line.startswith(("Forecast: ", "Measured: ", "Training on the CPU: "))]
        return Outcome(code, out, "".join(line for line in lines if line not in told), tuple(told))

    return call


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of two epochs on the digits; to be read, not changed."""
    parent = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("RESNET_STUDIO_HOME", str(tmp_path_factory.mktemp("home")))
        flags = ["train", "digits_resnet8", "--epochs", "2", "--batch-size", "128", "--seed", "3"]
        assert run([*flags, "--output", str(parent)]) == 0
    (folder,) = parent.iterdir()
    return folder


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    """A folder with two classes of twelve grey-green or grey-red images each."""
    root, random = tmp_path / "photographs", np.random.default_rng(0)
    for channel, name in enumerate(("reds", "greens")):
        (root / name).mkdir(parents=True)
        for number in range(12):
            pixels = random.integers(0, 128, (10, 12, 3), dtype=np.uint8)
            pixels[..., channel] += 100
            Image.fromarray(pixels).save(root / name / f"{number}.png")
    return root

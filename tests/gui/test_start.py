"""The program as it is started: its own process, nothing imported before."""

import os
import subprocess
import sys
from pathlib import Path


def test_the_program_starts_with_nothing_imported_before(tmp_path: Path) -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "RESNET_STUDIO_HOME": str(tmp_path)}
    # the very order of imports of the program: an import of pydantic behind PySide6 breaks here
    order = "import resnet_studio.cli.window, resnet_studio.gui.app, resnet_studio.gui.trainer_thread"
    done = subprocess.run([sys.executable, "-c", order], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    assert not done.stderr

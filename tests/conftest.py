"""What every test stands on: a home of its own, no screen, and the real data where a machine has it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def studio_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keep library, caches and settings of a test away from the user's."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(home))
    yield home


@pytest.fixture(scope="session")
def data_root() -> Path:
    """The folder of real data sets; the test is skipped where there is none."""
    named = os.environ.get("RESNET_STUDIO_DATA_ROOT")
    root = Path(named) if named else Path(__file__).parents[2] / "shared" / "data"
    if not root.is_dir():
        pytest.skip(f"no real data: {root} is no folder (RESNET_STUDIO_DATA_ROOT names it)")
    return root

"""A folder of images, one of which can't be used."""

from collections.abc import Callable
from pathlib import Path

import pytest

MakeFolder = Callable[..., Path]


@pytest.fixture
def folder(make_folder: MakeFolder) -> tuple[Path, list[str]]:
    """Fifty images, one of them cut short."""
    root = make_folder({"a": 50}, sides=(30, 40))
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.png"))
    (root / names[20]).write_bytes((root / names[20]).read_bytes()[:-100])
    return root, names

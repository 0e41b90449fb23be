"""Paths as people write them."""

import os
from pathlib import Path

from resnet_studio.spec.errors import StudioError


def absolute(named: str) -> Path:
    """Return the absolute path of what is named; a `~name` of nobody known stands for itself."""
    return Path(os.path.expanduser(named)).absolute()  # noqa: PTH111 - Path's own raises there


def is_folder(path: Path) -> bool:
    """Whether there is a folder at a path.

    Raises:
        StudioError: the system doesn't tell, as the name is too long or a folder on the way is locked.
    """
    try:
        return path.is_dir()
    except OSError as error:
        raise StudioError(f"{path} can't be opened: {error.strerror or error}.") from None

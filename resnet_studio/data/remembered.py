"""Facts that take a while to find out, kept in the studio's cache under a fingerprint of what they depend on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import write_bytes
from resnet_studio.spec.home import cache_folder


def facts_folder() -> Path:
    """Return the folder that holds what takes a while to find out."""
    return cache_folder() / "facts"


def remembered(key: str, find: Callable[[], list[Any]]) -> list[Any]:
    """Return facts that take a while to find; they are found once and kept beside the decoded images.

    Args:
        key: fingerprint of everything that the facts depend on.
        find: finds them, as a list that JSON can write.
    """
    facts = recall(key)
    if facts is None:
        facts = find()
        remember(key, facts)
    return facts


def recall(key: str) -> list[Any] | None:
    """Return the facts that were kept under a key; None where there are none, or they are damaged."""
    try:
        facts = json.loads((facts_folder() / f"{key}.json").read_bytes())
    except (OSError, ValueError):
        return None
    return facts if isinstance(facts, list) else None


def remember(key: str, facts: list[Any]) -> None:
    """Keep facts under a key, as a list that JSON can write.

    Raises:
        StudioError: the disk can't be written.
    """
    made_folder(facts_folder())
    write_bytes(facts_folder() / f"{key}.json", json.dumps(facts).encode())


def made_folder(folder: Path) -> None:
    """Make a folder of the studio's own where there is none.

    Raises:
        StudioError: it can't be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError(
            f"The folder {folder} can't be made: {error.strerror or error}; RESNET_STUDIO_HOME names another place."
        ) from None

"""Facts that take a while to find out, kept in the studio's cache under a fingerprint of what they depend on."""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import write_bytes
from resnet_studio.spec.home import cache_folder

MOST_BYTES = 256 << 20
"""What all facts together may take on the disk; those of a folder of 100,000 images take some 15 MB."""


def facts_folder() -> Path:
    """Return the folder that holds what takes a while to find out."""
    return cache_folder() / "facts"


def remembered(key: str, find: Callable[[], list[Any]]) -> list[Any]:
    """Return facts that take a while to find; they are found once and kept beside the decoded images, if possible.

    Args:
        key: fingerprint of everything that the facts depend on.
        find: finds them, as a list that JSON can write.
    """
    facts = recall(key)
    if facts is None:
        facts = find()
        remember_if_possible(key, facts)
    return facts


def is_remembered(key: str) -> bool:
    """Whether facts were kept under a key; damage is noticed when they are recalled."""
    return (facts_folder() / f"{key}.json").is_file()


def recall(key: str) -> list[Any] | None:
    """Return the facts that were kept under a key; None where there are none, or they are damaged."""
    try:
        checksum, content = (facts_folder() / f"{key}.json").read_bytes().split(b"\n", 1)
        facts = json.loads(content)
    except (OSError, ValueError):
        return None
    whole = checksum == _checksum(content) and isinstance(facts, list)
    return facts if whole else None


def remember(key: str, facts: list[Any]) -> None:
    """Keep facts under a key, as a list that JSON can write; the oldest go where there are very many.

    Raises:
        StudioError: the disk can't be written.
    """
    made_folder(facts_folder())
    content = json.dumps(facts).encode()
    write_bytes(facts_folder() / f"{key}.json", _checksum(content) + b"\n" + content)
    _forget_the_oldest()


def remember_if_possible(key: str, facts: list[Any]) -> None:
    """Keep facts under a key; where the disk can't be written they are found once more the next time."""
    with suppress(StudioError):
        remember(key, facts)


def _checksum(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _forget_the_oldest() -> None:
    """Remove the facts that were kept first once all together take too much; folders change, and theirs stay behind."""
    kept = []
    for path in facts_folder().glob("*.json"):
        # another process may remove them at the same time
        with suppress(FileNotFoundError):
            told = path.stat()
            kept.append((told.st_mtime_ns, told.st_size, path))
    total = 0
    for number, (_, size, path) in enumerate(sorted(kept, reverse=True)):
        total += size
        if number and total > MOST_BYTES:
            with suppress(OSError):
                path.unlink()


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

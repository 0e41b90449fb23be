"""The md5 checksums that the publishers of data sets name: they find what was damaged on the way."""

import hashlib
from pathlib import Path

from resnet_studio.data.catalogue.remote import REMOTES
from resnet_studio.data.fingerprint import fingerprint
from resnet_studio.data.remembered import recall, remember_if_possible
from resnet_studio.data.watch import Watch
from resnet_studio.spec.errors import StudioError

_BLOCK = 1 << 22


def md5_of(path: Path, watch: Watch, name: str) -> str:
    """Return the md5 of a file in hexadecimal digits.

    Args:
        path: of the file.
        watch: told how many bytes have been read.
        name: what the file is called to the user.

    Raises:
        LoadingStoppedError: the caller wants it to stop.
        OSError: it can't be read.
    """
    digest = hashlib.md5(usedforsecurity=False)
    total = path.stat().st_size
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            watch(f"Checking {name}", file.tell(), total, in_bytes=True)
    return digest.hexdigest()


def has_md5(path: Path, md5: str, watch: Watch) -> bool:
    """Whether a file has a checksum: it is read once, and the answer kept, if possible, as long as it stays.

    Raises:
        LoadingStoppedError: the caller wants it to stop.
        StudioError: it can't be read.
    """
    try:
        found = path.stat()
        key = fingerprint("md5", str(path), found.st_size, found.st_mtime_ns, md5)
        if recall(key) is None:
            if md5_of(path, watch, path.name) != md5:
                return False
            remember_if_possible(key, [md5])
    except OSError as error:
        raise StudioError(f"{path} can't be read: {error.strerror or error}.") from None
    return True


def require_sound(name: str, root: Path, watch: Watch) -> None:
    """Refuse a data set of the catalogue of which a file hasn't its checksum, as far as it has one.

    Args:
        name: of the catalogue.
        root: the folder in which torchvision keeps its data sets.
        watch: told how many bytes have been read.

    Raises:
        LoadingStoppedError: the caller wants it to stop.
        StudioError: a file is damaged or can't be read.
    """
    for remote in REMOTES[name]:
        for path, md5 in remote.gives.items():
            if md5 and not has_md5(root / path, md5, watch):
                raise StudioError(f"{root / path} is damaged; delete it, and it is downloaded anew.")

"""What has come of a download that isn't whole yet: kept beside its target, so that the next attempt goes on from it.

A server says which version of a file it has (ETag, Last-Modified; RFC 9110, 8.8). Beginnings of files whose version
isn't known can't be gone on with and aren't kept.
"""

import json
from email.message import Message
from pathlib import Path


def bytes_kept(target: Path) -> int:
    """Return how many bytes of a file there are that isn't whole yet."""
    path = _beginning(target)
    return path.stat().st_size if path.is_file() else 0


def forget(target: Path) -> None:
    """Throw away what there is of a file that isn't whole yet."""
    _beginning(target).unlink(missing_ok=True)
    _note(target).unlink(missing_ok=True)


class Partial:
    """The beginning of a file from an address, and which version of it that is."""

    def __init__(self, target: Path, url: str) -> None:
        self.path = _beginning(target)
        self._note, self._url = _note(target), url
        self._version, self.total = self._noted()
        self._is_ours = self._version is not None

    @property
    def size(self) -> int:
        """How many bytes there are to go on from."""
        return self.path.stat().st_size if self._version and self.path.is_file() else 0

    @property
    def is_whole(self) -> bool:
        """Whether all bytes are there that the server announced."""
        return self.total is not None and self.size == self.total

    @property
    def headers(self) -> dict[str, str]:
        """What asks a server for the rest of this version, and for the whole of any other."""
        return {"Range": f"bytes={self.size}-", "If-Range": self._version} if self._version and self.size else {}

    def goes_on(self, headers: Message) -> bool:
        """Whether the headers of a partial answer say that it begins where this ends, and is of the same version."""
        start = headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
        return start == str(self.size) and _version(headers) in {None, self._version}

    def begin(self, headers: Message) -> None:
        """Forget what there is and note, from the headers of the answer, what is to come."""
        self.remove()
        self._is_ours = True
        length = headers.get("Content-Length", "")
        self._version, self.total = _version(headers), int(length) if length.isdigit() else None
        if self._version:
            note = {"url": self._url, "version": self._version, "total": self.total}
            self._note.write_text(json.dumps(note), encoding="utf-8")

    def leave(self) -> None:
        """Keep what the next attempt can go on from, and nothing else; what came from another address stays."""
        if self._is_ours and not self.size:
            self.remove()

    def remove(self) -> None:
        """Remove what there is."""
        self._note.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)
        self._version, self.total = None, None

    def _noted(self) -> tuple[str | None, int | None]:
        try:
            note = json.loads(self._note.read_bytes())
            version, total = note["version"], note["total"]
            of_this = note["url"] == self._url and isinstance(version, str) and isinstance(total, int | None)
        except (OSError, ValueError, LookupError, TypeError):
            return None, None
        return (version, total) if of_this else (None, None)


def _beginning(target: Path) -> Path:
    return target.with_name(f".{target.name}.part")


def _note(target: Path) -> Path:
    return target.with_name(f".{target.name}.part.json")


def _version(headers: Message) -> str | None:
    """Return what tells one version of a file from another: a strong ETag, else the time of its last change."""
    tag: str | None = headers.get("ETag")
    # a weak one may stay the same where bytes change, RFC 9110, 13.1.5
    return tag if tag and not tag.startswith("W/") else headers.get("Last-Modified")

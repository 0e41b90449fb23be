"""What is said of a file that can't be used as an image, whatever its reader raises."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from resnet_studio.spec.errors import StudioError

FORMAT_OF = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".png": "PNG",
    ".bmp": "BMP",
    ".gif": "GIF",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
}
"""The format that an ending of a name promises."""
ENDINGS = frozenset(FORMAT_OF)
FORMATS = tuple(dict.fromkeys(FORMAT_OF.values()))
"""Formats that are opened; Pillow knows others, whose readers are less used and less safe."""
MAX_PIXELS = 89_478_485
"""Most pixels that one image is decoded to: a third of a gigabyte in Pillow's four bytes each; it warns there too."""
MAX_WEBP_PIXELS = 1 << 25
"""The same of a WebP, which its reader holds four times at once; a frame of 8K is smaller."""

READERS_RAISE = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, MemoryError,
                 struct.error, zlib.error)  # fmt: skip
"""What Pillow's readers raise on damaged files: OSError for the most part, the others from their depths."""
DENIED = "can't be read ("
"""How the reason begins where the disk doesn't give a file."""
_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*")
"""How files of the formats begin."""


class ImageError(StudioError):
    """A file that can't be used as an image.

    Attributes:
        problem: `not_image`, `truncated`, `damaged`, `bomb` or `unreadable` (the disk doesn't give it).
        reason: why, without the name of the file and without a full stop.
    """

    def __init__(self, path: Path, problem: str, reason: str, mend: str) -> None:
        super().__init__(f"{path} {reason}; {mend}.")
        self.problem, self.reason = problem, reason


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what Pillow raises on a damaged file into one sentence.

    Raises:
        ImageError: in place of it.
    """
    try:
        yield
    except UnidentifiedImageError:
        raise _unidentified(path) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise bomb(path) from None
    except READERS_RAISE as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise _unreadable(path, error) from None
        cause = str(error) or type(error).__name__
        cut = isinstance(error, EOFError) or "truncated" in cause.lower()
        reason = f"can't be read as an image ({cause.rstrip('.')})"
        raise ImageError(path, "truncated" if cut else "damaged", reason, "mend it or take it out") from None


def is_given(path: Path) -> bool:
    """Whether the disk gives a file, which it may have denied before: permissions change without a trace in it."""
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError:
        return False
    return True


def bomb(path: Path, most: int = MAX_PIXELS) -> ImageError:
    """Return the error for an image with more pixels than are decoded."""
    reason = f"claims to have an absurd number of pixels, more than {most / 1e6:.0f} million"
    return ImageError(path, "bomb", reason, "take it out or make it smaller")


def _unidentified(path: Path) -> ImageError:
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        return _unreadable(path, error)
    if start.startswith(_STARTS):
        return ImageError(path, "damaged", "can't be read as an image (its header is damaged)", "take it out")
    known = "" if start else "is empty and "
    return ImageError(path, "not_image", f"{known}is no image that can be read ({', '.join(FORMATS)})", "take it out")


def _unreadable(path: Path, error: OSError) -> ImageError:
    reason = f"{DENIED}{error.strerror or error})"
    return ImageError(path, "unreadable", reason, "check the disk and the permissions")

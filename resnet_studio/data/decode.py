"""From one image, as a file or as an array, to an array of the size and the channels wanted."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from resnet_studio.data.images import Images
from resnet_studio.spec.data import Resize
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
"""Most pixels that one image is decoded to: a quarter of a gigabyte in three bytes each, where Pillow warns too."""
_LARGE = 1 << 24
"""Pixels from which on an image is made smaller band by band before anything else is done to it."""
_BAND = 64

_READERS_RAISE = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, MemoryError,
                  struct.error, zlib.error)  # fmt: skip
"""What Pillow's readers raise on damaged files: OSError for the most part, the others from their depths."""
_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*")
"""How files of the formats begin."""
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns an image of an EXIF orientation upright; with those from 5 on, width and height change places."""
_GREY = frozenset({"1", "L", "LA", "La", "I", "F"})

# what Pillow remarks on odd files reaches the user as findings, and the number of pixels is bounded below
warnings.filterwarnings("ignore", module=r"PIL\.")


class ImageError(StudioError):
    """A file that can't be used as an image.

    Attributes:
        problem: `not_image`, `truncated`, `damaged`, `bomb` or `unreadable` (the disk doesn't give it).
        reason: why, without the name of the file and without a full stop.
    """

    def __init__(self, path: Path, problem: str, reason: str, mend: str) -> None:
        super().__init__(f"{path} {reason}; {mend}.")
        self.problem, self.reason = problem, reason


@dataclass(frozen=True)
class Decoding:
    """How every image of a source is made equal in shape."""

    size: tuple[int, int]
    """Height and width."""
    channels: int
    """1 for grey (ITU-R 601-2 luma), 3 for RGB; transparent pixels are laid on white."""
    resize: Resize
    """`fill` covers the size and crops the middle, `pad` fits in and fills up with black, `stretch` distorts."""

    @property
    def mode(self) -> str:
        """Pillow's name of the channels."""
        return "L" if self.channels == 1 else "RGB"

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of every image, (H, W, C)."""
        return (*self.size, self.channels)

    def applied(self, image: Image.Image) -> Images:
        """Return an image as uint8 (H, W, C), resized with the bilinear, antialiased filter."""
        height, width = self.size
        image = self._lessened(image) if image.width * image.height > _LARGE else _opaque(image, self.mode)
        if image.size != (width, height):
            if self.resize == "fill":
                image = ImageOps.fit(image, (width, height), Image.Resampling.BILINEAR)
            elif self.resize == "pad":
                image = ImageOps.pad(image, (width, height), Image.Resampling.BILINEAR)
            else:
                image = image.resize((width, height), Image.Resampling.BILINEAR)
        return np.asarray(image).reshape(height, width, self.channels)

    def _lessened(self, image: Image.Image) -> Image.Image:
        """Return a large image in the mode wanted, reduced to no less than four times the size wanted.

        In bands: the whole of it in several modes at once would take gigabytes.
        """
        height, width = self.size
        factor = max(1, min(image.width // (4 * width), image.height // (4 * height)))
        small = Image.new(self.mode, (-(-image.width // factor), -(-image.height // factor)))
        for top in range(0, image.height, _BAND * factor):
            band = image.crop((0, top, image.width, min(image.height, top + _BAND * factor)))
            small.paste(_opaque(band, self.mode).reduce(factor), (0, top // factor))
        return small


@dataclass(frozen=True)
class Kind:
    """What an image was like in its file."""

    format: str
    """Pillow's name, one of `FORMATS`."""
    mode: str
    """Pillow's name of the channels in the file, such as RGB, P, CMYK or I;16."""
    size: tuple[int, int]
    """Height and width, upright."""
    deep: bool
    """Whether it has more than eight bits a channel."""
    transparent: bool
    """Whether it can be seen through somewhere."""
    turned: bool
    """Whether its EXIF data say that it has to be turned or mirrored."""
    animated: bool
    """Whether it has more than one frame, or page."""


def header(path: Path) -> tuple[int, int, int]:
    """Return height, width and channels (1 or 3) of the image in a file, upright, without decoding it.

    Raises:
        ImageError: the file can't be read as an image; it is named.
    """
    with _told(path), Image.open(path, formats=FORMATS) as image:
        return *_upright_size(image), 1 if image.mode in _GREY or image.mode.startswith("I;16") else 3


def decoded_file(path: Path, decoding: Decoding) -> Images:
    """Return the image in a file, upright as its EXIF data say, as uint8 (H, W, C).

    Raises:
        ImageError: the file can't be read as an image; it is named.
    """
    return decoded_with_kind(path, decoding)[0]


def decoded_with_kind(path: Path, decoding: Decoding) -> tuple[Images, Kind]:
    """Return the image in a file as `decoded_file` does, and what it was like.

    Raises:
        ImageError: the file can't be read as an image; it is named.
    """
    with _told(path), Image.open(path, formats=FORMATS) as image:
        mode, turn = image.mode, _UPRIGHT.get(_orientation(image))
        size, transparent, deep = _upright_size(image), image.has_transparency_data, _is_deep(image)
        _draft(image, decoding)
        if image.width * image.height > MAX_PIXELS:
            raise _bomb(path)
        image.load()
        upright = image if turn is None else image.transpose(turn)
        # a JPEG with a second picture inside, as some cameras write them, is a JPEG
        several = image.format != "MPO" and _has_more_frames(image)
        form = "JPEG" if image.format == "MPO" else str(image.format)
        pixels = decoding.applied(upright)
    return pixels, Kind(form, mode, size, deep, transparent, turn is not None, several)


def decoded_array(image: Images, decoding: Decoding) -> Images:
    """Return an image given as uint8 (H, W, C) in the size and the channels wanted."""
    pillow = Image.fromarray(image[:, :, 0] if image.shape[2] == 1 else np.ascontiguousarray(image))
    return decoding.applied(pillow)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what Pillow raises on a damaged file into one sentence."""
    try:
        yield
    except UnidentifiedImageError:
        raise _unidentified(path) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _bomb(path) from None
    except _READERS_RAISE as error:
        if isinstance(error, OSError) and error.errno is not None:
            reason = f"can't be read ({error.strerror or error})"
            raise ImageError(path, "unreadable", reason, "check the disk and the permissions") from None
        cause = str(error) or type(error).__name__
        cut = isinstance(error, EOFError) or "truncated" in cause.lower()
        reason = f"can't be read as an image ({cause.rstrip('.')})"
        raise ImageError(path, "truncated" if cut else "damaged", reason, "mend it or take it out") from None


def _unidentified(path: Path) -> ImageError:
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        reason = f"can't be read ({error.strerror or error})"
        return ImageError(path, "unreadable", reason, "check the disk and the permissions")
    if start.startswith(_STARTS):
        return ImageError(path, "damaged", "can't be read as an image (its header is damaged)", "take it out")
    known = "" if start else "is empty and "
    return ImageError(path, "not_image", f"{known}is no image that can be read ({', '.join(FORMATS)})", "take it out")


def _bomb(path: Path) -> ImageError:
    reason = f"claims to have an absurd number of pixels, more than {MAX_PIXELS / 1e6:.0f} million"
    return ImageError(path, "bomb", reason, "take it out or make it smaller")


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation; damaged EXIF data say nothing, and spoil no picture."""
    if image.format == "PNG" and not {"exif", "Raw profile type exif"} & image.info.keys():
        # Pillow would decode all of it to look for EXIF data behind the pixels
        return 1
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except _READERS_RAISE:
        return 1


def _upright_size(image: Image.Image) -> tuple[int, int]:
    width, height = image.size
    return (width, height) if _orientation(image) >= 5 else (height, width)


def _is_deep(image: Image.Image) -> bool:
    """Whether an image that isn't loaded yet has more than eight bits a channel; Pillow makes RGB of 16 bits eight."""
    return (
        image.mode in {"I", "F"}
        or ";16" in image.mode
        or any(";16" in str(tile[3]) for tile in getattr(image, "tile", ()))
    )


def _has_more_frames(image: Image.Image) -> bool:
    try:
        return bool(getattr(image, "is_animated", False))
    except _READERS_RAISE:
        # a second frame that is damaged
        return True


def _opaque(image: Image.Image, mode: str) -> Image.Image:
    """Return the image in the mode wanted, laid on white where it is transparent."""
    if image.mode == mode:
        return image
    if image.mode.startswith("I;16") or image.mode == "I":
        # 16 bit grey: Pillow's own conversion clips instead of scaling
        image = Image.fromarray((np.clip(np.asarray(image), 0, 65535) >> 8).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image).convert("RGB")
    return image.convert(mode)


def _draft(image: Image.Image, decoding: Decoding) -> None:
    """Let the JPEG reader halve a large image while it decodes, as long as twice the size wanted is left."""
    height, width = decoding.size
    if _orientation(image) >= 5:
        height, width = width, height
    # a `pad` may need fewer pixels than this along one side; more only costs time
    image.draft(decoding.mode, (2 * width, 2 * height))

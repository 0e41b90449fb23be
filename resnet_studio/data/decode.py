"""From one image, as a file or as an array, to an array of the size and the channels wanted."""

import os
import struct
import zlib
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from resnet_studio.data.images import Images
from resnet_studio.spec.data import Resize
from resnet_studio.spec.errors import StudioError

FORMATS = ("JPEG", "PNG", "BMP", "GIF", "WEBP", "TIFF")
"""Formats that are opened; Pillow knows others, whose readers are less used and less safe."""
ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff"})

CHUNK = 32
"""Images that one worker decodes at a time."""

_READERS_RAISE = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, MemoryError,
                  struct.error, zlib.error)  # fmt: skip
"""What Pillow's readers raise on damaged files: OSError for the most part, the others from their depths."""
_ORIENTATION = 0x0112
_GREY = frozenset({"1", "L", "LA", "La", "I", "F"})
_TURNED = frozenset({5, 6, 7, 8})
"""Values of the EXIF orientation with which width and height change places."""


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

    def applied(self, image: Image.Image) -> Images:
        """Return an image as uint8 (H, W, C), resized with the bilinear, antialiased filter."""
        image = _opaque(image, self.mode)
        height, width = self.size
        if image.size != (width, height):
            if self.resize == "fill":
                image = ImageOps.fit(image, (width, height), Image.Resampling.BILINEAR)
            elif self.resize == "pad":
                image = ImageOps.pad(image, (width, height), Image.Resampling.BILINEAR)
            else:
                image = image.resize((width, height), Image.Resampling.BILINEAR)
        return np.asarray(image).reshape(height, width, self.channels)


def header(path: Path) -> tuple[int, int, int]:
    """Return height, width and channels (1 or 3) of the image in a file, upright, without decoding it.

    Raises:
        StudioError: the file can't be read as an image; it is named.
    """
    with _told(path), Image.open(path, formats=FORMATS) as image:
        width, height = image.size
        if image.getexif().get(_ORIENTATION) in _TURNED:
            height, width = width, height
        return height, width, 1 if image.mode in _GREY or image.mode.startswith("I;16") else 3


def decoded_file(path: Path, decoding: Decoding) -> Images:
    """Return the image in a file, upright as its EXIF data say, as uint8 (H, W, C).

    Raises:
        StudioError: the file can't be read as an image; it is named.
    """
    with _told(path), Image.open(path, formats=FORMATS) as image:
        _draft(image, decoding)
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
    return decoding.applied(image)


def decoded_array(image: Images, decoding: Decoding) -> Images:
    """Return an image given as uint8 (H, W, C) in the size and the channels wanted."""
    pillow = Image.fromarray(image[:, :, 0] if image.shape[2] == 1 else np.ascontiguousarray(image))
    return decoding.applied(pillow)


def decoded_in_order(one: Callable[[int], Images], count: int) -> Generator[Images, None, None]:
    """Decode images in several threads (Pillow works without the interpreter's lock) and yield them in order.

    Never more than a few chunks wait, so that the memory is bounded. Closing the generator ends the threads.

    Args:
        one: decodes the image of a number, uint8 (H, W, C).
        count: number of images.

    Yields:
        Chunks of up to `CHUNK` images, (n, H, W, C).
    """
    workers = min(os.cpu_count() or 1, 16)

    def chunk(start: int) -> Images:
        return np.stack([one(number) for number in range(start, min(start + CHUNK, count))])

    pool = ThreadPoolExecutor(workers, thread_name_prefix="decode")
    try:
        waiting: deque[Future[Images]] = deque()
        for start in range(0, count, CHUNK):
            waiting.append(pool.submit(chunk, start))
            if len(waiting) >= 3 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what Pillow raises on a damaged file into one sentence."""
    try:
        yield
    except UnidentifiedImageError:
        raise StudioError(f"{path} is no image that can be read ({', '.join(FORMATS)}); take it out.") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise StudioError(f"{path} claims to have an absurd number of pixels; take it out.") from None
    except _READERS_RAISE as error:
        cause = error.strerror if isinstance(error, OSError) and error.strerror else str(error) or type(error).__name__
        raise StudioError(f"{path} can't be read as an image ({cause}); mend it or take it out.") from None


def _opaque(image: Image.Image, mode: str) -> Image.Image:
    """Return the image in the mode wanted, laid on white where it is transparent."""
    if image.mode == mode:
        return image
    if image.mode.startswith("I;16") or image.mode == "I":
        # 16 bit grey: Pillow's own conversion clips instead of scaling
        grey = np.asarray(image).astype(np.int64)
        image = Image.fromarray((np.clip(grey, 0, 65535) >> 8).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image).convert("RGB")
    return image.convert(mode)


def _draft(image: Image.Image, decoding: Decoding) -> None:
    """Let the JPEG reader halve a large image while it decodes, as long as twice the size wanted is left."""
    height, width = decoding.size
    if image.getexif().get(_ORIENTATION) in _TURNED:
        height, width = width, height
    # a `pad` may need fewer pixels than this along one side; more only costs time
    image.draft(decoding.mode, (2 * width, 2 * height))

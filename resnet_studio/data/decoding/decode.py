"""From one image, as a file or as an array, to an array of the size and the channels wanted."""

import warnings
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, cast

import numpy as np
from PIL import Image, ImageOps

from resnet_studio.data.decoding.image_error import FORMATS, MAX_PIXELS, MAX_WEBP_PIXELS, READERS_RAISE, bomb, told
from resnet_studio.data.images import Images

if TYPE_CHECKING:
    # processes that decode need no pydantic
    from resnet_studio.spec.data import Resize

_LARGE = 1 << 24
"""Pixels from which on an image is made smaller band by band before anything else is done to it."""
_BAND = 64
_ONE_LARGE = Lock()
"""A large image takes up to half a gigabyte while it is decoded: threads decode one of these at a time."""

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
_SIDEWAYS = frozenset(_UPRIGHT[orientation] for orientation in (5, 6, 7, 8))
_GREY = frozenset({"1", "L", "LA", "La", "I", "F"})

# what Pillow remarks on odd files reaches the user as findings, and the number of pixels is bounded below
warnings.filterwarnings("ignore", module=r"PIL\.")


@dataclass(frozen=True)
class Decoding:
    """How every image of a source is made equal in shape."""

    size: tuple[int, int]
    """Height and width."""
    channels: int
    """1 for grey (ITU-R 601-2 luma), 3 for RGB; transparent pixels are laid on white."""
    resize: "Resize"
    """`fill` covers the size and crops the middle, `pad` fits in and fills up with black, `stretch` distorts."""

    @property
    def mode(self) -> str:
        """Pillow's name of the channels."""
        return "L" if self.channels == 1 else "RGB"

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of every image, (H, W, C)."""
        return (*self.size, self.channels)

    def applied(self, image: Image.Image, turn: Image.Transpose | None = None) -> Images:
        """Return an image as uint8 (H, W, C), turned, then resized with the bilinear, antialiased filter."""
        height, width = self.size
        # of one channel there is one pair of extrema
        unit = image.mode == "F" and cast("float", image.getextrema()[1]) <= 1
        if _is_large(image):
            image = self._lessened(image, sideways=turn in _SIDEWAYS, unit=unit)
        else:
            image = _opaque(image, self.mode, unit=unit)
        if turn is not None:
            image = image.transpose(turn)
        if image.size != (width, height):
            if self.resize == "fill":
                image = ImageOps.fit(image, (width, height), Image.Resampling.BILINEAR)
            elif self.resize == "pad":
                image = ImageOps.pad(image, (width, height), Image.Resampling.BILINEAR)
            else:
                image = image.resize((width, height), Image.Resampling.BILINEAR)
        return np.asarray(image).reshape(height, width, self.channels)

    def _lessened(self, image: Image.Image, *, sideways: bool, unit: bool) -> Image.Image:
        """Return a large image in the mode wanted, reduced to no less than four times the size wanted.

        In bands, and before it is turned: the whole of it in several modes at once would take gigabytes.
        """
        width, height = self.size if sideways else self.size[::-1]
        factor = max(1, min(image.width // (4 * width), image.height // (4 * height)))
        small = Image.new(self.mode, (-(-image.width // factor), -(-image.height // factor)))
        for top in range(0, image.height, _BAND * factor):
            band = image.crop((0, top, image.width, min(image.height, top + _BAND * factor)))
            small.paste(_opaque(band, self.mode, unit=unit).reduce(factor), (0, top // factor))
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
    """Whether it can be seen through somewhere; many images could be, and are opaque all over."""
    turned: bool
    """Whether its EXIF data say that it has to be turned or mirrored."""
    animated: bool
    """Whether it has more than one frame, or page."""


def header(path: Path) -> tuple[int, int, int]:
    """Return height, width and channels (1 or 3) of the image in a file, upright, without decoding it.

    Raises:
        ImageError: the file can't be read as an image; it is named.
    """
    with told(path), Image.open(path, formats=FORMATS) as image:
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
    with told(path), Image.open(path, formats=FORMATS) as image:
        mode, deep, orientation, size = image.mode, _is_deep(image), _orientation(image), image.size
        _draft(image, decoding)
        most = MAX_WEBP_PIXELS if image.format == "WEBP" else MAX_PIXELS
        if image.width * image.height > most:
            raise bomb(path, most)
        with _ONE_LARGE if _is_large(image) else nullcontext():
            image.load()
            if image.format == "PNG":
                # its EXIF data may stand behind the pixels
                orientation = _orientation(image)
            transparent = _is_transparent(image)
            # a JPEG with a second picture inside, as some cameras write them, is a JPEG
            several = image.format != "MPO" and _has_more_frames(image)
            form = "JPEG" if image.format == "MPO" else str(image.format)
            # Pillow's reader of TIFF turns images itself
            turn = None if form == "TIFF" else _UPRIGHT.get(orientation)
            pixels = decoding.applied(image, turn)
    height, width = size if turn in _SIDEWAYS else size[::-1]
    return pixels, Kind(form, mode, (height, width), deep, transparent, orientation in _UPRIGHT, several)


def decoded_array(image: Images, decoding: Decoding) -> Images:
    """Return an image given as uint8 (H, W, C) in the size and the channels wanted."""
    pillow = Image.fromarray(image[:, :, 0] if image.shape[2] == 1 else np.ascontiguousarray(image))
    return decoding.applied(pillow)


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation; damaged EXIF data say nothing, and spoil no picture."""
    if image.format == "PNG" and not {"exif", "Raw profile type exif"} & image.info.keys():
        # Pillow would decode all of it to look for EXIF data behind the pixels
        return 1
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except READERS_RAISE:
        return 1


def _upright_size(image: Image.Image) -> tuple[int, int]:
    """Return height and width; Pillow's reader of TIFF tells them upright."""
    width, height = image.size
    return (width, height) if image.format != "TIFF" and _orientation(image) >= 5 else (height, width)


def _is_large(image: Image.Image) -> bool:
    return image.width * image.height > _LARGE


def _is_transparent(image: Image.Image) -> bool:
    """Whether a loaded image can be seen through somewhere."""
    if not image.has_transparency_data:
        return False
    if "A" not in image.getbands():
        # one of its colours stands for nothing; to know whether it occurs is not worth another copy of a large one
        if _is_large(image):
            return True
        image = image.convert("RGBA")
    return cast("int", image.getchannel("A").getextrema()[0]) < 255


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
    except READERS_RAISE:
        # a second frame that is damaged
        return True


def _opaque(image: Image.Image, mode: str, *, unit: bool) -> Image.Image:
    """Return the image in the mode wanted, laid on white where it is transparent.

    Args:
        image: in any mode.
        mode: wanted.
        unit: whether its values are on a scale from 0 to 1, as images of real numbers mostly are.
    """
    if image.mode == mode and not image.has_transparency_data:
        return image
    if unit:
        image = image.point(lambda value: value * 255 + 0)
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

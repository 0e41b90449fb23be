"""One image becomes what was asked for, or a sentence."""

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision.transforms.v2 import functional

from resnet_studio.data.decoding import decode
from resnet_studio.data.decoding.decode import Decoding, decoded_array, decoded_file, decoded_with_kind, header
from resnet_studio.data.decoding.image_error import ImageError
from resnet_studio.data.images import Images
from resnet_studio.spec.data import Resize

RGB = Decoding((8, 8), 3, "fill")


def smooth(height: int, width: int) -> Images:
    """A picture as photographs are: no noise from pixel to pixel."""
    y, x = np.mgrid[:height, :width]
    waves = [np.sin(x / 23 + phase) + np.cos(y / 17 + phase) for phase in (0, 1, 2)]
    picture: Images = np.clip(np.stack(waves, axis=2) * 60 + 127, 0, 255).astype(np.uint8)
    return picture


@pytest.mark.parametrize("resize", ["fill", "pad", "stretch"])
@pytest.mark.parametrize(("shape", "size"), [((40, 60), (16, 16)), ((30, 10), (24, 32)), ((9, 9), (9, 9))])
def test_every_way_of_resizing_gives_the_size(resize: Resize, shape: tuple[int, int], size: tuple[int, int]) -> None:
    image = decoded_array(smooth(*shape), Decoding(size, 3, resize))
    assert image.shape == (*size, 3)
    assert image.dtype == np.uint8


def test_fill_crops_the_middle_pad_adds_black_and_stretch_keeps_all() -> None:
    image = np.zeros((4, 12, 1), np.uint8)
    image[:, 4:8], image[:, 8:] = 100, 200
    results = {way: decoded_array(image, Decoding((4, 4), 1, way))[:, :, 0] for way in ("fill", "pad", "stretch")}
    assert (results["fill"] == 100).all()
    assert (results["pad"][0] == 0).all()
    assert (results["pad"][3] == 0).all()
    assert results["stretch"][0, 0] < 20
    assert results["stretch"][0, 3] > 180


def test_resizing_is_torchvisions_to_one_grey_value() -> None:
    image = np.random.default_rng(0).integers(0, 256, (50, 70, 3), dtype=np.uint8)
    ours = decoded_array(image, Decoding((20, 30), 3, "stretch"))
    tensor = torch.from_numpy(image).permute(2, 0, 1)
    theirs = functional.resize(tensor, [20, 30], antialias=True).permute(1, 2, 0).numpy()
    assert np.abs(ours.astype(int) - theirs).max() <= 1


def test_the_quick_way_through_a_large_jpeg_is_not_seen(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    Image.fromarray(smooth(800, 1000)).save(path, quality=95)
    quick = decoded_file(path, Decoding((96, 96), 3, "fill"))
    with Image.open(path) as image:
        whole = decoded_array(np.asarray(image), Decoding((96, 96), 3, "fill"))
    difference = np.abs(quick.astype(int) - whole)
    assert difference.mean() < 0.6
    assert difference.max() <= 4


def test_colours_become_grey_by_luma_and_grey_becomes_rgb() -> None:
    colours = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [10, 10, 10]]], np.uint8)
    assert decoded_array(colours, Decoding((1, 4), 1, "fill")).ravel().tolist() == [76, 150, 29, 10]
    grey = np.array([[[7], [9]]], np.uint8)
    assert decoded_array(grey, Decoding((1, 2), 3, "fill")).tolist() == [[[7, 7, 7], [9, 9, 9]]]


def test_what_is_transparent_lies_on_white(tmp_path: Path) -> None:
    image = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    image.save(tmp_path / "clear.png")
    palette = Image.new("P", (8, 8), 0)
    palette.putpalette([0, 0, 0, 10, 20, 30])
    palette.save(tmp_path / "palette.png", transparency=0)
    for name in ("clear.png", "palette.png"):
        assert (decoded_file(tmp_path / name, RGB) == 255).all()


def test_other_kinds_of_files_are_converted(tmp_path: Path) -> None:
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "cmyk.jpg")
    Image.fromarray(np.full((8, 8), 40_000, np.uint16)).save(tmp_path / "deep.png")
    Image.new("1", (8, 8), 1).save(tmp_path / "bits.bmp")
    Image.new("RGB", (8, 8), (1, 2, 3)).save(tmp_path / "one.webp", lossless=True)
    Image.new("RGB", (8, 8), (1, 2, 3)).save(tmp_path / "one.tif")
    first, second = Image.new("RGB", (8, 8), "lime"), Image.new("RGB", (8, 8), "blue")
    first.save(tmp_path / "two.gif", save_all=True, append_images=[second])
    values = {path.name: decoded_file(path, RGB)[4, 4].tolist() for path in tmp_path.iterdir()}
    red, green, blue = values.pop("cmyk.jpg")
    assert red > 240
    assert max(green, blue) < 15
    assert values == {
        "deep.png": [156, 156, 156],
        "bits.bmp": [255, 255, 255],
        "one.webp": [1, 2, 3],
        "one.tif": [1, 2, 3],
        "two.gif": [0, 255, 0],
    }


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_photographs_stand_upright(tmp_path: Path, orientation: int) -> None:
    upright = np.zeros((40, 80, 3), np.uint8)
    upright[:20] = 255
    # how a camera that is held that way stores the scene
    turns = {1: 0, 3: 2, 6: 1, 8: 3}[orientation]
    stored = Image.fromarray(np.ascontiguousarray(np.rot90(upright, turns)))
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "photo.jpg"
    stored.save(path, exif=exif, quality=95)
    assert header(path) == (40, 80, 3)
    seen = decoded_file(path, Decoding((10, 20), 3, "fill"))
    assert seen[:4].min() > 240
    assert seen[6:].max() < 15


@pytest.mark.parametrize(("mode", "channels"), [("L", 1), ("RGB", 3), ("P", 3), ("1", 1), ("LA", 1)])
def test_a_header_tells_size_and_colour(tmp_path: Path, mode: str, channels: int) -> None:
    Image.new(mode, (5, 7)).save(tmp_path / "one.png")
    assert header(tmp_path / "one.png") == (7, 5, channels)


def bomb() -> bytes:
    """A PNG of a few bytes whose header promises 400 million pixels."""
    return png(20_000, 20_000, 8, b"")


def png(width: int, height: int, bits: int, rows: bytes) -> bytes:
    """A PNG in colour, or in black and white where a pixel has one bit."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    size = struct.pack(">IIBBBBB", width, height, bits, 0 if bits == 1 else 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    whole = tmp_path / "whole.jpg"
    Image.fromarray(smooth(100, 100)).save(whole)
    contents = {
        "half.jpg": (whole.read_bytes()[:1000], "can't be read as an image .*truncated", "truncated"),
        "head.jpg": (whole.read_bytes()[:10], "can't be read as an image .Truncated", "truncated"),
        "head.png": (b"\x89PNG\r\n\x1a\nabc", "can't be read as an image .its header is damaged", "damaged"),
        "text.jpg": (b"no picture", "is no image that can be read .JPEG, PNG", "not_image"),
        "empty.png": (b"", "is empty and is no image that can be read", "not_image"),
        "bomb.png": (bomb(), "claims to have an absurd number of pixels, more than 89 million", "bomb"),
        "drawing.jpg": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is no image", "not_image"),
    }
    for name, (content, sentence, problem) in contents.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ImageError, match=sentence) as caught:
            decoded_file(tmp_path / name, RGB)
        assert str(caught.value).startswith(f"{tmp_path / name} {caught.value.reason}; ")
        assert caught.value.problem == problem
    with pytest.raises(ImageError, match=r"gone\.png can't be read .No such file.*; check the disk") as caught:
        decoded_file(tmp_path / "gone.png", RGB)
    assert caught.value.problem == "unreadable"


@pytest.mark.parametrize(
    ("mode", "save", "kind"),
    [
        ("RGB", {"format": "PNG"}, ("PNG", "RGB", False, False, False)),
        ("CMYK", {"format": "JPEG"}, ("JPEG", "CMYK", False, False, False)),
        ("I;16", {"format": "PNG"}, ("PNG", "I;16", True, False, False)),
        ("P", {"format": "PNG", "transparency": 0}, ("PNG", "P", False, True, False)),
        ("RGBA", {"format": "WEBP"}, ("WEBP", "RGBA", False, True, False)),
        ("L", {"format": "GIF", "save_all": True}, ("GIF", "P", False, False, True)),
        ("L", {"format": "TIFF", "save_all": True}, ("TIFF", "L", False, False, True)),
        ("L", {"format": "GIF"}, ("GIF", "P", False, False, False)),
    ],
)
def test_what_an_image_was_like_is_told(tmp_path: Path, mode: str, save: dict[str, Any], kind: tuple[Any, ...]) -> None:
    image = Image.new(mode, (9, 7))
    image.putpixel((1, 1), 9 if len(image.getbands()) == 1 else (9,) * len(image.getbands()))
    frames = [Image.new("L", (9, 7), 200)] if "save_all" in save else []
    # whatever its name says
    image.save(tmp_path / "image.jpg", append_images=frames, **save)
    pixels, found = decoded_with_kind(tmp_path / "image.jpg", RGB)
    assert pixels.shape == (8, 8, 3)
    assert (found.format, found.mode, found.deep, found.transparent, found.animated) == kind
    assert (found.size, found.turned) == ((7, 9), False)


def test_sixteen_bits_a_channel_in_colour_are_told(tmp_path: Path) -> None:
    path = tmp_path / "deep.png"
    path.write_bytes(png(4, 4, 16, bytes((4 * 6 + 1) * 4)))
    assert decoded_with_kind(path, RGB)[1].deep


def test_a_second_picture_inside_a_jpeg_is_no_second_frame(tmp_path: Path) -> None:
    path = tmp_path / "camera.jpg"
    Image.new("RGB", (8, 8)).save(path, format="MPO", save_all=True, append_images=[Image.new("RGB", (8, 8))])
    kind = decoded_with_kind(path, RGB)[1]
    assert (kind.format, kind.animated) == ("JPEG", False)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_large_png_is_refused_where_a_large_jpeg_is_halved_on_the_way(tmp_path: Path) -> None:
    (tmp_path / "large.png").write_bytes(png(12_000, 8000, 1, b""))
    with pytest.raises(ImageError, match="absurd number of pixels"):
        decoded_file(tmp_path / "large.png", RGB)
    Image.new("L", (12_000, 8000), 77).save(tmp_path / "large.jpg")
    assert (decoded_file(tmp_path / "large.jpg", RGB) == 77).all()


def test_a_large_image_made_smaller_in_bands_is_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    picture = smooth(720, 960)
    clear = np.dstack([picture, np.where(np.arange(960) < 480, 0, 255).astype(np.uint8)[np.newaxis].repeat(720, 0)])
    Image.fromarray(clear).save(tmp_path / "one.png")
    whole = decoded_file(tmp_path / "one.png", Decoding((40, 40), 3, "fill"))
    monkeypatch.setattr(decode, "_LARGE", 1000)
    banded = decoded_file(tmp_path / "one.png", Decoding((40, 40), 3, "fill"))
    assert (banded[:, :19] == 255).all()
    difference = np.abs(banded.astype(int) - whole)
    assert difference.mean() < 0.6
    assert difference.max() <= 6


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_damaged_exif_data_spoil_no_picture(tmp_path: Path) -> None:
    broken = b"\xff\xff\x12\x01"
    words_for_a_number = b"\x01\0\x12\x01\x02\0\x04\0\0\0abcd"
    for content in (broken, words_for_a_number):
        path = tmp_path / "photo.jpg"
        Image.new("L", (8, 8), 50).save(path, exif=b"Exif\0\0II*\0\x08\0\0\0" + content)
        assert (decoded_file(path, RGB) == 50).all()
        assert header(path) == (8, 8, 1)

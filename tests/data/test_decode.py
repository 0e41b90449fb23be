"""One image becomes what was asked for, or a sentence."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision.transforms.v2 import functional

from resnet_studio.data.decode import CHUNK, Decoding, decoded_array, decoded_file, decoded_in_order, header
from resnet_studio.data.images import Images
from resnet_studio.spec.data import Resize
from resnet_studio.spec.errors import StudioError

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

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    size = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    whole = tmp_path / "whole.jpg"
    Image.fromarray(smooth(100, 100)).save(whole)
    contents = {
        "half.jpg": (whole.read_bytes()[: whole.stat().st_size // 2], "can't be read as an image .*truncated"),
        "text.jpg": (b"no picture", "is no image that can be read .JPEG, PNG"),
        "empty.png": (b"", "is no image that can be read"),
        "bomb.png": (bomb(), "claims to have an absurd number of pixels"),
        "drawing.jpg": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is no image that can be read"),
    }
    for name, (content, sentence) in contents.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(StudioError, match=sentence) as caught:
            decoded_file(tmp_path / name, RGB)
        assert str(tmp_path / name) in str(caught.value)
    with pytest.raises(StudioError, match=r"gone\.png can't be read as an image .No such file"):
        decoded_file(tmp_path / "gone.png", RGB)


def test_threads_keep_the_order() -> None:
    count = 3 * CHUNK + 5

    def one(number: int) -> Images:
        return np.full((1, 1, 1), number % 256, np.uint8)

    chunks = list(decoded_in_order(one, count))
    assert [len(chunk) for chunk in chunks] == [CHUNK, CHUNK, CHUNK, 5]
    assert np.concatenate(chunks).ravel().tolist() == [number % 256 for number in range(count)]
    assert list(decoded_in_order(one, 0)) == []


def test_a_closed_decoder_stops_its_threads() -> None:
    started: list[int] = []

    def one(number: int) -> Images:
        started.append(number)
        return np.zeros((1, 1, 1), np.uint8)

    chunks = decoded_in_order(one, 1000 * CHUNK)
    next(chunks)
    chunks.close()
    assert len(started) <= 3 * 16 * CHUNK


def test_an_error_in_a_thread_reaches_the_caller() -> None:
    def one(number: int) -> Images:
        if number == 2 * CHUNK:
            raise StudioError("number 64")
        return np.zeros((1, 1, 1), np.uint8)

    with pytest.raises(StudioError, match="number 64"):
        list(decoded_in_order(one, 10 * CHUNK))

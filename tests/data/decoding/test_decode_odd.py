"""Files of every format as they come out of cameras, scanners, presses and broken disks."""

import io
import struct
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from resnet_studio.data.decoding import decode
from resnet_studio.data.decoding.decode import Decoding, decoded_file, decoded_with_kind, header
from resnet_studio.data.decoding.image_error import ImageError
from resnet_studio.data.images import Images

ORIENTATION = 0x0112
SAVINGS: dict[str, dict[str, Any]] = {
    "jpg": {"quality": 100, "subsampling": 0},
    "png": {},
    "webp": {"lossless": True},
    "tif": {},
    "tiff": {"compression": "tiff_lzw"},
}
"""How a scene is saved in each format that may carry EXIF data."""


def scene(height: int = 20, width: int = 30) -> Image.Image:
    """Four corners of different colours."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = (250, 0, 0)
    pixels[: height // 2, width // 2 :] = (0, 250, 0)
    pixels[height // 2 :, : width // 2] = (0, 0, 250)
    return Image.fromarray(pixels)


def exif(orientation: int) -> Image.Exif:
    data = Image.Exif()
    data[ORIENTATION] = orientation
    return data


def upright(image: Image.Image, orientation: int) -> Images:
    """The image as Pillow turns it, whose own tests look at camera files."""
    image = image.copy()
    image.getexif()[ORIENTATION] = orientation
    return np.asarray(ImageOps.exif_transpose(image))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("ending", SAVINGS)
def test_every_format_is_turned_upright_in_every_way(tmp_path: Path, ending: str, orientation: int) -> None:
    path = tmp_path / f"photo.{ending}"
    scene().save(path, exif=exif(orientation), **SAVINGS[ending])
    expected = upright(scene(), orientation)
    size = expected.shape[:2]
    pixels, kind = decoded_with_kind(path, Decoding((size[0], size[1]), 3, "stretch"))
    assert header(path) == (*size, 3)
    assert (kind.size, kind.turned) == (size, orientation > 1)
    assert np.abs(pixels.astype(int) - expected).max() <= (12 if ending == "jpg" else 0)


def test_exif_data_behind_the_pixels_of_a_png_count(tmp_path: Path) -> None:
    packed = io.BytesIO()
    scene().save(packed, "PNG")
    content, told = packed.getvalue(), exif(6).tobytes().removeprefix(b"Exif\0\0")
    chunk = struct.pack(">I", len(told)) + b"eXIf" + told + struct.pack(">I", zlib.crc32(b"eXIf" + told))
    path = tmp_path / "tool.png"
    path.write_bytes(content[:-12] + chunk + content[-12:])
    pixels, kind = decoded_with_kind(path, Decoding((30, 20), 3, "stretch"))
    assert (kind.size, kind.turned) == ((30, 20), True)
    assert np.array_equal(pixels, upright(scene(), 6))


@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_a_large_image_is_made_smaller_before_it_is_turned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, orientation: int
) -> None:
    scene(600, 900).save(tmp_path / "photo.png", exif=exif(orientation))
    way = Decoding((24, 40), 3, "pad")
    whole = decoded_file(tmp_path / "photo.png", way)
    monkeypatch.setattr(decode, "_LARGE", 1000)
    assert np.abs(decoded_file(tmp_path / "photo.png", way).astype(int) - whole).max() <= 2


# Pillow's remarks on damage, which the studio tells in its own words
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tif", "tiff", "gif", "bmp"])
@pytest.mark.parametrize("share", [0.0, 0.001, 0.02, 0.5, 0.95])
def test_what_is_cut_short_is_no_image_any_more(tmp_path: Path, ending: str, share: float) -> None:
    path = tmp_path / f"photo.{ending}"
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path, **SAVINGS.get(ending, {}))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ImageError) as caught:
        decoded_file(path, Decoding((8, 8), 3, "fill"))
    if share == 0:
        assert caught.value.problem == "not_image"
    elif share >= 0.5 and ending in {"jpg", "png", "gif", "bmp"}:
        assert caught.value.problem == "truncated"


def packed(ending: str) -> bytes:
    content = io.BytesIO()
    form = {"jpg": "JPEG", "tif": "TIFF", "tiff": "TIFF"}.get(ending, ending.upper())
    scene().save(content, form, exif=exif(6), **SAVINGS.get(ending, {}))
    return content.getvalue()


WHOLE = {ending: packed(ending) for ending in (*SAVINGS, "gif", "bmp")}


@pytest.mark.filterwarnings("ignore::UserWarning:PIL", "ignore::ResourceWarning:PIL")
@given(
    st.sampled_from(sorted(WHOLE)), st.lists(st.tuples(st.integers(0), st.binary(min_size=1, max_size=4)), max_size=5)
)
def test_no_damage_is_more_than_an_image_error(
    tmp_path_factory: pytest.TempPathFactory, ending: str, damages: list[tuple[int, bytes]]
) -> None:
    content = bytearray(WHOLE[ending])
    for place, damage in damages:
        start = place % len(content)
        content[start : start + len(damage)] = damage
    path = tmp_path_factory.mktemp("damaged") / f"photo.{ending}"
    path.write_bytes(content)
    # anything else that is raised fails the test
    with suppress(ImageError):
        assert decoded_file(path, Decoding((8, 8), 3, "fill")).shape == (8, 8, 3)


def test_threads_decode_one_large_image_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene().save(tmp_path / "photo.png")
    held: list[bool] = []

    def looked(_: Image.Image) -> bool:
        held.append(decode._ONE_LARGE.locked())
        return False

    monkeypatch.setattr(decode, "_is_transparent", looked)
    decoded_file(tmp_path / "photo.png", Decoding((8, 8), 3, "fill"))
    monkeypatch.setattr(decode, "_LARGE", 100)
    decoded_file(tmp_path / "photo.png", Decoding((8, 8), 3, "fill"))
    assert held == [False, True]
    assert not decode._ONE_LARGE.locked()


@pytest.mark.parametrize("ending", ["png", "gif", "webp"])
def test_the_first_frame_of_an_animation_is_used(tmp_path: Path, ending: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime", "blue")]
    path = tmp_path / f"moving.{ending}"
    options: dict[str, Any] = {"lossless": True} if ending == "webp" else {}
    frames[0].save(path, save_all=True, append_images=frames[1:], **options)
    pixels, kind = decoded_with_kind(path, Decoding((8, 8), 3, "fill"))
    assert kind.animated
    assert (pixels == (255, 0, 0)).all()


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_colour_that_stands_for_nothing_lies_on_white(tmp_path: Path, mode: str) -> None:
    key: Any = (10, 20, 30) if mode == "RGB" else 10
    Image.new(mode, (8, 8), key).save(tmp_path / "keyed.png", transparency=key)
    for channels in (1, 3):
        pixels, kind = decoded_with_kind(tmp_path / "keyed.png", Decoding((8, 8), channels, "fill"))
        assert (pixels == 255).all()
        assert kind.transparent


@pytest.mark.parametrize(("mode", "colour"), [("RGBA", (9, 8, 7, 255)), ("LA", (9, 255)), ("P", 1)])
def test_what_could_be_seen_through_and_is_opaque_is_not_told(tmp_path: Path, mode: str, colour: Any) -> None:
    image = Image.new(mode, (8, 8), colour)
    if mode == "P":
        image.putpalette([0, 0, 0, 9, 8, 7])
        image.save(tmp_path / "opaque.png", transparency=0)
    else:
        image.save(tmp_path / "opaque.png")
    pixels, kind = decoded_with_kind(tmp_path / "opaque.png", Decoding((8, 8), 3, "fill"))
    assert not kind.transparent
    assert pixels[0, 0].tolist() == ([9, 9, 9] if mode == "LA" else [9, 8, 7])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.full((8, 8), 0.5, np.float32), 127),
        (np.full((8, 8), 127.5, np.float32), 127),
        (np.full((8, 8), 300, np.int32), 1),
        (np.full((8, 8), 40_000, np.uint16), 156),
    ],
)
def test_a_tiff_of_many_bits_becomes_bytes(tmp_path: Path, values: Any, expected: int) -> None:
    Image.fromarray(values).save(tmp_path / "deep.tif")
    pixels, kind = decoded_with_kind(tmp_path / "deep.tif", Decoding((8, 8), 1, "fill"))
    assert kind.deep
    assert (pixels == expected).all()


def test_the_colours_of_a_press_are_those_of_a_screen(tmp_path: Path) -> None:
    # Pillow writes them inverted and marks that, as Adobe's programs do
    scene(64, 96).convert("CMYK").save(tmp_path / "press.jpg", quality=95)
    assert b"Adobe" in (tmp_path / "press.jpg").read_bytes()[:200]
    pixels, kind = decoded_with_kind(tmp_path / "press.jpg", Decoding((64, 96), 3, "fill"))
    assert kind.mode == "CMYK"
    assert np.abs(pixels.astype(int) - np.asarray(scene(64, 96))).mean() < 3


def test_a_webp_of_more_pixels_than_its_reader_can_hold_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene().save(tmp_path / "one.webp")
    scene().save(tmp_path / "one.png")
    monkeypatch.setattr(decode, "MAX_WEBP_PIXELS", 500)
    with pytest.raises(ImageError) as caught:
        decoded_file(tmp_path / "one.webp", Decoding((8, 8), 3, "fill"))
    assert caught.value.problem == "bomb"
    decoded_file(tmp_path / "one.png", Decoding((8, 8), 3, "fill"))

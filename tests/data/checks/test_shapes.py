"""Heights and widths say what becomes of images in the size wanted."""

import pytest

from resnet_studio.data.checks.finding import DataFinding
from resnet_studio.data.checks.shapes import PADDING, Wanted, shape_findings
from resnet_studio.spec.data import Resize
from resnet_studio.spec.experiment import ExperimentSpec, with_values

Size = tuple[int, int]


def found(sizes: list[Size], wanted: Wanted) -> dict[str, DataFinding]:
    """The findings on images of some heights and widths, named by their numbers."""
    high, wide = zip(*sizes, strict=True)
    names = [str(number) for number in range(len(sizes))]
    return {finding.kind: finding for finding in shape_findings(high, wide, names, wanted)}


def test_tiny_ones_are_told_by_what_is_usual() -> None:
    usual = [(400, 300)] * 3
    finding = found([*usual, (300, 37), (300, 36), (0, 0)], Wanted("pad"))["tiny"]
    assert (finding.severity, finding.files) == ("warning", ("4",))
    assert finding.message == "1 image is tiny: less than 37 pixels high or wide, where half of all have 300 and more."
    # few pixels are few, whatever is usual
    assert found([(9, 9), (9, 9), (7, 9)], Wanted("pad"))["tiny"].files == ("2",)
    # where all are small, it is what was wanted
    assert found([(6, 6)] * 9, Wanted("pad")) == {}


@pytest.mark.parametrize(
    ("sizes", "size", "long"),
    [
        # exactly twice as long is not longer; lying and standing ones count
        ([(100, 200), (100, 201), (201, 100)], (64, 64), ("1", "2")),
        ([(100, 200), (100, 201)], None, ("1",)),
        # measured by the shape wanted
        ([(100, 200), (100, 401), (100, 99)], (64, 128), ("1", "2")),
        # all alike, and nothing else wanted: nothing is dropped
        ([(100, 900)] * 3, None, ()),
        ([(100, 900)] * 3, (32, 32), ("0", "1", "2")),
    ],
)
def test_long_images_are_told_where_a_crop_drops_half(
    sizes: list[Size], size: Size | None, long: tuple[str, ...]
) -> None:
    finding = found(sizes, Wanted("fill", size)).get("elongated")
    assert (finding.files if finding else ()) == long
    assert "elongated" not in found(sizes, Wanted("pad", size))


@pytest.mark.parametrize(
    ("resize", "size", "message"),
    [
        ("fill", (64, 64), "2 images are longer than 2:1; crop to fill drops more than half of each."),
        ("stretch", (64, 64), "2 images are longer than 2:1; stretching distorts each as much."),
        (
            "fill",
            (64, 96),
            "2 images are more than 2 times as long as 64x96 is; crop to fill drops more than half of each.",
        ),
    ],
)
def test_long_images_can_be_padded(resize: Resize, size: Size, message: str) -> None:
    finding = found([(100, 400), (400, 100)], Wanted(resize, size))["elongated"]
    assert (finding.severity, finding.message, finding.remedies) == ("warning", message, (PADDING,))
    experiment = with_values(ExperimentSpec.model_validate({"network": {}}), dict(PADDING.changes))
    assert experiment.data.resize == "pad"


@pytest.mark.parametrize(
    ("resize", "small"), [("fill", ("0", "1", "2")), ("stretch", ("0", "1", "2")), ("pad", ("0",))]
)
def test_images_that_are_enlarged_are_told(resize: Resize, small: tuple[str, ...]) -> None:
    finding = found([(63, 63), (63, 100), (100, 63), (64, 64)], Wanted(resize, (64, 64)))["enlarged"]
    assert (finding.severity, finding.action, finding.files) == ("info", "convert", small)
    assert "smaller than the 64x64 wanted" in finding.message


def test_a_size_that_is_left_open_is_that_of_the_images_or_else_the_default() -> None:
    assert found([(20, 20)] * 2, Wanted("fill", None, (64, 64))) == {}
    assert found([(20, 20), (80, 80)], Wanted("fill", None, (64, 64)))["enlarged"].files == ("0",)
    assert found([(20, 20)], Wanted("fill", (32, 32), (8, 8)))["enlarged"].files == ("0",)


def test_what_cannot_be_used_has_no_shape() -> None:
    assert found([(0, 0)], Wanted("fill", (64, 64))) == {}

"""The arithmetic of single layers, by hand."""

import pytest

from resnet_studio.analysis.layers import (
    NoRoom,
    Signal,
    View,
    activation,
    conv,
    elements,
    linear,
    norm,
    out_side,
    pool,
    text,
)


def signal(*shape: int) -> Signal:
    return Signal(shape, View())


def test_a_convolution() -> None:
    # AlexNet's width, so that no number equals another by chance
    row, after = conv("conv1", signal(6, 27, 31), 10, 5, 2, 2, bias=False)
    assert after.shape == row.output_shape == (10, 14, 16)
    assert row.params == 10 * 3 * 5 * 5
    assert row.mult_adds == row.params * 14 * 16
    assert (row.extra_mult_adds, row.activations, row.groups) == (0, 10 * 14 * 16, 2)


def test_a_bias_adds_a_parameter_a_channel_and_no_multiply_add_of_the_literature() -> None:
    bare, _ = conv("conv1", signal(3, 8, 8), 4, 3, bias=False)
    row, _ = conv("conv1", signal(3, 8, 8), 4, 3, bias=True)
    assert (row.params - bare.params, row.mult_adds - bare.mult_adds) == (4, 0)
    # torchinfo counts one for each position
    assert row.extra_mult_adds == 4 * 8 * 8


@pytest.mark.parametrize(
    ("side", "kernel_size", "stride", "padding", "result"),
    [(224, 7, 2, 3, 112), (112, 3, 2, 1, 56), (7, 3, 2, 1, 4), (5, 2, 2, 0, 2), (1, 3, 1, 1, 1), (4, 2, 1, 1, 5)],
)
def test_output_sides(side: int, kernel_size: int, stride: int, padding: int, result: int) -> None:
    assert out_side(side, kernel_size, stride, padding) == result


def test_a_pool_has_no_parameters() -> None:
    row, after = pool("maxpool", signal(64, 112, 112), 3, 2, 1)
    assert after.shape == (64, 56, 56)
    assert (row.params, row.mult_adds, row.activations) == (0, 0, 64 * 56 * 56)


def test_a_pool_that_finds_no_place_says_so() -> None:
    with pytest.raises(NoRoom, match="a 2x2 pool finds no place in 8x1x1"):
        pool("maxpool", signal(8, 1, 1), 2, 2, 0)


def test_a_norm_has_a_scale_and_a_shift_a_channel() -> None:
    (row,) = norm("bn1", signal(5, 4, 3), "batch")
    assert (row.params, row.mult_adds, row.extra_mult_adds, row.activations) == (10, 0, 10, 60)
    assert norm("bn1", signal(5, 4, 3), "none") == []


@pytest.mark.parametrize(("kind", "kept"), [("relu", 0), ("leaky_relu", 0), ("gelu", 60), ("silu", 60)])
def test_rectifiers_work_in_place_and_smooth_nonlinearities_do_not(kind: str, kept: int) -> None:
    assert activation("act1", signal(5, 4, 3), kind).activations == kept  # type: ignore[arg-type]  # a text to mypy


def test_a_dense_layer() -> None:
    row = linear("fc", 512, 10)
    assert (row.params, row.mult_adds, row.activations) == (5130, 5120, 10)
    assert (row.input_shape, row.output_shape) == ((512,), (10,))


def test_the_view_grows_by_the_jump() -> None:
    # the first layers of ResNet-18: 7x7 stride 2, pool 3x3 stride 2, 3x3
    view = View().through(7, 2)
    assert view == View(7, 2)
    assert view.through(3, 2) == View(11, 4)
    assert view.through(3, 2).through(3, 1) == View(19, 4)


def test_shapes_in_words() -> None:
    assert text((512, 28, 28)) == "512x28x28"
    assert elements((512, 28, 28)) == 401_408

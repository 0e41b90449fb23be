"""One layer: its row in the table, and the closed-form arithmetic of each kind."""

from dataclasses import dataclass, replace
from typing import Literal

from resnet_studio.spec.network import Activation, Norm

Shape = tuple[int, ...]
Branch = Literal["main", "shortcut"]
Kind = Literal[
    "conv", "norm", "activation", "pool", "dropout", "drop_path", "zero_pad", "flatten", "linear"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layer:
    """What one module of the network does to one image, and what it costs.

    Shapes are (C, H, W), or (N,) behind the flatten. `mult_adds` counts convolutions and dense layers, one
    multiply-add each, as the literature does; `extra_mult_adds` is what torchinfo adds to that for norm parameters
    and biases. `activations` is the number of elements kept for the backward pass: outputs of convolutions, norms,
    pools and dense layers; rectifiers work in place and keep none of their own.
    """

    path: str
    kind: Kind
    input_shape: Shape
    output_shape: Shape
    params: int = 0
    mult_adds: int = 0
    extra_mult_adds: int = 0
    activations: int = 0
    kernel_size: int | None = None
    stride: int | None = None
    groups: int | None = None
    receptive_field: int | None = None
    branch: Branch = "main"


@dataclass(frozen=True, slots=True)
class View:
    """What one position of a feature map sees of the input: `size` pixels, `jump` pixels to its neighbour.

    Araujo, Norris and Sim 2019, Computing Receptive Fields of Convolutional Neural Networks.
    """

    size: int = 1
    jump: int = 1

    def through(self, kernel_size: int, stride: int) -> "View":
        """Return the view behind a convolution or a pool."""
        return View(self.size + (kernel_size - 1) * self.jump, self.jump * stride)


@dataclass(frozen=True, slots=True)
class Signal:
    """What flows between two layers: its shape (C, H, W) and its view of the input."""

    shape: Shape
    view: View


class NoRoom(Exception):
    """A kernel finds no place in its input; the text says so in shapes."""


def out_side(side: int, kernel_size: int, stride: int, padding: int) -> int:
    """Return the output height or width of a convolution or pool (0 or less: the kernel finds no place)."""
    return (side + 2 * padding - kernel_size) // stride + 1


def elements(shape: Shape) -> int:
    """Return the number of elements of a shape."""
    count = 1
    for side in shape:
        count *= side
    return count


def conv(
    path: str, signal: Signal, channels: int, kernel_size: int, stride: int = 1, groups: int = 1, *, bias: bool
) -> tuple[Layer, Signal]:
    """Return the row of a convolution with padding of half its kernel, and what comes out of it.

    Parameters: channels x (C / groups) x kernel_size^2, and channels for a bias; multiply-adds: the weights times the
    output's height and width.

    Raises:
        NoRoom: the kernel doesn't fit into the padded input.
    """
    before, high, wide = signal.shape
    high, wide = (out_side(side, kernel_size, stride, kernel_size // 2) for side in (high, wide))
    if min(high, wide) < 1:
        raise NoRoom(f"a {kernel_size}x{kernel_size} kernel finds no place in {text(signal.shape)}")
    weights = channels * (before // groups) * kernel_size**2
    shape, view = (channels, high, wide), signal.view.through(kernel_size, stride)
    layer = Layer(
        path,
        "conv",
        signal.shape,
        shape,
        params=weights + (channels if bias else 0),
        mult_adds=weights * high * wide,
        extra_mult_adds=channels * high * wide if bias else 0,
        activations=elements(shape),
        kernel_size=kernel_size,
        stride=stride,
        groups=groups,
        receptive_field=view.size,
    )
    return layer, Signal(shape, view)


def norm(path: str, signal: Signal, kind: Norm) -> list[Layer]:
    """Return the row of a normalisation: a scale and a shift for each channel; no row for `none`."""
    if kind == "none":
        return []
    layer = unchanged(path, "norm", signal)
    params = 2 * signal.shape[0]
    return [replace(layer, params=params, extra_mult_adds=params, activations=elements(signal.shape))]


def activation(path: str, signal: Signal, kind: Activation) -> Layer:
    """Return the row of a nonlinearity; the smooth ones keep their input, so that their output is one more tensor."""
    in_place = kind in {"relu", "leaky_relu"}
    layer = unchanged(path, "activation", signal)
    return layer if in_place else replace(layer, activations=elements(signal.shape))


def pool(path: str, signal: Signal, kernel_size: int, stride: int, padding: int) -> tuple[Layer, Signal]:
    """Return the row of a max-pool, and what comes out of it.

    Raises:
        NoRoom: the window doesn't fit into the padded input.
    """
    channels, high, wide = signal.shape
    high, wide = (out_side(side, kernel_size, stride, padding) for side in (high, wide))
    if min(high, wide) < 1:
        raise NoRoom(f"a {kernel_size}x{kernel_size} pool finds no place in {text(signal.shape)}")
    shape, view = (channels, high, wide), signal.view.through(kernel_size, stride)
    layer = Layer(
        path,
        "pool",
        signal.shape,
        shape,
        activations=elements(shape),
        kernel_size=kernel_size,
        stride=stride,
        receptive_field=view.size,
    )
    return layer, Signal(shape, view)


def linear(path: str, features: int, outputs: int) -> Layer:
    """Return the row of a dense layer with bias."""
    weights = features * outputs
    return Layer(
        path,
        "linear",
        (features,),
        (outputs,),
        params=weights + outputs,
        mult_adds=weights,
        extra_mult_adds=outputs,
        activations=outputs,
    )


def unchanged(path: str, kind: Kind, signal: Signal) -> Layer:
    """Return the row of a layer without parameters whose output has its input's shape."""
    return Layer(path, kind, signal.shape, signal.shape, receptive_field=signal.view.size)


def text(shape: Shape) -> str:
    """Return a shape in words: 512x28x28."""
    return "x".join(map(str, shape))

"""Why a layer has its number of parameters, multiply-adds and kept activations."""

from resnet_studio.analysis.formula_place import Place
from resnet_studio.analysis.formula_shapes import (
    WIDTH_SOURCE,
    entering_line,
    output_channel_lines,
    shape_steps,
    view_steps,
    width_line,
)
from resnet_studio.analysis.formula_words import Quantity, Steps, Terms, count, dims, factors, nothing
from resnet_studio.analysis.layers import Layer, elements
from resnet_studio.spec.network import NetworkSpec

COUNT_SOURCE = (
    "He et al. 2015 count multiply-adds: one for each weight at each output position, without norms, activations "
    "and biases"
)
KEPT_SOURCE = (
    "outputs that the backward pass needs: those of convolutions, norms, smooth activations, pools and dense layers"
)
_IN_PLACE = {"relu": "A ReLU", "leaky_relu": "A leaky ReLU"}
_WEIGHTLESS = {
    "activation": "An activation is a fixed function: it has nothing to learn.",
    "pool": "A pool takes the largest number or the mean: it has nothing to learn.",
    "flatten": "Flatten lays the same numbers in one row: it has nothing to learn.",
    "dropout": "Dropout drops numbers at random while training: it has nothing to learn.",
    "drop_path": "Drop path skips the main path at random while training: it has nothing to learn.",
    "zero_pad": "Zero padding adds channels of zeros: unlike a projection it has nothing to learn.",
}
_NOT_COUNTED = {
    "norm": "Norms are not counted: their work is small beside the convolutions'.",
    "activation": "Activations are not counted: they multiply by no weights.",
    "pool": "Pools are not counted: they multiply by no weights.",
    "flatten": "Flatten computes nothing.",
    "dropout": "Dropout is not counted: it multiplies by no weights, and does nothing once trained.",
    "drop_path": "Drop path is not counted: it multiplies by no weights, and does nothing once trained.",
    "zero_pad": "Zero padding computes nothing.",
}
_NOT_KEPT = {
    "flatten": "Flatten makes no new tensor: it looks at the same numbers in another order.",
    "dropout": "Dropout and its mask are left out of the count.",
    "drop_path": "Drop path keeps no tensor: one number for each image says whether it is skipped.",
    "zero_pad": "The padded shortcut goes into the sum, and a sum keeps nothing for the backward pass.",
}


def layer_steps(spec: NetworkSpec, place: Place, quantity: Quantity) -> Steps:
    """Return the formula behind one cell of the layer table."""
    if quantity == "output_shape":
        return shape_steps(spec, place)
    if quantity == "receptive_field":
        return view_steps(spec, place)
    if quantity == "params":
        return _params(spec, place)
    return _mult_adds(spec, place.layer) if quantity == "mult_adds" else _activations(spec, place.layer)


def _conv_rule(layer: Layer) -> tuple[str, str, int, Terms]:
    """Return the weights of a convolution as rule, as numbers, worked out, and what the letters are."""
    kernel, groups = layer.kernel_size or 1, layer.groups or 1
    after, before = layer.output_shape[0], layer.input_shape[0]
    terms: Terms = (
        ("C_out, output channels", count(after)),
        ("C_in, input channels", count(before)),
        ("k, kernel size", str(kernel)),
    )
    weights = after * (before // groups) * kernel**2
    if groups == 1:
        return "C_out × C_in × k²", f"{count(after)} × {count(before)} × {kernel}²", weights, terms
    rule, numbers = "C_out × (C_in / g) × k²", f"{count(after)} × ({count(before)} / {count(groups)}) × {kernel}²"
    return rule, numbers, weights, (*terms, ("g, groups", count(groups)))


def _params(spec: NetworkSpec, place: Place) -> Steps:
    layer = place.layer
    if layer.kind == "conv":
        return _conv_params(spec, place)
    if layer.kind == "norm":
        return _norm_params(spec, place)
    if layer.kind == "linear":
        (before,), (after,) = layer.input_shape, layer.output_shape
        terms = (("N_in, features", count(before)), ("N_out, classes", count(after)))
        line = f"{count(after)} × {count(before)} + {count(after)} = {count(after * before + after)}"
        words = "One weight for each feature and class, and a bias for each class."
        return Steps("N_out × N_in + N_out", terms, (words, line), "definition of a dense layer")
    return nothing("params", _WEIGHTLESS[layer.kind], "definition of the layer")


def _norm_params(spec: NetworkSpec, place: Place) -> Steps:
    channels = place.layer.input_shape[0]
    in_stem = place.name == "bn1" and place.stage is None
    kind = (spec.stem.norm if spec.stem and in_stem else None) or spec.norm
    words, source = "A scale and a shift for each channel.", "Wu and He 2018, group normalisation"
    if kind == "batch":
        words = "A scale and a shift for each channel; running statistics are measured, not learned."
        source = "Ioffe and Szegedy 2015, batch normalisation"
    line = f"2 × {count(channels)} = {count(2 * channels)}"
    return Steps("2 × C", (("C, channels", count(channels)),), (words, line), source)


def _conv_params(spec: NetworkSpec, place: Place) -> Steps:
    layer = place.layer
    rule, numbers, weights, terms = _conv_rule(layer)
    after = layer.output_shape[0]
    source = "definition of a convolution: each filter has k × k weights for each input channel"
    if (layer.groups or 1) > 1:
        source = "Xie et al. 2017: each filter has k × k weights for each input channel of its group"
    if spec.conv_bias:
        rule, numbers, weights = f"{rule} + C_out", f"{numbers} + {count(after)}", weights + after
    lines = _channel_lines(spec, place)
    if any(line.startswith("width") for line in lines):
        source += f"; {WIDTH_SOURCE}"
    return Steps(rule, terms, (*lines, f"{numbers} = {count(weights)}"), source)


def _channel_lines(spec: NetworkSpec, place: Place) -> tuple[str, ...]:
    """Return where the channels of a convolution in a block come from, where that is not plain."""
    lines = []
    if place.name in {"conv1", "downsample.0"} and place.stage is not None:
        lines += [line for line in [entering_line(place)] if line]
    if spec.block_type == "bottleneck" and place.stage is not None and place.name == "conv3":
        lines.append(width_line(spec, place.stage))
    return (*lines, *output_channel_lines(spec, place))


def _mult_adds(spec: NetworkSpec, layer: Layer) -> Steps:
    if layer.kind == "conv":
        rule, numbers, weights, terms = _conv_rule(layer)
        high, wide = layer.output_shape[1:]
        line = f"{numbers} × {count(high)} × {count(wide)} = {count(weights)} × {count(high * wide)}"
        return Steps(
            f"{rule} × H_out × W_out",
            (*terms, ("H_out, output height", count(high)), ("W_out, output width", count(wide))),
            (*(["The bias is not counted."] if spec.conv_bias else []), f"{line} = {count(weights * high * wide)}"),
            COUNT_SOURCE,
        )
    if layer.kind == "linear":
        (before,), (after,) = layer.input_shape, layer.output_shape
        terms = (("N_in, features", count(before)), ("N_out, classes", count(after)))
        lines = ("The bias is not counted.", f"{count(after)} × {count(before)} = {count(after * before)}")
        return Steps("N_out × N_in", terms, lines, COUNT_SOURCE)
    return nothing("mult_adds", _NOT_COUNTED[layer.kind], COUNT_SOURCE)


def _activations(spec: NetworkSpec, layer: Layer) -> Steps:
    if layer.kind == "activation" and spec.activation in _IN_PLACE:
        why = f"{_IN_PLACE[spec.activation]} works in place: it keeps no output of its own."
        return nothing("activations", why, KEPT_SOURCE)
    if layer.kind in _NOT_KEPT:
        return nothing("activations", _NOT_KEPT[layer.kind], KEPT_SOURCE)
    shape = layer.output_shape
    words: tuple[str, ...] = ()
    if layer.kind == "activation":
        words = ("A smooth activation needs its input for the backward pass, so its output is one more tensor.",)
    if len(shape) == 1:
        return Steps("N_out", (("N_out, classes", count(shape[0])),), (f"N_out = {count(shape[0])}",), KEPT_SOURCE)
    terms = (("C_out × H_out × W_out, output", dims(shape)),)
    return Steps("C_out × H_out × W_out", terms, (*words, f"{factors(shape)} = {count(elements(shape))}"), KEPT_SOURCE)

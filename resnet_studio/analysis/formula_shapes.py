"""Why a layer's output has its shape, and sees so much of the input image."""

from resnet_studio.analysis.blocks import inner_width
from resnet_studio.analysis.formula_place import Place
from resnet_studio.analysis.formula_words import Steps, Terms, count, dims, factors
from resnet_studio.analysis.layers import Layer, Shape, out_side
from resnet_studio.spec.network import NetworkSpec

SIDE_RULE = "H_out = ⌊(H + 2p − k) / s⌋ + 1, W_out likewise"
SIDE_SOURCE = "Dumoulin and Visin 2016, A guide to convolution arithmetic for deep learning"
VIEW_SOURCE = "Araujo, Norris and Sim 2019, Computing Receptive Fields of Convolutional Neural Networks"
WIDTH_SOURCE = "width of the 3×3 convolution as torchvision defines it"


def padding(layer: Layer) -> int:
    """Return the zeros on each side of a convolution's or a pool's input: half the kernel, none in the head."""
    return 0 if layer.path == "maxpool_last" else (layer.kernel_size or 1) // 2


def side_lines(layer: Layer) -> tuple[str, ...]:
    """Return how the height and the width come about, in one line where both are equal."""
    kernel, stride, edge = layer.kernel_size or 1, layer.stride or 1, padding(layer)
    return tuple(
        f"{name} = ⌊({count(side)} + 2 × {edge} − {kernel}) / {stride}⌋ + 1 = "
        f"{count(out_side(side, kernel, stride, edge))}"
        for name, side in _sides(layer.input_shape)
    )


def _sides(shape: Shape) -> list[tuple[str, int]]:
    """Return the sides to work out, once where they are equal."""
    _, high, wide = shape
    return [("H_out = W_out", high)] if high == wide else [("H_out", high), ("W_out", wide)]


def side_terms(shape: Shape) -> Terms:
    """Return height and width of what flows in."""
    _, high, wide = shape
    if high == wide:
        return (("H and W, input height and width", count(high)),)
    return ("H, input height", count(high)), ("W, input width", count(wide))


def outcome(shape: Shape) -> str:
    """Return the last line of an output shape."""
    return f"C_out × H_out × W_out = {dims(shape)}"


def width_line(spec: NetworkSpec, stage: int) -> str:
    """Return where the channels of a bottleneck's 3x3 convolution come from."""
    channels = spec.stage_channels[stage - 1]
    width = inner_width(spec, channels)
    return (
        f"width of the 3×3: ⌊{count(channels)} × {count(spec.width_per_group)} / 64⌋ × {count(spec.groups)} "
        f"= {count(width)}"
    )


def merged_line(place: Place) -> str:
    """Return how many channels leave the merge of a block that lays its paths side by side; empty where none does."""
    block = place.block
    if block is None or block.shortcut_shape is None or block.output.shape == block.main_shape:
        return ""
    return _side_by_side("both paths side by side", block.main_shape, block.shortcut_shape)


def entering_line(place: Place) -> str:
    """Return how the block ahead made this block's input channels by laying its paths side by side, or nothing."""
    block = place.before
    if block is None or block.shortcut_shape is None or block.output.shape == block.main_shape:
        return ""
    return _side_by_side("C_in from both paths of the block before", block.main_shape, block.shortcut_shape)


def _side_by_side(label: str, main: Shape, side: Shape) -> str:
    return f"{label}: {count(main[0])} + {count(side[0])} = {count(main[0] + side[0])}"


def output_channel_lines(spec: NetworkSpec, place: Place) -> tuple[str, ...]:
    """Return where the output channels of a bottleneck's convolution come from."""
    if spec.block_type != "bottleneck" or place.stage is None:
        return ()
    if place.name in {"conv1", "conv2"}:
        return (width_line(spec, place.stage),)
    channels = spec.stage_channels[place.stage - 1]
    return (f"C_out, channels × expansion: {count(channels)} × {spec.expansion} = {count(channels * spec.expansion)}",)


def shape_steps(spec: NetworkSpec, place: Place) -> Steps:
    """Return why the output has its shape."""
    layer = place.layer
    if layer.kind == "conv" or (layer.kind == "pool" and layer.kernel_size):
        return _window_shape(spec, place)
    if layer.kind == "zero_pad":
        return _zero_pad_shape(layer)
    if layer.kind == "linear":
        outputs = layer.output_shape[0]
        terms = (("N, classes", count(outputs)),)
        return Steps("N: one output for each class", terms, (f"N = {outputs}",), "definition of a classifier")
    if layer.kind == "flatten":
        (features,) = layer.output_shape
        line = f"N = {factors(layer.input_shape)} = {features}"
        terms = (("C × H × W, input", dims(layer.input_shape)),)
        return Steps("N = C × H × W", terms, (line,), "all positions of all channels in one row")
    if layer.kind == "pool":
        lines = ("The mean of all positions leaves one number for each channel.", outcome(layer.output_shape))
        terms = (("C, channels", count(layer.input_shape[0])),)
        return Steps("C × 1 × 1", terms, lines, "global average pooling, Lin, Chen and Yan 2013")
    return _same_shape(place)


def _window_shape(spec: NetworkSpec, place: Place) -> Steps:
    layer = place.layer
    channels, rest = layer.output_shape[0], side_terms(layer.input_shape)
    terms: Terms = (
        ("C_out, channels" if layer.kind == "pool" else "C_out, filters", count(channels)),
        *rest,
        ("k, kernel size", str(layer.kernel_size)),
        ("s, stride", str(layer.stride)),
        ("p, padding", str(padding(layer))),
    )
    source, before = SIDE_SOURCE, _projection_words(place)
    if layer.kind == "conv":
        extra = output_channel_lines(spec, place)
        before += extra
        if extra and place.name in {"conv1", "conv2"}:
            source += f"; {WIDTH_SOURCE}"
    return Steps(SIDE_RULE, terms, (*before, *side_lines(layer), outcome(layer.output_shape)), source)


def _projection_words(place: Place) -> tuple[str, ...]:
    """Return why a shortcut has a convolution at all."""
    layer, block = place.layer, place.block
    if layer.branch != "shortcut":
        return ()
    if block and block.main_shape == block.input.shape:
        return ("Every shortcut of this design projects (He et al. 2015, option C).",)
    change = f"{dims(layer.input_shape)} to {dims(layer.output_shape)}"
    return (f"The shortcut projects {change}, so that it fits the main path.",)


def _zero_pad_shape(layer: Layer) -> Steps:
    before = layer.input_shape[0]
    after, stride = layer.output_shape[0], layer.stride or 1
    front, back = (after - before) // 2, (after - before) - (after - before) // 2
    lines = [
        f"{name} = ⌈{count(side)} / {stride}⌉ = {count(-(-side // stride))}" for name, side in _sides(layer.input_shape)
    ]
    return Steps(
        "C_out = C_in + zeros in front + zeros behind, H_out = ⌈H / s⌉, W_out likewise",
        (("C_in, input channels", count(before)), *side_terms(layer.input_shape), ("s, every s-th pixel", str(stride))),
        (f"C_out = {count(before)} + {front} + {back} = {count(after)}", *lines, outcome(layer.output_shape)),
        "shortcut A of He et al. 2015: the identity, padded with channels of zeros",
    )


_KEEPS = {
    "norm": "A normalisation keeps the shape of its input.",
    "activation": "An activation works number by number and keeps the shape of its input.",
    "dropout": "Dropout keeps the shape of its input.",
    "drop_path": "Drop path keeps the shape of its input.",
}


def _same_shape(place: Place) -> Steps:
    layer = place.layer
    if len(layer.input_shape) == 1:
        terms: Terms = (("N, features", count(layer.input_shape[0])),)
        return Steps(_KEEPS[layer.kind], terms, (f"N = {layer.output_shape[0]}",), "definition of the layer")
    merged = merged_line(place) if _joins(place) else ""
    lines = (*([merged] if merged else []), outcome(layer.output_shape))
    return Steps(_KEEPS[layer.kind], (("C × H × W, input", dims(layer.input_shape)),), lines, "definition of the layer")


def _joins(place: Place) -> bool:
    """Return whether this is the activation behind the merge of a block's two paths."""
    block = place.block
    if block is None or block.shortcut_shape is None or place.layer.kind != "activation":
        return False
    return place.name == block.layers[-1].path


def view_steps(spec: NetworkSpec, place: Place) -> Steps:
    """Return why one position of the output sees so many pixels of the input."""
    layer, view = place.layer, place.view
    image = dims(spec.input_shape[1:])
    if layer.receptive_field is None:
        return Steps(
            _SEES_ALL.get(layer.kind) or _SEES_TOGETHER[spec.head],
            (("H × W, input image", image),),
            (f"All of the {image} image.",),
            VIEW_SOURCE,
        )
    size = view.size
    terms: Terms = (("r_in, receptive field of the input", count(size)),)
    if layer.kernel_size:
        size += (layer.kernel_size - 1) * view.jump
        rule = "r_out = r_in + (k − 1) × j"
        terms += ("k, kernel size", str(layer.kernel_size)), ("j, jump: pixels between neighbours", count(view.jump))
        line = f"r_out = {count(view.size)} + ({layer.kernel_size} − 1) × {count(view.jump)} = {count(size)}"
    else:
        rule, line = "r_out = r_in", f"r_out = {count(size)}"
    return Steps(rule, terms, (*_view_words(spec, place, size), line), VIEW_SOURCE)


_SEES_ALL = {
    "pool": "A global average joins all positions, so each of its numbers sees the whole input.",
    "linear": "A dense layer joins all features, so each class sees the whole input.",
}
_SEES_TOGETHER = {
    "global_avg": "The global average ahead has joined all positions, so each feature sees the whole input.",
    "max_flatten": "The features of all positions stand in one row: together they see the whole input.",
}


def _view_words(spec: NetworkSpec, place: Place, size: int) -> tuple[str, ...]:
    layer, words = place.layer, []
    if layer.kind == "zero_pad":
        words.append("The shortcut picks single positions of the block's input and looks at no neighbours.")
    elif layer.branch == "shortcut" and layer.kind == "conv":
        start = "pre-activated input" if spec.preactivation else "input"
        words.append(f"The shortcut starts at the block's {start}, beside the main path.")
    elif layer.kind == "norm":
        words.append("A norm looks at no neighbours; its statistics are left out, as the literature does.")
    elif _joins(place):
        words.append("Where the paths meet, the wider view counts: the main path's.")
    return (*words, *beyond(spec, size))


def beyond(spec: NetworkSpec, size: int) -> tuple[str, ...]:
    """Return the remark that a view is larger than the image, where it is."""
    sides = spec.input_shape[1:]
    return (f"The view is larger than the {dims(sides)} image: part of it is padding.",) if size > min(sides) else ()

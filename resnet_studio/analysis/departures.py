"""How a design departs from its preset and from the papers, and how its depth is counted, in words."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from resnet_studio.analysis.blocks import BlockPlan, main_channels, shortcut_kind
from resnet_studio.spec.network import NetworkSpec, StemSpec
from resnet_studio.spec.presets import Preset

SHORTCUTS = {
    "projection": "projections where shapes change (B)",
    "projection_all": "projections everywhere (C)",
    "zero_pad": "shortcuts padded with zeros (A)",
    "identity": "identity shortcuts",
    "none": "no skip connections",
}
MERGES = {"add": "added", "concat": "side by side along the channels"}
NORMS = {"batch": "batch norm", "group": "group norm", "none": "no norm"}
ACTIVATIONS = {"relu": "ReLU", "leaky_relu": "leaky ReLU", "gelu": "GELU", "silu": "SiLU"}
HEADS = {"global_avg": "global average pool", "max_flatten": "2×2 max-pool and flatten"}
FEW_STAGES = 2
"""Up to so many stages that differ are named one by one; more are shown as a whole list."""


def departures(network: NetworkSpec, preset: Preset) -> tuple[str, ...]:
    """Return in words how a design departs from its preset, one short phrase for each field that differs.

    The name is no departure. What the network is made of comes first, its input and classes last.
    """
    return tuple(_phrases(network, preset.network, preset.title))


def stem_in_words(stem: StemSpec | None) -> str:
    """Return a stem in words: `stem 7×7 / 2 with pool`."""
    if stem is None:
        return "no stem"
    channels = "" if stem.channels is None else f" of {stem.channels:,} channels"
    norm = "" if stem.norm is None else f", {NORMS[stem.norm]}"
    side = f"{stem.kernel_size}×{stem.kernel_size}"
    return f"stem {side} / {stem.stride}{channels} {'with' if stem.pool else 'without'} pool{norm}"


def _phrases(here: NetworkSpec, there: NetworkSpec, title: str) -> Iterator[str]:
    if here.block_type != there.block_type:
        yield f"{here.block_type} blocks; {title} has {there.block_type} blocks"
    yield from _by_stage(here, there, title)
    if here.stem != there.stem:
        yield f"{stem_in_words(here.stem)}; {title} has {stem_in_words(there.stem)}"
    for field, say in _FIELDS.items():
        mine, theirs = getattr(here, field), getattr(there, field)
        if mine != theirs:
            yield f"{say(mine)}; {title} has {say(theirs)}"
    if here.input_shape != there.input_shape:
        mine, theirs = ("×".join(map(str, shape)) for shape in (here.input_shape, there.input_shape))
        yield f"input {mine}, {title} has {theirs}"
    if here.num_classes != there.num_classes:
        yield f"{_classes(here.num_classes)}; {title} has {_classes(there.num_classes)}"


def _by_stage(here: NetworkSpec, there: NetworkSpec, title: str) -> Iterator[str]:
    """Yield what differs in blocks, channels and strides."""
    if len(here.block_sizes) != len(there.block_sizes):
        mine, theirs = (_listed(spec.block_sizes) for spec in (here, there))
        stages = "1 stage" if len(here.block_sizes) == 1 else f"{len(here.block_sizes)} stages"
        blocks = "block" if mine == "1" else "blocks"
        yield f"{stages} of {mine} {blocks}; {title} has {len(there.block_sizes)} of {theirs}"
    else:
        yield from _differing(here.block_sizes, there.block_sizes, title, ("block", "blocks"))
    yield from _differing(here.stage_channels, there.stage_channels, title, ("channel", "channels"))
    yield from _differing(here.strides, there.strides, title, ("stride", "strides"))


def _differing(mine: Sequence[int], theirs: Sequence[int], title: str, word: tuple[str, ...]) -> Iterator[str]:
    """Yield one phrase for each stage that differs, or one for all where many do; stages only one has are passed."""
    pairs = list(enumerate(zip(mine, theirs, strict=False), 1))
    unlike = [(number, pair) for number, pair in pairs if pair[0] != pair[1]]
    if len(unlike) > FEW_STAGES:
        yield f"{word[-1]} {_listed(mine)}, {title} has {_listed(theirs)}"
        return
    for number, (here, there) in unlike:
        if word[0] == "stride":
            yield f"stage {number} has stride {here}, {title} has {there}"
        else:
            yield f"stage {number} has {here:,} {word[0 if here == 1 else 1]}, {title} has {there:,}"


def _listed(values: Sequence[int]) -> str:
    return "-".join(map(str, values))


def _classes(count: int | None) -> str:
    if count is None:
        return "no head"
    return "1 class" if count == 1 else f"{count:,} classes"


def _flag(yes: str, no: str) -> Callable[[bool], str]:
    return lambda value: yes if value else no


def _share(what: str) -> Callable[[float], str]:
    return lambda value: f"{what} {100 * value:g} %" if value else f"no {what}"


_FIELDS: dict[str, Callable[[Any], str]] = {
    "shortcut": SHORTCUTS.__getitem__,
    "merge": lambda value: f"both paths {MERGES[value]}",
    "preactivation": _flag("norm and activation before each convolution", "norm and activation after each convolution"),
    "stride_on": lambda value: f"stride on the {value.replace('x', '×')} convolution",
    "expansion": lambda value: f"expansion {value}",
    "groups": lambda value: f"{value:,} groups" if value > 1 else "1 group",
    "width_per_group": lambda value: f"width per group {value:,}",
    "norm": NORMS.__getitem__,
    "norm_groups": lambda value: f"up to {value:,} norm groups",
    "norm_eps": lambda value: f"norm epsilon {value:g}",
    "norm_momentum": lambda value: f"norm momentum {value:g}",
    "activation": ACTIVATIONS.__getitem__,
    "conv_bias": _flag("biases in the convolutions", "no biases in the convolutions"),
    "shortcut_norm": _flag("a norm after a projection", "no norm after a projection"),
    "zero_init_residual": _flag("blocks start as the identity", "blocks start with random weights"),
    "dropout": _share("dropout"),
    "block_dropout": _share("dropout in blocks"),
    "drop_path": _share("stochastic depth"),
    "head": HEADS.__getitem__,
}


# ---- from the papers


MOST_REMARKS = 5
SMALL_IMAGE = 64


def remarks(network: NetworkSpec, preset: Preset | None) -> tuple[str, ...]:
    """Return in words how a design, or its preset itself, departs from the papers; the most telling first.

    The papers are He et al. 2015 (arXiv 1512.03385) for residual networks and 2016 (1603.05027) for pre-activation,
    Xie et al. 2017 (1611.05431) for groups; where they are silent, so are the remarks.
    """
    found = [*_structure(network), *_layers(network, preset), *_regularisation(network)]
    return tuple(found[:MOST_REMARKS])


def _structure(network: NetworkSpec) -> Iterator[str]:
    """Yield what concerns the two paths, the stem and the head."""
    if network.shortcut == "none":
        yield "no skip connections: a plain net, as He et al. 2015 compare theirs with"
    elif network.merge == "concat":
        yield "both paths side by side along the channels; He et al. 2015 add them"
    stem, (_, high, wide) = network.stem, network.input_shape
    if stem and stem.kernel_size >= 7 and stem.stride > 1 and max(high, wide) <= SMALL_IMAGE:
        size = f"{stem.kernel_size}×{stem.kernel_size} stem with stride {stem.stride}"
        yield f"{size} on {high}×{wide} images; He et al. 2015 have 3×3 with stride 1 at 32×32"
    if network.block_type == "bottleneck" and any(stride > 1 for stride in network.strides):
        yield from _stride(network)
    if network.head == "max_flatten" and network.num_classes is not None:
        yield "2×2 max-pool and flatten before the classifier; He et al. 2015 average over all positions"


def _stride(network: NetworkSpec) -> Iterator[str]:
    """Yield where the bottleneck's stride is and the paper has it elsewhere."""
    late = network.stride_on == "3x3"
    if network.preactivation:
        if late:
            yield "stride on the 3×3 convolution; the code of He et al. 2016 has it on the first 1×1"
    elif network.groups > 1:
        if not late:
            yield "stride on the 1×1 convolution; Xie et al. 2017 have it on the 3×3"
    elif late and network.width_per_group == 64:
        yield "stride on the 3×3 convolution: v1.5, as torchvision; He et al. 2015 had it on the 1×1"


def _layers(network: NetworkSpec, preset: Preset | None) -> Iterator[str]:
    """Yield what concerns norms, biases, shortcuts and nonlinearities."""
    if network.norm == "none":
        only = network.stem is not None and network.stem.norm not in {None, "none"}
        yield f"no norm{' but in the stem' if only else ''}; He et al. 2015 have batch norm after each convolution"
    elif network.norm == "group":
        yield "group norm (Wu and He 2018); He et al. 2015 have batch norm"
    if network.conv_bias and network.norm != "none":
        yield "biases in the convolutions; He et al. 2015 have none before a norm"
    projects = _projections(network) > 0
    yield from _option(network) if projects else ()
    if projects and not network.shortcut_norm and network.norm != "none" and not network.preactivation:
        yield "no norm after a projection; the published code of He et al. 2015 has one"
    elif projects and network.shortcut_norm and network.norm != "none" and network.preactivation:
        yield "a norm after a projection; the code of He et al. 2016 has none"
    if preset is not None and preset.remark:
        field = preset.remark_field
        if getattr(network, field) == getattr(preset.network, field):
            yield preset.remark
    if network.activation != "relu":
        yield f"{ACTIVATIONS[network.activation]}; He et al. 2015 have ReLU"


def _option(network: NetworkSpec) -> Iterator[str]:
    """Yield where He et al. 2015 pad with zeros and the design projects."""
    if network.block_type != "basic" or network.preactivation or network.shortcut != "projection":
        return
    if len(network.block_sizes) == 3 and max(network.input_shape[1:]) <= SMALL_IMAGE:
        yield "projections where shapes change (B); He et al. 2015 pad with zeros (A) on CIFAR-10"
    elif network.block_sizes == (2, 2, 2, 2):
        yield "projections where shapes change (B); ResNet-18 of He et al. 2015 pads with zeros (A)"


def _projections(network: NetworkSpec) -> int:
    """Return how many shortcuts project."""
    count, before = 0, network.input_shape[0]
    if network.stem:
        before = network.stem.channels or network.stage_channels[0]
    for channels, stride, blocks in zip(network.stage_channels, network.strides, network.block_sizes, strict=True):
        after = main_channels(network, channels)
        first = shortcut_kind(network, before, BlockPlan(channels, stride))
        others = shortcut_kind(network, after, BlockPlan(channels, 1))
        count += (first == "projection") + (blocks - 1) * (others == "projection")
        # side by side it is more, but there only the stride decides
        before = after
    return count


def _regularisation(network: NetworkSpec) -> Iterator[str]:
    """Yield what later papers added for training."""
    if network.zero_init_residual and network.shortcut != "none":
        yield "each block starts as the identity: zero-init (Goyal et al. 2017)"
    if network.drop_path and network.shortcut != "none":
        yield f"stochastic depth up to {100 * network.drop_path:g} % (Huang et al. 2016)"
    if network.block_dropout:
        yield f"dropout of {100 * network.block_dropout:g} % in the blocks (Zagoruyko and Komodakis 2016)"
    if network.dropout and network.num_classes is not None:
        yield f"dropout of {100 * network.dropout:g} % before the classifier; He et al. 2015 have none"


# ---- the depth


def depth_in_words(network: NetworkSpec) -> str:
    """Return how the depth in a network's name is counted: `6n + 2 = 20: 1 stem + 18 + 1 dense`.

    He et al. 2015 count the convolutions of the main path and the dense layer, no projections. Wide residual
    networks are named after all their convolutions instead (Zagoruyko and Komodakis 2016): that is said, too.
    """
    each = 3 if network.block_type == "bottleneck" else 2
    sizes = network.block_sizes
    stem, dense = int(network.stem is not None), int(network.num_classes is not None)
    total = stem + each * sum(sizes) + dense
    ends = ("1 stem + " if stem else "", " + 1 dense" if dense else "")
    if len(sizes) == 3 and len(set(sizes)) == 1 and stem and dense:
        return f"{3 * each}n + 2 = {total:,}: 1 stem + {each * sum(sizes):,} + 1 dense{_wide_count(network)}"
    blocks = " + ".join(f"{count:,}" for count in sizes)
    inside = f"{each} × ({blocks})" if len(sizes) > 1 else f"{each} × {blocks}"
    return f"{total:,}: {ends[0]}{inside}{ends[1]}"


def _wide_count(network: NetworkSpec) -> str:
    """Return the other count of a wide residual network: each of its three stages projects."""
    wide = network.preactivation and network.block_type == "basic" and network.shortcut == "projection"
    if not wide or _projections(network) != 3:
        return ""
    n = network.block_sizes[0]
    return f"; its name counts 6n + 4 = {6 * n + 4:,} convolutions: 1 stem + {6 * n:,} + 3 projections"

"""The networks of the literature by name, each with what was published of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from resnet_studio.spec.errors import StudioError, nearest
from resnet_studio.spec.network import NetworkSpec

HE_2015 = "He et al. 2015, arXiv 1512.03385"
HE_2016 = "He et al. 2016, arXiv 1603.05027"
WIDE = "Zagoruyko and Komodakis 2016, arXiv 1605.07146"
TORCHVISION = "torchvision"
D2L = "Dive into Deep Learning, section 8.6"
ATHENA = "Athena, its tutorial and example programs"
EDIFICE = "Edifice's counts of its own networks"

Quantity = Literal["parameters", "mult_adds", "top1_error", "top1_accuracy"]


@dataclass(frozen=True)
class Published:
    """One figure of the literature: a count, multiply-adds an image, or per cent."""

    quantity: Quantity
    value: float
    source: str
    note: str = ""


@dataclass(frozen=True)
class Preset:
    """A design with its ledger."""

    network: NetworkSpec
    title: str
    published: tuple[Published, ...] = ()
    note: str = ""

    @property
    def name(self) -> str:
        """Name of the preset, the same as its network's."""
        return self.network.name


def preset(name: str) -> NetworkSpec:
    """Return the network of a preset.

    Raises:
        StudioError: there is no such preset; the sentence names the nearest.
    """
    return entry(name).network


def entry(name: str) -> Preset:
    """Return a preset with its ledger.

    Raises:
        StudioError: there is no such preset; the sentence names the nearest.
    """
    known = presets()
    if name not in known:
        hint = nearest(name, list(known)) or "; `resnet-studio presets` lists them."
        raise StudioError(f"There is no preset {name!r}{hint}")
    return known[name]


@cache
def presets() -> dict[str, Preset]:
    """Return all presets by name, in the order in which they are listed."""
    rows = [*_digits(), *_torchvision(), *_plain(), *_cifar(), *_preactivation(), *_wide()]
    rows += [*_edifice(), *_d2l(), *_athena()]
    return {row.name: row for row in rows}


def _digits() -> Iterable[Preset]:
    network = NetworkSpec(
        name="digits_resnet8",
        input_shape=(1, 8, 8),
        num_classes=10,
        block_sizes=(1, 1, 1),
        channels=16,
        stem={"channels": 16, "kernel_size": 3, "stride": 1, "pool": False},
    )
    yield Preset(network, "Digits ResNet-8", note="the studio's default, for the embedded digits")


def _imagenet(name: str, block_type: str, sizes: tuple[int, ...], **more: Any) -> NetworkSpec:
    return NetworkSpec(name=name, block_type=block_type, block_sizes=sizes, **more)


def _torchvision() -> Iterable[Preset]:
    rows: list[tuple[str, str, str, tuple[int, ...], dict[str, Any], float, tuple[float, ...]]] = [
        ("resnet18", "ResNet-18", "basic", (2, 2, 2, 2), {}, 1.814, (69.758,)),
        ("resnet34", "ResNet-34", "basic", (3, 4, 6, 3), {}, 3.664, (73.314,)),
        ("resnet50", "ResNet-50", "bottleneck", (3, 4, 6, 3), {}, 4.089, (76.130, 80.858)),
        ("resnet101", "ResNet-101", "bottleneck", (3, 4, 23, 3), {}, 7.801, (77.374, 81.886)),
        ("resnet152", "ResNet-152", "bottleneck", (3, 8, 36, 3), {}, 11.514, (78.312, 82.284)),
        (
            "resnext50_32x4d",
            "ResNeXt-50 32×4d",
            "bottleneck",
            (3, 4, 6, 3),
            {"groups": 32, "width_per_group": 4},
            4.230,
            (77.618, 81.198),
        ),
        (
            "resnext101_32x8d",
            "ResNeXt-101 32×8d",
            "bottleneck",
            (3, 4, 23, 3),
            {"groups": 32, "width_per_group": 8},
            16.414,
            (79.312, 82.834),
        ),
        (
            "resnext101_64x4d",
            "ResNeXt-101 64×4d",
            "bottleneck",
            (3, 4, 23, 3),
            {"groups": 64, "width_per_group": 4},
            15.460,
            (83.246,),
        ),
        (
            "wide_resnet50_2",
            "Wide ResNet-50-2",
            "bottleneck",
            (3, 4, 6, 3),
            {"width_per_group": 128},
            11.398,
            (78.468, 81.602),
        ),
        (
            "wide_resnet101_2",
            "Wide ResNet-101-2",
            "bottleneck",
            (3, 4, 23, 3),
            {"width_per_group": 128},
            22.753,
            (78.848, 82.510),
        ),
    ]
    counts = {
        "resnet18": 11_689_512,
        "resnet34": 21_797_672,
        "resnet50": 25_557_032,
        "resnet101": 44_549_160,
        "resnet152": 60_192_808,
        "resnext50_32x4d": 25_028_904,
        "resnext101_32x8d": 88_791_336,
        "resnext101_64x4d": 83_455_272,
        "wide_resnet50_2": 68_883_240,
        "wide_resnet101_2": 126_886_696,
    }
    errors = {
        "resnet18": (("zero_pad", 27.88),),
        "resnet34": (("zero_pad", 25.03), ("projection", 24.52)),
        "resnet50": (("projection", 22.85),),
        "resnet101": (("projection", 21.75),),
        "resnet152": (("projection", 21.43),),
    }
    for name, title, block_type, sizes, more, giga, accuracies in rows:
        ledger = [
            Published("parameters", counts[name], TORCHVISION),
            Published("mult_adds", giga * 1e9, TORCHVISION, "at 224×224"),
        ]
        ledger += [
            Published("top1_accuracy", value, TORCHVISION, f"ImageNet, {which} weights")
            for which, value in zip(("first", "second"), accuracies, strict=False)
        ]
        ledger += [
            Published("top1_error", value, HE_2015, f"ImageNet, 10-crop, shortcut {shortcut}")
            for shortcut, value in errors.get(name, ())
        ]
        note = "v1.5, as torchvision has it" if block_type == "bottleneck" else "as torchvision has it"
        yield Preset(_imagenet(name, block_type, sizes, **more), title, tuple(ledger), note)


def _plain() -> Iterable[Preset]:
    for depth, sizes, error in ((18, (2, 2, 2, 2), 27.94), (34, (3, 4, 6, 3), 28.54)):
        network = _imagenet(f"plain{depth}", "basic", sizes, shortcut="none")
        ledger = (Published("top1_error", error, HE_2015, "ImageNet, 10-crop"),)
        yield Preset(network, f"Plain-{depth}", ledger, f"ResNet-{depth} without its skip connections")


def _small(name: str, blocks: int, **more: Any) -> NetworkSpec:
    """Return a network for 3x32x32 images with three stages and the stem of He et al. 2015, section 4.2."""
    fields: dict[str, Any] = {
        "channels": 16,
        "stem": {"channels": 16, "kernel_size": 3, "stride": 1, "pool": False},
    }
    return NetworkSpec(name=name, input_shape=(3, 32, 32), num_classes=10, block_sizes=(blocks,) * 3, **(fields | more))


def _cifar() -> Iterable[Preset]:
    errors = {20: 8.75, 32: 7.51, 44: 7.17, 56: 6.97, 110: 6.43, 1202: 7.93}
    for depth, error in errors.items():
        network = _small(f"cifar_resnet{depth}", (depth - 2) // 6, shortcut="zero_pad")
        ledger = (Published("top1_error", error, HE_2015, "CIFAR-10"),)
        yield Preset(network, f"CIFAR ResNet-{depth}", ledger, "shortcut A: identity, padded with zeros")
    for depth in (20, 32, 44, 56, 110):
        network = _small(f"cifar_plain{depth}", (depth - 2) // 6, shortcut="none")
        yield Preset(network, f"CIFAR Plain-{depth}", (), f"CIFAR ResNet-{depth} without its skip connections")


def _preactivation() -> Iterable[Preset]:
    rows = ((110, "basic", 18, 6.37), (164, "bottleneck", 18, 5.46), (1001, "bottleneck", 111, 4.62))
    for depth, block_type, blocks, error in rows:
        network = _small(
            f"preact_resnet{depth}", blocks, block_type=block_type, preactivation=True, shortcut_norm=False
        )
        yield Preset(
            network,
            f"Pre-activation ResNet-{depth}",
            (Published("top1_error", error, HE_2016, "CIFAR-10"),),
            "norm and activation before each convolution",
        )


def _wide() -> Iterable[Preset]:
    for depth, factor, error in ((16, 4, None), (28, 10, 4.00)):
        network = _small(
            f"wrn_{depth}_{factor}",
            (depth - 4) // 6,
            channels=16 * factor,
            preactivation=True,
            shortcut_norm=False,
        )
        ledger = () if error is None else (Published("top1_error", error, WIDE, "CIFAR-10"),)
        yield Preset(network, f"WRN-{depth}-{factor}", ledger, f"{factor} times wider, pre-activation")


def _edifice() -> Iterable[Preset]:
    small = _imagenet(
        "edifice_resnet18_cifar",
        "basic",
        (2, 2, 2, 2),
        conv_bias=True,
        input_shape=(3, 32, 32),
        num_classes=10,
    )
    yield Preset(
        small,
        "Edifice ResNet-18, 32×32",
        (Published("parameters", 11_186_442, EDIFICE),),
        "a 7×7 stem with stride 2 and pool on 32×32 images",
    )
    rows = (
        (18, "basic", (2, 2, 2, 2), 11_694_312),
        (34, "basic", (3, 4, 6, 3), 21_806_184),
        (50, "bottleneck", (3, 4, 6, 3), 25_583_592),
        (101, "bottleneck", (3, 4, 23, 3), 44_601_832),
        (152, "bottleneck", (3, 8, 36, 3), 60_268_520),
    )
    for depth, block_type, sizes, count in rows:
        network = _imagenet(f"edifice_resnet{depth}", block_type, sizes, conv_bias=True)
        ledger = (Published("parameters", count, EDIFICE),)
        yield Preset(network, f"Edifice ResNet-{depth}", ledger, "biases in the convolutions")


def _d2l() -> Iterable[Preset]:
    network = NetworkSpec(
        name="d2l_resnet18", input_shape=(1, 96, 96), num_classes=10, conv_bias=True, shortcut_norm=False
    )
    yield Preset(
        network,
        "d2l ResNet-18",
        (Published("parameters", 11_178_378, D2L, "with one input channel"),),
        "biases in the convolutions, no norm after a projection",
    )
    common: dict[str, Any] = {"stem": None, "num_classes": None, "conv_bias": True, "shortcut_norm": False}
    block: Callable[..., NetworkSpec] = lambda **more: NetworkSpec(block_sizes=(1,), **(common | more))  # noqa: E731
    same = block(name="d2l_residual_block", input_shape=(3, 6, 6), channels=3, strides=(1,))
    down = block(name="d2l_residual_block_down", input_shape=(3, 6, 6), channels=6, strides=(2,))
    yield Preset(same, "d2l residual block", (Published("parameters", 180, D2L),), "one block, 3×6×6 in and out")
    yield Preset(down, "d2l residual block, down", (Published("parameters", 546, D2L),), "one block to 6×3×3")
    grouped = NetworkSpec(
        name="d2l_resnext_block",
        input_shape=(32, 96, 96),
        num_classes=None,
        stem=None,
        block_type="bottleneck",
        block_sizes=(1,),
        channels=32,
        strides=(1,),
        expansion=1,
        groups=16,
        width_per_group=4,
        conv_bias=True,
    )
    ledger = (Published("parameters", 2_912, D2L),)
    yield Preset(grouped, "d2l ResNeXt block", ledger, "one grouped bottleneck block, 32×96×96 in and out")


def _athena() -> Iterable[Preset]:
    basic: dict[str, Any] = {
        "input_shape": (1, 28, 28),
        "num_classes": 10,
        "block_sizes": (1,),
        "channels": 64,
        "strides": (1,),
        "norm": "none",
        "conv_bias": True,
        "shortcut_norm": False,
        "head": "max_flatten",
        "stem": {"channels": 64, "kernel_size": 3, "stride": 1, "pool": False},
    }
    pools = "Athena pools without padding, its own shapes are one less there"
    yield Preset(
        NetworkSpec(name="athena_basic", **basic),
        "Athena basic",
        (Published("parameters", 199_946, ATHENA),),
        "one block, 2×2 max-pool, flatten, dense",
    )
    yield Preset(
        NetworkSpec(
            name="athena_resnet18",
            norm="none",
            conv_bias=True,
            shortcut_norm=False,
            stem={"norm": "batch"},
        ),
        "Athena ResNet-18",
        (Published("parameters", 11_684_840, ATHENA),),
        f"a norm in the stem alone; {pools}",
    )
    for name, norm, count, title in (
        ("athena_cifar_tutorial", "none", 271_690, "Athena CIFAR, tutorial"),
        ("athena_cifar", "batch", 273_258, "Athena CIFAR, example"),
    ):
        network = _small(name, 3, norm=norm, conv_bias=True, shortcut_norm=norm != "none")
        yield Preset(network, title, (Published("parameters", count, ATHENA),), "biases, projections")
    yield Preset(
        NetworkSpec(name="athena_concat", **(basic | {"merge": "concat"})),
        "Athena concat",
        (),
        "the two paths side by side along the channels",
    )

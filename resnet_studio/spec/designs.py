"""The designs of the presets, family by family."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from resnet_studio.spec.network import NetworkSpec


@dataclass(frozen=True)
class Design:
    """A network of the literature, what it is called there, and its note.

    `remark` says what its source does that no field can say, as long as the field `remark_field` is as it is here.
    """

    network: NetworkSpec
    title: str
    note: str
    remark: str = ""
    remark_field: str = ""


def designs() -> Iterator[Design]:
    """Yield all designs in the order in which they are listed."""
    for family in (_digits, _torchvision, _plain, _cifar, _preactivation, _wide, _edifice, _d2l, _athena):
        yield from family()


def _digits() -> Iterator[Design]:
    network = NetworkSpec(
        name="digits_resnet8",
        input_shape=(1, 8, 8),
        num_classes=10,
        block_sizes=(1, 1, 1),
        channels=16,
        stem={"channels": 16, "kernel_size": 3, "stride": 1, "pool": False},
    )
    yield Design(network, "Digits ResNet-8", "the studio's default, for the embedded digits")


def _imagenet(name: str, block_type: str, sizes: tuple[int, ...], **more: Any) -> NetworkSpec:
    return NetworkSpec(name=name, block_type=block_type, block_sizes=sizes, **more)


def _torchvision() -> Iterator[Design]:
    rows: tuple[tuple[str, str, str, tuple[int, ...], dict[str, Any]], ...] = (
        ("resnet18", "ResNet-18", "basic", (2, 2, 2, 2), {}),
        ("resnet34", "ResNet-34", "basic", (3, 4, 6, 3), {}),
        ("resnet50", "ResNet-50", "bottleneck", (3, 4, 6, 3), {}),
        ("resnet101", "ResNet-101", "bottleneck", (3, 4, 23, 3), {}),
        ("resnet152", "ResNet-152", "bottleneck", (3, 8, 36, 3), {}),
        ("resnext50_32x4d", "ResNeXt-50 32×4d", "bottleneck", (3, 4, 6, 3), {"groups": 32, "width_per_group": 4}),
        ("resnext101_32x8d", "ResNeXt-101 32×8d", "bottleneck", (3, 4, 23, 3), {"groups": 32, "width_per_group": 8}),
        ("resnext101_64x4d", "ResNeXt-101 64×4d", "bottleneck", (3, 4, 23, 3), {"groups": 64, "width_per_group": 4}),
        ("wide_resnet50_2", "Wide ResNet-50-2", "bottleneck", (3, 4, 6, 3), {"width_per_group": 128}),
        ("wide_resnet101_2", "Wide ResNet-101-2", "bottleneck", (3, 4, 23, 3), {"width_per_group": 128}),
    )
    for name, title, block_type, sizes, more in rows:
        note = "v1.5, as torchvision has it" if block_type == "bottleneck" else "as torchvision has it"
        yield Design(_imagenet(name, block_type, sizes, **more), title, note)


def _plain() -> Iterator[Design]:
    for depth, sizes in ((18, (2, 2, 2, 2)), (34, (3, 4, 6, 3))):
        network = _imagenet(f"plain{depth}", "basic", sizes, shortcut="none")
        yield Design(network, f"Plain-{depth}", f"ResNet-{depth} without its skip connections")


def _small(name: str, blocks: int, **more: Any) -> NetworkSpec:
    """Return a network for 3x32x32 images with three stages and the stem of He et al. 2015, section 4.2."""
    fields: dict[str, Any] = {
        "channels": 16,
        "stem": {"channels": 16, "kernel_size": 3, "stride": 1, "pool": False},
    }
    return NetworkSpec(name=name, input_shape=(3, 32, 32), num_classes=10, block_sizes=(blocks,) * 3, **(fields | more))


def _cifar() -> Iterator[Design]:
    for depth in (20, 32, 44, 56, 110, 1202):
        network = _small(f"cifar_resnet{depth}", (depth - 2) // 6, shortcut="zero_pad")
        yield Design(network, f"CIFAR ResNet-{depth}", "shortcut A: identity, padded with zeros")
    for depth in (20, 32, 44, 56, 110):
        network = _small(f"cifar_plain{depth}", (depth - 2) // 6, shortcut="none")
        yield Design(network, f"CIFAR Plain-{depth}", f"CIFAR ResNet-{depth} without its skip connections")


def _preactivation() -> Iterator[Design]:
    for depth, block_type, blocks in ((110, "basic", 18), (164, "bottleneck", 18), (1001, "bottleneck", 111)):
        network = _small(
            f"preact_resnet{depth}", blocks, block_type=block_type, preactivation=True, shortcut_norm=False
        )
        yield Design(network, f"Pre-activation ResNet-{depth}", "norm and activation before each convolution")


def _wide() -> Iterator[Design]:
    for depth, factor in ((16, 4), (28, 10)):
        network = _small(
            f"wrn_{depth}_{factor}",
            (depth - 4) // 6,
            channels=16 * factor,
            preactivation=True,
            shortcut_norm=False,
        )
        yield Design(network, f"WRN-{depth}-{factor}", f"{factor} times wider, pre-activation")


def _edifice() -> Iterator[Design]:
    small = _imagenet(
        "edifice_resnet18_cifar",
        "basic",
        (2, 2, 2, 2),
        conv_bias=True,
        input_shape=(3, 32, 32),
        num_classes=10,
    )
    yield Design(small, "Edifice ResNet-18, 32×32", "a 7×7 stem with stride 2 and pool on 32×32 images")
    for depth, block_type, sizes in (
        (18, "basic", (2, 2, 2, 2)),
        (34, "basic", (3, 4, 6, 3)),
        (50, "bottleneck", (3, 4, 6, 3)),
        (101, "bottleneck", (3, 4, 23, 3)),
        (152, "bottleneck", (3, 8, 36, 3)),
    ):
        network = _imagenet(f"edifice_resnet{depth}", block_type, sizes, conv_bias=True)
        yield Design(network, f"Edifice ResNet-{depth}", "biases in the convolutions")


def _d2l() -> Iterator[Design]:
    network = NetworkSpec(
        name="d2l_resnet18", input_shape=(1, 96, 96), num_classes=10, conv_bias=True, shortcut_norm=False
    )
    yield Design(network, "d2l ResNet-18", "biases in the convolutions, no norm after a projection")
    block: dict[str, Any] = {
        "stem": None,
        "num_classes": None,
        "conv_bias": True,
        "shortcut_norm": False,
        "block_sizes": (1,),
        "input_shape": (3, 6, 6),
    }
    same = NetworkSpec(name="d2l_residual_block", channels=3, strides=(1,), **block)
    down = NetworkSpec(name="d2l_residual_block_down", channels=6, strides=(2,), **block)
    yield Design(same, "d2l residual block", "one block, 3×6×6 in and out")
    yield Design(down, "d2l residual block, down", "one block to 6×3×3")
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
    yield Design(grouped, "d2l ResNeXt block", "one grouped bottleneck block, 32×96×96 in and out")


def _athena() -> Iterator[Design]:
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
    yield Design(NetworkSpec(name="athena_basic", **basic), "Athena basic", "one block, 2×2 max-pool, flatten, dense")
    network = NetworkSpec(
        name="athena_resnet18", norm="none", conv_bias=True, shortcut_norm=False, stem={"norm": "batch"}
    )
    pools = "Athena pools without padding, its own shapes are one less there"
    yield Design(network, "Athena ResNet-18", f"a norm in the stem alone; {pools}", pools, "stem")
    for name, norm, title in (
        ("athena_cifar_tutorial", "none", "Athena CIFAR, tutorial"),
        ("athena_cifar", "batch", "Athena CIFAR, example"),
    ):
        network = _small(name, 3, norm=norm, conv_bias=True, shortcut_norm=norm != "none")
        yield Design(network, title, "biases, projections")
    yield Design(
        NetworkSpec(name="athena_concat", **(basic | {"merge": "concat"})),
        "Athena concat",
        "the two paths side by side along the channels",
    )

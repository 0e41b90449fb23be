"""The residual network that is wanted."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from resnet_studio.spec.base import Flag, Fraction, Spec, wrong_field

BlockType = Literal["basic", "bottleneck"]
Shortcut = Literal["projection", "projection_all", "zero_pad", "identity", "none"]
Merge = Literal["add", "concat"]
StrideOn = Literal["3x3", "1x1"]
Norm = Literal["batch", "group", "none"]
Activation = Literal["relu", "leaky_relu", "gelu", "silu"]
Head = Literal["global_avg", "max_flatten"]

Channels = Annotated[int, Field(strict=True, ge=1, le=65_536)]
Side = Annotated[int, Field(strict=True, ge=1, le=65_536)]
Blocks = Annotated[int, Field(strict=True, ge=1, le=10_000)]
Stride = Annotated[int, Field(strict=True, ge=1, le=16)]
Kernel = Annotated[int, Field(strict=True, ge=1, le=63)]

MAX_STAGES = 8


class StemSpec(Spec):
    """What stands before the first stage. He et al. 2015: 64, 7x7, stride 2, pool; on CIFAR-10: 16, 3x3, stride 1."""

    channels: Channels | None = None
    """Output channels of the stem's convolution; null: those of the first stage."""
    kernel_size: Kernel = 7
    """Side of the stem's convolution kernel; the padding is half of it, rounded down."""
    stride: Stride = 2
    """Stride of the stem's convolution."""
    pool: Flag = True
    """A 3x3 max-pool with stride 2 and padding 1 after the stem."""
    norm: Norm | None = None
    """Normalisation after the stem's convolution; null: the network's own."""


class NetworkSpec(Spec):
    """A residual network; with `shortcut` none, its plain twin.

    He et al. 2015 (arXiv 1512.03385) and 2016 (1603.05027), Xie et al. 2017 (1611.05431),
    Zagoruyko and Komodakis 2016 (1605.07146). Where a design is one of torchvision's, so are its keys.
    """

    name: Annotated[str, Field(strict=True, min_length=1, max_length=120)] = "network"
    """What the design is called; run folders and exports are named after it."""
    input_shape: tuple[Channels, Side, Side] = (3, 224, 224)
    """Channels, height and width of one input image."""
    num_classes: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None = 1000
    """Outputs of the classifier; null: no head, the output is the last stage's features."""
    block_type: BlockType = "basic"
    """Basic: two 3x3 convolutions; bottleneck: 1x1, 3x3, 1x1."""
    block_sizes: Annotated[tuple[Blocks, ...], Field(min_length=1, max_length=MAX_STAGES)] = (2, 2, 2, 2)
    """Number of blocks in each stage."""
    channels: Channels | Annotated[tuple[Channels, ...], Field(min_length=1, max_length=MAX_STAGES)] = 64
    """Base channels of each stage (a bottleneck's output is `expansion` times that); one number doubles a stage."""
    strides: Annotated[tuple[Stride, ...], Field(min_length=1, max_length=MAX_STAGES)] = (1, 2, 2, 2)
    """Stride of the first block of each stage."""
    expansion: Annotated[int, Field(strict=True, ge=1, le=64)] = 4
    """Output channels of a bottleneck block as a multiple of its stage's channels."""
    groups: Annotated[int, Field(strict=True, ge=1, le=65_536)] = 1
    """Groups of the bottleneck's 3x3 convolution (cardinality, Xie et al. 2017)."""
    width_per_group: Annotated[int, Field(strict=True, ge=1, le=65_536)] = 64
    """Width of a bottleneck's group at 64 channels, as torchvision counts it; 128 is a wide network."""
    stem: StemSpec | None = StemSpec()
    """The convolution (and pool) before the first stage; null: none."""
    shortcut: Shortcut = "projection"
    """What the skip connection is: a 1x1 projection where shapes change (B), everywhere (C), zero-padding (A), never
    anything but the identity, or none at all (the plain twin)."""
    shortcut_norm: Flag = True
    """A normalisation after the shortcut's 1x1 projection."""
    merge: Merge = "add"
    """How the two paths meet: added, or side by side along the channels."""
    preactivation: Flag = False
    """Norm and activation before each convolution instead of after it (He et al. 2016)."""
    stride_on: StrideOn = "3x3"
    """The bottleneck's convolution that carries the stride: 3x3 is v1.5 (torchvision), 1x1 is v1 (He et al. 2015)."""
    norm: Norm = "batch"
    """Normalisation after the convolutions."""
    norm_groups: Annotated[int, Field(strict=True, ge=1, le=65_536)] = 32
    """Groups of group normalisation: the largest divisor of the channels up to this number."""
    norm_eps: Annotated[float, Field(strict=True, gt=0, le=1)] = 1e-5
    """Added to the variance under the root of the normalisation."""
    norm_momentum: Annotated[float, Field(strict=True, gt=0, le=1)] = 0.1
    """Weight of the newest batch in batch normalisation's running statistics."""
    activation: Activation = "relu"
    """The nonlinearity; leaky_relu has a slope of 0.01."""
    conv_bias: Flag = False
    """Biases in the convolutions (a normalisation after them makes biases redundant)."""
    zero_init_residual: Flag = False
    """Start each block as the identity: its last norm's scale, or last convolution, is zero (Goyal et al. 2017)."""
    dropout: Fraction = 0.0
    """Probability that a feature is dropped before the classifier."""
    block_dropout: Fraction = 0.0
    """Dropout between the convolutions of a block (wide residual networks)."""
    drop_path: Fraction = 0.0
    """Probability that the last block's main path is skipped for an image, linear in depth (Huang et al. 2016)."""
    head: Head = "global_avg"
    """Global average and a dense layer, or a 2x2 max-pool, flatten and a dense layer."""

    @model_validator(mode="before")
    @classmethod
    def _default_strides(cls, given: Any) -> Any:
        """Let `block_sizes` alone be enough: stride 1 in the first stage, 2 in the others."""
        if isinstance(given, dict) and "strides" not in given:
            sizes = given.get("block_sizes")
            if isinstance(sizes, (list, tuple)) and 1 <= len(sizes) <= MAX_STAGES:
                return given | {"strides": (1,) + (2,) * (len(sizes) - 1)}
        return given

    @field_validator("name")
    @classmethod
    def _printable_name(cls, name: str) -> str:
        if not name.strip() or not name.isprintable():
            raise ValueError("a name needs at least one visible character and no line breaks")
        return name

    @model_validator(mode="after")
    def _one_entry_a_stage(self) -> Self:
        stages = len(self.block_sizes)
        for field in ("strides", "channels"):
            value = getattr(self, field)
            if isinstance(value, tuple) and len(value) != stages:
                raise wrong_field(
                    field, f"{len(value)} entries for {stages} stages of block_sizes; give one for each stage"
                )
        if max(self.stage_channels) > 65_536:
            raise wrong_field(
                "channels",
                f"{self.channels:,} doubles to {max(self.stage_channels):,} in the last stage, "
                "more than 65,536; give smaller channels, or one number for each stage",
            )
        return self

    @property
    def stage_channels(self) -> tuple[int, ...]:
        """Base channels of every stage, one number doubled from stage to stage."""
        if isinstance(self.channels, tuple):
            return self.channels
        return tuple(self.channels * 2**i for i in range(len(self.block_sizes)))


def adapted(network: NetworkSpec, input_shape: tuple[int, int, int], num_classes: int | None) -> NetworkSpec:
    """Return the network for another input shape (C, H, W) and number of classes; a network without head keeps none."""
    classes = None if network.num_classes is None else num_classes
    changed = network.model_dump() | {"input_shape": input_shape, "num_classes": classes}
    return NetworkSpec.model_validate(changed)

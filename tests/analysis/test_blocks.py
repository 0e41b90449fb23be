"""What a block is made of, and which shortcut it has."""

import pytest

from resnet_studio.analysis.blocks import BlockPlan, PathsDisagree, block, inner_width, main_channels, shortcut_kind
from resnet_studio.analysis.layers import Signal, View
from resnet_studio.spec.network import NetworkSpec, Shortcut

SAME, WIDER, SMALLER = BlockPlan(64, 1), BlockPlan(128, 1), BlockPlan(64, 2)


@pytest.mark.parametrize(
    ("shortcut", "same", "changed"),
    [
        ("projection", "identity", "projection"),
        ("projection_all", "projection", "projection"),
        ("zero_pad", "identity", "zero_pad"),
        ("identity", "identity", "identity"),
        ("none", "none", "none"),
    ],
)
def test_the_shortcut_of_a_block(shortcut: Shortcut, same: str, changed: str) -> None:
    spec = NetworkSpec(shortcut=shortcut)
    assert [shortcut_kind(spec, 64, plan) for plan in (SAME, WIDER, SMALLER)] == [same, changed, changed]


@pytest.mark.parametrize(
    ("shortcut", "same", "smaller"),
    [
        ("projection", "identity", "projection"),
        ("projection_all", "identity", "projection"),
        ("zero_pad", "identity", "projection"),
        ("identity", "identity", "identity"),
        ("none", "none", "none"),
    ],
)
def test_side_by_side_the_shortcut_is_the_input_unless_it_shrinks(shortcut: Shortcut, same: str, smaller: str) -> None:
    spec = NetworkSpec(shortcut=shortcut, merge="concat")
    assert [shortcut_kind(spec, 64, plan) for plan in (SAME, WIDER, SMALLER)] == [same, same, smaller]


@pytest.mark.parametrize(
    ("groups", "width_per_group", "widths"),
    [(1, 64, (64, 512)), (32, 4, (128, 1024)), (32, 8, (256, 2048)), (64, 4, (256, 2048)), (1, 128, (128, 1024))],
)
def test_torchvisions_widths(groups: int, width_per_group: int, widths: tuple[int, int]) -> None:
    spec = NetworkSpec(block_type="bottleneck", groups=groups, width_per_group=width_per_group)
    assert (inner_width(spec, 64), inner_width(spec, 512)) == widths


def test_a_bottleneck_expands() -> None:
    assert main_channels(NetworkSpec(block_type="bottleneck", expansion=3), 64) == 192
    assert main_channels(NetworkSpec(expansion=3), 64) == 64


def paths(spec: NetworkSpec, plan: BlockPlan = SMALLER) -> list[str]:
    return [row.path for row in block(spec, Signal((32, 8, 8), View()), plan).layers]


def test_the_rows_of_a_block_stand_in_the_order_of_the_data() -> None:
    main = ["conv1", "bn1", "act1", "conv2", "bn2"]
    assert paths(NetworkSpec()) == [*main, "downsample.0", "downsample.1", "act2"]
    assert paths(NetworkSpec(shortcut_norm=False)) == [*main, "downsample.0", "act2"]
    assert paths(NetworkSpec(shortcut="zero_pad")) == [*main, "downsample", "act2"]
    assert paths(NetworkSpec(shortcut="none")) == [*main, "act2"]
    assert paths(NetworkSpec(norm="none")) == ["conv1", "act1", "conv2", "downsample.0", "act2"]
    assert paths(NetworkSpec(block_dropout=0.1, drop_path=0.1, shortcut="zero_pad")) == [
        *["conv1", "bn1", "act1", "dropout", "conv2", "bn2", "drop_path", "downsample", "act2"]
    ]
    assert paths(NetworkSpec(preactivation=True, shortcut_norm=False)) == [
        *["bn1", "act1", "conv1", "bn2", "act2", "conv2", "downsample.0"]
    ]


@pytest.mark.parametrize(("stride_on", "strides"), [("3x3", [1, 2, 1]), ("1x1", [2, 1, 1])])
def test_which_convolution_strides(stride_on: str, strides: list[int]) -> None:
    spec = NetworkSpec.model_validate({"block_type": "bottleneck", "stride_on": stride_on})
    rows = block(spec, Signal((32, 8, 8), View()), SMALLER).layers
    assert [row.stride for row in rows if row.path in {"conv1", "conv2", "conv3"}] == strides


def test_paths_that_disagree_keep_their_rows() -> None:
    with pytest.raises(PathsDisagree, match="main path 64x4x4, shortcut 32x8x8") as caught:
        block(NetworkSpec(shortcut="identity"), Signal((32, 8, 8), View()), SMALLER)
    assert [row.path for row in caught.value.layers] == ["conv1", "bn1", "act1", "conv2", "bn2"]

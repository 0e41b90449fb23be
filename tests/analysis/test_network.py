"""The presets cost what was published, and a stage of equal blocks is counted once."""

import subprocess
import sys

import pytest
from hypothesis import assume, given, settings

from resnet_studio.analysis.network import analyse
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset, presets

PARAMETERS = {
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
    "cifar_resnet20": 269_722,
    "cifar_resnet32": 464_154,
    "cifar_resnet44": 658_586,
    "cifar_resnet56": 853_018,
    "cifar_resnet110": 1_727_962,
    "cifar_resnet1202": 19_421_274,
    "plain18": 11_515_688,
    "plain34": 21_623_848,
    # shortcut A has no parameters: a plain twin has as many
    "cifar_plain20": 269_722,
    "cifar_plain32": 464_154,
    "cifar_plain44": 658_586,
    "cifar_plain56": 853_018,
    "cifar_plain110": 1_727_962,
    "preact_resnet110": 1_730_522,
    "preact_resnet164": 1_703_258,
    "preact_resnet1001": 10_327_706,
    "wrn_16_4": 2_748_890,
    "wrn_28_10": 36_479_194,
    "digits_resnet8": 77_754,
    "edifice_resnet18_cifar": 11_186_442,
    "edifice_resnet18": 11_694_312,
    "edifice_resnet34": 21_806_184,
    "edifice_resnet50": 25_583_592,
    "edifice_resnet101": 44_601_832,
    "edifice_resnet152": 60_268_520,
    "d2l_resnet18": 11_178_378,
    "d2l_residual_block": 180,
    "d2l_residual_block_down": 546,
    "d2l_resnext_block": 2_912,
    "athena_basic": 199_946,
    "athena_resnet18": 11_684_840,
    "athena_cifar_tutorial": 271_690,
    "athena_cifar": 273_258,
    # 640 in the stem, twice 36,928 in the block, 128x14x14 features to 10 classes
    "athena_concat": 640 + 2 * 36_928 + 128 * 14 * 14 * 10 + 10,
}


def test_every_preset_has_its_count() -> None:
    assert set(PARAMETERS) == set(presets())


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameters(name: str) -> None:
    analysis = analyse(preset(name))
    assert analysis.errors == ()
    assert analysis.params == PARAMETERS[name]


def test_resnet18s_multiply_adds_to_the_last_one() -> None:
    analysis = analyse(preset("resnet18"))
    assert analysis.mult_adds == 1_814_073_344
    # what torchinfo says, with norm parameters and the classifier's bias
    assert analysis.mult_adds + analysis.extra_mult_adds == 1_814_083_944


@pytest.mark.parametrize(
    ("name", "outputs"),
    [
        ("d2l_resnet18", [(64, 24, 24), (64, 24, 24), (128, 12, 12), (256, 6, 6), (512, 3, 3), (10,)]),
        ("d2l_residual_block", [(3, 6, 6)]),
        ("d2l_residual_block_down", [(6, 3, 3)]),
        ("d2l_resnext_block", [(32, 96, 96)]),
        ("cifar_resnet1202", [(16, 32, 32), (16, 32, 32), (32, 16, 16), (64, 8, 8), (10,)]),
        ("athena_concat", [(64, 28, 28), (128, 28, 28), (10,)]),
    ],
)
def test_stage_outputs(name: str, outputs: list[tuple[int, ...]]) -> None:
    assert [stage.output_shape for stage in analyse(preset(name)).stages] == outputs


def test_the_names_and_numbers_of_stages() -> None:
    stages = analyse(preset("resnet18")).stages
    assert [stage.name for stage in stages] == ["stem", "stage1", "stage2", "stage3", "stage4", "head"]
    assert [stage.number for stage in stages] == [None, 1, 2, 3, 4, None]
    assert [stage.blocks for stage in stages] == [0, 2, 2, 2, 2, 0]


@pytest.mark.parametrize(("name", "depth"), [("resnet18", 18), ("resnet152", 152), ("cifar_resnet1202", 1202)])
def test_depth(name: str, depth: int) -> None:
    assert analyse(preset(name)).depth == depth


def test_a_stage_of_any_depth_is_two_computations() -> None:
    assert [len(stage.groups) for stage in analyse(preset("cifar_resnet1202")).stages] == [0, 1, 2, 2, 0]


def test_blocks_side_by_side_widen_and_are_counted_one_by_one() -> None:
    spec = NetworkSpec(merge="concat", block_sizes=(3,), channels=8, input_shape=(3, 16, 16))
    (stage,) = [stage for stage in analyse(spec).stages if stage.number == 1]
    assert [group.block.output.shape[0] for group in stage.groups] == [16, 24, 32]


def test_the_group_of_a_block() -> None:
    stage = analyse(preset("resnet34")).stages[2]
    first, rest = stage.groups
    assert [stage.group_of(number) for number in range(4)] == [first, rest, rest, rest]


@settings(max_examples=300)
@given(...)
def test_rows_add_up_to_blocks_stages_and_totals(network: NetworkSpec) -> None:
    analysis = analyse(network)
    rows = list(analysis.layers())
    for total in ("params", "mult_adds", "extra_mult_adds", "activations"):
        assert sum(getattr(row, total) for row in rows) == getattr(analysis, total)
    assert len({row.path for row in rows}) == len(rows)


@settings(max_examples=100)
@given(...)
def test_a_deeper_stage_costs_one_block_more(network: NetworkSpec) -> None:
    assume(network.merge == "add")
    deeper = NetworkSpec.model_validate(
        network.model_dump() | {"block_sizes": (*network.block_sizes[:-1], network.block_sizes[-1] + 1)}
    )
    before, after = analyse(network), analyse(deeper)
    last = f"stage{len(network.block_sizes)}"
    (stage,) = [stage for stage in after.stages if stage.name == last]
    assert after.params - before.params == stage.groups[-1].params
    assert after.mult_adds - before.mult_adds == stage.groups[-1].mult_adds


def test_the_arithmetic_loads_neither_torch_nor_numpy() -> None:
    code = "import sys, resnet_studio.analysis.network; print({'torch', 'PySide6', 'numpy'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"

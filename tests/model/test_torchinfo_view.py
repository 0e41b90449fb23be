"""torchinfo confirms the table, and a table with one wrong number is caught."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings

from resnet_studio.analysis.layers import Layer
from resnet_studio.analysis.network import Analysis, analyse
from resnet_studio.model.network import ResNet
from resnet_studio.model.torchinfo_view import Opinion, confirm
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset, presets


def opinion(analysis: Analysis, *, whole: bool = False) -> Opinion:
    found = confirm(analysis, whole=whole)
    assert found is not None
    return found


@pytest.mark.parametrize("name", presets())
def test_every_preset_is_confirmed(name: str) -> None:
    analysis = analyse(preset(name))
    found = opinion(analysis)
    assert found.differences == ()
    assert found.agrees
    assert found.total_params == analysis.params
    assert found.mult_adds == analysis.mult_adds + analysis.extra_mult_adds


@given(...)
def test_any_network_is_confirmed_as_a_whole(network: NetworkSpec) -> None:
    analysis = analyse(network)
    found = opinion(analysis, whole=True)
    assert found.differences == ()
    assert found.whole
    assert found.mult_adds == analysis.mult_adds + analysis.extra_mult_adds


@settings(max_examples=20)
@given(...)
def test_any_network_is_confirmed_by_one_of_each_equal_blocks(network: NetworkSpec) -> None:
    short, whole = opinion(analyse(network)), opinion(analyse(network), whole=True)
    assert replace(short, whole=True) == whole


@pytest.mark.parametrize("name", ["cifar_resnet56", "resnet50", "preact_resnet110"])
def test_composing_equal_blocks_gives_the_totals_of_the_whole(name: str) -> None:
    analysis = analyse(preset(name))
    short, whole = opinion(analysis), opinion(analysis, whole=True)
    assert (short.whole, whole.whole) == (False, True)
    assert (short.total_params, short.mult_adds) == (whole.total_params, whole.mult_adds)


def test_what_torchinfo_says_of_resnet18() -> None:
    assert opinion(analyse(preset("resnet18")), whole=True).mult_adds == 1_814_083_944


def corrupted(analysis: Analysis, path: str, change: Callable[[Layer], Layer]) -> Analysis:
    """Return the analysis with one row changed; a row of a block in all blocks of its group."""
    stages = []
    for stage in analysis.stages:
        own = tuple(change(row) if row.path == path else row for row in stage.own_layers)
        groups = []
        for group in stage.groups:
            prefix = f"layer{group.stage}.{group.first}."
            rows = tuple(change(row) if prefix + row.path == path else row for row in group.block.layers)
            groups.append(replace(group, block=replace(group.block, layers=rows)))
        stages.append(replace(stage, own_layers=own, groups=tuple(groups)))
    return replace(analysis, stages=tuple(stages))


CORRUPTIONS: list[tuple[str, Callable[[Layer], Layer], str]] = [
    ("conv1", lambda row: replace(row, params=row.params + 1), "conv1: 433 parameters in the table, 432 in torchinfo"),
    (
        "layer2.1.conv2",
        lambda row: replace(row, mult_adds=row.mult_adds - 1),
        "layer2.1.conv2: 2,359,295 multiply-adds in the table, 2,359,296 in torchinfo",
    ),
    (
        "layer3.0.downsample",
        lambda row: replace(row, output_shape=(64, 9, 8)),
        "layer3.0.downsample: 32x16x16 to 64x9x8 in the table, 32x16x16 to 64x8x8 in torchinfo",
    ),
    (
        "layer1.0.bn1",
        lambda row: replace(row, input_shape=(16, 32, 31)),
        "layer1.0.bn1: 16x32x31 to 16x32x32 in the table, 16x32x32 to 16x32x32 in torchinfo",
    ),
    ("fc", lambda row: replace(row, path="fd"), "fd: no such module in the network"),
]


@pytest.mark.parametrize(("path", "change", "sentence"), CORRUPTIONS, ids=[path for path, *_ in CORRUPTIONS])
@pytest.mark.parametrize("whole", [False, True])
def test_one_wrong_number_is_named(path: str, change: Callable[[Layer], Layer], sentence: str, whole: bool) -> None:
    analysis = analyse(preset("cifar_resnet20"))
    assert opinion(analysis, whole=whole).agrees
    wrong = opinion(corrupted(analysis, path, change), whole=whole)
    assert not wrong.agrees
    assert wrong.differences[0] == sentence


def test_a_module_without_a_row_is_named() -> None:
    analysis = analyse(preset("cifar_resnet20"))
    stem, *rest = analysis.stages
    shorter = replace(analysis, stages=(replace(stem, own_layers=stem.own_layers[:-1]), *rest))
    assert opinion(shorter).differences == ("act1: a module of the network, but no row of the table",)


def test_a_stage_with_a_wrong_number_of_blocks_is_noticed() -> None:
    analysis = analyse(preset("resnet50"))
    stages = [
        replace(stage, groups=(*stage.groups[:-1], replace(stage.groups[-1], count=9))) if stage.number == 3 else stage
        for stage in analysis.stages
    ]
    wrong = opinion(replace(analysis, stages=tuple(stages)))
    assert wrong.differences == ("stage3: 10 blocks in the table, 6 in the design",)


def test_an_answer_that_is_no_longer_wanted_is_not_given() -> None:
    assert confirm(analyse(preset("digits_resnet8")), stale=lambda: True) is None


def test_an_answer_is_given_up_between_two_modules() -> None:
    asked = 0

    def stale() -> bool:
        nonlocal asked
        asked += 1
        return asked > 5

    assert confirm(analyse(preset("digits_resnet8")), stale=stale) is None
    assert asked == 6, "nothing was summarised after that"


def test_a_network_that_fails_is_not_taken_for_an_answer_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("a fault of the network")

    monkeypatch.setattr(ResNet, "forward", broken)
    with pytest.raises(RuntimeError, match="Failed to run torchinfo"):
        confirm(analyse(preset("digits_resnet8")))

"""The inside of blocks in words, in the order in which the data flows."""

from typing import Any

import pytest

from resnet_studio.analysis.network import analyse
from resnet_studio.gui.pages.design.diagram.detail import Detail, Remark, inside
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset


def detail(spec: NetworkSpec, stage: int | None, block: int | None) -> Detail:
    found = inside(analyse(spec), stage, block)
    assert isinstance(found, Detail)
    return found


def changed(name: str, **fields: Any) -> NetworkSpec:
    return NetworkSpec.model_validate(preset(name).model_dump() | fields)


def test_a_bottleneck_with_projection() -> None:
    found = detail(preset("resnet50"), 3, 0)
    assert [part.words for part in found.main] == [
        *("conv 1×1", "norm", "relu", "conv 3×3 /2", "norm", "relu", "conv 1×1", "norm")
    ]
    assert [part.words for part in found.after] == ["relu"]
    assert [(part.words, part.figures) for part in found.side] == [("conv 1×1 /2", "524,288"), ("norm", "2,048")]
    assert (found.before, found.behind, found.meeting, found.fork) == ("512×28×28", "1024×14×14", "add", 0)


def test_a_preactivated_projection_leaves_behind_the_first_activation() -> None:
    first, second = detail(preset("preact_resnet164"), 2, 0), detail(preset("preact_resnet164"), 2, 1)
    assert [part.words for part in first.main[:3]] == ["norm", "relu", "conv 1×1"]
    assert (first.fork, first.after) == (2, ())
    assert (second.fork, second.shortcut) == (0, "identity")


def test_a_plain_block_has_one_path() -> None:
    found = detail(preset("cifar_plain20"), 2, 0)
    assert (found.meeting, found.side, found.shortcut) == (None, (), "none")
    assert found.after[-1].words == "relu"


def test_zero_padding_stands_on_the_shortcut() -> None:
    found = detail(preset("cifar_resnet20"), 2, 0)
    assert [part.words for part in found.side] == ["zero padding /2"]
    assert "zero_pad" not in {part.kind for part in found.main}


def test_concatenation_dropouts_and_groups_are_named() -> None:
    found = detail(changed("athena_concat", block_dropout=0.3, drop_path=0.1, activation="leaky_relu"), 1, 0)
    assert found.meeting == "concat"
    assert {"dropout", "drop", "leaky"} <= {part.words for part in found.main}
    grouped = detail(preset("resnext50_32x4d"), 1, 0)
    assert [part.note for part in grouped.main if part.kind == "conv"] == ["", "32 groups", ""]


def test_all_blocks_of_a_stage_are_in_its_groups() -> None:
    found = detail(preset("cifar_resnet1202"), 2, None)
    assert [(part.words, part.figures, part.block) for part in found.main] == [
        ("block 1", "13,952", 0),
        ("blocks 2 to 200", "18,560 each", 1),
    ]
    growing = detail(changed("athena_concat", block_sizes=(50,)), 1, None)
    assert [part.words for part in growing.main] == [*(f"block {n}" for n in (1, 2, 3, 4, 5)), "block 50"]


@pytest.mark.parametrize("place", [(None, None), (2, None), (2, 0)])
def test_the_fault_has_both_shapes(place: tuple[int | None, int | None]) -> None:
    found = detail(changed("resnet18", shortcut="identity"), *place)
    assert found.faulty
    assert (found.title, found.behind, found.meeting) == ("stage 2, block 1", "unknown", "fault")
    assert found.contradiction == ("128×28×28", "64×56×56")


def test_a_fault_on_a_padded_shortcut_names_it() -> None:
    found = detail(NetworkSpec(block_sizes=(2, 2), channels=(64, 32), shortcut="zero_pad"), 2, 0)
    assert (found.shortcut, [part.kind for part in found.side]) == ("zero_pad", ["zero_pad"])


def test_what_can_not_be_shown_is_said() -> None:
    broken = analyse(changed("resnet18", shortcut="identity"))
    assert inside(broken, 3, 0) == Remark("Unknown until stage 2, block 1 is mended.")
    whole = inside(analyse(NetworkSpec(groups=4)), 1, 0)
    assert isinstance(whole, Remark)
    assert whole.faulty
    assert isinstance(inside(analyse(preset("resnet18")), None, None), Remark)

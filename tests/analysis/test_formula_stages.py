"""What is said of stages and of the whole network."""

from typing import Any

from resnet_studio.analysis.formula import Explanation, Quantity, explain_stage, explain_total
from resnet_studio.analysis.network import analyse
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset


def stage(name: str, place: int, quantity: Quantity, **changes: Any) -> Explanation:
    analysis = analyse(NetworkSpec.model_validate(preset(name).model_dump() | changes))
    return explain_stage(analysis, analysis.stages[place], quantity)


def test_equal_blocks_widen_the_view_equally() -> None:
    assert stage("resnet18", 1, "receptive_field").lines == (
        "blocks 1 and 2, each: (3 − 1) × 4 + (3 − 1) × 4 = 16",
        "r_out = 11 + 2 × 16 = 43",
    )
    assert stage("resnet50", 1, "receptive_field").lines[-1] == "r_out = 11 + 8 + 2 × 8 = 35"


def test_a_stage_is_the_sum_of_its_distinct_blocks() -> None:
    said = stage("resnet50", 3, "params")
    assert said.title == "Parameters of stage 3"
    assert said.lines == (
        "block 1: 1,512,448",
        "blocks 2 to 6: 5 × 1,117,184 = 5,585,920",
        "1,512,448 + 5,585,920 = 7,098,368",
    )


def test_a_total_is_the_sum_of_its_stages() -> None:
    said = explain_total(analyse(preset("resnet18")), "params")
    assert said.title == "Parameters of resnet18"
    assert said.lines[-1].endswith(" + 513,000 = 11,689,512")


def test_the_total_of_a_broken_design_says_what_is_left_out() -> None:
    analysis = analyse(NetworkSpec(shortcut="identity"))
    said = explain_total(analysis, "params")
    assert said.value == analysis.params
    assert said.lines[0] == "Only what stands ahead of the fault is counted."
    assert said.lines[1:3] == ("stem: 9,536", "stage 1: 147,968")
    nothing = explain_total(analyse(NetworkSpec(groups=32)), "params")
    assert (nothing.value, nothing.lines[-1]) == (0, "parameters = 0")
    assert "fault" not in explain_total(analyse(preset("resnet18")), "params").lines[0]


def test_a_view_larger_than_the_image_says_so() -> None:
    assert (
        "The view is larger than the 224×224 image: part of it is padding."
        in stage("resnet50", 4, "receptive_field").lines
    )


def test_the_head_sees_all() -> None:
    said = stage("resnet50", -1, "receptive_field")
    assert (said.value, said.lines) == (None, ("All of the 224×224 image.",))


def test_blocks_side_by_side_add_their_channels() -> None:
    assert "C_out = 64 + 2 × 64 = 192" in stage("athena_concat", 1, "output_shape", block_sizes=(2,)).lines

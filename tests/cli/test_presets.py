"""The list of presets."""

from typing import TYPE_CHECKING

from resnet_studio.spec.presets import presets

if TYPE_CHECKING:
    from tests.cli.conftest import Command


def test_all_presets_with_what_was_published(command: "Command") -> None:
    outcome = command("presets", "--json")
    assert outcome.code == 0
    listed = {preset["name"]: preset for preset in outcome.json}
    assert list(listed) == list(presets())
    assert set(listed["resnet50"]) == {"name", "input_shape", "num_classes", "total_params", "mult_adds", "published"}
    assert listed["resnet50"]["total_params"] == 25_557_032
    assert listed["resnet50"]["mult_adds"] == 4_089_184_256
    assert listed["resnet50"]["input_shape"] == [3, 224, 224]
    assert listed["d2l_residual_block"]["num_classes"] is None
    count, error = listed["cifar_resnet20"]["published"]
    assert (count["quantity"], count["value"], count["precision"]) == ("parameters", 270_000, 10_000)
    assert error == {
        "quantity": "top1_error",
        "value": 8.75,
        "source": "He et al. 2015, arXiv 1512.03385",
        "note": "CIFAR-10",
        "where": "table 6",
        "precision": 0.01,
        "above": False,
    }


def test_a_preset_without_figures_says_why(command: "Command") -> None:
    listed = {preset["name"]: preset for preset in command("presets", "--json").json}
    assert listed["digits_resnet8"]["published"] == []
    assert "no paper has it" in listed["digits_resnet8"]["unpublished"]
    assert "unpublished" not in listed["resnet50"]


def test_lines_for_a_reader(command: "Command") -> None:
    outcome = command("presets")
    assert outcome.code == 0
    heading, *lines = outcome.out.splitlines()
    assert heading.split() == ["name", "input", "classes", "parameters", "mult-adds"]
    assert len(lines) == len(presets())
    (line,) = [line for line in lines if line.startswith("resnet18 ")]
    assert line.split()[:5] == ["resnet18", "3x224x224", "1,000", "11,689,512", "1,814,073,344"]

"""What a network costs, for readers and for machines."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from resnet_studio.analysis.network import Analysis
from resnet_studio.model.torchinfo_view import Opinion, confirm
from resnet_studio.spec.presets import presets

if TYPE_CHECKING:
    from tests.cli.conftest import Command


@pytest.mark.parametrize("name", presets())
def test_every_preset_agrees_with_torchinfo(command: "Command", name: str) -> None:
    outcome = command("summary", name, "--json")
    assert outcome.code == 0
    report = outcome.json
    assert report["torchinfo"]["agrees"] is True
    assert report["torchinfo"]["total_params"] == report["total_params"] == report["trainable_params"]
    assert sum(stage["params"] for stage in report["stages"]) == report["total_params"]
    assert sum(layer["mult_adds"] for layer in report["layers"]) == report["mult_adds"]


def test_the_json_of_resnet18(command: "Command") -> None:
    report = command("summary", "resnet18", "--json").json
    assert report["name"] == "resnet18"
    assert report["input_shape"] == [3, 224, 224]
    assert (report["total_params"], report["mult_adds"]) == (11_689_512, 1_814_073_344)
    assert report["torchinfo"]["mult_adds"] == 1_814_083_944
    assert report["findings"] == []
    assert [stage["name"] for stage in report["stages"]] == ["stem", "stage1", "stage2", "stage3", "stage4", "head"]
    assert [stage["output_shape"] for stage in report["stages"]] == [
        *([64, 56, 56], [64, 56, 56], [128, 28, 28], [256, 14, 14], [512, 7, 7], [1000])
    ]
    assert [stage["blocks"] for stage in report["stages"]] == [0, 2, 2, 2, 2, 0]
    first = report["layers"][0]
    assert (first["path"], first["kind"]) == ("conv1", "conv")
    assert (first["input_shape"], first["output_shape"]) == ([3, 224, 224], [64, 112, 112])
    assert (first["params"], first["mult_adds"]) == (9408, 118_013_952)


def test_the_table_of_stages(command: "Command") -> None:
    outcome = command("summary", "d2l_resnet18")
    assert outcome.code == 0
    assert outcome.err == ""
    lines = outcome.out.splitlines()
    assert lines[0] == "d2l_resnet18: input 1x96x96, 10 classes, 18 layers deep"
    assert lines[1] == "depth 18: 1 stem + 2 × (2 + 2 + 2 + 2) + 1 dense"
    outputs = ["64x24x24", "64x24x24", "128x12x12", "256x6x6", "512x3x3", "10"]
    assert [next(word for word in outputs if word in line.split()) for line in lines[3:9]] == outputs
    assert lines[9:11] == [
        "11,178,378 parameters, 318,657,536 multiply-adds an image",
        "0.637 GFLOPs forward and 1.260 backward an image",
    ]
    assert lines[-1] == "torchinfo agrees (the whole network)"


def test_what_the_literature_says_of_a_preset(command: "Command") -> None:
    lines = command("summary", "resnet50").out.splitlines()
    remark = "stride on the 3×3 convolution: v1.5, as torchvision; He et al. 2015 had it on the 1×1"
    assert f"remark: {remark}" in lines
    assert "published: parameters 25,557,032 (agrees), torchvision" in lines
    table = "He et al. 2015, arXiv 1512.03385, table"
    assert f"published: multiply-adds 3.8 G (here 4.1 G), {table} 1: v1: stride on the 1×1" in lines
    assert f"published: top-1 error 22.85 %, {table} 3: ImageNet, 10-crop, shortcut projection" in lines
    assert not any(line.startswith("departs: ") for line in lines)


def test_a_preset_of_which_nothing_was_published_says_why(command: "Command") -> None:
    lines = command("summary", "digits_resnet8").out.splitlines()
    assert "published: nothing, the studio's own design for the embedded digits: no paper has it" in lines


def test_the_literature_as_json(command: "Command") -> None:
    report = command("summary", "cifar_resnet20", "--json").json
    assert report["depth_in_words"] == "6n + 2 = 20: 1 stem + 18 + 1 dense"
    assert report["flops"] == {"forward": 2 * 40_551_040, "backward": 4 * 40_551_040 - 2 * 442_368}
    assert (report["remarks"], report["departures"]) == ([], [])
    count, error = report["ledger"]
    assert count["quantity"] == "parameters"
    assert (count["published"], count["here"], count["agrees"]) == (270_000, 269_722, True)
    assert (error["published"], error["unit"], error["here"], error["agrees"]) == (8.75, "%", None, None)


def test_a_design_named_after_a_preset_is_compared_with_it(command: "Command", tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    fields = {"name": "resnet50", "block_type": "bottleneck", "block_sizes": [3, 4, 8, 3]}
    path.write_text(json.dumps({"format": "resnet-studio/network", "version": 1} | fields))
    lines = command("summary", path).out.splitlines()
    assert "departs: stage 3 has 8 blocks, ResNet-50 has 6" in lines
    assert "published: parameters 25,557,032 (here 27,791,400), torchvision" in lines


def test_the_rows_that_are_wanted(command: "Command") -> None:
    def names(depth: str) -> list[str]:
        lines = command("summary", "digits_resnet8", "--depth", depth).out.splitlines()
        end = next(place for place, line in enumerate(lines) if "multiply-adds an image" in line)
        return [line.split()[0] for line in lines[3:end]]

    assert names("stage") == ["stem", "stage1", "stage2", "stage3", "head"]
    assert names("block") == ["layer1.0", "layer2.0", "layer3.0"]
    assert names("stage,block") == ["stem", "stage1", "layer1.0", "stage2", "layer2.0", "stage3", "layer3.0", "head"]
    layers = names("layer")
    assert layers[:4] == ["conv1", "bn1", "act1", "layer1.0.conv1"]
    assert layers[-3:] == ["avgpool", "flatten", "fc"]


def test_verifying_goes_through_the_whole_network(command: "Command") -> None:
    quick = command("summary", "cifar_resnet56", "--json").json["torchinfo"]
    whole = command("summary", "cifar_resnet56", "--json", "--verify").json["torchinfo"]
    assert (quick["whole"], whole["whole"]) == (False, True)
    assert quick | {"whole": True} == whole


def broken(folder: Path) -> Path:
    path = folder / "broken.json"
    path.write_text(json.dumps({"format": "resnet-studio/network", "version": 1, "shortcut": "identity"}))
    return path


def test_a_broken_design_shows_its_rows_up_to_the_fault(command: "Command", tmp_path: Path) -> None:
    outcome = command("summary", broken(tmp_path), "--json")
    assert outcome.code == 1
    assert outcome.sentence == "network can't be built: stage 2, block 1: main path 128x28x28, shortcut 64x56x56."
    report = outcome.json
    assert (report["total_params"], report["trainable_params"], report["mult_adds"]) == (None, None, None)
    assert (report["flops"], report["ledger"]) == (None, [])
    assert report["torchinfo"] is None
    assert [stage["name"] for stage in report["stages"]] == ["stem", "stage1"]
    assert report["layers"][-1]["path"] == "layer2.0.bn2"
    (finding,) = report["findings"]
    assert (finding["severity"], finding["field"]) == ("error", "network.shortcut")
    assert finding["message"] == "stage 2, block 1: main path 128x28x28, shortcut 64x56x56"
    assert finding["mend"] == {"network.shortcut": "projection"}


def test_a_broken_design_for_a_reader(command: "Command", tmp_path: Path) -> None:
    outcome = command("summary", broken(tmp_path), "--depth", "layer")
    assert outcome.code == 1
    *_, last, finding = outcome.out.splitlines()
    assert last.split()[0] == "layer2.0.bn2"
    assert finding.startswith("error: network.shortcut: stage 2, block 1: main path 128x28x28, shortcut 64x56x56 (")
    assert "can't be built" in outcome.sentence


def test_odd_things_are_said(command: "Command") -> None:
    outcome = command("summary", "edifice_resnet18_cifar")
    assert outcome.code == 0
    assert "warning: network.stem.kernel_size: the stem shrinks 32x32 images to 8x8" in outcome.out


def test_a_torchinfo_that_disagrees_is_a_failure(command: "Command", monkeypatch: pytest.MonkeyPatch) -> None:
    def doubting(analysis: Analysis, *, whole: bool) -> Opinion:
        found = confirm(analysis, whole=whole)
        assert found is not None
        return replace(found, differences=("conv1: 9,409 parameters in the table, 9,408 in torchinfo",))

    monkeypatch.setattr("resnet_studio.model.torchinfo_view.confirm", doubting)
    outcome = command("summary", "resnet18", "--json")
    assert outcome.code == 1
    assert outcome.json["torchinfo"]["agrees"] is False
    assert outcome.sentence == (
        "torchinfo disagrees with the table: conv1: 9,409 parameters in the table, 9,408 in torchinfo."
    )

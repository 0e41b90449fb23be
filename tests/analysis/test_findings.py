"""What is wrong or odd is said in one sentence at its field, and the mend mends it."""

from typing import Any

import pytest

from resnet_studio.analysis.findings import Finding, data_mismatch
from resnet_studio.analysis.network import analyse
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset

SMALL_STEM = {"kernel_size": 3, "stride": 1, "pool": False}


def mended(spec: NetworkSpec, finding: Finding) -> NetworkSpec:
    return with_values(ExperimentSpec(network=spec), finding.mend).network


def only(findings: tuple[Finding, ...]) -> Finding:
    (finding,) = findings
    return finding


def test_identity_shortcuts_where_shapes_change() -> None:
    spec = NetworkSpec(shortcut="identity")
    analysis = analyse(spec)
    finding = only(analysis.errors)
    assert finding.message == "stage 2, block 1: main path 128x28x28, shortcut 64x56x56"
    assert finding.field == "network.shortcut"
    assert "stride 2 and 64 to 128 channels" in finding.detail
    fault = analysis.fault
    assert fault is not None
    assert (fault.stage, fault.block, fault.input_shape) == (2, 1, (64, 56, 56))
    assert (fault.main_shape, fault.shortcut_shape) == ((128, 28, 28), (64, 56, 56))


def test_the_rows_up_to_the_fault_stay() -> None:
    analysis = analyse(NetworkSpec(shortcut="identity"))
    assert [stage.name for stage in analysis.stages] == ["stem", "stage1"]
    paths = [row.path for row in analysis.layers()]
    assert paths[0] == "conv1"
    assert paths[-5:] == [f"layer2.0.{name}" for name in ("conv1", "bn1", "act1", "conv2", "bn2")]


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"shortcut": "identity"}, "network.shortcut", "stage 2, block 1: main path 128x28x28, shortcut 64x56x56"),
        (
            {"shortcut": "identity", "merge": "concat"},
            "network.shortcut",
            "stage 2, block 1: main path 128x28x28, shortcut 192x56x56",
        ),
        (
            {"shortcut": "zero_pad", "channels": (64, 32, 64, 64)},
            "network.shortcut",
            "stage 2, block 1: main path 32x28x28, shortcut 64x28x28",
        ),
        (
            {"shortcut": "identity", "stem": None, "block_sizes": (1,)},
            "network.shortcut",
            "stage 1, block 1: main path 64x224x224, shortcut 3x224x224",
        ),
        ({"groups": 32}, "network.groups", "basic blocks have no groups: groups 32, width_per_group 64"),
        ({"width_per_group": 128}, "network.groups", "basic blocks have no groups: groups 1, width_per_group 128"),
        (
            {"block_type": "bottleneck", "width_per_group": 1, "channels": (64, 32, 64, 64)},
            "network.width_per_group",
            "stage 2: 32 channels at width_per_group 1 leave no channel for the 3x3 convolution",
        ),
    ],
)
def test_an_error_is_said_and_mended(given: dict[str, Any], field: str, message: str) -> None:
    spec = NetworkSpec.model_validate(given)
    finding = only(analyse(spec).findings)
    assert (finding.severity, finding.field, finding.message) == ("error", field, message)
    assert finding.mend_label
    assert analyse(mended(spec, finding)).errors == ()


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"input_shape": (3, 1, 1), "head": "max_flatten"}, "network.head", "head: a 2x2 pool finds no place in 512x1"),
        (
            {"input_shape": (3, 65_536, 65_536), "channels": 4096, "block_sizes": (1,), "stem": None},
            "network.input_shape",
            "the activations of one image need 384.0 TiB",
        ),
        (
            {"block_type": "bottleneck", "channels": 65_536, "block_sizes": (10_000,), "expansion": 64},
            "network.channels",
            "5,884,200,210,465,768 parameters need 64,219.8 TiB for weights, gradients and momentum",
        ),
    ],
)
def test_an_error_without_a_mend(given: dict[str, Any], field: str, message: str) -> None:
    analysis = analyse(NetworkSpec.model_validate(given))
    finding = only(analysis.findings)
    assert (finding.severity, finding.field, finding.mend) == ("error", field, {})
    assert finding.message.startswith(message)
    assert analysis.fault is not None


def test_an_imagenet_stem_on_small_images_is_odd() -> None:
    spec = preset("edifice_resnet18_cifar")
    finding = only(analyse(spec).findings)
    assert (finding.severity, finding.field) == ("warning", "network.stem.kernel_size")
    assert finding.message == "the stem shrinks 32x32 images to 8x8 before the first stage"
    assert analyse(mended(spec, finding)).findings == ()


def test_stages_that_see_no_neighbours_are_odd() -> None:
    spec = NetworkSpec.model_validate({"input_shape": (1, 4, 4), "stem": SMALL_STEM})
    finding = only(analyse(spec).findings)
    assert (finding.severity, finding.field) == ("warning", "network.strides.3")
    assert finding.message == "stage 3 is already down to 1x1; the stages after it see no neighbours"


def test_the_last_stage_may_be_down_to_one_position() -> None:
    assert analyse(NetworkSpec.model_validate({"input_shape": (1, 8, 8), "stem": SMALL_STEM})).findings == ()


def test_odd_channels_are_worth_a_word() -> None:
    finding = only(analyse(NetworkSpec(channels=(60, 128, 128, 60))).findings)
    assert (finding.severity, finding.message) == ("info", "60 channels are no multiple of 8")


def test_presets_are_sound() -> None:
    assert analyse(preset("resnet50")).findings == ()


def test_data_that_fits() -> None:
    assert data_mismatch(preset("digits_resnet8"), (1, 8, 8), 10, "Digits") is None


def test_data_with_other_classes() -> None:
    spec = preset("resnet18")
    finding = data_mismatch(spec, (3, 224, 224), 10, "Clothing")
    assert finding is not None
    assert (finding.field, finding.mend_label) == ("network.num_classes", "Set classes to 10")
    assert finding.message == "1,000 classes, but Clothing has 10"
    assert data_mismatch(mended(spec, finding), (3, 224, 224), 10, "Clothing") is None


def test_data_of_another_shape() -> None:
    spec = preset("resnet18")
    finding = data_mismatch(spec, (1, 28, 28), 10, "MNIST")
    assert finding is not None
    assert finding.message == "3x224x224 input, but MNIST has images of 1x28x28; 1,000 classes, but MNIST has 10"
    assert (finding.field, finding.mend_label) == ("network.input_shape", "Match the data")
    assert data_mismatch(mended(spec, finding), (1, 28, 28), 10, "MNIST") is None


def test_labels_need_a_head() -> None:
    spec = preset("d2l_residual_block")
    finding = data_mismatch(spec, (3, 6, 6), 10, "Clothing")
    assert finding is not None
    assert (finding.severity, finding.field) == ("error", "network.num_classes")
    assert mended(spec, finding).num_classes == 10

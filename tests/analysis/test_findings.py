"""What is wrong or odd is said in one sentence at its field, and the mend mends it."""

from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import settings

from resnet_studio.analysis.cost import GIB, training_bytes
from resnet_studio.analysis.findings import Finding, beyond_memory, data_mismatch
from resnet_studio.analysis.network import analyse
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset, presets
from resnet_studio.spec.training import TrainingSpec

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


def test_a_pool_that_finds_no_place_gives_way_to_an_average() -> None:
    spec = NetworkSpec(input_shape=(3, 1, 1), head="max_flatten")
    finding = only(analyse(spec).errors)
    assert (finding.field, finding.message) == ("network.head", "head: a 2x2 pool finds no place in 512x1x1")
    assert analyse(mended(spec, finding)).errors == ()


def test_a_width_that_leaves_no_channel_grows_as_far_as_it_must() -> None:
    finding = only(analyse(NetworkSpec(block_type="bottleneck", groups=32, width_per_group=1, channels=24)).errors)
    assert finding.mend == {"network.width_per_group": 3}


def test_an_imagenet_stem_on_small_images_is_odd() -> None:
    spec = NetworkSpec.model_validate(preset("edifice_resnet18_cifar").model_dump() | {"conv_bias": False})
    finding = only(analyse(spec).findings)
    assert (finding.severity, finding.field) == ("warning", "network.stem.kernel_size")
    assert finding.message == "the stem shrinks 32x32 images to 8x8 before the first stage"
    assert analyse(mended(spec, finding)).findings == ()


@pytest.mark.parametrize(
    ("given", "field", "number"),
    [
        ({"input_shape": (1, 4, 4), "stem": SMALL_STEM}, "network.strides.2", 3),
        ({"input_shape": (1, 2, 2), "stem": {"kernel_size": 3, "stride": 2}}, "network.stem.stride", 1),
        ({"input_shape": (1, 1, 1), "stem": SMALL_STEM}, "network.strides.0", 1),
    ],
)
def test_stages_that_see_no_neighbours_are_odd(given: dict[str, Any], field: str, number: int) -> None:
    spec = NetworkSpec.model_validate(given)
    finding = only(analyse(spec).findings)
    assert (finding.severity, finding.field) == ("warning", field)
    assert finding.message == f"stage {number} is already down to 1x1; the stages after it see no neighbours"
    if spec.input_shape[1:] == (1, 1):
        assert finding.mend == {}
    else:
        assert finding not in analyse(mended(spec, finding)).findings


def test_the_last_stage_may_be_down_to_one_position() -> None:
    assert analyse(NetworkSpec.model_validate({"input_shape": (1, 8, 8), "stem": SMALL_STEM})).findings == ()


BOTTLENECK: dict[str, Any] = {"block_type": "bottleneck"}
GROUP_NORM: dict[str, Any] = {"norm": "group", "channels": (64, 128, 128, 64)}


@pytest.mark.parametrize(
    ("given", "severity", "message", "mend"),
    [
        (
            {"channels": (60, 128, 128, 60)},
            "info",
            "60 channels are no multiple of 8",
            {"network.channels": (64, 128, 128, 64)},
        ),
        ({"channels": 12}, "info", "12 channels are no multiple of 8", {"network.channels": 16}),
        (
            {"channels": 9, "block_sizes": (1,), "shortcut": "zero_pad", "stem": SMALL_STEM | {"channels": 9}},
            "info",
            "9 channels are no multiple of 8",
            {"network.channels": 16},
        ),
        (
            {"channels": 12, "shortcut": "identity", "block_sizes": (2,)},
            "info",
            "12 channels are no multiple of 8",
            {},
        ),
        (
            BOTTLENECK | {"channels": 24, "groups": 32, "width_per_group": 4},
            "info",
            "stage 1: 24 channels x 4 / 64 are 1.5 a group, rounded down to 1",
            {"network.channels": 32},
        ),
        (
            BOTTLENECK | {"channels": 8, "width_per_group": 100},
            "info",
            "stage 1: 8 channels x 100 / 64 are 12.5 a group, rounded down to 12",
            {"network.width_per_group": 104},
        ),
        (
            BOTTLENECK | {"groups": 64, "width_per_group": 1},
            "info",
            "stage 1: each of 64 groups is one channel wide",
            {},
        ),
        (
            GROUP_NORM | {"norm_groups": 24},
            "info",
            "stem: 24 norm groups don't divide 64 channels; 16 are used there",
            {"network.norm_groups": 16},
        ),
        (
            GROUP_NORM | {"norm_groups": 64, "input_shape": (3, 32, 32), "stem": {"kernel_size": 5}},
            "warning",
            "stage 4: 64 norm groups on 64x1x1 leave one number in each, which becomes zero",
            {"network.norm_groups": 32},
        ),
        (
            {"shortcut": "none", "drop_path": 0.1},
            "info",
            "stochastic depth of 10 % has no effect without skip connections",
            {"network.drop_path": 0.0},
        ),
        (
            {"shortcut": "none", "zero_init_residual": True},
            "warning",
            "without skip connections zero-init starts every block at zero: nothing comes through",
            {"network.zero_init_residual": False},
        ),
        (
            {"merge": "concat", "zero_init_residual": True},
            "warning",
            "side by side zero-init starts every main path at zero, where the ReLU lets no gradient through",
            {"network.zero_init_residual": False},
        ),
        (
            {"conv_bias": True},
            "info",
            "4,800 biases before a norm are redundant",
            {"network.conv_bias": False},
        ),
        (
            {"block_sizes": (1,), "channels": 8, "dropout": 0.5},
            "warning",
            "dropout 50 % leaves 4.0 of 8 features on average",
            {"network.dropout": 0.3},
        ),
        (
            {"block_sizes": (1,), "channels": 8, "dropout": 0.35, "activation": "gelu"},
            "warning",
            "dropout 35 % leaves 5.2 of 8 features on average",
            {"network.dropout": 0.3},
        ),
        (
            {"block_sizes": (1,), "channels": 1, "dropout": 0.1, "stem": None},
            "warning",
            "dropout 10 % leaves 0.9 of 1 features on average",
            {"network.dropout": 0.05},
        ),
    ],
)
def test_something_odd_is_said_and_mended(
    given: dict[str, Any], severity: str, message: str, mend: dict[str, Any]
) -> None:
    spec = NetworkSpec.model_validate(given)
    finding = only(analyse(spec).findings)
    assert (finding.severity, finding.message, finding.mend) == (severity, message, mend)
    assert bool(finding.mend_label) == bool(mend)
    if mend:
        assert analyse(mended(spec, finding)).findings == ()


@pytest.mark.parametrize(
    "given",
    [
        {"channels": (3, 6, 8, 16)},
        {"block_sizes": (1,), "channels": 8, "dropout": 0.3},
        {"dropout": 0.9},
        GROUP_NORM | {"norm_groups": 32},
        {"norm": "none", "conv_bias": True},
        {"norm": "group", "conv_bias": True},
        {"merge": "concat", "zero_init_residual": True, "activation": "silu"},
        BOTTLENECK | {"groups": 32, "width_per_group": 4},
    ],
)
def test_what_is_in_order_is_not_said(given: dict[str, Any]) -> None:
    assert analyse(NetworkSpec.model_validate(given)).findings == ()


@settings(max_examples=300)
@drawn(...)
def test_a_mend_leaves_a_design_that_can_be_built_without_the_fault(network: NetworkSpec) -> None:
    for finding in analyse(network).findings:
        assert hasattr(network, finding.field.split(".")[1])
        if finding.mend:
            assert finding.mend_label
            after = analyse(mended(network, finding))
            assert after.errors == ()
            assert finding.message not in [other.message for other in after.findings]


@pytest.mark.parametrize("name", presets())
def test_presets_are_sound(name: str) -> None:
    findings = analyse(preset(name)).findings
    assert len(findings) <= 2
    warned = [finding.field for finding in findings if finding.severity != "info"]
    # its 7x7 stem on 32x32 images is what the preset is there to show
    assert warned == (["network.stem.kernel_size"] if name == "edifice_resnet18_cifar" else [])
    biases = [finding.field for finding in findings if finding.severity == "info"]
    assert biases == (["network.conv_bias"] if preset(name).conv_bias and preset(name).norm == "batch" else [])


TRAINING = TrainingSpec(batch_size=128, precision="fp32")


def test_training_that_fits() -> None:
    analysis = analyse(preset("resnet50"))
    need = training_bytes(analysis.params, analysis.activations, 128, "fp32")
    assert beyond_memory(analysis, TRAINING, "The device", need) is None
    assert beyond_memory(analysis, TRAINING, "The device", need - 1) is not None


def test_training_beyond_the_memory_of_a_device() -> None:
    spec, memory = preset("resnet50"), 8 * GIB
    analysis = analyse(spec)
    finding = beyond_memory(analysis, TRAINING, "The device", memory)
    assert finding is not None
    assert (finding.severity, finding.field) == ("warning", "training.batch_size")
    assert finding.message == (
        "training takes an estimated 11.0 GiB at 128 images a step in fp32; The device has 8.0 GiB"
    )
    assert (finding.mend_label, finding.mend) == ("Set the batch size to 64", {"training.batch_size": 64})
    after = with_values(ExperimentSpec(network=spec, training=TRAINING), finding.mend)
    assert beyond_memory(analysis, after.training, "The device", memory) is None
    twice = with_values(after, {"training.batch_size": 128})
    assert beyond_memory(analysis, twice.training, "The device", memory) is not None


def test_half_precision_and_fewer_moments_take_less() -> None:
    analysis, memory = analyse(preset("resnet50")), 6 * GIB
    assert beyond_memory(analysis, TRAINING, "The device", memory) is not None
    assert beyond_memory(analysis, TRAINING, "The device", memory, precision="bf16") is None
    adam = TrainingSpec(optimizer="adam", batch_size=1, precision="fp32")
    plain = TrainingSpec(optimizer="sgd", momentum=0.0, batch_size=1, precision="fp32")
    memory = 12 * analysis.params
    assert beyond_memory(analysis, plain, "The device", memory) is None
    assert beyond_memory(analysis, adam, "The device", memory) is not None


def test_auto_precision_is_counted_as_fp32() -> None:
    analysis = analyse(preset("resnet50"))
    auto = TrainingSpec(batch_size=128, precision="auto")
    assert beyond_memory(analysis, auto, "A", 8 * GIB) == beyond_memory(analysis, TRAINING, "A", 8 * GIB)


def test_not_even_one_image_fits() -> None:
    finding = beyond_memory(analyse(preset("resnet50")), TRAINING, "The device", GIB // 4)
    assert finding is not None
    assert (finding.field, finding.mend) == ("network.channels", {})
    assert finding.message == "training takes an estimated 0.4 GiB even with one image a step; The device has 0.2 GiB"


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

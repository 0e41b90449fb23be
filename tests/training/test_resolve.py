import pytest

from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.spec.presets import preset
from resnet_studio.training.device import Device
from resnet_studio.training.resolve import eval_batch_size, log_every, resolved

GIB = 2**30
OLD_CPU = Device("cpu", "old", bf16=False, memory=8 * GIB)
CPU = Device("cpu", "new", bf16=True, memory=8 * GIB)
OLD_GPU = Device("cuda:0", "old", bf16=False, memory=8 * GIB)
GPU = Device("cuda:0", "new", bf16=True, memory=8 * GIB)
APPLE = Device("mps", "apple", bf16=False, memory=8 * GIB)


@pytest.mark.parametrize(
    ("device", "network", "precision", "channels_last"),
    [
        (CPU, "cifar_resnet20", "bf16", True),
        (CPU, "digits_resnet8", "fp32", True),
        (OLD_CPU, "cifar_resnet20", "fp32", True),
        (GPU, "cifar_resnet20", "bf16", True),
        (GPU, "digits_resnet8", "fp32", False),
        (OLD_GPU, "cifar_resnet20", "fp32", False),
        (APPLE, "cifar_resnet20", "fp32", False),
    ],
)
def test_formats_follow_the_device_and_the_networks_size(
    device: Device, network: str, precision: str, channels_last: bool
) -> None:
    experiment = ExperimentSpec(network=preset(network))
    training = resolved(experiment, device, 1000).training
    assert (training.precision, training.channels_last, training.device) == (precision, channels_last, device.name)


@pytest.mark.parametrize(("device", "way"), [(CPU, "off"), (GPU, "graph"), (OLD_GPU, "graph"), (APPLE, "off")])
def test_steps_are_recorded_where_there_are_graphs_and_compiled_where_that_is_asked_for(
    device: Device, way: str
) -> None:
    assert ExperimentSpec().training.compile == "auto"
    assert resolved(ExperimentSpec(), device, 1000).training.compile == way
    for given in ("off", "on"):
        experiment = with_values(ExperimentSpec(), {"training.compile": given})
        assert resolved(experiment, device, 1000).training.compile == given


@pytest.mark.parametrize(
    ("network", "batch", "optimizer"),
    [("cifar_resnet20", 64, "muon"), ("digits_resnet8", 64, "sgd"), ("digits_resnet8", 128, "muon")],
)
def test_muon_is_taken_where_it_costs_little_of_the_step(network: str, batch: int, optimizer: str) -> None:
    assert ExperimentSpec().training.optimizer == "auto"
    experiment = with_values(ExperimentSpec(network=preset(network)), {"training.batch_size": batch})
    assert resolved(experiment, CPU, 1000).training.optimizer == optimizer
    given = with_values(experiment, {"training.optimizer": "adam"})
    assert resolved(given, CPU, 1000).training.optimizer == "adam"


def test_what_is_given_stays() -> None:
    given = {
        "training.precision": "fp32",
        "training.channels_last": False,
        "training.log_every": 7,
        "training.eval_batch_size": 33,
    }
    experiment = with_values(ExperimentSpec(network=preset("cifar_resnet20")), given)
    training = resolved(experiment, CPU, 50_000).training
    assert (training.precision, training.channels_last) == ("fp32", False)
    assert (training.log_every, training.eval_batch_size) == (7, 33)


def test_resolving_again_changes_nothing() -> None:
    once = resolved(ExperimentSpec(), CPU, 1000)
    assert resolved(once, CPU, 1000) == once
    assert None not in (once.training.log_every, once.training.eval_batch_size, once.training.channels_last)
    assert "auto" not in (once.training.precision, once.training.compile, once.training.optimizer)


@pytest.mark.parametrize(
    ("steps_per_epoch", "every"), [(0, 1), (11, 1), (99, 1), (100, 2), (468, 9), (2_500, 50), (1_000_000, 50)]
)
def test_about_fifty_points_an_epoch(steps_per_epoch: int, every: int) -> None:
    assert log_every(steps_per_epoch) == every


@pytest.mark.parametrize(
    ("shape", "kind", "images"),
    [
        ((1, 8, 8), "cpu", 1024),
        ((1, 28, 28), "cpu", 1024),
        ((3, 32, 32), "cpu", 256),
        ((3, 224, 224), "cpu", 4),
        ((3, 224, 224), "cuda", 128),
        ((3, 4096, 4096), "cpu", 1),
    ],
)
def test_evaluation_takes_as_many_images_as_do_it_well(shape: tuple[int, int, int], kind: str, images: int) -> None:
    assert eval_batch_size(shape, kind) == images

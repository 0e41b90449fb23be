"""From what is wanted to what can be started: the data loaded, every question answered, every refusal made."""

from collections.abc import Callable
from typing import Any

from resnet_studio.analysis.cost import GIB, moments, training_bytes
from resnet_studio.analysis.network import Analysis, analyse
from resnet_studio.data.images import ImageSet
from resnet_studio.data.load import load
from resnet_studio.data.watch import Progress
from resnet_studio.spec.errors import FieldError
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.spec.network import adapted
from resnet_studio.spec.training import TrainingSpec
from resnet_studio.training.arithmetic import prepare_determinism
from resnet_studio.training.compiling import refuse_uncompiled
from resnet_studio.training.device import Device, resolve
from resnet_studio.training.misfit import refuse_misfit
from resnet_studio.training.resolve import resolved

Shape = tuple[int, int, int]


def prepare(
    experiment: ExperimentSpec,
    *,
    fit_network: bool = False,
    input_shape: Shape | None = None,
    images: ImageSet | None = None,
    progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> tuple[ExperimentSpec, ImageSet]:
    """Return the experiment with everything resolved, and its images.

    Nothing is written and nothing is built; what can be refused, is refused here.

    Args:
        experiment: what is wanted.
        fit_network: the network is a preset, which takes its input shape and number of classes from the data; else it
            is taken as written, and the data is resized to it.
        input_shape: (C, H, W) wanted of both the network and the data, whatever their own.
        images: already loaded; used where they are what is wanted, else loaded again.
        progress: told how far the loading is, in the calling thread.
        should_stop: asked at the same moments.

    Raises:
        FieldError: a device or a compiler that isn't there, a design that can't be built or doesn't
            fit the data or the memory.
        LoadingStoppedError: `should_stop` said so.
        StudioError: the data isn't there or isn't whole.
    """
    _refuse_balanced_twice(experiment.training)
    device = resolve(experiment.training.device)
    _refuse_slow_format(experiment.training, device)
    refuse_uncompiled(experiment.training, device)
    if experiment.training.deterministic:
        prepare_determinism(device.torch)
    if input_shape is not None:
        network = adapted(experiment.network, input_shape, experiment.network.num_classes)
        experiment = with_values(experiment, {"network": network.model_dump()})
    if input_shape is not None or not fit_network:
        _refuse_broken(analyse(experiment.network))
        experiment = with_values(experiment, _data_of(experiment.network.input_shape))
    if images is None or not _same_images(images, experiment):
        size = experiment.network.input_shape[1:]
        images = load(experiment.data, default_size=size, progress=progress, should_stop=should_stop)
    if fit_network:
        network = adapted(experiment.network, images.shape, images.num_classes)
        experiment = with_values(experiment, {"network": network.model_dump()})
    refuse_misfit(experiment.network, images)
    analysis = analyse(experiment.network)
    _refuse_broken(analysis)
    _refuse_eval_size(analysis, images)
    _refuse_batch_of_one(analysis, experiment.training, len(images.train))
    experiment = with_values(experiment, {"data": images.spec.model_dump()})
    experiment = resolved(experiment, device, len(images.train))
    _refuse_too_large(analysis, experiment.training, device)
    return experiment, images


def _data_of(shape: Shape) -> dict[str, Any]:
    """Return the fields of the data that make images of a shape."""
    channels, height, width = shape
    if channels not in {1, 3}:
        raise FieldError(
            "network.input_shape",
            f"network.input_shape: images have 1 channel or 3, not {channels}; give the network one of these.",
        )
    return {"data.image_size": (height, width), "data.channels": channels}


def _same_images(images: ImageSet, experiment: ExperimentSpec) -> bool:
    """Whether images that are loaded are those that a specification asks for; what it leaves open may be anything."""
    wanted, there = experiment.data.model_dump(), images.spec.model_dump()
    # null is an answer here: as large as in training
    return wanted["eval_size"] == there["eval_size"] and all(
        _answers(there[key], value) for key, value in wanted.items()
    )


def _answers(there: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return all(_answers(there[key], value) for key, value in wanted.items())
    return wanted is None or there == wanted


def _refuse_balanced_twice(training: TrainingSpec) -> None:
    """Refuse weights from the number of images where each class is drawn as often: they would favour the rare ones."""
    if training.class_weights == training.sampling == "balanced":
        raise FieldError(
            "training.sampling",
            "training.sampling: balanced draws and balanced class weights would count rare classes twice over; "
            "set one of training.sampling and training.class_weights back.",
        )


def _refuse_slow_format(training: TrainingSpec, device: Device) -> None:
    """Refuse fp16 where it would be imitated: a dozen times slower than fp32, measured on a CPU without it."""
    if training.precision == "fp16" and not device.fp16:
        others = "auto, fp32 or bf16" if device.bf16 else "auto or fp32"
        raise FieldError(
            "training.precision",
            f"training.precision: {device.title} ({device.name}) doesn't multiply in fp16; choose {others}.",
        )


def _refuse_broken(analysis: Analysis) -> None:
    if analysis.errors:
        first = analysis.errors[0]
        mend = f"; {first.mend_label[0].lower()}{first.mend_label[1:]}" if first.mend_label else ""
        raise FieldError(first.field, f"{analysis.spec.name} can't be built: {first.message}{mend}.")


def _refuse_eval_size(analysis: Analysis, images: ImageSet) -> None:
    """Refuse a size at evaluation that the network, made for that of training, can't take."""
    network = analysis.spec
    height, width = images.spec.eval_size or images.shape[1:]
    other = analyse(adapted(network, (images.shape[0], height, width), network.num_classes))
    if other.errors or other.params != analysis.params:
        reason = other.errors[0].message if other.errors else "its classifier is made for one size of images"
        raise FieldError(
            "data.eval_size",
            f"{network.name} can't be evaluated at {height}x{width}: {reason}; leave data.eval_size null.",
        )


def _refuse_batch_of_one(analysis: Analysis, training: TrainingSpec, images: int) -> None:
    """Refuse what torch refuses in the first step: batch statistics of a single value."""
    single = [row for row in analysis.layers() if row.kind == "norm" and row.output_shape[1:] == (1, 1)]
    if single and analysis.spec.norm == "batch" and min(training.batch_size, images) == 1:
        raise FieldError(
            "training.batch_size",
            f"training.batch_size: one image of 1x1 is one value a channel, which {single[0].path} can't normalise; "
            "take at least 2 images a batch.",
        )


def _refuse_too_large(analysis: Analysis, training: TrainingSpec, device: Device) -> None:
    """Refuse weights and optimiser that a device can't hold, with the activations of a single image."""
    kept, averaged = moments(training), training.ema_decay is not None
    need = training_bytes(analysis.params, analysis.activations, 1, training.precision, moments=kept, ema=averaged)
    if device.memory is not None and need > device.memory:
        raise FieldError(
            "network.channels",
            f"{analysis.spec.name} needs {need / GIB:,.1f} GiB to train on one image, {device.name} has "
            f"{device.memory / GIB:,.1f} GiB; give it fewer channels or blocks, or a smaller input.",
        )

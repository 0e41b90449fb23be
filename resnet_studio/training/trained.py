"""Trained networks and their figures: of a run's checkpoint, or of weights that come alone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from resnet_studio.data.feed.batches import Batches
from resnet_studio.data.images import ImageSet
from resnet_studio.data.load import load
from resnet_studio.data.watch import LoadingStoppedError, Progress
from resnet_studio.model import build
from resnet_studio.runs.checkpoints import is_ema
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import FieldError, StudioError
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.training.arithmetic import fast_paths
from resnet_studio.training.checkpoint import load_model
from resnet_studio.training.checkpoint_state import EMA, MODEL
from resnet_studio.training.device import Device, resolve
from resnet_studio.training.environment import differing
from resnet_studio.training.evaluate import Evaluation, evaluate
from resnet_studio.training.heap import kept_memory
from resnet_studio.training.memory import with_fewer_images
from resnet_studio.training.misfit import refuse_labels
from resnet_studio.training.resolve import eval_batch_size
from resnet_studio.training.weights import load_weights

SPLITS = ("test", "validation", "train")
Watcher = Callable[[Progress], None]


def evaluate_run(
    folder: RunFolder,
    *,
    checkpoint: str = "best",
    split: str = "test",
    data: DataSpec | None = None,
    images: ImageSet | None = None,
    progress: Watcher | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Evaluation:
    """Return the figures of a run's checkpoint, computed as the run itself does: on its device, in its precision.

    Where the run's device isn't there, the best that is takes its place.

    Args:
        folder: the run.
        checkpoint: `best`, `last`, `ema` or a step, see `Index.find`.
        split: `test`, `validation` or `train` (without augmentation).
        data: other images than the run's own; its mean and standard deviation should stay those of the run.
        images: what that data stands for; loaded where they are not given.
        progress: told how far the loading is.
        should_stop: asked between batches.

    Raises:
        LoadingStoppedError: `should_stop` said so.
        StudioError: no such checkpoint or split, other classes than the network's, or the data isn't there.
    """
    experiment, kept = folder.experiment(), folder.checkpoint(checkpoint)
    data = data or experiment.data
    device = _device(experiment.training.device)
    images = images or load(data, progress=progress, should_stop=should_stop)
    figures = _figures(
        load_trained(folder, checkpoint, device=device.torch),
        experiment.network,
        images,
        device,
        split=split,
        checkpoint=f"{kept.name}/ema" if is_ema(checkpoint) else kept.name,
        precision=experiment.training.precision,
        channels_last=bool(experiment.training.channels_last),
        batch_size=experiment.training.eval_batch_size,
        eval_size=data.eval_size,
        should_stop=should_stop,
    )
    differences = differing(folder.environment(), images, own=data == experiment.data)
    return replace(figures, notes=(*differences, *figures.notes))


def evaluate_weights(
    weights: Path,
    network: NetworkSpec,
    data: DataSpec,
    *,
    split: str = "test",
    device: str = "auto",
    images: ImageSet | None = None,
    progress: Watcher | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Evaluation:
    """Return the figures of weights that come alone, in fp32.

    Args:
        weights: a safetensors file, or a state dict that torch has saved.
        network: the design they belong to.
        data: the images; resized to the network's input unless they say otherwise.
        split: `test`, `validation` or `train`.
        device: where to compute, as `training.device`.
        images: what `data` stands for; loaded where they are not given.
        progress: told how far the loading is.
        should_stop: asked between batches.

    Raises:
        LoadingStoppedError: `should_stop` said so.
        StudioError: the weights can't be read or don't fit the network, or the data doesn't.
    """
    place = resolve(device)
    model = build(network, device=place.torch)
    load_weights(model, weights)
    size = network.input_shape[1:]
    images = images or load(data, default_size=size, progress=progress, should_stop=should_stop)
    return _figures(
        model,
        network,
        images,
        place,
        split=split,
        checkpoint=weights.name,
        eval_size=data.eval_size,
        should_stop=should_stop,
    )


def load_trained(folder: RunFolder, checkpoint: str = "best", *, device: torch.device | str = "cpu") -> nn.Module:
    """Return the network of a run with the weights of a checkpoint, ready to predict.

    Raises:
        StudioError: there is no such checkpoint, or it is damaged.
    """
    kept = folder.checkpoint(checkpoint)
    model = build(folder.experiment().network, device=device, seed=0)
    load_model(folder.checkpoints_path / kept.name, model, EMA if is_ema(checkpoint) else MODEL)
    return model.eval()


def _figures(
    model: nn.Module,
    network: NetworkSpec,
    images: ImageSet,
    device: Device,
    *,
    split: str,
    checkpoint: str,
    precision: str = "fp32",
    channels_last: bool = False,
    batch_size: int | None = None,
    eval_size: tuple[int, int] | None,
    should_stop: Callable[[], bool],
) -> Evaluation:
    if split not in SPLITS:
        raise StudioError(f"There is no split {split!r}; choose {', '.join(SPLITS)}.")
    if images.num_classes != network.num_classes:
        raise StudioError(
            f"{network.name} tells {network.num_classes or 'no'} classes apart, {images.title} has "
            f"{images.num_classes}; name data of the same classes."
        )
    if images.shape[0] != network.input_shape[0]:
        raise StudioError(
            f"{network.name} takes images of {network.input_shape[0]} channels, {images.title} has {images.shape[0]}; "
            f"set data.channels to {network.input_shape[0]}."
        )
    refuse_labels(getattr(images, split), split, images)
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
    size = batch_size or eval_batch_size(network.input_shape, device.kind)

    def run(size: int) -> Evaluation | None:
        batches = Batches(
            getattr(images, split),
            mean=images.mean,
            std=images.std,
            device=device.torch,
            channels_last=channels_last,
            size=eval_size or images.shape[1:],
        )
        return evaluate(
            model,
            batches.in_order(size),
            images.class_names,
            precision=precision,
            split=split,
            checkpoint=checkpoint,
            should_stop=should_stop,
        )

    with kept_memory(), fast_paths(device.torch):
        evaluation, fitting = with_fewer_images(run, size)
    if evaluation is None:
        raise LoadingStoppedError(f"The evaluation on the {split} images was stopped.")
    evaluation = evaluation.with_size(fitting, size)
    return replace(evaluation, notes=(*images.remarks, *evaluation.notes))


def _device(wanted: str) -> Device:
    try:
        return resolve(wanted)
    except FieldError:
        return resolve("auto")

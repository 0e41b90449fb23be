"""Evaluations of the network that trains: on the validation images, and at the end on those of the test."""

from collections.abc import Callable

import torch
from torch import nn

from resnet_studio.data.feed.batches import Batches
from resnet_studio.data.images import ImageSet
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.training.arithmetic import autocast, fast_paths
from resnet_studio.training.diagnosis import Fault, first_fault
from resnet_studio.training.evaluate import Evaluation, evaluate
from resnet_studio.training.feeding import eval_batches
from resnet_studio.training.memory import with_fewer_images


class Examiner:
    """Takes as many images at a time as the recipe says, or as the memory has turned out to suffice for."""

    def __init__(self, experiment: ExperimentSpec, images: ImageSet, device: torch.device) -> None:
        """Take the validation images to a device.

        Args:
            experiment: with everything resolved.
            images: what its data stands for.
            device: of the networks.
        """
        self._experiment, self._training = experiment, experiment.training
        self._images, self._device = images, device
        self._size = self._training.eval_batch_size or self._training.batch_size
        self._validation = eval_batches(images, experiment, device, images.validation)

    def validation(self, model: nn.Module, name: str, should_stop: Callable[[], bool]) -> Evaluation | None:
        """Return the figures of a network on the validation images; None where it was stopped.

        Args:
            model: the network.
            name: of its weights, for the record.
            should_stop: asked between batches.

        Raises:
            UnboundedOutputsError: its outputs are not finite.
            StudioError: the memory of the device is too small.
        """
        return self._evaluated(model, self._validation, "validation", name, should_stop)

    def test(self, model: nn.Module, name: str, should_stop: Callable[[], bool]) -> Evaluation | None:
        """Return the figures of a network on the test images; see `validation`."""
        batches = eval_batches(self._images, self._experiment, self._device, self._images.test)
        return self._evaluated(model, batches, "test", name, should_stop)

    def fault(self, model: nn.Module) -> Fault | None:
        """Return where a network stops being finite on the validation images; None where it doesn't, any more."""
        model.eval()
        batches = self._validation.in_order(self._size)
        with autocast(self._device, self._training.precision):
            found = (first_fault(model, images) for images, _ in batches)
            return next((fault for fault in found if fault is not None), None)

    def _evaluated(
        self, model: nn.Module, batches: Batches, split: str, name: str, should_stop: Callable[[], bool]
    ) -> Evaluation | None:
        def run(size: int) -> Evaluation | None:
            return evaluate(
                model,
                batches.in_order(size),
                self._images.class_names,
                precision=self._training.precision,
                split=split,
                checkpoint=name,
                should_stop=should_stop,
            )

        wanted = self._size
        with fast_paths(self._device, deterministic=self._training.deterministic):
            evaluation, self._size = with_fewer_images(run, wanted)
        return evaluation if evaluation is None else evaluation.with_size(self._size, wanted)

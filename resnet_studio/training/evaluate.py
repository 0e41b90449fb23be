"""How good a network is on a whole split of the images."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from resnet_studio.spec.errors import StudioError
from resnet_studio.training.arithmetic import autocast


class UnboundedOutputsError(StudioError):
    """A network whose outputs are not finite."""

    def __init__(self, split: str) -> None:
        super().__init__(
            f"The network's outputs for the {split} images are not finite; train again with a smaller "
            "training.learning_rate."
        )


@dataclass(frozen=True)
class ClassFigures:
    """One class: how many images called so are (precision), how many that are were called so (recall), both (f1).

    Fractions from 0 to 1; 0 where there is nothing to divide by.
    """

    name: str
    precision: float
    recall: float
    f1: float
    samples: int


@dataclass(frozen=True)
class Evaluation:
    """A network's figures on a split; accuracies from 0 to 1.

    Attributes:
        loss: mean cross-entropy an image, without label smoothing and class weights.
        classes: figures of each class.
        truth: class of every image of the split, (N,).
        predicted: predicted class of every image, (N,).
        notes: sentences on what a user would not expect of the images, or of how they were taken.
    """

    split: str
    checkpoint: str
    accuracy: float
    top5_accuracy: float
    loss: float
    samples: int
    classes: tuple[ClassFigures, ...]
    truth: NDArray[np.int64]
    predicted: NDArray[np.int64]
    notes: tuple[str, ...] = ()

    def confusion(self) -> NDArray[np.int64]:
        """Return the number of images by true class (row) and predicted class (column), (classes, classes)."""
        count = len(self.classes)
        return np.bincount(self.truth * count + self.predicted, minlength=count**2).reshape(count, count)

    def with_size(self, images: int, wanted: int) -> "Evaluation":
        """Return it with a note where fewer images were taken at a time than was wanted, for want of memory."""
        if images == wanted:
            return self
        note = f"The {self.split} images were taken {images} at a time, not {wanted}, for want of memory."
        return replace(self, notes=(*self.notes, note))

    def to_json(self) -> dict[str, Any]:
        """Return all but the single predictions as a JSON object."""
        return {
            "accuracy": self.accuracy,
            "top5_accuracy": self.top5_accuracy,
            "loss": self.loss,
            "samples": self.samples,
            "split": self.split,
            "checkpoint": self.checkpoint,
            "classes": [vars(each) for each in self.classes],
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class Validation:
    """A network's figures on the validation images, and those of the average of its weights where one is kept."""

    raw: Evaluation
    ema: Evaluation | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what a user would not expect, of both."""
        return self.raw.notes + (self.ema.notes if self.ema is not None else ())

    def figures(self) -> dict[str, float]:
        """Return accuracy and loss of both by their names in events and in the index of checkpoints."""
        found = {"val_accuracy": self.raw.accuracy, "val_loss": self.raw.loss}
        if self.ema is not None:
            found |= {"ema_val_accuracy": self.ema.accuracy, "ema_val_loss": self.ema.loss}
        return found


def evaluate(
    model: nn.Module,
    batches: Iterator[tuple[Tensor, Tensor]],
    class_names: Sequence[str],
    *,
    precision: str = "fp32",
    split: str = "test",
    checkpoint: str = "",
    should_stop: Callable[[], bool] = lambda: False,
) -> Evaluation | None:
    """Return the figures of a network on a split; the network is left as it was, training or not.

    The device is waited for once, at the end.

    Args:
        model: gives logits (N, classes).
        batches: images (N, C, H, W) on the model's device, labels (N,); at least one image.
        class_names: names of the classes.
        precision: format of the convolutions: `fp32`, `bf16` or `fp16`.
        split: name of the split, for the record.
        checkpoint: name of the checkpoint, for the record.
        should_stop: asked before each batch.

    Returns:
        The figures; None where it was stopped.

    Raises:
        UnboundedOutputsError: the outputs are not finite.
    """
    outcomes: list[tuple[Tensor, ...]] = []
    was_training = model.training
    model.eval()
    try:
        with torch.inference_mode():
            for images, labels in batches:
                if should_stop():
                    return None
                with autocast(images.device, precision):
                    logits = model(images)
                outcomes.append(_outcome(logits.float(), labels))
    finally:
        model.train(was_training)
    truth, predicted, rank, loss = (torch.cat(column).cpu().numpy() for column in zip(*outcomes, strict=True))
    if not np.isfinite(loss).all():
        raise UnboundedOutputsError(split)
    return Evaluation(
        split,
        checkpoint,
        accuracy=float(np.mean(predicted == truth)),
        top5_accuracy=float(np.mean(rank < 5)),
        loss=float(np.mean(loss, dtype=np.float64)),
        samples=len(truth),
        classes=_figures(truth, predicted, class_names),
        truth=truth,
        predicted=predicted,
    )


def _outcome(logits: Tensor, labels: Tensor) -> tuple[Tensor, ...]:
    """Return for each image: its class, the predicted one, how many others rank above it, its loss; all (N,)."""
    own = logits.gather(1, labels[:, None])
    above = (logits > own).sum(1)
    return labels, logits.argmax(1), above, cross_entropy(logits, labels, reduction="none")


def _figures(
    truth: NDArray[np.int64], predicted: NDArray[np.int64], class_names: Sequence[str]
) -> tuple[ClassFigures, ...]:
    classes = len(class_names)
    actual, called = np.bincount(truth, minlength=classes), np.bincount(predicted, minlength=classes)
    right = np.bincount(truth[truth == predicted], minlength=classes)
    precision, recall = right / np.maximum(called, 1), right / np.maximum(actual, 1)
    f1 = 2 * right / np.maximum(actual + called, 1)
    columns = zip(class_names, precision.tolist(), recall.tolist(), f1.tolist(), actual.tolist(), strict=True)
    return tuple(ClassFigures(*row) for row in columns)

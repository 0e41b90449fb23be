"""What the fields of a training are called in a list of those that differ."""

from collections.abc import Iterable

from resnet_studio.spec.training import TrainingSpec

_TITLES = {
    "learning_rate": "rate",
    "batch_size": "batch",
    "optimizer": "optimiser",
    "decay_norm_and_bias": "decay on norms",
    "warmup_epochs": "warm-up",
    "label_smoothing": "smoothing",
    "gradient_clip": "clip",
    "ema_decay": "EMA",
    "max_minutes": "time limit",
}
OPEN = (None, "auto")
"""Values that leave a question open, which each run answers for itself."""


def title(field: str) -> str:
    """Return what a field of the training is called."""
    return _TITLES.get(field, field.replace("_", " "))


def differing(training: TrainingSpec, other: TrainingSpec, *, but: Iterable[str] = ()) -> list[str]:
    """Return the names of the fields in which two trainings differ, in their order, some of them left out."""
    left_out = set(but)
    return [
        field
        for field in TrainingSpec.model_fields
        if field not in left_out and getattr(training, field) != getattr(other, field)
    ]

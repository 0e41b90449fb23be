"""Whatever is drawn and mixed, a run learns, and one that was killed goes on with the same draws."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from resnet_studio.runs.events import CheckpointSaved, Step
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.history import fold

if TYPE_CHECKING:
    from tests.training.conftest import Lab

Left = Callable[[RunFolder], tuple[Any, ...]]

KINDS: dict[str, dict[str, Any]] = {
    "random_resized_crop": {"random_resized_crop": 0.5},
    "rotation": {"rotation": 10.0},
    "affine": {"translation": 0.1, "zoom": 0.1, "shear": 5.0},
    "color_jitter": {"color_jitter": 0.2},
    "random_erasing": {"random_erasing": 0.25},
    "trivial_augment": {"trivial_augment": 0.5},
    "rand_augment": {"rand_augment": 3.0},
    "mixup": {"mixup": 0.2},
    "cutmix": {"cutmix": 1.0},
}
EVERYTHING = {field: value for kind in KINDS.values() for field, value in kind.items()}


def changes(augment: dict[str, Any]) -> dict[str, Any]:
    return {f"data__augment__{field}": value for field, value in augment.items()}


@pytest.mark.parametrize("augment", KINDS.values(), ids=KINDS)
def test_a_network_learns_from_changed_images(lab: "Lab", augment: dict[str, Any]) -> None:
    run = lab.trained(**changes(augment), training__epochs=3, training__batch_size=64)
    epochs = fold(run.events()).epochs
    assert epochs[-1].train_loss < epochs[0].train_loss
    assert epochs[-1].val_accuracy > 0.5


def test_a_killed_run_draws_again_what_it_drew(lab: "Lab", left: Left) -> None:
    wanted = changes(EVERYTHING) | {
        "training__label_smoothing": 0.1,
        "training__class_weights": "balanced",
        "training__checkpoint_every": 3,
        "training__log_every": 1,
    }
    whole, killed = lab.trained(**wanted), lab.new(**wanted)
    events = lab.train(killed)
    for event in events:
        if isinstance(event, CheckpointSaved) and event.step == 3:
            break
    assert isinstance(next(events), Step)
    events.close()
    list(lab.resume(killed))
    assert left(killed) == left(whole)

"""Whatever is drawn and mixed, a run learns, and one that was killed goes on with the same draws."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torchvision.transforms.v2.functional import resize

from resnet_studio.runs.events import CheckpointSaved, RunEnded, Step
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.history import fold
from resnet_studio.spec.experiment import with_values
from resnet_studio.training.trained import evaluate_run, load_trained

if TYPE_CHECKING:
    from tests.training.conftest import Lab

Left = Callable[[RunFolder], tuple[Any, ...]]

KINDS: dict[str, dict[str, Any]] = {
    "random_resized_crop": {"random_resized_crop": 0.5},
    "rotation": {"rotation": 10.0},
    "affine": {"translation": 0.1, "zoom": 0.1, "shear": 5.0},
    "color_jitter": {"color_jitter": 0.2},
    "random_erasing": {"random_erasing": 0.25},
    "cutout": {"cutout": 3},
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
    while not isinstance(next(events), Step):
        pass
    events.close()
    list(lab.resume(killed))
    assert left(killed) == left(whole)


def test_evaluation_at_another_size_than_training(lab: "Lab") -> None:
    run = lab.trained(data__eval_size=(16, 16), training__precision="fp32")
    end = run.events()[-1]
    assert isinstance(end, RunEnded)
    data, test = run.experiment().data, lab.images.test
    assert (data.image_size, data.eval_size) == ((8, 8), (16, 16))
    assert data.mean is not None
    assert data.std is not None
    larger = resize(torch.from_numpy(test.images).permute(0, 3, 1, 2), [16, 16], antialias=True) / 255
    with torch.inference_mode():
        logits = load_trained(run)((larger - data.mean[0]) / data.std[0])
    expected = (logits.argmax(1).numpy() == test.labels).mean()
    assert end.test_accuracy == pytest.approx(expected, abs=1.5 / len(test))
    assert evaluate_run(run).accuracy == end.test_accuracy
    assert evaluate_run(run, data=with_values(run.experiment(), {"data.eval_size": None}).data).loss != pytest.approx(
        evaluate_run(run).loss, rel=1e-3
    )

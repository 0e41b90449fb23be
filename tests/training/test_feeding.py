"""The batches of a run, and those that the window shows, are made in one place."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from resnet_studio.data.images import Split
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.experiment import with_values
from resnet_studio.training.feeding import eval_batches, train_batches
from resnet_studio.training.trainer import Trainer

if TYPE_CHECKING:
    from tests.training.conftest import Lab

Left = Callable[[RunFolder], tuple[Any, ...]]

CPU = torch.device("cpu")


def test_a_step_sees_what_is_shown(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = lab.prepared(data__augment__rotation=20.0, training__sampling="balanced", training__precision="fp32")
    trainer = Trainer(experiment, lab.images)
    seen: list[torch.Tensor] = []
    forward = trainer.model.forward

    def watched(images: torch.Tensor) -> torch.Tensor:
        seen.append(images)
        return forward(images)

    monkeypatch.setattr(trainer.model, "forward", watched)
    trainer.advance(lambda: bool(seen))
    batches = train_batches(lab.images, experiment, CPU)
    assert torch.equal(seen[0], next(batches.epoch(0, experiment.training.batch_size))[0])
    assert seen[0].is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize(("sampling", "counts"), [("shuffle", [90, 8, 2]), ("balanced", [34, 33, 33])])
def test_the_recipe_says_how_often_each_class_is_drawn(lab: "Lab", sampling: str, counts: list[int]) -> None:
    experiment = lab.prepared(training__sampling=sampling)
    split = Split(lab.images.train.images[:100], np.repeat([0, 1, 2], [90, 8, 2]))
    batches = train_batches(lab.images, experiment, CPU, split=split)
    labels = torch.cat([part for _, part in batches.epoch(0, 30, drop_last=False)])
    found = labels.bincount().tolist()
    assert (found if sampling == "shuffle" else sorted(found, reverse=True)) == counts


def test_other_images_are_treated_alike_and_evaluation_leaves_them(lab: "Lab") -> None:
    experiment = lab.prepared(data__augment__cutout=4)
    test = lab.images.test
    shown = train_batches(lab.images, experiment, CPU, split=test).augmented(range(len(test)), 0)
    as_training = Split(test.images, np.zeros(len(test), np.int64))
    again = train_batches(lab.images, experiment, CPU, split=as_training).augmented(range(len(test)), 0)
    assert torch.equal(shown, again)
    assert not torch.equal(shown, torch.from_numpy(test.images))
    plain, labels = next(eval_batches(lab.images, experiment, CPU, test).in_order(len(test)))
    expected = (test.images / 255 - lab.images.mean[0]) / lab.images.std[0]
    assert plain.permute(0, 2, 3, 1).numpy() == pytest.approx(expected, abs=1e-5)
    assert labels.tolist() == test.labels.tolist()


def test_sizes_of_training_and_evaluation(lab: "Lab") -> None:
    experiment = with_values(lab.prepared(), {"data.eval_size": (12, 12)})
    assert train_batches(lab.images, experiment, CPU).augmented([0], 0).shape == (1, 8, 8, 1)
    assert next(eval_batches(lab.images, experiment, CPU, lab.images.test).in_order(2))[0].shape == (2, 1, 12, 12)


def test_a_balanced_run_that_was_killed_goes_on_as_it_would_have(lab: "Lab", left: Left) -> None:
    wanted: dict[str, Any] = {
        "training__sampling": "balanced",
        "data__augment__mixup": 0.2,
        "training__checkpoint_every": 3,
    }
    whole, killed = lab.trained(**wanted), lab.new(**wanted)
    events = lab.train(killed)
    next(event for event in events if event.type == "checkpoint_saved")
    events.close()
    list(lab.resume(killed))
    assert left(killed) == left(whole)

from typing import Any

import pytest

from resnet_studio.gui.pages.train.branch_way import branch_way
from resnet_studio.spec.experiment import ExperimentSpec, with_values

RESOLVED: dict[str, Any] = {
    "training.device": "cpu",
    "training.precision": "fp32",
    "training.channels_last": True,
    "training.log_every": 1,
    "training.eval_batch_size": 1024,
    "training.compile": "off",
    "data.image_size": (8, 8),
    "data.mean": (0.3,),
    "data.std": (0.4,),
}


def run() -> ExperimentSpec:
    return with_values(ExperimentSpec(), RESOLVED)


def test_what_the_panel_leaves_open_is_no_change() -> None:
    way = branch_way(run(), ExperimentSpec())
    assert (way.changes, way.taken, way.left, way.error) == ({}, "", "", "")


def test_what_may_change_is_taken_along_and_the_rest_is_named() -> None:
    changes = {
        "training.learning_rate": 0.01,
        "training.weight_decay": 0.0,
        "training.optimizer": "adam",
        "training.ema_decay": 0.9,
        "training.epochs": 40,
        "data.augment.rotation": 10.0,
        "network.dropout": 0.5,
    }
    way = branch_way(run(), with_values(ExperimentSpec(), changes))
    assert way.changes == {"training.learning_rate": 0.01}
    assert way.taken == "rate 0.1 → 0.01"
    assert way.left == "optimiser, weight decay, EMA, network, data"
    assert way.error == ""


def test_an_average_that_is_no_longer_wanted_is_named() -> None:
    assert branch_way(with_values(run(), {"training.ema_decay": 0.9}), ExperimentSpec()).left == ""


@pytest.mark.parametrize(("accumulate", "refused"), [(2, False), (1, True)])
def test_a_step_keeps_its_images(accumulate: int, refused: bool) -> None:
    wanted = with_values(ExperimentSpec(), {"training.batch_size": 32, "training.accumulate": accumulate})
    way = branch_way(run(), wanted)
    assert way.changes["training.batch_size"] == 32
    assert ("64, not 32" in way.error) == refused

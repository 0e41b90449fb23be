import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.training.room import refuse_little_room

Usage = namedtuple("Usage", "total used free")

WEIGHTS = 77_754 * 4
"""Bytes of the weights of the digits' network."""


@pytest.mark.parametrize(
    ("changes", "copies"),
    [
        # the last two, the best and the one that is being written: weights, and a moment of each
        ({"training.optimizer": "sgd", "training.momentum": 0.9}, 4 * 2),
        ({"training.optimizer": "sgd", "training.momentum": 0.0}, 4 * 1),
        ({"training.optimizer": "adamw"}, 4 * 3),
        # and an average, with its best
        ({"training.optimizer": "adamw", "training.ema_decay": 0.9}, 5 * 4),
    ],
)
def test_too_little_room_is_refused_with_both_numbers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changes: dict[str, object], copies: int
) -> None:
    experiment, free = with_values(ExperimentSpec(), changes), [copies * WEIGHTS]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 0, free[0]))
    parent = tmp_path / "not" / "yet"
    refuse_little_room(experiment, parent)
    free[0] -= 1
    with pytest.raises(StudioError) as caught:
        refuse_little_room(experiment, parent)
    megabytes = f"{copies * WEIGHTS / 1e6:,.1f} MB"
    assert f"take up to {megabytes}, and {parent} has {megabytes} free" in str(caught.value)

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.runs.events import (
    EVENTS,
    CheckpointSaved,
    EpochDone,
    Evaluated,
    Event,
    LrChanged,
    Notice,
    Paused,
    Resumed,
    RunEnded,
    RunStarted,
    Step,
    Unknown,
    from_json,
    to_json,
)
from resnet_studio.spec.errors import StudioError

EXAMPLES: list[Event] = [
    RunStarted(step=0, parameters=77_754, device="cpu", precision="fp32", steps_per_epoch=11),
    Step(step=5, epoch=1, loss=2.25, accuracy=0.125, lr=0.1, images_per_second=1e3),
    EpochDone(step=11, epoch=1, train_loss=2.0, train_accuracy=0.5, val_loss=1.5, val_accuracy=0.75, seconds=0.5),
    CheckpointSaved(step=11, checkpoint="step-11", epoch=1, best="step-11"),
    Paused(step=12),
    Resumed(step=12, from_step=12),
    LrChanged(step=12, lr=0.05),
    Evaluated(step=22, split="test", checkpoint="step-11", accuracy=0.75, top5_accuracy=1.0, loss=0.5, samples=360),
    Notice(step=0, message="Validated on the test images."),
    RunEnded(step=22, reason="finished", best_epoch=1, best_val_accuracy=0.75, best_val_loss=1.5),
]


def test_there_is_an_example_of_every_event() -> None:
    assert {event.type for event in EXAMPLES} == set(EVENTS)


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: event.type)
def test_an_event_survives_its_json(event: Event) -> None:
    line = json.dumps(to_json(event), allow_nan=False)
    assert from_json(json.loads(line)) == event
    assert list(json.loads(line))[:3] == ["type", "time", "step"]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_survive_json_to_the_last_bit(number: float) -> None:
    event = LrChanged(step=0, lr=number)
    again = from_json(json.loads(json.dumps(to_json(event))))
    assert isinstance(again, LrChanged)
    assert again.lr.hex() == number.hex()


def test_an_event_of_a_newer_studio_is_kept_as_it_is() -> None:
    content = {"type": "gradient_scope", "time": 1.5, "step": 3, "norms": [1, 2]}
    event = from_json(content)
    assert event == Unknown(step=3, time=1.5, content=content)
    assert to_json(event) == content


def test_an_epoch_of_an_older_studio_has_no_average() -> None:
    content = to_json(EXAMPLES[2])
    assert content.pop("ema_val_loss") is content.pop("ema_val_accuracy") is None
    assert from_json(content) == EXAMPLES[2]


def test_a_newer_field_is_dropped() -> None:
    content = to_json(Paused(step=3, time=1.0)) | {"why": "lunch"}
    assert from_json(content) == Paused(step=3, time=1.0)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, '"type"'),
        ([], '"type"'),
        ({"type": 3}, '"type"'),
        ({"type": "lr_changed", "step": 1, "time": 0.0}, "lr"),
        ({"type": "lr_changed", "step": 1, "time": 0.0, "lr": "fast"}, "lr"),
        ({"type": "something_new"}, "step"),
    ],
)
def test_what_is_no_event_is_refused_in_words(content: Any, words: str) -> None:
    with pytest.raises(StudioError, match=words):
        from_json(content)

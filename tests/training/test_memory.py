"""Running out of memory: what is said, what is held, what goes on."""

import gc
import weakref
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import Tensor

from resnet_studio.model.network import ResNet
from resnet_studio.runs.events import Notice, RunEnded
from resnet_studio.spec.errors import FieldError
from resnet_studio.spec.training import TrainingSpec
from resnet_studio.training import memory
from resnet_studio.training import trainer as trainer_module
from resnet_studio.training.averaging import Average
from resnet_studio.training.memory import TooLittleMemoryError, smaller_batches, with_fewer_images, within_memory
from resnet_studio.training.trainer import Trainer

if TYPE_CHECKING:
    from tests.training.conftest import Lab

ON_CUDA = (
    "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 11.76 GiB of which 1.25 GiB is "
    "free. Including non-PyTorch memory, this process has 10.00 GiB memory in use.\nmore"
)
ON_APPLE = "MPS backend out of memory (MPS allocated: 5.00 GB, max allowed: 9.07 GB). Tried to allocate 512.00 MB."


def test_what_fits_is_returned() -> None:
    assert within_memory(lambda: 3, "never said") == 3


def test_other_errors_are_not_taken_for_memory() -> None:
    def wrong() -> None:
        raise RuntimeError("sizes don't match")

    with pytest.raises(RuntimeError, match="sizes don't match"):
        within_memory(wrong, "never said")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            torch.OutOfMemoryError(ON_CUDA),
            "The memory is too small: 2.1 GB more were needed and 1.3 GB were free; mend.",
        ),
        (RuntimeError(ON_APPLE), "The memory is too small: 536.9 MB more were needed; mend."),
        (RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"), "The memory is too small: more was needed; mend."),
    ],
)
def test_needed_and_free_are_said(error: RuntimeError, words: str) -> None:
    def run_out() -> None:
        raise error

    with pytest.raises(TooLittleMemoryError) as caught:
        within_memory(run_out, "mend")
    assert str(caught.value) == words


@pytest.mark.parametrize("too_much", ["allocator", "cuda"])
def test_nothing_is_held(too_much: str, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[weakref.ref[Tensor]] = []
    monkeypatch.setattr(memory, "available_memory", lambda: 10**9)

    def run_out() -> None:
        large = torch.zeros(1000)
        held.append(weakref.ref(large))
        if too_much == "cuda":
            raise torch.OutOfMemoryError(ON_CUDA)
        torch.empty(2**60, dtype=torch.uint8)

    gc.disable()
    try:
        with pytest.raises(TooLittleMemoryError) as caught:
            within_memory(run_out, "take a smaller one")
        assert held[0]() is None
    finally:
        gc.enable()
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    amounts = {"cuda": (2 * 2**30, 1.25 * 2**30), "allocator": (2**60, 10**9)}
    assert (caught.value.needed, caught.value.free) == amounts[too_much]


@pytest.mark.parametrize(("most", "came"), [(1000, 100), (60, 50), (1, 1)])
def test_fewer_images_are_tried(most: int, came: int) -> None:
    def action(images: int) -> str:
        if images > most:
            raise torch.OutOfMemoryError(ON_CUDA)
        return f"{images} images"

    assert with_fewer_images(action, 100) == (f"{came} images", came)


def test_a_single_image_that_does_not_fit_is_refused() -> None:
    def action(_: int) -> None:
        raise torch.OutOfMemoryError(ON_CUDA)

    with pytest.raises(TooLittleMemoryError, match="; give the network fewer channels or blocks, or a smaller input"):
        with_fewer_images(action, 100)


@pytest.mark.parametrize(
    ("batch_size", "accumulate", "smaller"),
    [(128, 1, (64, 2)), (64, 2, (32, 4)), (15, 1, (5, 3)), (13, 1, None), (2, 1, None), (128, 4096, None)],
)
def test_smaller_batches_have_as_many_images_in_a_step(
    batch_size: int, accumulate: int, smaller: tuple[int, int] | None
) -> None:
    words, changes = smaller_batches(TrainingSpec(batch_size=batch_size, accumulate=accumulate))
    if smaller is None:
        assert changes == {}
        assert f"smaller training.batch_size than {batch_size}" in words
    else:
        assert (changes["training.batch_size"], changes["training.accumulate"]) == smaller
        assert words == f"take batches of {smaller[0]} images and add up {smaller[1]} of them before a step"


# ---- a run


def _greedy(monkeypatch: pytest.MonkeyPatch, most: int, *, training: bool, after: int = 0) -> None:
    """Let more than so many images be too much, from some number of calls on."""
    forward, calls = ResNet.forward, [0]

    def greedy(model: ResNet, x: Tensor) -> Any:
        calls[0] += 1
        if model.training == training and len(x) > most and calls[0] > after:
            raise torch.OutOfMemoryError(ON_CUDA)
        return forward(model, x)

    monkeypatch.setattr(ResNet, "forward", greedy)


@pytest.mark.parametrize(("after", "last"), [(0, None), (9, "step-5")])
def test_a_run_goes_on_with_half_the_batch(
    lab: "Lab", monkeypatch: pytest.MonkeyPatch, after: int, last: str | None
) -> None:
    run = lab.new()
    _greedy(monkeypatch, 128, training=True, after=after)
    with pytest.raises(TooLittleMemoryError, match="take batches of 128 images and add up 2 of them before a step"):
        list(lab.train(run))
    end = run.events()[-1]
    assert isinstance(end, RunEnded)
    assert end.mend == {"training.batch_size": 128, "training.accumulate": 2}
    assert run.checkpoints().last == last
    events = list(lab.resume(run, changes=end.mend))
    assert isinstance(events[-1], RunEnded)
    assert (events[-1].reason, events[-1].step) == ("finished", 10)
    assert run.experiment().training.accumulate == 2


@pytest.mark.parametrize("place", ["backward", "optimiser", "average", "checkpoint"])
def test_wherever_it_runs_out_nothing_is_held_and_half_the_batch_is_offered(
    lab: "Lab", monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    places = {
        "backward": (Tensor, "backward"),
        "optimiser": (torch.optim.SGD, "step"),
        "average": (Average, "update"),
        "checkpoint": (trainer_module, "on_host"),
    }
    run = lab.new(training__optimizer="sgd", training__ema_decay=0.9, training__epochs=1)
    held: list[weakref.ref[Any]] = []
    make = Trainer._make

    def noted(trainer: Trainer) -> None:
        make(trainer)
        held.append(weakref.ref(trainer.model))

    def run_out(*_: Any, **__: Any) -> None:
        raise torch.OutOfMemoryError(ON_CUDA)

    monkeypatch.setattr(Trainer, "_make", noted)
    monkeypatch.setattr(*places[place], run_out)
    with pytest.raises(TooLittleMemoryError, match=r"2\.1 GB more were needed and 1\.3 GB were free") as caught:
        list(lab.train(run))
    gc.collect()
    assert held[0]() is None
    assert caught.value.mend == {"training.batch_size": 128, "training.accumulate": 2}


def test_validation_and_test_take_fewer_images_and_say_so_once(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    run = lab.new()
    _greedy(monkeypatch, 100, training=False)
    events = list(lab.train(run))
    told = [event.message for event in events if isinstance(event, Notice) and "for want of memory" in event.message]
    assert told == ["The validation images were taken 64 at a time, not 1024, for want of memory."]
    assert isinstance(events[-1], RunEnded)
    assert events[-1].reason == "finished"


def test_a_step_keeps_its_number_of_images(lab: "Lab") -> None:
    run = lab.trained(training__epochs=1)
    with pytest.raises(FieldError, match=r"as many images in a step as it had, 256, not 128; change training\.acc"):
        list(lab.resume(run, epochs=2, changes={"training.batch_size": 128}))

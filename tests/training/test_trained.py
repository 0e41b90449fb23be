from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch
from safetensors.torch import save_file

from resnet_studio.data.images import Skipped
from resnet_studio.data.watch import LoadingStoppedError
from resnet_studio.model.network import ResNet
from resnet_studio.runs.events import RunEnded
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.experiment import with_values
from resnet_studio.spec.presets import preset
from resnet_studio.training.trained import evaluate_run, evaluate_weights, load_trained

if TYPE_CHECKING:
    from tests.training.conftest import Lab

NETWORK = preset("digits_resnet8")


@pytest.fixture
def run(lab: "Lab") -> RunFolder:
    return lab.trained(training__epochs=3)


def test_a_runs_figures_come_out_again(run: RunFolder, lab: "Lab") -> None:
    end = run.events()[-1]
    assert isinstance(end, RunEnded)
    test = evaluate_run(run)
    assert (test.accuracy, test.checkpoint, test.split) == (end.test_accuracy, end.checkpoint, "test")
    validation = evaluate_run(run, split="validation", images=lab.images)
    assert (validation.accuracy, validation.loss) == (end.best_val_accuracy, end.best_val_loss)
    assert evaluate_run(run, split="train", images=lab.images).samples == len(lab.images.train)


def test_figures_come_with_what_is_odd_about_the_images(run: RunFolder, lab: "Lab") -> None:
    assert evaluate_run(run).notes == lab.images.notes
    skipped = replace(lab.images, skipped=(Skipped("a.jpg", "it is empty"),))
    assert evaluate_run(run, images=skipped).notes == (*lab.images.notes, "1 image was skipped: a.jpg (it is empty).")
    others = replace(lab.images, fingerprint="another")
    first, *_ = evaluate_run(run, images=others).notes
    assert first == (
        f"{others.title} has changed since the run began, so that images it was trained on may be among these."
    )
    elsewhere = run.experiment().data.model_copy(update={"split_seed": 5})
    assert evaluate_run(run, images=others, data=elsewhere).notes == others.notes
    numbers = ("zero", "one", "two", "three", "four", *others.class_names[5:])
    first, *_ = evaluate_run(run, images=replace(others, class_names=numbers), data=elsewhere).notes
    assert first == (
        f"The classes of {others.title} are taken in their order for those that were trained: zero for 0, one for 1, "
        "two for 2 and 2 more."
    )


def test_any_kept_checkpoint_can_be_asked_for(run: RunFolder, lab: "Lab") -> None:
    names = [evaluate_run(run, checkpoint=each, images=lab.images).checkpoint for each in ("best", "last", "10")]
    assert names == [run.checkpoints().best, "step-15", "step-10"]
    with pytest.raises(StudioError, match="no checkpoint ema"):
        evaluate_run(run, checkpoint="ema", images=lab.images)


def test_other_splits_and_other_data_are_refused_by_name(run: RunFolder, lab: "Lab") -> None:
    with pytest.raises(StudioError, match="no split 'exam'; choose test, validation, train"):
        evaluate_run(run, split="exam", images=lab.images)
    with pytest.raises(StudioError, match=r"tells 10 classes apart, .* has 2; name data of the same classes"):
        evaluate_run(run, images=replace(lab.images, class_names=("yes", "no")))
    colours = replace(lab.images.train, images=lab.images.train.images.repeat(3, axis=3))
    with pytest.raises(StudioError, match=r"takes images of 1 channels, .* has 3; set data\.channels to 1"):
        evaluate_run(run, images=replace(lab.images, train=colours))


def test_a_device_that_is_gone_is_replaced(run: RunFolder, lab: "Lab") -> None:
    accuracy = evaluate_run(run, images=lab.images).accuracy
    run.write_experiment(with_values(run.experiment(), {"training.device": "cuda:77"}))
    assert evaluate_run(run, images=lab.images).accuracy == pytest.approx(accuracy, abs=0.01)


def test_it_can_be_stopped(run: RunFolder, lab: "Lab") -> None:
    with pytest.raises(LoadingStoppedError, match="test images was stopped"):
        evaluate_run(run, images=lab.images, should_stop=lambda: True)


def test_memory_that_runs_out_is_a_sentence(run: RunFolder, lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr("resnet_studio.model.network.ResNet.forward", greedy)
    with pytest.raises(StudioError, match="memory is too small: more was needed; give the network fewer channels"):
        evaluate_run(run, images=lab.images)


def test_where_the_memory_is_short_fewer_images_are_taken_at_a_time(
    run: RunFolder, lab: "Lab", monkeypatch: pytest.MonkeyPatch
) -> None:
    accuracy, forward = evaluate_run(run, images=lab.images).accuracy, ResNet.forward

    def greedy(model: ResNet, x: torch.Tensor) -> torch.Tensor:
        if len(x) > 100:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return forward(model, x)

    monkeypatch.setattr(ResNet, "forward", greedy)
    found = evaluate_run(run, images=lab.images)
    assert found.accuracy == accuracy
    assert found.notes[-1] == "The test images were taken 64 at a time, not 1024, for want of memory."


def test_a_trained_network_is_ready_to_predict(run: RunFolder) -> None:
    model = load_trained(run)
    assert not model.training
    assert model(torch.zeros(2, 1, 8, 8)).shape == (2, 10)


@pytest.mark.parametrize("kind", ["safetensors", "pt"])
def test_weights_that_come_alone(run: RunFolder, lab: "Lab", kind: str, tmp_path: Path) -> None:
    tensors, path = load_trained(run).state_dict(), tmp_path / f"weights.{kind}"
    if kind == "pt":
        torch.save(tensors, path)
    else:
        save_file(tensors, path)
    evaluation = evaluate_weights(path, NETWORK, DataSpec(), device="cpu")
    assert evaluation.accuracy == pytest.approx(evaluate_run(run, images=lab.images).accuracy, abs=0.01)
    assert evaluation.checkpoint == path.name

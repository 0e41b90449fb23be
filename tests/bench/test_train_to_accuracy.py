"""Epochs to an accuracy."""

import pytest
import torch

from resnet_studio.bench import train_to_accuracy
from resnet_studio.bench.report import Report
from resnet_studio.bench.train_to_accuracy import Trained, to_accuracy
from resnet_studio.data.load import load
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.experiment import ExperimentSpec


@pytest.fixture
def accuracies(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The studio's recipe gets to 0.5, 0.7, 0.9 in one, two, three epochs; the notebook's to 0.85 in ten."""
    asked: list[tuple[str, int]] = []

    def trained(wanted: ExperimentSpec, images: object) -> Trained:
        training = wanted.training
        asked.append((training.recipe, training.epochs))
        accuracy = 0.85 if training.recipe == "d2l" else 0.3 + 0.2 * training.epochs
        return Trained(training.epochs, 2.0 * training.epochs, accuracy)

    monkeypatch.setattr(train_to_accuracy, "_trained", trained)
    return asked


def test_the_studio_takes_one_epoch_more_until_it_is_as_good(accuracies: list[tuple[str, int]]) -> None:
    report = Report("train")
    to_accuracy(report, None)
    assert accuracies == [("d2l", 10), ("studio", 1), ("studio", 2), ("studio", 3)]
    aim = next(row for row in report.rows if row.aim)
    assert (aim.value, aim.met) == (3, True)
    assert next(row.value for row in report.rows if row.what == "studio recipe, its time") == 6


def test_it_ends_where_the_notebook_does(accuracies: list[tuple[str, int]]) -> None:
    report = Report("train")
    to_accuracy(report, None, epochs=2)
    assert accuracies == [("d2l", 2), ("studio", 1), ("studio", 2)]
    aim = next(row for row in report.rows if row.aim)
    assert "not reached" in aim.what
    assert not aim.met


def test_both_recipes_train_in_earnest() -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        images = load(DataSpec(image_size=(8, 8), channels=1, validation="test"))
        wanted = train_to_accuracy._experiment("d2l", "digits_resnet8", (8, 8), None, {"epochs": 1, "device": "cpu"})
        assert wanted.data.augment.pad_crop == 0
        assert wanted.training.momentum == 0
        assert wanted.data.validation == "test"
        quick = wanted.model_copy(update={"data": images.spec})
        trained = train_to_accuracy._trained(quick, images)
    finally:
        torch.set_num_threads(threads)
    assert trained.epochs == 1
    assert trained.seconds > 0
    assert 0 < trained.accuracy < 1

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui.pages.train.milestones import MilestonesField
from resnet_studio.gui.pages.train.recipe_panel import RecipePanel
from resnet_studio.gui.run_state import RunState
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.check import Check
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.whole_spin import WholeSpin
from resnet_studio.spec.experiment import ExperimentSpec, value_at, with_recipe
from resnet_studio.spec.presets import preset
from resnet_studio.spec.training import TrainingSpec

EDITS: dict[str, Any] = {
    "training.epochs": 33,
    "training.batch_size": 64,
    "training.optimizer": "adamw",
    "training.nesterov": False,
    "training.learning_rate": 0.05,
    "training.momentum": 0.8,
    "training.schedule": "cosine",
    "training.warmup_epochs": 1.5,
    "training.weight_decay": 0.01,
    "training.decay_norm_and_bias": True,
    "training.label_smoothing": 0.1,
    "training.gradient_clip": 1.5,
    "training.precision": "fp32",
    "training.channels_last": True,
    "training.seed": 7,
    "training.class_weights": "balanced",
    "training.sampling": "balanced",
    "training.early_stop_patience": 5,
    "training.log_every": 10,
    "training.checkpoint_every": 100,
    "training.eval_batch_size": 256,
    "training.accumulate": 4,
    "training.ema_decay": 0.999,
    "training.deterministic": True,
    "training.compile": "graph",
    "training.max_minutes": 90.0,
}


@pytest.fixture
def panel(qtbot: QtBot, session: Session) -> RecipePanel:
    made = RecipePanel(session)
    qtbot.addWidget(made)
    made.resize(304, 746)
    made.show()
    qtbot.waitExposed(made)
    return made


def control(panel: RecipePanel, path: str) -> Any:
    found = panel.findChild(QWidget, path)
    assert found is not None, f"there is no control {path}"
    return found


def put(field: Any, value: Any) -> None:
    """Edit as a user does."""
    if isinstance(field, Choice):
        field.set_value(value)
    elif isinstance(field, Check):
        field.click()
    elif isinstance(field, WholeSpin | RealSpin):
        field.setValue(value)


def shown(field: Any) -> Any:
    if isinstance(field, Choice):
        return field.value()
    return field.isChecked() if isinstance(field, Check) else field.number()


@pytest.mark.parametrize("path", EDITS)
def test_a_control_changes_its_field(panel: RecipePanel, session: Session, path: str) -> None:
    put(control(panel, path), EDITS[path])
    assert value_at(session.experiment, path) == EDITS[path]
    assert session.undo_stack.count() == 1


@pytest.mark.parametrize("path", EDITS)
def test_a_control_shows_its_field(panel: RecipePanel, session: Session, path: str) -> None:
    before = shown(control(panel, path))
    assert session.change(path, EDITS[path])
    inverse = path == "training.decay_norm_and_bias"
    assert shown(control(panel, path)) == (not EDITS[path] if inverse else EDITS[path])
    session.undo_stack.undo()
    assert shown(control(panel, path)) == before


def test_every_field_of_a_training_has_a_control_with_its_meaning_and_a_name(panel: RecipePanel) -> None:
    for field in TrainingSpec.model_fields:
        found = control(panel, f"training.{field}")
        assert found.accessibleName(), field
        assert found.toolTip(), field


def test_the_recipe_says_in_short_lines_whence_it_comes(panel: RecipePanel, session: Session) -> None:
    session.replace(with_recipe(session.experiment, "d2l"), "recipe")
    lines = control(panel, "training.recipe").toolTip().splitlines()
    assert lines[0].startswith("Dive into Deep Learning, section 8.6")
    assert max(map(len, lines)) <= 80


def test_not_on_norms_and_biases_is_the_opposite_of_its_field(panel: RecipePanel, session: Session) -> None:
    check = control(panel, "training.decay_norm_and_bias")
    assert check.text() == "not on norms and biases"
    assert check.isChecked()
    check.click()
    assert session.experiment.training.decay_norm_and_bias is True


def test_a_recipe_is_one_step_that_keeps_the_machine_and_the_seed(panel: RecipePanel, session: Session) -> None:
    session.change_many({"training.device": "cpu", "training.precision": "fp32", "training.seed": 5}, "machine")
    session.change("training.epochs", 3)
    recipe = control(panel, "training.recipe")
    recipe.set_value("he_cifar")
    recipe.activated.emit(recipe.currentIndex())
    expected = TrainingSpec(recipe="he_cifar", device="cpu", precision="fp32", seed=5)
    assert session.experiment.training == expected
    assert session.undo_stack.count() == 3
    session.undo_stack.undo()
    assert session.experiment.training.epochs == 3
    assert recipe.value() == "studio"


def test_what_a_recipe_asks_of_a_deep_network_is_no_edit_of_it(panel: RecipePanel, session: Session) -> None:
    session.replace(ExperimentSpec(network=preset("cifar_resnet110")), "deep")
    recipe = control(panel, "training.recipe")
    recipe.set_value("he_cifar")
    recipe.activated.emit(recipe.currentIndex())
    assert session.experiment.training.warmup_epochs == 1.14
    assert recipe.currentText() == "He et al. 2015, CIFAR"
    session.change("network.block_sizes", (3, 3, 3))
    assert recipe.currentText() == "He et al. 2015, CIFAR (edited)"


def test_choosing_the_same_recipe_again_undoes_edits(panel: RecipePanel, session: Session) -> None:
    session.change("training.learning_rate", 0.3)
    recipe = control(panel, "training.recipe")
    assert recipe.currentText() == "studio (edited)"
    recipe.activated.emit(recipe.currentIndex())
    assert session.experiment.training == TrainingSpec()
    assert recipe.currentText() == "studio"


def test_every_recipe_can_be_chosen(panel: RecipePanel) -> None:
    recipe = control(panel, "training.recipe")
    assert all(recipe.model().item(row).isEnabled() for row in range(recipe.count()))
    precision = control(panel, "training.precision")
    assert precision.model().item(precision.findData("fp16")).isEnabled()


def test_graphs_are_for_gpus_that_have_them(panel: RecipePanel, session: Session) -> None:
    ways = control(panel, "training.compile")
    graphs = ways.model().item(ways.findData("graph"))
    assert graphs.isEnabled()
    session.change("training.device", "cpu")
    assert not graphs.isEnabled()
    assert graphs.toolTip() == "Only NVIDIA's GPUs have them."


def test_fields_that_mean_nothing_now_are_disabled_and_say_why(panel: RecipePanel, session: Session) -> None:
    nesterov, gamma = control(panel, "training.nesterov"), control(panel, "training.gamma")
    assert nesterov.isEnabled()
    assert not gamma.isEnabled()
    assert "given epochs" in control(panel, "training.milestones").toolTip()
    session.change_many({"training.optimizer": "adam", "training.schedule": "multi_step"}, "other")
    assert not nesterov.isEnabled()
    assert "SGD" in nesterov.toolTip()
    assert gamma.isEnabled()


def test_the_images_of_a_step_are_counted_where_batches_are_added_up(panel: RecipePanel, session: Session) -> None:
    row = panel._accumulate_row
    session.change_many({"training.accumulate": 8, "training.batch_size": 256}, "large steps")
    assert row._note.text() == "2,048 images a step"
    session.change("training.accumulate", 1)
    assert row._note.text() == ""


def test_classes_are_balanced_in_one_way(panel: RecipePanel, session: Session) -> None:
    ways = ("training.class_weights", "training.sampling")
    for mine, other in (ways, ways[::-1]):
        session.change(mine, "balanced")
        item = control(panel, other).model().item(control(panel, other).findData("balanced"))
        assert not item.isEnabled()
        assert "balance the classes already" in item.toolTip()
        session.undo_stack.undo()
        assert item.isEnabled()


def test_it_is_locked_while_training(panel: RecipePanel, session: Session) -> None:
    lock = panel.head.findChild(QWidget, "panel.train.locked")
    assert lock is not None
    assert not lock.isVisible()
    session.runs.current = RunState("training", session.experiment)
    session.run_changed.emit()
    assert lock.isVisible()
    for field in TrainingSpec.model_fields:
        assert not control(panel, f"training.{field}").isEnabled(), field
    epochs = control(panel, "training.epochs")
    assert epochs.property("locked") == "true"
    assert epochs.buttonSymbols() == QAbstractSpinBox.ButtonSymbols.NoButtons
    assert control(panel, "training.gamma").property("locked") is None, "what means nothing now stays grey"
    session.runs.current = RunState("finished", session.experiment)
    session.run_changed.emit()
    assert not lock.isVisible()
    assert epochs.isEnabled()
    assert epochs.property("locked") is None
    assert epochs.buttonSymbols() == QAbstractSpinBox.ButtonSymbols.UpDownArrows
    assert not control(panel, "training.gamma").isEnabled()


def test_locking_leaves_the_focus_to_nobody_in_the_panel(panel: RecipePanel, session: Session) -> None:
    control(panel, "training.epochs").setFocus()
    session.runs.current = RunState("training", session.experiment)
    session.run_changed.emit()
    assert not panel.isAncestorOf(panel.window().focusWidget() or QWidget())


def test_a_refused_value_marks_its_field_and_says_why(panel: RecipePanel, session: Session) -> None:
    session.refused.emit("training.learning_rate", "0 is not more than 0.")
    assert control(panel, "training.learning_rate").property("fault") == "error"
    session.refused.emit("training.learning_rate", "")
    assert control(panel, "training.learning_rate").property("fault") is None


def test_milestones_are_typed_between_commas(panel: RecipePanel, session: Session, qtbot: QtBot) -> None:
    session.change("training.schedule", "multi_step")
    field = control(panel, "training.milestones")
    assert isinstance(field, MilestonesField)
    assert field.row is not None
    qtbot.keyClicks(field, "30, 60.5,")
    assert session.experiment.training.milestones == (30.0, 60.5)
    assert field.text() == "30, 60.5,", "what is being typed stays as it is"
    qtbot.keyClicks(field, "x")
    assert field.property("fault") == "error"
    assert "commas" in field.row.error()
    assert session.experiment.training.milestones == (30.0, 60.5)
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert field.property("fault") is None
    qtbot.keyClicks(field, "-5")
    assert field.property("fault") == "error"
    assert session.experiment.training.milestones == (30.0, 60.5)
    session.change("training.milestones", (10.0,))
    assert field.text() == "10"
    assert field.property("fault") is None


def test_devices_are_offered_as_soon_as_they_are_known(panel: RecipePanel, session: Session, qtbot: QtBot) -> None:
    device = control(panel, "training.device")

    def words() -> list[str]:
        return [device.itemText(index) for index in range(device.count())]

    assert words()[:2] == ["auto", "cpu"]
    qtbot.waitUntil(lambda: any(each.startswith("cpu ") for each in words()), timeout=60_000)
    assert device.findData("cpu") > 0
    put(device, "cpu")
    assert session.experiment.training.device == "cpu"
    session.change("training.device", "cuda:7")
    assert device.value() == "cuda:7", "what is asked for is shown even where it is not there"

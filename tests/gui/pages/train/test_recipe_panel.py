from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui.pages.train.milestones import MilestonesField
from resnet_studio.gui.pages.train.recipe_choice import RECIPE_TITLES, RecipeChoice
from resnet_studio.gui.pages.train.recipe_panel import RecipePanel
from resnet_studio.gui.run_state import RunState
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.check import Check
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.whole_spin import WholeSpin
from resnet_studio.spec.experiment import ExperimentSpec, value_at, with_recipe, with_values
from resnet_studio.spec.presets import preset
from resnet_studio.spec.training import TrainingSpec
from resnet_studio.training.device import Device

CPU = Device("cpu", "Zen", bf16=True, memory=None, fp16=False)
GPU = Device("cuda:0", "RTX", bf16=True, memory=None)

EDITS: dict[str, Any] = {
    "training.epochs": 33,
    "training.batch_size": 96,
    "training.optimizer": "adamw",
    "training.nesterov": False,
    "training.learning_rate": 0.05,
    "training.momentum": 0.8,
    "training.schedule": "cosine",
    "training.warmup_epochs": 1.5,
    "training.weight_decay": 0.01,
    "training.decay_norm_and_bias": True,
    "training.label_smoothing": 0.2,
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
def asked(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Keeps the devices of this machine out of it, and knows how often they were asked for."""
    times: list[None] = []
    monkeypatch.setattr(session.devices, "ask", lambda: times.append(None))
    return times


def has(session: Session, *devices: Device, why_no_gpu: str = "") -> None:
    """Let torch have found some devices."""
    session.devices.known, session.devices.why_no_gpu = devices, why_no_gpu
    session.devices_changed.emit()


@pytest.fixture
def panel(qtbot: QtBot, session: Session, asked: list[None]) -> RecipePanel:
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


def test_a_gpu_or_a_cpu_decides_what_means_something(panel: RecipePanel, session: Session) -> None:
    deterministic, precision = control(panel, "training.deterministic"), control(panel, "training.precision")
    fp16 = precision.model().item(precision.findData("fp16"))
    assert deterministic.isEnabled(), "while nobody knows"
    has(session, GPU, CPU)
    assert deterministic.isEnabled()
    assert fp16.isEnabled()
    session.change("training.device", "cpu")
    assert not deterministic.isEnabled()
    assert "in any case" in deterministic.toolTip()
    assert not fp16.isEnabled()
    assert fp16.toolTip() == "Zen (cpu) doesn't multiply in fp16."
    session.change("training.deterministic", value=True)
    assert deterministic.isEnabled(), "or nobody could take it back"


def test_why_there_is_no_gpu_is_said_where_auto_means_the_cpu(panel: RecipePanel, session: Session) -> None:
    note = panel.fields.rows["training.device"]._note
    has(session, CPU, why_no_gpu="the driver is too old")
    assert note.text().startswith("Training on the CPU: the driver is too old; ")
    assert "doctor" in note.text()
    session.change("training.device", "cpu")
    assert note.text() == "", "as it was wanted"
    session.change("training.device", "auto")
    has(session, GPU, CPU, why_no_gpu="no matter")
    assert note.text() == ""


def test_auto_says_which_optimiser_it_stands_for(panel: RecipePanel, session: Session) -> None:
    note, nesterov = panel.fields.rows["training.optimizer"]._note, control(panel, "training.nesterov")
    assert note.text() == "SGD; Muon costs 30 % more"
    session.change("training.batch_size", 128)
    assert note.text() == "Muon; it costs 15 % more"
    session.change("network", preset("cifar_resnet20").model_dump())
    assert note.text() == "Muon; it costs 1 % more"
    session.change("network.shortcut", "identity")
    assert note.text() == "", "nobody knows what a broken design costs"
    session.change("network.shortcut", "zero_pad")
    session.change("training.optimizer", "muon")
    assert note.text() == ""
    assert nesterov.isEnabled()


def test_momentum_is_called_what_it_is(panel: RecipePanel, session: Session) -> None:
    word = panel.fields.rows["training.learning_rate"].between[0]
    assert word.text() == "mom."
    session.change("training.optimizer", "adamw")
    assert word.text() == "beta 1"
    assert "first beta" in control(panel, "training.momentum").toolTip()
    session.change_many({"training.optimizer": "sgd", "training.momentum": 0.0}, "plain")
    assert control(panel, "training.nesterov").toolTip() == "There is no momentum."


def test_steps_take_one_length(panel: RecipePanel, session: Session) -> None:
    row = panel.fields.rows["training.milestones"]
    session.change_many({"training.schedule": "step", "training.milestones": (30.0, 60.0)}, "steps")
    assert row.label.text() == "Every epochs"
    assert row._note.text() == "steps take the first one alone: every 30 epochs"
    session.change("training.schedule", "multi_step")
    assert row.label.text() == "At epochs"
    assert row._note.text() == ""


def test_recipes_say_what_they_are_and_what_they_would_change(panel: RecipePanel, session: Session) -> None:
    recipe = control(panel, "training.recipe")
    assert isinstance(recipe, RecipeChoice)
    recipe.showPopup()
    recipe.hidePopup()
    tips = {name: str(recipe.itemData(recipe.findData(name), Qt.ItemDataRole.ToolTipRole)) for name in RECIPE_TITLES}
    assert "Changes nothing" in tips["studio"]
    words = " ".join(tips["d2l"].split())
    assert words.startswith("Dive into Deep Learning")
    assert "epochs 20 → 10, batch 64 → 128, optimiser auto → sgd, rate 0.1 → 0.01, momentum 0.9 → 0" in words
    assert "image size none → 96, 96" in words
    assert "optimiser auto → adam" in " ".join(tips["athena"].split())
    assert session.undo_stack.count() == 0


def test_while_a_run_goes_on_the_panel_shows_what_it_was_resolved_to(panel: RecipePanel, session: Session) -> None:
    has(session, CPU)
    resolved = {"training.precision": "bf16", "training.channels_last": True, "training.device": "cpu",
                "training.optimizer": "muon", "training.log_every": 7, "training.eval_batch_size": 512}  # fmt: skip
    session.change("training.epochs", 3)
    session.runs.current = RunState("training", with_values(session.experiment, resolved))
    session.run_changed.emit()
    for path, value in resolved.items():
        assert shown(control(panel, path)) == value
    assert control(panel, "training.recipe").currentText() == "studio (edited)"
    assert panel.fields.rows["training.recipe"]._note.text() == "epochs edited"
    session.undo_stack.undo()
    assert shown(control(panel, "training.epochs")) == 3, "that of the run"
    session.runs.current = RunState("finished", session.runs.current.experiment)
    session.run_changed.emit()
    assert shown(control(panel, "training.epochs")) == 20
    assert shown(control(panel, "training.precision")) == "auto"
    assert shown(control(panel, "training.log_every")) is None


def test_the_images_of_a_step_are_counted_where_batches_are_added_up(panel: RecipePanel, session: Session) -> None:
    row = panel.fields.rows["training.accumulate"]
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


def test_devices_are_offered_as_soon_as_they_are_known(
    panel: RecipePanel, session: Session, asked: list[None], qtbot: QtBot
) -> None:
    assert asked == [None], "by the panel that is seen"
    type(session.devices).ask(session.devices)
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

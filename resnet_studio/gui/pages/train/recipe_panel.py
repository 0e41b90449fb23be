"""The panel of the train page: every field of the training."""

from textwrap import fill
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from resnet_studio.gui import numbers, theme
from resnet_studio.gui.pages.train.field_titles import differing, title
from resnet_studio.gui.pages.train.forecast_view import ForecastView
from resnet_studio.gui.pages.train.reasons import what_auto_is, why_no_fp16, why_nothing
from resnet_studio.gui.pages.train.recipe_choice import RECIPE_TITLES, RecipeChoice
from resnet_studio.gui.pages.train.recipe_fields import RecipeFields
from resnet_studio.gui.pages.train.recipe_sections import add_machine, add_recipe, add_regularisation, add_rest
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.glyph import Glyph
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.panel import Panel
from resnet_studio.gui.widgets.spin_look import show_arrows
from resnet_studio.spec.experiment import recipe_training, with_recipe
from resnet_studio.spec.recipes import RECIPES
from resnet_studio.spec.training import TrainingSpec

if TYPE_CHECKING:
    from resnet_studio.training.device import Device

KEPT = ("device", "precision", "seed")
"""What a recipe leaves as it is: it belongs to the machine and to the run."""

RESOLVED = ("optimizer", "channels_last", "compile", "eval_batch_size", "log_every")
"""What else a run answers for itself where its recipe leaves it open."""


class RecipePanel(Panel):
    """Fields of the training in sections; follows the session, and is locked while a run is going on."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Recipe", name="panel.train", label_width=100, parent=parent)
        self._session = session
        self._shown: tuple[TrainingSpec, TrainingSpec, bool, Device | None, str] | None = None
        self._was_locked = False
        self.fields = RecipeFields(session)
        self._lock = Glyph("lock", "muted", 14)
        self._locked = Label("locked while training", ink="muted", size="note", name="panel.train.locked")
        self.head.add_right(self._lock, self._locked)
        self._recipe = RecipeChoice(session, KEPT)
        self._recipe.activated.connect(self._recipe_chosen)
        add_recipe(self.fields, self.add_section(name="panel.train.recipe"), self._recipe)
        regularisation = self.add_section("Regularisation", name="panel.train.regularisation")
        add_regularisation(self.fields, regularisation)
        add_machine(self.fields, self.add_section("Machine", name="panel.train.machine"))
        add_rest(self.fields, self.add_section("More", name="panel.train.rest", folds=True))
        self.add_foot(ForecastView(session))
        session.changed.connect(self.refresh)
        session.run_changed.connect(self.refresh)
        session.devices_changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what is wanted, and what of it can be edited now; while a run goes on, what that was resolved to."""
        run, device = self._session.runs.current, self._session.devices.wanted
        locked = run is not None and self._session.runs.going_on
        experiment = run.experiment if run is not None and locked else self._session.experiment
        if locked or self._was_locked:
            for binding in self.fields.bindings.values():
                binding.show_experiment(experiment)
        self._was_locked = locked
        training = experiment.training
        recipe = recipe_training(training.recipe, experiment.network)
        optimizer = what_auto_is(self._session.analysis, training)
        if self._shown == (training, recipe, locked, device, optimizer):
            return  # most edits are of the network
        self._shown = (training, recipe, locked, device, optimizer)
        left_out = KEPT + (RESOLVED if locked else ())
        departs = [title(field) for field in differing(training, recipe, but=left_out)]
        titles = [(name, f"{words} (edited)" if departs and name == training.recipe else words)
                  for name, words in RECIPE_TITLES.items()]  # fmt: skip
        with QSignalBlocker(self._recipe):
            self._recipe.set_options(titles)
            self._recipe.set_value(training.recipe)
        rows, choices = self.fields.rows, self.fields.choices
        # Qt breaks no line of plain text
        self._recipe.setToolTip(fill(RECIPES[training.recipe].meaning, 80))
        rows["training.recipe"].set_note(f"{', '.join(departs)} edited" if departs else "")
        together = f"{numbers.count(training.accumulate * training.batch_size)} images a step"
        rows["training.accumulate"].set_note(together if training.accumulate > 1 else "")
        rows["training.optimizer"].set_note(optimizer)
        rows["training.learning_rate"].between[0].setText(
            "beta 1" if training.optimizer in {"adam", "adamw"} else "mom."
        )
        self._show_milestones(training)
        self._balance_once(training)
        off = training.device in {"cpu", "mps"}
        choices["training.compile"].set_option_enabled(
            "graph", enabled=not off, reason="Only NVIDIA's GPUs have them." if off else ""
        )
        why = why_no_fp16(device)
        choices["training.precision"].set_option_enabled("fp16", enabled=not why, reason=why)
        rows["training.device"].set_note("" if locked else self._session.devices.why_cpu)
        self._enable(training, locked=locked)

    def _show_milestones(self, training: TrainingSpec) -> None:
        """Call the epochs what the schedule takes them for, and say which of them do nothing."""
        stepping, row = training.schedule == "step", self.fields.rows["training.milestones"]
        row.label.setText("Every epochs" if stepping else "At epochs")
        note = ""
        if training.schedule in {"step", "multi_step"} and not training.milestones:
            note = "without an epoch here the rate never falls"
        elif stepping and len(training.milestones) > 1:
            note = f"steps take the first one alone: every {training.milestones[0]:g} epochs"
        row.set_note(note)

    def _balance_once(self, training: TrainingSpec) -> None:
        """Offer to balance the classes in one way: both together would count rare ones twice over."""
        ways = (
            ("training.class_weights", training.sampling, "sampling"),
            ("training.sampling", training.class_weights, "class weights"),
        )
        for path, other, words in ways:
            reason = f"The {words} balance the classes already." if other == "balanced" else ""
            self.fields.choices[path].set_option_enabled("balanced", enabled=not reason, reason=reason)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Ask which devices there are, the first time that anybody wants to know."""
        super().showEvent(event)
        self._session.devices.ask()

    # ---- what can be edited

    def _enable(self, training: TrainingSpec, *, locked: bool) -> None:
        device = self._session.devices.wanted
        focused = self.focusWidget()
        if locked and isinstance(focused, QWidget) and focused.objectName() in self.fields.controls:
            focused.clearFocus()  # or it would go to the next that is not locked
        self._lock.setVisible(locked)
        self._locked.setVisible(locked)
        for path, control in self.fields.controls.items():
            reason = why_nothing(path.removeprefix("training."), training, device)
            if path in self.fields.bindings:
                self.fields.bindings[path].set_possible(not reason, reason)
            # what is locked is still to be read; what is impossible is grey
            only_read = locked and not reason
            theme.set_look(control, "locked", "true" if only_read else None)
            control.setEnabled(not locked and not reason)
            if isinstance(control, QAbstractSpinBox):
                show_arrows(control, shown=not only_read)

    @Slot(int)
    def _recipe_chosen(self, _: int) -> None:
        """Take the chosen recipe; called for the user's choice alone, of the same one too, which undoes edits."""
        name = self._recipe.value()
        experiment = with_recipe(self._session.experiment, name, KEPT)
        self._session.replace(experiment, f"recipe {RECIPE_TITLES[experiment.training.recipe]}")

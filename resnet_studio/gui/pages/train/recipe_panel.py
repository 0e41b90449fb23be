"""The panel of the train page: every field of the training."""

from textwrap import fill
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractSpinBox, QSizePolicy, QWidget

from resnet_studio.gui import numbers, theme
from resnet_studio.gui.binding import Binding, Control
from resnet_studio.gui.pages.train.device_list import DeviceList
from resnet_studio.gui.pages.train.field_titles import differing, title
from resnet_studio.gui.pages.train.forecast_view import ForecastView
from resnet_studio.gui.pages.train.milestones import MilestonesField
from resnet_studio.gui.pages.train.reasons import why_no_fp16, why_nothing
from resnet_studio.gui.pages.train.recipe_choice import RECIPE_TITLES, RecipeChoice
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.check import Check
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.glyph import Glyph
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.panel import FormRow, Panel, Section
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.spin_look import show_arrows
from resnet_studio.gui.widgets.whole_spin import WholeSpin
from resnet_studio.spec.experiment import recipe_training, with_recipe
from resnet_studio.spec.recipes import RECIPES
from resnet_studio.spec.training import TrainingSpec

if TYPE_CHECKING:
    from resnet_studio.training.device import Device

OPTIMIZERS = (("sgd", "SGD"), ("adam", "Adam"), ("adamw", "AdamW"))
SCHEDULES = (
    ("constant", "constant"),
    ("step", "steps"),
    ("multi_step", "milestones"),
    ("cosine", "cosine"),
    ("one_cycle", "one cycle"),
)
PRECISIONS = (("auto", "auto"), ("fp32", "fp32"), ("bf16", "bf16"), ("fp16", "fp16"))
LAYOUTS = ((None, "auto"), (True, "yes"), (False, "no"))
CLASS_WEIGHTS = (("none", "none"), ("balanced", "balanced"))
SAMPLING = (("shuffle", "each image once"), ("balanced", "balanced"))
COMPILE = (("auto", "auto"), ("off", "off"), ("graph", "CUDA graphs"), ("on", "torch.compile"))
KEPT = ("device", "precision", "seed")
"""What a recipe leaves as it is: it belongs to the machine and to the run."""

RESOLVED = ("channels_last", "compile", "eval_batch_size", "log_every")
"""What else a run answers for itself where its recipe leaves it open."""


class RecipePanel(Panel):
    """Fields of the training in sections; follows the session, and is locked while a run is going on."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Recipe", name="panel.train", label_width=100, parent=parent)
        self._session = session
        self._shown: tuple[TrainingSpec, TrainingSpec, bool, Device | None] | None = None
        self._was_locked = False
        self._bindings: dict[str, Binding | MilestonesField] = {}
        self._controls: dict[str, QWidget] = {}
        self._lock = Glyph("lock", "muted", 14)
        self._locked = Label("locked while training", ink="muted", size="note", name="panel.train.locked")
        self.head.add_right(self._lock, self._locked)
        self._add_rate(self._add_recipe())
        self._add_regularisation()
        self._add_machine()
        self._add_rest()
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
            for binding in self._bindings.values():
                binding.show_experiment(experiment)
        self._was_locked = locked
        training = experiment.training
        recipe = recipe_training(training.recipe, experiment.network)
        if self._shown == (training, recipe, locked, device):
            return  # most edits are of the network
        self._shown = (training, recipe, locked, device)
        left_out = KEPT + (RESOLVED if locked else ())
        departs = [title(field) for field in differing(training, recipe, but=left_out)]
        titles = [(name, f"{words} (edited)" if departs and name == training.recipe else words)
                  for name, words in RECIPE_TITLES.items()]  # fmt: skip
        with QSignalBlocker(self._recipe):
            self._recipe.set_options(titles)
            self._recipe.set_value(training.recipe)
        # Qt breaks no line of plain text
        self._recipe.setToolTip(fill(RECIPES[training.recipe].meaning, 80))
        self._recipe_row.set_note(f"{', '.join(departs)} edited" if departs else "")
        together = f"{numbers.count(training.accumulate * training.batch_size)} images a step"
        self._accumulate_row.set_note(together if training.accumulate > 1 else "")
        self._rate_row.between[0].setText("mom." if training.optimizer == "sgd" else "beta 1")
        self._show_milestones(training)
        self._balance_once(training)
        off = training.device in {"cpu", "mps"}
        self._compile.set_option_enabled(
            "graph", enabled=not off, reason="Only NVIDIA's GPUs have them." if off else ""
        )
        why = why_no_fp16(device)
        self._precision.set_option_enabled("fp16", enabled=not why, reason=why)
        self._device_row.set_note("" if locked else self._session.devices.why_cpu)
        self._enable(training, locked=locked)

    def _show_milestones(self, training: TrainingSpec) -> None:
        """Call the epochs what the schedule takes them for, and say which of them do nothing."""
        stepping = training.schedule == "step"
        self._milestones_row.label.setText("Every epochs" if stepping else "At epochs")
        note = ""
        if training.schedule in {"step", "multi_step"} and not training.milestones:
            note = "without an epoch here the rate never falls"
        elif stepping and len(training.milestones) > 1:
            note = f"steps take the first one alone: every {training.milestones[0]:g} epochs"
        self._milestones_row.set_note(note)

    def _balance_once(self, training: TrainingSpec) -> None:
        """Offer to balance the classes in one way: both together would count rare ones twice over."""
        ways = (
            (self._weights, training.sampling, "sampling"),
            (self._sampling, training.class_weights, "class weights"),
        )
        for choice, other, words in ways:
            reason = f"The {words} balance the classes already." if other == "balanced" else ""
            choice.set_option_enabled("balanced", enabled=not reason, reason=reason)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Ask which devices there are, the first time that anybody wants to know."""
        super().showEvent(event)
        self._session.devices.ask()

    # ---- what can be edited

    def _enable(self, training: TrainingSpec, *, locked: bool) -> None:
        device = self._session.devices.wanted
        focused = self.focusWidget()
        if locked and isinstance(focused, QWidget) and focused.objectName() in self._controls:
            focused.clearFocus()  # or it would go to the next that is not locked
        self._lock.setVisible(locked)
        self._locked.setVisible(locked)
        for path, control in self._controls.items():
            reason = why_nothing(path.removeprefix("training."), training, device)
            if path in self._bindings:
                self._bindings[path].set_possible(not reason, reason)
            # what is locked is still to be read; what is impossible is grey
            only_read = locked and not reason
            theme.set_look(control, "locked", "true" if only_read else None)
            control.setEnabled(not locked and not reason)
            if isinstance(control, QAbstractSpinBox):
                show_arrows(control, shown=not only_read)

    # ---- made once

    def _add_recipe(self) -> Section:
        section = self.add_section(name="panel.train.recipe")
        self._recipe = RecipeChoice(self._session, KEPT)
        self._recipe.activated.connect(self._recipe_chosen)
        self._controls["training.recipe"] = self._recipe
        self._recipe_row = section.add_row("Recipe", self._recipe)
        self._row(
            section,
            "Epochs",
            WholeSpin(1, 100_000, name="training.epochs", label="epochs"),
            "batch",
            WholeSpin(1, 65_536, name="training.batch_size", label="batch size", step="double"),
        )
        self._row(section, "Optimiser", Choice(OPTIMIZERS, name="training.optimizer", label="optimiser"))
        section.add_checks(self._check("Nesterov momentum", "training.nesterov"))
        return section

    def _add_rate(self, section: Section) -> None:
        rate = RealSpin(1e-8, 100, name="training.learning_rate", label="learning rate", step="ladder", places=3)
        momentum = RealSpin(0, 0.9999, name="training.momentum", label="momentum")
        self._rate_row = self._row(section, "Learning rate", rate, "mom.", momentum)
        self._row(section, "Schedule", Choice(SCHEDULES, name="training.schedule", label="schedule"))
        self._milestones = MilestonesField(self._session)
        self._controls["training.milestones"] = self._bindings["training.milestones"] = self._milestones
        gamma = RealSpin(1e-8, 1, name="training.gamma", label="factor at a milestone", step="ladder", places=1)
        self._milestones_row = self._row(section, "At epochs", self._milestones, "×", gamma)
        self._milestones.row = self._milestones_row
        warmup = RealSpin(
            0, 10_000, name="training.warmup_epochs", label="warm-up", after=" epochs", step=0.5, places=1
        )
        self._row(section, "Warm-up", warmup)
        decay = RealSpin(0, 1, name="training.weight_decay", label="weight decay", step="ladder", places=4)
        self._row(section, "Weight decay", decay)
        spared = Check("not on norms and biases", name="training.decay_norm_and_bias")
        self._bind(spared, None, inverse=True)
        section.add_checks(spared)

    def _add_regularisation(self) -> None:
        section = self.add_section("Regularisation", name="panel.train.regularisation")
        self._row(section, "Smoothing", RealSpin(0, 0.99, name="training.label_smoothing", label="label smoothing"))
        clip = RealSpin(
            1e-6,
            1e6,
            name="training.gradient_clip",
            label="largest gradient norm",
            nothing="off",
            step="ladder",
            places=1,
        )
        self._row(section, "Clip gradient", clip)
        ema = RealSpin(
            0, 0.99999, name="training.ema_decay", label="decay of averaged weights", nothing="off", places=3
        )
        self._row(section, "EMA", ema)

    def _add_machine(self) -> None:
        section = self.add_section("Machine", name="panel.train.machine")
        device = Choice(name="training.device", label="device")
        DeviceList(self._session, device)
        self._device_row = self._row(section, "Device", device)
        self._precision = Choice(PRECISIONS, name="training.precision", label="precision")
        layout = Choice(LAYOUTS, name="training.channels_last", label="channels last")
        self._row(section, "Precision", self._precision)
        self._row(section, "Channels last", layout)
        seed = WholeSpin(0, name="training.seed", label="seed")
        self._row(section, "Seed", seed, self._check("deterministic", "training.deterministic"))

    def _add_rest(self) -> None:
        section = self.add_section("More", name="panel.train.rest", folds=True)
        section.set_summary("class weights, sampling, early stop, logging")
        self._weights = Choice(CLASS_WEIGHTS, name="training.class_weights", label="class weights")
        self._sampling = Choice(SAMPLING, name="training.sampling", label="sampling")
        self._row(section, "Class weights", self._weights)
        self._row(section, "Sampling", self._sampling)
        patience = WholeSpin(
            1, 100_000, name="training.early_stop_patience", label="early stop", nothing="never", after=" epochs"
        )
        self._row(section, "Early stop", patience)
        log = WholeSpin(1, 1_000_000, name="training.log_every", label="log every", nothing="auto", after=" steps")
        self._row(section, "Log every", log)
        save = WholeSpin(
            1, 10_000_000, name="training.checkpoint_every", label="checkpoint every", nothing="epoch", after=" steps"
        )
        self._row(section, "Checkpoint", save)
        whole = WholeSpin(
            1, 65_536, name="training.eval_batch_size", label="evaluation batch", nothing="auto", step="double"
        )
        self._row(section, "Eval. batch", whole)
        accumulate = WholeSpin(1, 4096, name="training.accumulate", label="accumulate", after=" batches")
        self._accumulate_row = self._row(section, "Accumulate", accumulate)
        self._compile = Choice(COMPILE, name="training.compile", label="compile")
        self._row(section, "Compile", self._compile)
        limit = RealSpin(
            0.01, 1e6, name="training.max_minutes", label="time limit", nothing="none", after=" min", step=1
        )
        self._row(section, "Time limit", limit)
        section.set_folded(True)

    def _row(self, section: Section, label: str, *fields: Control | MilestonesField | str) -> FormRow:
        """Add a row of fields that are bound to the paths in their names."""
        row = section.add_row(label, *fields)
        for field in fields:
            if isinstance(field, (WholeSpin, RealSpin)):
                field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            if not isinstance(field, (str, MilestonesField)) and field.objectName() not in self._bindings:
                self._bind(field, row)
        return row

    def _check(self, text: str, path: str) -> Check:
        check = Check(text, name=path)
        self._bind(check, None)
        return check

    def _bind(self, control: Control, row: FormRow | None, *, inverse: bool = False) -> None:
        path = control.objectName()
        self._controls[path] = control
        self._bindings[path] = Binding(self._session, control, row, inverse=inverse)

    @Slot(int)
    def _recipe_chosen(self, _: int) -> None:
        """Take the chosen recipe; called for the user's choice alone, of the same one too, which undoes edits."""
        name = self._recipe.value()
        experiment = with_recipe(self._session.experiment, name, KEPT)
        self._session.replace(experiment, f"recipe {RECIPE_TITLES[experiment.training.recipe]}")

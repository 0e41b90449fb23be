"""Going on from a kept checkpoint: in the same run, for more epochs, or in a new one."""

from PySide6.QtCore import QRect, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton

from resnet_studio.gui.pages.train.branch_way import BranchWay, branch_way
from resnet_studio.gui.pages.train.kept_list import KeptList
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import Button, PrimaryButton
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.sheet import Sheet
from resnet_studio.gui.widgets.whole_spin import WholeSpin
from resnet_studio.runs.checkpoints import Checkpoint, Index
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.errors import StudioError

WIDTH = 460
NONE = "No checkpoint of this run is kept."


class BranchSheet(Sheet):
    """The kept checkpoints of the shown run; one of them, a number of epochs, and the two ways to go on."""

    def __init__(self, session: Session, owner: Button) -> None:
        super().__init__(owner, name="view.branch")
        self.setAccessibleName("go on from a checkpoint")
        self._session = session
        self._index = Index()
        self.origin, self._said, self._error = (Label(size="note", ink=ink) for ink in ("muted", "muted", "error"))
        for label in (self.origin, self._said, self._error):
            label.setWordWrap(True)
            label.setFixedWidth(WIDTH)
        self.kept = KeptList()
        self.kept.chosen.connect(self._chosen)
        self.epochs = WholeSpin(1, 100_000, name="branch.epochs", label="epochs in all")
        self.epochs.setFixedWidth(84)
        self.epochs.valueChanged.connect(self._refresh)
        self.prolong = Button("Prolong this run", name="branch.prolong")
        self.prolong.clicked.connect(self._prolong)
        self.branch = PrimaryButton("Continue in a new run", name="branch.new")
        self.branch.clicked.connect(self._branch)
        row = QHBoxLayout()
        row.setSpacing(8)
        label = Label("Epochs in all", ink="muted")
        label.setBuddy(self.epochs)
        row.addWidget(label)
        row.addWidget(self.epochs)
        row.addStretch(1)
        row.addWidget(self.prolong)
        row.addWidget(self.branch)
        for each in (self.origin, self.kept, self._said, self._error):
            self.column.addWidget(each)
        self.column.addSpacing(4)
        self.column.addLayout(row)
        session.run_changed.connect(self.leave)
        session.changed.connect(self._refresh)

    def open(self, beside: QRect) -> None:
        """Look what is kept of the shown run, and show it; `beside`: what it belongs to, on the screen."""
        state = self._session.runs.current
        if state is None or state.folder is None:
            return
        try:
            self._index = RunFolder.open(state.folder).checkpoints()
        except StudioError as error:
            self._session.refused.emit("", str(error))
            return
        self.title.setText(f"Go on from a checkpoint of {state.folder.name}")
        self.origin.setText(f"{state.origin.sentence} It is in {state.origin.run.parent}." if state.origin else "")
        self.origin.setVisible(state.origin is not None)
        self.kept.show_index(self._index)
        self._propose()
        self._refresh()
        self.show_beside(beside, self.kept.first())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go on in a new run at Return, unless the keyboard is on another button: then that is meant."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            focused = self.focusWidget()
            # radio buttons and fields are none of these
            (focused if isinstance(focused, QPushButton | QToolButton) else self.branch).click()
        else:
            super().keyPressEvent(event)

    # ---- what is asked for

    def _way(self) -> BranchWay:
        state = self._session.runs.current
        return branch_way(state.experiment, self._session.experiment) if state else BranchWay({})

    def _propose(self) -> None:
        """Propose as many epochs as are wanted, or half as many again where these are done."""
        state, checkpoint = self._session.runs.current, self.kept.checkpoint()
        if state is None or checkpoint is None:
            return
        most = max(self._session.experiment.training.epochs, state.experiment.training.epochs)
        self.epochs.setValue(most if checkpoint.epoch < most else most + max(1, most // 2))

    @Slot()
    def _chosen(self) -> None:
        self._propose()
        self._refresh()

    @Slot()
    def _prolong(self) -> None:
        epochs, way = self.epochs.value(), self._way()
        self.leave()
        self._session.change("training.epochs", epochs)
        self._session.runs.resume(epochs=epochs, changes=way.changes)

    @Slot()
    def _branch(self) -> None:
        checkpoint, epochs, way = self.kept.checkpoint(), self.epochs.value(), self._way()
        self.leave()
        if checkpoint is not None:
            self._session.change("training.epochs", epochs)
            self._session.runs.branch(checkpoint.name, epochs, way.changes)

    # ---- what can be done

    @Slot()
    def _refresh(self) -> None:
        """Say what comes along, and which of the two ways are open."""
        if not self._session.runs.folder:
            return
        way, checkpoint = self._way(), self.kept.checkpoint()
        words = [f"The schedule of the learning rate is stretched to {self.epochs.value():,} epochs."]
        words += [f"From the recipe: {way.taken}."] if way.taken else []
        words += [f"As they were, for a run can't change them in its middle: {way.left}."] if way.left else []
        self._said.setText(" ".join(words))
        why = self._why_not(checkpoint, way)
        self._error.setText(why)
        self._error.setVisible(bool(why))
        for button, reason in ((self.branch, why), (self.prolong, why or self._why_not_here(checkpoint))):
            button.setEnabled(not reason)
            button.setToolTip(reason)
        if self.isVisible():
            self.adjustSize()

    def _why_not(self, checkpoint: Checkpoint | None, way: BranchWay) -> str:
        """Return why nothing can go on; empty where it can."""
        if checkpoint is None:
            return NONE
        if checkpoint.epoch >= self.epochs.value():
            return f"The checkpoint has {checkpoint.epoch:,} epochs already; give more."
        return way.error or self._session.runs.why_not_branch

    def _why_not_here(self, checkpoint: Checkpoint | None) -> str:
        """Return why the run itself can't go on from there; empty where it can."""
        if checkpoint is not None and checkpoint.name != self._index.last:
            return "A run goes on from its newest checkpoint; from an earlier one, a new run does."
        return ""

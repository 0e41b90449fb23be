"""The export page: what is wanted at the left; formats, their proof and the code that loads them at the right."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from resnet_studio.analysis.network import analyse
from resnet_studio.export.names import weights_name
from resnet_studio.gui import numbers
from resnet_studio.gui.pages.export.code_panel import CodePanel
from resnet_studio.gui.pages.export.format_model import Files, FormatModel
from resnet_studio.gui.pages.export.panel import ExportPanel
from resnet_studio.gui.pages.export.proof_view import ProofView
from resnet_studio.gui.pages.export.standing import KINDS, Export
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import Button
from resnet_studio.gui.widgets.empty_state import EmptyState
from resnet_studio.gui.widgets.finding_line import FindingLine
from resnet_studio.gui.widgets.table import HEADER_HEIGHT, ROW_HEIGHT, Table
from resnet_studio.gui.widgets.tool_row import ToolRow
from resnet_studio.runs.checkpoints import Index
from resnet_studio.runs.events import CheckpointSaved, Event
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.errors import StudioError

NO_RUN = "Train a network, and its weights can be exported here, proven equal to the run's."
GOING_ON = "A run is going on; its weights can be exported once it has ended."
NO_CHECKPOINT = "This run has not saved a checkpoint; resume it or train anew."
NO_PROOF = "Each file is read back, loaded strictly into a new network and compared with the run on its test images."


@dataclass(frozen=True)
class _Asked:
    """What was asked of the session: whose weights, in which formats, where to."""

    run: Path
    formats: tuple[str, ...]
    to: Path


class ExportPage(QWidget):
    """Follows the session's run and its export; the window's action `export` exports what is chosen here."""

    def __init__(self, session: Session, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._actions = session, actions
        self._index, self._damage = Index(), ""
        self._asked: _Asked | None = None
        self._cancelled = False
        self._panel = ExportPanel(session, actions)
        self._head = ToolRow("Formats", name="view.formats.head")
        self._open = Button("Open folder", name="export.open", icon="folder", compact=True)
        self._open.clicked.connect(self._open_folder)
        self._head.add_right(self._open)
        self._formats = FormatModel()
        self._table = Table(self._formats, name="view.formats", label="formats")
        self._table.set_weights({3: 1.0})
        self._table.setFixedHeight(HEADER_HEIGHT + len(KINDS) * ROW_HEIGHT + 1)
        self._proof, self._code = ProofView(), CodePanel()
        self._ready = EmptyState(NO_PROOF, name="view.export.ready")
        self._nothing = EmptyState(NO_RUN, action=actions["train"], icon="play", name="view.export.empty")
        self._finding = FindingLine(name="view.export.finding")
        self._proven, self._below = QFrame(), QStackedWidget()
        self._lay_out()
        self._formats.chosen_changed.connect(self._show)
        self._panel.checkpoints.chosen.connect(self._show)
        self._panel.cancel.clicked.connect(self._cancel)
        actions["export"].triggered.connect(self._export)
        session.run_changed.connect(self._read)
        session.events_came.connect(self._look_for_checkpoints)
        session.export_changed.connect(self._show)
        self._read()

    def _lay_out(self) -> None:
        self._proven.setProperty("ground", "base")
        both = QVBoxLayout(self._proven)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(0)
        both.addWidget(self._proof)
        both.addWidget(self._code, 1)
        both.addStretch(0)
        for state in (self._nothing, self._ready, self._proven):
            self._below.addWidget(state)
        right = QVBoxLayout()
        right.setSpacing(0)
        for part in (self._head, self._table):
            right.addWidget(part)
        right.addWidget(self._below, 1)
        right.addWidget(self._finding)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._panel)
        row.addLayout(right, 1)

    # ---- what there is

    @Slot(list)
    def _look_for_checkpoints(self, events: list[Event]) -> None:
        if any(isinstance(event, CheckpointSaved) for event in events):
            self._read()

    @Slot()
    def _read(self) -> None:
        """Read which checkpoints the run has kept."""
        folder = self._session.runs.folder
        self._index, self._damage = Index(), ""
        if folder is not None:
            try:
                self._index = RunFolder(folder).checkpoints()
            except StudioError as error:
                self._damage = str(error)
        self._panel.show_run(self._session.runs.current, self._index)
        self._show()

    def _standing(self) -> Export:
        """Return the export of this run, an empty one while there is none: that of another run is none of it."""
        session, asked = self._session, self._asked
        if asked is None or session.runs.folder != asked.run:
            return Export()
        return Export(asked.formats, tuple(session.exports.steps), session.exports.running, session.exports.error)

    # ---- what is shown

    @Slot()
    def _show(self) -> None:
        export, run = self._standing(), self._session.runs.current
        files = self._files()
        self._formats.show(files, export)
        self._panel.show_export(export)
        chosen = [self._formats.size(kind) or 0 for kind in self._formats.chosen()]
        self._panel.destination.follow(run, sum(chosen))
        self._head.set_title("Formats", self._words())
        self._open.setVisible(bool(export.exported()))
        self._proof.show_export(export)
        self._show_codes(export)
        possible = bool(self._index.checkpoints) and not self._session.runs.going_on
        begun = bool(export.steps or export.running)
        self._below.setCurrentWidget(self._proven if possible and begun else self._ready if possible else self._nothing)
        self._nothing.set_sentence(GOING_ON if self._session.runs.going_on else NO_CHECKPOINT if run else NO_RUN)
        if self._nothing.button is not None:
            self._nothing.button.setVisible(not self._session.runs.going_on)
        self._say(export)

    def _files(self) -> Files:
        """Return what will be written; a checkpoint is as large as what is exported of it."""
        run, checkpoint = self._session.runs.current, self._panel.checkpoints.checkpoint()
        if run is None or run.folder is None or checkpoint is None:
            return Files()
        weights = RunFolder(run.folder).checkpoints_path / checkpoint.name / "model.safetensors"
        stem = weights_name(run.experiment.network, "pt").removesuffix(".pt")
        return Files(stem, weights.stat().st_size if weights.is_file() else None)

    def _words(self) -> str:
        run, checkpoint = self._session.runs.current, self._panel.checkpoints.checkpoint()
        if run is None or checkpoint is None:
            return ""
        which, params = self._panel.checkpoints.which(), analyse(run.experiment.network).params
        step = f"step {numbers.count(checkpoint.step)}"
        name = step if which.isdecimal() else {"ema": f"the average of the weights at {step}"}.get(which, which)
        return f"from {name}, epoch {numbers.count(checkpoint.epoch)}, {numbers.count(params)} parameters"

    def _show_codes(self, export: Export) -> None:
        codes: dict[str, str] = {}
        if self._asked is not None and export.exported():
            from resnet_studio.export.code import loading_code

            try:
                codes = {kind: loading_code(self._asked.to, kind) for kind in export.exported()}
            except StudioError as error:  # somebody took the folder away meanwhile
                self._damage = str(error)
        self._code.show_codes(codes)
        self._code.setVisible(bool(codes))

    def _say(self, export: Export) -> None:
        sentence = export.error or self._damage
        self._finding.setVisible(bool(sentence))
        if sentence:
            self._finding.show_text(sentence, "info" if self._cancelled and export.error else "error")

    # ---- what is done

    @Slot()
    def _export(self) -> None:
        """Export what is chosen; the page shows itself, for the action has a key."""
        run = self._session.runs.current
        if run is None or run.folder is None:
            return
        if not self.isVisible():
            self._actions["page.export"].trigger()
        asked = _Asked(run.folder, self._formats.chosen(), self._panel.destination.path())
        self._asked, self._cancelled = asked, False
        self._session.exports.start(asked.to, asked.formats, self._panel.checkpoints.which())

    @Slot()
    def _cancel(self) -> None:
        self._cancelled = True
        self._session.exports.cancel()

    @Slot()
    def _open_folder(self) -> None:
        if self._asked is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._asked.to)))

"""The export page: from a run to files that are proven."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
import torch
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot
from safetensors.torch import load_file

from resnet_studio.export.proof import ProofStep
from resnet_studio.gui.pages.export.format_model import FormatModel
from resnet_studio.gui.pages.export.page import GOING_ON, NO_CHECKPOINT, NO_RUN, ExportPage
from resnet_studio.gui.pages.export.standing import KINDS, STEPS
from resnet_studio.gui.run_state import RunState
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.cell import SIDE
from resnet_studio.gui.widgets.column_fit import MARK
from resnet_studio.gui.widgets.finding_line import FindingLine
from resnet_studio.gui.widgets.table import Table
from resnet_studio.gui.widgets.text_field import TextField
from resnet_studio.runs.events import CheckpointSaved
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.experiment import ExperimentSpec

Control = TypeVar("Control", bound=QWidget)
Asked = list[tuple[Path, tuple[str, ...], str]]


def _find(page: ExportPage, kind: type[Control], name: str) -> Control:
    found = page.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


def _shown(page: ExportPage, name: str) -> bool:
    return _find(page, QWidget, name).isVisible()


def _text(page: ExportPage, name: str) -> str:
    return _find(page, QLabel, name).text()


def _formats(page: ExportPage) -> FormatModel:
    model = _find(page, Table, "view.formats").model()
    assert isinstance(model, FormatModel)
    return model


def _states(page: ExportPage) -> list[str]:
    model = _formats(page)
    return [model.index(row, 4).data() for row in range(model.rowCount())]


def _choose(page: ExportPage, row: int, *, wanted: bool) -> None:
    state = Qt.CheckState.Checked if wanted else Qt.CheckState.Unchecked
    model = _formats(page)
    model.setData(model.index(row, 0), state.value, Qt.ItemDataRole.CheckStateRole)


@pytest.fixture
def asked(session: Session, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What the session is asked to export, instead of exporting it."""
    calls: Asked = []

    def export(to: Path, formats: tuple[str, ...], checkpoint: str) -> None:
        calls.append((to, formats, checkpoint))

    monkeypatch.setattr(session.exports, "start", export)
    return calls


@pytest.fixture
def step(session: Session) -> Callable[..., None]:
    """Returns what lets an export that was asked for stand somewhere."""

    def stand(*steps: ProofStep, running: bool = True, error: str = "") -> None:
        session.exports.steps, session.exports.running, session.exports.error = list(steps), running, error
        session.export_changed.emit()

    return stand


def test_without_a_run_one_can_be_trained(page: ExportPage, actions: dict[str, QAction], qtbot: QtBot) -> None:
    assert _text(page, "export.run") == "none yet"
    labels = [label.text() for label in _find(page, QWidget, "view.export.empty").findChildren(QLabel)]
    assert NO_RUN in labels
    with qtbot.waitSignal(actions["train"].triggered):
        _find(page, QPushButton, "view.export.empty.button").click()
    assert not _shown(page, "export.folder")


def test_a_run_shows_what_it_has_kept(page: ExportPage, session: Session, finished: Path) -> None:
    session.runs.open(finished)
    index = RunFolder(finished).checkpoints()
    assert _text(page, "export.run") == finished.name
    best = index.find("best")
    assert best is not None
    row = _find(page, QWidget, "export.checkpoint.best.row")
    texts = [label.text() for label in row.findChildren(QLabel)]
    assert texts == [f"{best.epoch}", f"{best.step}", f"{100 * (best.val_accuracy or 0):.2f}"]
    assert _find(page, QRadioButton, "export.checkpoint.best").isChecked()
    assert not _find(page, QRadioButton, "export.checkpoint.last").isChecked()
    assert _text(page, "export.facts.input") == "1×8×8, float32"
    assert _text(page, "export.facts.class_names") == "10"
    assert _text(page, "export.facts.mean") == "0.306"
    assert _text(page, "export.facts.fingerprint") == "once it is exported"
    assert _shown(page, "view.export.ready")


def test_files_are_as_large_as_the_checkpoint(page: ExportPage, session: Session, finished: Path) -> None:
    session.runs.open(finished)
    model = _formats(page)
    assert [model.index(row, 1).data() for row in (0, 1)] == ["digits_resnet8.safetensors", "digits_resnet8.pt"]
    assert [model.index(row, 2).data() for row in (0, 1)] == ["0.32", "0.32"]


def test_names_of_formats_have_room_beside_their_check_boxes(page: ExportPage) -> None:
    table = _find(page, Table, "view.formats")
    assert table.columnWidth(0) >= table.fontMetrics().horizontalAdvance("safetensors") + 2 * SIDE + MARK


def test_what_is_chosen_is_exported(
    page: ExportPage, session: Session, actions: dict[str, QAction], finished: Path, asked: Asked, tmp_path: Path
) -> None:
    session.runs.open(finished)
    _find(page, QRadioButton, "export.checkpoint.last").click()
    assert not _find(page, QRadioButton, "export.checkpoint.best").isChecked()
    _choose(page, 0, wanted=False)
    _find(page, TextField, "export.folder").setText(str(tmp_path / "out"))
    actions["export"].trigger()
    assert asked == [(tmp_path / "out", ("pt",), "last")]


def test_another_kept_checkpoint_is_asked_for_by_its_step(
    page: ExportPage, session: Session, actions: dict[str, QAction], finished: Path, asked: Asked
) -> None:
    session.runs.open(finished)
    index = RunFolder(finished).checkpoints()
    others = [each for each in index.checkpoints if each.name not in {index.best, index.last}]
    row = _find(page, QWidget, "export.checkpoint.other.row")
    assert row.isVisible() == bool(others)
    if others:
        _find(page, QRadioButton, "export.checkpoint.other").click()
        actions["export"].trigger()
        assert asked[0][2] == str(others[-1].step)


def test_each_run_has_its_own_folder(
    page: ExportPage, session: Session, actions: dict[str, QAction], finished: Path, asked: Asked
) -> None:
    session.runs.open(finished)
    actions["export"].trigger()
    to, formats, checkpoint = asked.pop()
    assert to == session.runs.parent.parent / "exports" / finished.name
    assert formats == ("safetensors", "pt")
    assert checkpoint == "best"
    field = _find(page, TextField, "export.folder")
    field.setText("/elsewhere")
    session.run_changed.emit()
    actions["export"].trigger()
    assert asked.pop()[0] == Path("/elsewhere")
    session.runs.current = RunState("stopped", session.experiment, finished.parent / "another")
    session.run_changed.emit()
    assert field.text().endswith("another")


def test_the_folder_can_be_chosen_in_a_dialog(
    page: ExportPage, session: Session, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.runs.open(finished)
    field = _find(page, TextField, "export.folder")
    before = field.text()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    _find(page, QPushButton, "export.choose").click()
    assert field.text() == before
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    _find(page, QPushButton, "export.choose").click()
    assert field.text() == str(tmp_path)


def test_a_hidden_page_shows_itself(
    page: ExportPage, session: Session, actions: dict[str, QAction], finished: Path, asked: Asked, qtbot: QtBot
) -> None:
    session.runs.open(finished)
    page.hide()
    with qtbot.waitSignal(actions["page.export"].triggered):
        actions["export"].trigger()
    assert asked


def test_the_proof_is_watched_and_can_be_cancelled(
    page: ExportPage,
    session: Session,
    actions: dict[str, QAction],
    finished: Path,
    asked: Asked,
    step: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session.runs.open(finished)
    assert not _shown(page, "export.cancel")
    actions["export"].trigger()
    step()
    assert _shown(page, "view.proof")
    assert _text(page, "view.proof.done") == "loading images and weights"
    assert _find(page, QPushButton, "export.start").text() == "Proof is running"
    step(ProofStep("safetensors", "written, sha256 read back", "abc", ok=True))
    assert _text(page, "view.proof.done") == f"1 of {2 * STEPS} steps"
    assert _states(page) == [f"proving, 1 of {STEPS}", "waiting"]
    monkeypatch.setattr(session.exports, "cancel", lambda: step(running=False, error="It was cancelled."))
    _find(page, QPushButton, "export.cancel").click()
    assert _find(page, FindingLine, "view.export.finding").accessibleName() == "info: It was cancelled."
    assert not _shown(page, "export.cancel")


def test_an_error_stands_on_its_line(
    page: ExportPage,
    session: Session,
    actions: dict[str, QAction],
    finished: Path,
    asked: Asked,
    step: Callable[..., None],
) -> None:
    session.runs.open(finished)
    actions["export"].trigger()
    failed = ProofStep("safetensors", "keys and shapes, strict", "55", ok=False)
    step(failed, running=False, error="The export failed its proof.")
    line = _find(page, FindingLine, "view.export.finding")
    assert line.isVisible()
    assert line.accessibleName() == "error: The export failed its proof."
    assert _states(page) == ["failed", ""]
    assert not _shown(page, "view.code")


def test_while_a_run_goes_on_nothing_can_be_exported(page: ExportPage, session: Session, finished: Path) -> None:
    session.runs.open(finished)
    session.runs.current = RunState("training", session.experiment, finished)
    session.run_changed.emit()
    labels = [label.text() for label in _find(page, QWidget, "view.export.empty").findChildren(QLabel)]
    assert GOING_ON in labels
    assert not _shown(page, "view.export.empty.button")


def test_a_run_without_a_checkpoint_says_so(page: ExportPage, session: Session, tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, ExperimentSpec())
    session.runs.current = RunState("failed", ExperimentSpec(), folder.path)
    session.run_changed.emit()
    labels = [label.text() for label in _find(page, QWidget, "view.export.empty").findChildren(QLabel)]
    assert NO_CHECKPOINT in labels
    assert not _shown(page, "export.checkpoint.best")


def test_a_new_checkpoint_is_listed_when_it_is_saved(page: ExportPage, session: Session, finished: Path) -> None:
    session.runs.current = RunState("stopped", ExperimentSpec(), finished.parent / "nothing-yet")
    session.run_changed.emit()
    assert not _shown(page, "export.checkpoint.best")
    session.runs.current = RunState("stopped", ExperimentSpec(), finished)
    session.events_came.emit([CheckpointSaved(step=10, checkpoint="step-10", epoch=1, best="step-10")])
    assert _shown(page, "export.checkpoint.best")


def test_a_damaged_index_is_named(page: ExportPage, session: Session, tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, ExperimentSpec())
    folder.checkpoints_path.mkdir()
    (folder.checkpoints_path / "index.json").write_text("{")
    session.runs.current = RunState("stopped", ExperimentSpec(), folder.path)
    session.run_changed.emit()
    assert "index.json" in _find(page, FindingLine, "view.export.finding").accessibleName()


def test_the_weights_of_a_real_run_are_exported_and_proven(
    page: ExportPage,
    session: Session,
    actions: dict[str, QAction],
    finished: Path,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session.runs.open(finished)
    to = tmp_path / "exports" / "digits"
    _find(page, TextField, "export.folder").setText(str(to))
    actions["export"].trigger()
    assert session.exports.running
    qtbot.waitUntil(lambda: not session.exports.running, timeout=60_000)
    assert session.exports.error == ""
    assert _states(page) == ["exported", "exported"]
    for kind in KINDS:
        assert sum(step.format == kind.name for step in session.exports.steps) == STEPS
    proof = _find(page, Table, "view.proof").model()
    assert proof.rowCount() == STEPS
    weights, again = load_file(to / "digits_resnet8.safetensors"), torch.load(to / "digits_resnet8.pt")
    assert weights.keys() == again.keys()
    assert all(torch.equal(weights[key], again[key]) for key in weights)
    assert _text(page, "export.facts.fingerprint").startswith("sha256 ")
    assert "digits_resnet8.safetensors" in _find(page, QWidget, "view.code").toPlainText()  # type: ignore[attr-defined]  # it is a CodeView

    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    _find(page, QPushButton, "export.open").click()
    assert opened == [QUrl.fromLocalFile(str(to))]

    # the proof of one run is none of another
    session.runs.current = RunState("stopped", ExperimentSpec(), tmp_path)
    session.run_changed.emit()
    assert _states(page) == ["", ""]
    assert not _shown(page, "view.code")


def test_every_control_has_a_name_for_a_screen_reader(page: ExportPage, session: Session, finished: Path) -> None:
    session.runs.open(finished)
    for kind in (Table, TextField, QRadioButton):
        for control in page.findChildren(kind):
            assert control.accessibleName(), control.objectName()

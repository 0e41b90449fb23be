"""Findings on the data, both ways: what was found stands there, and what a button offers is done."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QMainWindow, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.data.checks.check import Report
from resnet_studio.data.checks.finding import DataFinding, Remedy
from resnet_studio.data.images import ImageSet, Skipped
from resnet_studio.data.watch import Progress
from resnet_studio.gui.pages.data.overview.finding_row import FindingRow
from resnet_studio.gui.pages.data.overview.findings_panel import FindingsPanel
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.badge import Badge
from resnet_studio.gui.widgets.finding_line import FindingLine
from resnet_studio.gui.widgets.popover import Popover

Show = Callable[[ImageSet | None], None]
Tell = Callable[..., None]
Found = TypeVar("Found", bound=QWidget)

IMBALANCE = DataFinding(
    "warning",
    "imbalance",
    "The class dog has 12.0 times as many training images (36) as cat (3).",
    "nothing",
    remedies=(
        Remedy("Balance the class weights", (("training.class_weights", "balanced"),)),
        Remedy("Pad instead", (("data.resize", "pad"),)),
    ),
)
CUT = DataFinding("warning", "truncated", "2 images are cut short and are skipped.", "skip", ("cat/1.png", "cat/2.png"))
TWICE = DataFinding(
    "info", "duplicate", "1 picture is there twice.", "nothing", ("train[1]", "train[5]"), (("train[1]", "train[5]"),)
)
REPORT = Report("digits", "pets", ("cat", "dog"), {"train": (3, 36)}, {}, (IMBALANCE, CUT, TWICE), None)


@pytest.fixture
def shown() -> list[tuple[str, Sequence[str]]]:
    """What the grid was asked to show alone."""
    return []


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    """What the panel lies in."""
    made = QMainWindow()
    qtbot.addWidget(made)
    made.resize(344, 500)
    made.show()
    return made


@pytest.fixture
def panel(window: QMainWindow, session: Session, shown: list[tuple[str, Sequence[str]]]) -> FindingsPanel:
    """The panel, nothing known yet."""
    made = FindingsPanel(session, lambda title, files: shown.append((title, files)))
    window.setCentralWidget(made)
    session.collector.start()
    return made


def _find(panel: QWidget, kind: type[Found], name: str) -> Found:
    found = panel.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


def _rows(panel: FindingsPanel) -> list[str]:
    rows = [row for row in panel.findChildren(FindingRow) if not row.isHidden()]
    return [row.accessibleName() for row in sorted(rows, key=lambda row: row.y())]


def _choose(panel: FindingsPanel, words: str) -> None:
    menu = _find(panel, QToolButton, "view.findings.more").menu()
    next(action for action in menu.actions() if action.text() == words).trigger()


def test_each_finding_has_a_row_and_the_head_counts(panel: FindingsPanel, tell: Tell, qtbot: QtBot) -> None:
    assert not _find(panel, Badge, "view.findings.count").isVisible()
    tell(REPORT)
    qtbot.waitUntil(lambda: _rows(panel) == [f"{each.severity}: {each.message}" for each in REPORT.findings])
    assert _find(panel, Badge, "view.findings.count").text() == "3"
    assert _find(panel, QLabel, "view.findings.unreadable").text() == "2 unreadable of 39"
    assert _find(panel, QLabel, "view.findings.sound").text() == ""
    row = _find(panel, FindingRow, "view.findings.truncated")
    tell(replace(REPORT, findings=(replace(CUT, message="3 images are cut short."),)))
    qtbot.waitUntil(lambda: _rows(panel) == ["warning: 3 images are cut short."])
    assert _find(panel, FindingRow, "view.findings.truncated") is row, "a row stays where more is known"


def test_nothing_found_says_what_was_looked_at(panel: FindingsPanel, tell: Tell) -> None:
    tell(replace(REPORT, findings=()))
    sentence = "All 39 images can be read, no picture occurs twice in or across the splits."
    assert _find(panel, QLabel, "view.findings.sound").text() == sentence
    assert _find(panel, Badge, "view.findings.count").state == "ok"


def test_a_remedy_is_one_step_and_is_done_once(panel: FindingsPanel, tell: Tell, session: Session) -> None:
    tell(REPORT)
    weights = _find(panel, QPushButton, "view.findings.imbalance.mend.0")
    pad = _find(panel, QPushButton, "view.findings.imbalance.mend.1")
    assert (weights.text(), pad.text()) == ("Balance the class weights", "Pad instead")
    weights.click()
    assert session.experiment.training.class_weights == "balanced"
    assert not weights.isEnabled()
    assert pad.isEnabled()
    assert session.undo_stack.undoText() == "balance the class weights"
    session.undo_stack.undo()
    assert weights.isEnabled()


def test_files_that_are_loaded_are_shown_in_the_grid(
    panel: FindingsPanel, tell: Tell, show: Show, digits: ImageSet, shown: list[tuple[str, Sequence[str]]]
) -> None:
    show(digits)
    tell(REPORT)
    _find(panel, QPushButton, "view.findings.duplicate.show").click()
    assert shown == [("1 picture is there twice.", ["train[1]", "train[5]"])]


def test_files_that_are_skipped_are_listed_with_their_reason(
    panel: FindingsPanel, tell: Tell, show: Show, digits: ImageSet, shown: list[tuple[str, Sequence[str]]]
) -> None:
    show(replace(digits, skipped=(Skipped("cat/1.png", "it is cut short"),)))
    tell(REPORT)
    _find(panel, QPushButton, "view.findings.truncated.show").click()
    assert not shown
    sheet = panel.window().findChild(Popover, "view.files")
    assert isinstance(sheet, Popover)
    assert sheet.isVisible()
    assert sheet.plain_text() == "cat/1.png: it is cut short\ncat/2.png\n"
    sheet.leave()


def test_all_messages_are_copied(panel: FindingsPanel, tell: Tell) -> None:
    assert not _find(panel, QToolButton, "view.findings.more").isEnabled()
    tell(REPORT)
    _choose(panel, "Copy")
    text = QGuiApplication.clipboard().text()
    assert all(finding.message in text for finding in REPORT.findings)
    assert "Copied: 3 findings." in _find(panel, FindingLine, "view.findings.notice").accessibleName()


def test_findings_are_saved_as_csv(
    panel: FindingsPanel, tell: Tell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(REPORT)
    notice = _find(panel, FindingLine, "view.findings.notice")
    for name in ("", str(tmp_path / "found"), str(tmp_path / "nowhere" / "found.csv")):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, name=name: (name, ""))
        _choose(panel, "Save as CSV…")
        assert notice.isVisible() == bool(name)
        assert notice.severity == ("error" if "nowhere" in name else "ok" if name else "info")
    assert (tmp_path / "found.csv").read_text("utf-8").count("\n") == 6


def test_the_state_of_the_check_is_told_and_it_can_be_stopped(
    panel: FindingsPanel, tell: Tell, session: Session
) -> None:
    words, button = _find(panel, QLabel, "view.check.words"), _find(panel, QPushButton, "view.check.button")
    strip = _find(panel, QWidget, "view.check")
    assert not strip.isVisible()
    tell(None, "walking")
    assert words.text() == "Looking through the folders"
    assert (button.text(), button.isVisible()) == ("Stop", True)
    session.loading.active = True
    tell(replace(REPORT, progress=Progress("Checking", 0, 39)), "waiting")
    assert words.text() == "The images are looked at while they are loaded."
    assert not button.isVisible()
    session.loading.active = False
    tell(replace(REPORT, progress=Progress("Checking", 13, 39, 2.0)), "checking")
    texts = [label.text() for label in strip.findChildren(QLabel) if label.isVisible()]
    assert "13 of 39 images looked at" in texts
    assert "0:13 left" in texts
    button.click()
    assert session.checking.state == "stopped"
    tell(REPORT)
    assert not strip.isVisible()


def test_a_check_that_fails_says_why(panel: FindingsPanel, tell: Tell, session: Session) -> None:
    session.checking.error = "The disk is gone."
    tell(None, "failed")
    assert _find(panel, QLabel, "view.check.words").text() == "The disk is gone."


def test_an_error_stands_on_its_ground(panel: FindingsPanel, tell: Tell) -> None:
    tell(replace(REPORT, findings=(replace(CUT, severity="error"), TWICE)))
    assert _find(panel, FindingRow, "view.findings.truncated").property("ground") == "error"
    assert _find(panel, FindingRow, "view.findings.duplicate").property("ground") is None
    assert _find(panel, Badge, "view.findings.count").state == "error"

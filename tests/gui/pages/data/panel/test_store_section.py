"""The section on the image store, both ways."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QLabel, QMainWindow, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.data.images import ImageSet
from resnet_studio.data.store.caches import Cache
from resnet_studio.gui.pages.data.panel.caches_sheet import CachesSheet
from resnet_studio.gui.pages.data.panel.store_section import StoreSection
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.panel import Panel

Show = Callable[[ImageSet | None], None]
Found = TypeVar("Found", bound=QWidget)
PETS = Cache(Path("/caches/1"), "/pets", "pets", (96, 96, 3), 1813, 0, 50_121_728, time.time() - 2.2 * 3600, "good")


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    """What the panel lies in."""
    made = QMainWindow()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


@pytest.fixture
def section(window: QMainWindow, session: Session, monkeypatch: pytest.MonkeyPatch) -> Panel:
    """A panel with the section, nothing known yet; nothing is looked for behind the test's back."""
    monkeypatch.setattr(session.storing, "look", lambda: None)
    made = Panel("Source", name="panel.data")
    StoreSection(session, made)
    window.setCentralWidget(made)
    return made


@pytest.fixture
def cleared(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[Cache]:
    """The caches that were to be cleared."""
    found: list[Cache] = []

    def clear(caches: Iterable[Cache]) -> None:
        found.extend(caches)

    monkeypatch.setattr(session.storing, "clear", clear)
    return found


def _find(panel: QWidget, kind: type[Found], name: str) -> Found:
    found = panel.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


def _stands(session: Session, show: Show, images: ImageSet | None, cache: Cache | None) -> None:
    show(images)
    session.storing.cache = cache
    session.store_changed.emit()


def test_it_says_how_the_store_stands(section: Panel, session: Session, show: Show, digits: ImageSet) -> None:
    words = _find(section, QLabel, "view.store.words")
    assert words.text() == "no images yet"
    _stands(session, show, digits, None)
    assert words.text() == "none needed"
    assert not _find(section, QPushButton, "view.store.clear").isVisible()
    _stands(session, show, digits, PETS)
    assert words.text() == "1,813 images, fresh"
    assert _find(section, QLabel, "view.store.size").text() == "47.8 MiB"
    assert _find(section, QLabel, "view.store.age").text() == "made 2 h ago"
    session.checking.state, session.checking.checked_at = "done", time.time() - 4
    session.check_changed.emit()
    assert "checked 4 s ago" in _find(section, QLabel, "view.store.age").text()
    _stands(session, show, digits, replace(PETS, state="damaged"))
    assert words.text() == "1,813 images, damaged, made anew when they are loaded"
    session.storing.error = "The disk is locked."
    session.store_changed.emit()
    assert words.text() == "The disk is locked."


def test_nothing_is_cleared_unasked(
    section: Panel, session: Session, show: Show, digits: ImageSet, cleared: list[Cache]
) -> None:
    _stands(session, show, digits, PETS)
    question = _find(section, QLabel, "view.store.question")
    assert not question.isVisible()
    _find(section, QPushButton, "view.store.clear").click()
    assert question.isVisible()
    assert question.text().startswith("1,813 images are decoded anew")
    _find(section, QPushButton, "view.store.clear.no").click()
    assert not question.isVisible()
    assert not cleared
    _find(section, QPushButton, "view.store.clear").click()
    _find(section, QPushButton, "view.store.clear.yes").click()
    assert cleared == [PETS]


def test_check_verifies_or_checks_the_files_alone(
    section: Panel, session: Session, show: Show, digits: ImageSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(session.storing, "verify", lambda: done.append("verify"))
    monkeypatch.setattr(session.checking, "restart", lambda: done.append("restart"))
    _stands(session, show, digits, None)
    _find(section, QPushButton, "view.store.check").click()
    _stands(session, show, digits, PETS)
    _find(section, QPushButton, "view.store.check").click()
    assert done == ["restart", "verify"]


def test_all_caches_are_listed_and_each_can_be_cleared(
    section: Panel, session: Session, cleared: list[Cache], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(session.storing, "look_at_all", lambda: asked.append(True))
    _find(section, QToolButton, "view.store.all").click()
    sheet = _find(section.window(), CachesSheet, "view.caches")
    assert asked
    assert sheet.isVisible()
    assert _find(sheet, QLabel, "view.caches.title").text() == "Looking for caches"
    gone = replace(PETS, folder=Path("/caches/2"), title="birds", state="source gone", nbytes=1 << 20)
    session.storing.caches = (PETS, gone)
    session.store_changed.emit()
    assert _find(sheet, QLabel, "view.caches.title").text() == "2 caches, 48.8 MiB"
    texts = [label.text() for label in sheet.findChildren(QLabel)]
    assert {"pets", "birds", "96×96", "2 h ago", "source gone", "47.8 MiB", "1.0 MiB"} <= set(texts)
    _find(sheet, QPushButton, "view.caches.1.clear").click()
    assert cleared == [gone]
    sheet.leave()

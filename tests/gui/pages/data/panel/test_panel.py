"""Fields of the data and the session, both ways."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.data.images import ImageSet
from resnet_studio.data.load import load
from resnet_studio.gui.pages.data.panel.augment_kinds import KINDS
from resnet_studio.gui.pages.data.panel.panel import SourcePanel
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.text_field import TextField
from resnet_studio.gui.widgets.whole_spin import WholeSpin
from resnet_studio.spec.data import AugmentSpec, DataSpec

Show = Callable[..., None]
Control = TypeVar("Control", bound=QWidget)


def _find(panel: SourcePanel, kind: type[Control], name: str) -> Control:
    found = panel.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


@pytest.mark.parametrize(("name", "value", "other"), [("data.resize", "pad", "stretch"), ("data.channels", 3, None)])
def test_choices_go_both_ways(panel: SourcePanel, session: Session, name: str, value: object, other: object) -> None:
    choice, field = _find(panel, Choice, name), name.removeprefix("data.")
    choice.set_value(value)
    assert getattr(session.experiment.data, field) == value
    session.change(name, other)
    assert choice.value() == other


def test_edits_of_the_network_do_not_touch_the_panel(
    panel: SourcePanel, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    monkeypatch.setattr(panel.source, "refresh", lambda: calls.append(1))
    session.change("network.block_sizes.0", 3)
    assert not calls
    session.change("data.split_seed", 3)
    assert calls == [1]


def test_what_is_resolved_belongs_to_the_source(
    panel: SourcePanel, session: Session, show: Show, digits: ImageSet
) -> None:
    show(replace(digits, source="mnist"))
    assert _find(panel, WholeSpin, "data.image_size.0").number() is None


def test_the_network_is_matched_by_the_windows_action(
    panel: SourcePanel, actions: dict[str, QAction], qtbot: QtBot
) -> None:
    button = _find(panel, QPushButton, "data.match")
    with qtbot.waitSignal(actions["match"].triggered):
        button.click()
    actions["match"].setEnabled(False)
    assert not button.isEnabled()


def test_every_control_has_a_name_for_a_screen_reader(panel: SourcePanel, session: Session) -> None:
    session.change("data.source", "/a/photos")
    kinds = (Choice, WholeSpin, RealSpin, TextField, QCheckBox, QPushButton)
    for control in (found for kind in kinds for found in panel.findChildren(kind)):
        assert control.accessibleName() or isinstance(control, QPushButton), control.objectName()
        assert control.objectName(), control.accessibleName()


def test_all_fields_of_the_data_have_a_control(panel: SourcePanel) -> None:
    names = {child.objectName() for child in panel.findChildren(QWidget)}
    lists = {"image_size": 2, "eval_size": 2, "mean": 3, "std": 3}
    plain = DataSpec.model_fields.keys() - lists.keys() - {"augment"}
    wanted = {f"data.{field}" for field in plain} | {f"data.augment.{field}" for field in AugmentSpec.model_fields}
    wanted |= {f"data.{field}.{place}" for field, count in lists.items() for place in range(count)}
    assert wanted <= names


def test_nothing_is_cut_or_sticks_out_at_its_width(panel: SourcePanel, session: Session, show: Show) -> None:
    show(load(DataSpec(channels=3)))
    session.change_many({f"data.augment.{kind.field}": kind.usual for kind in KINDS}, "all of them")
    session.change_many({"data.mean": (0.1,) * 3, "data.std": (0.2,) * 3}, "given")
    scroll, body = _scrolled(panel)
    assert body.minimumSizeHint().width() <= scroll.viewport().width()
    for spin in (found for kind in (WholeSpin, RealSpin) for found in panel.findChildren(kind)):
        if spin.isVisible():
            room = spin.lineEdit().width()
            assert spin.fontMetrics().horizontalAdvance(spin.text()) <= room, spin.objectName()


def test_the_keyboard_goes_through_the_fields_from_top_to_bottom(panel: SourcePanel, qtbot: QtBot) -> None:
    _, body = _scrolled(panel)
    panel.activateWindow()
    first = _find(panel, Choice, "data.source")
    first.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(first.hasFocus)
    seen: list[QWidget] = []
    while (focused := panel.focusWidget()) is not None and focused not in seen:
        seen.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    places = [widget.mapTo(body, QPoint()).y() for widget in seen if body.isAncestorOf(widget)]
    assert len(places) > 15
    # what stands in one row may differ by some pixels
    assert all(below > above - 8 for above, below in pairwise(places))


def _scrolled(panel: SourcePanel) -> tuple[QScrollArea, QWidget]:
    """Return the area that scrolls, and what is in it."""
    scroll = _find(panel, QScrollArea, "panel.data.scroll")
    body = scroll.widget()
    assert body is not None
    return scroll, body

"""The colours keep their contrast, and a change of theme reaches everything."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from resnet_studio.gui import theme
from resnet_studio.gui.theme import DARK, LIGHT, Tokens

both = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
GROUNDS = ("window", "panel", "base", "raised", "selection", "soft_selection")


@pytest.fixture(autouse=True)
def _light_again(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.1, 1 to 21."""
    luminances = []
    for colour in (one, other):
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        luminances.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(luminances) + 0.05) / (min(luminances) + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@both
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", ["text", "muted", "accent", "ok", "warning", "error"])
def test_text_is_readable_on_every_ground(tokens: Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


@both
@pytest.mark.parametrize("state", ["ok", "warning", "error"])
def test_text_is_readable_on_the_ground_of_a_finding(tokens: Tokens, state: str) -> None:
    ground = getattr(tokens, f"{state}_ground")
    for ink in (getattr(tokens, state), tokens.text):
        assert contrast(ink, ground) >= 4.5


@both
@pytest.mark.parametrize("ground", ["accent_fill", "accent_hover", "accent_pressed"])
def test_text_is_readable_on_a_primary_button(tokens: Tokens, ground: str) -> None:
    assert contrast(tokens.on_accent, getattr(tokens, ground)) >= 4.5


@both
def test_curves_edges_and_disabled_text_can_be_seen(tokens: Tokens) -> None:
    assert len(set(tokens.curves)) == 8
    for curve in tokens.curves:
        assert contrast(curve, tokens.base) >= 3
    for ground in (tokens.base, tokens.panel):
        assert contrast(tokens.control, ground) >= 3
        assert contrast(tokens.disabled, ground) >= 3
        assert contrast(tokens.box_edge, ground) >= 3


def test_applying_a_mode_changes_the_colours_everywhere(qapp: QApplication, qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme.notifier().changed):
        theme.apply(qapp, "dark")
    assert theme.current() is DARK
    assert theme.mode() == "dark"
    assert theme.colour("accent") == QColor(DARK.accent)
    assert qapp.palette().color(QPalette.ColorRole.Base) == QColor(DARK.base)
    assert qapp.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) == QColor(DARK.disabled)
    assert DARK.accent in qapp.styleSheet()
    assert LIGHT.accent not in qapp.styleSheet()


def test_widgets_on_screen_repaint_in_the_new_colours(qapp: QApplication, qtbot: QtBot) -> None:
    area = QFrame()
    area.setProperty("ground", "panel")
    area.resize(20, 20)
    qtbot.addWidget(area)
    area.show()
    assert area.grab().toImage().pixelColor(10, 10) == QColor(LIGHT.panel)
    theme.apply(qapp, "dark")
    assert area.grab().toImage().pixelColor(10, 10) == QColor(DARK.panel)


def test_only_the_mode_system_follows_the_system(qapp: QApplication, qtbot: QtBot) -> None:
    announced = qapp.styleHints().colorSchemeChanged
    theme.apply(qapp, "dark")
    with qtbot.assertNotEmitted(theme.notifier().changed):
        announced.emit(Qt.ColorScheme.Light)
    theme.apply(qapp, "system")
    with qtbot.waitSignal(theme.notifier().changed):
        announced.emit(Qt.ColorScheme.Dark)
    assert theme.mode() == "system"


def test_an_unknown_mode_is_refused(qapp: QApplication) -> None:
    with pytest.raises(ValueError, match="'sepia' is none of light, dark, system"):
        theme.apply(qapp, "sepia")  # type: ignore[arg-type]  # what a settings file may hold


def test_an_unknown_token_is_refused() -> None:
    with pytest.raises(AttributeError, match="mauve"):
        theme.colour("mauve")


@both
def test_the_style_sheet_is_filled_in_and_its_pictures_exist(tokens: Tokens, qapp: QApplication) -> None:
    sheet = theme.style_sheet(tokens)
    assert "$" not in sheet
    pictures = re.findall(r'url\("([^"]+)"\)', sheet)
    assert len(pictures) >= 10
    for picture in pictures:
        assert "currentColor" not in Path(picture).read_text("utf-8")


def test_properties_of_the_style_sheet_are_not_qts_own(qapp: QApplication) -> None:
    """A label's `size` is a QSize already: setting it to a word does nothing, without a word of warning."""
    names = set(re.findall(r"\[(\w+)[=\]]", theme.style_sheet(LIGHT)))
    assert {"ink", "type", "fault", "locked", "primary"} <= names
    for widget in (QLabel(), QFrame(), QPushButton(), QToolButton(), QLineEdit(), QSpinBox(), QComboBox()):
        clashes = {name for name in names if widget.metaObject().indexOfProperty(name) >= 0}
        assert not clashes, type(widget).__name__


def test_the_font_has_tabular_figures_and_pixel_sizes(qapp: QApplication) -> None:
    font = theme.font(11, 600)
    assert font.isFeatureSet(QFont.Tag("tnum"))
    assert font.weight() == QFont.Weight.DemiBold
    assert QFontInfo(font).pixelSize() == 11
    assert qapp.font().isFeatureSet(QFont.Tag("tnum"))
    metrics = QFontMetricsF(theme.mono())
    assert metrics.horizontalAdvance("iii") == metrics.horizontalAdvance("WWW")


def test_set_look_restyles_a_label(qtbot: QtBot) -> None:
    label = QLabel("what is wrong")
    qtbot.addWidget(label)
    label.show()
    theme.set_look(label, "ink", "error")
    assert label.palette().color(label.foregroundRole()) == QColor(LIGHT.error)
    theme.set_look(label, "ink", None)
    assert label.palette().color(label.foregroundRole()) == QColor(LIGHT.text)


@pytest.mark.parametrize("kind", [QPushButton, QComboBox, QToolButton, QLineEdit])
@pytest.mark.parametrize("compact", [None, "true"])
def test_focus_moves_nothing_inside_the_edge(kind: type[QWidget], compact: str | None, qtbot: QtBot) -> None:
    area, control, other = QWidget(), kind(), QPushButton("other")
    column = QVBoxLayout(area)
    column.addWidget(other)
    column.addWidget(control)
    control.setProperty("compact", compact)
    if isinstance(control, (QPushButton, QToolButton, QLineEdit)):
        control.setText("words")
    if isinstance(control, QComboBox):
        control.addItem("words")
    if isinstance(control, QLineEdit):
        control.setReadOnly(True)  # or its cursor would be the difference
    qtbot.addWidget(area)
    area.show()
    area.activateWindow()
    other.setFocus()
    inside = control.rect().adjusted(4, 4, -4, -4)  # within the rounded corners of either edge
    size, before = control.size(), control.grab(inside).toImage()
    control.setFocus()
    qtbot.waitUntil(control.hasFocus)
    assert control.size() == size
    assert control.grab(inside).toImage() == before
    edge = control.grab().toImage()
    assert edge.pixelColor(1, size.height() // 2) == QColor(LIGHT.accent)

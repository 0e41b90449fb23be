"""Every icon is drawn by the same rules, is there when it is asked for, and takes the theme's colours."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from resnet_studio.gui import icons, theme
from resnet_studio.spec.assets import asset
from resnet_studio.spec.errors import StudioError

DRAWINGS = sorted(path.stem for path in asset("icons").glob("*.svg"))
OURS = [name for name in DRAWINGS if name != "app"]
GUI = Path(icons.__file__).parent


@pytest.fixture(autouse=True)
def _light_again(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")


def inks(pixmap: QPixmap) -> set[str]:
    """The colours of the pixels that are fully covered."""
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return {pixel.name().upper() for pixel in pixels if pixel.alpha() == 255}


@pytest.mark.parametrize("name", OURS)
def test_drawings_follow_one_rule(name: str) -> None:
    text = asset(f"icons/{name}.svg").read_text("utf-8")
    for rule in ('viewBox="0 0 16 16"', 'stroke="currentColor"', 'stroke-width="1.5"', 'stroke-linecap="round"'):
        assert rule in text
    assert re.search(r"#[0-9a-fA-F]{3}", text) is None


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", OURS)
def test_every_icon_is_drawn_in_the_colour_of_the_text(name: str, mode: theme.Mode, qapp: QApplication) -> None:
    theme.apply(qapp, mode)
    assert inks(icons.icon(name).pixmap(QSize(64, 64))) == {theme.current().text.upper()}


def test_an_icon_in_use_follows_the_theme(qapp: QApplication, qtbot: QtBot) -> None:
    button = QToolButton()
    button.setIcon(icons.icon("stop"))
    button.setIconSize(QSize(32, 32))
    qtbot.addWidget(button)
    light = button.grab().toImage()
    theme.apply(qapp, "dark")
    assert button.grab().toImage() != light
    assert theme.DARK.text.upper() in inks(button.grab())


def test_disabled_and_checked_have_colours_of_their_own(qapp: QApplication) -> None:
    made = icons.icon("stop", "muted", on="accent")
    size, tokens = QSize(32, 32), theme.current()
    mode, state = QIcon.Mode, QIcon.State
    assert inks(made.pixmap(size, mode.Normal, state.Off)) == {tokens.muted.upper()}
    assert inks(made.pixmap(size, mode.Normal, state.On)) == {tokens.accent.upper()}
    assert inks(made.pixmap(size, mode.Disabled, state.On)) == {tokens.disabled.upper()}


def test_icons_are_sharp_on_dense_screens() -> None:
    pixmap = icons.icon("copy").pixmap(QSize(16, 16), 2.0)
    assert pixmap.size() == QSize(32, 32)
    assert pixmap.devicePixelRatio() == 2.0


def test_a_copy_that_qt_makes_outlives_the_original(qapp: QApplication) -> None:
    copy = QIcon(icons.icon("plus"))
    copy.addPixmap(QPixmap(4, 4))  # Qt clones the engine before it is changed
    assert inks(copy.pixmap(QSize(64, 64))) == {QColor(theme.LIGHT.text).name().upper()}


def test_an_unknown_icon_is_refused() -> None:
    with pytest.raises(StudioError, match=r"icons/unicorn\.svg is missing"):
        icons.icon("unicorn")


def test_the_programs_icon_is_there() -> None:
    assert not icons.app_icon().pixmap(QSize(64, 64)).isNull()


def test_every_icon_that_the_window_names_exists() -> None:
    pattern = re.compile(r"""(?:\bicon\(|icon=|ToolButton\(|Glyph\()\s*["']([a-z][a-z-]*)["']""")
    named = {name for path in GUI.rglob("*.py") for name in pattern.findall(path.read_text("utf-8"))}
    assert "play" in named
    assert named <= set(OURS)

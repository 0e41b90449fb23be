"""Colours, fonts and sizes of the window, light and dark, and the one door through which they change.

`apply` gives the application Fusion's shapes, our palette and the style sheet `style.qss`. What is painted by hand
asks `current()` for its colours each time it paints: Qt repaints every widget when the palette changes. What is no
widget (plots, scenes) connects to `notifier().changed`.
"""

import atexit
import tempfile
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from string import Template
from typing import Literal, get_args

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from resnet_studio.spec.assets import asset

Mode = Literal["light", "dark", "system"]

BASE_SIZE = 13
"""Pixel size of the text of controls and tables."""


@dataclass(frozen=True)
class Tokens:
    """The colours of one scheme, each `#RRGGBB`; contrast with their grounds is kept by a test."""

    dark: bool
    # grounds and lines
    window: str
    panel: str
    base: str
    raised: str
    border: str
    grid: str
    selection: str
    soft_selection: str
    box_fill: str
    box_edge: str
    control: str
    # text and states
    text: str
    muted: str
    accent: str
    accent_fill: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    ok: str
    warning: str
    error: str
    disabled: str
    ok_ground: str
    warning_ground: str
    error_ground: str
    # curves: Okabe and Ito, darker for light and lighter for dark
    blue: str
    vermillion: str
    green: str
    purple: str
    orange: str
    sky_blue: str
    yellow: str
    ink: str

    @property
    def curves(self) -> tuple[str, ...]:
        """The colours of the first to the eighth run."""
        return (
            self.blue,
            self.vermillion,
            self.green,
            self.purple,
            self.orange,
            self.sky_blue,
            self.yellow,
            self.ink,
        )


LIGHT = Tokens(
    dark=False,
    window="#ECEEF1",
    panel="#F6F7F9",
    base="#FFFFFF",
    raised="#FFFFFF",
    border="#D3D7DE",
    grid="#E6E9ED",
    selection="#DCE7FB",
    soft_selection="#EEF3FC",
    box_fill="#D5DCE6",
    box_edge="#66707E",
    control="#878F9B",
    text="#1A1E24",
    muted="#565E6A",
    accent="#2B5FC7",
    accent_fill="#2B5FC7",
    accent_hover="#3A6BCD",
    accent_pressed="#234FA8",
    on_accent="#FFFFFF",
    ok="#1C7345",
    warning="#8A5A00",
    error="#BE2A2D",
    disabled="#7C848F",
    ok_ground="#E6F4EB",
    warning_ground="#FCF2DD",
    error_ground="#FCE9E8",
    blue="#0072B2",
    vermillion="#D15A00",
    green="#008F68",
    purple="#B5568F",
    orange="#A87500",
    sky_blue="#2B8DC8",
    yellow="#7A7A00",
    ink="#1A1E24",
)

DARK = Tokens(
    dark=True,
    window="#131518",
    panel="#1B1E22",
    base="#16181B",
    raised="#24282E",
    border="#32373F",
    grid="#25292F",
    selection="#24375A",
    soft_selection="#1D2737",
    box_fill="#3A424D",
    box_edge="#97A1AF",
    control="#727B88",
    text="#E3E6EA",
    muted="#A0A8B4",
    accent="#74A5FF",
    accent_fill="#3566C8",
    accent_hover="#3E6FD0",
    accent_pressed="#2C58B2",
    on_accent="#FFFFFF",
    ok="#5CC48C",
    warning="#E3B04C",
    error="#FF8078",
    disabled="#7E8793",
    ok_ground="#18291F",
    warning_ground="#2C2515",
    error_ground="#35201F",
    blue="#4C9FE6",
    vermillion="#F07F3C",
    green="#2DB98F",
    purple="#D98BBB",
    orange="#E5A82B",
    sky_blue="#8CCDF5",
    yellow="#E8DD4F",
    ink="#E3E6EA",
)


class Notifier(QObject):
    """Says that the colours have changed; `current()` already gives the new ones."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tokens = LIGHT
        self.mode: Mode = "light"
        self._followed: QApplication | None = None

    def apply(self, app: QApplication, mode: Mode) -> None:
        """See the function `apply`."""
        self.mode = mode
        hints = app.styleHints()
        if self._followed is not app:
            self._followed = app
            app.setStyle("Fusion")
            app.setFont(font())
            hints.colorSchemeChanged.connect(self._follow_system)
        # first this, so that title bars and native dialogs go along: it may bring the platform's own palette
        hints.setColorScheme(_SCHEMES[mode])
        self._show(app)

    def _show(self, app: QApplication) -> None:
        dark = self.mode == "dark" or (self.mode == "system" and app.styleHints().colorScheme() == Qt.ColorScheme.Dark)
        self.tokens = DARK if dark else LIGHT
        app.setPalette(palette(self.tokens))
        app.setStyleSheet(style_sheet(self.tokens))
        self.changed.emit()

    @Slot(Qt.ColorScheme)
    def _follow_system(self) -> None:
        app = QApplication.instance()
        if self.mode == "system" and isinstance(app, QApplication):
            self._show(app)


_SCHEMES: dict[Mode, Qt.ColorScheme] = {
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
    "system": Qt.ColorScheme.Unknown,
}


@cache
def notifier() -> Notifier:
    """The one object whose signal `changed` follows every change of the colours."""
    return Notifier()


def current() -> Tokens:
    """The colours that are shown now."""
    return notifier().tokens


def mode() -> Mode:
    """The mode that was chosen last: it may be `system`, which `current()` never is."""
    return notifier().mode


def apply(app: QApplication, mode: Mode) -> None:
    """Dress the application in the light or the dark scheme, or in the system's and follow it from then on.

    Raises:
        ValueError: there is no such mode.
    """
    if mode not in get_args(Mode):
        raise ValueError(f"{mode!r} is none of {', '.join(get_args(Mode))}")
    notifier().apply(app, mode)


def colour(token: str) -> QColor:
    """The colour of that name as it is shown now.

    Raises:
        AttributeError: there is no such token.
    """
    return QColor(getattr(current(), token))


def font(size: float = BASE_SIZE, weight: int = 400) -> QFont:
    """The window's font with tabular figures.

    Args:
        size: in pixels, to halves.
        weight: 400 regular, 500 medium, 600 semibold.
    """
    made = QFont("Inter") if _has_inter() else QFont(QApplication.font().family())
    return _shaped(made, size, weight)


@cache
def _has_inter() -> bool:
    return QFontDatabase.hasFamily("Inter")


def mono(size: float = 11.5) -> QFont:
    """The font of source code, paths that are to be copied, and keys."""
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    return _shaped(made, size, 400)


def _shaped(made: QFont, size: float, weight: int) -> QFont:
    if size == int(size):
        made.setPixelSize(int(size))
    else:  # pixel sizes are whole numbers in Qt, point sizes are not
        screen = QApplication.primaryScreen()
        made.setPointSizeF(size * 72 / (screen.logicalDotsPerInchY() if screen else 96))
    made.setWeight(QFont.Weight(weight))
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def set_look(widget: QWidget, name: str, value: object) -> None:
    """Set a dynamic property that the style sheet looks at, and restyle the widget if it changed.

    Args:
        widget: a control or a label.
        name: `ink`, `type`, `fault` and so on: see `style.qss`.
        value: text, or None to take the property away.
    """
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def palette(tokens: Tokens) -> QPalette:
    """Every role of Qt's palette from the tokens."""
    made, role, group = QPalette(), QPalette.ColorRole, QPalette.ColorGroup
    roles = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.base,
        role.AlternateBase: tokens.panel,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.muted,
        role.Button: tokens.raised,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.error,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.Highlight: tokens.selection,
        role.HighlightedText: tokens.text,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.purple,
        role.Light: tokens.raised,
        role.Midlight: tokens.grid,
        role.Mid: tokens.border,
        role.Dark: tokens.control,
        role.Shadow: tokens.box_edge,
    }
    for each, value in roles.items():
        made.setColor(each, QColor(value))
    for each in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText, role.PlaceholderText):
        made.setColor(group.Disabled, each, QColor(tokens.disabled))
    for each in (role.Base, role.Button):
        made.setColor(group.Disabled, each, QColor(tokens.panel))
    return made


@cache
def style_sheet(tokens: Tokens) -> str:
    """The style sheet with the tokens' colours and with its pictures recoloured and written to a folder."""
    values = {field.name: str(getattr(tokens, field.name)) for field in fields(tokens)}
    return Template(Path(__file__).with_name("style.qss").read_text("utf-8")).substitute(values | _pictures(tokens))


_PICTURES = (
    ("chevron-up", "3 5 10 6", "text"),
    ("chevron-up", "3 5 10 6", "disabled"),
    ("chevron-down", "3 5 10 6", "text"),
    ("chevron-down", "3 5 10 6", "disabled"),
    ("chevron-right", "2 2 12 12", "text"),
    ("check", "-0.5 -0.5 17 17", "text"),
    ("check", "-0.5 -0.5 17 17", "disabled"),
    ("check", "-0.5 -0.5 17 17", "on_accent"),
    ("check", "-0.5 -0.5 17 17", "accent"),
    ("dot", "1 1 14 14", "accent"),
    ("dot", "1 1 14 14", "disabled"),
)
"""The pictures in the style sheet: an icon, the part of its 16 px grid that is shown, and its colour."""


def _pictures(tokens: Tokens) -> dict[str, str]:
    """Write the pictures, which a style sheet can only name as files; return `{"dot_accent": ".../dot_accent.svg"}`."""
    folder = Path(_picture_folder().name) / ("dark" if tokens.dark else "light")
    folder.mkdir(exist_ok=True)
    written = {}
    for name, box, ink in _PICTURES:
        drawing = asset(f"icons/{name}.svg").read_text("utf-8")
        key = f"{name}_{ink}".replace("-", "_")
        path = folder / f"{key}.svg"
        path.write_text(drawing.replace("currentColor", getattr(tokens, ink)).replace("0 0 16 16", box), "utf-8")
        written[key] = path.as_posix()
    return written


@cache
def _picture_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder that lives as long as the program."""
    folder = tempfile.TemporaryDirectory(prefix="resnet-studio-")
    atexit.register(folder.cleanup)
    return folder

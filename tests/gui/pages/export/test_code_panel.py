"""The code that loads an export."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.gui import theme
from resnet_studio.gui.pages.export.code_panel import CodePanel, needed
from resnet_studio.gui.pages.export.code_view import CodeView
from resnet_studio.gui.widgets.tabs import Tabs

FIRST = "import torch, torchvision\nfrom safetensors.torch import load_file\n\nload_file('a # b')  # yours\n"
SECOND = "import torch\n\ntorch.load('a.pt')\n"


@pytest.fixture
def panel(qtbot: QtBot) -> CodePanel:
    """The panel with two scripts."""
    made = CodePanel()
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show_codes({"safetensors": FIRST, "pt": SECOND})
    made.show()
    return made


def _view(panel: CodePanel) -> CodeView:
    view = panel.findChild(CodeView, "view.code")
    assert isinstance(view, CodeView)
    return view


def _tabs(panel: CodePanel) -> Tabs:
    tabs = panel.findChild(Tabs, "view.code.formats")
    assert isinstance(tabs, Tabs)
    return tabs


def _inks(panel: CodePanel, line: int) -> dict[str, str]:
    """Return the coloured pieces of a line and their colours."""
    block = _view(panel).document().findBlockByNumber(line)
    inks = {}
    for piece in block.layout().formats():  # a format lives no longer than its piece
        inks[block.text()[piece.start : piece.start + piece.length]] = piece.format.foreground().color().name()
    return inks


def test_each_format_has_a_tab(panel: CodePanel) -> None:
    assert [_tabs(panel).tabText(place) for place in range(_tabs(panel).count())] == ["safetensors", "pt"]
    assert _view(panel).toPlainText() == FIRST.rstrip("\n")
    _tabs(panel).setCurrentIndex(1)
    assert _view(panel).toPlainText() == SECOND.rstrip("\n")
    assert _view(panel).isReadOnly()


def test_the_chosen_tab_stays(panel: CodePanel) -> None:
    _tabs(panel).setCurrentIndex(1)
    panel.show_codes({"safetensors": FIRST, "pt": SECOND.replace("a.pt", "b.pt")})
    assert panel.code() == SECOND.replace("a.pt", "b.pt")
    panel.show_codes({"safetensors": FIRST})
    assert panel.code() == FIRST
    panel.show_codes({})
    assert panel.code() == _view(panel).toPlainText() == ""


def test_the_whole_script_is_copied(panel: CodePanel) -> None:
    button = panel.findChild(QPushButton, "view.code.copy")
    assert isinstance(button, QPushButton)
    button.click()
    assert QGuiApplication.clipboard().text() == FIRST


@pytest.mark.parametrize(
    ("code", "packages"),
    [(FIRST, ["torch", "torchvision", "safetensors"]), (SECOND, ["torch"]),
     ("from safetensors.torch import load_file\n", ["safetensors", "torch"]), ("x = 1\n", [])],
)  # fmt: skip
def test_what_a_script_needs(code: str, packages: list[str]) -> None:
    assert needed(code) == packages


def test_what_it_needs_is_said(panel: CodePanel) -> None:
    label = panel.findChild(QLabel, "view.code.needs")
    assert isinstance(label, QLabel)
    assert label.text() == "needs torch, torchvision, safetensors"


def test_code_is_coloured_and_follows_the_theme(panel: CodePanel, qapp: QApplication) -> None:
    for mode in ("dark", "light"):
        theme.apply(qapp, mode)
        colours = theme.current()
        assert _inks(panel, 0) == {"import": colours.accent.lower()}
        assert _inks(panel, 3) == {"'a # b'": colours.ok.lower(), "# yours": colours.muted.lower()}


def test_lines_are_numbered(panel: CodePanel) -> None:
    assert [number for number, _ in _view(panel).line_tops()] == [1, 2, 3, 4]
    tops = [top for _, top in _view(panel).line_tops()]
    assert tops == sorted(tops)
    assert panel.grab().toImage().pixelColor(5, 60) == theme.colour("base")

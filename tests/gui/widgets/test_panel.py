"""The panel: fields in line, errors below them, sections that fold, room for the scroll bar."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui.widgets.check import Check
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import MarkedRow, Panel
from resnet_studio.gui.widgets.whole_spin import WholeSpin


def field(name: str) -> WholeSpin:
    return WholeSpin(1, 999, name=name, label=name)


def shown(qtbot: QtBot, panel: Panel, height: int = 700) -> Panel:
    qtbot.addWidget(panel)
    panel.resize(304, height)
    panel.show()
    return panel


def left_and_right(panel: Panel, first: QWidget, last: QWidget) -> tuple[int, int]:
    return first.mapTo(panel, QPoint()).x(), last.mapTo(panel, QPoint(last.width(), 0)).x()


def test_fields_start_on_one_line_and_end_on_the_right_margin(qtbot: QtBot) -> None:
    panel = Panel("Network", name="panel.design")
    section = panel.add_section()
    preset = Choice([(1, "ResNet-50")], name="preset", label="preset")
    sides = [field(name) for name in ("c", "h", "w")]
    section.add_row("Preset", preset)
    section.add_row("Input", sides[0], "×", sides[1], "×", sides[2])
    shown(qtbot, panel)
    assert left_and_right(panel, preset, preset) == (12 + 84, 303 - 12)
    assert left_and_right(panel, sides[0], sides[2]) == (12 + 84, 303 - 12)
    assert sides[0].height() == preset.height() == 28
    assert sides[0].mapTo(panel, QPoint()).y() - preset.mapTo(panel, QPoint()).y() == 32


def test_fields_stay_in_place_when_the_scroll_bar_comes(qtbot: QtBot) -> None:
    panel = Panel("Network", name="panel.design")
    section, spin = panel.add_section(), field("a")
    check = Check("bias", name="bias")
    section.add_row("Groups", spin)
    section.add_checks(check)
    for place in range(12):
        section.add_row(f"row {place}", field(f"row{place}"))
    shown(qtbot, panel)
    before = left_and_right(panel, spin, spin)
    panel.resize(304, 200)
    bar = panel.findChild(QScrollArea, "panel.design.scroll").verticalScrollBar()  # type: ignore[union-attr]
    qtbot.waitUntil(bar.isVisible)
    qtbot.waitUntil(lambda: left_and_right(panel, spin, spin) == before)
    panel.resize(304, 700)
    qtbot.waitUntil(lambda: not bar.isVisible())
    qtbot.waitUntil(lambda: left_and_right(panel, spin, spin) == before)


def test_an_error_stands_below_its_field_instead_of_the_note(qtbot: QtBot) -> None:
    panel = Panel("Network", name="panel.design")
    row = panel.add_section().add_row("Shortcut", field("one"), field("two"))
    row.set_note("as torchvision has it")
    shown(qtbot, panel)
    labels = {label.text(): label for label in row.findChildren(QLabel)}
    note = labels["as torchvision has it"]
    assert note.isVisible()
    row.set_error("one", "cannot join different shapes")
    row.set_error("two", "too large")
    assert row.error() == "cannot join different shapes"
    assert not note.isVisible()
    row.set_error("one", None)
    assert row.error() == "too large"
    row.set_error("two", None)
    assert row.error() == ""
    assert note.isVisible()


def test_a_long_error_takes_the_lines_it_needs(qtbot: QtBot) -> None:
    panel = Panel("Network", name="panel.design")
    row = panel.add_section().add_row("Shortcut", field("one"))
    shown(qtbot, panel)
    before = row.height()
    row.set_error("one", "A sentence that is certainly too long for one line of a panel of this width.")
    qtbot.waitUntil(lambda: row.height() >= before + 28)


def test_a_section_folds_and_says_what_is_inside(qtbot: QtBot) -> None:
    panel = Panel("Network", name="panel.design")
    section, spin = panel.add_section("Blocks", name="blocks", folds=True), field("groups")
    section.add_row("Groups", spin)
    section.set_summary("bottleneck, 32 groups")
    shown(qtbot, panel)
    fold = section.findChild(QToolButton, "blocks.fold")
    assert isinstance(fold, QToolButton)
    assert fold.accessibleName() == "Hide blocks"
    with qtbot.waitSignal(section.folded) as heard:
        QTest.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert heard.args == [True]
    assert not spin.isVisible()
    assert fold.accessibleName() == "Show blocks"
    assert [label.isVisible() for label in section.findChildren(QLabel) if label.text() == "bottleneck, 32 groups"] == [
        True
    ]
    with qtbot.assertNotEmitted(section.folded):
        section.set_folded(False)
    assert spin.isVisible()


def test_revealing_a_field_unfolds_scrolls_and_focuses(qtbot: QtBot) -> None:
    panel = Panel("Network", name="panel.design")
    top = panel.add_section()
    for place in range(12):
        top.add_row(f"row {place}", field(f"row{place}"))
    section, spin = panel.add_section("Norm", name="norm", folds=True), field("eps")
    section.add_row("Epsilon", spin)
    section.set_folded(True)
    shown(qtbot, panel, 300)
    panel.activateWindow()
    panel.reveal(spin)
    qtbot.waitUntil(spin.hasFocus)
    assert not spin.visibleRegion().isEmpty()


def test_check_boxes_of_a_row_end_on_the_right_margin(qtbot: QtBot) -> None:
    panel = Panel("Network", name="panel.design")
    one, two = Check("shortcut norm", name="one"), Check("conv bias", name="two")
    panel.add_section().add_checks(one, two)
    shown(qtbot, panel)
    assert left_and_right(panel, one, two) == (12 + 84, 303 - 12)


def test_what_is_at_the_foot_stays_in_sight(qtbot: QtBot) -> None:
    panel = Panel("Source", name="panel.data")
    section, foot = panel.add_section(), Check("foot", name="foot")
    for place in range(20):
        section.add_row(f"row {place}", field(f"row{place}"))
    panel.add_foot(foot)
    shown(qtbot, panel, 300)
    assert not foot.visibleRegion().isEmpty()


def test_a_marked_row_changes_its_ground(qtbot: QtBot) -> None:
    row = MarkedRow(name="row")
    row.resize(100, 28)
    qtbot.addWidget(row)
    row.show()
    row.set_mark("selected")
    selected = row.grab().toImage()
    row.set_mark("error")
    assert row.grab().toImage() != selected

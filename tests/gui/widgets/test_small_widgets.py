"""The small ones: what they say, and that it can be heard as well as seen."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QToolButton, QToolTip, QWidget
from pytestqt.exceptions import TimeoutError as WaitedInVain
from pytestqt.qtbot import QtBot

from resnet_studio.gui import theme
from resnet_studio.gui.widgets.badge import Badge, State
from resnet_studio.gui.widgets.button import Button, PrimaryButton, ToolButton
from resnet_studio.gui.widgets.empty_state import EmptyState
from resnet_studio.gui.widgets.figure import Figure
from resnet_studio.gui.widgets.finding_line import FindingLine, Severity
from resnet_studio.gui.widgets.glyph import TURNS_MS, Glyph
from resnet_studio.gui.widgets.label import ElidedLabel, Label
from resnet_studio.gui.widgets.progress_line import ProgressLine
from resnet_studio.gui.widgets.rail import Rail
from resnet_studio.gui.widgets.status_bar import StatusBar
from resnet_studio.gui.widgets.tabs import Tabs
from resnet_studio.gui.widgets.text_field import TextField
from resnet_studio.gui.widgets.tool_row import ToolRow


def shown(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    widget.show()


def texts(widget: QWidget) -> list[str]:
    """Return what the visible labels say."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]


# ---- labels and glyphs


def test_a_label_never_reads_markup(qtbot: QtBot) -> None:
    label = Label("<b>a & b</b>")
    shown(qtbot, label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.sizeHint().width() >= label.fontMetrics().horizontalAdvance("<b>a & b</b>")


def test_a_label_takes_the_type_of_its_text(qtbot: QtBot) -> None:
    sizes = {}
    for kind in ("note", "small", "", "figure"):
        label = Label("1,234", size=kind)
        shown(qtbot, label)
        sizes[kind] = label.fontInfo().pixelSize()
    assert sizes == {"note": 11, "small": 12, "": 13, "figure": 16}


def test_a_label_changes_its_ink(qtbot: QtBot) -> None:
    label = Label("wrong", ink="error")
    shown(qtbot, label)
    assert label.palette().color(label.foregroundRole()) == theme.colour("error")
    label.set_ink("")
    assert label.palette().color(label.foregroundRole()) == theme.colour("text")


def test_cut_text_is_whole_in_the_tooltip(qtbot: QtBot) -> None:
    label = ElidedLabel("runs/2026-11-21-resnet18-seed0")
    shown(qtbot, label)
    asked = QHelpEvent(QEvent.Type.ToolTip, QPoint(2, 2), label.mapToGlobal(QPoint(2, 2)))
    label.resize(300, 20)
    QApplication.sendEvent(label, asked)
    assert not QToolTip.isVisible()
    label.resize(60, 20)
    assert label.minimumSizeHint().width() <= 60
    QApplication.sendEvent(label, asked)
    assert QToolTip.text() == "runs/2026-11-21-resnet18-seed0"
    QToolTip.hideText()


class Turns(QObject):
    """Counts the turns of a glyph."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        self.count += event.type() == QEvent.Type.Timer
        return super().eventFilter(watched, event)


def test_only_what_is_busy_and_seen_turns(qtbot: QtBot) -> None:
    glyph, turns = Glyph("busy", "accent", 14), Turns()
    shown(qtbot, glyph)
    glyph.installEventFilter(turns)
    first = glyph.grab().toImage()
    qtbot.waitUntil(lambda: turns.count >= 2, timeout=20 * TURNS_MS)
    assert glyph.grab().toImage() != first
    stops: list[Callable[[], None]] = [lambda: glyph.set("check", "ok"), glyph.hide]
    for stop in stops:
        glyph.set("busy", "accent")
        stop()
        turns.count = 0
        with pytest.raises(WaitedInVain):
            qtbot.waitUntil(lambda: turns.count > 0, timeout=2 * TURNS_MS)


# ---- buttons


def test_a_button_follows_its_action(qtbot: QtBot) -> None:
    action = QAction("&Train")
    action.setToolTip("Train the network (F5)")
    button = PrimaryButton(action=action, icon="play")
    shown(qtbot, button)
    assert (button.text(), button.toolTip()) == ("Train", "Train the network (F5)")
    with qtbot.waitSignal(action.triggered):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    action.setEnabled(False)
    action.setToolTip("No images are loaded.")
    assert not button.isEnabled()
    assert button.toolTip() == "No images are loaded."
    action.setText("&Go on")
    assert button.text() == "Go on"


def test_a_click_does_not_take_the_focus(qtbot: QtBot) -> None:
    button = Button("Stop")
    shown(qtbot, button)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.focusPolicy() == Qt.FocusPolicy.TabFocus
    assert not button.hasFocus()


def test_the_focus_of_a_primary_button_is_a_ring_within(qtbot: QtBot) -> None:
    button = PrimaryButton("Train")
    shown(qtbot, button)
    button.activateWindow()
    button.clearFocus()
    plain = button.grab().toImage()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    ring = button.grab().toImage()
    assert ring != plain
    assert (
        ring.pixelColor(3, ring.height() // 2).lightness() > plain.pixelColor(3, plain.height() // 2).lightness() + 60
    )


def test_an_icon_button_is_named_by_its_tip(qtbot: QtBot) -> None:
    button = ToolButton("zoom-in", "Enlarge the diagram")
    shown(qtbot, button)
    assert (button.accessibleName(), button.toolTip()) == ("Enlarge the diagram", "Enlarge the diagram")
    assert button.size() == QSize(24, 24)


# ---- badge, finding, empty state


@pytest.mark.parametrize("state", ["ok", "warning", "error", "info", "busy"])
def test_a_badge_says_its_state(state: State, qtbot: QtBot) -> None:
    badge = Badge("torchinfo agrees")
    shown(qtbot, badge)
    badge.set("2 rows differ", state, tip="layer1.0.conv1")
    assert (badge.text(), badge.accessibleName(), badge.toolTip()) == (
        "2 rows differ",
        "2 rows differ",
        "layer1.0.conv1",
    )
    assert badge.height() == 22


@pytest.mark.parametrize(("severity", "ground"), [("error", "error_ground"), ("warning", "warning_ground")])
def test_a_finding_stands_on_the_ground_of_its_severity(severity: Severity, ground: str, qtbot: QtBot) -> None:
    line = FindingLine("main path 128×28×28", severity, place="stage 2")
    shown(qtbot, line)
    line.resize(600, 40)
    assert line.grab().toImage().pixelColor(4, 20) == theme.colour(ground)
    assert line.accessibleName() == f"{severity}: stage 2: main path 128×28×28"


def test_a_finding_shows_markup_as_it_is(qtbot: QtBot) -> None:
    line = FindingLine("a folder <i>cats</i>", "warning", place="x < y")
    shown(qtbot, line)
    assert texts(line) == ["<b>x &lt; y:</b> a folder &lt;i&gt;cats&lt;/i&gt;"]


def test_the_button_of_a_finding_mends(qtbot: QtBot) -> None:
    line = FindingLine("1,000 classes, but the data has 10.", "warning")
    shown(qtbot, line)
    mended: list[bool] = []
    button = line.add_button("Set classes to 10", lambda: mended.append(True), icon="check")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert mended == [True]
    line.show_text("All is well.", "ok")
    assert not button.isVisible()


def test_a_finding_grows_with_its_words(qtbot: QtBot) -> None:
    line = FindingLine("Validation is uneven: the mean over classes tells more than the accuracy does. " * 2, "warning")
    shown(qtbot, line)
    line.resize(1200, 35)
    qtbot.waitUntil(lambda: line.minimumHeight() <= 40)
    line.resize(300, 35)
    qtbot.waitUntil(lambda: line.minimumHeight() > 60)


def test_a_finding_can_be_closed(qtbot: QtBot) -> None:
    line = FindingLine("Saved.", "info", name="notice", closable=True)
    shown(qtbot, line)
    close = line.findChild(QToolButton, "notice.close")
    assert isinstance(close, QToolButton)
    with qtbot.waitSignal(line.dismissed):
        QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not line.isVisible()


def test_an_empty_state_says_what_will_be_here_and_makes_it_so(qtbot: QtBot) -> None:
    made: list[bool] = []
    state = EmptyState("The curves will be here.", "Train", lambda: made.append(True))
    shown(qtbot, state)
    assert texts(state) == ["The curves will be here."]
    assert state.button is not None
    QTest.mouseClick(state.button, Qt.MouseButton.LeftButton)
    assert made == [True]


# ---- figures, progress, bars


def test_a_figure_says_what_it_is_and_does_not_shrink(qtbot: QtBot) -> None:
    figure = Figure("parameters", "25,557,032", "−18,992,128", name="cost.parameters")
    shown(qtbot, figure)
    wide = figure.minimumWidth()
    figure.set("9", "0")
    assert figure.value() == "9"
    assert figure.accessibleName() == "parameters: 9"
    assert figure.minimumWidth() == wide
    assert texts(figure) == ["parameters", "9", "0"]


def test_a_small_figure_has_no_line_below_and_may_have_a_dot(qtbot: QtBot) -> None:
    figure = Figure("phase", "idle", name="strip.phase", big=False)
    shown(qtbot, figure)
    figure.set("training", ink="ok", dot=True)
    assert texts(figure) == ["phase", "training"]
    assert [glyph.isVisible() for glyph in figure.findChildren(Glyph)] == [True]


def test_progress_is_clamped_and_can_be_unknown(qtbot: QtBot) -> None:
    line = ProgressLine(name="progress", label="progress of the run")
    shown(qtbot, line)
    bar = line.findChild(QProgressBar, "progress.bar")
    assert isinstance(bar, QProgressBar)
    line.set(0.35, "35 %", "0:33 done, 1:01 left")
    assert bar.value() / bar.maximum() == 0.35
    assert texts(line) == ["35 %", "0:33 done, 1:01 left"]
    line.set(7)
    assert bar.value() == bar.maximum()
    line.set(None, "loading")
    assert bar.maximum() == 0


def test_a_tool_row_keeps_to_its_margins(qtbot: QtBot) -> None:
    row, left, right = ToolRow("Runs", "sorted by date", name="bar"), Button("Open"), Button("Follow")
    row.add(left)
    row.add_right(right)
    shown(qtbot, row)
    row.resize(600, row.height())
    assert row.height() == 36
    assert row.title.mapTo(row, QPoint()).x() == 12
    assert right.mapTo(row, QPoint(right.width(), 0)).x() == 600 - 12
    row.set_title("Runs")
    assert not row.subtitle.isVisible()


def test_a_tab_carries_a_count_and_never_cuts_its_words(qtbot: QtBot) -> None:
    tabs = Tabs(("Validation accuracy", "Findings"), name="tabs", label="views")
    shown(qtbot, tabs)
    narrow = tabs.tabRect(1).width()
    for _ in range(2):  # Qt hides a button that is set again
        tabs.set_count(1, 12)
        assert texts(tabs) == ["12"]
    assert tabs.tabRect(1).width() > narrow
    bold = QFontMetrics(theme.font(weight=600))
    for tab in (0, 1):
        tabs.setCurrentIndex(tab)
        assert tabs.tabRect(tab).width() >= bold.horizontalAdvance(tabs.tabText(tab)) + 24
    tabs.set_count(1, 0)
    assert tabs.tabRect(1).width() == narrow


def test_the_status_bar_shows_states_between_lines(qtbot: QtBot) -> None:
    bar = StatusBar(name="view.status")
    device, images, place = bar.add("device"), bar.add("images"), bar.add_right("place")
    shown(qtbot, bar)
    bar.resize(600, 26)
    device.setText("cpu, 2 cores")
    place.setText("runs/one")
    assert texts(bar) == ["cpu, 2 cores", "runs/one"]
    assert not images.isVisible()
    bar.showMessage("open a network")
    assert not device.isVisible()
    bar.clearMessage()
    assert device.isVisible()
    assert bar.findChildren(QLabel)


def test_setting_the_text_that_is_shown_leaves_the_cursor(qtbot: QtBot) -> None:
    field = TextField(name="data.source", label="source")
    shown(qtbot, field)
    field.set_text("/images")
    field.setCursorPosition(2)
    field.set_text("/images")
    assert field.cursorPosition() == 2
    field.set_text("/other")
    assert field.text() == "/other"


# ---- the rail


def test_the_rail_shows_the_current_page(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    actions = []
    for page in ("design", "data"):
        action = QAction(f"&{page.capitalize()}", owner)
        action.setObjectName(f"action.page.{page}")
        action.setCheckable(True)
        actions.append(action)
    rail = Rail(actions)
    shown(qtbot, rail)
    rail.resize(64, 300)
    items = rail.findChildren(QToolButton)
    assert [item.accessibleName() for item in items] == ["Design", "Data"]
    assert [item.geometry() for item in items] == [QRect(0, 0, 63, 56), QRect(0, 56, 63, 56)]
    actions[1].setChecked(True)
    image = rail.grab().toImage()
    assert image.pixelColor(1, 56 + 28) == theme.colour("accent")
    icon = {image.pixelColor(x, y).name() for x in range(22, 42) for y in range(56 + 8, 56 + 28)}
    assert theme.colour("accent").name() in icon
    assert image.pixelColor(56, 56 + 4) == theme.colour("soft_selection")
    assert image.pixelColor(1, 28) == QColor(theme.current().window)
    with qtbot.waitSignal(actions[0].triggered):
        QTest.mouseClick(items[0], Qt.MouseButton.LeftButton)


def test_a_figure_with_shorter_words_gives_its_room_back(qtbot: QtBot) -> None:
    figure = Figure("parameters", "1", name="figure")
    qtbot.addWidget(figure)
    narrow = figure.minimumWidth()
    figure.set_label("parameters up to the fault")
    figure.set("1")
    assert figure.minimumWidth() > narrow
    figure.set_label("parameters")
    figure.set("1")
    assert figure.minimumWidth() == narrow

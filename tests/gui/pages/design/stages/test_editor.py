"""The rows of stages with mouse, keys and clipboard: what is chosen, what is edited, what it is called."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui import theme
from resnet_studio.gui.pages.design.stages.editor import StageEditor
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.panel import Panel
from resnet_studio.spec.experiment import with_values
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset

Left = Qt.MouseButton.LeftButton
NAME = QPoint(20, 14)


@pytest.fixture
def editor(qtbot: QtBot, qapp: QApplication) -> Iterator[StageEditor]:
    """An editor of ResNet-50 with stage 2 chosen, in a shown and active panel."""
    theme.apply(qapp, "light")
    session = Session()
    session.replace(with_values(session.experiment, {"network": preset("resnet50").model_dump()}), "start")
    session.undo_stack.clear()
    session.select(2)
    panel = Panel("Network", name="panel.design")
    qtbot.addWidget(panel)
    made = StageEditor(session, panel.add_section("Stages", name="stages"), lambda field: field)
    panel.resize(304, 600)
    panel.show()
    panel.activateWindow()
    qtbot.waitActive(panel)
    QGuiApplication.clipboard().clear()
    yield made
    assert session.close(10)


def network(editor: StageEditor) -> NetworkSpec:
    return editor._session.experiment.network


def chosen(editor: StageEditor) -> tuple[int, ...]:
    return editor.chosen


def steps(editor: StageEditor) -> list[str]:
    stack = editor._session.undo_stack
    return [stack.text(place) for place in range(stack.count())]


def click(editor: StageEditor, stage: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mouseClick(editor.rows[stage - 1], Left, keys, NAME)


def press(widget: QWidget, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, keys)


def marks(editor: StageEditor) -> list[str]:
    return [str(row.property("mark")) for row in editor.rows if row.isVisible()]


def said(editor: StageEditor) -> str:
    return editor.refusals.line.text()


def mouse(row: QWidget, kind: QEvent.Type, y: int) -> None:
    """Send a mouse event to a row, `y` from the row's own top."""
    point = QPointF(20, y)
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Left
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Left
    event = QMouseEvent(
        kind, point, QPointF(row.mapToGlobal(point.toPoint())), button, held, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(row, event)


# ---- choosing


def test_the_session_and_the_rows_point_at_the_same_stage(editor: StageEditor) -> None:
    assert chosen(editor) == (1,)
    assert marks(editor) == ["plain", "selected", "plain", "plain"]
    click(editor, 3)
    assert editor._session.selection.stage == 3
    editor._session.select(4, 0)
    assert marks(editor) == ["plain", "plain", "plain", "selected"]
    editor._session.select(0)
    assert marks(editor) == ["plain"] * 4
    assert chosen(editor) == (3,)


def test_ctrl_and_shift_choose_several(editor: StageEditor) -> None:
    click(editor, 4, Qt.KeyboardModifier.ControlModifier)
    assert (chosen(editor), editor._session.selection.stage) == ((1, 3), 4)
    click(editor, 2, Qt.KeyboardModifier.ControlModifier)
    assert (chosen(editor), editor._session.selection.stage) == ((3,), 4)
    click(editor, 4, Qt.KeyboardModifier.ControlModifier)
    assert chosen(editor) == (3,)  # the last one stays
    click(editor, 2, Qt.KeyboardModifier.ShiftModifier)
    assert (chosen(editor), editor._session.selection.stage) == ((1, 2, 3), 2)
    assert marks(editor) == ["plain", "selected", "selected", "selected"]
    click(editor, 3)
    assert chosen(editor) == (2,)


def test_a_stage_chosen_elsewhere_is_the_only_one(editor: StageEditor) -> None:
    click(editor, 3, Qt.KeyboardModifier.ShiftModifier)
    editor._session.select(2, 1)
    assert chosen(editor) == (1,)


def test_arrow_keys_go_along_the_rows_and_shift_takes_them_with_it(editor: StageEditor) -> None:
    click(editor, 2)
    press(editor.rows[1], Qt.Key.Key_Down)
    assert (chosen(editor), QApplication.focusWidget()) == ((2,), editor.rows[2])
    press(editor.rows[2], Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    press(editor.rows[1], Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert chosen(editor) == (0, 1, 2)
    press(editor.rows[0], Qt.Key.Key_Up)
    assert chosen(editor) == (0,)
    press(editor.rows[0], Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert chosen(editor) == (0, 1, 2, 3)


def test_a_row_that_gets_the_focus_by_tab_is_chosen_and_ringed(editor: StageEditor) -> None:
    editor.rows[2].setFocus(Qt.FocusReason.TabFocusReason)
    assert chosen(editor) == (2,)
    assert editor.rows[2]._ring
    press(editor.rows[2], Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is editor.rows[2].fields[0]
    assert not editor.rows[2]._ring
    click(editor, 4)
    assert not editor.rows[3]._ring
    press(editor.rows[3], Qt.Key.Key_Up)
    assert editor.rows[2]._ring


def test_a_field_that_gets_the_focus_chooses_its_stage(editor: StageEditor) -> None:
    editor.rows[3].fields[1].setFocus(Qt.FocusReason.MouseFocusReason)
    assert editor._session.selection.stage == 4
    click(editor, 1)
    click(editor, 2, Qt.KeyboardModifier.ShiftModifier)
    # a window or a menu that closes gives the focus back, which is no choice
    editor.rows[0].fields[0].setFocus(Qt.FocusReason.ActiveWindowFocusReason)
    assert chosen(editor) == (0, 1)


# ---- edits


def test_delete_removes_all_chosen_stages_as_one_step(editor: StageEditor) -> None:
    click(editor, 3, Qt.KeyboardModifier.ShiftModifier)
    press(editor.rows[2], Qt.Key.Key_Delete)
    assert network(editor).block_sizes == (3, 3)
    assert network(editor).stage_channels == (64, 512)
    assert steps(editor) == ["remove stages 2 and 3"]
    assert (chosen(editor), QApplication.focusWidget()) == ((0,), editor.rows[0])
    editor._session.undo_stack.undo()
    assert network(editor) == preset("resnet50")


def test_the_last_stage_can_not_be_removed_and_that_is_said(editor: StageEditor) -> None:
    press(editor.rows[1], Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert not editor.actions["minus"].isEnabled()
    press(editor.rows[3], Qt.Key.Key_Delete)
    assert "at least one stage" in said(editor)
    assert steps(editor) == []
    click(editor, 1)
    assert said(editor) == ""


def test_duplicates_and_the_most_stages(editor: StageEditor) -> None:
    click(editor, 1)
    click(editor, 3, Qt.KeyboardModifier.ShiftModifier)
    press(editor.rows[2], Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert network(editor).block_sizes == (3, 4, 6, 3, 4, 6, 3)
    assert (chosen(editor), editor._session.selection.stage) == ((3, 4, 5), 6)
    assert steps(editor) == ["duplicate stages 1, 2 and 3"]
    press(editor.rows[5], Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert "10 stages; a network has at most 8" in said(editor)
    editor.actions["plus"].trigger()
    assert len(network(editor).block_sizes) == 8
    for name in ("plus", "copy"):
        assert not editor.actions[name].isEnabled()
        assert "at most 8" in editor.actions[name].toolTip()


def test_alt_and_arrows_move_the_chosen_stages(editor: StageEditor) -> None:
    click(editor, 3, Qt.KeyboardModifier.ShiftModifier)
    press(editor.rows[2], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert network(editor).block_sizes == (4, 6, 3, 3)
    assert network(editor).channels == (128, 256, 64, 512)
    assert (chosen(editor), QApplication.focusWidget()) == ((0, 1), editor.rows[1])
    press(editor.rows[1], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert steps(editor) == ["move stages 2 and 3 up"]
    assert not editor.actions["up"].isEnabled()


def test_a_field_is_moved_with_its_stage_and_keeps_the_focus(editor: StageEditor) -> None:
    blocks = editor.rows[1].fields[0]
    blocks.setFocus(Qt.FocusReason.TabFocusReason)
    press(blocks, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert network(editor).block_sizes == (3, 6, 4, 3)
    assert QApplication.focusWidget() is editor.rows[2].fields[0]
    assert chosen(editor) == (2,)


# ---- clipboard


def test_stages_are_copied_cut_and_pasted(editor: StageEditor) -> None:
    click(editor, 3, Qt.KeyboardModifier.ShiftModifier)
    press(editor.rows[2], Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "blocks\tchannels\tstride\n4\t128\t2\n6\t256\t2\n"
    assert steps(editor) == []
    click(editor, 4)
    press(editor.rows[3], Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert network(editor).block_sizes == (3, 4, 6, 3, 4, 6)
    assert chosen(editor) == (4, 5)
    press(editor.rows[5], Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert network(editor).block_sizes == (3, 4, 6, 3)
    assert steps(editor) == ["paste 2 stages", "cut stages 5 and 6"]
    assert QGuiApplication.clipboard().text().count("\n") == 3


def test_a_wrong_paste_is_refused_by_its_line(editor: StageEditor) -> None:
    QGuiApplication.clipboard().setText("3 64 1\nthree 64 1")
    press(editor.rows[1], Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert said(editor).startswith("Line 2 of the clipboard, “three 64 1”")
    assert editor.refusals.line.isVisible()
    assert steps(editor) == []
    editor._session.change("network.dropout", 0.5)
    assert said(editor) == ""
    assert not editor.refusals.line.isVisible()


def test_keys_of_a_field_stay_the_field_s(editor: StageEditor) -> None:
    blocks = editor.rows[2].fields[0]
    blocks.setFocus(Qt.FocusReason.TabFocusReason)
    blocks.selectAll()
    press(blocks, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "6"
    press(blocks, Qt.Key.Key_Delete)
    assert len(network(editor).block_sizes) == 4
    QGuiApplication.clipboard().setText("12")
    press(blocks, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert network(editor).block_sizes == (3, 4, 12, 3)


def test_keys_of_the_rows_go_before_shortcuts_of_the_window(editor: StageEditor) -> None:
    def override(widget: QWidget, key: Qt.Key, keys: Qt.KeyboardModifier) -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, keys)
        event.ignore()
        QApplication.sendEvent(widget, event)
        return event.isAccepted()

    ctrl, none = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
    row = editor.rows[1]
    assert override(row, Qt.Key.Key_C, ctrl)
    assert override(row, Qt.Key.Key_Delete, none)
    assert not override(row, Qt.Key.Key_S, ctrl)
    assert steps(editor) == []


# ---- mouse


def test_a_row_is_dragged_to_another_place(editor: StageEditor) -> None:
    line = editor.rows[0].window().findChild(QWidget, "view.stages.drop")
    assert line is not None
    row = editor.rows[3]
    mouse(row, QEvent.Type.MouseButtonPress, 14)
    mouse(row, QEvent.Type.MouseMove, 10)
    assert not line.isVisible()
    mouse(row, QEvent.Type.MouseMove, -30)
    assert line.isVisible()
    assert line.mapToGlobal(QPoint(0, 1)).y() == editor.rows[2].mapToGlobal(QPoint(0, 0)).y()
    mouse(row, QEvent.Type.MouseMove, -200)
    mouse(row, QEvent.Type.MouseButtonRelease, -200)
    assert not line.isVisible()
    assert network(editor).block_sizes == (3, 3, 4, 6)
    assert network(editor).strides == (2, 1, 2, 2)
    assert steps(editor) == ["move stage 4 to place 1"]
    assert (chosen(editor), QApplication.focusWidget()) == ((0,), editor.rows[0])


def test_all_chosen_rows_are_dragged(editor: StageEditor) -> None:
    click(editor, 3, Qt.KeyboardModifier.ShiftModifier)
    row = editor.rows[1]
    mouse(row, QEvent.Type.MouseButtonPress, 14)
    assert chosen(editor) == (1, 2)
    mouse(row, QEvent.Type.MouseMove, 300)
    mouse(row, QEvent.Type.MouseButtonRelease, 300)
    assert network(editor).block_sizes == (3, 3, 4, 6)
    assert steps(editor) == ["move stages 2 and 3 to place 3"]


def test_escape_ends_a_drag_where_it_began(editor: StageEditor) -> None:
    row = editor.rows[3]
    mouse(row, QEvent.Type.MouseButtonPress, 14)
    mouse(row, QEvent.Type.MouseMove, -100)
    press(row, Qt.Key.Key_Escape)
    mouse(row, QEvent.Type.MouseButtonRelease, -100)
    assert network(editor) == preset("resnet50")
    assert steps(editor) == []


def test_the_menu_has_the_same_actions_with_their_keys(editor: StageEditor, qtbot: QtBot) -> None:
    row = editor.rows[3]
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, NAME, row.mapToGlobal(NAME))
    QApplication.sendEvent(row, event)
    assert chosen(editor) == (3,)
    qtbot.waitUntil(editor._menu.isVisible)
    shown = {action.text(): action.shortcut().toString() for action in editor._menu.actions() if action.text()}
    assert shown["Remove"] == "Del"
    assert shown["Duplicate"] == "Ctrl+D"
    assert shown["Move up"] == "Alt+Up"
    assert {"Cut", "Copy", "Paste", "Add a stage", "Choose all"} < shown.keys()
    editor._menu.close()
    editor.actions["minus"].trigger()
    assert network(editor).block_sizes == (3, 4, 6)


# ---- channels


def test_the_first_stage_s_channels_are_those_that_double(editor: StageEditor) -> None:
    editor.rows[0].fields[1].setValue(32)
    assert network(editor).channels == 32
    assert editor.rows[3].fields[1].value() == 256
    editor.rows[2].fields[1].setValue(100)
    assert network(editor).channels == (32, 64, 100, 256)
    editor.rows[0].fields[1].setValue(16)
    assert network(editor).channels == (16, 64, 100, 256)


def test_channels_that_double_are_written_out_and_back(editor: StageEditor) -> None:
    doubling, slider = editor.channels.doubling, editor.channels.slider
    assert doubling.isChecked()
    doubling.click()
    assert network(editor).channels == (64, 128, 256, 512)
    assert not slider.isEnabled()
    assert "channels of its own" in slider.toolTip()
    editor.rows[1].fields[1].setValue(100)
    doubling.click()
    assert network(editor).channels == 64
    assert slider.isEnabled()
    assert steps(editor) == ["channels for each stage", "channels of stage 2", "channels that double"]
    editor._session.undo_stack.undo()
    assert not doubling.isChecked()


def test_channels_that_would_double_too_far_are_refused(editor: StageEditor) -> None:
    editor.rows[0].fields[1].setValue(10_000)
    assert "in the last stage, more than 65,536" in said(editor)
    assert editor.rows[0].fields[1].property("fault") == "error"
    editor._session.change("network.channels", (10_000, 1, 1, 1))
    editor.channels.doubling.click()
    assert not editor.channels.doubling.isChecked()
    assert "in the last stage, more than 65,536" in said(editor)


def test_the_slider_moves_the_channels_of_all_stages(editor: StageEditor) -> None:
    slider = editor.channels.slider
    slider.setValue(slider.value() + 1)
    assert network(editor).channels == 72
    editor._session.undo_stack.undo()
    assert network(editor).channels == 64

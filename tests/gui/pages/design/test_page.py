"""The design page both ways: what is typed reaches the session, what the session holds is shown."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QGraphicsSimpleTextItem,
    QPushButton,
    QSpinBox,
    QTableView,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.network import analyse
from resnet_studio.gui.main_window import MainWindow
from resnet_studio.gui.pages.design.diagram.view import Diagram
from resnet_studio.gui.widgets.button import PrimaryButton
from resnet_studio.spec.experiment import with_values
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset, presets

W = TypeVar("W", bound=QWidget)


def find(window: MainWindow, kind: type[W], name: str) -> W:
    found = window.findChildren(kind, name)
    assert len(found) == 1, f"{name}: {len(found)} of them"
    return found[0]


def cells(window: MainWindow) -> list[list[str]]:
    model = find(window, QTableView, "view.stages").model()
    return [[model.index(r, c).data() for c in range(model.columnCount())] for r in range(model.rowCount())]


def column(window: MainWindow, head: str) -> list[str]:
    """The texts of one column of the stage table, the first of that head."""
    model = find(window, QTableView, "view.stages").model()
    heads = [model.headerData(c, Qt.Orientation.Horizontal) for c in range(model.columnCount())]
    return [row[heads.index(head)] for row in cells(window)]


def show(window: MainWindow, network: NetworkSpec) -> None:
    window.session.replace(with_values(window.session.experiment, {"network": network.model_dump()}), "test")


def test_typing_changes_the_table_at_once(window: MainWindow, qtbot: QtBot) -> None:
    spin = find(window, QSpinBox, "network.block_sizes.0")
    spin.selectAll()
    qtbot.keyClicks(spin, "12")
    assert window.session.experiment.network.block_sizes == (12, 1, 1)
    wanted = analyse(window.session.experiment.network).stages[1]
    assert column(window, "blocks")[1] == "12"
    assert column(window, "parameters")[1] == f"{wanted.params:,}"


def test_the_session_is_shown_without_another_edit(window: MainWindow) -> None:
    show(window, preset("resnet50"))
    steps = window.session.undo_stack.count()
    assert find(window, QSpinBox, "network.block_sizes.2").value() == 6
    assert find(window, QComboBox, "network.block_type").currentText() == "bottleneck"
    assert find(window, QComboBox, "network.preset").currentText() == "ResNet-50"
    assert find(window, QSpinBox, "network.num_classes").value() == 1000
    assert window.session.undo_stack.count() == steps
    assert column(window, "parameters") == [
        "9,536",
        "215,808",
        "1,219,584",
        "7,098,368",
        "14,964,736",
        "2,049,000",
    ]


def test_undo_and_redo_go_through_the_table(window: MainWindow, qtbot: QtBot) -> None:
    before = cells(window)
    find(window, QSpinBox, "network.channels.2").setValue(100)
    changed = cells(window)
    assert changed != before
    window.actions_by_name["undo"].trigger()
    assert cells(window) == before
    assert find(window, QSpinBox, "network.channels.2").value() == 64
    window.actions_by_name["redo"].trigger()
    assert cells(window) == changed


def test_a_refused_value_marks_its_field_and_the_table_stays(window: MainWindow) -> None:
    before = cells(window)
    assert not window.session.change("network.dropout", 1.0)
    field = find(window, QAbstractSpinBox, "network.dropout")
    assert field.property("fault") == "error"
    assert cells(window) == before
    window.session.change("network.dropout", 0.5)
    assert not field.property("fault")


def test_a_broken_design_shows_what_is_valid_and_its_mend(window: MainWindow, qtbot: QtBot) -> None:
    show(window, with_values(window.session.experiment, {"network": preset("resnet18").model_dump()}).network)
    combo = find(window, QComboBox, "network.shortcut")
    combo.setCurrentIndex(combo.findData("identity"))
    parameters = column(window, "parameters")
    assert parameters[1] == "147,968"
    assert column(window, "output C×H×W")[2] == "block 1: main path 128×28×28, shortcut 64×56×56"
    assert parameters[3] == "?"
    qtbot.waitUntil(lambda: window.findChild(PrimaryButton, "view.finding.mend") is not None)
    button = find(window, PrimaryButton, "view.finding.mend")
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.session.experiment.network.shortcut == "projection"
    assert "?" not in {cell for row in cells(window) for cell in row}


def test_choosing_a_preset_is_one_step(window: MainWindow) -> None:
    before = window.session.experiment
    combo = find(window, QComboBox, "network.preset")
    combo.setCurrentIndex(combo.findData("resnext50_32x4d"))
    combo.activated.emit(combo.currentIndex())
    assert window.session.experiment.network == preset("resnext50_32x4d")
    window.actions_by_name["undo"].trigger()
    assert window.session.experiment == before


def test_every_preset_fills_the_tables(window: MainWindow) -> None:
    layers = find(window, QTableView, "view.layers").model()
    heads = [layers.headerData(c, Qt.Orientation.Horizontal) for c in range(layers.columnCount())]
    columns = [heads.index(head) for head in ("layer", "parameters", "rec. field px")]
    for name, entry in presets().items():
        show(window, entry.network)
        rows = list(analyse(entry.network).layers())
        assert layers.rowCount() == len(rows), name
        for row in (0, len(rows) // 2, len(rows) - 1):
            shown = [layers.index(row, column).data() for column in columns]
            field = rows[row].receptive_field
            assert shown == [rows[row].path, f"{rows[row].params:,}", f"{field:,}" if field else "all"], name
        assert all(isinstance(cell, str) for row in cells(window) for cell in row), name


def test_stages_are_added_moved_and_removed(window: MainWindow, qtbot: QtBot) -> None:
    network = window.session.experiment.network
    window.session.select(3)

    def click(tool: str) -> NetworkSpec:
        qtbot.mouseClick(find(window, QWidget, f"edit.stages.{tool}"), Qt.MouseButton.LeftButton)
        return window.session.experiment.network

    assert click("plus").block_sizes == (1, 1, 1, 1)
    assert window.session.experiment.network.channels == 16
    assert click("up").stage_channels == (16, 32, 128, 64)
    assert click("minus").stage_channels == (16, 32, 64)
    assert click("copy").stage_channels == (16, 32, 32, 64)
    for _ in range(window.session.undo_stack.count()):
        window.session.undo_stack.undo()
    assert window.session.experiment.network == network


def test_stem_and_head_can_be_left_out(window: MainWindow) -> None:
    check = find(window, QCheckBox, "network.stem")
    check.click()
    assert window.session.experiment.network.stem is None
    assert not find(window, QSpinBox, "network.stem.kernel_size").isEnabled()
    assert cells(window)[0][0] == "stage 1"
    check.click()
    assert window.session.experiment.network.stem is not None


def test_bottleneck_fields_say_why_they_are_off(window: MainWindow) -> None:
    groups = find(window, QSpinBox, "network.groups")
    assert not groups.isEnabled()
    assert "basic" in groups.toolTip()
    window.session.change("network.block_type", "bottleneck")
    assert groups.isEnabled()


def test_selection_goes_round(window: MainWindow) -> None:
    stages, layers = find(window, QTableView, "view.stages"), find(window, QTableView, "view.layers")
    stages.selectRow(2)
    assert window.session.selection.stage == 2
    assert layers.model().index(layers.currentIndex().row(), 0).data().startswith("layer2.0")
    window.session.select(3, 0)
    assert stages.currentIndex().row() == 3
    assert layers.model().index(layers.currentIndex().row(), 0).data().startswith("layer3.0")


def boxes_of(window: MainWindow) -> list[str]:
    view = window.findChild(Diagram)
    assert view is not None
    return [item.text() for item in view.scene().items() if isinstance(item, QGraphicsSimpleTextItem)]


def test_the_diagram_is_drawn_in_the_turn_after_the_tables(window: MainWindow, qtbot: QtBot) -> None:
    window.show()
    qtbot.waitUntil(lambda: "stage 2 ×1" in boxes_of(window))
    window.session.change("network.block_sizes.1", 7)
    assert cells(window)[2][2] == "7"
    assert "stage 2 ×1" in boxes_of(window)
    qtbot.waitUntil(lambda: "stage 2 ×7" in boxes_of(window))


def test_a_hidden_diagram_is_drawn_when_it_is_shown_again(window: MainWindow, qtbot: QtBot) -> None:
    window.show()
    window.show_page("data")
    window.session.change("network.block_sizes.1", 7)
    QApplication.processEvents()
    assert "stage 2 ×7" not in boxes_of(window)
    window.show_page("design")
    assert "stage 2 ×7" in boxes_of(window)


def test_the_worst_finding_shows_its_field(window: MainWindow, qtbot: QtBot) -> None:
    window.session.change("network.shortcut", "identity")
    qtbot.waitUntil(lambda: window.findChild(QPushButton, "view.finding.field") is not None)
    button = find(window, QPushButton, "view.finding.field")
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(find(window, QComboBox, "network.shortcut").hasFocus)


def test_a_total_of_the_cost_line_opens_its_formula(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(find(window, QWidget, "cost.params"), Qt.MouseButton.LeftButton)
    sheet = find(window, QWidget, "view.why")
    assert sheet.isVisible()
    text = find(window, QTextEdit, "view.why.text")
    assert "77,754" in text.toPlainText()
    qtbot.waitUntil(text.hasFocus)
    qtbot.keyClick(text, Qt.Key.Key_Escape)
    assert sheet.isHidden()

"""The tables as they are used: heads clicked, columns chosen, rows found, copied and questioned."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui.pages.design.tables.copy_menu import CopyMenu
from resnet_studio.gui.pages.design.tables.cost_model import CostModel
from resnet_studio.gui.pages.design.tables.tables import COST, FINDINGS, LAYERS, LEDGER, STAGES, DesignTables
from resnet_studio.gui.pages.design.tables.why import Why
from resnet_studio.gui.session import Selection, Session
from resnet_studio.gui.widgets.table import Table
from resnet_studio.spec.presets import preset

W = TypeVar("W", bound=QWidget)
LEFT = Qt.MouseButton.LeftButton


def find(parent: QWidget, kind: type[W], name: str) -> W:
    found = parent.findChildren(kind, name)
    assert len(found) == 1, f"{name}: {len(found)} of them"
    return found[0]


def model_of(table: Table) -> CostModel:
    model = table.model()
    assert isinstance(model, CostModel)
    return model


def column(table: Table, key: str) -> int:
    return [each.key for each in model_of(table).columns].index(key)


def cell(table: Table, row: int, key: str) -> QModelIndex:
    return table.model().index(row, column(table, key))


def shown(table: Table) -> list[str]:
    return [each.key for n, each in enumerate(model_of(table).columns) if not table.isColumnHidden(n)]


def names(table: Table) -> list[str]:
    return [table.model().index(row, 0).data() for row in range(table.model().rowCount())]


def click_head(table: Table, key: str) -> None:
    head = table.horizontalHeader()
    x = head.sectionViewportPosition(column(table, key)) + 20
    QTest.mouseClick(head.viewport(), LEFT, pos=QPoint(x, 12))


def action(menu: QMenu, name: str) -> QAction:
    found = menu.findChild(QAction, name)
    assert found is not None, name
    return found


def test_stem_stages_and_head_fit_without_scrolling(tables: DesignTables) -> None:
    assert not tables.stages.verticalScrollBar().isVisible()
    assert not tables.stages.horizontalScrollBar().isVisible()
    assert names(tables.stages) == ["stem", "stage 1", "stage 2", "stage 3", "stage 4", "head"]


def test_a_head_sorts_up_then_down_then_not(tables: DesignTables) -> None:
    as_it_was = names(tables.stages)
    click_head(tables.stages, "params")
    assert names(tables.stages)[:2] == ["stem", "stage 1"]
    assert names(tables.stages)[-1] == "stage 4"
    click_head(tables.stages, "params")
    assert names(tables.stages)[0] == "stage 4"
    click_head(tables.stages, "params")
    assert names(tables.stages) == as_it_was


def test_the_selection_goes_along_when_rows_are_sorted(tables: DesignTables, session: Session) -> None:
    session.select(3)
    click_head(tables.stages, "params")
    click_head(tables.stages, "params")
    assert tables.stages.currentIndex().siblingAtColumn(0).data() == "stage 3"
    assert session.selection == Selection(3)
    tables.stages.selectRow(0)
    assert session.selection == Selection(4)
    session.change("network.block_sizes.0", 5)
    assert tables.stages.currentIndex().siblingAtColumn(0).data() == "stage 4"


def test_columns_are_chosen_and_stay_so_in_the_next_window(
    tables: DesignTables, session: Session, qtbot: QtBot
) -> None:
    menu = find(tables, QMenu, "view.stages.columns")
    menu.aboutToShow.emit()
    choice = action(menu, "view.stages.columns.blocks")
    assert choice.isChecked()
    choice.trigger()
    action(menu, "view.stages.columns.input").trigger()
    assert "blocks" not in shown(tables.stages)
    assert "input" in shown(tables.stages)
    other = DesignTables(session)
    qtbot.addWidget(other)
    assert shown(other.stages) == shown(tables.stages)
    reset = next(each for each in menu.actions() if each.text() == "Reset")
    reset.trigger()
    assert "blocks" in shown(tables.stages)
    assert "input" not in shown(tables.stages)


def test_the_menu_stays_open_while_columns_are_checked(tables: DesignTables, qtbot: QtBot) -> None:
    menu = find(tables, QMenu, "view.stages.columns")
    menu.popup(tables.mapToGlobal(QPoint(0, 0)))
    qtbot.waitUntil(menu.isVisible)
    choice = action(menu, "view.stages.columns.blocks")
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(choice).center())
    assert menu.isVisible()
    assert "blocks" not in shown(tables.stages)
    menu.close()


def test_name_and_differences_without_a_baseline_can_not_be_chosen(tables: DesignTables) -> None:
    menu = find(tables, QMenu, "view.stages.columns")
    menu.aboutToShow.emit()
    assert not action(menu, "view.stages.columns.stage").isEnabled()
    difference = action(menu, "view.stages.columns.params_difference")
    assert not difference.isEnabled()
    assert "Pin" in difference.toolTip()
    assert difference.isChecked()


def test_a_baseline_brings_its_columns_and_takes_them_away(tables: DesignTables, session: Session) -> None:
    assert "params_difference" not in shown(tables.stages)
    session.compare_with("ResNet-101", preset("resnet101"))
    for tab, table in ((LAYERS, tables.layers), (STAGES, tables.stages)):
        tables.tabs.setCurrentIndex(tab)
        assert "params_difference" in shown(table)
    assert cell(tables.stages, 3, "params_difference").data() == "−18,992,128"
    session.compare_with_nothing()
    assert "params_difference" not in shown(tables.stages)


def test_a_narrow_window_does_without_what_matters_less(tables: DesignTables, qtbot: QtBot) -> None:
    wide = shown(tables.stages)
    tables.resize(656, 202)
    qtbot.waitUntil(lambda: len(shown(tables.stages)) < len(wide))
    assert {"stage", "output", "blocks", "params", "mult_adds"} <= set(shown(tables.stages))
    assert not tables.stages.horizontalScrollBar().isVisible()
    tables.resize(1600, 202)
    qtbot.waitUntil(lambda: shown(tables.stages) == wide)


def test_rows_are_found_counted_and_shown_again(tables: DesignTables, qtbot: QtBot, session: Session) -> None:
    tables.tabs.setCurrentIndex(LAYERS)
    whole = tables.layers.model().rowCount()
    tables.activateWindow()
    tables.layers.setFocus()
    qtbot.waitUntil(tables.layers.hasFocus)
    QTest.keyClick(tables.layers, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    field = find(tables, QLineEdit, "view.find")
    qtbot.waitUntil(field.hasFocus)
    assert not find(tables, QSpinBox, "view.batch_size").isVisible()
    QTest.keyClicks(field, "layer4 conv shortcut")
    assert names(tables.layers) == ["layer4.0.downsample.0"]
    assert find(tables, QWidget, "view.find.count").property("text") == f"1 of {whole}"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert tables.layers.hasFocus()
    tables.layers.selectRow(0)
    assert session.selection == Selection(4, 0)
    QTest.keyClick(tables.layers, Qt.Key.Key_Escape)
    assert not field.isVisible()
    assert tables.layers.hasFocus()
    assert tables.layers.model().rowCount() == whole
    assert find(tables, QSpinBox, "view.batch_size").isVisible()


def test_the_tabs_stay_whole_beside_the_search_in_a_narrow_window(tables: DesignTables, qtbot: QtBot) -> None:
    tables.resize(656, 202)
    QTest.mouseClick(find(tables, QWidget, "view.tables.find"), LEFT)
    tables.tabs.setCurrentIndex(LAYERS)
    QTest.mouseClick(find(tables, QWidget, "view.tables.find"), LEFT)
    QTest.keyClicks(find(tables, QLineEdit, "view.find"), "conv")
    assert tables.width() == 656
    bar = find(tables, QWidget, "view.tables.bar")
    qtbot.waitUntil(lambda: tables.tabs.width() >= tables.tabs.sizeHint().width())
    shown = [each for each in bar.findChildren(QWidget) if each.parent() is bar and each.isVisible()]
    assert max(each.geometry().right() for each in shown) < bar.width()


def test_another_tab_ends_the_search(tables: DesignTables) -> None:
    tables.tabs.setCurrentIndex(LAYERS)
    whole = tables.layers.model().rowCount()
    QTest.mouseClick(find(tables, QWidget, "view.tables.find"), LEFT)
    QTest.keyClicks(find(tables, QLineEdit, "view.find"), "conv1")
    assert tables.layers.model().rowCount() < whole
    tables.tabs.setCurrentIndex(COST)
    assert tables.layers.model().rowCount() == whole
    assert not find(tables, QWidget, "view.tables.find").isEnabled()


def test_the_whole_table_is_copied_unless_several_rows_are_picked(tables: DesignTables, session: Session) -> None:
    session.select(2)
    menu = find(tables, CopyMenu, "view.copy.menu")
    action(menu, "view.copy.markdown").trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 2 + 6
    assert lines[5].startswith("| stage 3 | 1024×14×14 | 6 | 7,098,368 |")
    action(menu, "view.copy.latex").trigger()
    assert "\\toprule" in QGuiApplication.clipboard().text()
    tables.tabs.setCurrentIndex(LAYERS)
    tables.layers.selectRow(3)
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(tables.layers, Qt.Key.Key_Down, shift)
    QTest.keyClick(tables.layers, Qt.Key.Key_Down, shift)
    QTest.keyClick(tables.layers, Qt.Key.Key_Shift)  # Qt would think it held down from now on
    assert tables.layers.picked_rows() == [3, 4, 5]
    action(menu, "view.copy.tsv").trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 4
    assert lines[1].split("\t")[0] == tables.layers.model().index(3, 0).data()
    assert "," not in lines[1]


def test_rows_stay_picked_while_the_session_follows(tables: DesignTables, session: Session) -> None:
    tables.stages.selectRow(1)
    QTest.keyClick(tables.stages, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(tables.stages, Qt.Key.Key_Shift)
    assert session.selection == Selection(2)
    session.change("network.num_classes", 17)
    session.selected.emit()
    assert tables.stages.picked_rows() == [1, 2]


def test_ctrl_c_copies_the_picked_rows(tables: DesignTables) -> None:
    tables.stages.selectRow(3)
    QTest.keyClick(tables.stages, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[1].split("\t")[:4] == ["stage 3", "1024x14x14", "6", "7098368"]
    assert len(lines) == 2


def test_csv_is_written_whole(tables: DesignTables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "stages"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    action(find(tables, CopyMenu, "view.copy.menu"), "view.copy.csv").trigger()
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["stage"] for row in rows] == names(tables.stages)
    assert sum(int(row["parameters"]) for row in rows) == 25_557_032
    assert [each.name for each in tmp_path.iterdir()] == ["stages.csv"]


def test_a_folder_that_is_not_there_is_said(
    tables: DesignTables, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "a.csv"), ""))
    with qtbot.waitSignal(session.refused) as refused:
        action(find(tables, CopyMenu, "view.copy.menu"), "view.copy.csv").trigger()
    assert refused.args is not None
    assert "can't be written" in refused.args[1]


def test_a_double_click_tells_why(tables: DesignTables, qtbot: QtBot) -> None:
    index = cell(tables.stages, 3, "params")
    place = tables.stages.visualRect(index).center()
    QTest.mouseClick(tables.stages.viewport(), LEFT, pos=place)
    QTest.mouseDClick(tables.stages.viewport(), LEFT, pos=place)
    why = find(tables, Why, "view.why")
    assert why.isVisible()
    assert "1,512,448 + 5,585,920 = 7,098,368" in why.plain_text()


def test_enter_tells_why_of_a_layer_and_an_edit_closes_it(tables: DesignTables, session: Session) -> None:
    tables.tabs.setCurrentIndex(LAYERS)
    row = names(tables.layers).index("layer1.0.conv2")
    tables.layers.setCurrentIndex(cell(tables.layers, row, "params"))
    QTest.keyClick(tables.layers, Qt.Key.Key_Return)
    why = find(tables, Why, "view.why")
    assert why.isVisible()
    assert "36,864" in why.plain_text()
    session.change("network.conv_bias", value=True)
    assert why.isHidden()


@pytest.mark.parametrize("key", ["output", "params", "mult_adds", "receptive_field", "activations"])
@pytest.mark.parametrize("tab", [STAGES, LAYERS])
def test_every_kind_of_number_has_a_formula(tables: DesignTables, tab: int, key: str) -> None:
    tables.tabs.setCurrentIndex(tab)
    table = tables.stages if tab == STAGES else tables.layers
    why = find(tables, Why, "view.why")
    for row in range(min(table.model().rowCount(), 8)):
        table.ask(cell(table, row, key))
        assert why.isVisible()
        assert why.plain_text()
        why.leave()


def test_names_and_unknown_numbers_have_no_formula(tables: DesignTables, session: Session) -> None:
    why = find(tables, Why, "view.why")
    tables.stages.ask(cell(tables.stages, 1, "stage"))
    assert why.isHidden()
    session.change("network.shortcut", "identity")
    tables.stages.ask(cell(tables.stages, 4, "params"))
    assert why.isHidden()
    told = cell(tables.stages, 4, "params").data(Qt.ItemDataRole.ToolTipRole)
    assert told.startswith("Not known: stage 1, block 1: main path 256×56×56")


def test_the_context_menu_asks_about_its_cell(tables: DesignTables, qtbot: QtBot) -> None:
    place = tables.stages.visualRect(cell(tables.stages, 0, "mult_adds")).center()
    tables.stages.customContextMenuRequested.emit(place)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    texts = [each.text() for each in menu.actions()]
    assert texts[0] == "Why this number?"
    assert "Copy as LaTeX" in texts
    menu.actions()[0].trigger()
    menu.close()
    assert find(tables, Why, "view.why").isVisible()


def test_hidden_views_are_filled_when_they_are_shown(tables: DesignTables, session: Session) -> None:
    session.change("network.shortcut", "identity")
    assert find(tables, QWidget, "view.findings").findChildren(QWidget, "view.findings.0") == []
    tables.tabs.setCurrentIndex(FINDINGS)
    find(tables, QWidget, "view.findings.0")
    tables.tabs.setCurrentIndex(LEDGER)
    assert tables.ledger.table.model().rowCount() > 5


def test_a_finding_shows_its_field(tables: DesignTables, session: Session, qtbot: QtBot) -> None:
    session.change("network.shortcut", "identity")
    tables.tabs.setCurrentIndex(FINDINGS)
    with qtbot.waitSignal(tables.field_asked) as asked:
        QTest.mouseClick(find(tables, QWidget, "view.findings.0.field"), LEFT)
    assert asked.args == ["network.shortcut"]


def test_a_fault_has_its_whole_row_wherever_it_is_sorted_to(
    tables: DesignTables, session: Session, show: Callable[..., None]
) -> None:
    show("resnet18")
    session.change("network.shortcut", "identity")
    assert tables.stages.columnSpan(2, 1) > 5
    click_head(tables.stages, "params")
    click_head(tables.stages, "params")
    faulty = names(tables.stages).index("stage 2")
    assert tables.stages.columnSpan(faulty, 1) > 5
    session.undo_stack.undo()
    assert all(tables.stages.columnSpan(row, 1) == 1 for row in range(6))


def test_the_batch_size_is_the_trainings(tables: DesignTables, session: Session) -> None:
    spin = find(tables, QSpinBox, "view.batch_size")
    spin.setValue(64)
    assert session.experiment.training.batch_size == 64
    half = cell(tables.stages, 0, "activations").data()
    session.change("training.batch_size", 128)
    assert spin.value() == 128
    assert cell(tables.stages, 0, "activations").data() != half

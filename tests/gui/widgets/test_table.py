"""The table: widths, keys, what it copies, what it paints."""

from typing import Any

import pytest
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from resnet_studio.gui import theme
from resnet_studio.gui.widgets.share_bar import BAR_WIDTH, SHARE_ROLE, ShareBar
from resnet_studio.gui.widgets.table import Table

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
HEADS = ("stage", "parameters", "share %")


class Stages(QAbstractTableModel):
    def __init__(self, rows: list[tuple[str, str, str, float | None]]) -> None:
        super().__init__()
        self.rows = rows

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        return 0 if parent.isValid() else len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:  # noqa: N802
        return HEADS[section] if role == Role.DisplayRole and orientation == Qt.Orientation.Horizontal else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Role.DisplayRole:
            return row[index.column()]
        if role == SHARE_ROLE and index.column() == 2:
            return row[3]
        if role == Role.BackgroundRole and row[3] is None:
            return theme.colour("error_ground")
        if role == Role.ForegroundRole and row[3] is None:
            return theme.colour("error")
        return None


ROWS: list[tuple[str, str, str, float | None]] = [
    ("stem", "9,536", "0.0", 0.0),
    ("stage 1", "215,808", "50.0", 0.5),
    ("stage 2", "?", "?", None),
]


@pytest.fixture
def table(qtbot: QtBot) -> Table:
    made = Table(name="view.stages", label="stages")
    model = Stages(list(ROWS))
    model.setParent(made)
    made.setModel(model)
    made.set_shares(2, "blue")
    qtbot.addWidget(made)
    made.resize(600, 200)
    made.show()
    return made


def test_rows_and_head_have_their_heights(table: Table) -> None:
    assert [table.rowHeight(row) for row in range(3)] == [24, 24, 24]
    assert table.horizontalHeader().height() == 26


def test_columns_fill_the_width_exactly(table: Table, qtbot: QtBot) -> None:
    for width in (600, 900, 601):
        table.resize(width, 200)
        qtbot.waitUntil(lambda: sum(map(table.columnWidth, range(3))) == table.viewport().width())


def test_weights_say_who_takes_the_rest(table: Table) -> None:
    before = [table.columnWidth(column) for column in range(3)]
    table.set_weights({0: 1.0})
    after = [table.columnWidth(column) for column in range(3)]
    assert after[0] > before[0]
    assert after[1] < before[1]
    assert sum(after) == table.viewport().width()


def test_columns_widen_to_longer_texts_and_stay_so(table: Table) -> None:
    table.resize(200, 200)  # no room to share
    model = table.model()
    assert isinstance(model, Stages)
    narrow = table.columnWidth(1)
    model.rows[0] = ("stem", "25,557,032,000", "0.0", 0.0)
    model.dataChanged.emit(model.index(0, 0), model.index(0, 2))
    wide = table.columnWidth(1)
    assert wide > narrow
    model.rows[0] = ROWS[0]
    model.dataChanged.emit(model.index(0, 0), model.index(0, 2))
    assert table.columnWidth(1) == wide


def test_a_width_that_the_user_chose_is_kept(table: Table) -> None:
    table.horizontalHeader().resizeSection(0, 333)
    table.resize(900, 200)
    table.fit()
    assert table.columnWidth(0) == 333


def test_copy_gives_tab_separated_text(table: Table) -> None:
    clipboard = QGuiApplication.clipboard()
    table.copy()
    assert clipboard.text().splitlines() == [
        "stage\tparameters\tshare %",
        "stem\t9,536\t0.0",
        "stage 1\t215,808\t50.0",
        "stage 2\t?\t?",
    ]
    table.selectRow(1)
    table.setColumnHidden(2, True)  # noqa: FBT003 - Qt's signature
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text().splitlines() == ["stage\tparameters", "stage 1\t215,808"]


def test_tab_leaves_the_table(table: Table) -> None:
    assert not table.tabKeyNavigation()
    assert table.accessibleName() == "stages"


def pixel(table: Table, row: int, column: int, x: int) -> QColor:
    """Return the colour in a cell, x pixels from its right edge."""
    cell = table.visualRect(table.model().index(row, column))
    return table.viewport().grab().toImage().pixelColor(QPoint(cell.right() - x, cell.center().y()))


def test_the_bar_is_as_long_as_the_share(table: Table) -> None:
    blue, grid = theme.colour("blue"), theme.colour("grid")
    assert pixel(table, 1, 2, 8 + BAR_WIDTH - 10) == blue
    assert pixel(table, 1, 2, 8 + 10) == grid
    assert pixel(table, 0, 2, 8 + BAR_WIDTH - 2) == grid


def test_an_unknown_share_has_no_bar(table: Table) -> None:
    assert pixel(table, 2, 2, 8 + BAR_WIDTH - 2) == theme.colour("error_ground")


def test_selection_covers_the_row_and_its_own_ground(table: Table) -> None:
    table.selectRow(2)
    assert pixel(table, 2, 0, 2) == theme.colour("selection")
    assert pixel(table, 2, 2, 2) == theme.colour("selection")
    assert pixel(table, 1, 0, 2) == theme.colour("base")


@pytest.mark.parametrize("column", [0, 1, 2])
def test_a_text_keeps_its_colour_in_the_selected_row(column: int, table: Table) -> None:
    table.selectRow(2)
    cell = table.visualRect(table.model().index(2, column))
    image = table.viewport().grab(cell).toImage()
    colours = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    reds = [colour for colour in colours if colour.red() > 150 and colour.green() < 110]
    darks = [colour for colour in colours if colour.lightness() < 60]
    assert reds
    assert not darks


def test_the_keyboard_has_a_ring_and_the_mouse_has_none(table: Table, qtbot: QtBot) -> None:
    table.activateWindow()
    table.clearFocus()
    table.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(table.hasFocus)
    table.selectRow(1)
    accent = theme.colour("accent")
    row = table.visualRect(table.model().index(1, 0))
    image: QImage = table.viewport().grab().toImage()
    assert image.pixelColor(0, row.center().y()) == accent
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    image = table.viewport().grab().toImage()
    assert image.pixelColor(0, row.center().y()) != accent


def test_a_bar_leaves_room_for_its_number(table: Table) -> None:
    index, option = table.model().index(1, 2), QStyleOptionViewItem()
    table.initViewItemOption(option)
    assert ShareBar("blue").sizeHint(option, index).width() > BAR_WIDTH + 20


def test_a_click_on_a_head_shows_the_arrow_beside_its_words(table: Table) -> None:
    table.let_sort()
    head = table.horizontalHeader()
    column = head.sectionViewportPosition(1)
    narrow = table.columnWidth(1)

    def ink() -> int:
        """Return how many pixels of the head are as dark as words and arrows are."""
        image = head.viewport().grab(QRect(column, 0, table.columnWidth(1), 25)).toImage()
        pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
        return sum(pixel.lightness() < 180 for pixel in pixels)

    before = ink()
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(column + 10, 12))
    assert head.sortIndicatorSection() == 1
    assert ink() > before
    assert table.columnWidth(1) >= narrow
    for _ in range(2):
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(column + 10, 12))
    assert head.sortIndicatorSection() == -1
    assert ink() == before


def test_columns_are_left_out_from_the_last_where_there_is_no_room(table: Table, qtbot: QtBot) -> None:
    table.show_columns([0], where_room=[2, 1])

    def shown() -> list[bool]:
        return [not table.isColumnHidden(column) for column in range(3)]

    assert shown() == [True, True, True]
    table.resize(220, 200)
    qtbot.waitUntil(lambda: shown() == [True, False, True])
    table.resize(120, 200)
    qtbot.waitUntil(lambda: shown() == [True, False, False])
    table.resize(600, 200)
    qtbot.waitUntil(lambda: shown() == [True, True, True])
    assert sum(map(table.columnWidth, range(3))) == table.viewport().width()


def test_columns_that_shrink_leave_no_scroll_bar(table: Table, qtbot: QtBot) -> None:
    table.set_weights({0: 1.0}, shrinking=True)
    needed = sum(map(table.columnWidth, (1, 2)))
    table.resize(needed + 64, 200)
    qtbot.waitUntil(lambda: sum(map(table.columnWidth, range(3))) == table.viewport().width())
    assert not table.horizontalScrollBar().isVisible()


def test_only_a_cell_with_an_answer_is_asked_about(table: Table, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(table.asked):
        table.ask(table.model().index(0, 1))

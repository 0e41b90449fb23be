"""The bars by stage: their values, their axis, what they answer to the hand."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.network import analyse
from resnet_studio.gui import theme
from resnet_studio.gui.pages.design.cost.bar_scale import BYTES, COUNTS, scale
from resnet_studio.gui.pages.design.cost.view import bars, operations
from resnet_studio.gui.pages.design.tables.tables import COST, DesignTables
from resnet_studio.gui.session import Selection, Session
from resnet_studio.spec.presets import preset


@pytest.mark.parametrize(
    ("largest", "units", "ticks"),
    [
        (14_964_736, COUNTS, ["0", "5", "10", "15"]),
        (1_464_300_000, COUNTS, ["0.0", "0.5", "1.0", "1.5"]),
        (77_754, COUNTS, ["0", "20", "40", "60", "80"]),
        (3, COUNTS, ["0", "1", "2", "3"]),
        (0, COUNTS, ["0.0", "0.5", "1.0"]),
        (110.2 * 2**20, BYTES, ["0", "50", "100", "150"]),
        (6.97 * 2**30, BYTES, ["0", "2", "4", "6", "8"]),
    ],
)
def test_ticks_are_round_and_few(largest: float, units: tuple[tuple[float, str], ...], ticks: list[str]) -> None:
    axis = scale(largest, units)
    assert [words for _, words in axis.ticks()] == ticks
    assert axis.top >= largest


def test_bars_are_matched_by_the_names_of_stages() -> None:
    found = bars(analyse(preset("cifar_resnet20")), analyse(preset("resnet18")), lambda stage: stage.params)
    assert [bar.name for bar in found] == ["stem", "stage 1", "stage 2", "stage 3", "stage 4", "head"]
    assert [bar.stage for bar in found] == [0, 1, 2, 3, None, 4]
    assert found[4].here == 0.0
    assert found[4].there == 8_393_728


def test_bars_behind_a_fault_are_unknown() -> None:
    broken = analyse(preset("resnet18").model_copy(update={"shortcut": "identity"}))
    assert [bar.here is None for bar in bars(broken, None, lambda stage: stage.params)] == [False] * 2 + [True] * 4
    assert "once the design can be built" in operations(broken)


def test_operations_are_told() -> None:
    assert operations(analyse(preset("resnet50"))).startswith("One image: 8.178 GFLOPs forward, 16.1")


def test_the_bars_follow_the_design_only_while_they_are_seen(tables: DesignTables, session: Session) -> None:
    chart = tables.cost.charts[0]
    session.change("network.block_sizes.0", 4)
    assert chart.accessibleDescription() == ""
    tables.tabs.setCurrentIndex(COST)
    wanted = f"{session.analysis.stages[1].params:,}"
    assert f"stage 1 {wanted}" in chart.accessibleDescription()
    session.change("network.block_sizes.0", 5)
    assert f"stage 1 {session.analysis.stages[1].params:,}" in chart.accessibleDescription()


def test_a_click_and_the_arrows_choose_a_stage(tables: DesignTables, session: Session, qtbot: QtBot) -> None:
    tables.tabs.setCurrentIndex(COST)
    chart = tables.cost.charts[1]
    x = next(x for x in range(chart.width()) if chart.slot_at(x) == 2)
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(x + 4, 60))
    assert session.selection == Selection(2)
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert session.selection == Selection(3)
    QTest.keyClick(chart, Qt.Key.Key_Left)
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert session.selection == Selection(1)


def test_resting_on_a_bar_tells_both_numbers(tables: DesignTables, session: Session) -> None:
    tables.tabs.setCurrentIndex(COST)
    session.compare_with("ResNet-101", preset("resnet101"))
    assert tables.cost.charts[0].tip(3).splitlines() == [
        "stage 3: 7,098,368 parameters",
        "ResNet-101: 26,090,496",
        "difference: −18,992,128",
    ]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_bars_have_the_colours_of_the_theme(tables: DesignTables, mode: theme.Mode, qapp: object) -> None:
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, mode)
    tables.tabs.setCurrentIndex(COST)
    image = tables.cost.charts[0].grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
    assert theme.colour("blue").name() in seen
    theme.apply(app, "light")

"""Fields for numbers: what is shown, what is read, what arrows and wheel do."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui import theme
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.slider import Slider
from resnet_studio.gui.widgets.spin_look import show_arrows
from resnet_studio.gui.widgets.whole_spin import WholeSpin


def whole(qtbot: QtBot, minimum: int = 1, maximum: int = 65_536, **more: object) -> WholeSpin:
    spin = WholeSpin(minimum, maximum, name="network.groups", label="groups", **more)  # type: ignore[arg-type]
    qtbot.addWidget(spin)
    return spin


def real(qtbot: QtBot, minimum: float = 0.0, maximum: float = 1.0, **more: object) -> RealSpin:
    spin = RealSpin(minimum, maximum, name="network.dropout", label="dropout", **more)  # type: ignore[arg-type]
    qtbot.addWidget(spin)
    return spin


def test_each_keystroke_counts(qtbot: QtBot) -> None:
    spin = whole(qtbot)
    seen: list[int] = []
    spin.valueChanged.connect(seen.append)
    spin.selectAll()
    QTest.keyClicks(spin, "128")
    assert seen == [12, 128]  # the 1 of 128 was there already
    assert spin.number() == 128


def test_thousands_are_separated_and_read(qtbot: QtBot) -> None:
    spin = whole(qtbot)
    spin.set_number(12_345)
    assert spin.text() == "12,345"
    spin.selectAll()
    QTest.keyClicks(spin, "2,048")
    assert spin.number() == 2048


def test_setting_what_is_being_typed_leaves_the_text_alone(qtbot: QtBot) -> None:
    spin = real(qtbot)
    spin.lineEdit().selectAll()
    QTest.keyClicks(spin, "0.5")
    spin.set_number(0.5)
    assert spin.text() == "0.5"
    kernel = whole(qtbot, 1, 63, square=True)
    kernel.lineEdit().clear()
    QTest.keyClicks(kernel, "7")
    kernel.set_number(7)
    assert kernel.text() == "7"


def test_none_has_a_word_below_the_smallest_number(qtbot: QtBot) -> None:
    spin = whole(qtbot, nothing="auto")
    spin.set_number(None)
    assert (spin.text(), spin.number()) == ("auto", None)
    QTest.keyClick(spin, Qt.Key.Key_Up)
    assert spin.number() == 1
    QTest.keyClick(spin, Qt.Key.Key_Down)
    assert spin.number() is None
    spin.selectAll()
    QTest.keyClicks(spin, "64")
    assert spin.number() == 64


@pytest.mark.parametrize("typed", ["7", "7×7", "7x7"])
def test_a_square_is_shown_and_read(typed: str, qtbot: QtBot) -> None:
    spin = whole(qtbot, 1, 63, square=True)
    spin.set_number(3)
    assert spin.text() == "3×3"
    spin.lineEdit().clear()
    QTest.keyClicks(spin, typed)
    assert spin.number() == 7
    spin.interpretText()
    assert spin.text() == "7×7"


def test_a_square_takes_no_letters(qtbot: QtBot) -> None:
    spin = whole(qtbot, 1, 63, square=True)
    spin.lineEdit().clear()
    QTest.keyClicks(spin, "5a")
    assert spin.number() == 5


def test_prefix_and_suffix_surround_the_number(qtbot: QtBot) -> None:
    stride = whole(qtbot, 1, 16, before="/ ")
    stride.set_number(2)
    assert stride.text() == "/ 2"
    warmup = real(qtbot, 0, 100, after=" epochs", places=1)
    warmup.set_number(0.5)
    assert warmup.text() == "0.5 epochs"
    warmup.lineEdit().selectAll()
    QTest.keyClicks(warmup, "2.5")
    assert warmup.number() == 2.5


@pytest.mark.parametrize(("start", "up", "down"), [(128, 256, 64), (100, 128, 64), (1, 2, 1), (65_536, 65_536, 32_768)])
def test_doubling_arrows_go_from_power_to_power(start: int, up: int, down: int, qtbot: QtBot) -> None:
    spin = whole(qtbot, step="double")
    for steps, expected in ((1, up), (-1, down)):
        spin.set_number(start)
        spin.stepBy(steps)
        assert spin.number() == expected


def test_doubling_arrows_reach_none_and_come_back(qtbot: QtBot) -> None:
    spin = whole(qtbot, step="double", nothing="auto")
    spin.set_number(1)
    spin.stepBy(-1)
    assert spin.number() is None
    spin.stepBy(1)
    assert spin.number() == 1


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.0, "0.00"), (0.1, "0.10"), (0.0005, "0.0005"), (1e-05, "0.00001"), (0.99998, "0.99998"), (1234.5, "1,234.50")],
)
def test_all_decimals_that_a_number_has_are_shown(number: float, text: str, qtbot: QtBot) -> None:
    spin = real(qtbot, 0, 10_000)
    spin.set_number(number)
    assert spin.text() == text
    assert spin.number() == number


@pytest.mark.parametrize(("typed", "number"), [("1e-4", 0.0001), ("0.25", 0.25), (".5", 0.5), ("5E-1", 0.5)])
def test_exponents_are_read(typed: str, number: float, qtbot: QtBot) -> None:
    spin = real(qtbot)
    spin.lineEdit().selectAll()
    QTest.keyClicks(spin, typed)
    assert spin.number() == number


@pytest.mark.parametrize("typed", ["nan", "inf", "abc"])
def test_words_are_no_numbers(typed: str, qtbot: QtBot) -> None:
    spin = real(qtbot)
    spin.set_number(0.5)
    spin.lineEdit().selectAll()
    QTest.keyClicks(spin, typed)
    spin.clearFocus()
    assert spin.number() == 0.5


def test_a_number_out_of_bounds_becomes_the_nearest_one(qtbot: QtBot) -> None:
    spin = real(qtbot, 0, 1)
    spin.lineEdit().selectAll()
    QTest.keyClicks(spin, "7")
    assert spin.number() == 0.0  # not taken while it is typed
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert spin.number() == 1.0


def test_a_square_out_of_bounds_becomes_the_nearest_one(qtbot: QtBot) -> None:
    spin = whole(qtbot, 1, 63, square=True)
    spin.lineEdit().clear()
    QTest.keyClicks(spin, "99")
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert (spin.number(), spin.text()) == (63, "63×63")


def test_the_ladder_goes_by_1_2_5(qtbot: QtBot) -> None:
    spin, seen = real(qtbot, 0, 100, step="ladder"), []
    spin.set_number(0.1)
    for _ in range(4):
        spin.stepBy(1)
        seen.append(spin.number())
    assert seen == [0.2, 0.5, 1.0, 2.0]
    spin.set_number(0.0003)
    spin.stepBy(-1)
    assert spin.number() == 0.0002
    spin.set_number(1e-5)
    spin.stepBy(-1)
    assert spin.number() == 0.0
    spin.stepBy(1)
    assert spin.number() == 1e-5


def test_real_arrows_stop_at_the_bound_before_none(qtbot: QtBot) -> None:
    spin = real(qtbot, 0, 1, nothing="auto")
    spin.set_number(0.02)
    spin.stepBy(-1)
    assert spin.number() == 0.0
    spin.stepBy(-1)
    assert spin.number() is None
    assert spin.text() == "auto"
    spin.stepBy(1)
    assert spin.number() == 0.0


def wheel(widget: QWidget) -> QWheelEvent:
    down = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,  # noqa: FBT003 - Qt's signature
    )  # fmt: skip
    QApplication.sendEvent(widget, down)
    return down


@pytest.mark.parametrize("kind", ["whole", "real", "choice", "slider"])
def test_the_wheel_counts_only_for_the_field_in_use(kind: str, qtbot: QtBot) -> None:
    fields: dict[str, WholeSpin | RealSpin | Choice | Slider] = {
        "whole": WholeSpin(0, 9, name="n", label="l"),
        "real": RealSpin(0, 1, name="n", label="l"),
        "choice": Choice([(1, "one"), (2, "two"), (3, "three")], name="n", label="l"),
        "slider": Slider(0, 10, 5, name="n", label="l"),
    }
    field = fields[kind]
    qtbot.addWidget(field)
    if isinstance(field, (WholeSpin, RealSpin)):
        field.set_number(1)
    before = field.currentIndex() if isinstance(field, Choice) else field.value()
    assert not wheel(field).isAccepted()
    assert (field.currentIndex() if isinstance(field, Choice) else field.value()) == before
    field.show()
    field.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    wheel(field)
    assert (field.currentIndex() if isinstance(field, Choice) else field.value()) != before


def test_a_field_asks_for_little_room(qtbot: QtBot) -> None:
    assert whole(qtbot, 1, 2**31 - 1).minimumSizeHint().width() < 60
    assert whole(qtbot, compact=True).sizeHint().height() == 24
    assert real(qtbot).sizeHint().height() == 28


def test_the_suffix_has_room(qtbot: QtBot) -> None:
    assert whole(qtbot, after=" px").sizeHint().width() > whole(qtbot).sizeHint().width()


@pytest.mark.parametrize("make", [whole, real])
def test_a_number_without_arrows_has_their_room(qtbot: QtBot, make: Callable[[QtBot], WholeSpin | RealSpin]) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    spin = make(qtbot)
    spin.setFixedWidth(61)
    with qtbot.waitExposed(spin):
        spin.show()
    beside = spin.lineEdit().width()
    show_arrows(spin, shown=False)
    QApplication.processEvents()
    assert beside + 15 <= spin.lineEdit().width() <= 61
    show_arrows(spin, shown=True)
    QApplication.processEvents()
    # an edge in focus is a pixel wider
    assert abs(spin.lineEdit().width() - beside) <= 1

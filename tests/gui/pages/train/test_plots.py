from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui import theme
from resnet_studio.gui.pages.train.curve import Curve
from resnet_studio.gui.pages.train.curves import Curves
from resnet_studio.gui.pages.train.plots import Plots
from resnet_studio.gui.session import Session
from resnet_studio.runs.events import Event, Resumed, Step

MakeRun = Callable[..., list[Event]]


@pytest.fixture
def plots(qtbot: QtBot, session: Session) -> Plots:
    made = Plots()
    qtbot.addWidget(made)
    made.resize(912, 580)
    made.show()
    qtbot.waitExposed(made)
    return made


def of(events: list[Event]) -> Curves:
    curves = Curves()
    curves.add(events)
    return curves


def points(curve: Curve) -> tuple[list[float], list[float]]:
    """Return all data of a curve, whatever of it is drawn."""
    x, y = curve.getOriginalDataset()
    return ([], []) if x is None else (x.tolist(), y.tolist())


def test_curves_have_exactly_the_logged_points(plots: Plots, make_run: MakeRun) -> None:
    events = make_run(105, every=5)
    plots.show_curves(of(events))
    steps = [event for event in events if isinstance(event, Step)]
    assert len(steps) == 21
    at = [event.step for event in steps]
    assert points(plots.loss.raw) == (at, [event.loss for event in steps])
    assert points(plots.accuracy.raw)[1] == pytest.approx([100 * event.accuracy for event in steps])
    assert points(plots.rate.curve) == (at, [event.lr for event in steps])
    assert points(plots.speed.curve) == (at, [event.images_per_second for event in steps])
    assert points(plots.loss.run.validation) == ([20, 40, 60, 80, 100], [0.6] * 5)
    assert points(plots.accuracy.run.validation)[1] == pytest.approx([51, 80, 53, 54, 55])


def test_no_point_is_lost_on_a_resize_or_a_zoom(plots: Plots, qtbot: QtBot, make_run: MakeRun) -> None:
    plots.show_curves(of(make_run(3000, per_epoch=500)))
    before = points(plots.loss.raw)
    plots.resize(500, 460)
    plots.loss.view.setXRange(100, 200, padding=0)
    plots.resize(1500, 900)
    qtbot.waitUntil(lambda: plots.loss.width() == 1500)
    assert points(plots.loss.raw) == before
    assert len(before[0]) == 3000


def test_a_resumption_takes_points_back(plots: Plots, make_run: MakeRun) -> None:
    events = make_run(50)
    curves = of(events)
    plots.show_curves(curves)
    again = [event for event in make_run(30, seed=7) if event.step > 25]
    curves.add([Resumed(step=25, from_step=25), *again])
    plots.redraw()
    steps = [event for event in events if isinstance(event, Step)][:25]
    steps += [event for event in again if isinstance(event, Step)]
    assert points(plots.loss.raw) == ([event.step for event in steps], [event.loss for event in steps])
    assert points(plots.loss.run.validation)[0] == [20]


def test_another_run_takes_the_place_of_a_drawing_half_done(plots: Plots, make_run: MakeRun) -> None:
    plots.show_curves(of(make_run(40)))
    half = plots.redraw_in_parts()
    next(half)
    plots.show_curves(of(make_run(10, seed=3)))
    assert list(half) == []
    for curve in (plots.loss.raw, plots.accuracy.raw, plots.rate.curve, plots.speed.curve):
        assert points(curve)[0] == list(range(1, 11))


def test_losses_stand_on_a_logarithmic_axis_or_a_linear_one(plots: Plots, make_run: MakeRun) -> None:
    plots.show_curves(of(make_run(100)))
    losses = np.array(points(plots.loss.raw)[1])
    low, high = plots.loss.view.viewRange()[1]
    assert plots.loss.y_axis.labelText == "loss (log)"
    assert low < np.log10(losses.min())
    assert np.log10(losses.max()) <= high < 0.5
    assert plots.loss.raw.getData()[1].tolist() == pytest.approx(np.log10(losses).tolist())
    plots.set_log(on=False)
    assert plots.loss.y_axis.labelText == "loss"
    assert plots.loss.view.viewRange()[1][0] == 0
    assert plots.loss.raw.getData()[1].tolist() == pytest.approx(losses.tolist())
    plots.set_log(on=True)
    assert plots.loss.view.viewRange()[1] == [low, high]


def test_losses_without_a_logarithm_are_drawn_as_a_gap(plots: Plots) -> None:
    events = of([])
    losses = [1.0, 0.0, float("nan"), float("inf"), 0.5]
    events.add(
        Step(step=step, epoch=1, loss=loss, accuracy=0.5, lr=0.1, images_per_second=1.0)
        for step, loss in enumerate(losses, 1)
    )
    plots.show_curves(events)
    plots.grab()
    assert plots.loss.view.viewRange()[1][1] < 1


def test_units_run_along_x(plots: Plots, make_run: MakeRun) -> None:
    plots.show_curves(of(make_run(40)))
    for unit, label, last in (("epoch", "epoch", 2.0), ("time", "time min", 50 / 60), ("step", "step", 40.0)):
        plots.set_unit(unit)  # type: ignore[arg-type]
        assert plots.speed.x_axis.labelText == label
        assert points(plots.loss.raw)[0][-1] == pytest.approx(last)
        low, high = plots.loss.view.viewRange()[0]
        assert low == 0
        assert high > points(plots.loss.run.validation)[0][-1]


def test_all_plots_show_the_same_stretch_and_begin_on_one_line(plots: Plots, qtbot: QtBot, make_run: MakeRun) -> None:
    plots.show_curves(of(make_run(100)))
    plots.loss.view.setXRange(10, 30, padding=0)
    qtbot.wait(0)
    lefts = set()
    for plot in plots.all:
        assert plot.view.viewRange()[0] == pytest.approx([10, 30], abs=0.2)
        area = plot.mapFromScene(plot.view.sceneBoundingRect()).boundingRect()
        lefts.add((area.left(), area.right()))
    assert len(lefts) == 1


def test_every_axis_that_has_numbers_has_a_label(plots: Plots) -> None:
    labels = {plot.objectName(): plot.y_axis.labelText for plot in plots.all}
    assert labels == {
        "plot.loss": "loss (log)",
        "plot.accuracy": "accuracy %",
        "plot.rate": "learning rate",
        "plot.speed": "images/s",
    }
    assert [plot.x_axis.style["showValues"] for plot in plots.all] == [False, False, False, True]


def test_the_best_epoch_is_ringed_and_named(plots: Plots, make_run: MakeRun) -> None:
    plots.show_curves(of(make_run(100)))
    assert plots.accuracy.best.isVisible()
    assert plots.accuracy.best.label == "best 80.00 %, epoch 2"
    assert plots.accuracy.best.pos() == QPointF(40, 80)
    assert plots.loss.best.pos().x() == 40
    assert plots.loss.best.pos().y() == pytest.approx(np.log10(0.6))
    plots.show_curves(of(make_run(10)))
    assert not plots.accuracy.best.isVisible()


def test_the_name_of_the_best_epoch_stays_in_the_plot(plots: Plots, make_run: MakeRun) -> None:
    plots.show_curves(of(make_run(40)))
    mark = plots.accuracy.best
    for stretch in ((0, 41), (39, 100)):
        plots.loss.view.setXRange(*stretch, padding=0)
        shown = mark.boundingRect().translated(plots.accuracy.view.mapFromView(mark.pos()))
        assert shown.left() >= 0
        assert shown.right() <= plots.accuracy.view.width()


def test_checkpoints_stand_on_the_axis(plots: Plots, make_run: MakeRun) -> None:
    plots.show_curves(of(make_run(60)))
    x, y = plots.loss.checkpoints.getData()
    assert x.tolist() == [20, 40, 60]
    bottom, top = plots.loss.view.viewRange()[1]
    assert np.all(y < bottom + 0.1 * (top - bottom))
    plots.show_curves(of(make_run(4000, per_epoch=4, every=4)))
    assert plots.loss.checkpoints.getData()[0][-1] == 4000
    assert len(plots.loss.checkpoints.getData()[0]) < 100


def test_it_follows_the_run_until_the_user_looks_elsewhere(plots: Plots, qtbot: QtBot, make_run: MakeRun) -> None:
    events = make_run(30)
    curves = of(events)
    plots.show_curves(curves)
    assert plots.loss.view.viewRange()[0][1] == pytest.approx(40, rel=0.02)
    curves.add(make_run(20, start=30))
    plots.redraw()
    assert plots.loss.view.viewRange()[0][1] == pytest.approx(60, rel=0.02)

    area = plots.loss.view.sceneBoundingRect().center().toPoint()
    viewport = plots.loss.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=area)
    for place in range(5, 60, 5):
        qtbot.mouseMove(viewport, area + QPoint(-place, 0))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=area + QPoint(-60, 0))
    moved = plots.loss.view.viewRange()[0]
    assert moved[0] > 0
    curves.add(make_run(20, start=50))
    plots.redraw()
    assert plots.loss.view.viewRange()[0] == moved

    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=area)
    assert plots.loss.view.viewRange()[0] == pytest.approx([0, 80], rel=0.02)


def test_the_mouse_reads_out_the_nearest_point(plots: Plots, qtbot: QtBot, make_run: MakeRun) -> None:
    events = make_run(100)
    plots.show_curves(of(events))
    place = plots.accuracy.view.mapViewToScene(QPointF(57.2, 50)).toPoint()
    qtbot.mouseMove(plots.accuracy.viewport(), place)
    wanted = next(event for event in events if isinstance(event, Step) and event.step == 57)
    assert plots.read_out.isVisible()
    assert [(row.name, row.value) for row in plots.read_out.rows] == [
        ("step", "57"),
        ("train", f"{wanted.loss:.4f}"),
        ("smoothed", f"{plots.loss.run.smooth[56]:.4f}"),
        ("accuracy", f"{100 * wanted.accuracy:.2f} %"),
    ]
    assert all(plot.cross.isVisible() and plot.cross.value() == 57 for plot in plots.all)
    plots.hover(60.0)
    assert [row.value for row in plots.read_out.rows[4:]] == ["0.6000", "53.00 %"]
    assert plots.rect().contains(plots.read_out.geometry())
    plots.leave()
    assert not plots.read_out.isVisible()


def test_nothing_to_read_out_before_the_first_point(plots: Plots) -> None:
    plots.hover(3.0)
    assert not plots.read_out.isVisible()


def test_smoothing_changes_the_smoothed_curve_alone(plots: Plots, make_run: MakeRun) -> None:
    plots.show_curves(of(make_run(100)))
    raw = points(plots.loss.raw)
    rough = np.abs(np.diff(plots.loss.run.smooth)).sum()
    plots.set_smoothing(0.99)
    assert np.abs(np.diff(plots.loss.run.smooth)).sum() < rough
    plots.set_smoothing(0.0)
    assert plots.loss.run.smooth.tolist() == raw[1]
    assert points(plots.loss.raw) == raw


def test_colours_follow_the_theme(plots: Plots, qapp: QApplication, make_run: MakeRun) -> None:
    plots.show_curves(of(make_run(40)))
    theme.apply(qapp, "dark")
    try:
        for plot in plots.all:
            assert plot.backgroundBrush().color() == theme.colour("base")
        assert plots.loss.run.validation.opts["pen"].color() == theme.colour("vermillion")
        assert plots.grab().toImage().pixelColor(2, 2) == theme.colour("base")
    finally:
        theme.apply(qapp, "light")


def test_a_wide_pen_gets_at_most_a_point_a_column(plots: Plots, make_run: MakeRun) -> None:
    plots.show_curves(of(make_run(5000, per_epoch=1000)))
    assert plots.loss.run.line.points <= plots.loss.columns
    drawn = len(plots.rate.curve.getData()[0])
    assert drawn <= plots.rate.columns


def test_keys_move_zoom_and_show_the_whole_run(plots: Plots, qtbot: QtBot, make_run: MakeRun) -> None:
    plots.show_curves(of(make_run(100)))
    whole = plots.loss.view.viewRange()[0]
    qtbot.keyClick(plots.accuracy, Qt.Key.Key_Plus)
    low, high = plots.loss.view.viewRange()[0]
    assert high - low == pytest.approx(0.8 * whole[1], rel=0.01)
    qtbot.keyClick(plots.accuracy, Qt.Key.Key_Right)
    assert plots.loss.view.viewRange()[0][0] > low
    assert not plots.follows_x
    qtbot.keyClick(plots.accuracy, Qt.Key.Key_Home)
    assert plots.loss.view.viewRange()[0] == pytest.approx(whole)
    assert plots.follows_x


def test_the_average_of_the_weights_has_curves_of_its_own(plots: Plots, make_run: MakeRun) -> None:
    plots.show_curves(of(make_run(80, average=True)))
    assert points(plots.loss.run.average) == ([20, 40, 60, 80], [0.4] * 4)
    assert points(plots.accuracy.run.average)[1] == pytest.approx([60, 60, 90, 60])
    low, high = plots.accuracy.view.viewRange()[1]
    assert low < 60
    assert high > 90
    for plot in (plots.loss, plots.accuracy):
        pens = [curve.opts["pen"] for curve in (plot.run.validation, plot.run.average)]
        assert pens[0].color() != pens[1].color()
        assert pens[0].dashPattern() != pens[1].dashPattern()
        assert plot.run.validation.opts["symbol"] != plot.run.average.opts["symbol"]
    plots.hover(60.0)
    said = [(row.name, row.value) for row in plots.read_out.rows]
    assert said[-4:] == [
        ("validation", "0.6000"), ("accuracy", "53.00 %"), ("average", "0.4000"), ("accuracy", "90.00 %"),
    ]  # fmt: skip


def test_without_an_average_nothing_is_drawn_of_it(plots: Plots, make_run: MakeRun) -> None:
    plots.show_curves(of(make_run(80)))
    assert points(plots.loss.run.average) == ([], [])
    plots.hover(60.0)
    assert "average" not in [row.name for row in plots.read_out.rows]


def test_the_learning_rate_makes_room_where_the_window_is_low(plots: Plots, make_run: MakeRun, qtbot: QtBot) -> None:
    window = QWidget()  # no top-level widget gets smaller than its layout wants
    qtbot.addWidget(window)
    plots.setParent(window)
    window.resize(1000, 600)
    plots.show_curves(of(make_run(40)))
    plots.show()
    window.show()
    assert plots.rate.isVisible()
    plots.resize(640, 390)
    assert not plots.rate.isVisible()
    qtbot.waitUntil(lambda: not plots.loss.geometry().intersects(plots.accuracy.geometry()))
    plots.resize(640, 580)
    assert plots.rate.isVisible()
    plots.setParent(None)  # or it would go with its window, before the test is over


def test_before_a_run_what_it_goes_on_from_is_read_out(plots: Plots, make_run: MakeRun) -> None:
    curves = of([Resumed(step=40, from_step=40), *make_run(20, start=40)])
    events = [replace(event, lr=0.4) if isinstance(event, Step) else event for event in make_run(40)]
    curves.parent = of(events)
    plots.show_curves(curves)
    plots.hover(20.2)
    wanted = next(event for event in events if isinstance(event, Step) and event.step == 20)
    smooth = plots.loss.parent_run.smooth[19]
    assert [(row.name, row.value) for row in plots.read_out.rows] == [
        ("parent's step", "20"),
        ("smoothed", f"{smooth:.4f}"),
        ("accuracy", f"{100 * wanted.accuracy:.2f} %"),
        ("validation", "0.6000"),
        ("accuracy", "51.00 %"),
    ]
    plots.hover(50.0)
    assert plots.read_out.rows[0].name == "step"
    plots.set_unit("epoch")
    assert plots.loss.parent_run.x.tolist() == [step / 20 for step in range(1, 41)]
    assert points(plots.rate.parent_curve)[0] == plots.loss.parent_run.x.tolist()
    assert plots.rate.view.viewRange()[1][1] > 0.4, "where the run itself stays at 0.1"
    plots.set_smoothing(0.0)
    assert plots.loss.parent_run.smooth.tolist() == plots.loss.parent_run.values.tolist()
    plots.set_smoothing(0.9)
    low, high = plots.loss.view.viewRange()[1]
    assert low < np.log10(smooth) < high
    strong, faint = (lines.line._pen.color() for lines in (plots.loss.run, plots.loss.parent_run))
    assert faint.lightness() > strong.lightness(), "nearer to the white ground"

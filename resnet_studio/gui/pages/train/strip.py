"""The figures of a run that are looked at while it goes on."""

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from resnet_studio.gui.numbers import count, duration, percent
from resnet_studio.gui.pages.train.curves import Curves
from resnet_studio.gui.run_state import Phase, RunState
from resnet_studio.gui.widgets.figure import Figure

INKS: dict[Phase, str] = {
    "preparing": "accent",
    "training": "ok",
    "paused": "warning",
    "stopping": "warning",
    "finished": "ok",
    "stopped": "muted",
    "failed": "error",
}
LABELS = {
    "phase": "phase",
    "epoch": "epoch",
    "step": "step",
    "left": "left min:s",
    "speed": "images/s",
    "device": "device",
    "gap": "train − val. %",
    "best": "best val. %",
    "average": "average val. %",
    "test": "test %",
}
TIPS = {
    "left": "Time to the last step at the pace of the newest epoch",
    "gap": "Training accuracy less validation accuracy after the newest epoch: large where images are learned by heart",
    "best": "Best validation accuracy so far",
    "average": "Best validation accuracy so far of the average of the weights (EMA)",
    "test": "Accuracy of the best checkpoint on the test images; below it, that of the best average of the weights",
}

SPARED = ("gap", "device")
"""What is left out first where the window is narrow: it stands in the curves, and in the line at the window's foot."""
SIDES, LEAST_GAP, GAP = 24, 10, 28
"""Pixels at both sides together, and between two figures at least and at most."""


class Strip(QFrame):
    """A row of figures, each with what to compare it with below; what is not known yet is blank."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.figures")
        self.setProperty("ground", "panel")
        self.setProperty("edge", "bottom")
        self.setFixedHeight(66)
        self._figures = {
            key: Figure(label, name=f"view.figures.{key}", tip=TIPS.get(key, "")) for key, label in LABELS.items()
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        self._row = row
        for figure in self._figures.values():
            row.addWidget(figure)
        row.addStretch(1)
        self._there = set(LABELS) - {"average", "test"}
        self._fit()

    def show_run(self, run: RunState | None, curves: Curves, lacking: str = "") -> None:
        """Show where a run stands.

        Args:
            run: None: there is none yet.
            curves: what is known of it.
            lacking: what of its ancestors can't be read, in sentences.
        """
        self._show_phase(run, curves, lacking)
        self._show_place(run, curves)
        self._show_time(run, curves)
        self._show_results(curves)
        self._fit()

    def value(self, key: str) -> str:
        """What a figure shows now."""
        return self._figures[key].value()

    def _show_phase(self, run: RunState | None, curves: Curves, lacking: str) -> None:
        started = curves.started
        origin = run.origin if run else None
        self._set(
            "phase",
            run.phase if run else "idle",
            f"from {origin.checkpoint}" if origin else "",
            ink=INKS[run.phase] if run else "muted",
            dot=True,
        )
        self._figures["phase"].setToolTip(f"{origin.sentence} {lacking}".strip() if origin else "")
        device = started.device if started else run.device if run else ""
        self._set("device", device, started.precision if started else "")

    def _show_place(self, run: RunState | None, curves: Curves) -> None:
        if run is None or curves.started is None:
            for key in ("epoch", "step", "speed"):
                self._set(key, "")
            return
        epochs, per_epoch, step = run.experiment.training.epochs, curves.steps_per_epoch, curves.last_step
        epoch = max(1, -(-step // per_epoch))
        self._set("epoch", str(epoch), f"of {count(epochs)}")
        self._set("step", count(step), f"of {count(epochs * per_epoch)}")
        speeds = curves.column("images_per_second")
        if len(speeds):
            self._set("speed", count(round(speeds[-1])), f"mean {count(round(float(np.mean(speeds))))}")
        else:
            self._set("speed", "")

    def _show_time(self, run: RunState | None, curves: Curves) -> None:
        figure, worked = self._figures["left"], duration(60 * curves.minutes)
        ended = run is not None and run.phase in {"finished", "stopped", "failed"}
        figure.set_label("took min:s" if ended else LABELS["left"])
        if run is None or curves.started is None:
            figure.set("")
        elif ended:
            figure.set(worked)
        else:
            left = curves.minutes_left(run.experiment.training.epochs * curves.steps_per_epoch)
            figure.set("" if left is None else duration(60 * left), f"{worked} done")

    def _show_results(self, curves: Curves) -> None:
        newest, best = curves.epochs[-1] if curves.epochs else None, curves.best
        if newest is None or best is None:
            self._set("gap", "")
            self._set("best", "")
        else:
            gap = 100 * (newest.train_accuracy - newest.val_accuracy)
            shown = f"{gap:+.1f}".replace("-", "−")
            self._set("gap", shown, f"{100 * newest.train_accuracy:.1f} − {100 * newest.val_accuracy:.1f}")
            self._set("best", percent(best.val_accuracy), f"epoch {best.epoch}")
        self._show_average(curves)
        tested = curves.ended.test_accuracy if curves.ended else None
        self._include("test", there=tested is not None)
        if tested is not None and curves.ended:
            average = curves.tested(average=True)
            below = f"average {percent(average.accuracy)}" if average else curves.ended.checkpoint or ""
            self._set("test", percent(tested), below)

    def _show_average(self, curves: Curves) -> None:
        best = curves.best_average
        self._include("average", there=best is not None)
        if best is not None:
            epoch, accuracy = best
            self._set("average", percent(accuracy), f"epoch {epoch.epoch}")

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Any width: what there is no room for is left out."""
        return QSize(0, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show as many figures as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _include(self, key: str, *, there: bool) -> None:
        """Have a figure or not; it is shown where there is room."""
        self._there = self._there | {key} if there else self._there - {key}

    def _fit(self) -> None:
        """Set the figures apart as there is room; leave out what can be read elsewhere where they would touch."""
        needed = {key: max(self._figures[key].sizeHint().width(), self._figures[key].minimumWidth()) for key in LABELS}
        shown = set(self._there)
        for key in SPARED:
            if sum(needed[each] + LEAST_GAP for each in shown) <= self.width() - SIDES:
                break
            shown.discard(key)
        for key, figure in self._figures.items():
            figure.setVisible(key in shown)
        room = self.width() - SIDES - sum(needed[key] for key in shown)
        self._row.setSpacing(max(LEAST_GAP, min(GAP, room // len(shown))))

    def _set(self, key: str, value: str, below: str = "", *, ink: str = "", dot: bool = False) -> None:
        self._figures[key].set(value, below, ink=ink, dot=dot)

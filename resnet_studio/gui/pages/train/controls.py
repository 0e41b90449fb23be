"""The bar below the plots: how far a run has come, and what can be done with it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from resnet_studio.gui.numbers import duration
from resnet_studio.gui.pages.train.curves import Curves
from resnet_studio.gui.run_state import GOING_ON, RunState
from resnet_studio.gui.widgets.button import Button, PrimaryButton
from resnet_studio.gui.widgets.progress_line import ProgressLine


class Controls(QFrame):
    """Progress at the left; at the right the buttons that make sense now, the likeliest as the primary one."""

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        """Make the bar; `actions` has `train`, `pause`, `stop`, `resume`, `branch` and `find_rate`."""
        super().__init__(parent)
        self.setObjectName("view.controls")
        self.setProperty("ground", "panel")
        self.setProperty("edge", "top")
        self.setFixedHeight(52)
        self.progress = ProgressLine(name="view.progress", label="progress of the run")
        self.progress.setMinimumWidth(120)
        self.progress.setMaximumWidth(240)
        self.train = PrimaryButton(name="button.train", icon="play", action=actions["train"])
        self.find_rate = Button(name="button.find_rate", icon="train", action=actions["find_rate"])
        self.pause = PrimaryButton(name="button.pause", icon="pause", action=actions["pause"])
        self.resume = Button(name="button.resume", icon="play", action=actions["resume"])
        self.stop = Button(name="button.stop", icon="stop", action=actions["stop"])
        self.branch = Button(name="button.branch", icon="skip", action=actions["branch"])
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self.progress, 100, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        for button in (self.branch, self.find_rate, self.resume, self.train, self.pause, self.stop):
            row.addWidget(button)

    def show_run(self, run: RunState | None, curves: Curves) -> None:
        """Show where a run stands; None: there is none yet."""
        going = run is not None and run.phase in GOING_ON
        self.train.setVisible(not going)
        self.find_rate.setVisible(not going)
        self.resume.setVisible(run is not None and run.phase in {"stopped", "failed"})
        self.branch.setVisible(run is not None and run.folder is not None and not going)
        self.pause.setVisible(going)
        self.stop.setVisible(going)
        self.pause.set_icon("play" if run is not None and run.phase == "paused" else "pause")
        self._show_progress(run, curves)

    def _show_progress(self, run: RunState | None, curves: Curves) -> None:
        self.progress.setVisible(run is not None)
        if run is None:
            return
        if curves.started is None:
            self.progress.set(
                None if run.phase == "preparing" else 0.0, "preparing" if run.phase == "preparing" else ""
            )
            return
        total = run.experiment.training.epochs * curves.steps_per_epoch
        share = min(1.0, curves.last_step / total)
        words = f"{duration(60 * curves.minutes)} done"
        left = curves.minutes_left(total)
        if run.phase in {"training", "paused"} and left is not None:
            words += f", {duration(60 * left)} left"
        self.progress.set(share, f"{100 * share:.0f} %", words)

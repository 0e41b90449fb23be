"""The train page: the recipe at the left; the run's figures, its curves and what can be done with it at the right."""

import math
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect, Slot
from PySide6.QtGui import QAction, QImage, QImageWriter, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from resnet_studio.gui.pages.train.ancestors import Ancestors
from resnet_studio.gui.pages.train.branch_sheet import BranchSheet
from resnet_studio.gui.pages.train.controls import Controls
from resnet_studio.gui.pages.train.curves import Curves
from resnet_studio.gui.pages.train.legend import Kinds, Legend
from resnet_studio.gui.pages.train.pace import Pace
from resnet_studio.gui.pages.train.picture import picture
from resnet_studio.gui.pages.train.plot_tools import PlotTools
from resnet_studio.gui.pages.train.plots import DEFAULT_SMOOTHING, Plots
from resnet_studio.gui.pages.train.rate_view import RateView
from resnet_studio.gui.pages.train.recipe_panel import RecipePanel
from resnet_studio.gui.pages.train.strip import Strip
from resnet_studio.gui.session import Session
from resnet_studio.gui.way_on import WayOn
from resnet_studio.gui.widgets.empty_state import EmptyState
from resnet_studio.gui.widgets.finding_line import FindingLine
from resnet_studio.runs.events import Event
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import write_bytes

CPU_MS, GPU_MS = 230, 50
"""Milliseconds from one drawing to the next: what a CPU spends on drawing it doesn't train."""

CPU_SHARE, GPU_SHARE = 0.02, 0.1
"""Share of a core that drawings take at most: the threads that train wait for the one whose core is taken."""

EMPTY = "Loss and accuracy will be drawn here, step by step, while the network learns."
PREPARING = "The network is being built and the images are being brought to the device."


class TrainPage(QWidget):
    """Follows the session's run; draws only while it is seen, and no oftener than the training can bear."""

    def __init__(self, session: Session, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        """Make the page.

        Args:
            session: what it shows.
            actions: `train`, `pause`, `stop`, `resume`, `branch` and `find_rate`, for its buttons; `page.train`.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self._session, self._show_page = session, actions["page.train"]
        self._curves = Curves()
        self.ancestors = Ancestors(session, self)
        self._events: list[Event] = session.runs.events
        self._taken = 0
        self.panel = RecipePanel(session)
        self.strip = Strip()
        self.finding = FindingLine(name="view.train.finding", closable=True)
        self.finding.hide()
        self._found: tuple[str, bool, WayOn | None] = ("", False, None)
        self.plots = Plots()
        self.tools = PlotTools(DEFAULT_SMOOTHING)
        self.empty = EmptyState(EMPTY, action=actions["train"], icon="play", name="view.train.empty")
        self.rates = RateView(session)
        self.controls = Controls(actions)
        self.sheet = BranchSheet(session, self.controls.branch)
        actions["branch"].triggered.connect(self._open_sheet)
        self.pace = Pace(self._draw, CPU_MS, CPU_SHARE, self)
        self._lay_out()
        self.tools.unit_chosen.connect(self.plots.set_unit)
        self.tools.smoothing_chosen.connect(self.plots.set_smoothing)
        self.tools.log_chosen.connect(self.plots.set_log)
        self.tools.fit.clicked.connect(self.plots.fit)
        self.tools.picture.clicked.connect(self._save_picture)
        self.ancestors.changed.connect(self._show_ancestors)
        session.events_came.connect(self._take)
        session.run_changed.connect(self._follow)
        session.changed.connect(self._say_what_will_be)
        session.images_changed.connect(self._say_what_will_be)
        session.rates_changed.connect(self._say_what_will_be)
        self._follow()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Catch up with what came while nobody looked."""
        super().showEvent(event)
        self.pace.ask()

    def picture(self) -> QImage:
        """Return legend and plots as they are shown, two pixels for one."""
        legend = Legend()
        legend.show_kinds(self._kinds())
        return picture(self.plots, legend)

    # ---- what comes

    @Slot()
    def _take(self) -> None:
        """Take what is new of the session's events; those of another run are another list."""
        events = self._session.runs.events
        if events is not self._events:
            self._events, self._taken, self._curves = events, 0, Curves()
            self._curves.parent = self.ancestors.known.curves
            self.plots.show_curves(self._curves)
        if len(events) > self._taken:
            self._curves.add(events[self._taken :])
            self._taken = len(events)
            started = self._curves.started
            if started and self._stack.currentWidget() is self.empty:
                self._say_what_will_be()
            on_gpu = started is not None and not started.device.startswith("cpu")
            self.pace.interval_ms, self.pace.share = (GPU_MS, GPU_SHARE) if on_gpu else (CPU_MS, CPU_SHARE)
            self.pace.ask()

    @Slot()
    def _follow(self) -> None:
        """Show another state of the run at once: buttons don't wait for the next drawing."""
        run, events = self._session.runs.current, self._session.runs.events
        self.ancestors.follow(run.origin if run else None, events[0].time if events else math.inf)
        self._take()
        self._say_what_will_be()
        self._show_figures()

    @Slot()
    def _show_ancestors(self) -> None:
        """Draw what the run goes on from."""
        self._curves.parent = self.ancestors.known.curves
        self.pace.ask()

    def _show_finding(self) -> None:
        """Say above the plots what went wrong, or else what there is to know."""
        run, ended = self._session.runs.current, self._curves.ended
        failure = run.message if run else ""
        if run and run.phase in {"stopped", "failed"} and ended:
            failure = failure or ended.message  # a run that is opened again brings it in its events
        sentence = failure or self._curves.notice
        way = self._session.runs.way_on if failure else None
        if (sentence, bool(failure), way) != self._found:
            self._found = (sentence, bool(failure), way)
            phase = run.phase if run and failure else ""
            waits = phase == "paused"
            self.finding.show_text(sentence, "warning" if waits else "info" if phase in {"", "stopped"} else "error")
            self.finding.set_closable(closable=not waits)  # it has the only way to another folder
            if way is not None:
                self.finding.add_button(way.label, self._session.runs.mend, primary=True)
            if waits:
                self.finding.add_button("Continue", self._session.runs.go_on, primary=True)
                self.finding.add_button("Another folder…", self._choose_folder, name="view.train.finding.folder")
            self.finding.setVisible(bool(sentence))

    def _choose_folder(self) -> None:
        """Ask where a run whose disk takes nothing makes its folder anew."""
        chosen = QFileDialog.getExistingDirectory(self, "Folder for the run", str(self._session.runs.parent))
        if chosen:
            self._session.runs.go_on_in(Path(chosen))

    @Slot()
    def _say_what_will_be(self) -> None:
        """Fill the area of the plots while there is nothing to draw."""
        shown: QWidget = self.plots if self._curves.started else self.empty
        finding = self._session.rate_finding.state != "closed"
        self._stack.setCurrentWidget(self.rates if finding else shown)
        self.tools.setVisible(not finding)
        going = self._session.runs.going_on
        reason = self._session.runs.why_not
        self.empty.set_sentence(PREPARING if going else f"{EMPTY} {reason}".rstrip())
        if self.empty.button:
            self.empty.button.setVisible(not going)

    # ---- drawing

    def _draw(self) -> Iterator[None]:
        """Draw what has come, while anybody can see it."""
        if not self._is_seen():
            return
        for part in self.plots.redraw_in_parts():
            yield part
            if not self._is_seen():
                return
        yield
        self._show_figures()

    def _is_seen(self) -> bool:
        """Whether it is on the screen: what lies in a minimised window is still visible to Qt."""
        return self.isVisible() and not self.window().isMinimized()

    def _show_figures(self) -> None:
        self._show_finding()
        self.tools.show_kinds(self._kinds())
        self.strip.show_run(self._session.runs.current, self._curves, self.ancestors.known.trouble)
        self.controls.show_run(self._session.runs.current, self._curves)

    def _kinds(self) -> Kinds:
        """Return which kinds of curves there are beside those of every run."""
        run, known = self._session.runs.current, self.ancestors.known
        is_known = known.curves is not None or bool(known.trouble)
        words = f"{run.origin.sentence} {known.trouble}".strip() if run and run.origin and is_known else ""
        return Kinds(self._curves.keeps_average, known.curves is not None, words)

    @Slot()
    def _open_sheet(self) -> None:
        """Show what is kept of the run, above the button; from the menu, on this page."""
        if not self.isVisible():
            self._show_page.trigger()
        button = self.controls.branch
        self.sheet.open(QRect(button.mapToGlobal(QPoint()), button.size()))

    @Slot()
    def _save_picture(self) -> None:
        """Ask for a file and save legend and plots."""
        run = self._session.runs.current
        name = run.folder.name if run and run.folder else self._session.experiment.network.name
        chosen, _ = QFileDialog.getSaveFileName(self, "Save the plots", f"{name}.png", "PNG (*.png)")
        if not chosen:
            return
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, b"png").write(self.picture())
        path = Path(chosen)
        try:
            write_bytes(path if path.suffix else path.with_suffix(".png"), bytes(buffer.data().data()))
        except StudioError as error:
            self._session.refused.emit("", str(error))

    # ---- made once

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.plots)
        self._stack.addWidget(self.rates)
        right = QVBoxLayout()
        right.setSpacing(0)
        for widget in (self.strip, self.tools, self.finding):
            right.addWidget(widget)
        right.addWidget(self._stack, 1)
        right.addWidget(self.controls)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.panel)
        row.addLayout(right, 1)

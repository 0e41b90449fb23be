"""What a run will take, and beside it what it took."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from resnet_studio.analysis.cost import GIB
from resnet_studio.gui.numbers import duration
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.label import ElidedLabel, Label

COLUMN = 68
"""Width of a column of figures."""

_ROWS: dict[str, tuple[str, str]] = {
    "epoch": ("epoch s", "Seconds of an epoch, its validation included"),
    "run": ("whole run min:s", "All epochs and the test at the end"),
    "memory": ("memory GiB", "Of the GPU at the most; on a CPU, of the whole program"),
    "disk": ("checkpoints MB", "On the disk at the most"),
}


class ForecastView(QWidget):
    """A small table that asks for the forecast while it is seen."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.forecast")
        self.setAccessibleName("forecast")
        self._session = session
        self._note = ElidedLabel(ink="muted", size="note", name="view.forecast.note")
        self._cells = {
            (row, column): _figure(f"view.forecast.{row}.{column}")
            for row in _ROWS
            for column in ("forecast", "measured")
        }
        self._lay_out()
        for signal in (session.changed, session.images_changed, session.run_changed, session.forecast_changed):
            signal.connect(self.refresh)
        session.rates_changed.connect(self.refresh)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Ask what the experiment takes, now that somebody looks."""
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Stop trying for nobody."""
        super().hideEvent(event)
        if self._session.forecasting.found is None:
            self._session.forecasting.cancel()

    @Slot()
    def refresh(self) -> None:
        """Show what is known, and ask for what isn't."""
        forecasting = self._session.forecasting
        if self.isVisible() and not self._session.runs.going_on:
            forecasting.ask()
        epochs = self._session.experiment.training.epochs
        found = forecasting.found
        remark = found.remark if found is not None else ""
        note = "none" if forecasting.error else "+ compiling" if remark else ""
        self._note.setText("trying…" if forecasting.active else note)
        self._note.setToolTip(forecasting.error or remark)
        if found is None:
            self._show("forecast", None, None, None, None)
        else:
            self._show("forecast", found.epoch_seconds, found.seconds(epochs), found.memory, found.disk)
        taken = forecasting.measured
        self._show("measured", taken.epoch_seconds, taken.seconds, taken.memory, taken.disk)

    def value(self, row: str, column: str) -> str:
        """What a cell shows: `epoch`, `run`, `memory` or `disk`, in `forecast` or `measured`."""
        return self._cells[row, column].text()

    def _show(
        self, column: str, epoch: float | None, run: float | None, memory: float | None, disk: float | None
    ) -> None:
        shown = (("epoch", _seconds, epoch), ("run", duration, run), ("memory", _gib, memory), ("disk", _mb, disk))
        for row, words, value in shown:
            self._cells[row, column].setText("" if value is None else words(value))

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        grid.addWidget(Label("Forecast", size="section"), 0, 0)
        grid.addWidget(self._note, 0, 1)
        grid.setColumnStretch(1, 1)
        right = Qt.AlignmentFlag.AlignRight
        for place, column in enumerate(("forecast", "measured"), 2):
            grid.setColumnMinimumWidth(place, COLUMN)
            grid.addWidget(Label(column, ink="muted", size="note"), 0, place, right)
        for line, (row, (title, tip)) in enumerate(_ROWS.items(), 1):
            label = Label(title, ink="muted", size="small")
            label.setToolTip(tip)
            grid.addWidget(label, line, 0, 1, 2)
            for place, column in enumerate(("forecast", "measured"), 2):
                cell = self._cells[row, column]
                cell.setAccessibleName(f"{title}, {column}")
                grid.addWidget(cell, line, place, right)


def _figure(name: str) -> Label:
    return Label(size="small", name=name)


def _seconds(value: float) -> str:
    return f"{value:,.2f}" if value < 10 else f"{value:,.1f}"


def _gib(value: float) -> str:
    return f"{value / GIB:,.2f}"


def _mb(value: float) -> str:
    return f"{value / 1e6:,.1f}"

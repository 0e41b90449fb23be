"""Where the costs are: parameters, multiply-adds and activations by stage, beside those of the baseline."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from resnet_studio.analysis.cost import activation_bytes, backward_flops, forward_flops
from resnet_studio.analysis.network import Analysis, Stage
from resnet_studio.gui import numbers
from resnet_studio.gui.pages.design.cost.bar_chart import BarChart, paint_swatch
from resnet_studio.gui.pages.design.cost.bar_scale import BYTES, COUNTS, Bar, Quantity
from resnet_studio.gui.pages.design.cost.line import counted_precision
from resnet_studio.gui.pages.design.tables.stage_model import StageRows, title
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.label import ElidedLabel, Label

QUANTITIES = (
    Quantity("parameters", "blue", COUNTS, numbers.count),
    Quantity("mult-adds", "green", COUNTS, numbers.count),
    Quantity("activations", "purple", BYTES, numbers.memory),
)


class CostView(QFrame):
    """Three charts and the operations of one image; computed when it is seen."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.costs")
        self.setProperty("ground", "base")
        self._session = session
        self._operations = ElidedLabel(ink="muted", size="small", name="view.costs.operations")
        self._here, self._there = Label(size="small"), Label(size="small", name="view.costs.baseline")
        self._swatches = Swatch(hatched=False), Swatch(hatched=True)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._operations, 1)
        head.addSpacing(12)
        for swatch, label in zip(self._swatches, (self._here, self._there), strict=True):
            head.addWidget(swatch)
            head.addWidget(label)
            head.addSpacing(6)
        self.charts = [BarChart(each, name=f"plot.{each.word.replace('-', '_')}") for each in QUANTITIES]
        row = QHBoxLayout()
        row.setSpacing(12)
        for chart in self.charts:
            row.addWidget(chart, 1)
            chart.picked.connect(session.select)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 6, 2)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(row, 1)
        for signal in (session.changed, session.baseline_changed, session.selected):
            signal.connect(self.refresh)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Show what changed while it was hidden."""
        super().showEvent(event)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the costs as they are now."""
        if not self.isVisible():
            return
        session, training = self._session, self._session.experiment.training
        batch, precision = training.batch_size, counted_precision(training)
        there = session.baseline.analysis if session.baseline else None
        values: tuple[Callable[[Stage], int], ...] = (
            lambda stage: stage.params,
            lambda stage: stage.mult_adds,
            lambda stage: activation_bytes(stage.activations, batch, precision),
        )
        against = session.baseline.title if session.baseline else ""
        for chart, value in zip(self.charts, values, strict=True):
            chart.show_bars(bars(session.analysis, there, value), against, session.selection.stage)
        self._operations.setText(operations(session.analysis))
        self._here.setText(session.analysis.spec.name)
        self._there.setText(against)
        for widget in (self._here, self._there, *self._swatches):
            widget.setVisible(bool(against))


class Swatch(QWidget):
    """A piece of a bar in the key."""

    def __init__(self, *, hatched: bool) -> None:
        super().__init__()
        self._hatched = hatched
        self.setFixedSize(QSize(16, 10))

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint it."""
        paint_swatch(QPainter(self), QRectF(self.rect()), "blue", hatched=self._hatched)


def bars(here: Analysis, there: Analysis | None, value: Callable[[Stage], int]) -> list[Bar]:
    """Return the stages of a design and of its baseline, by name, in the order in which the data flows."""
    mine, theirs = StageRows(here), StageRows(there) if there else None
    names = list(mine.names)
    if theirs is not None:
        extra = [name for name in theirs.names if name not in names]
        # a stem comes first, a head last, and stages that only the baseline has before the head
        names = sorted([*names, *extra], key=lambda name: {"stem": 0, "head": 2}.get(name, 1))

    def of(rows: StageRows | None, name: str) -> float | None:
        if rows is None or name not in rows.names:
            return 0.0
        row = rows[rows.names.index(name)]
        return None if row is None else float(value(row))

    def number(name: str) -> int | None:
        if name not in mine.names:
            return None
        ends = {"stem": 0, "head": len(here.spec.block_sizes) + 1}
        return ends[name] if name in ends else int(name.removeprefix("stage"))

    return [Bar(title(name), number(name), of(mine, name), of(theirs, name)) for name in names]


def operations(analysis: Analysis) -> str:
    """Return the floating-point operations of one image, in a line."""
    if analysis.fault:
        return "Operations of an image are known once the design can be built."
    forward, backward = forward_flops(analysis), backward_flops(analysis)
    return (
        f"One image: {numbers.giga(forward)}FLOPs forward, {numbers.giga(backward)}FLOPs backward, "
        f"{numbers.giga(forward + backward)}FLOPs a training step"
    )

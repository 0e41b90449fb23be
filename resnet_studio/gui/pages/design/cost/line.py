"""What the design costs in all, beside what the baseline costs, and torchinfo's second opinion."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from resnet_studio.analysis.cost import (
    activation_bytes,
    backward_flops,
    forward_flops,
    moments,
    training_bytes,
    weight_bytes,
)
from resnet_studio.analysis.network import Analysis
from resnet_studio.analysis.optimizing import chosen_optimizer
from resnet_studio.gui import numbers
from resnet_studio.gui.pages.design.cost.baseline_choice import BaselineChoice
from resnet_studio.gui.pages.design.cost.torchinfo_badge import TorchinfoBadge
from resnet_studio.gui.pages.design.tables.stage_model import title
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.figure import Figure
from resnet_studio.spec.training import TrainingSpec

WHY = "Click: why this number?"
SIDE, SPACING = 12, 16
"""Pixels at the sides, and between two figures."""

ROOMY = 760
"""Pixels from which the list of baselines is as wide as most of its titles."""

GIVEN_UP = ("flops", "weights", "training", "activations")
"""Figures for which a narrow window has no room, the first one first; the tab Cost has them all."""


@dataclass(frozen=True)
class Total:
    """One figure: its name, what it is, how it is counted and shown, and what stands below it without a baseline."""

    key: str
    tip: str
    count: Callable[[Analysis, TrainingSpec], int]
    show: Callable[[int], str]
    label: Callable[[TrainingSpec], str]
    below: Callable[[Analysis, TrainingSpec], str]


def counted_precision(training: TrainingSpec) -> str:
    """Return the number format in which activations are counted: `auto` as the larger one, fp32."""
    return "fp32" if training.precision == "auto" else training.precision


def _kept(analysis: Analysis, training: TrainingSpec) -> int:
    return activation_bytes(analysis.activations, training.batch_size, counted_precision(training))


def _training(analysis: Analysis, training: TrainingSpec) -> int:
    return training_bytes(
        analysis.params,
        analysis.activations,
        training.batch_size,
        counted_precision(training),
        moments=moments(training),
        ema=training.ema_decay is not None,
    )


TOTALS = (
    Total("params", "trainable weights, scales, shifts and biases", lambda design, _: design.params, numbers.count,
          lambda _: "parameters", lambda design, _: f"{design.depth:,} layers deep"),
    Total("mult_adds", "multiply-adds of convolutions and dense layers for one image",
          lambda design, _: design.mult_adds, numbers.giga, lambda _: "mult-adds", lambda *_: "an image"),
    Total("flops", "floating-point operations of one image, forward and backward",
          lambda design, _: forward_flops(design) + backward_flops(design), numbers.giga,
          lambda _: "FLOPs", lambda *_: "forward, backward"),
    Total("weights", "four bytes a parameter", lambda design, _: weight_bytes(design.params), numbers.memory,
          lambda _: "weights fp32", lambda *_: "4 bytes each"),
    Total("activations", "outputs kept for the backward pass at the batch size", _kept, numbers.memory,
          lambda training: f"activations, batch {training.batch_size:,}",
          lambda _, training: counted_precision(training)),
    Total("training", "weights, gradients and the optimiser's moments in fp32, and the activations; without workspace",
          _training, numbers.memory, lambda _: "training memory, est.",
          lambda design, training: f"{chosen_optimizer(design, training)}, {counted_precision(training)}"),
)  # fmt: skip
COUNTED = frozenset({"params", "mult_adds"})
"""Totals that are told of a broken design too, up to its fault."""


class CostLine(QFrame):
    """Six figures, the badge and the baseline; follows the session."""

    asked = Signal(str, QRect)
    """A figure was clicked: its key, and where it is on the screen."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.cost")
        self.setProperty("ground", "panel")
        self.setProperty("edge", "top")
        self.setFixedHeight(80)
        self._session = session
        self._room: tuple[int, dict[str, int]] | None = None
        self.badge, self.baseline = TorchinfoBadge(session), BaselineChoice(session)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(SIDE, 8, SIDE, 8)
        row.setSpacing(SPACING)
        # it gives up what it has no room for, so that its figures never widen the window
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self._figures = {total.key: self._figure(total) for total in TOTALS}
        for figure in self._figures.values():
            row.addWidget(figure)
        row.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignRight)
        right.addWidget(self.baseline, 0, Qt.AlignmentFlag.AlignRight)
        right.addStretch(1)
        row.addLayout(right)
        session.changed.connect(self.refresh)
        session.baseline_changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the costs as they are now."""
        design, training = self._session.analysis, self._session.experiment.training
        for total in TOTALS:
            figure = self._figures[total.key]
            if design.fault and total.key in COUNTED:
                figure.set_label(f"{total.label(training)} up to the fault")
                figure.set(total.show(total.count(design, training)), _known(design))
            elif design.fault:
                figure.set_label(total.label(training))
                figure.set(numbers.UNKNOWN, "unknown")
            else:
                figure.set_label(total.label(training))
                figure.set(self._value(total), self._below(total))
        self._make_room()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for the room of the figures that are never given up."""
        return QSize(480, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave out what there is no room for."""
        super().resizeEvent(event)
        self.baseline.set_short(short=self.width() < ROOMY)
        self._make_room()

    def _figure(self, total: Total) -> Figure:
        tip = f"{total.tip[:1].upper()}{total.tip[1:]}. {WHY}"
        figure = Figure("", name=f"cost.{total.key}", tip=tip, asks=True)

        def ask() -> None:
            self.asked.emit(total.key, QRect(figure.mapToGlobal(QPoint(0, 0)), figure.size()))

        figure.asked.connect(ask)
        return figure

    def _value(self, total: Total) -> str:
        design, training = self._session.analysis, self._session.experiment.training
        if total.key == "flops":
            return _pair(forward_flops(design), backward_flops(design))
        return total.show(total.count(design, training))

    def _below(self, total: Total) -> str:
        """Return the difference to the baseline, or what there is to say without one."""
        design, training = self._session.analysis, self._session.experiment.training
        if self._session.baseline is None:
            return total.below(design, training)
        there = self._session.baseline.analysis
        if there.fault:
            return numbers.UNKNOWN
        return numbers.difference(total.count(design, training) - total.count(there, training), total.show)

    def _make_room(self) -> None:
        """Give up the words before the baseline, then figures, until the rest fits."""
        needed = {key: figure.minimumWidth() + SPACING for key, figure in self._figures.items()}
        room = self.width() - 2 * SIDE - max(self.baseline.narrow_width, self.badge.width())
        if (room, needed) == self._room:
            return
        self._room = room, dict(needed)
        roomy = sum(needed.values()) + self.baseline.words_width <= room
        for key in GIVEN_UP:
            if sum(needed.values()) > room:
                del needed[key]
        self.baseline.set_roomy(roomy=roomy)
        for key, figure in self._figures.items():
            figure.setVisible(key in needed)
        self._row.activate()


def _pair(forward: int, backward: int) -> str:
    """Return two counts in the unit of the second, the larger one, which has three digits: 8.2 + 16.1 G."""
    factor, unit = (1e9, "G") if backward >= 1e9 else (1e6, "M")
    places = 0 if backward >= 100 * factor else 1 if backward >= 10 * factor else 2
    return f"{forward / factor:,.{places}f} + {backward / factor:,.{places}f} {unit}"


def _known(design: Analysis) -> str:
    """Return what of a broken design is counted."""
    names = [title(stage.name) for stage in design.stages]
    if not names:
        return "nothing known"
    return names[0] if len(names) == 1 else f"{names[0]} {'and' if len(names) == 2 else 'to'} {names[-1]}"

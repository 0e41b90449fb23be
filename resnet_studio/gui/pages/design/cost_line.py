"""What the design costs in all: parameters, multiply-adds, memory, and torchinfo's second opinion."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from resnet_studio.analysis.cost import activation_bytes, training_bytes, weight_bytes
from resnet_studio.gui import numbers
from resnet_studio.gui.pages.design.stage_model import title
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.badge import Badge
from resnet_studio.gui.widgets.figure import Figure
from resnet_studio.spec.training import TrainingSpec

WHOLE = "all rows agree: shapes, parameters, multiply-adds less norms and biases"


def counted_precision(training: TrainingSpec) -> str:
    """Return the number format in which activations are counted: `auto` as the larger one, fp32."""
    return "fp32" if training.precision == "auto" else training.precision


class CostLine(QFrame):
    """Five figures and the badge; follows the session."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.cost")
        self.setProperty("ground", "panel")
        self.setProperty("edge", "top")
        self.setFixedHeight(80)
        self._session = session
        self._params = Figure("parameters", name="cost.params", tip="trainable weights, scales, shifts and biases")
        self._mult_adds = Figure(
            "mult-adds", name="cost.mult_adds", tip="multiply-adds of convolutions and dense layers for one image"
        )
        self._weights = Figure("weights fp32", name="cost.weights", tip="four bytes a parameter")
        self._activations = Figure(
            "activations", name="cost.activations", tip="outputs kept for the backward pass at the batch size"
        )
        self._training = Figure(
            "training memory, est.",
            name="cost.training",
            tip="weights, gradients and the optimiser's moments in fp32, and the activations; without workspace",
        )
        self.badge = Badge("", "busy", name="view.torchinfo")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(36)
        for figure in (self._params, self._mult_adds, self._weights, self._activations, self._training):
            row.addWidget(figure)
        row.addStretch(1)
        right = QVBoxLayout()
        right.addWidget(self.badge)
        right.addStretch(1)
        row.addLayout(right)
        session.changed.connect(self.refresh)
        session.confirmed.connect(self.refresh_badge)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the costs as they are now."""
        analysis, training = self._session.analysis, self._session.experiment.training
        params, mult_adds = numbers.count(analysis.params), numbers.giga(analysis.mult_adds)
        if analysis.fault:
            names = [title(stage.name) for stage in analysis.stages]
            known = f"{names[0]} to {names[-1]}" if len(names) > 1 else "".join(names) or "nothing known"
            self._params.set_label("parameters up to the fault")
            self._mult_adds.set_label("mult-adds up to the fault")
            self._params.set(params, known)
            self._mult_adds.set(mult_adds, known)
            for figure in (self._weights, self._activations, self._training):
                figure.set(numbers.UNKNOWN, "unknown")
            self.refresh_badge()
            return
        batch, precision = training.batch_size, counted_precision(training)
        moments = 1 if training.optimizer == "sgd" and training.momentum else 0 if training.optimizer == "sgd" else 2
        kept = activation_bytes(analysis.activations, batch, precision)
        whole = training_bytes(analysis.params, analysis.activations, batch, precision, moments=moments)
        self._params.set_label("parameters")
        self._mult_adds.set_label("mult-adds")
        self._params.set(params, f"{analysis.depth} layers deep")
        self._mult_adds.set(mult_adds, "an image, forward")
        self._weights.set(numbers.memory(weight_bytes(analysis.params)), "4 bytes each")
        self._activations.set(numbers.memory(kept), f"batch {batch:,}, {precision}")
        self._training.set(numbers.memory(whole), f"{training.optimizer}, {precision}")
        self.refresh_badge()

    @Slot()
    def refresh_badge(self) -> None:
        """Show what torchinfo says of the design, or that it is being asked."""
        session, opinion = self._session, self._session.opinion
        errors = session.analysis.errors
        if errors:
            words = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
            self.badge.set(f"not built: {words}", "error", numbers.prose(errors[0].message))
        elif opinion is None:
            self.badge.set("asking torchinfo", "busy", "The module is being built on the meta device and summarised.")
        elif opinion.agrees:
            scope = "" if opinion.whole else "; one of each equal blocks was confirmed, the totals are composed"
            self.badge.set("torchinfo agrees", "ok", f"{WHOLE[:1].upper()}{WHOLE[1:]}{scope}.")
        else:
            self.badge.set("torchinfo differs", "error", "\n".join(opinion.differences[:8]))

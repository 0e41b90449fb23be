"""Why this number? The formula behind a cell or a total, with this design's values in it, on a sheet beside it."""

from html import escape

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from resnet_studio.analysis.formula import Explanation, Quantity, explain_layer, explain_stage, explain_total
from resnet_studio.analysis.layers import Layer
from resnet_studio.gui import theme
from resnet_studio.gui.pages.design.cost.memory_words import explain_operations, explain_training, explain_weights
from resnet_studio.gui.pages.design.tables.columns import Row, Setting
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.popover import Popover
from resnet_studio.spec.training import TrainingSpec


class Why(Popover):
    """Explains one number at a time; goes when the design changes, for the number does too."""

    def __init__(self, session: Session, owner: QWidget, *, name: str) -> None:
        super().__init__(owner, name=name)
        session.changed.connect(self.leave)

    def explain_row(self, setting: Setting, row: Row, quantity: Quantity, beside: QRect) -> None:
        """Explain a cell of a table; `beside` is where it is on the screen."""
        design, batch_size, precision = setting.analysis, setting.batch_size, setting.precision
        if isinstance(row, Layer):
            told = explain_layer(design, row, quantity, batch_size=batch_size, precision=precision)
        else:
            told = explain_stage(design, row, quantity, batch_size=batch_size, precision=precision)
        self._show(told, beside)

    def explain_total(self, setting: Setting, training: TrainingSpec, total: str, beside: QRect) -> None:
        """Explain a total of the network: `params`, `mult_adds`, `flops`, `weights`, `activations` or `training`."""
        design, batch_size, precision = setting.analysis, setting.batch_size, setting.precision
        match total:
            case "params" | "mult_adds" | "activations":
                told = explain_total(design, total, batch_size=batch_size, precision=precision)
            case "weights":
                told = explain_weights(design)
            case "flops":
                told = explain_operations(design)
            case _:
                told = explain_training(design, training, precision)
        self._show(told, beside)

    def _show(self, explanation: Explanation, beside: QRect) -> None:
        self.open(explanation.title, as_html(explanation), as_text(explanation), beside)


def as_text(explanation: Explanation) -> str:
    """Return an explanation as it is copied."""
    terms = [f"  {letter}: {meaning}" for letter, meaning in explanation.terms]
    lines = [explanation.title, explanation.rule, *terms, *explanation.lines, explanation.source]
    return "\n".join(line for line in lines if line) + "\n"


def as_html(explanation: Explanation) -> str:
    """Return an explanation as it is shown: the rule, its letters, the rule with values, where it comes from."""
    muted = theme.colour("muted").name()
    terms = "".join(
        f"<tr><td style='padding-right:10px'><i>{escape(letter)}</i></td>"
        f"<td style='color:{muted}'>{escape(meaning)}</td></tr>"
        for letter, meaning in explanation.terms
    )
    lines = "".join(f"<p style='margin:2px 0'>{escape(line)}</p>" for line in explanation.lines)
    return (
        f"<p style='margin:0 0 6px 0'>{escape(explanation.rule)}</p>"
        f"<table cellspacing='0' cellpadding='0' style='margin:0 0 6px 0'>{terms}</table>"
        f"{lines}"
        f"<p style='margin:6px 0 0 0; color:{muted}; font-size:11px'>{escape(explanation.source)}</p>"
    )

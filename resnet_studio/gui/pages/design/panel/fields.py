"""Rows of fields of the network, bound to the paths in their names."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSizePolicy

from resnet_studio.gui.binding import Binding, Condition, Control, Possible, SliderBinding
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.check import Check
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import FormRow, Section
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.slider import Slider
from resnet_studio.gui.widgets.whole_spin import WholeSpin
from resnet_studio.spec.experiment import ExperimentSpec

SPIN_WIDTH = 66
"""Of a number behind its slider."""


class Fields:
    """Makes and binds the controls of a panel's sections, and remembers them by their paths."""

    def __init__(self, session: Session, owner: QObject) -> None:
        """Begin with none; `owner` keeps the conditions."""
        self.session, self._owner = session, owner
        self._bound: dict[str, list[Possible]] = {}
        self.rows: dict[str, FormRow] = {}

    def row(self, section: Section, label: str, *fields: Control | str) -> FormRow:
        """Add a row of fields; a text between two is a small label."""
        for field in fields:
            if not isinstance(field, (str, Choice)):
                field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = section.add_row(label, *fields)
        for field in fields:
            if not isinstance(field, str):
                self._bind(field, row)
        return row

    def slid(self, section: Section, label: str, spin: WholeSpin | RealSpin, stops: Sequence[float]) -> FormRow:
        """Add a row of a slider and the field that it moves through the stops."""
        path = spin.objectName()
        slider = Slider(0, 1, 0, name=f"{path}.slider", label=spin.accessibleName())
        slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        spin.setFixedWidth(SPIN_WIDTH)
        row = section.add_row(label, slider, spin)
        self._bind(spin, row)
        self._bound[path].append(SliderBinding(self.session, slider, stops))
        return row

    def check(self, text: str, path: str) -> Check:
        """Return a check box that is bound; the section adds it."""
        check = Check(text, name=path)
        self._bind(check, None)
        return check

    def condition(self, paths: Sequence[str], holds: Callable[[ExperimentSpec], bool], reason: str) -> None:
        """Keep the fields off, with a reason in their tooltips, while something does not hold."""
        bound = [each for path in paths for each in self._bound[f"network.{path}"]]
        Condition(self.session, bound, holds, reason, self._owner)

    def _bind(self, control: Control, row: FormRow | None) -> None:
        binding = Binding(self.session, control, row)
        self._bound.setdefault(control.objectName(), []).append(binding)
        if row is not None:
            self.rows[control.objectName()] = row

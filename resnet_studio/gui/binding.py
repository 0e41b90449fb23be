"""A control and a field of the experiment tied together, both ways."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QSignalBlocker, Slot

from resnet_studio.gui import theme
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.check import Check
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import FormRow
from resnet_studio.gui.widgets.spin import RealSpin, WholeSpin
from resnet_studio.spec.experiment import ExperimentSpec, value_at
from resnet_studio.spec.meaning import meaning

Control = WholeSpin | RealSpin | Choice | Check


class Binding(QObject):
    """What is typed goes to the session at once; what the session holds is shown; what it refuses is said.

    The control's objectName is the dotted path of its field.
    """

    def __init__(self, session: Session, control: Control, row: FormRow | None, *, inverse: bool = False) -> None:
        """Tie them.

        Args:
            session: what is edited.
            control: the field, its objectName the path.
            row: says below the field what is wrong with it.
            inverse: a check box that shows the opposite of the field.
        """
        super().__init__(control)
        self._session, self._control, self._row, self._inverse = session, control, row, inverse
        self._path = control.objectName()
        self._tip = meaning(self._path)
        control.setToolTip(self._tip)
        if isinstance(control, (WholeSpin, RealSpin)):
            control.valueChanged.connect(self._edited)
        elif isinstance(control, Choice):
            control.currentIndexChanged.connect(self._edited)
        else:
            control.toggled.connect(self._edited)
        session.changed.connect(self.refresh)
        session.refused.connect(self._refused)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the value as it is now; what was refused stands no longer."""
        value = value_at(self._session.experiment, self._path)
        control = self._control
        with QSignalBlocker(control):
            if isinstance(control, Choice):
                control.set_value(value)
            elif isinstance(control, Check):
                control.setChecked(bool(value) != self._inverse)
            elif value is not None or control.specialValueText():
                control.set_number(value)

    def set_possible(self, possible: bool, reason: str) -> None:
        """Enable the control, or disable it with the reason as its tooltip."""
        self._control.setEnabled(possible)
        self._control.setToolTip(self._tip if possible else reason)

    def _value(self) -> Any:
        control = self._control
        if isinstance(control, Choice):
            return control.value()
        if isinstance(control, Check):
            return control.isChecked() != self._inverse
        return control.number()

    @Slot()
    def _edited(self) -> None:
        self._session.change(self._path, self._value())

    @Slot(str, str)
    def _refused(self, path: str, sentence: str) -> None:
        if path != self._path:
            return
        theme.set_look(self._control, "fault", "error" if sentence else None)
        if self._row:
            self._row.set_error(path, sentence or None)


class Condition(QObject):
    """Keeps controls enabled only while something holds of the experiment; their tooltips say why they are not."""

    def __init__(
        self,
        session: Session,
        bindings: Sequence[Binding],
        holds: Callable[[ExperimentSpec], bool],
        reason: str,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._bindings, self._holds, self._reason = session, bindings, holds, reason
        session.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Look at the experiment as it is now."""
        possible = self._holds(self._session.experiment)
        for binding in self._bindings:
            binding.set_possible(possible, self._reason)

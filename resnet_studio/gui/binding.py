"""A control and a field of the experiment tied together, both ways."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, QSignalBlocker, Slot

from resnet_studio.gui import theme
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.check import Check
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import FormRow
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.slider import Slider
from resnet_studio.gui.widgets.whole_spin import WholeSpin
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
            merge_drags(session, control)
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
        self.show_experiment(self._session.experiment)

    def show_experiment(self, experiment: ExperimentSpec) -> None:
        """Show the value of an experiment, such as that of the run that goes on."""
        value = value_at(experiment, self._path)
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


def merge_drags(session: Session, control: WholeSpin | RealSpin | Slider) -> None:
    """Make one step of what one drag of a control changes."""
    control.drag_started.connect(session.begin_drag)
    control.drag_finished.connect(session.end_drag)


class SliderBinding(QObject):
    """A slider beside a field, whose notches are some of the field's values; it shows the nearest of them.

    The slider's objectName is the field's path with `.slider` behind it.
    """

    def __init__(self, session: Session, slider: Slider, stops: Sequence[float]) -> None:
        """Tie them.

        Args:
            session: what is edited.
            slider: gets as many notches as there are stops.
            stops: values of the field, the smallest first.
        """
        super().__init__(slider)
        self._session, self._slider, self._stops = session, slider, stops
        self._path = slider.objectName().removesuffix(".slider")
        self._tip = meaning(self._path)
        slider.setToolTip(self._tip)
        slider.setRange(0, len(stops) - 1)
        slider.setPageStep(max(1, len(stops) // 10))
        slider.valueChanged.connect(self._edited)
        merge_drags(session, slider)
        session.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the value as it is now."""
        value = value_at(self._session.experiment, self._path)
        if isinstance(value, (int, float)):
            nearest = min(range(len(self._stops)), key=lambda place: abs(self._stops[place] - value))
            with QSignalBlocker(self._slider):
                self._slider.setValue(nearest)

    def set_possible(self, possible: bool, reason: str) -> None:
        """Enable the slider, or disable it with the reason as its tooltip."""
        self._slider.setEnabled(possible)
        self._slider.setToolTip(self._tip if possible else reason)

    @Slot(int)
    def _edited(self, place: int) -> None:
        self._session.change(self._path, self._stops[place])


class Possible(Protocol):
    """What a `Condition` turns on and off."""

    def set_possible(self, possible: bool, reason: str) -> None:
        """Enable it, or disable it and say why."""


class Condition(QObject):
    """Keeps controls enabled only while something holds of the experiment; their tooltips say why they are not."""

    def __init__(
        self,
        session: Session,
        bindings: Sequence[Possible],
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

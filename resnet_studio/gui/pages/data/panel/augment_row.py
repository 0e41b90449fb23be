"""One kind of random change: on or off, how strong, and for some a second field."""

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.binding import merge_drags
from resnet_studio.gui.pages.data.panel.augment_kinds import Kind, Second, implied
from resnet_studio.gui.pages.data.panel.resolved import resolved, suits
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.check import Check
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.whole_spin import WholeSpin
from resnet_studio.spec.meaning import meaning

VALUE_WIDTH, BETWEEN = 76, 4
"""Pixels of the strength, and between it and a second field left of it."""

Spin = WholeSpin | RealSpin


class AugmentRow(QWidget):
    """A check box and a strength; 0 is off, null what suits the source."""

    def __init__(self, session: Session, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._kind = session, kind
        self._path = f"data.augment.{kind.field}"
        self._check = Check(kind.words, name=f"{self._path}.on")
        self._value = _spin(self._path, kind)
        self._second = _second_spin(kind.second) if kind.second else None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._check)
        row.addStretch()
        if self._second is not None:
            row.addWidget(self._second)
            row.addSpacing(BETWEEN)
        row.addWidget(self._value)
        for control in (self._check, self._value):
            control.setToolTip(meaning(self._path))
        self._check.toggled.connect(self._toggled)
        for spin in self._spins():
            spin.setEnabled(False)
            merge_drags(session, spin)
        self._value.setValue(kind.usual)  # type: ignore[arg-type]  # whole where the spin is
        self._value.valueChanged.connect(self._edited)
        if self._second is not None:
            self._second.valueChanged.connect(self._second_edited)
        session.refused.connect(self._refused)

    def refresh(self) -> None:
        """Show what is wanted, or what suits the source where that is left open; until that is known, what stood."""
        found = resolved(self._session)
        shown = self._strength()
        if shown is None:
            return
        with QSignalBlocker(self._check), QSignalBlocker(self._value):
            self._check.setChecked(shown > 0)
            self._value.setValue(shown or self._kind.first_value(found))  # type: ignore[arg-type]  # whole where it is
        self._value.setEnabled(shown > 0)
        self._show_second(shown)

    def words(self) -> str:
        """Return the kind with its strength, such as `rotation 10°`; empty while it is off."""
        return f"{self._kind.words} {self._value.text()}" if self._check.isChecked() else ""

    def is_on(self) -> bool:
        """Whether it is drawn at all."""
        return self._check.isChecked()

    def _show_second(self, shown: float) -> None:
        if self._second is None or self._kind.second is None:
            return
        wanted = getattr(self._session.experiment.data.augment, self._kind.second.field)
        with QSignalBlocker(self._second):
            value = wanted if wanted is not None else implied(self._kind.second, shown or self._value.value())
            self._second.setValue(value)  # type: ignore[arg-type]  # whole where the spin is
        self._second.setEnabled(shown > 0 or bool(wanted))

    def _strength(self) -> float | None:
        """Return the strength that counts; None: nobody knows yet what suits the source."""
        wanted: float | None = getattr(self._session.experiment.data.augment, self._kind.field)
        answered = suits(self._session) if wanted is None else None
        if answered is not None:
            wanted = getattr(answered, self._kind.field)
        return 0 if wanted is None and not self._kind.by_source else wanted

    def _spins(self) -> list[Spin]:
        return [self._value] if self._second is None else [self._value, self._second]

    @Slot()
    def _toggled(self) -> None:
        off = 0 if self._kind.whole else 0.0
        on = self._value.value()
        verb = "with" if self._check.isChecked() else "without"
        self._session.change(self._path, on if self._check.isChecked() else off, text=f"{verb} {self._kind.words}")

    @Slot()
    def _edited(self) -> None:
        self._session.change(self._path, self._value.value(), text=f"strength of {self._kind.words}")

    @Slot()
    def _second_edited(self) -> None:
        if self._second is not None and self._kind.second is not None:
            path, words = f"data.augment.{self._kind.second.field}", self._kind.second.words
            self._session.change(path, self._second.value(), text=words)

    @Slot(str, str)
    def _refused(self, path: str, sentence: str) -> None:
        for spin in self._spins():
            if path == spin.objectName():
                theme.set_look(spin, "fault", "error" if sentence else None)
                spin.setToolTip(sentence or meaning(path))


def _spin(path: str, kind: Kind) -> Spin:
    words = f"strength of {kind.words}"
    made: Spin = (
        WholeSpin(1, int(kind.most), name=path, label=words, after=kind.unit, compact=True)
        if kind.whole
        else RealSpin(
            0.01, kind.most, name=path, label=words, after=kind.unit, step=kind.step, places=kind.places, compact=True
        )
    )
    made.setFixedWidth(VALUE_WIDTH)
    return made


def _second_spin(second: Second) -> Spin:
    path = f"data.augment.{second.field}"
    made: Spin = (
        WholeSpin(0, int(second.most), name=path, label=second.words, after=second.after, compact=True)
        if second.whole
        else RealSpin(
            0.0, second.most, name=path, label=second.words, before=second.before, step=second.step, compact=True
        )
    )
    made.setFixedWidth(second.wide)
    made.setToolTip(meaning(path))
    return made

"""The random changes of the training images: each one on or off, with its strength."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QSignalBlocker, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.pages.data.resolved import resolved
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.check import Check
from resnet_studio.gui.widgets.panel import Panel
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.whole_spin import WholeSpin
from resnet_studio.spec.data import AugmentSpec, DataSpec
from resnet_studio.spec.meaning import meaning
from resnet_studio.spec.support import reason_against

VALUE_WIDTH = 96


@dataclass(frozen=True)
class Kind:
    """One kind of change: its field, its name, its largest value and the value it begins with when switched on."""

    field: str
    words: str
    most: float
    usual: float
    unit: str = ""
    step: float = 0.05
    places: int = 2


KINDS = (
    Kind("pad_crop", "padding-crop", 64, 4, " px"),
    Kind("horizontal_flip", "horizontal flip", 1, 0.5),
    Kind("random_resized_crop", "random resized crop", 1, 0.35),
    Kind("rotation", "rotation", 180, 10, "°", 1, 0),
    Kind("color_jitter", "colour jitter", 1, 0.2),
    Kind("random_erasing", "random erasing", 1, 0.25),
    Kind("trivial_augment", "TrivialAugment", 1, 1),
    Kind("rand_augment", "RandAugment", 30, 9, step=1, places=0),
    Kind("mixup", "mixup", 10, 0.2),
    Kind("cutmix", "cutmix", 10, 1),
)


class Augmentation(QObject):
    """A section of the panel with a row for each kind."""

    def __init__(self, session: Session, panel: Panel) -> None:
        super().__init__(panel)
        self._session = session
        section = panel.add_section("Augmentation", name="panel.data.augment", folds=True)
        self._suit = ToolButton("reset", "Take what suits the source again", name="data.augment.suit")
        self._suit.clicked.connect(self._take_what_suits)
        section.add_head_widgets(self._suit, "strength")
        self._rows = [AugmentRow(session, kind) for kind in KINDS]
        for row in self._rows:
            section.add_wide(row)

    def refresh(self) -> None:
        """Show each of them, and the way back where anything was set by hand."""
        for row in self._rows:
            row.refresh()
        self._suit.setVisible(self._session.experiment.data.augment != AugmentSpec())

    @Slot()
    def _take_what_suits(self) -> None:
        self._session.change("data.augment", AugmentSpec().model_dump(), text="augmentation that suits the source")


class AugmentRow(QWidget):
    """A check box and a strength; 0 is off, null what suits the source."""

    def __init__(self, session: Session, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._kind = session, kind
        self._path = f"data.augment.{kind.field}"
        whole = kind.field == "pad_crop"
        self._check = Check(kind.words, name=f"{self._path}.on")
        words = f"strength of {kind.words}"
        self._value: WholeSpin | RealSpin = (
            WholeSpin(1, int(kind.most), name=self._path, label=words, after=kind.unit, compact=True)
            if whole
            else RealSpin(
                0.01,
                kind.most,
                name=self._path,
                label=words,
                after=kind.unit,
                step=kind.step,
                places=kind.places,
                compact=True,
            )
        )
        self._value.setFixedWidth(VALUE_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._check)
        row.addStretch()
        row.addWidget(self._value)
        self._reason = reason_against(self._path, kind.usual)
        for control in (self._check, self._value):
            control.setToolTip(self._reason or meaning(self._path))
        self._check.setEnabled(self._reason is None)
        self._value.setEnabled(False)
        self._value.setValue(kind.usual)  # type: ignore[arg-type]  # whole where the spin is
        self._check.toggled.connect(self._toggled)
        self._value.valueChanged.connect(self._edited)
        session.refused.connect(self._refused)

    def refresh(self) -> None:
        """Show what is wanted, or what suits the source where that is left open; until that is known, what stood."""
        found = resolved(self._session)
        shown = self._wanted(self._session.experiment.data)
        if shown is None and found is not None:
            shown = self._wanted(found)
        if shown is None:
            return
        with QSignalBlocker(self._check), QSignalBlocker(self._value):
            self._check.setChecked(shown > 0)
            self._value.setValue(shown or self._usual(found))  # type: ignore[arg-type]  # whole where the spin is
        self._value.setEnabled(shown > 0 and self._reason is None)

    def _wanted(self, data: DataSpec) -> float | None:
        value = getattr(data.augment, self._kind.field)
        return None if value is None else float(value) if self._kind.field != "pad_crop" else value

    def _usual(self, found: DataSpec | None) -> float:
        """Return the value to begin with; a crop moves by an eighth of the image (He et al. 2015: 4 of 32)."""
        if self._kind.field == "pad_crop" and found is not None and found.image_size is not None:
            return max(1, round(min(found.image_size) / 8))
        return self._kind.usual

    @Slot()
    def _toggled(self) -> None:
        off = 0 if self._kind.field == "pad_crop" else 0.0
        on = self._value.value()
        verb = "with" if self._check.isChecked() else "without"
        self._session.change(self._path, on if self._check.isChecked() else off, text=f"{verb} {self._kind.words}")

    @Slot()
    def _edited(self) -> None:
        self._session.change(self._path, self._value.value())

    @Slot(str, str)
    def _refused(self, path: str, sentence: str) -> None:
        if path == self._path:
            theme.set_look(self._value, "fault", "error" if sentence else None)
            self._value.setToolTip(sentence or self._reason or meaning(self._path))

"""The checkpoints that a run has kept, of which one is chosen."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QRadioButton, QWidget

from resnet_studio.gui import numbers
from resnet_studio.gui.widgets.label import Label
from resnet_studio.runs.checkpoints import Checkpoint, Index

HEADS = ("checkpoint", "", "epoch", "val. %", "average %")
ROW = 26


class KeptList(QWidget):
    """A row each with its step, what it is, its epoch and its validation accuracies, the newest first."""

    chosen = Signal()
    """The user chose another one: see `checkpoint`."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("branch.checkpoints")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 4, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self._radios: dict[str, QRadioButton] = {}
        self._checkpoints: dict[str, Checkpoint] = {}

    def show_index(self, index: Index) -> None:
        """Show what is kept; the newest one is chosen."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._radios, self._checkpoints = {}, {}
        averages = any(each.has_ema for each in index.checkpoints)
        for column, head in enumerate(HEADS[: None if averages else -1]):
            self._put(0, column, head, muted=True)
        for row, each in enumerate(reversed(index.checkpoints), 1):
            self._add(row, each, index, averages=averages)
        newest = next(iter(self._radios.values()), None)
        if newest is not None:
            newest.setChecked(True)

    def checkpoint(self) -> Checkpoint | None:
        """The chosen one; None where none is kept."""
        return next((self._checkpoints[name] for name, radio in self._radios.items() if radio.isChecked()), None)

    def first(self) -> QWidget:
        """What the keyboard goes to."""
        return next(iter(self._radios.values()), self)

    def _add(self, row: int, checkpoint: Checkpoint, index: Index, *, averages: bool) -> None:
        names = {"last": index.last, "best": index.best, "best average": index.best_ema}
        places = ", ".join(place for place, name in names.items() if name == checkpoint.name)
        radio = QRadioButton(f"step {numbers.count(checkpoint.step)}")
        radio.setObjectName(f"branch.checkpoint.{checkpoint.name}")
        radio.setAccessibleName(f"checkpoint of step {checkpoint.step}, {places}".rstrip(", "))
        radio.setFixedHeight(ROW)
        radio.clicked.connect(self._clicked)
        self._radios[checkpoint.name], self._checkpoints[checkpoint.name] = radio, checkpoint
        self._grid.addWidget(radio, row, 0)
        self._put(row, 1, places, muted=True)
        self._put(row, 2, numbers.count(checkpoint.epoch))
        accuracies = (checkpoint.val_accuracy, checkpoint.ema_val_accuracy)[: 2 if averages else 1]
        for column, accuracy in enumerate(accuracies, 3):
            self._put(row, column, "" if accuracy is None else numbers.percent(accuracy))

    def _put(self, row: int, column: int, text: str, *, muted: bool = False) -> None:
        label = Label(text, ink="muted" if muted else "", size="small")
        side = Qt.AlignmentFlag.AlignRight if column > 1 else Qt.AlignmentFlag.AlignLeft
        label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(label, row, column)

    @Slot()
    def _clicked(self) -> None:
        self.chosen.emit()

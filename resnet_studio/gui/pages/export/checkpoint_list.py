"""The kept checkpoints of a run, of which one is exported."""

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QRadioButton

from resnet_studio.gui import numbers
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.panel import MarkedRow, Section
from resnet_studio.runs.checkpoints import Checkpoint, Index

COLUMNS = (("epoch", 44), ("step", 64), ("val. %", 56))
"""Heads and widths in pixels."""
PLACES = ("best", "ema", "last", "other")
"""A run keeps the best checkpoint, the best average of the weights and the last two."""
TITLES = {"ema": "average"}


class CheckpointList(QObject):
    """Rows of a section: the best one, the best average, the last one, and the one before it where that is another."""

    chosen = Signal()
    """The user chose another one: see `which`."""

    def __init__(self, section: Section) -> None:
        super().__init__(section)
        self._index = Index()
        self._place = "best"
        section.add_marked(_heads())
        self._rows = {place: _Row(place) for place in PLACES}
        for row in self._rows.values():
            row.radio.clicked.connect(self._clicked)
            section.add_marked(row)
        self.show_index(Index())

    def which(self) -> str:
        """The chosen one: `best`, `ema`, `last` or a step."""
        found = self._found().get(self._place)
        return str(found.step) if found and self._place == "other" else self._place

    def checkpoint(self) -> Checkpoint | None:
        """The chosen one; None while there is none."""
        return self._found().get(self._place)

    def show_index(self, index: Index) -> None:
        """Show what is kept now; the choice stays where it can."""
        self._index = index
        found = self._found()
        for place, row in self._rows.items():
            row.setVisible(place in found)
            if place in found:
                row.show_checkpoint(found[place])
        if self._place not in found:
            self._place = next(iter(found), "best")
        self._mark()

    def _found(self) -> dict[str, Checkpoint]:
        index = self._index
        others = [each for each in index.checkpoints if each.name not in {index.best, index.last}]
        all_of_them = {place: index.find(place) for place in ("best", "ema", "last")}
        all_of_them["other"] = others[-1] if others else None
        return {place: found for place, found in all_of_them.items() if found is not None}

    def _mark(self) -> None:
        for place, row in self._rows.items():
            row.radio.setChecked(place == self._place)
            row.set_mark("selected" if place == self._place else "plain")

    @Slot()
    def _clicked(self) -> None:
        self._place = next(place for place, row in self._rows.items() if row.radio is self.sender())
        self._mark()
        self.chosen.emit()


class _Row(MarkedRow):
    """A radio button and three numbers."""

    def __init__(self, place: str) -> None:
        super().__init__(name=f"export.checkpoint.{place}.row")
        self._place = place
        self.radio = QRadioButton(TITLES.get(place, place))
        self.radio.setAccessibleName(f"checkpoint {self.radio.text()}")
        self.radio.setObjectName(f"export.checkpoint.{place}")
        self.radio.setAutoExclusive(False)  # the list does it: Qt would take the others out of the Tab chain
        self.line.addWidget(self.radio, 1)
        self._values = [_number("", width) for _, width in COLUMNS]
        for value in self._values:
            self.line.addWidget(value)

    def show_checkpoint(self, checkpoint: Checkpoint) -> None:
        accuracy = checkpoint.ema_val_accuracy if self._place == "ema" else checkpoint.val_accuracy
        texts = (
            numbers.count(checkpoint.epoch),
            numbers.count(checkpoint.step),
            "" if accuracy is None else numbers.percent(accuracy),
        )
        for label, text in zip(self._values, texts, strict=True):
            label.setText(text)
        title = f"step {texts[1]}" if self._place == "other" else TITLES.get(self._place, self._place)
        self.radio.setText(title)
        self.radio.setAccessibleName(f"checkpoint {title}")


def _number(text: str, width: int, ink: str = "", size: str = "") -> Label:
    label = Label(text, ink=ink, size=size)
    label.setFixedWidth(width)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label


def _heads() -> MarkedRow:
    heads = MarkedRow(name="export.checkpoint.heads")
    heads.setFixedHeight(22)
    heads.line.addStretch(1)
    for head, width in COLUMNS:
        heads.line.addWidget(_number(head, width, "muted", "small"))
    return heads

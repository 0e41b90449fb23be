"""One class to look at, or all: chips where they have room, a list where they don't."""

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from resnet_studio.gui.pages.data.pictures.class_list import ClassList
from resnet_studio.gui.widgets.button import Button
from resnet_studio.gui.widgets.tab_order import in_tab_order

HEIGHT, SIDE, GAP = 36, 12, 6
MOST_CHIPS = 60
"""No screen has room for more of them."""


class ClassChoice(QFrame):
    """A row of 36 px; the chips and the list always say the same. What is beside them stands at the right."""

    chosen = Signal()
    """The user chose another class: see `label`."""

    def __init__(self, beside: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._beside = beside
        self.setObjectName("view.classes")
        self.setAccessibleName("class to look at")
        self.setProperty("ground", "panel")
        self.setProperty("edge", "bottom")
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._names: tuple[str, ...] = ()
        self._label: int | None = None
        self._chips: dict[int | None, Button] = {}
        self._list = ClassList()
        self._list.activated.connect(self._picked)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(SIDE, 0, SIDE, 0)
        self._row.setSpacing(GAP)
        self._row.addWidget(self._list)
        self._row.addStretch()
        if beside is not None:
            self._row.addWidget(beside)
        self._fit()

    def label(self) -> int | None:
        """The number of the chosen class, None for all."""
        return self._label

    def choose(self, label: int | None) -> None:
        """Choose a class, or all, without a signal."""
        self._label = label
        self._list.set_value(label)
        for number, chip in self._chips.items():
            chip.setChecked(number == label)

    def show_classes(self, names: tuple[str, ...]) -> None:
        """Offer other classes, without a signal; the same ones keep the choice."""
        if names == self._names:
            return
        self._names = names
        for chip in self._chips.values():
            self._row.removeWidget(chip)
            chip.setParent(None)
            chip.deleteLater()
        options: list[tuple[int | None, str]] = [(None, "all"), *enumerate(names)] if len(names) <= MOST_CHIPS else []
        self._list.set_options([(None, "all classes"), *enumerate(names)])
        self._chips = {number: self._chip(number, words) for number, words in options}
        for place, chip in enumerate(self._chips.values()):
            self._row.insertWidget(place, chip)
        in_tab_order((self._list, *self._chips.values()))
        self.choose(None)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Take chips or the list, whichever has room."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for no width: what there is decides between chips and list."""
        return QSize(0, HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """See `sizeHint`."""
        return self.sizeHint()

    def _chip(self, number: int | None, words: str) -> Button:
        name = f"view.classes.{'all' if number is None else number}"
        chip = Button(words.replace("&", "&&"), name=name, compact=True, parent=self)
        chip.setAccessibleName(f"class: {words}")
        chip.setCheckable(True)
        chip.clicked.connect(self._clicked)
        return chip

    def _fit(self) -> None:
        needed = sum(chip.sizeHint().width() + GAP for chip in self._chips.values()) + 2 * SIDE
        needed += self._beside.sizeHint().width() if self._beside else -GAP
        chips = bool(self._chips) and needed <= self.width()
        self._list.setVisible(not chips)
        for chip in self._chips.values():
            chip.setVisible(chips)

    @Slot()
    def _clicked(self) -> None:
        self._take(next(number for number, chip in self._chips.items() if chip is self.sender()))

    @Slot()
    def _picked(self) -> None:
        self._take(self._list.value())

    def _take(self, label: int | None) -> None:
        changed = label != self._label
        self.choose(label)
        if changed:
            self.chosen.emit()

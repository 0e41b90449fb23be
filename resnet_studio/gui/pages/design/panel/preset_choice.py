"""The list of presets: families under their heads, each network with its parameters, found by typing."""

import time
from collections.abc import Iterable
from functools import cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionComboBox, QStyleOptionViewItem, QWidget

from resnet_studio.analysis.network import analyse
from resnet_studio.gui import numbers, theme
from resnet_studio.gui.pages.design.panel.preset_search import best
from resnet_studio.gui.widgets.choice import BESIDE, Choice
from resnet_studio.spec.presets import presets

POPUP_WIDTH = 330
SEARCH_SECONDS = 1.0
"""How long a letter may come after the one before it to belong to the same word."""

FAMILIES = (
    ("ImageNet, as torchvision has them", ("resnet", "resnext", "wide_resnet")),
    ("ImageNet, without skip connections", ("plain",)),
    ("CIFAR-10, He et al. 2015", ("cifar_resnet",)),
    ("CIFAR-10, without skip connections", ("cifar_plain",)),
    ("pre-activation, He et al. 2016", ("preact_",)),
    ("wide, Zagoruyko and Komodakis 2016", ("wrn_",)),
    ("Edifice", ("edifice_",)),
    ("Dive into Deep Learning", ("d2l_",)),
    ("Athena", ("athena_",)),
    ("ResNet Studio", ("digits_",)),
)
"""Heads, and how the names of the presets below them begin."""

Index = QModelIndex | QPersistentModelIndex
_NAME = Qt.ItemDataRole.UserRole


def families() -> Iterable[tuple[str, list[str]]]:
    """Yield the heads with the names of their presets; what is in no family comes last."""
    left = list(presets())
    for head, beginnings in FAMILIES:
        names = [name for name in left if name.startswith(beginnings)]
        left = [name for name in left if name not in names]
        if names:
            yield head, names
    if left:
        yield "others", left


class PresetChoice(Choice):
    """A drop-down list of all presets; a letter typed opens it and looks for a name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(name="network.preset", label="preset", parent=parent)
        self._shown: tuple[str, bool] | None = None
        view = _SearchedList()
        view.setMinimumWidth(POPUP_WIDTH)
        self.setView(view)
        self.setItemDelegate(_Rows(self))
        for head, names in families():
            self._add_head(head)
            for name in names:
                self.addItem(presets()[name].title, name)

    def show_design(self, name: str, *, edited: bool) -> None:
        """Choose the preset of a design, named as edited where it departs from it; other designs stand on top."""
        if self._shown == (name, edited):
            return
        with QSignalBlocker(self):
            self._forget()
            if name not in presets():
                self.insertItem(0, name, name)
            elif edited:
                self.setItemText(self.findData(name), f"{presets()[name].title} (edited)")
            self.set_value(name)
        self._shown = name, edited

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Open the list for a letter, and look for it there: nothing is chosen before Enter."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if plain and event.text().isalnum():
            self.showPopup()
            self.view().keyboardSearch(event.text())
        else:
            super().keyPressEvent(event)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:  # noqa: N802 - Qt's name
        """Leave letters out of the middle where the name is too long: its end says that it is edited."""
        super().initStyleOption(option)
        room = self.width() - BESIDE
        option.currentText = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideMiddle, room)

    def _forget(self) -> None:
        """Take back what the design shown before had changed in the list."""
        if self._shown is None:
            return
        name, edited = self._shown
        if name not in presets():
            self.removeItem(0)
        elif edited:
            self.setItemText(self.findData(name), presets()[name].title)

    def _add_head(self, words: str) -> None:
        model = self.model()
        if not isinstance(model, QStandardItemModel):
            raise TypeError("options are kept in a QStandardItemModel")
        head = QStandardItem(words)
        head.setFlags(Qt.ItemFlag.NoItemFlags)
        model.appendRow(head)


class _SearchedList(QListView):
    """The list of the popup, in which what is typed is looked for anywhere in a name."""

    def __init__(self) -> None:
        super().__init__()
        self._typed, self._last = "", 0.0

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        """Go to the name that fits best what was typed in one go."""
        now = time.monotonic()
        self._typed = search if now - self._last > SEARCH_SECONDS else self._typed + search
        self._last = now
        model = self.model()
        rows = [model.index(row, 0) for row in range(model.rowCount())]
        named = [index for index in rows if index.data(_NAME) is not None]
        found = best(self._typed, [f"{index.data()} {index.data(_NAME)}" for index in named])
        if found is not None:
            self.setCurrentIndex(named[found])
            self.scrollTo(named[found])


class _Rows(QStyledItemDelegate):
    """Paints a network's parameters at the right of its name, and heads small and muted."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        name = index.data(_NAME)
        if name is None:
            painter.save()
            painter.setFont(theme.font(11))
            painter.setPen(theme.colour("muted"))
            bottom = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(option.rect.adjusted(8, 0, -8, 0), int(bottom), index.data())
            painter.restore()
            return
        super().paint(painter, option, index)
        if name in presets():
            painter.save()
            painter.setFont(theme.font(12))
            painter.setPen(theme.colour("muted"))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(option.rect.adjusted(8, 0, -12, 0), int(right), numbers.count(_params(name)))
            painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """Give each row the height of a row of a table."""
        return QSize(super().sizeHint(option, index).width(), 24)


@cache
def _params(name: str) -> int:
    return analyse(presets()[name].network).params

"""A field for one of a few words."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

SHORT_WORD, BESIDE = 40, 40
"""Pixels that a word gets at least, and pixels for edges, padding and the arrow."""


class Choice(QComboBox):
    """A drop-down list of values with their words; the wheel counts only while it has the focus."""

    def __init__(
        self,
        options: Sequence[tuple[Any, str]] = (),
        *,
        name: str,
        label: str,
        compact: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Make a field.

        Args:
            options: values and the words for them.
            name: objectName, the path of the spec's field where it is one.
            label: accessible name.
            compact: 24 px high instead of 28.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # as wide as the row lets it be: a long word must not widen the panel
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(3)
        self.setMaxVisibleItems(16)
        if compact:
            self.setProperty("compact", "true")
        self.set_options(options)

    def set_options(self, options: Sequence[tuple[Any, str]]) -> None:
        """Offer other values; the one that was chosen stays so if it is among them, and nothing is signalled."""
        chosen = self.value()
        blocked = self.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.clear()
        for value, words in options:
            self.addItem(words, value)
        self.set_value(chosen)
        self.blockSignals(blocked)

    def value(self) -> Any:
        """The chosen value."""
        return self.currentData()

    def set_value(self, value: Any) -> None:
        """Choose a value; one that is not offered leaves the choice as it is."""
        for index in range(self.count()):
            # type and value: 1 is not True, and findData takes them for the same
            if type(self.itemData(index)) is type(value) and self.itemData(index) == value:
                self.setCurrentIndex(index)
                return

    def set_option_enabled(self, value: Any, *, enabled: bool, reason: str = "") -> None:
        """Offer a value or grey it out, with the reason as its tooltip."""
        model = self.model()
        if not isinstance(model, QStandardItemModel):
            raise TypeError("options are kept in a QStandardItemModel")
        for index in range(self.count()):
            if self.itemData(index) == value:
                model.item(index).setEnabled(enabled)
                model.item(index).setToolTip("" if enabled else reason)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for the room of a short word."""
        longest = max((self.fontMetrics().horizontalAdvance(self.itemText(i)) for i in range(self.count())), default=0)
        return QSize(min(longest, SHORT_WORD) + BESIDE, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the chosen word, with dots where it is too long: a style sheet would cut it off."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        text = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room.width())
        option.currentText = text
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Let the page scroll unless this is the field being edited."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

"""A field for the path of a file or folder: of one that is too long its end is shown, which says most."""

from pathlib import PurePath

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPaintEvent, QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionFrame, QStylePainter

from resnet_studio.gui.widgets.text_field import TextField


class PathField(TextField):
    """A line edit that shows `…/data/clothing` until it is edited."""

    def shown_text(self) -> str:
        """Return as many of the last folders as there is room for."""
        room = self._room().width()
        metrics, path = self.fontMetrics(), PurePath(self.text())
        if metrics.horizontalAdvance(self.text()) <= room:
            return self.text()
        for skipped in range(1, len(path.parts)):
            end = f"…/{'/'.join(path.parts[skipped:])}"
            if metrics.horizontalAdvance(end) <= room:
                return end
        return metrics.elidedText(path.name, Qt.TextElideMode.ElideMiddle, room)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the end of a path that is not being edited; Qt would cut it off at a pixel."""
        if self.hasFocus() or not self.text() or self.shown_text() == self.text():
            super().paintEvent(event)
            return
        painter, option = QStylePainter(self), QStyleOptionFrame()
        self.initStyleOption(option)
        painter.drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.drawText(self._room(), int(Qt.AlignmentFlag.AlignVCenter), self.shown_text())

    def _room(self) -> QRect:
        """Return where Qt paints the text, which keeps 2 px at its sides."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        rect = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        return rect.adjusted(2, 0, -2, 0)

"""The box beside the mouse that says what the curves are there."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from resnet_studio.gui import theme

ROW, EDGE, KEY = 16, 8, 14


@dataclass(frozen=True)
class Row:
    """A name and a value; `token` names the colour of the key before them, drawn thin where it is `faint`."""

    name: str
    value: str
    token: str = ""
    faint: bool = False


class ReadOut(QWidget):
    """Rows of a name and a number, each with the colour of its curve; lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setProperty("screens.layered", "true")
        self.setAccessibleName("values under the mouse")
        self.rows: list[Row] = []
        self._area = parent
        self.hide()

    def show_rows(self, rows: list[Row], place: QPoint) -> None:
        """Show rows right of a place, or left of it where there is no room."""
        self.rows = rows
        size = self.sizeHint()
        left = place.x() + 12
        if left + size.width() > self._area.width() - 4:
            left = place.x() - 12 - size.width()
        self.setGeometry(left, place.y(), size.width(), size.height())
        self.setAccessibleDescription(", ".join(f"{row.name} {row.value}" for row in rows))
        self.show()
        self.raise_()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as the widest name and number."""
        metrics = QFontMetrics(theme.font(11))
        names = max((metrics.horizontalAdvance(row.name) for row in self.rows), default=0)
        values = max((metrics.horizontalAdvance(row.value) for row in self.rows), default=0)
        return QSize(max(132, names + values + KEY + 2 * EDGE + 24), ROW * len(self.rows) + EDGE + 4)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the box."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour("border"))
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(theme.font(11))
        for index, row in enumerate(self.rows):
            line = QRectF(EDGE, EDGE / 2 + 2 + index * ROW, self.width() - 2 * EDGE, ROW)
            if row.token:
                pen = QPen(theme.colour(row.token), 1 if row.faint else 3, c=Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                middle = line.center().y()
                painter.drawLine(QPointF(line.left(), middle), QPointF(line.left() + 9, middle))
            painter.setPen(theme.colour("muted"))
            flags = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(
                line.adjusted(KEY if row.token else 0, 0, 0, 0), flags | Qt.AlignmentFlag.AlignLeft, row.name
            )
            painter.setPen(theme.colour("text"))
            painter.drawText(line, flags | Qt.AlignmentFlag.AlignRight, row.value)

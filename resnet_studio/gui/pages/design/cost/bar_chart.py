"""Bars by stage: what the design has, and hatched beside it what the baseline has."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from resnet_studio.gui import numbers, theme
from resnet_studio.gui.pages.design.cost.bar_scale import Bar, Quantity, scale

TOP, BOTTOM, RIGHT, GAP = 22, 20, 8, 6
WIDEST, SLOT_SHARE = 26.0, 0.7
"""Of a bar in pixels, and of the bars in the room that a stage has."""


class BarChart(QWidget):
    """One quantity by stage. A click or an arrow key chooses a stage; resting on it tells the numbers."""

    picked = Signal(int)

    def __init__(self, quantity: Quantity, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(f"{quantity.word} by stage")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._quantity = quantity
        self._bars: tuple[Bar, ...] = ()
        self._scale = scale(1.0, quantity.units)
        self._baseline = ""
        self._selected: int | None = None
        self._hovered: int | None = None

    def show_bars(self, bars: Sequence[Bar], baseline: str, selected: int | None) -> None:
        """Show other values; `baseline` is the title of what is compared with, empty where nothing is."""
        self._bars, self._baseline, self._selected = tuple(bars), baseline, selected
        known = [value for bar in bars for value in (bar.here, bar.there) if value is not None]
        self._scale = scale(max(known, default=1.0), self._quantity.units)
        told = (f"{bar.name} {self._text(bar.here)}" for bar in self._bars)
        self.setAccessibleDescription("; ".join(told))
        self.update()

    def tip(self, place: int) -> str:
        """Return the numbers of a stage in words."""
        bar = self._bars[place]
        lines = [f"{bar.name}: {self._text(bar.here)} {self._quantity.word}"]
        if self._baseline:
            lines.append(f"{self._baseline}: {self._text(bar.there)}")
            if bar.here is not None and bar.there is not None:
                lines.append(f"difference: {numbers.difference(bar.here - bar.there, self._quantity.show)}")
        return "\n".join(lines)

    def slot_at(self, x: float) -> int | None:
        """Return the place of the stage at a pixel."""
        plot = self._plot()
        if not self._bars or not plot.left() <= x < plot.right():
            return None
        return min(len(self._bars) - 1, int((x - plot.left()) / plot.width() * len(self._bars)))

    # ---- Qt's events

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for the room of a few stages."""
        return QSize(240, 140)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Stay legible."""
        return QSize(150, 90)

    def event(self, event: QEvent) -> bool:
        """Tell the numbers of the stage that the pointer rests on."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.slot_at(event.pos().x())
            QToolTip.showText(event.globalPos(), self.tip(place) if place is not None else "", self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Set the stage under the pointer apart."""
        self._hover(self.slot_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Set none apart."""
        self._hover(None)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the stage under the pointer."""
        place = self.slot_at(event.position().x())
        if place is not None:
            self._pick(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the stage to the left or to the right."""
        steps = {Qt.Key.Key_Left.value: -1, Qt.Key.Key_Right.value: 1}
        if event.key() not in steps:
            super().keyPressEvent(event)
            return
        stages = [bar.stage for bar in self._bars]
        before = stages.index(self._selected) if self._selected in stages else -1
        self._pick(min(max(before + steps[event.key()], 0), len(stages) - 1))

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint axis, bars and names."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._bars:
            plot = self._plot()
            self._paint_axis(painter, plot)
            for place in range(len(self._bars)):
                self._paint_slot(painter, plot, place)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    # ---- painting

    def _text(self, value: float | None) -> str:
        return numbers.UNKNOWN if value is None else self._quantity.show(round(value))

    def _pick(self, place: int) -> None:
        stage = self._bars[place].stage
        if stage is not None:
            self.picked.emit(stage)

    def _hover(self, place: int | None) -> None:
        if place != self._hovered:
            self._hovered = place
            self.update()

    def _plot(self) -> QRectF:
        """Return where the bars are, without the words around them."""
        metrics = QFontMetricsF(theme.font(11))
        words = max(metrics.horizontalAdvance(word) for word in ("stage", *(word for _, word in self._scale.ticks())))
        left = words + GAP + 6
        return QRectF(left, TOP, self.width() - left - RIGHT, self.height() - TOP - BOTTOM)

    def _paint_axis(self, painter: QPainter, plot: QRectF) -> None:
        """Paint what is measured, its unit, and a line for each tick."""
        painter.setFont(theme.font(11, 500))
        painter.setPen(theme.colour("text"))
        head = f"{self._quantity.word} {self._scale.unit}".rstrip()
        painter.drawText(QRectF(GAP, 0, self.width() - GAP, TOP - 6), int(_LEFT), head)
        painter.setFont(theme.font(11))
        for value, word in self._scale.ticks():
            y = plot.bottom() - plot.height() * value / self._scale.top
            painter.setPen(QPen(theme.colour("control" if not value else "grid"), 1))
            # on whole pixels a line of 1 px is sharp
            painter.drawLine(QPointF(plot.left(), round(y) + 0.5), QPointF(plot.right(), round(y) + 0.5))
            painter.setPen(theme.colour("muted"))
            painter.drawText(QRectF(0, y - 7, plot.left() - GAP, 14), int(_RIGHT), word)
        painter.drawText(QRectF(0, plot.bottom() + 3, plot.left() - GAP, 14), int(_RIGHT), "stage")

    def _paint_slot(self, painter: QPainter, plot: QRectF, place: int) -> None:
        """Paint the name of a stage and its bars."""
        bar, wide = self._bars[place], plot.width() / len(self._bars)
        slot = QRectF(plot.left() + place * wide, plot.top(), wide, plot.height())
        chosen = bar.stage is not None and bar.stage == self._selected
        if chosen or place == self._hovered:
            painter.fillRect(slot.adjusted(1, 0, -1, BOTTOM - 2), theme.colour("soft_selection"))
        painter.setFont(theme.font(11, 600 if chosen else 400))
        painter.setPen(theme.colour("text" if chosen else "muted"))
        word = bar.name.removeprefix("stage ")
        painter.drawText(QRectF(slot.left(), plot.bottom() + 3, wide, 14), int(Qt.AlignmentFlag.AlignHCenter), word)
        each = min(WIDEST, wide * SLOT_SHARE / (2 if self._baseline else 1))
        left = slot.center().x() - (each if self._baseline else each / 2)
        self._paint_bar(painter, QRectF(left, plot.top(), each - 1, plot.height()), bar.here, hatched=False)
        if self._baseline:
            self._paint_bar(painter, QRectF(left + each, plot.top(), each - 1, plot.height()), bar.there, hatched=True)

    def _paint_bar(self, painter: QPainter, room: QRectF, value: float | None, *, hatched: bool) -> None:
        if value is None:
            painter.setPen(theme.colour("muted"))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom), numbers.UNKNOWN)
            return
        if not value:
            return
        # at least a pixel: what is there is seen
        room.setTop(room.bottom() - max(1.0, room.height() * value / self._scale.top))
        paint_swatch(painter, room, self._quantity.token, hatched=hatched)


def paint_swatch(painter: QPainter, room: QRectF, token: str, *, hatched: bool) -> None:
    """Paint a bar, or a piece of one for a key: filled here, hatched in the baseline."""
    colour = theme.colour(token)
    painter.setPen(QPen(colour, 1) if hatched else Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(colour, Qt.BrushStyle.BDiagPattern if hatched else Qt.BrushStyle.SolidPattern))
    painter.drawRect(room.adjusted(0.5, 0.5, -0.5, 0) if hatched else room)


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

"""The network diagram: depth as it is drawn, with what can be done in it by pointer and keys."""

from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsView, QToolTip, QWidget

from resnet_studio.analysis.network import Analysis
from resnet_studio.gui import theme
from resnet_studio.gui.pages.design.diagram import saving
from resnet_studio.gui.pages.design.diagram.detail_layout import Spot
from resnet_studio.gui.pages.design.diagram.layout import Box, Column
from resnet_studio.gui.pages.design.diagram.scene import DiagramScene
from resnet_studio.gui.pages.design.diagram.steps import Place, above, below, edge, moved, moved_stage
from resnet_studio.gui.pages.design.diagram.words import tip

_LEAST_SIZE = QSize(640, 300)
_ZOOM_STEP, _ZOOM_LEAST, _ZOOM_MOST = 1.25, 0.2, 8.0
_ANCHOR = QGraphicsView.ViewportAnchor


class Diagram(QGraphicsView):
    """Draws an analysis and reports what is pointed at; it selects nothing by itself.

    Until the user zooms, the drawing is laid out for the size of the view.
    """

    picked = Signal(object, object)
    """Stage (0 the stem, then the stages, then the head) and block (from 0) that were pointed at, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.diagram")
        self.setAccessibleName("Diagram of the network")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.viewport().setMouseTracking(True)
        self._scene = DiagramScene(self)
        self.setScene(self._scene)
        self._fitting = True
        self._room = _LEAST_SIZE
        self._pressed: QPoint | None = None
        self._panned = False
        self._ring = False
        self._resized = QTimer(self, singleShot=True, interval=0)
        self._resized.timeout.connect(self._redraw)
        theme.notifier().changed.connect(self._redraw)

    # ---- what is shown

    def show_analysis(self, analysis: Analysis, selected: Place | None = None) -> None:
        """Draw another analysis, and what is to be selected in it; what is drawn already changes nothing."""
        before, self._scene.analysis = self._scene.analysis, analysis
        if before is None or before.spec != analysis.spec:
            if before and before.spec.block_sizes != analysis.spec.block_sizes:
                self._scene.unfolded.clear()
            self._select(self._scene.selected if selected is None else selected)
        elif selected is not None:
            self.select(*selected)

    def select(self, stage: int | None, block: int | None = None) -> None:
        """Show what is selected: stage 0 is the stem, then the stages, then the head; blocks count from 0."""
        if (stage, block) != self._scene.selected:
            self._select((stage, block))

    def _select(self, place: Place) -> None:
        moved, self._scene.selected = place != self._scene.selected, place
        self._redraw()
        if moved:
            self._bring_into_view()

    def zoom_in(self) -> None:
        """Show it larger."""
        self._zoom(_ZOOM_STEP, _ANCHOR.AnchorViewCenter)

    def zoom_out(self) -> None:
        """Show it smaller."""
        self._zoom(1 / _ZOOM_STEP, _ANCHOR.AnchorViewCenter)

    def fit(self) -> None:
        """Show the whole network again, long stages folded, and follow the size of the view from now on."""
        self._fitting = True
        self._scene.unfolded.clear()
        self._redraw()

    def save_svg(self, path: Path) -> None:
        """Write the whole diagram as SVG in the colours that are shown.

        Raises:
            StudioError: the file can't be written.
        """
        self._scene.point_at(None)
        analysis = self._scene.analysis
        saving.save_svg(self._scene, path, analysis.spec.name if analysis else "")

    def save_png(self, path: Path, scale: float = 2.0) -> None:
        """Write the whole diagram as PNG with so many pixels for each pixel of the screen.

        Raises:
            StudioError: the picture is too large, or the file can't be written.
        """
        self._scene.point_at(None)
        saving.save_png(self._scene, path, scale)

    # ---- drawing, zooming, scrolling

    @Slot()
    def _redraw(self) -> None:
        """Draw everything for the view as it is, or as it was when the user began to zoom."""
        self._resized.stop()
        if self._fitting:
            self._room = self.maximumViewportSize().expandedTo(_LEAST_SIZE)
        bar = self.horizontalScrollBar().sizeHint().height() if self._scene.unfolded else 0
        self._scene.draw(self._room - QSize(0, bar))
        if self._scene.analysis:
            self.setAccessibleDescription(tip(self._scene.analysis, *self._scene.place).replace("\n", ", "))
        if self._fitting:
            self._fit_view()

    def _fit_view(self) -> None:
        """Show the drawing as it is, or smaller where the view is too small for it; unfolded stages are scrolled."""
        room, drawn, policy = self.maximumViewportSize(), self._scene.sceneRect(), Qt.ScrollBarPolicy
        scale = min(1.0, room.height() / max(1.0, drawn.height()))
        if not self._scene.unfolded:
            scale = min(scale, room.width() / max(1.0, drawn.width()))
        wide = policy.ScrollBarAsNeeded if self._scene.unfolded else policy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(wide)
        self.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOff)
        self.setTransform(QTransform.fromScale(scale, scale))

    def _bring_into_view(self) -> None:
        """Scroll to the selected box where not all is seen."""
        stage, block = self._scene.place
        layout = self._scene.layout
        box = layout.box_of(stage, block) if layout and stage is not None else None
        if box and self._fitting and self._scene.unfolded:
            self.centerOn(box.rect.center())  # the panel has its middle there
        elif box and not self._fitting:
            self.ensureVisible(box.rect, 60, 60)

    def _zoom(self, factor: float, anchor: QGraphicsView.ViewportAnchor) -> None:
        """Scale the view within its bounds; from now on the user rules over the zoom."""
        self.setTransformationAnchor(anchor)
        before = self.transform().m11()
        after = min(max(before * factor, _ZOOM_LEAST), _ZOOM_MOST)
        self._fitting = False
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.scale(after / before, after / before)

    def _unfold(self, box: Box) -> None:
        """Bring out the blocks of a folded box, the first of them in the middle of the view."""
        self._scene.unfold(box)
        self._redraw()
        layout = self._scene.layout
        first = layout.box_of(box.stage, box.block) if layout and box.stage is not None else None
        if first:
            self.centerOn(first.rect.center())

    # ---- the pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Remember where a click or a drag begins."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._panned = event.position().toPoint(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Pan while the button is held, else show what can be clicked."""
        here = event.position().toPoint()
        if self._pressed is None:
            found = self._scene.at(self.mapToScene(here))
            self._point_at(found if isinstance(found, Box) and found.stage is not None else None)
            return
        moved_by = here - self._pressed
        if self._panned or moved_by.manhattanLength() >= QApplication.startDragDistance():
            self._panned, self._pressed = True, here
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - moved_by.x())
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved_by.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take a press without a drag as a click."""
        if event.button() == Qt.MouseButton.LeftButton:
            clicked, self._pressed = self._pressed is not None and not self._panned, None
            if clicked:
                self._click(event.position().toPoint())

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Point at nothing."""
        self._point_at(None)
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom with Ctrl, else scroll."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom(_ZOOM_STEP ** (event.angleDelta().y() / 120), _ANCHOR.AnchorUnderMouse)
            event.accept()
        else:
            super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Show the numbers of what the pointer rests on; zoom with two fingers."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._zoom(1 + event.value(), _ANCHOR.AnchorUnderMouse)
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos()), self.viewport())
            return True
        return super().viewportEvent(event)

    def tip_at(self, here: QPoint) -> str:
        """Return the numbers of what stands at a point of the view; empty where nothing does."""
        return self._scene.tip_at(self.mapToScene(here))

    def _click(self, here: QPoint) -> None:
        point = self.mapToScene(here)
        match self._scene.at(point):
            case Spot(part=part):
                if part.block is not None:
                    self.picked.emit(self._scene.place[0], part.block)
            case Box() as box if box.count > 1:
                self._unfold(box)
            case Box(stage=stage, block=block):
                self.picked.emit(stage, block)
            case Column(stage=stage):
                self.picked.emit(stage, None)
            case _:
                if self._scene.layout and point.y() < self._scene.layout.panel.top():
                    self.picked.emit(None, None)

    def _point_at(self, box: Box | None) -> None:
        self._scene.point_at(box)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if box else Qt.CursorShape.ArrowCursor)

    # ---- keys, size and focus

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move the selection, descend and ascend, zoom."""
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom_in()
            case Qt.Key.Key_Minus:
                self.zoom_out()
            case Qt.Key.Key_0:
                self.fit()
            case key:
                here, there = self._scene.place, self._target(key)
                if there is None or there == here == (None, None):
                    super().keyPressEvent(event)
                elif there != here:
                    self.picked.emit(*there)

    def _target(self, key: int) -> Place | None:
        """Return the place to which a key leads; none for a key that leads nowhere."""
        if self._scene.analysis is None:
            return None
        spec, here = self._scene.analysis.spec, self._scene.place
        match key:
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                return moved(spec, here, -1 if key == Qt.Key.Key_Left else 1)
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                return moved_stage(spec, here, -1 if key == Qt.Key.Key_Up else 1)
            case Qt.Key.Key_Home | Qt.Key.Key_End:
                return edge(spec, last=key == Qt.Key.Key_End)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                return below(spec, here)
            case Qt.Key.Key_Escape:
                return above(here)
            case _:
                return None

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay out for the new size, until the user has zoomed; once for all that an edit moves about it."""
        super().resizeEvent(event)
        if self._fitting:
            self._resized.start()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show the focus that came by the keyboard."""
        reasons = {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
        self._ring = event.reason() in reasons
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Take the ring of the focus away."""
        self._ring = False
        super().focusOutEvent(event)
        self.viewport().update()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: N802 - Qt's name
        """Draw the ring of the focus over everything."""
        super().drawForeground(painter, rect)
        if self._ring:
            painter.save()
            painter.resetTransform()
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
            painter.restore()

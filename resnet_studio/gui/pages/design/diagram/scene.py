"""The drawing of a network: layout, row and inside as items, and what stands at a point of it."""

from PySide6.QtCore import QObject, QPointF, QRectF, QSize
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene

from resnet_studio.analysis.network import Analysis, Fault
from resnet_studio.gui import theme
from resnet_studio.gui.pages.design.diagram.detail import Detail, Remark, inside
from resnet_studio.gui.pages.design.diagram.detail_drawing import draw_detail, draw_remark
from resnet_studio.gui.pages.design.diagram.detail_layout import Spot, least_width
from resnet_studio.gui.pages.design.diagram.drawing import draw_network, draw_wedge, label_width, outline
from resnet_studio.gui.pages.design.diagram.items import Sketch
from resnet_studio.gui.pages.design.diagram.layout import MARGIN, Box, Column, Layout, lay_out
from resnet_studio.gui.pages.design.diagram.parts import UNFOLD
from resnet_studio.gui.pages.design.diagram.steps import Place, existing
from resnet_studio.gui.pages.design.diagram.words import layer_tip, tip

_PANEL_MOST = 1240
_HOVER_DEPTH = 30


class DiagramScene(QGraphicsScene):
    """Draws an analysis for a room of so many pixels, all of it anew each time: that takes a few milliseconds.

    Attributes:
        analysis: what is drawn.
        selected: stage and block whose inside is wanted.
        unfolded: how many blocks are drawn one by one in the stages that the user has unfolded.
        place: stage and block whose inside is shown: what is selected, as far as the network has it.
        layout: where everything stands; None before the first drawing.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.analysis: Analysis | None = None
        self.selected: Place = (None, None)
        self.place: Place = (None, None)
        self.unfolded: dict[int, int] = {}
        self.layout: Layout | None = None
        self._spots: list[Spot] = []
        self._hover: QGraphicsPathItem | None = None

    def draw(self, room: QSize) -> None:
        """Draw the analysis, larger than the room where it needs more."""
        self.clear()
        self._hover, self._spots = None, []
        self.setBackgroundBrush(theme.colour("base"))
        if self.analysis is None:
            return
        self.place = existing(self.analysis.spec, self.selected)
        detail = inside(self.analysis, *self.place)
        width = max(room.width(), 2 * MARGIN + least_width(detail) if isinstance(detail, Detail) else 0)
        layout = lay_out(self.analysis, width, room.height(), label_width, self.unfolded, self.place)
        self.layout = layout
        sketch = Sketch()
        draw_network(sketch, layout, self.place, concat=self.analysis.spec.merge == "concat")
        self._draw_inside(sketch, detail, self.analysis.fault, layout)
        sketch.place(self)
        self.setSceneRect(0, 0, layout.width, layout.height)

    def unfold(self, box: Box) -> None:
        """Have more blocks of a folded box drawn one by one from the next drawing on."""
        if self.analysis and self.layout and box.stage is not None:
            drawn = sum(each.stage == box.stage for each in self.layout.boxes)
            self.unfolded[box.stage] = min(self.analysis.spec.block_sizes[box.stage - 1], drawn + UNFOLD)

    def at(self, point: QPointF) -> Spot | Box | Column | None:
        """Return what stands at a point: a part of the inside, else a box of the row, else a column of it."""
        if self.layout is None:
            return None
        spot = next((spot for spot in self._spots if spot.rect.contains(point)), None)
        return spot or self.layout.box_at(point) or self.layout.column_at(point)

    def tip_at(self, point: QPointF) -> str:
        """Return the numbers of what stands at a point; empty where nothing does."""
        found = self.at(point)
        if self.analysis is None or found is None:
            return ""
        if isinstance(found, Column):
            return tip(self.analysis, found.stage)
        if isinstance(found, Box):
            return tip(self.analysis, found.stage, found.block, found.count)
        layer = found.part.layer
        return layer_tip(layer) if layer else tip(self.analysis, self.place[0], found.part.block)

    def point_at(self, box: Box | None) -> None:
        """Draw an edge around the box under the pointer."""
        if self._hover is not None:
            self.removeItem(self._hover)
            self._hover = None
        if box is not None:
            self._hover = self.addPath(outline(box), QPen(theme.colour("accent"), 1.25))
            self._hover.setZValue(_HOVER_DEPTH)

    def _draw_inside(self, sketch: Sketch, detail: Detail | Remark, fault: Fault | None, layout: Layout) -> None:
        """Draw the panel with the inside of what is selected, or a sentence in its place."""
        opened = self._opened(fault, layout)
        panel = _panel(layout, opened)
        if isinstance(detail, Remark):
            draw_remark(sketch, detail, panel)
            return
        if opened:
            draw_wedge(sketch, opened, panel, faulty=detail.faulty)
        self._spots = draw_detail(sketch, detail, panel)

    def _opened(self, fault: Fault | None, layout: Layout) -> QRectF | None:
        """Return the room of the boxes whose inside is shown: the selected ones, else a faulty one."""
        stage, block = self.place
        if fault and fault.stage and fault.block and stage in {None, fault.stage} and block in {None, fault.block - 1}:
            stage, block = fault.stage, fault.block - 1
        opened: QRectF | None = None
        for box in layout.boxes:
            if box.stage == stage and stage is not None and block in {None, box.block}:
                opened = opened.united(box.rect) if opened else box.rect
        return opened


def _panel(layout: Layout, opened: QRectF | None) -> QRectF:
    """Return the room for the inside: in the middle of the view, or under what is opened where the row is wider."""
    width = min(layout.panel.width(), _PANEL_MOST)
    wider = layout.width > layout.panel.width() + 2 * MARGIN
    middle = opened.center().x() if opened and wider else layout.width / 2
    left = min(max(MARGIN, middle - width / 2), layout.width - MARGIN - width)
    return QRectF(round(left), layout.panel.top(), round(width), layout.panel.height())

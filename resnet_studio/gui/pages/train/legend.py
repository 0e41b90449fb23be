"""What the lines and points of the plots stand for."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.widgets.label import Label

KEYS = ("train", "smoothed", "validation", "average", "parent", "checkpoint")
TOKENS = {"train": "blue", "smoothed": "blue", "validation": "vermillion", "average": "green", "parent": "blue"}
WIDTHS = {"train": 1.0, "smoothed": 2.0, "validation": 1.5, "average": 1.5, "parent": 2.0}
FAINT = ("train", "parent")
DASHES = {"validation": (5, 3), "average": (2, 3)}
GAP = 6
"""Pixels between a sample and its name, and twice that from one to the next."""


@dataclass(frozen=True)
class Kinds:
    """Which curves there are beside those of every run.

    Attributes:
        average: whether an average of the weights is kept.
        parent: whether those of what the run goes on from are drawn.
        origin: what that is, and what of it can't be drawn, in words; empty: it goes on from nothing.
    """

    average: bool = False
    parent: bool = False
    origin: str = ""


class Legend(QWidget):
    """A sample of each kind of line or point with its name; of the average and the parent only where there is one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.legend")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GAP)
        self._entries = {key: _Entry(key) for key in KEYS}
        for entry in self._entries.values():
            row.addWidget(entry)
        self.show_kinds(Kinds())

    def show_kinds(self, kinds: Kinds) -> None:
        """Name what there is, or leave it out."""
        self._entries["average"].setVisible(kinds.average)
        parent = self._entries["parent"]
        parent.label.setText("parent" if kinds.parent else "parent not found")
        parent.sample.setVisible(kinds.parent)
        parent.setToolTip(kinds.origin)
        parent.setVisible(bool(kinds.origin))

    def leave_out_checkpoints(self, *, out: bool) -> None:
        """Do without the name of the checkpoints, which stand on the axis and look like nothing else."""
        self._entries["checkpoint"].setVisible(not out)


class _Entry(QWidget):
    """A sample and its name."""

    def __init__(self, key: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        self.sample, self.label = _Sample(key), Label(key, size="small")
        row.addWidget(self.sample)
        row.addWidget(self.label)


class _Sample(QWidget):
    """One sample, drawn as the plots draw it."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self.setFixedSize(QSize(12 if key == "checkpoint" else 18, 12))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.width() / 2, self.height() / 2)
        if self._key == "checkpoint":
            painter.setPen(QPen(theme.colour("box_edge"), 1.25))
            painter.setBrush(theme.colour("base"))
            sides = ((0, -5), (4, 0), (0, 5), (-4, 0))
            painter.drawPolygon(QPolygonF([middle + QPointF(*side) for side in sides]))
            return
        width = WIDTHS[self._key]
        pen = QPen(theme.colour(TOKENS[self._key]), width, c=Qt.PenCapStyle.FlatCap)
        if self._key in FAINT:
            painter.setOpacity(0.5)
        if self._key in DASHES:
            pen.setDashPattern([length / width for length in DASHES[self._key]])
        painter.setPen(pen)
        painter.drawLine(QPointF(0, middle.y()), QPointF(self.width(), middle.y()))

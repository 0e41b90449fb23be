"""The column right of the images: their classes, what was found wrong, their sizes, and what is known of the source."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from resnet_studio.data.checks.check import Report
from resnet_studio.data.images import ImageSet
from resnet_studio.gui import theme
from resnet_studio.gui.pages.data.overview.class_chart import COLOURS, ClassChart
from resnet_studio.gui.pages.data.overview.facts import Facts
from resnet_studio.gui.pages.data.overview.findings_panel import FindingsPanel, ShowOnly
from resnet_studio.gui.pages.data.overview.fold import Fold, Snug
from resnet_studio.gui.pages.data.overview.size_words import summary
from resnet_studio.gui.pages.data.overview.sizes_chart import SizesChart
from resnet_studio.gui.pages.data.pictures.gallery import class_counts
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.tab_order import in_tab_order

WIDTH = 344
LEAST_CHART, LEAST_SHARE, MOST_SHARE = 160, 0.4, 0.6
"""Pixels that the classes keep at least, and the share of the column that they keep: the most where the findings need
little, the least where they need a lot."""
Counts = dict[str, NDArray[np.int64]]
"""Number of images of each class, (classes,), for each split."""


class Overview(QFrame):
    """Follows the images and the check of the session; parts that nobody opened open where there is room."""

    def __init__(
        self,
        session: Session,
        show_only: ShowOnly,
        show_class: Callable[[int], None],
        parent: QWidget | None = None,
    ) -> None:
        """Make the column.

        Args:
            session: what it follows.
            show_only: shows some files alone among the images.
            show_class: shows the images of one class.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self.setObjectName("view.overview")
        self.setProperty("ground", "base")
        self.setProperty("edge", "left")
        self.setFixedWidth(WIDTH)
        self._session = session
        self._shown: ImageSet | Report | None = None
        self._sized_for: tuple[Report | None, tuple[int, int] | None] | None = None
        self._by_user: set[Fold] = set()
        self._chart, self._facts, self._sizes_chart = ClassChart(), Facts(), SizesChart()
        self._chart.clicked.connect(show_class)
        self._chart_scroll = Snug(self._chart, name="view.overview.classes.scroll", least=LEAST_CHART)
        self._classes = Fold("Classes", self._chart_scroll, name="view.overview.classes")
        sort = self._sort_button()
        self._classes.head.add(sort)
        in_tab_order((sort, self._chart))
        for split, colour in COLOURS.items():
            self._classes.head.add_right(_Swatch(colour), Label(split, size="note"))
        self._findings = FindingsPanel(session, show_only)
        self._sizes = Fold("Sizes", self._sized(), name="view.overview.sizes")
        self._source = Fold("Source", self._facts, name="view.overview.source")
        self._folds = (self._classes, self._findings, self._sizes, self._source)
        self._body = QWidget()
        self._body.installEventFilter(self)
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        for fold in self._folds:
            self._column.addWidget(fold)
            fold.folded.connect(self._folded)
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("view.overview.scroll")
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        session.images_changed.connect(self.refresh)
        session.check_changed.connect(self.refresh)
        self._show_classes((), {})
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the images that are there; until they are, what the check knows of them."""
        session, report = self._session, self._session.checking.report
        images = session.images
        if session.loading.of_wanted is None and session.checking.of_wanted is not None:
            # those of another source, which its findings must not stand beside
            images = None
        shown = images or report
        if shown is not self._shown:
            self._shown = shown
            if images is not None:
                self._show_classes(images.class_names, class_counts(images))
                self._facts.show_images(images)
                self._source.set_summary(images.title)
            elif report is not None:
                self._show_classes(report.class_names, {part: _array(ones) for part, ones in report.counts.items()})
            else:
                self._show_classes((), {})
        self._facts.show_report(report)
        self._source.setVisible(images is not None)
        self._show_sizes(report, images.spec.image_size if images is not None else None)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Open what there is room for."""
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Open what there is room for when a part needs more or less of it."""
        if watched is self._body and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _show_classes(self, names: tuple[str, ...], counts: Counts) -> None:
        self._chart.show_counts(names, counts)
        # while it is out of sight, its layout would never hear of its other height
        self._chart_scroll.updateGeometry()
        self._classes.setVisible(bool(names))
        self._classes.set_summary(f"{len(names):,}")

    def _show_sizes(self, report: Report | None, wanted: tuple[int, int] | None) -> None:
        """Show the sizes of a report; a loading that tells its progress many times a second draws nothing again."""
        if (report, wanted) == self._sized_for:
            return
        self._sized_for = report, wanted
        sizes = report.sizes if report is not None else {}
        words = summary(sizes)
        self._sizes.setVisible(bool(words))
        self._sizes.set_summary(words)
        self._sizes_line.setText(f"{words} (width × height)")
        # of one size there is no more to show than the line
        self._sizes.set_foldable(foldable=len(sizes) > 1)
        if len(sizes) > 1:
            self._sizes_chart.show_sizes(sizes, wanted)

    def _fit(self) -> None:
        """Give the classes their share, and open sizes and source where all of it has room, unless the user chose."""
        heads = sum(fold.head.height() for fold in self._folds if not fold.isHidden())
        room = self.height() - heads
        findings = 0 if self._findings.is_folded() else self._findings.needed()
        share = max(round(LEAST_SHARE * room), min(round(MOST_SHARE * room), room - findings))
        self._chart_scroll.set_least(max(LEAST_CHART, share))
        for fold in (self._classes, self._findings):
            if not fold.is_folded() and not fold.isHidden():
                room -= fold.needed()
        for fold in (self._source, self._sizes):
            needed = fold.needed()
            if fold not in self._by_user:
                fold.set_folded(folded=needed > room)
            if not fold.is_folded() and not fold.isHidden():
                room -= needed

    @Slot()
    def _folded(self) -> None:
        fold = self.sender()
        if isinstance(fold, Fold):
            self._by_user.add(fold)
        self._fit()

    def _sort_button(self) -> ToolButton:
        button = ToolButton(
            "sort", "The classes with most images first; else in their order", name="view.overview.sort"
        )
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.toggled.connect(self._chart.sort)
        return button

    def _sized(self) -> QWidget:
        self._sizes_line = Label(ink="muted", size="small", name="view.overview.sizes.line")
        self._sizes_line.setContentsMargins(12, 8, 12, 4)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._sizes_line)
        column.addWidget(self._sizes_chart)
        return content


def _array(values: tuple[int, ...]) -> NDArray[np.int64]:
    return np.array(values, np.int64)


class _Swatch(QWidget):
    """A square in the colour of a split."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        self._colour = colour
        self.setFixedSize(10, 10)

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(self._colour))
        painter.drawRoundedRect(QRectF(self.rect()), 2, 2)

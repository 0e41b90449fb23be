"""The bar above the tables: which one is shown, the batch size they count at, finding, columns, copying."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from resnet_studio.gui.pages.design.cost.line import counted_precision
from resnet_studio.gui.pages.design.tables.find_field import FindField
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.tabs import Tabs
from resnet_studio.gui.widgets.tool_row import ToolRow
from resnet_studio.gui.widgets.whole_spin import WholeSpin
from resnet_studio.spec.training import TrainingSpec

ROOMY = 760
"""Pixels from which there is room for the words before the batch size."""

NARROW = 600
"""Pixels that tabs and tools need at least."""


class TableBar(ToolRow):
    """Tabs at the left, tools at the right; while rows are searched, the field stands in place of the batch size."""

    batch_edited = Signal(int)

    def __init__(self, tabs: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(name="view.tables.bar", edge="bottom", height=32, parent=parent)
        self.tabs = Tabs(tabs, name="view.tables", label="tables")
        self.search = FindField()
        self._words = Label("activations at batch", ink="muted", size="small")
        self._batch = WholeSpin(
            1, 65_536, name="view.batch_size", label="batch size at which activations are counted", compact=True
        )
        self._batch.setToolTip("The training's batch size: activations and training memory are counted at it")
        self._precision = Label(ink="muted", size="small")
        self._tools = [
            ToolButton("search", "Find rows by path, kind or shape (Ctrl+F)", name="view.tables.find"),
            ToolButton("columns", "Choose the columns", name="view.tables.columns"),
            ToolButton("copy", "Copy the table, or save it", name="view.copy"),
        ]
        for button in self._tools[1:]:
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.add(self.tabs)
        self.add_right(self._words, self._batch, self._precision, self.search, *self._tools)
        self._tools[0].clicked.connect(self.start_search)
        self.search.closed.connect(self._arrange)
        self._batch.valueChanged.connect(self.batch_edited)

    def show_training(self, training: TrainingSpec) -> None:
        """Show the batch size and the precision."""
        with QSignalBlocker(self._batch):
            self._batch.set_number(training.batch_size)
        auto = training.precision == "auto"
        self._precision.setText(counted_precision(training))
        self._precision.setToolTip("Counted as fp32; on a machine made for bf16 it is half of that" if auto else "")

    def offer(self, columns: QMenu | None, copying: QMenu | None, *, searchable: bool) -> None:
        """Offer the tools of what is shown; those that it has no use for are disabled."""
        for button, menu in zip(self._tools[1:], (columns, copying), strict=True):
            button.setMenu(menu)  # type: ignore[arg-type]  # None takes the menu away
            button.setEnabled(menu is not None)
        self._tools[0].setEnabled(searchable)

    @Slot()
    def start_search(self) -> None:
        """Open the field to search in, where there are rows to search."""
        if self._tools[0].isEnabled():
            self.search.open()
            self._arrange()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for the room of what is never left out, so that the rest never widens the window."""
        return QSize(NARROW, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave out the words where there is no room for them."""
        super().resizeEvent(event)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        searching, roomy = not self.search.isHidden(), self.width() >= ROOMY
        self.search.set_short(short=not roomy)
        self._words.setVisible(not searching and roomy)
        for tool in self._tools[1:]:
            tool.setVisible(roomy or not searching)
        for widget in (self._batch, self._precision):
            widget.setVisible(not searching)

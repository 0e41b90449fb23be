"""The edits since the document was opened, each a place to go back to."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Slot
from PySide6.QtGui import QAction, QPalette, QUndoStack
from PySide6.QtWidgets import QFrame, QStyledItemDelegate, QStyleOptionViewItem, QUndoView, QVBoxLayout, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.icons import icon
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.tool_row import ToolRow

WIDTH = 240


class HistoryPanel(QFrame):
    """A list at the right of the window: the step that stands is selected, the one that is saved has a mark."""

    def __init__(self, session: Session, action: QAction, parent: QWidget | None = None) -> None:
        """Make the panel.

        Args:
            session: whose steps these are.
            action: checkable, shows and hides it.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self.setObjectName("view.history.panel")
        self.setProperty("ground", "base")
        self.setProperty("edge", "left")
        self.setFixedWidth(WIDTH)
        head = ToolRow("History")
        close = ToolButton("close", "Close the history", name="view.history.close")
        close.clicked.connect(action.trigger)
        head.add_right(close)
        self._list = QUndoView(session.undo_stack)
        self._list.setObjectName("view.history")
        self._list.setAccessibleName("history of edits")
        self._list.setEmptyLabel("as it was opened")
        self._list.setCleanIcon(icon("save", "muted"))
        self._list.setItemDelegate(_Step(session.undo_stack, self._list))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._list, 1)
        session.document_changed.connect(self._repaint)
        action.toggled.connect(self.setVisible)
        self.setVisible(action.isChecked())

    @Slot()
    def _repaint(self) -> None:
        """Repaint all steps: those after the one that stands are muted."""
        self._list.viewport().update()


class _Step(QStyledItemDelegate):
    """One line; what was undone is muted, what is saved says so."""

    def __init__(self, stack: QUndoStack, parent: QWidget) -> None:
        super().__init__(parent)
        self._stack = stack

    def initStyleOption(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Choose the ink, and the icon's place at the right."""
        super().initStyleOption(option, index)
        if index.row() > self._stack.index():
            option.palette.setColor(QPalette.ColorRole.Text, theme.colour("muted"))
        if index.row() == self._stack.index():
            option.font = theme.font(13, 500)
        option.decorationPosition = QStyleOptionViewItem.Position.Right
        option.decorationAlignment = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        option.decorationSize = QSize(16, 16)
        if index.row() == self._stack.cleanIndex():
            option.text += ", saved"

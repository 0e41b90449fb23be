"""A part of the column beside the grid: a bar with its title, and below it what can be folded away."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from resnet_studio.gui.icons import icon
from resnet_studio.gui.widgets.label import ElidedLabel
from resnet_studio.gui.widgets.tool_row import ToolRow


class Fold(QFrame):
    """A bar of 36 px with a chevron; while it is folded, the bar says in a few words what is inside."""

    folded = Signal()
    """The user closed or opened it."""

    def __init__(self, title: str, content: QWidget, *, name: str, parent: QWidget | None = None) -> None:
        """Make an open part with `title`, objectName `name`, and `content` below its bar."""
        super().__init__(parent)
        self.setObjectName(name)
        self._title, self.content = title, content
        self.head = ToolRow(title, name=f"{name}.head")
        self._chevron = QToolButton()
        self._chevron.setObjectName(f"{name}.fold")
        self._chevron.setProperty("fold", "true")
        self._chevron.setFixedSize(20, 20)
        self._chevron.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._chevron.clicked.connect(self._clicked)
        self._summary = ElidedLabel(ink="muted", size="small", name=f"{name}.summary")
        self.head.add(self._chevron, self._summary)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(content)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._foldable = True
        self.set_folded(folded=False)

    def set_foldable(self, *, foldable: bool) -> None:
        """Let it be opened, or show its summary alone."""
        self._foldable = foldable
        self._chevron.setVisible(foldable)
        self.set_folded(folded=self.is_folded())

    def set_summary(self, text: str) -> None:
        """Say in a few words what is inside, for while it is folded."""
        self._summary.setText(text)

    def needed(self) -> int:
        """Return the height that its content asks for at its width, in pixels."""
        content, width = self.content, max(self.width(), self.content.minimumSizeHint().width())
        return content.heightForWidth(width) if content.hasHeightForWidth() else content.sizeHint().height()

    def is_folded(self) -> bool:
        """Whether its content is hidden."""
        return self.content.isHidden()

    def set_folded(self, *, folded: bool) -> None:
        """Hide or show its content, without a signal; what can't be opened stays folded."""
        folded = folded or not self._foldable
        self.content.setHidden(folded)
        self._summary.setVisible(folded)
        self._chevron.setIcon(icon("chevron-right" if folded else "chevron-down", "muted"))
        self._chevron.setToolTip(f"{'Show' if folded else 'Hide'} {self._title.lower()}")
        self._chevron.setAccessibleName(self._chevron.toolTip())

    @Slot()
    def _clicked(self) -> None:
        self.set_folded(folded=not self.is_folded())
        self.folded.emit()


class Snug(QScrollArea):
    """Scrolls down what has no room, and asks for no more room than its content needs."""

    def __init__(self, content: QWidget, *, name: str, least: int, parent: QWidget | None = None) -> None:
        """Make an area around `content` with objectName `name` that keeps `least` pixels, or all that it needs."""
        super().__init__(parent)
        self.setObjectName(name)
        self._least, self._content = least, content
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        self.setWidget(content)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Ask for other room when the content does."""
        if watched is self._content and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def set_least(self, least: int) -> None:
        """Keep another height at least, in pixels."""
        if least != self._least:
            self._least = least
            self.updateGeometry()

    def needed(self) -> int:
        """Return the height of its content at the width that it has, in pixels."""
        content = self._content
        width = max(self.viewport().width(), content.minimumSizeHint().width())
        high = content.heightForWidth(width) if content.hasHeightForWidth() else content.sizeHint().height()
        return max(high, content.minimumHeight())

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for what the content needs."""
        return QSize(0, self.needed())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Keep the least, or what the content needs where that is less."""
        return QSize(0, min(self._least, self.needed()))

"""Text that is only read."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOption, QToolTip, QWidget

from resnet_studio.gui import theme


class Label(QLabel):
    """Plain text in one of the theme's inks and sizes; what it shows is never read as markup."""

    def __init__(
        self, text: str = "", *, ink: str = "", size: str = "", name: str = "", parent: QWidget | None = None
    ) -> None:
        """Make a label.

        Args:
            text: what it shows.
            ink: `muted`, `accent`, `ok`, `warning`, `error` or `disabled`; empty: `text`.
            size: `note` (11 px), `small` (12), `section` (12 semibold), `strong` (13 medium), `title` (13 semibold),
                `figure` (16 semibold); empty: 13.
            name: objectName.
            parent: the widget it lies in.
        """
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setObjectName(name)
        self.setIndent(0)  # with an edge, Qt would indent by half an x
        if ink:
            self.setProperty("ink", ink)
        if size:
            self.setProperty("type", size)  # QWidget has a property "size" already

    def set_ink(self, ink: str) -> None:
        """Change the colour; empty is `text`."""
        theme.set_look(self, "ink", ink or None)


class ElidedLabel(Label):
    """One line that ends in … where it lacks room, and then shows all of it in its tooltip."""

    def __init__(
        self,
        text: str = "",
        *,
        ink: str = "",
        size: str = "",
        name: str = "",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        """Make a label as `Label` does; `mode` says where the text is cut."""
        super().__init__(text, ink=ink, size=size, name=name, parent=parent)
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Leave at least room for a few letters."""
        return QSize(min(48, self.sizeHint().width()), self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Show the whole text as a tooltip while it is cut."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._shown() != self.text():
            QToolTip.showText(event.globalPos(), self.text(), self)
            return True
        return super().event(event)

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint as much of the text as there is room for."""
        painter, option = QPainter(self), QStyleOption()
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), int(self.alignment()), self._shown())

    def _shown(self) -> str:
        return self.fontMetrics().elidedText(self.text(), self._mode, self.contentsRect().width())

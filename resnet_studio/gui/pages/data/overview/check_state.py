"""The strip below the head of the findings: how far the check is, and the button that stops it or goes on."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.data.watch import Progress
from resnet_studio.gui import numbers
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import Button
from resnet_studio.gui.widgets.glyph import Glyph
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.progress_line import ProgressLine


class CheckState(QFrame):
    """Follows the check of the session; hidden while there is nothing to say."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.check")
        self.setAccessibleName("state of the check")
        self.setProperty("edge", "bottom")
        self._session = session
        self._glyph, self._words = Glyph("busy", "accent", 14), Label(size="small", name="view.check.words")
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._line = ProgressLine(name="view.check.progress", label="images looked at")
        self._button = Button("Stop", name="view.check.button", compact=True)
        self._button.clicked.connect(self._clicked)
        told = QVBoxLayout()
        told.setSpacing(0)
        told.addWidget(self._words)
        told.addWidget(self._line)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 7, 12, 8)
        row.setSpacing(8)
        row.addWidget(self._glyph)
        row.addLayout(told, 1)
        row.addWidget(self._button)
        session.check_changed.connect(self.refresh)
        session.images_changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the state as it is now."""
        checking = self._session.checking
        words, glyph = self._told()
        progress = checking.progress if checking.state == "checking" else None
        shown = progress is not None and bool(progress.total)
        self._words.setText(words)
        self._words.setVisible(not shown)
        self._line.setVisible(shown)
        if progress is not None and progress.total:
            left = progress.seconds_left
            self._line.set(
                progress.done / progress.total,
                f"{numbers.count(progress.done)} of {numbers.count(progress.total)} images looked at",
                "" if left is None else f"{numbers.duration(left)} left",
            )
        self._glyph.set(*glyph)
        self._button.setText("Stop" if checking.active else "Check again" if checking.state == "failed" else "Check")
        self._button.setVisible(checking.active or checking.can_go_on)
        self.setVisible(bool(words) or shown)

    def _told(self) -> tuple[str, tuple[str, str]]:
        """Return what there is to say, and the glyph before it."""
        checking = self._session.checking
        looked = _looked(checking.progress or (checking.report.progress if checking.report else None))
        if checking.state == "failed":
            return checking.error, ("error", "error")
        if checking.state == "walking":
            return f"Looking through the folders{looked}", ("busy", "accent")
        if checking.state == "checking":
            return "Looking at the images", ("busy", "accent")
        if checking.state == "waiting" and self._session.loading.active:
            return "The images are looked at while they are loaded.", ("busy", "accent")
        if checking.can_go_on:
            return "The images themselves are not looked at yet.", ("info", "muted")
        return "", ("info", "muted")

    @Slot()
    def _clicked(self) -> None:
        checking = self._session.checking
        if checking.active:
            checking.stop()
        else:
            checking.go_on()


def _looked(progress: Progress | None) -> str:
    return f", {numbers.count(progress.done)} files" if progress is not None and progress.done else ""

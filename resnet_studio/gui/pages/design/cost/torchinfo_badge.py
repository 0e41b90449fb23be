"""torchinfo's second opinion as a badge that keeps its place and its width, whatever it says."""

from html import escape

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from resnet_studio.gui import numbers
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.badge import Badge, State
from resnet_studio.gui.widgets.popover import Popover

PATIENCE_MS = 400
"""How long torchinfo may take before the badge says that it is being asked; most answers come sooner."""

WAITING, ASKING, AGREES, DIFFERS = "torchinfo", "asking torchinfo", "torchinfo agrees", "torchinfo differs"
WHOLE = "All rows agree: shapes, parameters, multiply-adds less norms and biases"
COMPOSED = "; one of each equal blocks was confirmed, the totals are composed"
MORE = "Click for the rows"


class TorchinfoBadge(Badge):
    """Follows the session; a click tells what was compared, and names the rows that differ."""

    faults_asked = Signal()
    """It was clicked while the design can't be built."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("", "info", name="view.torchinfo", parent=parent)
        self._session = session
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._lose_patience)
        self._sheet = Popover(self, name="view.torchinfo.sheet")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._keep_width()
        session.changed.connect(self.refresh)
        session.confirmed.connect(self.refresh)
        session.changed.connect(self._sheet.leave)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what torchinfo says of the design; of one that it was not asked about yet, nothing."""
        opinion, errors = self._session.opinion, self._session.analysis.errors
        if errors:
            words = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
            self._say(f"not built: {words}", "error", numbers.prose(errors[0].message))
        elif opinion is None:
            # blank at once, for the last word was on another design; busy only where the answer is long in coming
            if self.state != "busy" and not self._patience.isActive():
                self.set(WAITING, "info", "torchinfo is asked as soon as the hand rests.")
                self._patience.start()
        elif opinion.agrees:
            self._say(AGREES, "ok", f"{WHOLE}{'' if opinion.whole else COMPOSED}.")
        else:
            self._say(DIFFERS, "error", "\n".join([*opinion.differences[:8], MORE]))

    def tell(self) -> None:
        """Open the sheet with what was compared, or the findings of a design that can't be built."""
        opinion, analysis = self._session.opinion, self._session.analysis
        if analysis.errors:
            self.faults_asked.emit()
            return
        if opinion is None:
            return
        lines = list(opinion.differences) or [f"{WHOLE}{'' if opinion.whole else COMPOSED}."]
        extra = numbers.count(analysis.extra_mult_adds)
        lines += [
            f"Parameters: {numbers.count(opinion.total_params)} in torchinfo, {numbers.count(analysis.params)} here.",
            f"Multiply-adds: {numbers.count(opinion.mult_adds)} in torchinfo, which counts {extra} of norms and "
            f"biases too, {numbers.count(analysis.mult_adds)} here.",
        ]
        count = len(opinion.differences)
        title = AGREES if not count else f"{DIFFERS}: {count} {'row' if count == 1 else 'rows'}"
        html = "".join(f"<p style='margin:0 0 4px 0'>{escape(line)}</p>" for line in lines)
        beside = QRect(self.mapToGlobal(QPoint(0, 0)), self.size())
        self._sheet.open(title, html, "\n".join([title, *lines]) + "\n", beside)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell more."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Tell more on Enter and the space bar."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.tell()
        else:
            super().keyPressEvent(event)

    def _say(self, words: str, state: State, tip: str) -> None:
        self._patience.stop()
        self.set(words, state, tip)

    @Slot()
    def _lose_patience(self) -> None:
        self.set(ASKING, "busy", "The module is being built on the meta device and summarised.")

    def _keep_width(self) -> None:
        """Take the room of the longest words, so that nothing moves beside it."""
        widths = []
        for words in (WAITING, ASKING, AGREES, DIFFERS, "not built: 1 error"):
            self.set(words, "info")
            widths.append(self.sizeHint().width())
        self.setFixedWidth(max(widths))
        self.set("", "info")

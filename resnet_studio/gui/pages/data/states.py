"""What stands in the place of the images while there are none: loading, and what went wrong."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.data.watch import Progress
from resnet_studio.gui import numbers
from resnet_studio.gui.widgets.button import Button, PrimaryButton
from resnet_studio.gui.widgets.glyph import Glyph
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.progress_line import ProgressLine

WIDTH, LEAST_WIDTH = 420, 160
AROUND = 2 * 24 + 16 + 10
"""Pixels at both sides of what stands in the middle: the margins and a glyph."""
TOLD_AFTER = 1.0
"""Seconds of one step before the time that is left is guessed: the first images say little."""


class LoadingView(QFrame):
    """What is being done, how much of it, how long it will still take, and a way to end it."""

    def __init__(self, cancel: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.loading")
        self.setProperty("ground", "base")
        self._what, self._began, self._done_before = "", 0.0, 0
        self._title = Label("Loading the images", size="strong")
        self._line = ProgressLine(name="view.progress", label="images loaded")
        _Widths(self, self._line)
        stop = Button("Cancel", name="view.loading.cancel")
        stop.clicked.connect(lambda _checked=False: cancel())
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addStretch()
        head.addWidget(Glyph("busy", "accent", 14))
        head.addWidget(self._title)
        head.addStretch()
        centred(self, [head, self._line, stop])

    def show_progress(self, progress: Progress | None) -> None:
        """Show how far a step is; None: nothing is known yet."""
        if progress is None:
            self._what = ""
            self._title.setText("Loading the images")
            self._line.set(None)
            return
        now = time.monotonic()
        if progress.what != self._what:
            self._what, self._began, self._done_before = progress.what, now, progress.done
        self._title.setText(progress.what)
        pace = progress.rate or rate(progress.done - self._done_before, now - self._began)
        words = [_pace(progress, pace)] if pace else []
        if progress.total is None:
            self._line.set(None, _amount(progress, progress.done), ", ".join(words))
            return
        if pace:
            words.append(f"{numbers.duration((progress.total - progress.done) / pace)} left")
        self._line.set(
            progress.done / max(progress.total, 1),
            f"{_amount(progress, progress.done)} of {_amount(progress, progress.total)}",
            ", ".join(words),
        )


class TroubleView(QFrame):
    """One sentence on what went wrong, and the buttons that mend it."""

    def __init__(self, choose: Callable[[], None], retry: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.trouble")
        self.setProperty("ground", "base")
        self._sentence = Label(name="view.trouble.sentence")
        self._sentence.setWordWrap(True)
        _Widths(self, self._sentence)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._choose = PrimaryButton(name="view.trouble.choose", icon="folder")
        again = Button("Try again", name="view.trouble.retry")
        self._choose.clicked.connect(lambda _checked=False: choose())
        again.clicked.connect(lambda _checked=False: retry())
        words, buttons = QHBoxLayout(), QHBoxLayout()
        words.setSpacing(10)
        words.addStretch()
        words.addWidget(Glyph("error", "error", 16), 0, Qt.AlignmentFlag.AlignTop)
        words.addWidget(self._sentence)
        words.addStretch()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self._choose)
        buttons.addWidget(again)
        buttons.addStretch()
        centred(self, [words, buttons])

    def show_trouble(self, sentence: str, choose: str) -> None:
        """Say what went wrong, and what the button that mends it is called; empty: there is none."""
        self._sentence.setText(sentence)
        self._choose.setText(choose)
        self._choose.setVisible(bool(choose))


def rate(done: int, seconds: float) -> float | None:
    """Return how much was done in a second, None while little can be said of that.

    Args:
        done: how much, since it was first told.
        seconds: since then.
    """
    return done / seconds if seconds >= TOLD_AFTER and done > 0 else None


def _amount(progress: Progress, amount: int) -> str:
    return f"{amount / 1e6:,.1f} MB" if progress.in_bytes else numbers.count(amount)


def _pace(progress: Progress, pace: float) -> str:
    if progress.in_bytes:
        return f"{pace / 1e6:,.1f} MB/s" if pace >= 1e5 else f"{pace / 1e3:,.0f} kB/s"
    return f"{pace:,.0f} a second"


class _Widths(QObject):
    """Keeps a widget as wide as it is wanted, or as there is room for beside the column of the page."""

    def __init__(self, frame: QFrame, widget: QWidget) -> None:
        super().__init__(frame)
        self._widget = widget
        widget.setFixedWidth(WIDTH)
        frame.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the frame."""
        if event.type() == QEvent.Type.Resize and isinstance(event, QResizeEvent):
            self._widget.setFixedWidth(max(LEAST_WIDTH, min(WIDTH, event.size().width() - AROUND)))
        return super().eventFilter(watched, event)


def centred(frame: QFrame, parts: list[QHBoxLayout | QWidget]) -> None:
    """Lay parts out below each other in the middle of a frame."""
    frame.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    column = QVBoxLayout(frame)
    column.setContentsMargins(24, 24, 24, 24)
    column.setSpacing(14)
    column.addStretch()
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        else:
            column.addLayout(part)
    column.addStretch()

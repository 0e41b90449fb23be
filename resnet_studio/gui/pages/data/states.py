"""What stands in the place of the images while there are none: loading, and what went wrong."""

import time
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.data.watch import Progress
from resnet_studio.gui import numbers
from resnet_studio.gui.widgets.button import Button, PrimaryButton
from resnet_studio.gui.widgets.glyph import Glyph
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.progress_line import ProgressLine

WIDTH = 420
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
        self._line.setFixedWidth(WIDTH)
        stop = Button("Cancel", name="view.loading.cancel")
        stop.clicked.connect(lambda _checked=False: cancel())
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addStretch()
        head.addWidget(Glyph("busy", "accent", 14))
        head.addWidget(self._title)
        head.addStretch()
        _centred(self, [head, self._line, stop])

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
        if progress.total is None:
            self._line.set(None, _amount(progress, progress.done))
            return
        left = remaining(progress, now - self._began, self._done_before)
        self._line.set(
            progress.done / max(progress.total, 1),
            f"{_amount(progress, progress.done)} of {_amount(progress, progress.total)}",
            "" if left is None else f"{numbers.duration(left)} left",
        )


class TroubleView(QFrame):
    """One sentence on what went wrong, and the buttons that mend it."""

    def __init__(self, choose: Callable[[], None], retry: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.trouble")
        self.setProperty("ground", "base")
        self._sentence = Label(name="view.trouble.sentence")
        self._sentence.setWordWrap(True)
        self._sentence.setFixedWidth(WIDTH)
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
        _centred(self, [words, buttons])

    def show_trouble(self, sentence: str, choose: str) -> None:
        """Say what went wrong, and what the button that mends it is called; empty: there is none."""
        self._sentence.setText(sentence)
        self._choose.setText(choose)
        self._choose.setVisible(bool(choose))


def remaining(progress: Progress, seconds: float, done_before: int) -> float | None:
    """Return the seconds that a step will still take at its pace so far, None while that can't be known.

    Args:
        progress: how far it is.
        seconds: since it was first told.
        done_before: what was done by then.
    """
    done = progress.done - done_before
    if progress.total is None or seconds < TOLD_AFTER or done <= 0:
        return None
    return (progress.total - progress.done) * seconds / done


def _amount(progress: Progress, amount: int) -> str:
    return f"{amount / 1e6:,.1f} MB" if progress.what.startswith("Downloading") else numbers.count(amount)


def _centred(frame: QFrame, parts: list[QHBoxLayout | QWidget]) -> None:
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

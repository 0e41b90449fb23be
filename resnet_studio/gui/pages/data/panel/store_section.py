"""The section of the panel on the store of decoded images: what it holds of the source, checking and clearing it."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.gui import numbers
from resnet_studio.gui.pages.data.panel.caches_sheet import CachesSheet
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import Button, ToolButton
from resnet_studio.gui.widgets.glyph import Glyph
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.panel import Panel

TICK_MS = 5_000
"""How often the ages are told anew."""

_WORDS = {
    "good": ("fresh", "check", "ok"),
    "stale": ("older than the files", "warning", "warning"),
    "source gone": ("the source is gone", "warning", "warning"),
    "damaged": ("damaged, made anew when they are loaded", "error", "error"),
}
"""What is said of each state of a cache, and the glyph before it with its ink."""


class StoreSection(QWidget):
    """Follows the store of the session."""

    def __init__(self, session: Session, panel: Panel) -> None:
        """Add the section to a panel, below what it has."""
        super().__init__()
        self._session, self._sheet = session, CachesSheet(session, panel)
        section = panel.add_section("Image store", name="panel.data.store")
        self._size = Label(ink="muted", size="note", name="view.store.size")
        self._all = ToolButton("more", "All caches…", name="view.store.all")
        self._all.clicked.connect(self._show_all)
        section.add_head_widgets(self._size, self._all)
        self._glyph, self._words = Glyph("info", "muted", 16), _wrapped("", "view.store.words")
        self._age = _wrapped("note", "view.store.age")
        self._check = Button("Check", name="view.store.check", compact=True)
        self._check.setToolTip("Compare the decoded images with their checksums, and check the files again")
        self._check.clicked.connect(self._verify)
        self._clear = Button("Clear", name="view.store.clear", compact=True)
        self._clear.setToolTip("Remove the decoded images of this source")
        self._clear.clicked.connect(self._ask)
        self._question = _Question(self._cleared, self._kept)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._glyph)
        line.addWidget(self._words, 1)
        line.addWidget(self._check)
        line.addWidget(self._clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self._age)
        column.addWidget(self._question)
        section.add_wide(self)
        self._clock = QTimer(self, interval=TICK_MS)
        self._clock.timeout.connect(self._tell_ages)
        for signal in (session.store_changed, session.images_changed, session.check_changed):
            signal.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the store as it is now."""
        session, storing = self._session, self._session.storing
        words, glyph, ink = self._told()
        self._words.setText(words)
        self._glyph.set(glyph, ink)
        self._glyph.setVisible(bool(words))
        cache = storing.cache
        self._size.setText(numbers.memory(cache.nbytes) if cache is not None else "")
        idle = storing.state == "idle" and not session.loading.active
        self._check.setVisible(session.images is not None)
        self._check.setEnabled(idle)
        self._clear.setVisible(cache is not None)
        self._clear.setEnabled(idle)
        if cache is None or not idle:
            self._question.hide()
        self._tell_ages()

    def _told(self) -> tuple[str, str, str]:
        """Return what there is to say, and the glyph before it with its ink."""
        session, storing = self._session, self._session.storing
        if storing.error:
            return storing.error, "error", "error"
        if session.loading.active:
            return "being made or opened", "busy", "accent"
        if session.images is None:
            return "no images yet", "info", "muted"
        if storing.state == "verifying":
            done = storing.progress.done if storing.progress is not None else 0
            return f"compared {numbers.memory(done)}", "busy", "accent"
        if storing.state == "clearing":
            return "being cleared", "busy", "accent"
        if storing.cleared:
            return "cleared; decoded anew the next time", "info", "muted"
        cache = storing.cache
        if cache is None:
            return ("", "busy", "accent") if storing.state == "looking" else ("none needed", "check", "ok")
        words, glyph, ink = _WORDS[cache.state]
        return f"{numbers.count(cache.images)} images, {words}", glyph, ink

    @Slot()
    def _tell_ages(self) -> None:
        cache, checked = self._session.storing.cache, self._session.checking.checked_at
        parts = [f"made {numbers.ago(cache.made)}"] if cache is not None and cache.made is not None else []
        if checked is not None and self._session.checking.state == "done":
            parts.append(f"checked {numbers.ago(checked)}")
        self._age.setText(", ".join(parts))
        self._age.setVisible(bool(parts))
        if parts:
            self._clock.start()
        else:
            self._clock.stop()

    @Slot()
    def _verify(self) -> None:
        if self._session.storing.cache is not None:
            self._session.storing.verify()
        else:
            self._session.checking.restart()

    @Slot()
    def _ask(self) -> None:
        cache = self._session.storing.cache
        if cache is not None:
            self._question.ask(
                f"{numbers.count(cache.images)} images are decoded anew the next time they are loaded. Your own files "
                "stay as they are."
            )

    def _cleared(self) -> None:
        self._question.hide()
        cache = self._session.storing.cache
        if cache is not None:
            self._session.storing.clear([cache])

    def _kept(self) -> None:
        self._question.hide()

    @Slot()
    def _show_all(self) -> None:
        self._sheet.open(QRect(self._all.mapToGlobal(QPoint(0, 0)), self._all.size()))


class _Question(QWidget):
    """What clearing means, and both answers."""

    def __init__(self, clear: Callable[[], None], keep: Callable[[], None]) -> None:
        super().__init__()
        self._words = _wrapped("note", "view.store.question")
        yes = Button("Clear", name="view.store.clear.yes", compact=True)
        no = Button("Keep", name="view.store.clear.no", compact=True)
        yes.clicked.connect(lambda _checked=False: clear())
        no.clicked.connect(lambda _checked=False: keep())
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(no)
        buttons.addWidget(yes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._words)
        column.addLayout(buttons)
        self.hide()

    def ask(self, sentence: str) -> None:
        self._words.setText(sentence)
        self.show()


def _wrapped(size: str, name: str) -> Label:
    label = Label(ink="muted" if size else "", size=size, name=name)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label

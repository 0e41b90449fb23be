"""The strips between the window's head and the page: one sentence at a time, and designs that can be recovered."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from resnet_studio.gui.widgets.finding_line import FindingLine, Severity


class Notices(QWidget):
    """Says what the user has to know and need not answer.

    Attributes:
        sentence: what was said last.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.sentence = ""
        self._line = FindingLine(name="view.notice", closable=True)
        self._line.setVisible(False)
        self._column.addWidget(self._line)

    def say(
        self, sentence: str, severity: Severity = "error", button: str = "", run: Callable[[], object] | None = None
    ) -> None:
        """Show a sentence until it is closed, its button is clicked or another one comes.

        Args:
            sentence: what there is to know.
            severity: its ground and icon.
            button: words of a button that does something about it.
            run: called by the button.
        """
        self.sentence = sentence
        self._line.show_text(sentence, severity)
        if run is not None:
            self._line.add_button(button, lambda: self._do(run), name="view.notice.do")
        self._line.setVisible(True)

    def hush(self, sentence: str = "") -> None:
        """Take the sentence away; with one named, only where it is that one that stands."""
        if not sentence or sentence == self.sentence:
            self._line.setVisible(False)

    def add(self, strip: QWidget) -> None:
        """Show another strip below the sentence."""
        self._column.addWidget(strip)

    def _do(self, run: Callable[[], object]) -> None:
        self.hush()
        run()

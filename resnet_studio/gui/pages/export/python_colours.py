"""The colours of Python code: what is built in, strings, remarks."""

import re

from PySide6.QtCore import Slot
from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from resnet_studio.gui import theme

TOKENS = re.compile(
    r"(?P<remark>#.*)|(?P<string>'[^']*'|\"[^\"]*\")|(?P<word>\b(?:import|from|as|for|in|with|def|return|True|None)\b)"
)
INKS = {"remark": "muted", "string": "ok", "word": "accent"}


class PythonColours(QSyntaxHighlighter):
    """Follows the theme."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        theme.notifier().changed.connect(self._dress)

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Colour one line."""
        for found in TOKENS.finditer(text):
            look = QTextCharFormat()
            look.setForeground(theme.colour(INKS[found.lastgroup or "word"]))
            self.setFormat(found.start(), len(found.group()), look)

    @Slot()
    def _dress(self) -> None:
        self.rehighlight()

"""The files of a finding that are not among the images: a list to read and copy, and the way to their folder."""

from collections.abc import Mapping
from html import escape
from pathlib import Path

from PySide6.QtCore import QRect, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from resnet_studio.data.checks.finding import DataFinding
from resnet_studio.data.images import printable
from resnet_studio.gui import numbers
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.popover import Popover

MOST = 500
"""Files that are shown; all are copied."""


class FilesSheet(Popover):
    """Opens beside the row of a finding."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner, name="view.files")
        self._folder = Path()
        there = ToolButton("folder", "Show the folder of the first file", name="view.files.folder")
        there.clicked.connect(self._show_folder)
        self.add_tool(there)

    def show_files(self, finding: DataFinding, root: Path, reasons: Mapping[str, str], beside: QRect) -> None:
        """Show the files of a finding.

        Args:
            finding: names them.
            root: the folder of the source.
            reasons: why a file can't be used, as words that follow its name.
            beside: what they belong to, on the screen.
        """
        self._folder = (root / finding.files[0]).parent
        lines = [_line(printable(file), reasons.get(file, "")) for file in finding.files]
        shown = "<br>".join(escape(line) for line in lines[:MOST])
        more = f"<br>and {numbers.count(len(lines) - MOST)} more, which are copied too" if len(lines) > MOST else ""
        title = "1 file" if len(lines) == 1 else f"{numbers.count(len(lines))} files"
        self.open(title, shown + more, "\n".join(lines) + "\n", beside)

    @Slot()
    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))


def _line(file: str, reason: str) -> str:
    return f"{file}: {reason}" if reason else file

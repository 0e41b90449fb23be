"""The menu that takes a table out of the studio: to the clipboard in three forms, or into a file."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from resnet_studio.gui.widgets.table import Table
from resnet_studio.gui.widgets.table_text import Format
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import write_bytes

WHICH = "All rows, or those that are selected where there are several"
PLAIN = f"{WHICH}; bare numbers, for a spreadsheet"
SHOWN = f"{WHICH}; numbers as they are shown"


class CopyMenu(QMenu):
    """Copies and saves one table, the columns that are shown."""

    failed = Signal(str)
    """A file could not be written: the sentence."""

    def __init__(self, table: Table | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.copy.menu")
        self.setToolTipsVisible(True)
        self.table = table
        self.suggested = "table"
        self._add("Copy as TSV", "tsv", PLAIN)
        self._add("Copy as Markdown", "markdown", SHOWN)
        self._add("Copy as LaTeX", "latex", f"{SHOWN}; for booktabs")
        self.addSeparator()
        save = self.addAction("Save as CSV…")
        save.setObjectName("view.copy.csv")
        save.setToolTip(PLAIN)
        save.triggered.connect(self._ask_and_save)

    def write(self, form: Format) -> str:
        """Return the table as text."""
        if self.table is None:
            return ""
        return self.table.text(picked=len(self.table.picked_rows()) > 1).written(form)

    def save(self, path: Path) -> None:
        """Write the table as CSV, in one go.

        Raises:
            StudioError: the folder can't be written.
        """
        write_bytes(path, self.write("csv").encode())

    def _add(self, words: str, form: Format, tip: str) -> None:
        action = self.addAction(words)
        action.setObjectName(f"view.copy.{form}")
        action.setToolTip(tip)
        action.triggered.connect(lambda _checked=False: QGuiApplication.clipboard().setText(self.write(form)))

    def _ask_and_save(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self.parentWidget(), "Save the table", f"{self.suggested}.csv", "CSV (*.csv)"
        )
        if not chosen:
            return
        path = Path(chosen)
        try:
            self.save(path if path.suffix else path.with_suffix(".csv"))
        except StudioError as error:
            self.failed.emit(str(error))

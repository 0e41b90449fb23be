"""A table as text: for spreadsheets (TSV, CSV), for Markdown, for LaTeX."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QAbstractItemModel, Qt

PLAIN_ROLE = Qt.ItemDataRole.UserRole + 41
"""The model's role for a cell or a head as other programs want it: 25557032 where 25,557,032 is shown.

A model that has nothing there is taken as it is shown.
"""

Format = Literal["tsv", "csv", "markdown", "latex"]

_LATEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "×": r"$\times$",
    "−": r"$-$",
    "Δ": r"$\Delta$",
    "±": r"$\pm$",
}


@dataclass(frozen=True)
class TableText:
    """The cells of a table as they are shown and as other programs want them; `left` are the columns of words."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    plain_heads: tuple[str, ...]
    plain_rows: tuple[tuple[str, ...], ...]
    left: tuple[bool, ...]

    def written(self, form: Format) -> str:
        """Return the table as text; TSV and CSV hold bare numbers, Markdown and LaTeX what stands on the screen."""
        if form == "markdown":
            return self._markdown()
        if form == "latex":
            return self._latex()
        text = io.StringIO()
        writer = csv.writer(text, delimiter="\t" if form == "tsv" else ",", lineterminator="\n")
        writer.writerows([self.plain_heads, *self.plain_rows])
        return text.getvalue()

    def _markdown(self) -> str:
        lines = [self.heads, tuple("---" if left else "---:" for left in self.left), *self.rows]
        escaped = [[cell.replace("\\", "\\\\").replace("|", "\\|") for cell in line] for line in lines]
        return "".join(f"| {' | '.join(line)} |\n" for line in escaped)

    def _latex(self) -> str:
        def line(cells: Sequence[str]) -> str:
            escaped = ("".join(_LATEX.get(letter, letter) for letter in cell) for cell in cells)
            return f"  {' & '.join(escaped)} \\\\\n"

        sides = "".join("l" if left else "r" for left in self.left)
        body = "".join(map(line, self.rows))
        return (
            f"% \\usepackage{{booktabs}}\n\\begin{{tabular}}{{{sides}}}\n  \\toprule\n{line(self.heads)}"
            f"  \\midrule\n{body}  \\bottomrule\n\\end{{tabular}}\n"
        )


def table_text(model: QAbstractItemModel, rows: Sequence[int], columns: Sequence[int]) -> TableText:
    """Return rows and columns of a model, in that order."""
    across, show = Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole

    def head(column: int, role: int) -> str:
        text = model.headerData(column, across, role)
        return _string(model.headerData(column, across, show) if text is None else text)

    def cell(row: int, column: int, role: int) -> str:
        index = model.index(row, column)
        text = index.data(role)
        return _string(index.data(show) if text is None else text)

    aligned = (model.headerData(column, across, Qt.ItemDataRole.TextAlignmentRole) for column in columns)
    return TableText(
        tuple(head(column, show) for column in columns),
        tuple(tuple(cell(row, column, show) for column in columns) for row in rows),
        tuple(head(column, PLAIN_ROLE) for column in columns),
        tuple(tuple(cell(row, column, PLAIN_ROLE) for column in columns) for row in rows),
        tuple(not (side and int(side) & int(Qt.AlignmentFlag.AlignRight)) for side in aligned),
    )


def _string(value: object) -> str:
    return "" if value is None else str(value)

"""What commands print on standard output: JSON for machines, tables on a terminal, plain lines elsewhere."""

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

Column = tuple[str, bool]
"""Heading, and whether its cells are numbers, which stand to the right."""


def emit(value: Any) -> None:
    """Print one line of JSON at once."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False), flush=True)


def terminal() -> Console:
    """Return standard output as rich sees it now."""
    return Console(highlight=False, markup=False, emoji=False)


def show_table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """Print rows of cells: a table on a terminal, lines with aligned columns elsewhere."""
    console = terminal()
    if console.is_terminal:
        table = Table(header_style="bold", box=None, pad_edge=False, show_header=any(heading for heading, _ in columns))
        for heading, numbers in columns:
            table.add_column(heading, justify="right" if numbers else "left", overflow="fold")
        for row in rows:
            table.add_row(*row)
        console.print(table)
        return
    headings = [heading for heading, _ in columns]
    widths = [max(map(len, cells)) for cells in zip(headings, *rows, strict=True)]
    for row in (headings, *rows) if any(headings) else rows:
        cells = zip(row, widths, columns, strict=True)
        print(
            "  ".join(
                cell.rjust(width) if numbers else cell.ljust(width) for cell, width, (_, numbers) in cells
            ).rstrip()
        )

"""Stages as text, to a spreadsheet and back: a line for each, tabs between the numbers, a head line."""

import re
from collections.abc import Sequence

from resnet_studio.gui.pages.design.stages.edits import MOST_CHANNELS, Row
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.network import MAX_STAGES

HEAD = ("blocks", "channels", "stride")
BOUNDS = (10_000, MOST_CHANNELS, 16)
"""The largest number of each column; the smallest is 1."""

SHOWN = 30
"""Letters of a wrong line that are shown."""


def as_text(rows: Sequence[Row]) -> str:
    """Return rows as lines with a head."""
    return "".join("\t".join(map(str, line)) + "\n" for line in (HEAD, *rows))


def read(text: str) -> tuple[Row, ...]:
    """Return the stages of a text: lines of blocks, channels and stride, with or without the head line.

    Between the numbers stand tabs, as spreadsheets put them, or spaces, commas or semicolons.

    Raises:
        StudioError: a line is no stage, or there are none or too many; the sentence names the line.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if lines and tuple(_cells(lines[0][1].lower())) == HEAD:
        del lines[0]
    if not lines:
        raise StudioError("The clipboard holds no stages; copy lines of blocks, channels and stride.")
    if len(lines) > MAX_STAGES:
        raise StudioError(f"The clipboard holds {len(lines):,} lines; a network has at most {MAX_STAGES} stages.")
    return tuple(_row(number, line) for number, line in lines)


def _row(number: int, line: str) -> Row:
    cells = _cells(line)
    if len(cells) != len(HEAD) or not all(cell.isascii() and cell.isdecimal() for cell in cells):
        shown = line if len(line) <= SHOWN else line[:SHOWN] + "…"
        raise StudioError(
            f"Line {number} of the clipboard, “{shown.expandtabs(1)}”, is no stage; give blocks, channels and stride."
        )
    for word, cell, most in zip(HEAD, cells, BOUNDS, strict=True):
        # the length first: Python refuses to read numbers of thousands of digits
        if len(cell) > len(str(most)) + SHOWN or not 1 <= int(cell) <= most:
            raise StudioError(f"Line {number} of the clipboard: {word} {cell[:SHOWN]} is outside 1 to {most:,}.")
    blocks, channels, stride = map(int, cells)
    return blocks, channels, stride


def _cells(line: str) -> list[str]:
    """Return the texts between the separators; between tabs a comma separates thousands."""
    if "\t" in line:
        return [cell.strip().replace(",", "") for cell in line.split("\t")]
    return [cell for cell in re.split(r"[\s,;]+", line) if cell]

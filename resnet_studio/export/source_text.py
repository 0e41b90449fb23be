"""Python text: names, lines that fit, and what a user wrote made harmless."""

import re
import unicodedata
from collections.abc import Sequence

WIDTH = 88
"""Columns of a line: what ruff and black take where nobody tells them otherwise."""

_WORDS = {"resnet": "ResNet", "resnext": "ResNeXt", "wrn": "WRN", "d2l": "D2L"}
_MOST_NAME = 60


def class_name(name: str, taken: set[str]) -> str:
    """Return a class's name made of a design's: `wide_resnet50_2` becomes `WideResNet50_2`.

    Args:
        name: what the user called the design; anything.
        taken: names that mean something else in the module.
    """
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    result = ""
    for word in re.findall(r"[A-Za-z0-9]+", ascii_only):
        # the digits of two words would otherwise read as one number
        result += "_" if result[-1:].isdigit() and word[0].isdigit() else ""
        result += _capitalised(word)
    result = result[:_MOST_NAME].rstrip("_")
    if not result[:1].isalpha():
        result = f"Network{result}"
    # a single letter may look like a number
    unclear = len(result) == 1 or result in taken | {"None", "True", "False"}
    return f"{result}Network" if unclear else result


def harmless(text: str, columns: int) -> str:
    """Return a user's printable text as it may stand inside a docstring: no quotes that end it, no escapes."""
    text = text.strip().replace('"', "'")
    # a backslash will be two, and no sign of any script is wider than two columns
    widths = [1 if character.isascii() and character != "\\" else 2 for character in text]
    if sum(widths) > columns:
        fitting = [place for place in range(len(text)) if sum(widths[:place]) < columns]
        text = text[: fitting[-1]].rstrip() + "…"
    return text.replace("\\", "\\\\")


def call(indent: int, head: str, arguments: Sequence[str], tail: str = ")") -> list[str]:
    """Return the lines of a call or a signature, broken as ruff breaks them where one line is too short.

    Args:
        indent: columns before it.
        head: up to and with the opening parenthesis.
        arguments: what stands between the commas.
        tail: from the closing parenthesis on.
    """
    space, inner = " " * indent, " " * (indent + 4)
    whole = ", ".join(arguments)
    if indent + len(head + whole + tail) <= WIDTH:
        return [f"{space}{head}{whole}{tail}"]
    if indent + 4 + len(whole) <= WIDTH:
        return [space + head, inner + whole, space + tail]
    return [space + head, *(f"{inner}{argument}," for argument in arguments), space + tail]


def _capitalised(word: str) -> str:
    for known, written in _WORDS.items():
        if word.lower().startswith(known):
            return written + word[len(known) :]
    return word[0].upper() + word[1:]

"""What the files beside the images say of a folder: its licence, and how it wants to be cited.

They are read as far as that takes, and what they say is text, whatever it looks like.
"""

import re
from pathlib import Path

NOT_STATED = "not stated"
_LICENCE = re.compile(r"(licen[cs]e|copying)(\.(txt|md|rst))?", re.IGNORECASE)
_CITATION = re.compile(r"citation\.cff", re.IGNORECASE)
_MOST_BYTES, _MOST_CHARACTERS = 1 << 14, 100
_PREAMBLE = ("creative commons legal code", "license", "licence")
"""First lines that don't say which licence it is."""


def licence_of(folder: Path) -> str:
    """Return the title of the licence that lies in a folder of images, `not stated` where there is none."""
    lines = [line.strip(" #=*-_\t") for line in _text(folder, _LICENCE).splitlines()]
    lines = [line for line in lines if line and line.lower() not in _PREAMBLE]
    if not lines:
        return NOT_STATED
    # the title of Apache's and of GNU's has two lines
    is_two = len(lines) > 1 and lines[1].lower().startswith("version ")
    return _short(", ".join(lines[:2]) if is_two else lines[0])


def citation_of(folder: Path) -> str:
    """Return authors, title, year and DOI of the `CITATION.cff` in a folder of images, empty where there is none."""
    text = re.split(r"^(?:preferred-citation|references):", _text(folder, _CITATION), flags=re.MULTILINE)[0]
    fields = {key: _unquoted(value) for key, value in re.findall(r"^([a-z-]+):[ \t]*(\S.*)$", text, re.MULTILINE)}
    if "title" not in fields:
        return ""
    names = [_unquoted(name) for name in re.findall(r"^[ \t-]*family-names:[ \t]*(\S.*)$", text, re.MULTILINE)]
    *others, last = names or [""]
    authors = f"{', '.join(others)} and {last}" if others else last
    doi = fields.get("doi", "")
    parts = (authors, fields["title"], fields.get("date-released", "")[:4], f"doi:{doi}" if doi else "")
    return _short(", ".join(part for part in parts if part), 3 * _MOST_CHARACTERS)


def _text(folder: Path, named: re.Pattern[str]) -> str:
    """Return the beginning of the first file of a name, empty where none can be read: it is not worth an error."""
    try:
        for path in sorted(folder.iterdir()):
            if named.fullmatch(path.name) and path.is_file():
                with path.open("rb") as file:
                    text = file.read(_MOST_BYTES).decode("utf-8", "replace")
                return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
    except OSError:
        return ""
    return ""


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value


def _short(text: str, most: int = _MOST_CHARACTERS) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"

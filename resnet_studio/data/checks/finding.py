"""What a check of the data finds, and how it is written down."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from resnet_studio.data.images import printable
from resnet_studio.spec.files import write_bytes

Severity = Literal["error", "warning", "info"]
"""error: training can't start; warning: it can, but look at it first; info: what happens by itself."""
Action = Literal["stop", "skip", "convert", "nothing"]
"""What the studio does: refuse to train, leave the files out, use them in another form, leave all as it is."""
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
NAMED = 5
"""How many names a sentence has; the finding has all of them."""


@dataclass(frozen=True)
class Remedy:
    """One way to mend a finding: a few fields of the experiment, changed in one step."""

    label: str
    """What a button says that mends it."""
    changes: tuple[tuple[str, str], ...]
    """Dotted paths of the experiment and the values they get."""


@dataclass(frozen=True)
class DataFinding:
    """One thing that is wrong with the data, or that a user would not expect of it, with all that it concerns."""

    severity: Severity
    kind: str
    """A short name that stays: `truncated`, `not_image`, `leakage` and so on; one finding a kind."""
    message: str
    """What it is and what the studio does about it, with the count, as a sentence."""
    action: Action
    files: tuple[str, ...] = ()
    """Files or folders of classes, relative to the source; `train[12]` is an image of a source without files."""
    groups: tuple[tuple[str, ...], ...] = ()
    """The same files where they belong together, such as those with the same picture; empty for other kinds."""
    remedies: tuple[Remedy, ...] = ()
    """What mends it, each of them alone; the first is what most would take."""


def first_few(names: Sequence[str]) -> str:
    """Return the first few names as words of a sentence, and how many more there are."""
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(map(printable, names[:NAMED])) + more


def csv_bytes(findings: Iterable[DataFinding]) -> bytes:
    """Return findings as CSV in UTF-8: a line for each file, one with an empty file for a finding without files.

    Columns: severity, kind, action, file, group (a number for files that belong together), message.
    """
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(["severity", "kind", "action", "file", "group", "message"])
    for finding in findings:
        groups = finding.groups or tuple((file,) for file in finding.files or ("",))
        for number, files in enumerate(groups, start=1):
            group = number if finding.groups else ""
            rows.writerows(
                [finding.severity, finding.kind, finding.action, printable(file), group, printable(finding.message)]
                for file in files
            )
    return text.getvalue().encode()


def write_csv(path: Path, findings: Iterable[DataFinding]) -> None:
    """Write findings as a CSV file in one go (see `csv_bytes`).

    Raises:
        StudioError: the folder can't be written.
    """
    write_bytes(path, csv_bytes(findings))

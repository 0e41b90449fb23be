"""What the findings on the data come down to, in words. Pure."""

from collections.abc import Iterable

from resnet_studio.data.checks.check import Report
from resnet_studio.data.checks.finding import DataFinding
from resnet_studio.gui import numbers

UNREADABLE = frozenset({"truncated", "damaged", "not_image", "bomb", "unreadable"})
"""Kinds of files that can't be used as images."""
TWICE = frozenset({"leakage", "duplicate", "conflict"})
"""Kinds of pictures that occur more than once."""
FOLDERS = frozenset({"empty_class", "similar_names"})
"""Kinds that name folders of classes in the place of files."""
NO_PICTURES = FOLDERS | {"other_files"}
"""Kinds whose files are none that could be shown."""


def unreadable(report: Report) -> str:
    """Return how many files can't be used, of how many: 3 unreadable of 1,813; empty where that isn't known yet."""
    total = images(report)
    looked = report.is_complete or (report.progress is not None and report.progress.done)
    if not total or not looked:
        return ""
    found = {file for finding in report.findings if finding.kind in UNREADABLE for file in finding.files}
    return f"{numbers.count(len(found))} unreadable of {numbers.count(total)}"


def images(report: Report) -> int:
    """Return how many images were found, those that can't be used among them."""
    return sum(map(sum, report.counts.values()))


def sound(report: Report) -> str:
    """Return what a complete check found to be right, as one sentence; empty where nothing is, or not all is known."""
    kinds = {finding.kind for finding in report.findings}
    total = images(report)
    if not report.is_complete or not total:
        return ""
    parts = []
    if not kinds & UNREADABLE:
        parts.append(f"all {numbers.count(total)} images can be read")
    if not kinds & TWICE:
        parts.append("no picture occurs twice in or across the splits")
    sentence = ", ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def copied(title: str, findings: Iterable[DataFinding]) -> str:
    """Return all findings as text for the clipboard: a line each, its files below."""
    lines = [title]
    for finding in findings:
        lines.append(f"{finding.severity}: {finding.message}")
        lines.extend(f"  {', '.join(group)}" for group in finding.groups or ((file,) for file in finding.files))
    return "\n".join(lines) + "\n"

"""Refusing what can't fit in memory before the machine starts to swap."""

import os
from pathlib import Path

from resnet_studio.spec.errors import StudioError


def available_memory() -> int | None:
    """Return the bytes of memory that can be had, at least roughly; None where the system doesn't tell."""
    try:
        told = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        # macOS tells the whole, Windows nothing
        names = getattr(os, "sysconf_names", {})
        known = "SC_PHYS_PAGES" in names and "SC_PAGE_SIZE" in names
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if known else None
    fields = dict(line.split(":", 1) for line in told.splitlines())
    return int(fields["MemAvailable"].split()[0]) * 1024


def told_bytes(count: int) -> str:
    """Return a number of bytes as sentences tell it: 3.4 MB, 12.0 GB."""
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.1f} MB"


def require_memory(needed: int, what: str) -> None:
    """Refuse what needs more memory than there is.

    Args:
        needed: bytes.
        what: begins the sentence, in the plural.

    Raises:
        StudioError: the memory is too small.
    """
    available = available_memory()
    if available is not None and needed > available:
        raise StudioError(
            f"{what} need {told_bytes(needed)} of memory, and {told_bytes(available)} are free; "
            "choose a smaller data.image_size or fewer images."
        )

"""What Qt needs of the system beside its own wheel: named before Qt is loaded, because Qt aborts without a word to us.

No Qt in here: this must work where Qt does not.
"""

import ctypes
import os
import sys
from collections.abc import Sequence

from resnet_studio.spec.errors import StudioError

ALWAYS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""What PySide6-Essentials links to on Linux, and the package of Debian and Ubuntu that has it."""

X11 = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What a window on an X server needs besides."""

WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
"""What a window on a Wayland desktop needs besides."""


def missing_system_libraries(platform: str | None = None) -> dict[str, str]:
    """Return the libraries that Qt lacks to open a window, each with its Debian package; empty outside of Linux.

    Args:
        platform: Qt's platform, such as `xcb` or `offscreen`; None: the one that the environment asks for.
    """
    if sys.platform != "linux":
        return {}
    platform = platform or _platform()
    needed = ALWAYS | (X11 if platform.startswith("xcb") else WAYLAND if platform.startswith("wayland") else {})
    return {library: package for library, package in needed.items() if not _loads(library)}


def install_command(packages: Sequence[str]) -> str:
    """Return the command that installs packages on Debian and Ubuntu."""
    return f"sudo apt-get install -y {' '.join(packages)}"


def check_system() -> None:
    """Refuse to open a window where one can't be opened.

    Raises:
        StudioError: a library or the screen is missing; the sentence names it and the mend.
    """
    missing = missing_system_libraries()
    if missing:
        one = len(missing) == 1
        raise StudioError(
            f"The window needs the system {'library' if one else 'libraries'} {', '.join(missing)}, which "
            f"{'is' if one else 'are'} not installed; `{install_command(list(missing.values()))}` installs "
            f"{'it' if one else 'them'} on Debian and Ubuntu."
        )
    if sys.platform == "linux" and _platform() == "xcb" and not os.environ.get("DISPLAY"):
        raise StudioError(
            "There is no screen to show the window on: neither DISPLAY nor WAYLAND_DISPLAY is set; "
            "the commands of `resnet-studio --help` work without one."
        )


def _platform() -> str:
    """Return the platform that Qt will take."""
    return os.environ.get("QT_QPA_PLATFORM") or ("wayland" if os.environ.get("WAYLAND_DISPLAY") else "xcb")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True

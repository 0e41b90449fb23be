"""What Qt lacks is named before Qt is loaded."""

import ctypes
import subprocess
import sys

import pytest

from resnet_studio.gui import system
from resnet_studio.spec.errors import StudioError


def without(monkeypatch: pytest.MonkeyPatch, *libraries: str) -> None:
    def load(name: str) -> object:
        if name in libraries:
            raise OSError(f"{name}: cannot open shared object file")
        return object()

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", load)


def test_a_whole_system_lacks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch)
    assert system.missing_system_libraries("xcb") == {}


def test_missing_libraries_are_told_with_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "libxcb-cursor.so.0", "libEGL.so.1")
    assert system.missing_system_libraries("xcb") == {
        "libEGL.so.1": "libegl1",
        "libxcb-cursor.so.0": "libxcb-cursor0",
    }


@pytest.mark.parametrize("platform", ["offscreen", "wayland", "wayland;xcb"])
def test_only_what_the_platform_needs_is_missed(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    without(monkeypatch, "libxcb-cursor.so.0")
    assert system.missing_system_libraries(platform) == {}


def test_other_systems_bring_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "libEGL.so.1")
    monkeypatch.setattr("sys.platform", "darwin")
    assert system.missing_system_libraries("xcb") == {}


def test_the_window_names_what_it_lacks_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    without(monkeypatch, "libxcb-cursor.so.0")
    with pytest.raises(StudioError) as caught:
        system.check_system()
    assert str(caught.value) == (
        "The window needs the system library libxcb-cursor.so.0, which is not installed; "
        "`sudo apt-get install -y libxcb-cursor0` installs it on Debian and Ubuntu."
    )
    without(monkeypatch, "libxcb-cursor.so.0", "libGL.so.1")
    with pytest.raises(StudioError, match=r"libraries libGL\.so\.1, libxcb-cursor\.so\.0, which are not installed"):
        system.check_system()


def test_no_qt_is_loaded_to_find_out() -> None:
    code = "import sys, resnet_studio.gui.system as s; s.missing_system_libraries(); print('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"

"""The program: the application, its window, and what happens when something unexpected does."""

import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtWidgets import QApplication

from resnet_studio import __version__
from resnet_studio.gui import theme
from resnet_studio.gui.icons import app_icon
from resnet_studio.gui.main_window import MainWindow
from resnet_studio.gui.session import Session
from resnet_studio.gui.settings import Settings
from resnet_studio.spec.errors import StudioError


def create_window(argv: list[str]) -> MainWindow:
    """Build the whole window in the current QApplication; nothing modal is shown.

    Args:
        argv: nothing, or the file of a network or experiment, or the folder of a run.
    """
    window = _window()
    window.build_pages()
    if argv:
        window.filing.open_path(Path(argv[0]))
    return window


def main(argv: list[str]) -> int:
    """Run the studio until its window is closed; return the exit status."""
    app = QApplication([sys.argv[0]])
    app.setApplicationName("ResNet Studio")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("resnet-studio")
    app.setWindowIcon(app_icon())
    window = _window()
    sys.excepthook = _Hook(window)
    window.show()
    if argv:
        window.filing.open_path(Path(argv[0]))
    return app.exec()


def _window() -> MainWindow:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise StudioError("The window needs a QApplication; make one first.")
    settings = Settings()
    theme.apply(app, settings.mode)
    return MainWindow(Session(), settings)


class _Hook:
    """Shows an unexpected error in the window and keeps its traceback in a file; the program goes on."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        self._window.show_unexpected(error.with_traceback(trace))

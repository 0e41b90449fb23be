"""Opening the window, as directly as can be: no parser is loaded on the way."""

from pathlib import Path

from resnet_studio.gui.system import check_system


def open_window(path: Path | None = None) -> int:
    """Open the studio on a document, a run or nothing, and return the exit code once it is closed.

    Raises:
        StudioError: the path is neither a document nor a run, or no window can be opened here.
    """
    if path is not None:
        _check(path)
    check_system()
    from resnet_studio.gui.app import main

    return main([] if path is None else [str(path)])


def _check(path: Path) -> None:
    """Refuse what can't be opened before there is a window to say it in."""
    from resnet_studio.runs.folder import RunFolder
    from resnet_studio.spec.files import read_document

    if path.is_dir():
        RunFolder.open(path)
    else:
        read_document(path)

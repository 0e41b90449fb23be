"""`gui`: the window, on what the command line names."""

from pathlib import Path
from typing import Annotated

import typer

from resnet_studio.gui.system import check_system

Opened = Annotated[
    Path | None, typer.Argument(metavar="FILE or RUN", help="A network, an experiment or the folder of a run.")
]


def gui(opened: Opened = None) -> int:
    """Open the studio's window."""
    if opened is not None:
        _check(opened)
    check_system()
    from resnet_studio.gui.app import main

    return main([] if opened is None else [str(opened)])


def _check(path: Path) -> None:
    """Refuse what is neither a document nor a run before there is a window to say it in."""
    from resnet_studio.runs.folder import RunFolder
    from resnet_studio.spec.files import read_document

    if path.is_dir():
        RunFolder.open(path)
    else:
        read_document(path)

"""`gui`: the window, on what the command line names."""

from pathlib import Path
from typing import Annotated

import typer

from resnet_studio.cli.window import open_window

Opened = Annotated[
    Path | None, typer.Argument(metavar="FILE or RUN", help="A network, an experiment or the folder of a run.")
]


def gui(opened: Opened = None) -> int:
    """Open the studio's window."""
    return open_window(opened)

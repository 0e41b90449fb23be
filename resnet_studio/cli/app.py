"""The commands and how they are called."""

from typing import Annotated

import typer

from resnet_studio import __version__
from resnet_studio.cli.bench import bench
from resnet_studio.cli.data import data
from resnet_studio.cli.doctor import doctor
from resnet_studio.cli.evaluate import evaluate
from resnet_studio.cli.export import export, verify
from resnet_studio.cli.gui import gui
from resnet_studio.cli.outcome import DONE, WrongUsageError
from resnet_studio.cli.presets import presets
from resnet_studio.cli.summary import summary
from resnet_studio.cli.train import resume, train

NAME = "resnet-studio"

_app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
for _command in (gui, presets, summary, train, resume, evaluate, export, verify, doctor, bench):
    _app.command()(_command)
_app.add_typer(data, name="data")


def _version(asked: bool) -> None:
    if asked:
        print(__version__)
        raise typer.Exit


@_app.callback()
def _studio(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Design residual networks, see what they cost, train them while watching, take the weights away.

    Without a command, the window opens.
    """


def call(arguments: list[str]) -> int:
    """Run the command that the arguments name and return its exit code.

    Raises:
        WrongUsageError: there is no such command or option, or a value is missing or of another kind.
        StudioError: the command failed.
    """
    try:
        code = _app(arguments, prog_name=NAME, standalone_mode=False)
    except typer.TyperException as error:
        raise WrongUsageError(_sentence(error)) from None
    return code if isinstance(code, int) else DONE


def _sentence(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else NAME
    return f"{error.format_message().rstrip('.')}; `{path} --help` says more."

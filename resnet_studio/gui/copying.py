"""The design in other words on the clipboard: the command that trains it, the Python module that defines it."""

from PySide6.QtGui import QGuiApplication

from resnet_studio.gui.session import Session
from resnet_studio.spec.command import train_command


def copy_command(session: Session) -> str:
    """Copy the command line that trains the same, and return what to say of it."""
    command = train_command(session.experiment, path=session.documents.path)
    QGuiApplication.clipboard().setText(command)
    return f"Copied: {command}"


def copy_python(session: Session) -> str:
    """Copy the readable Python module of the design, and return what to say of it."""
    from resnet_studio.export.source import python_source

    source = python_source(session.experiment.network)
    QGuiApplication.clipboard().setText(source)
    return f"Copied: {session.experiment.network.name} as Python, {source.count(chr(10))} lines."

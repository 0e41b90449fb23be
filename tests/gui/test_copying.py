"""The design on the clipboard, as a command and as Python."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication

from resnet_studio.export.source import python_source
from resnet_studio.gui.main_window import MainWindow
from resnet_studio.spec.command import train_command


def test_the_command_names_the_file(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    window.session.documents.save(path)
    window.actions_by_name["copy_command"].trigger()
    copied = QGuiApplication.clipboard().text()
    assert copied == train_command(window.session.experiment, path=path)
    assert str(path) in copied
    assert window.notices.sentence == f"Copied: {copied}"


def test_the_module_is_the_exports(window: MainWindow) -> None:
    window.actions_by_name["copy_python"].trigger()
    assert QGuiApplication.clipboard().text() == python_source(window.session.experiment.network)
    assert window.notices.sentence.startswith("Copied: digits_resnet8 as Python, ")


def test_a_broken_design_says_why_it_cannot_be_copied(window: MainWindow) -> None:
    window.session.change("network.shortcut", "identity")
    for name in ("copy_command", "copy_python"):
        action = window.actions_by_name[name]
        assert not action.isEnabled()
        assert action.toolTip().startswith("The design can't be built: ")
    window.session.mend(window.session.findings[0])
    assert window.actions_by_name["copy_python"].isEnabled()

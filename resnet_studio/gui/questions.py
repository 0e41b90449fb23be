"""The only modal things: questions that keep work from being lost."""

from typing import Literal

from PySide6.QtWidgets import QMessageBox, QWidget


def ask_about_run(parent: QWidget) -> Literal["stop", "keep", "cancel"]:
    """Ask what is to become of a run that goes on while the window is closed."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("A run is going on")
    box.setText("A run is going on. What is to become of it?")
    box.setInformativeText("Stopped, it is saved and can be resumed. Kept, it trains on without the window.")
    stop = box.addButton("Stop and save", QMessageBox.ButtonRole.AcceptRole)
    keep = box.addButton("Keep training", QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(stop)
    box.setEscapeButton(cancel)
    box.exec()
    clicked = box.clickedButton()
    return "stop" if clicked is stop else "keep" if clicked is keep else "cancel"


def ask_to_save(parent: QWidget, name: str) -> Literal["save", "discard", "cancel"]:
    """Ask whether an edited document is to be saved before it is left."""
    kind = QMessageBox.StandardButton
    buttons = kind.Save | kind.Discard | kind.Cancel
    answer = QMessageBox.question(parent, "Not saved", f"{name} was edited. Save it?", buttons, kind.Save)
    return "save" if answer == kind.Save else "discard" if answer == kind.Discard else "cancel"

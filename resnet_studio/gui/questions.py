"""The only modal things: questions that keep work from being lost, and which file is meant."""

from pathlib import Path
from typing import Literal

from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton, QWidget

from resnet_studio.gui.documents import Conflict
from resnet_studio.gui.recovery import Kind

FILTERS: dict[Kind, str] = {"experiment": "Experiment (*.json)", "network": "Network (*.json)"}

_CONFLICTS = {
    "open": ("is open in another window of the studio.", "Saving here overwrites what is done there."),
    "changed": ("was changed since it was opened.", "Saving overwrites what another program did to it."),
}


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


def ask_to_overwrite(
    parent: QWidget, name: str, conflict: Conflict
) -> Literal["overwrite", "save_as", "reload", "cancel"]:
    """Ask what to do where saving would overwrite what someone else did."""
    what, consequence = _CONFLICTS[conflict]
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Overwrite?")
    box.setText(f"{name} {what}")
    box.setInformativeText(consequence)
    role = QMessageBox.ButtonRole
    answers: dict[QPushButton, Literal["overwrite", "save_as", "reload"]] = {}
    save_as = box.addButton("Save as…", role.AcceptRole)
    answers[save_as] = "save_as"
    answers[box.addButton("Overwrite", role.DestructiveRole)] = "overwrite"
    if conflict == "changed":
        # reloading is an undoable step: what was edited here is not lost by it
        answers[box.addButton("Reload the file", role.ResetRole)] = "reload"
    box.setDefaultButton(save_as)
    box.setEscapeButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    clicked = box.clickedButton()
    return answers[clicked] if isinstance(clicked, QPushButton) and clicked in answers else "cancel"


def ask_what_to_open(parent: QWidget, folder: str) -> Path | None:
    """Ask for a document; None where none was chosen."""
    name, _ = QFileDialog.getOpenFileName(parent, "Open", folder, "Networks and experiments (*.json)")
    return Path(name) if name else None


def ask_where_to_save(parent: QWidget, suggested: Path, kind: Kind) -> tuple[Path, Kind] | None:
    """Ask for a file and what it is to hold; None where none was chosen."""
    dialog = QFileDialog(parent, "Save as", str(suggested.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(FILTERS.values()))
    dialog.selectNameFilter(FILTERS[kind])
    dialog.setDefaultSuffix("json")
    dialog.selectFile(suggested.name)
    if not dialog.exec():
        return None
    chosen: Kind = "network" if dialog.selectedNameFilter() == FILTERS["network"] else "experiment"
    return Path(dialog.selectedFiles()[0]), chosen

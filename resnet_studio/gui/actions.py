"""Every QAction of the window, made in one place: name, words, key, icon, tooltip."""

from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from resnet_studio.gui.icons import icon
from resnet_studio.gui.theme import Mode

PAGES = ("design", "data", "train", "export")
THEMES: tuple[Mode, ...] = ("light", "dark", "system")
Key = QKeySequence.StandardKey


@dataclass(frozen=True)
class _Words:
    text: str
    tip: str
    key: QKeySequence.StandardKey | str | None = None
    icon: str = ""


_ACTIONS = {
    "new": _Words("&New", "start again with the default design", Key.New),
    "open": _Words("&Open…", "open a network or an experiment", Key.Open, "open"),
    "open_run": _Words("Open &run…", "open the folder of a run", "Ctrl+Shift+O", "folder"),
    "save": _Words("&Save", "save the experiment", Key.Save, "save"),
    "save_as": _Words("Save &as…", "save the experiment under another name", Key.SaveAs),
    "revert": _Words("&Revert", "go back to what the file holds", None, "reset"),
    "quit": _Words("&Quit", "close the studio", Key.Quit),
    "undo": _Words("&Undo", "undo the last edit", Key.Undo, "undo"),
    "redo": _Words("&Redo", "do the undone edit again", Key.Redo, "redo"),
    "history": _Words("&History", "show every edit since the document was opened", "Ctrl+H"),
    "copy_command": _Words("Copy as c&ommand", "copy the command line that trains the same", None, "copy"),
    "copy_python": _Words("Copy as &Python", "copy the design as a readable Python module", "Ctrl+Shift+C"),
    "plain_twin": _Words("&Plain twin", "the same network without its skip connections, and back", "Ctrl+T"),
    "match": _Words("&Match the network to the data", "take input shape and classes from the images", "Ctrl+M", "link"),
    "train": _Words("&Train", "train the network on the images", "F5", "play"),
    "pause": _Words("&Pause", "pause after this step", "F6", "pause"),
    "stop": _Words("&Stop", "stop after this step and save a checkpoint", "Shift+F5", "stop"),
    "resume": _Words("&Resume", "go on exactly where the run stopped", "F7", "play"),
    "branch": _Words("&Go on from…", "go on from a kept checkpoint, in a new run or for more epochs", None, "skip"),
    "find_rate": _Words("&Find a learning rate", "draw the loss over a rising rate", None, "train"),
    "export": _Words("&Export", "write the trained weights and prove them", "Ctrl+E", "export"),
    "zoom_in": _Words("Zoom &in", "enlarge the diagram or the images", "Ctrl++", "zoom-in"),
    "zoom_out": _Words("Zoom &out", "shrink the diagram or the images", "Ctrl+-", "zoom-out"),
    "fit": _Words("&Fit", "show the whole diagram, or the images as large as usual", "Ctrl+0", "fit"),
    "picture": _Words("Save the &diagram…", "save the diagram as SVG or PNG", None, "camera"),
    "about": _Words("&About ResNet Studio", "version and licence", None, "info"),
}  # fmt: skip


def make_actions(parent: QWidget) -> dict[str, QAction]:
    """Return all actions by their short names; an action `open` has the object name `action.open`."""
    made = {name: _make(parent, name, words) for name, words in _ACTIONS.items()}
    for group, names in (("page", PAGES), ("theme", THEMES)):
        chosen = QActionGroup(parent)
        for number, name in enumerate(names, 1):
            tip = f"show the {name} page" if group == "page" else f"{name} colours"
            key = f"Ctrl+{number}" if group == "page" else None
            text = {"system": "As the &system"}.get(name, f"&{name.capitalize()}")
            words = _Words(text, tip, key, name if group == "page" else "")
            action = made[f"{group}.{name}"] = _make(parent, f"{group}.{name}", words)
            action.setCheckable(True)
            chosen.addAction(action)
    made["history"].setCheckable(True)
    return made


def _make(parent: QWidget, name: str, words: _Words) -> QAction:
    action = QAction(words.text, parent)
    action.setObjectName(f"action.{name}")
    if words.key is not None:
        action.setShortcut(QKeySequence(words.key))
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    tip = words.tip[:1].upper() + words.tip[1:]
    action.setToolTip(f"{tip} ({keys})" if keys else tip)
    action.setStatusTip(tip)
    if words.icon:
        action.setIcon(icon(words.icon))
    parent.addAction(action)
    return action

"""What the tools, the menu and the keys of the stages do, each an action with its words, its icon and its key."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from resnet_studio.gui.icons import icon


@dataclass(frozen=True)
class _Words:
    text: str
    tip: str
    key: str = ""
    icon: str = ""


_ACTIONS = {
    "plus": _Words("Add a stage", "Add a stage after the chosen one", icon="plus"),
    "minus": _Words("Remove", "Remove the chosen stages", "Del", "minus"),
    "copy": _Words("Duplicate", "Duplicate the chosen stages", "Ctrl+D", "copy"),
    "up": _Words("Move up", "Move the chosen stages up", "Alt+Up", "up"),
    "down": _Words("Move down", "Move the chosen stages down", "Alt+Down", "down"),
    "cut": _Words("Cut", "Remove the chosen stages and keep them in the clipboard", "Ctrl+X"),
    "yank": _Words("Copy", "Copy the chosen stages, for here or a spreadsheet", "Ctrl+C"),
    "paste": _Words("Paste", "Put the stages in the clipboard after the chosen one", "Ctrl+V"),
    "all": _Words("Choose all", "Choose all stages", "Ctrl+A"),
}
TOOLS = ("plus", "minus", "copy", "up", "down")
IN_FIELDS = ("copy", "up", "down")
"""Whose keys mean nothing in a field, so that they work from there, too."""


def make_actions(parent: QObject) -> dict[str, QAction]:
    """Return the actions by their short names; an action `minus` has the object name `edit.stages.menu.minus`."""
    made = {}
    for name, words in _ACTIONS.items():
        action = made[name] = QAction(words.text, parent)
        action.setObjectName(f"edit.stages.menu.{name}")
        # the rows look for the keys themselves: elsewhere Ctrl+C and Del are other things
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setShortcut(QKeySequence(words.key))
        action.setShortcutVisibleInContextMenu(True)
        if words.icon:
            action.setIcon(icon(words.icon))
        set_reason(action, name, "")
    return made


def set_reason(action: QAction, name: str, reason: str) -> None:
    """Turn an action off for a reason, which its tooltip says; empty: on."""
    words = _ACTIONS[name]
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    tip = reason or (f"{words.tip} ({keys})" if keys else words.tip)
    if tip != action.toolTip():  # each is told to the tools and the menu
        action.setEnabled(not reason)
        action.setToolTip(tip)


def make_menu(actions: Mapping[str, QAction], parent: QWidget) -> QMenu:
    """Return the context menu of the rows."""
    menu = QMenu(parent)
    menu.setObjectName("edit.stages.menu")
    for names in (TOOLS, ("cut", "yank", "paste"), ("all",)):
        menu.addActions([actions[name] for name in names])
        menu.addSeparator()
    return menu


def wanted(actions: Mapping[str, QAction], event: QKeyEvent, *, in_field: bool) -> str | None:
    """Return which action's key was pressed, or None; in a field most keys are the text's.

    Args:
        actions: as `make_actions` returns them.
        event: a key press, or the question whether a shortcut may have it.
        in_field: a number field has the focus, not the row itself.
    """
    pressed = QKeySequence(event.keyCombination())
    for name, action in actions.items():
        if pressed == action.shortcut() and (name in IN_FIELDS or not in_field):
            return name
    return None


def is_key(event: QEvent) -> bool:
    """Whether an event is a key press, or the question that goes before it."""
    return event.type() in {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride}

"""Which actions can be done now, and why the others can't."""

from typing import NamedTuple

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from resnet_studio.gui.session import Session


class _State(NamedTuple):
    possible: bool
    tip: str
    reason: str


class ActionStates(QObject):
    """Enables what can be done; a disabled action says why in its tooltip."""

    def __init__(self, session: Session, actions: dict[str, QAction], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._actions = session, actions
        for signal in (
            session.document_changed,
            session.images_changed,
            session.run_changed,
            session.export_changed,
        ):
            signal.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Look again at what can be done."""
        stack, paused = self._session.undo_stack, self._session.runs.phase == "paused"
        self._name("undo", stack.undoText())
        self._name("redo", stack.redoText())
        self._actions["pause"].setText("&Go on" if paused else "&Pause")
        for name, state in (self._edit_states() | self._run_states()).items():
            action = self._actions[name]
            keys = action.shortcut().toString()
            action.setEnabled(state.possible)
            words = state.tip if state.possible else state.reason
            # a reason is a sentence of its own; a tip, and what is said of undo, ends in the keys
            action.setToolTip(f"{words} ({keys})" if keys and not words.endswith(".") else words)

    def _name(self, name: str, step: str) -> None:
        self._actions[name].setText(f"&{name.capitalize()} {step}".rstrip())

    def _edit_states(self) -> dict[str, _State]:
        session, stack = self._session, self._session.undo_stack
        path, errors = session.documents.path, session.analysis.errors
        broken = f"The design can't be built: {errors[0].message}." if errors else ""
        return {
            "undo": _State(stack.canUndo(), f"Undo {stack.undoText()}", "Nothing to undo"),
            "redo": _State(stack.canRedo(), f"Redo {stack.redoText()}", "Nothing to redo"),
            "revert": _State(
                path is not None and session.documents.edited,
                f"Go back to what {session.documents.name} holds",
                "The design has no file yet." if path is None else "Nothing differs from the file.",
            ),
            "copy_command": _State(not broken, "Copy the command line that trains the same", broken),
            "copy_python": _State(not broken, "Copy the design as a readable Python module", broken),
            "match": _State(
                session.loading.of_wanted is not None,
                "Take input shape and classes from the images",
                "The images are still being loaded." if session.loading.active else "No images are loaded.",
            ),
        }

    def _run_states(self) -> dict[str, _State]:
        runs, exports = self._session.runs, self._session.exports
        phase, nothing = runs.phase, "No run is going on."
        ready = runs.folder is not None and not runs.going_on
        return {
            "train": _State(not runs.why_not, "Train the network on the images", runs.why_not),
            "find_rate": _State(
                not runs.why_not, "Draw the loss over a rising learning rate, on a network of its own", runs.why_not
            ),
            "stop": _State(
                runs.going_on and phase != "stopping", "Stop after this step and save a checkpoint", nothing
            ),
            "pause": _State(
                phase in {"paused", "training"}, "Go on" if phase == "paused" else "Pause after this step", nothing
            ),
            "resume": _State(not runs.why_not_resume, "Go on exactly where the run stopped", runs.why_not_resume),
            "branch": _State(
                not runs.why_not_branch,
                "Go on from a kept checkpoint, in a new run or for more epochs",
                runs.why_not_branch,
            ),
            "export": _State(
                ready and not exports.running, "Write the trained weights and prove them", self._why_no_export()
            ),
        }

    def _why_no_export(self) -> str:
        if self._session.runs.going_on:
            return "A run is going on; its weights can be exported once it has ended."
        if self._session.exports.running:
            return "An export is being proven."
        return "Train a network or open a run first."

"""Errors of the design at the fields that they are about: an edge, and the sentence below."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from resnet_studio.gui import numbers, theme
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.panel import FormRow


class FindingMarks(QObject):
    """Follows the session's findings; warnings are told elsewhere and mark no field."""

    def __init__(self, session: Session, panel: QWidget, rows: Mapping[str, FormRow]) -> None:
        """Mark the fields of a panel, which has them all by now.

        Args:
            session: whose findings they are.
            panel: where the fields are, their objectNames the paths.
            rows: of the fields by path, where a row can say something; stages say it by their own mark.
        """
        super().__init__(panel)
        self._session, self._panel, self._rows = session, panel, rows
        self._marked: dict[str, QWidget] = {}
        session.changed.connect(self.refresh)
        # a value that is taken clears the mark of its refusal, and this one with it
        session.refused.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Mark what is wrong now, and nothing else."""
        errors: dict[str, str] = {}
        for finding in self._session.findings:
            if finding.severity == "error":
                errors.setdefault(finding.field, numbers.prose(finding.message))
        for path in [path for path in self._marked if path not in errors]:
            theme.set_look(self._marked.pop(path), "fault", None)
            self._say(path, None)
        for path, sentence in errors.items():
            control = self._marked.get(path) or self._control(path)
            if control is not None:
                self._marked[path] = control
                theme.set_look(control, "fault", "error")
                self._say(path, sentence)

    def _control(self, path: str) -> QWidget | None:
        """Return the field of a path; that of its first entry stands for a list."""
        for name in (path, f"{path}.0"):
            found = self._panel.findChild(QWidget, name)
            if isinstance(found, QWidget):
                return found
        return None

    def _say(self, path: str, sentence: str | None) -> None:
        row = self._rows.get(path) or self._rows.get(f"{path}.0")
        if row is not None:
            row.set_error(f"finding {path}", sentence)

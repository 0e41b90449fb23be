"""The field for the epochs at which the learning rate falls."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.panel import FormRow
from resnet_studio.gui.widgets.text_field import TextField
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.spec.meaning import meaning

PATH = "training.milestones"


class MilestonesField(TextField):
    """Epochs between commas, such as `30, 60, 80`; each keystroke counts."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(name=PATH, label="epochs at which the rate falls", placeholder="none", parent=parent)
        self._session = session
        self.row: FormRow | None = None
        self.setToolTip(meaning(PATH))
        self.textEdited.connect(self._edited)
        session.changed.connect(self.refresh)
        session.refused.connect(self._refused)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the epochs as they are now, unless what is typed means the same."""
        self.show_experiment(self._session.experiment)

    def show_experiment(self, experiment: ExperimentSpec) -> None:
        """Show the epochs of an experiment, such as those of the run that goes on."""
        milestones = experiment.training.milestones
        if _read(self.text()) != milestones:
            self.set_text(", ".join(f"{epoch:g}" for epoch in milestones))

    def set_possible(self, possible: bool, reason: str) -> None:
        """Enable the field, or disable it with the reason as its tooltip."""
        self.setEnabled(possible)
        self.setToolTip(meaning(PATH) if possible else reason)

    @Slot(str)
    def _edited(self, text: str) -> None:
        epochs = _read(text)
        if epochs is None:
            self._say("Epochs are numbers between commas, such as 30, 60.")
        else:
            self._session.change(PATH, epochs)

    @Slot(str, str)
    def _refused(self, path: str, sentence: str) -> None:
        if path == PATH:
            self._say(sentence)

    def _say(self, sentence: str) -> None:
        theme.set_look(self, "fault", "error" if sentence else None)
        if self.row:
            self.row.set_error(PATH, sentence or None)


def _read(text: str) -> tuple[float, ...] | None:
    """Return the numbers of a text, None where it has other things in it; a comma at its end is one being typed."""
    parts = [part.strip() for part in text.split(",")]
    try:
        return tuple(float(part) for part in parts if part)
    except ValueError:
        return None

"""The file that the experiment lies in."""

from pathlib import Path
from typing import TYPE_CHECKING

from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.spec.files import (
    experiment_document,
    read_document,
    read_experiment,
    read_network,
    write_document,
)

if TYPE_CHECKING:
    from resnet_studio.gui.session import Session


class Documents:
    """One document at a time. GUI thread.

    Attributes:
        path: its file; None before it has one.
    """

    def __init__(self, session: "Session") -> None:
        self.path: Path | None = None
        self._session = session
        self._saved = session.experiment

    @property
    def edited(self) -> bool:
        """Whether the experiment differs from its file."""
        return self._session.experiment != self._saved

    def new(self) -> None:
        """Start again with the default design, without a file."""
        self._begin(ExperimentSpec(), None)

    def open(self, path: Path) -> None:
        """Put the network or experiment of a file in the place of this one.

        Raises:
            StudioError: the file is none of ours; nothing changes.
        """
        document = read_document(path)
        if document["format"].endswith("/network"):
            experiment = with_values(self._session.experiment, {"network": read_network(path).model_dump()})
        else:
            experiment = read_experiment(path)
        self._begin(experiment, path)

    def save(self, path: Path) -> None:
        """Write the experiment to a file in one go.

        Raises:
            StudioError: it can't be written; what stood there still does.
        """
        write_document(path, experiment_document(self._session.experiment))
        self.path, self._saved = path, self._session.experiment
        self._session.undo_stack.setClean()
        self._session.document_changed.emit()

    def _begin(self, experiment: ExperimentSpec, path: Path | None) -> None:
        session = self._session
        session.undo_stack.clear()
        self.path, self._saved = path, experiment
        session.show(experiment)
        session.undo_stack.setClean()
        session.select(1, 0)
        session.document_changed.emit()

"""Grey or colour; numbers of normalisation that were given for the other are taken along."""

from PySide6.QtCore import QObject, QSignalBlocker, Slot

from resnet_studio.gui.pages.data.panel.normalise_rows import IMAGENET_NUMBERS
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import Section
from resnet_studio.spec.meaning import meaning

CHANNELS = ((None, "as the source has them"), (1, "grey"), (3, "colour"))


class ChannelsRow(QObject):
    """One value of each channel normalises: with their number, the numbers must change, as one step."""

    def __init__(self, session: Session, section: Section) -> None:
        super().__init__(section)
        self._session = session
        self._choice = Choice(CHANNELS, name="data.channels", label="channels")
        self._choice.setToolTip(meaning("data.channels"))
        self._choice.currentIndexChanged.connect(self._chosen)
        self._row = section.add_row("Channels", self._choice)
        session.refused.connect(self._refused)

    def refresh(self) -> None:
        """Show what is wanted."""
        with QSignalBlocker(self._choice):
            self._choice.set_value(self._session.experiment.data.channels)

    @Slot()
    def _chosen(self) -> None:
        wanted = self._choice.value()
        self._session.change_many({"data.channels": wanted} | self._numbers(wanted), "channels")

    def _numbers(self, wanted: int | None) -> dict[str, object]:
        """Return ImageNet's numbers for so many channels where those are in use, else the source's own."""
        data = self._session.experiment.data
        given = {"mean": data.mean, "std": data.std}
        if all(values is None or len(values) == wanted for values in given.values()):
            return {}
        is_imagenet = given in IMAGENET_NUMBERS.values()
        numbers = IMAGENET_NUMBERS.get(wanted) if is_imagenet and wanted else None
        return {f"data.{name}": numbers[name] if numbers else None for name in given}

    @Slot(str, str)
    def _refused(self, path: str, sentence: str) -> None:
        if path == "data.channels":
            self._row.set_error(path, sentence or None)

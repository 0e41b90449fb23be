"""Height and width of the images: the source's own until others are wanted."""

from PySide6.QtCore import QObject, QSignalBlocker, Slot

from resnet_studio.gui import theme
from resnet_studio.gui.pages.data.resolved import resolved
from resnet_studio.gui.pages.data.source_rows import is_path
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.panel import Section
from resnet_studio.gui.widgets.spin import WholeSpin
from resnet_studio.spec.meaning import meaning
from resnet_studio.spec.support import reason_against

LEAST, MOST = 4, 4096
SIDES = ("height", "width")


class SizeRows(QObject):
    """The size of the images and, not built yet, that at evaluation."""

    def __init__(self, session: Session, section: Section) -> None:
        super().__init__(section)
        self._session = session
        self._spins = [
            WholeSpin(LEAST, MOST, name=f"data.image_size.{place}", label=f"image {side}", nothing="auto", digits=4)
            for place, side in enumerate(SIDES)
        ]
        self._own = ToolButton("reset", "Take the size of the source again", name="data.image_size.own")
        self._row = section.add_row("Size", self._spins[0], "×", self._spins[1], self._own)
        for spin in self._spins:
            spin.setToolTip(meaning("data.image_size"))
            # a whole number at a time: each one has the images decoded anew
            spin.setKeyboardTracking(False)
            spin.valueChanged.connect(self._edited)
        self._own.clicked.connect(self._reset)
        reason = reason_against("data.eval_size", (LEAST, LEAST))
        if reason is not None:
            spins = [
                WholeSpin(LEAST, MOST, name=f"data.eval_size.{place}", label=f"test {side}", nothing="same")
                for place, side in enumerate(SIDES)
            ]
            for spin in spins:
                spin.setToolTip(reason)
                spin.setEnabled(False)
                spin.set_number(None)
            section.add_row("Test size", spins[0], "×", spins[1])
        session.refused.connect(self._refused)

    def refresh(self) -> None:
        """Show the size that is wanted, or else the one that the images have."""
        data, found = self._session.experiment.data, resolved(self._session)
        size = data.image_size or (found.image_size if found else None)
        for place, spin in enumerate(self._spins):
            with QSignalBlocker(spin):
                spin.set_number(size[place] if size else None)
        self._own.setVisible(data.image_size is not None)
        open_to_differ = data.image_size is None and is_path(data.source)
        self._row.set_note("the source's, else the network's" if open_to_differ else "")

    @Slot()
    def _edited(self) -> None:
        height, width = (spin.number() for spin in self._spins)
        if height is None and width is None:
            self._session.change("data.image_size", None)
        else:
            self._session.change("data.image_size", (height or width, width or height))

    @Slot()
    def _reset(self) -> None:
        self._session.change("data.image_size", None, text="image size of the source")

    @Slot(str, str)
    def _refused(self, path: str, sentence: str) -> None:
        if path == "data.image_size":
            self._row.set_error(path, sentence or None)
            for spin in self._spins:
                theme.set_look(spin, "fault", "error" if sentence else None)

"""Height and width of the images, in training and at evaluation: the source's own until others are wanted."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QSignalBlocker, Slot

from resnet_studio.gui import theme
from resnet_studio.gui.binding import merge_drags
from resnet_studio.gui.pages.data.panel.resolved import resolved
from resnet_studio.gui.pages.data.panel.source_rows import is_path
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.panel import Section
from resnet_studio.gui.widgets.whole_spin import WholeSpin

LEAST, MOST = 4, 4096
SIDES = ("height", "width")


@dataclass(frozen=True)
class Kind:
    """One of the two sizes: its field, its name, what its controls are called, and how null is shown and undone."""

    path: str
    label: str
    words: str
    nothing: str
    back: str
    tip: str


IMAGE = Kind(
    "data.image_size",
    "Size",
    "image",
    "auto",
    "size of the source",
    "Height and width that every image gets, in pixels; until they are set, those of the source, or of the network "
    "where the images of a folder differ in size",
)
EVAL = Kind(
    "data.eval_size",
    "Test size",
    "test",
    "same",
    "size of training",
    "Height and width at evaluation, in pixels: larger ones than in training often classify better "
    "(Touvron et al. 2019); of the same shape",
)


class SizeRows(QObject):
    """The size of the images and that at evaluation."""

    def __init__(self, session: Session, section: Section) -> None:
        super().__init__(section)
        self._rows = tuple(SizeRow(session, section, kind) for kind in (IMAGE, EVAL))

    def refresh(self) -> None:
        """Show both."""
        for row in self._rows:
            row.refresh()


class SizeRow(QObject):
    """Height and width, and the way back to null."""

    def __init__(self, session: Session, section: Section, kind: Kind) -> None:
        super().__init__(section)
        self._session, self._kind = session, kind
        self._spins = [
            WholeSpin(
                LEAST, MOST, name=f"{kind.path}.{place}", label=f"{kind.words} {side}", nothing=kind.nothing, digits=4
            )
            for place, side in enumerate(SIDES)
        ]
        self._own = ToolButton("reset", f"Take the {kind.back} again", name=f"{kind.path}.own")
        kept = self._own.sizePolicy()
        # both rows end where they end with it, so that nothing moves when it comes
        kept.setRetainSizeWhenHidden(True)
        self._own.setSizePolicy(kept)
        self._row = section.add_row(kind.label, self._spins[0], "×", self._spins[1], self._own)
        for spin in self._spins:
            spin.setToolTip(kind.tip)
            # a whole number at a time: each one has the images decoded anew
            spin.setKeyboardTracking(False)
            spin.valueChanged.connect(self._edited)
            merge_drags(session, spin)
        self._own.clicked.connect(self._reset)
        session.refused.connect(self._refused)

    def refresh(self) -> None:
        """Show the size that is wanted, or else, of the images, the one that they have."""
        wanted = self._wanted()
        size = wanted or self._image_size() if self._kind is IMAGE else wanted
        for place, spin in enumerate(self._spins):
            with QSignalBlocker(spin):
                spin.set_number(size[place] if size else None)
        self._own.setVisible(wanted is not None)
        data = self._session.experiment.data
        open_to_differ = self._kind is IMAGE and wanted is None and is_path(data.source)
        self._row.set_note("the source's, else the network's" if open_to_differ else "")

    def _wanted(self) -> tuple[int, int] | None:
        data = self._session.experiment.data
        return data.image_size if self._kind is IMAGE else data.eval_size

    def _image_size(self) -> tuple[int, int] | None:
        """Return the size of the images in training, as far as it is known."""
        found = resolved(self._session)
        return self._session.experiment.data.image_size or (found.image_size if found else None)

    def _completed(self, height: int | None, width: int | None) -> tuple[int, int] | None:
        """Return the size of which a side has just been given; at evaluation it has the shape of that in training."""
        shape, before = self._image_size(), self._wanted()
        if self._kind is EVAL and before is not None and None in (height, width):
            return None
        if self._kind is EVAL and shape is not None:
            tall, wide = shape
            if height is not None and (before is None or height != before[0]):
                return height, max(LEAST, round(height * wide / tall))
            if width is not None:
                return max(LEAST, round(width * tall / wide)), width
        side = height or width
        return None if side is None else (height or side, width or side)

    @Slot()
    def _edited(self) -> None:
        self._session.change(self._kind.path, self._completed(*(spin.number() for spin in self._spins)))

    @Slot()
    def _reset(self) -> None:
        self._session.change(self._kind.path, None, text=f"{self._kind.words} {self._kind.back}")

    @Slot(str, str)
    def _refused(self, path: str, sentence: str) -> None:
        if path == self._kind.path:
            self._row.set_error(path, sentence or None)
            for spin in self._spins:
                theme.set_look(spin, "fault", "error" if sentence else None)

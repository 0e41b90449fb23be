"""Which images validate, in words, and how those that are held out are drawn."""

from PySide6.QtCore import QObject, QSignalBlocker, Slot

from resnet_studio.data.images import ImageSet
from resnet_studio.gui import numbers, theme
from resnet_studio.gui.binding import Binding, merge_drags
from resnet_studio.gui.pages.data.panel.resolved import as_wanted
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import Section
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.whole_spin import WholeSpin
from resnet_studio.spec.meaning import meaning

AUTO, SHARE, TEST = "auto", "share", "test"
WORDS = ((AUTO, "the source's, or a tenth"), (SHARE, "a share of training"), (TEST, "the test images"))
USUAL_SHARE = 0.1
BY_TEST = "the test images choose the best epoch: the test accuracy is not of unseen images"
NOT_DRAWN = "Nothing is drawn: the source has splits of its own"


class ValidationRows(QObject):
    """A choice in words; the share and the seed of the draw below it."""

    def __init__(self, session: Session, section: Section) -> None:
        super().__init__(section)
        self._session = session
        self._kind = Choice(WORDS, name="data.validation", label="validation images")
        self._kind.setToolTip(meaning("data.validation"))
        self._kind.currentIndexChanged.connect(self._chosen)
        self._row = section.add_row("Validation", self._kind)
        self._share = RealSpin(
            0.1, 99.9, name="data.validation.share", label="share held out in per cent", after=" %", step=1.0, places=0
        )
        self._share.setKeyboardTracking(False)
        self._share.valueChanged.connect(self._share_edited)
        merge_drags(session, self._share)
        seed = WholeSpin(0, 2**31 - 1, name="data.split_seed", label="seed of the split", digits=2)
        seed.setKeyboardTracking(False)
        below = section.add_row("Held out", self._share, "seed", seed)
        self._seed = Binding(session, seed, below)
        session.refused.connect(self._refused)

    def refresh(self) -> None:
        """Show what is wanted now, and what has come of it."""
        wanted = self._session.experiment.data.validation
        with QSignalBlocker(self._kind), QSignalBlocker(self._share):
            self._kind.set_value(wanted if isinstance(wanted, str) else SHARE)
            self._share.set_number(round(100 * (USUAL_SHARE if isinstance(wanted, str) else wanted), 8))
        self._share.setEnabled(not isinstance(wanted, str))
        self._share.setToolTip(
            "Choose a share of the training images above to set it"
            if isinstance(wanted, str)
            else "Share of each class of the training images that validates"
        )
        images = as_wanted(self._session, "validation", "split_seed")
        drawn = images is None or images.is_drawn(images.validation) or images.is_drawn(images.test)
        self._seed.set_possible(drawn, NOT_DRAWN)
        self._row.set_note(BY_TEST if wanted == TEST else "" if images is None else outcome(images))

    @Slot()
    def _chosen(self) -> None:
        kind = self._kind.value()
        self._session.change("data.validation", USUAL_SHARE if kind == SHARE else kind)

    @Slot()
    def _share_edited(self) -> None:
        self._session.change("data.validation", round(self._share.value() / 100, 10))

    @Slot(str, str)
    def _refused(self, path: str, sentence: str) -> None:
        if path == "data.validation":
            self._row.set_error(path, sentence or None)
            theme.set_look(self._share, "fault", "error" if sentence else None)


def outcome(images: ImageSet) -> str:
    """Return how many images validate and where they are from, in words."""
    held, rest = len(images.validation), len(images.train)
    if images.validation is images.test:
        return f"{numbers.count(held)} images, which test too: the source has no others"
    if images.is_drawn(images.validation):
        return f"{numbers.count(held)} of {numbers.count(held + rest)} held out"
    return f"{numbers.count(held)} of the source's own"

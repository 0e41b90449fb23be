"""Mean and standard deviation by which pixels are normalised: the source's own, ImageNet's, or given."""

from PySide6.QtCore import QObject, QSignalBlocker, Slot

from resnet_studio.gui.binding import merge_drags
from resnet_studio.gui.pages.data.panel.normalise_numbers import CHANNELS, NAMES, WORDS, NormaliseNumbers, Values
from resnet_studio.gui.pages.data.panel.resolved import as_wanted, resolved
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import Section

SOURCE, IMAGENET, GIVEN = "source", "imagenet", "given"
KINDS = ((SOURCE, "this source"), (IMAGENET, "ImageNet"), (GIVEN, "given"))
TIP = "Mean and standard deviation of each channel, on a scale from 0 to 1: "
TIPS = {
    SOURCE: "measured once on the training images",
    IMAGENET: "those of ImageNet, as torchvision's weights expect them",
    GIVEN: "edited below",
}

IMAGENET_NUMBERS: dict[int, dict[str, Values]] = {
    3: {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)},
    1: {"mean": (0.459,), "std": (0.226,)},
}
"""Of ImageNet's images by channels: colour as torchvision's weights expect it (its transforms' presets); grey is the
luminance of that, 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), the deviations as if the channels went together."""
GREY_NOTE = "the luminance of ImageNet's colours"
MEASURED_FROM = ("validation", "split_seed", "image_size", "channels", "resize")
"""Fields of the data that change what is measured."""

Numbers = dict[str, Values]


class NormaliseRows(QObject):
    """A choice of three, and the numbers; what was given once comes back with `given`."""

    def __init__(self, session: Session, section: Section) -> None:
        super().__init__(section)
        self._session = session
        self._given: dict[int, Numbers] = {}
        """What was given last for this source, by channels."""
        self._source = ""
        self._is_given = False
        """Whether `given` was chosen, for numbers that might be ImageNet's too."""
        self._kind = Choice(KINDS, name="data.mean", label="normalise by")
        self._kind.currentIndexChanged.connect(self._chosen)
        self._choice_row = section.add_row("Normalise", self._kind)
        self._numbers = NormaliseNumbers(section, self._edited)
        for spin in (spin for spins in self._numbers.spins.values() for spin in spins):
            merge_drags(session, spin)
        session.refused.connect(self._refused)

    def refresh(self) -> None:
        """Show the numbers that count now; blank while they are not measured yet."""
        source = self._session.experiment.data.source
        if source != self._source:
            self._source = source
            self._given.clear()
        kind, shown = self._kind_now(), self._shown()
        if kind == GIVEN and all(shown.values()):
            self._given[len(shown["mean"])] = shown
        with QSignalBlocker(self._kind):
            self._kind.set_value(kind)
        self._kind.setToolTip(TIP + TIPS[kind])
        self._numbers.show_values(shown, editable=kind == GIVEN)
        grey = kind == IMAGENET and len(shown["mean"]) == 1
        self._choice_row.set_note(GREY_NOTE if grey else "")

    def _kind_now(self) -> str:
        data = self._session.experiment.data
        if data.mean is None and data.std is None:
            self._is_given = False
            return SOURCE
        is_imagenet = {"mean": data.mean, "std": data.std} in IMAGENET_NUMBERS.values()
        return IMAGENET if is_imagenet and not self._is_given else GIVEN

    def _shown(self) -> Numbers:
        """Return the numbers that are given, else those that were measured, else none."""
        data, found = self._session.experiment.data, as_wanted(self._session, *MEASURED_FROM)
        return {
            "mean": data.mean or (found.mean if found else ()),
            "std": data.std or (found.std if found else ()),
        }

    def _channels(self) -> int:
        data, found = self._session.experiment.data, resolved(self._session)
        return data.channels or (found.channels if found else None) or CHANNELS

    @Slot()
    def _chosen(self) -> None:
        kind, channels = self._kind.value(), self._channels()
        before = self._shown()
        self._is_given = kind == GIVEN
        numbers: Numbers | dict[str, None]
        if kind == SOURCE:
            numbers = dict.fromkeys(NAMES)
        elif kind == IMAGENET:
            numbers = IMAGENET_NUMBERS[channels]
        else:
            known = before if all(len(before[name]) == channels for name in NAMES) else IMAGENET_NUMBERS[channels]
            numbers = self._given.get(channels, {name: _rounded(known[name]) for name in NAMES})
        words = dict(KINDS)[kind]
        text = "numbers that are given" if kind == GIVEN else words
        if not self._session.change_many({f"data.{name}": numbers[name] for name in NAMES}, f"normalise by {text}"):
            self._is_given = False
        # numbers that stay the same are no edit, and announce none
        self.refresh()

    def _edited(self, name: str, place: int) -> None:
        values = self._numbers.typed(name, len(self._shown()[name]))
        merging = f"data.{name}.{place}"
        self._session.change_many({f"data.{name}": values}, f"{WORDS[name]} of channel {place + 1}", merging=merging)

    @Slot(str, str)
    def _refused(self, path: str, sentence: str) -> None:
        field, _, place = path.removeprefix("data.").partition(".")
        if path.startswith("data.") and field in NAMES and (not place or place.isdigit()):
            self._numbers.show_fault(field, path, sentence)


def _rounded(values: Values) -> Values:
    """Return numbers to begin an edit with: as they were shown."""
    return tuple(round(value, 3) for value in values)

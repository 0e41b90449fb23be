"""Images as the network gets them: what training draws for an image in an epoch, and what evaluation sees.

They come from the very batches that the trainer takes, in the background, those that are asked for first.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from resnet_studio.data.images import Images, ImageSet
from resnet_studio.gui.pages.data.pictures.gallery import splits
from resnet_studio.gui.session import Session
from resnet_studio.gui.worker import Job
from resnet_studio.spec.experiment import ExperimentSpec, with_values

if TYPE_CHECKING:
    from resnet_studio.data.feed.batches import Batches

TRAIN = "train"
AFTER_MS = 120
"""How long an edit rests before images are drawn anew: a strength that is dragged changes many times a second."""
TOGETHER = 16
"""Images that are drawn in one go: few enough to come soon, enough to be fast."""
MOST_BYTES = 128 << 20
"""Pixels that are kept."""


class Place(NamedTuple):
    """One image at one time."""

    split: str
    """A name of `gallery.splits`."""
    number: int
    """Its place in the split, from 0."""
    epoch: int
    """From 0; always 0 where nothing is drawn, as in evaluation."""


class Trained(QObject):
    """Draws images and keeps the last ones; what was drawn is dropped once training would draw otherwise. GUI thread.

    Attributes:
        is_random: whether training changes its images at all.
    """

    came = Signal()
    """Some that were asked for are there now."""
    dropped = Signal()
    """Training would draw them otherwise now: they are to be asked for again."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_random = False
        self._session = session
        self._images: ImageSet | None = None
        self._key: object = None
        self._kept: OrderedDict[Place, Images] = OrderedDict()
        self._bytes = 0
        self._asked: dict[str, tuple[Place, ...]] = {}
        # read by the worker's thread, and only ever replaced as a whole here
        self._waiting: tuple[Place, ...] = ()
        self._job: Job | None = None
        self._failed = False
        self._as_stored: frozenset[str] = frozenset()
        self._timer = QTimer(self, interval=AFTER_MS, singleShot=True)
        self._timer.timeout.connect(self._start)
        session.images_changed.connect(self._follow)
        session.changed.connect(self._follow)
        self._follow()

    def place(self, split: str, number: int, epoch: int) -> Place:
        """Return what names an image in an epoch; evaluation has none."""
        return Place(split, number, epoch if split == TRAIN and self.is_random else 0)

    def get(self, place: Place) -> Images | None:
        """Return the pixels, uint8 (H, W, C), or None where they are not drawn yet."""
        if place.split in self._as_stored and self._images is not None and self._has(place):
            stored: Images = splits(self._images)[place.split].images[place.number]
            return stored
        found = self._kept.get(place)
        if found is not None:
            self._kept.move_to_end(place)
        return found

    def ask(self, who: str, places: Sequence[Place]) -> None:
        """Want images, the first ones first, in the place of those that the same one asked for before.

        Args:
            who: `pane` is served before all others.
            places: see `place`.
        """
        self._asked[who] = tuple(places)
        order = sorted(self._asked, key=lambda each: each != "pane")
        wanted = dict.fromkeys(place for each in order for place in self._asked[each])
        missing = (
            place
            for place in wanted
            if place not in self._kept and place.split not in self._as_stored and self._has(place)
        )
        self._waiting = tuple(missing)
        if not self._timer.isActive():
            self._start()

    def _has(self, place: Place) -> bool:
        """Whether there is such an image: who asks may not have heard yet that they are fewer now."""
        return self._images is not None and place.number < len(splits(self._images)[place.split])

    @Slot()
    def _follow(self) -> None:
        """Drop what is drawn where training would draw otherwise now."""
        images, training = self._session.images, self._session.experiment.training
        # the sampling decides which image is mixed into another
        key = None if images is None else (images.fingerprint, images.spec, training.seed, training.sampling)
        self._images = images
        if key == self._key:
            return
        self._key, self._failed = key, False
        self.is_random = images is not None and is_random(images)
        self._as_stored = _as_stored(images) if images is not None else frozenset()
        if self._job:
            self._job.cancel()
            self._job = None
        self._kept.clear()
        self._bytes = 0
        self._asked.clear()
        self._waiting = ()
        self._timer.start()
        self.dropped.emit()

    @Slot()
    def _start(self) -> None:
        images, waiting = self._images, self._waiting
        if images is None or not waiting or self._job is not None or self._failed:
            return
        experiment = self._session.experiment
        self._job = self._session.background.run(
            lambda job: self._steps(job, images, experiment), on_items=self._take, on_end=self._ended
        )

    def _steps(self, job: Job, images: ImageSet, experiment: ExperimentSpec) -> Iterator[Any]:
        """Yield what is waited for, some images at a time, until nothing is. Worker's thread."""
        import torch

        from resnet_studio.training.feeding import eval_batches, train_batches

        resolved, cpu = with_values(experiment, {"data": images.spec.model_dump()}), torch.device("cpu")
        batches: dict[str, Batches] = {}
        done: set[Place] = set()
        while not job.stale():
            left = [place for place in self._waiting if place not in done]
            some = [place for place in left if (place.split, place.epoch) == (left[0].split, left[0].epoch)][:TOGETHER]
            if not some:
                return
            name, _, epoch = some[0]
            if name not in batches:
                split = splits(images)[name]
                training = name == TRAIN
                batches[name] = (
                    train_batches(images, resolved, cpu) if training else eval_batches(images, resolved, cpu, split)
                )
            drawn = batches[name].augmented([place.number for place in some], epoch).numpy()
            done.update(some)
            yield [(place, pixels.copy()) for place, pixels in zip(some, drawn, strict=True)]

    def _take(self, parts: list[list[tuple[Place, Images]]]) -> None:
        for part in parts:
            for place, pixels in part:
                self._bytes += pixels.nbytes if place not in self._kept else 0
                self._kept[place] = pixels
        came = {place for part in parts for place, _ in part}
        self._waiting = tuple(place for place in self._waiting if place not in came)
        while self._bytes > MOST_BYTES and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.nbytes
        self.came.emit()

    def _ended(self, error: BaseException | None) -> None:
        self._job = None
        if error is not None:
            self._failed = True
            self._session.unexpected.emit(error)
            return
        # what was asked for while the last ones were on their way
        self._start()


def is_random(images: ImageSet) -> bool:
    """Whether training changes these images at random."""
    augment = images.spec.augment.model_dump(exclude={"rand_augment_ops"})
    return any(augment.values())


def _as_stored(images: ImageSet) -> frozenset[str]:
    """Return the splits whose images the network gets as they are stored, with nothing to be drawn."""
    training, stored = images.spec.image_size, images.train.images.shape[1:3]
    evaluation = images.spec.eval_size or training
    names = {name for name in splits(images) if name != TRAIN and evaluation in {None, stored}}
    return frozenset(names | ({TRAIN} if not is_random(images) and training in {None, stored} else set()))

"""Small pictures of the files that findings name, decoded in the background from the files of the user."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QPixmap

from resnet_studio.data.images import Images
from resnet_studio.gui.pages.data.pictures.thumbnails import pixmap
from resnet_studio.gui.session import Session
from resnet_studio.gui.worker import Job

if TYPE_CHECKING:
    from resnet_studio.data.images import ImageSet

HIGH, LEAST_WIDE, MOST_WIDE = 36, 20, 72
"""Height of a picture on the screen, and the bounds of its width, in pixels."""
_DETAIL = 2
"""Pixels that are decoded for one on the screen: enough for a screen of twice the density."""
_KEPT = 400


@dataclass(frozen=True)
class Thumb:
    """A picture, or why there is none."""

    pixels: Images | None
    """(H, W, C)."""
    reason: str = ""
    """Why it can't be decoded, as words that follow the name of the file."""

    @property
    def size(self) -> QSize:
        """Its size on the screen."""
        if self.pixels is None:
            return QSize(HIGH, HIGH)
        height, width, _ = self.pixels.shape
        return QSize(wide(height, width), HIGH)

    def pixmap(self, ratio: float) -> QPixmap:
        """Return it as a pixmap of its size; `ratio`: pixels of the screen to one of the widget."""
        if self.pixels is None:
            return QPixmap()
        return pixmap(self.pixels, self.size, ratio)


class Thumbs(QObject):
    """The pictures that were asked for, the last ones kept. GUI thread."""

    came = Signal()
    """More pictures are there."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._job: Job | None = None
        self._source = ""
        self._kept: OrderedDict[str, Thumb] = OrderedDict()

    def want(self, source: str, files: Iterable[str]) -> None:
        """Ask for pictures; those of an earlier asking that are not there yet are not wanted any more.

        Args:
            source: the folder; that of another one are forgotten.
            files: relative to it; those of a source that is no folder are looked for among the images loaded.
        """
        if source != self._source:
            self._kept.clear()
            self._source = source
        wanted = [file for file in dict.fromkeys(files) if file not in self._kept]
        self.cancel()
        if not wanted:
            return
        images = self._session.images

        def steps(job: Job) -> Iterator[Any]:
            for file, thumb in decoded(Path(source), wanted, images):
                if job.stale():
                    return
                yield file, thumb

        self._job = self._session.pictures.run(steps, on_items=self._take, on_end=self._ended)

    def get(self, file: str) -> Thumb | None:
        """Return a picture that was asked for; None: it isn't there yet."""
        return self._kept.get(file)

    def cancel(self) -> None:
        """Ask for no more."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _take(self, items: list[Any]) -> None:
        self._kept.update(items)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        self.came.emit()

    def _ended(self, error: BaseException | None) -> None:
        self._job = None
        if error is not None:
            self._session.unexpected.emit(error)


def decoded(folder: Path, files: Iterable[str], images: "ImageSet | None") -> Iterator[tuple[str, Thumb]]:
    """Yield pictures one by one. Any thread.

    Args:
        folder: of the source; where it is none, the pictures are those of `images`.
        files: relative to it, or as `gallery.file_name` names what is no file.
        images: those that are loaded.
    """
    from resnet_studio.data.decoding.decode import Decoding, decoded_file, header
    from resnet_studio.data.decoding.image_error import ImageError

    if not folder.is_dir():
        yield from _loaded(files, images)
        return
    for file in files:
        try:
            height, width, _ = header(folder / file)
            decoding = Decoding((_DETAIL * HIGH, _DETAIL * wide(height, width)), 3, "fill")
            yield file, Thumb(decoded_file(folder / file, decoding))
        except ImageError as error:
            yield file, Thumb(None, error.reason)


def wide(height: int, width: int) -> int:
    """Return how wide a picture is on the screen that has a height and width of its own, in pixels."""
    return max(LEAST_WIDE, min(MOST_WIDE, round(HIGH * width / max(height, 1))))


def _loaded(files: Iterable[str], images: "ImageSet | None") -> Iterator[tuple[str, Thumb]]:
    from resnet_studio.gui.pages.data.pictures.gallery import Gallery, View, file_name, splits

    if images is None:
        return
    gallery = Gallery(images, View(mixed=False, files=frozenset(files)))
    for row in range(len(gallery)):
        picture = gallery[row]
        yield file_name(picture.split, splits(images)[picture.split], picture.number), Thumb(picture.pixels)

"""What is known of one image: where it stands, how large it is and was, and its file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from resnet_studio.data.catalogue.wanted_files import root_of
from resnet_studio.data.images import ImageSet, printable
from resnet_studio.data.sources.flowers import NAME as FLOWERS
from resnet_studio.data.sources.flowers import photographs
from resnet_studio.gui import numbers
from resnet_studio.gui.pages.data.pictures.gallery import Picture
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.label import ElidedLabel, Label
from resnet_studio.gui.worker import Job
from resnet_studio.spec.errors import StudioError


class ImageFacts(QWidget):
    """Three rows; the size in the file is read in the background."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._session = session
        self._path: Path | None = None
        self._stored = self._source = ""
        self._job: Job | None = None
        self._place = ElidedLabel(size="small", name="view.image.place")
        self._size = ElidedLabel(size="small", name="view.image.size")
        self._file = ElidedLabel(size="small", name="view.image.file", mode=Qt.TextElideMode.ElideMiddle)
        copy = ToolButton("copy", "Copy the path of the file", name="view.image.copy")
        show = ToolButton("folder", "Show in its folder", name="view.image.folder")
        copy.clicked.connect(self._copy)
        show.clicked.connect(self._show_folder)
        self._row = QWidget()
        file = QHBoxLayout(self._row)
        file.setContentsMargins(0, 0, 0, 0)
        file.setSpacing(2)
        file.addWidget(self._file, 1)
        file.addWidget(copy)
        file.addWidget(show)
        self._word = Label("file", ink="muted", size="small")
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 4, 8, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        rows = ((Label("image", ink="muted", size="small"), self._place),
                (Label("size", ink="muted", size="small"), self._size), (self._word, self._row))  # fmt: skip
        for line, (word, value) in enumerate(rows):
            word.setFixedWidth(40)
            grid.addWidget(word, line, 0)
            grid.addWidget(value, line, 1)

    def show_picture(self, images: ImageSet, picture: Picture) -> None:
        """Show what is known of an image, and find out the rest."""
        if self._job:
            self._job.cancel()
            self._job = None
        self._place.setText(f"{picture.split} {numbers.count(picture.number + 1)} of {numbers.count(picture.of)}")
        high, wide, _ = picture.pixels.shape
        self._stored = f"stored as {wide}×{high} px"
        path = _folder(images) / picture.name if picture.name else None
        if path != self._path:
            self._path, self._source = path, ""
        self._tell()
        self._file.setText(printable(picture.name))
        self._word.setVisible(self._path is not None)
        self._row.setVisible(self._path is not None)
        if path is not None and not self._source:
            self._job = self._session.pictures.run(lambda _: _file_size(path), on_items=self._take, on_end=self._ended)

    def _take(self, found: list[Any]) -> None:
        wide, high = found[-1]
        self._source = f"{wide}×{high} px in the file"
        self._tell()

    def _tell(self) -> None:
        self._size.setText(", ".join(part for part in (self._source, self._stored) if part))

    def _ended(self, error: BaseException | None) -> None:
        self._job = None
        if isinstance(error, (StudioError, OSError)):
            self._size.setText(f"{self._stored}; its file can't be read any more")
        elif error is not None:
            self._session.unexpected.emit(error)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(str(self._path))

    @Slot()
    def _show_folder(self) -> None:
        if self._path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))


def _folder(images: ImageSet) -> Path:
    """Return the folder to which the files of a set are relative."""
    return photographs(root_of(images.spec)) if images.source == FLOWERS else Path(images.source)


def _file_size(path: Path) -> Iterator[tuple[int, int]]:
    """Yield width and height of the image in a file. Worker's thread."""
    from resnet_studio.data.decoding.decode import header

    high, wide, _ = header(path)
    yield wide, high

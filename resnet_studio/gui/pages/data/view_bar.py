"""The bars above the grid: which split, which class, which files, in which order, how large."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from resnet_studio.data.images import ImageSet
from resnet_studio.gui import numbers
from resnet_studio.gui.pages.data.class_choice import ClassChoice
from resnet_studio.gui.pages.data.gallery import ALL, View, distinct, splits
from resnet_studio.gui.pages.data.image_grid import LARGEST, SMALLEST, USUAL
from resnet_studio.gui.pages.data.only_line import OnlyLine
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.segmented import Segmented
from resnet_studio.gui.widgets.slider import Slider
from resnet_studio.gui.widgets.text_field import TextField
from resnet_studio.gui.widgets.tool_row import ToolRow

TYPING_MS = 150
"""Time without a key after which a search begins: 60,000 names are looked through."""


class ViewBar(QWidget):
    """Says what to look at; knows nothing of how it is shown."""

    view_changed = Signal()
    """Other images are to be looked at: see `view`."""
    size_changed = Signal(int)
    """The images are to be larger or smaller: the longer side in pixels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = ""
        self._splits = Segmented(
            [(ALL, "all"), ("train", "train"), ("validation", "validation"), ("test", "test")],
            name="view.split",
            label="split",
        )
        self._search = TextField(
            name="view.search", label="part of a file name", placeholder="file name", icon="search", compact=True
        )
        self._search.setClearButtonEnabled(True)
        self._search.setFixedWidth(150)
        self._size = Slider(SMALLEST, LARGEST, USUAL, name="view.size", label="size of the images in pixels")
        self._size.setFixedWidth(90)
        self._mixed = ToolButton(
            "shuffle", "Mix the classes; else the order of the source", name="view.mixed", framed=True
        )
        self._mixed.setCheckable(True)
        self._mixed.setChecked(True)
        self._mixed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._classes, self._only = ClassChoice(), OnlyLine()
        row = ToolRow(name="view.bar")
        row.add(self._splits, self._search)
        row.add_right("size", self._size, self._mixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(row)
        column.addWidget(self._classes)
        column.addWidget(self._only)
        self._typing = QTimer(self, interval=TYPING_MS, singleShot=True)
        self._typing.timeout.connect(self._change)
        self._search.textChanged.connect(self._typed)
        self._splits.chosen.connect(self._change)
        self._classes.chosen.connect(self._change)
        self._mixed.toggled.connect(self._change)
        self._only.cleared.connect(self._change)
        self._size.valueChanged.connect(self._resize)

    def view(self) -> View:
        """What to look at."""
        text, mixed = self._search.text().strip(), self._mixed.isChecked()
        return View(self._splits.key(), self._classes.label(), text, mixed, self._only.files)

    def show_only(self, title: str, files: Sequence[str]) -> None:
        """Look at some files alone, whatever was chosen before, until the user lets go of them.

        Args:
            title: what they have in common, such as the sentence of a finding.
            files: relative to the source, see `gallery.file_name`; those that are not in use have no image.
        """
        self._splits.set_key(ALL)
        self._classes.choose(None)
        blocked = self._search.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self._search.clear()
        self._search.blockSignals(blocked)
        self._only.show_files(title, frozenset(files))
        self._change()

    def show_images(self, images: ImageSet) -> None:
        """Offer the splits, classes and files of other images, without a signal; other files let go of the chosen."""
        if self._source != images.source:
            self._source = images.source
            self._only.show_files("", None)
        for name, split in splits(images).items():
            self._splits.set_words(name, f"{name} {numbers.count(len(split))}")
        total = sum(len(split) for split in distinct(images).values())
        self._splits.set_words(ALL, f"all {numbers.count(total)}")
        self._classes.show_classes(images.class_names)
        files = bool(images.train.names)
        blocked = self._search.blockSignals(not files)
        self._search.setVisible(files)
        if not files:
            self._search.clear()
        self._search.blockSignals(blocked)

    @Slot()
    def _typed(self) -> None:
        self._typing.start()

    @Slot()
    def _change(self) -> None:
        self.view_changed.emit()

    @Slot(int)
    def _resize(self, side: int) -> None:
        self.size_changed.emit(side)

"""The bars above the grid: which split, which class, which files, in which order, how large, and how treated."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.data.images import ImageSet
from resnet_studio.gui import numbers
from resnet_studio.gui.pages.data.pictures.class_choice import ClassChoice
from resnet_studio.gui.pages.data.pictures.epoch_choice import EpochChoice
from resnet_studio.gui.pages.data.pictures.gallery import ALL, View, distinct, splits
from resnet_studio.gui.pages.data.pictures.only_line import OnlyLine
from resnet_studio.gui.pages.data.pictures.tiling import LARGEST, SMALLEST, USUAL
from resnet_studio.gui.pages.data.pictures.trained import is_random
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.segmented import Segmented
from resnet_studio.gui.widgets.slider import Slider
from resnet_studio.gui.widgets.text_field import TextField
from resnet_studio.gui.widgets.tool_row import ToolRow

TYPING_MS = 150
"""Time without a key after which a search begins: 60,000 names are looked through."""
MIXED, IN_ORDER = "mixed", "in_order"
_SPLITS = ("train", "validation", "test")


class ViewBar(QWidget):
    """Says what to look at; knows nothing of how it is shown."""

    view_changed = Signal()
    """Other images are to be looked at: see `view`."""
    size_changed = Signal(int)
    """The images are to be larger or smaller: the longer side in pixels."""
    epoch_changed = Signal()
    """They are to be shown as stored, or as trained in another epoch: see `epoch`."""
    left = Signal()
    """The user is done with the search: the keyboard belongs to the images."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source, self._counts, self._is_random = "", dict[str, str](), True
        self._splits = Segmented([(name, name) for name in (ALL, *_SPLITS)], name="view.split", label="split")
        self.search = TextField(name="view.search", label="part of the name of a file or class", icon="search",
                                compact=True)  # fmt: skip
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(96)
        self.search.setMaximumWidth(150)
        self._size_word = Label("size", ink="muted", size="small")
        self._size = Slider(SMALLEST, LARGEST, USUAL, name="view.size", label="size of the images in pixels")
        self._size.setFixedWidth(80)
        self._size.setToolTip("Size of the images (Ctrl and the wheel, Ctrl and +, −, 0)")
        self._epoch = EpochChoice()
        order = [(MIXED, "mixed"), (IN_ORDER, "in order")]
        self._order = Segmented(order, name="view.order", label="order of the images")
        self._order.setToolTip("Mixed, so that every screen shows every class, or as the source has them")
        self._classes, self._only = ClassChoice(self._order), OnlyLine()
        self._row = ToolRow(name="view.bar")
        # what does not fit is left out, see `_fit`: the window may be as narrow as it likes
        self._row.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._row.add(self._splits, self.search)
        self._row.add_right(self._size_word, self._size, self._epoch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._row, self._classes, self._only):
            column.addWidget(part)
        self._typing = QTimer(self, interval=TYPING_MS, singleShot=True)
        self._typing.timeout.connect(self._change)
        self.search.textChanged.connect(self._typed)
        self.search.returnPressed.connect(self.left)
        self._splits.chosen.connect(self._change)
        self._classes.chosen.connect(self._change)
        self._order.chosen.connect(self._change)
        self._only.cleared.connect(self._change)
        self._size.valueChanged.connect(self._resize)
        self._epoch.changed.connect(self._redraw)

    def view(self) -> View:
        """What to look at."""
        text, mixed = self.search.text().strip(), self._order.key() == MIXED
        return View(self._splits.key(), self._classes.label(), text, mixed, self._only.files)

    def epoch(self) -> int | None:
        """Of which epoch images are shown as training draws them; None: as they are stored."""
        return self._epoch.epoch()

    def show_only(self, title: str, files: Sequence[str]) -> None:
        """Look at some files alone, whatever was chosen before, until the user lets go of them.

        Args:
            title: what they have in common, such as the sentence of a finding.
            files: relative to the source, see `gallery.file_name`; those that are not in use have no image.
        """
        self._show_all()
        self._only.show_files(title, frozenset(files))
        self._change()

    def show_class(self, label: int) -> None:
        """Look at the images of one class."""
        self._classes.choose(label)
        self._change()

    @Slot()
    def show_all(self) -> None:
        """Look at all images again."""
        self._show_all()
        self._change()

    def show_images(self, images: ImageSet) -> None:
        """Offer the splits, classes and files of other images, without a signal; other files let go of the chosen."""
        if self._source != images.source:
            self._source = images.source
            self._only.show_files("", None)
        self._counts = {name: numbers.count(len(split)) for name, split in splits(images).items()}
        self._counts[ALL] = numbers.count(sum(len(split) for split in distinct(images).values()))
        self._classes.show_classes(images.class_names)
        self.search.setPlaceholderText("file or class" if images.train.names else "class")
        self._is_random = is_random(images)
        self._epoch.show_for(self._splits.key(), is_random=self._is_random)
        self._fit()

    def show_size(self, side: int) -> None:
        """Make the images larger or smaller: the longer side in pixels, within the bounds."""
        self._size.setValue(side)

    @Slot()
    def start_search(self) -> None:
        """Give the search the keyboard."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def end_search(self) -> None:
        """Take back what is searched for, or leave the field where nothing is."""
        if self.search.text():
            self.search.clear()
        else:
            self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show as much as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out the least important until the rest fits: the word of the slider, the counts, the slider."""
        for left_out in range(4):
            self._size_word.setVisible(left_out < 1)
            for name in (ALL, *_SPLITS):
                count = self._counts.get(name, "")
                self._splits.set_words(name, f"{name} {count}".strip() if left_out < 2 else name)
            self._size.setVisible(left_out < 3)
            layout = self._row.layout()
            assert layout is not None  # noqa: S101 - every bar has one
            # a layout within a layout keeps what it measured until it is activated
            layout.invalidate()
            layout.activate()
            if layout.minimumSize().width() <= self.width():
                return

    def _show_all(self) -> None:
        self._splits.set_key(ALL)
        self._classes.choose(None)
        blocked = self.search.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.search.clear()
        self.search.blockSignals(blocked)
        self._only.show_files("", None)

    @Slot()
    def _typed(self) -> None:
        self._typing.start()

    @Slot()
    def _change(self) -> None:
        self._typing.stop()
        self._epoch.show_for(self._splits.key(), is_random=self._is_random)
        self._fit()
        self.view_changed.emit()

    @Slot()
    def _redraw(self) -> None:
        self._fit()
        self.epoch_changed.emit()

    @Slot(int)
    def _resize(self, side: int) -> None:
        self.size_changed.emit(side)

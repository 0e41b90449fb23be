"""Whether images are shown as they are stored, or as training draws them in an epoch, and in which."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from resnet_studio.gui import numbers
from resnet_studio.gui.pages.data.pictures.gallery import ALL
from resnet_studio.gui.pages.data.pictures.trained import TRAIN
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.segmented import Segmented

STORED, TRAINED = "stored", "trained"


class EpochChoice(QWidget):
    """The two ways, the number of the epoch, and a button that draws anew: the next epoch."""

    changed = Signal()
    """The user chose another way or another epoch: see `epoch`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._epoch, self._split, self._random = 0, ALL, True
        self._ways = Segmented(
            [(STORED, "as stored"), (TRAINED, "as trained")], name="view.way", label="how images are shown"
        )
        self._words = Label(ink="muted", size="small", name="view.epoch")
        self._shuffle = _Shuffle(name="view.shuffle")
        back = QAction("Back to epoch 0", self)
        back.setObjectName("view.shuffle.back")
        back.triggered.connect(self._go_back)
        self._shuffle.addAction(back)
        self._shuffle.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        # the words come and go at the left: nothing moves away under the pointer
        for widget in (self._words, self._ways, self._shuffle):
            row.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._ways.chosen.connect(self._choose)
        self._shuffle.clicked.connect(self._draw_anew)
        self._shuffle.shifted.connect(self._go_back)
        self._show()

    def epoch(self) -> int | None:
        """The epoch of which images are shown, from 0; None: as they are stored."""
        return self._epoch if self._ways.key() == TRAINED else None

    def show_for(self, split: str, *, is_random: bool) -> None:
        """Say what drawing anew can change.

        Args:
            split: the images that are looked at, a name of `gallery.splits` or `ALL`.
            is_random: whether training changes its images at random.
        """
        self._split, self._random = split, is_random
        self._show()

    def _show(self) -> None:
        trained = self._ways.key() == TRAINED
        drawn = self._split in {ALL, TRAIN}
        words, tip = f"epoch {numbers.count(self._epoch)}", "Draw anew: show the next epoch; with Shift, epoch 0 again"
        if not trained:
            words, tip = "", "Draws training images anew, once they are shown as trained"
        elif not drawn:
            words, tip = "as evaluated", "Only training images are augmented; evaluation sees these as they are"
        elif not self._random:
            words, tip = "no augmentation", "No augmentation is on: every epoch shows the same images"
        self._words.setText(words)
        self._words.setVisible(trained)
        self._shuffle.setEnabled(trained and drawn and self._random)
        self._shuffle.setToolTip(tip)
        self._words.setToolTip(tip)
        self.updateGeometry()

    def _take(self, epoch: int) -> None:
        changed, self._epoch = epoch != self._epoch, epoch
        self._show()
        if changed:
            self.changed.emit()

    @Slot()
    def _choose(self) -> None:
        self._show()
        self.changed.emit()

    @Slot()
    def _draw_anew(self) -> None:
        self._take(self._epoch + 1)

    @Slot()
    def _go_back(self) -> None:
        self._take(0)


class _Shuffle(ToolButton):
    """A button that tells a click with Shift from one without."""

    shifted = Signal()

    def __init__(self, *, name: str) -> None:
        super().__init__("shuffle", "Draw anew: the next epoch", name=name, framed=True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell of Shift in the place of a click."""
        inside = self.isDown() and self.rect().contains(event.position().toPoint())
        if inside and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.setDown(False)
            self.shifted.emit()
        else:
            super().mouseReleaseEvent(event)

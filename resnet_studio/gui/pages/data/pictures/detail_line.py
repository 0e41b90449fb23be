"""The line below the grid: what is known of the selected image, and which ones are in sight."""

from PySide6.QtWidgets import QWidget

from resnet_studio.gui import numbers
from resnet_studio.gui.pages.data.pictures.gallery import Picture
from resnet_studio.gui.pages.data.pictures.image_model import described
from resnet_studio.gui.pages.data.pictures.trained import TRAIN
from resnet_studio.gui.widgets.label import ElidedLabel, Label
from resnet_studio.gui.widgets.tool_row import ToolRow


class DetailLine(ToolRow):
    """Label, file, place and size of one image at the left; rows in sight at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(name="view.detail", height=31, edge="top", parent=parent)
        self._label = Label(size="strong", name="view.detail.label")
        self._rest = ElidedLabel(ink="muted", size="small", name="view.detail.rest")
        self._sight = Label(ink="muted", size="small", name="view.detail.sight")
        self.add(self._label, self._rest)
        self.add_right(self._sight)

    def show_picture(self, picture: Picture | None, epoch: int | None = None) -> None:
        """Show what is known of an image, or nothing.

        Args:
            picture: the image.
            epoch: of which it is shown as training draws it; None: as it is stored.
        """
        self._label.setText(picture.label if picture else "")
        rest = described(picture).removeprefix(f"{picture.label}, ") if picture else ""
        if picture and epoch is not None and picture.split != TRAIN:
            rest = f"as evaluation sees it, not augmented; {rest}"
        self._rest.setText(rest)

    def show_sight(self, rows: range, total: int) -> None:
        """Show which of the images are in sight: rows from 0."""
        if not total:
            self._sight.setText("no image fits")
            return
        shown = f"{numbers.count(rows.start + 1)} to {numbers.count(max(rows.stop, rows.start + 1))}"
        self._sight.setText(f"{shown} of {numbers.count(total)}")

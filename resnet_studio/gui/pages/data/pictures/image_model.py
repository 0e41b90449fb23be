"""The images that are looked at as a list model: 60,000 rows cost nothing until they are seen."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from resnet_studio.gui import numbers
from resnet_studio.gui.pages.data.pictures.gallery import Gallery, Picture

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
PICTURE_ROLE = int(Role.UserRole)
"""The image itself, a `Picture`."""


class ImageModel(QAbstractListModel):
    """One row an image; its text is the name of its class."""

    def __init__(self) -> None:
        super().__init__()
        self.gallery: Gallery | None = None

    def show(self, gallery: Gallery | None) -> None:
        """Show other images."""
        self.beginResetModel()
        self.gallery = gallery
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """Return the number of images."""
        return 0 if parent.isValid() or self.gallery is None else len(self.gallery)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return the name of the class, or the words for the tooltip and for a screen reader."""
        if self.gallery is None or not index.isValid():
            return None
        if role == Role.DisplayRole:
            return self.gallery.label(index.row())
        if role == PICTURE_ROLE:
            return self.gallery[index.row()]
        if role in {Role.ToolTipRole, Role.AccessibleTextRole}:
            return described(self.gallery[index.row()])
        return None


def described(picture: Picture) -> str:
    """Return what is known of an image: its class, its place, its size, its file if it is one."""
    place = f"{picture.split} image {numbers.count(picture.number + 1)} of {numbers.count(picture.of)}"
    height, width, _ = picture.pixels.shape
    return ", ".join(part for part in (picture.label, place, f"{width}×{height} px", picture.name) if part)

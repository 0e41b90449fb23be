"""Images of the array as pixmaps of the size in which they are looked at, the last ones kept."""

from collections import OrderedDict
from collections.abc import Hashable

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap

from resnet_studio.data.images import Images
from resnet_studio.gui.pages.data.pictures.tiling import is_tiny

MOST_PIXELS = 8_000_000
"""Pixels that are kept: 32 MB, some screens full."""


def pixmap(pixels: Images, size: QSize, ratio: float = 1.0) -> QPixmap:
    """Return an image in another size: tiny ones keep their sharp pixels, photographs are averaged.

    Args:
        pixels: grey or RGB values, (H, W, C) with one or three channels.
        size: in the coordinates of the widget.
        ratio: pixels of the screen to one of the widget.
    """
    height, width, channels = pixels.shape
    kind = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_Grayscale8
    # `there` must outlive the image, which only points at it; scaling and the pixmap copy
    there = np.ascontiguousarray(pixels)
    image = QImage(there.data, width, height, width * channels, kind)
    sharp = is_tiny((height, width))
    how = Qt.TransformationMode.FastTransformation if sharp else Qt.TransformationMode.SmoothTransformation
    wanted = QSize(round(size.width() * ratio), round(size.height() * ratio))
    made = QPixmap.fromImage(image.scaled(wanted, Qt.AspectRatioMode.IgnoreAspectRatio, how))
    made.setDevicePixelRatio(ratio)
    return made


class Thumbnails:
    """Pixmaps of the images of one set, made when they are first looked at."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, QPixmap] = OrderedDict()
        self._pixels = 0

    def clear(self) -> None:
        """Forget all: the images are others now."""
        self._kept.clear()
        self._pixels = 0

    def get(self, name: Hashable, pixels: Images | None, size: QSize, ratio: float) -> QPixmap | None:
        """Return the pixmap of an image; `size` and `ratio` as in `pixmap`.

        Args:
            name: tells the image from all others.
            pixels: as in `pixmap`; None where they are not there: then what was made of them before, or None.
            size: of the pixmap.
            ratio: of the screen.
        """
        key = (name, size.width(), size.height(), ratio)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        if pixels is None:
            return None
        made = self._kept[key] = pixmap(pixels, size, ratio)
        self._pixels += made.width() * made.height()
        while self._pixels > MOST_PIXELS and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._pixels -= oldest.width() * oldest.height()
        return made

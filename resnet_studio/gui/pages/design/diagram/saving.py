"""The diagram as a picture in a file: SVG or PNG, written in one go."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsScene

from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import write_bytes

_DPI = 96
_MOST_PIXELS = 100_000_000


def save_svg(scene: QGraphicsScene, path: Path, title: str) -> None:
    """Write all of a scene as SVG, with its words as text.

    Raises:
        StudioError: the file can't be written.
    """
    room = scene.sceneRect()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setTitle(title)
    generator.setDescription("Drawn by ResNet Studio")
    # fonts in half pixels are set in points, which mean the same on the screen's resolution only
    generator.setResolution(_DPI)
    generator.setSize(room.size().toSize())
    generator.setViewBox(QRectF(0, 0, room.width(), room.height()))
    painter = QPainter(generator)
    scene.render(painter, QRectF(0, 0, room.width(), room.height()), room)
    painter.end()
    write_bytes(path, bytes(buffer.data().data()))


def save_png(scene: QGraphicsScene, path: Path, scale: float) -> None:
    """Write all of a scene as PNG with so many pixels for each pixel of the screen.

    Raises:
        StudioError: the picture is too large, or the file can't be written.
    """
    room = scene.sceneRect()
    size = QSize(round(room.width() * scale), round(room.height() * scale))
    if size.width() * size.height() > _MOST_PIXELS:
        raise StudioError(
            f"{path} can't be written: {size.width():,}×{size.height():,} pixels are too many; save as SVG instead."
        )
    image = QImage(size, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    scene.render(painter, QRectF(image.rect()), room)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    write_bytes(path, bytes(buffer.data().data()))

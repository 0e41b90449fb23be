"""The key names what is drawn and nothing else."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.network import analyse
from resnet_studio.gui import theme
from resnet_studio.gui.pages.design.diagram.key import DiagramKey
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset

SCALES = "height: resolution (log), width: channels (log)"


@pytest.mark.parametrize(
    ("spec", "marks"),
    [
        (preset("resnet50"), ", identity, projection"),
        (preset("cifar_resnet20"), ", identity, zero padding"),
        (preset("cifar_plain20"), ""),
        (preset("athena_concat"), ", identity, concatenation"),
        (NetworkSpec(shortcut="identity"), ", identity, shapes disagree"),
    ],
)
def test_only_what_is_there(qtbot: QtBot, spec: NetworkSpec, marks: str) -> None:
    key = DiagramKey()
    qtbot.addWidget(key)
    key.show_analysis(analyse(spec))
    assert key.accessibleName() == "Key of the diagram"
    assert key.accessibleDescription() == SCALES + marks


def test_where_room_is_short_the_arcs_stay(qtbot: QtBot) -> None:
    key = DiagramKey()
    qtbot.addWidget(key)
    key.show_analysis(analyse(preset("resnet50")))
    key.resize(key.sizeHint())
    wide = key.grab().toImage()
    key.resize(180, 20)
    narrow = key.grab().toImage()
    # the last entry stands where it stood, seen from the right
    assert wide.copy(wide.width() - 80, 0, 80, 20) == narrow.copy(100, 0, 80, 20)
    key.resize(0, 20)
    key.grab()


def test_the_colours_follow_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    key = DiagramKey()
    qtbot.addWidget(key)
    key.show_analysis(analyse(preset("cifar_plain20")))
    key.show_analysis(analyse(preset("resnet50")))
    key.resize(key.sizeHint())

    def seen() -> set[str]:
        image = key.grab().toImage()
        return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}

    theme.apply(qapp, "light")
    assert theme.LIGHT.blue.lower() in seen()
    theme.apply(qapp, "dark")
    assert theme.DARK.blue.lower() in seen()
    theme.apply(qapp, "light")

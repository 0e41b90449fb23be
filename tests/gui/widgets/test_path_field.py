"""Of a long path the end is shown, whole folders of it."""

from pytestqt.qtbot import QtBot

from resnet_studio.gui.widgets.path_field import PathField


def test_as_many_of_the_last_folders_as_there_is_room_for(qtbot: QtBot) -> None:
    field = PathField(name="data.source.path", label="folder")
    qtbot.addWidget(field)
    field.resize(400, 28)
    field.set_text("/home/ada/sets/clothing")
    field.show()
    assert field.shown_text() == "/home/ada/sets/clothing"
    wide = field.fontMetrics().horizontalAdvance
    field.resize(wide("…/sets/clothing") + 30, 28)
    assert field.shown_text() == "…/sets/clothing"
    field.resize(wide("…/clothing") + 30, 28)
    assert field.shown_text() == "…/clothing"
    field.resize(wide("clot") + 30, 28)
    assert wide(field.shown_text()) <= wide("clot") + 30
    assert "…" in field.shown_text()


def test_only_what_is_painted_changes(qtbot: QtBot) -> None:
    field = PathField(name="data.source.path", label="folder")
    qtbot.addWidget(field)
    field.resize(100, 28)
    field.set_text("/a/very/long/path/to/some/folder/of/images")
    field.show()
    before = field.grab()
    assert field.text() == "/a/very/long/path/to/some/folder/of/images"
    field.set_text("/another/very/long/path/to/some/folder/of/images")
    assert field.grab().toImage() == before.toImage(), "both end alike"

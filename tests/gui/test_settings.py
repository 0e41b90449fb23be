"""What the window remembers, and a file of settings that is not one."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from resnet_studio.gui.app import create_window
from resnet_studio.gui.settings import MAX_RECENT, Settings


def test_recent_documents_newest_first() -> None:
    settings = Settings()
    for number in (*range(MAX_RECENT + 2), 5):
        settings.remember(Path(f"/designs/{number}.json"))
    again = Settings().recent
    assert len(again) == MAX_RECENT
    assert [path.stem for path in again[:3]] == ["5", "9", "8"]


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\xff\xfe garbage",
        b"[General\ntheme=dark\n",
        b"[General]\ntheme=@Variant(\\0\\0\\0\\x7f)\ngeometry=12\nrecent=@Rect(1 2 3 4)\n",
        b"[General]\ngeometry=@ByteArray(odd)\nrecent=\n",
    ],
)
@pytest.mark.qt_log_ignore("QVariant::load")
def test_a_faulty_file_of_settings_is_survived(content: bytes, studio_home: Path, qtbot: QtBot) -> None:
    (studio_home / "settings.ini").write_bytes(content)
    window = create_window([])
    window.show()
    qtbot.waitUntil(window.has_painted)
    assert window.settings.mode in {"light", "dark", "system"}
    window.settings.remember(studio_home / "mine.json")
    assert Settings().recent[0] == studio_home / "mine.json"
    assert window.close()
    window.deleteLater()


def test_what_is_wrong_with_it_is_said(studio_home: Path, qtbot: QtBot) -> None:
    (studio_home / "settings.ini").mkdir()
    window = create_window([])
    window.show()
    qtbot.waitUntil(lambda: "settings.ini can't be read" in window.notices._sentence)
    assert window.close()
    window.deleteLater()

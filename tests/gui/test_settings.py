"""What the window remembers, and a file of settings that is not one."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui.app import create_window
from resnet_studio.gui.recent_data import RecentData
from resnet_studio.gui.settings import MAX_RECENT, Settings


def test_recent_documents_newest_first() -> None:
    settings = Settings()
    for number in (*range(MAX_RECENT + 2), 5):
        settings.remember(Path(f"/designs/{number}.json"))
    again = Settings().recent
    assert len(again) == MAX_RECENT
    assert [path.stem for path in again[:3]] == ["5", "9", "8"]


def test_recent_data_newest_first_each_once() -> None:
    settings = Settings()
    for number in (*range(MAX_RECENT + 2), 5):
        settings.remember_data(RecentData(f"/sets/{number}"))
    settings.remember_data(RecentData("mnist", "/sets"))
    again = Settings().recent_data
    assert len(again) == MAX_RECENT
    assert [data.title for data in again[:3]] == ["mnist", "5", "9"]
    assert again[0].place == Path("/sets")


def test_only_data_that_are_gone_are_forgotten(tmp_path: Path) -> None:
    settings, there = Settings(), RecentData(str(tmp_path))
    for data in (RecentData("/gone"), there, RecentData("mnist", "/gone too")):
        settings.remember_data(data)
    settings.forget_gone_data()
    assert Settings().recent_data == [there]


@pytest.mark.qt_log_ignore("QVariant::load")
@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (b"\x00\xff\xfe garbage", "system", False),
        (b"[General\ntheme=dark\n", "dark", True),
        (b"[General]\ntheme=@Variant(\\0\\0\\0\\x7f)\ngeometry=12\nrecent=@Rect(1 2 3 4)\n", "system", False),
        (b'[General]\nrecent_data=x, "[1, 2]", "[\\"a\\", \\"b\\"]"\n', "system", False),
        (b"[General]\ntheme=light\ngeometry=@ByteArray(odd)\nrecent=\n", "light", False),
    ],
)
def test_what_can_be_read_of_a_faulty_file_counts(content: bytes, mode: str, *, said: bool, studio_home: Path) -> None:
    (studio_home / "settings.ini").write_bytes(content)
    settings = Settings()
    assert settings.mode == mode
    assert all(isinstance(path, Path) for path in settings.recent)
    assert settings.recent_data in ([], [RecentData("a", "b")])
    assert ("settings.ini can't be read whole" in settings.trouble) is said
    settings.remember(studio_home / "mine.json")
    settings.mode = "dark"
    again = Settings()
    assert (again.mode, again.recent[0], again.trouble) == ("dark", studio_home / "mine.json", "")


def test_the_window_starts_all_the_same_and_says_it(studio_home: Path, qtbot: QtBot) -> None:
    (studio_home / "settings.ini").write_text("[General\ngeometry=@ByteArray(odd)\n")
    window = create_window([])
    window.show()
    strip = window.findChild(QWidget, "view.notice")
    assert strip is not None
    qtbot.waitUntil(strip.isVisible)
    assert "settings.ini can't be read whole" in strip.accessibleName()
    assert window.close()
    window.deleteLater()

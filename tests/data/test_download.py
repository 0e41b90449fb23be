"""A download is whole and checked, or leaves nothing behind."""

import hashlib
from pathlib import Path

import pytest

from resnet_studio.data.download import DownloadError, download
from resnet_studio.data.watch import LoadingStoppedError, Progress, Watch
from resnet_studio.spec.errors import StudioError

CONTENT = bytes(range(256)) * 4000
MD5 = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "new" / "file.bin"


def test_a_file_arrives_and_its_progress_is_told(web: str, web_root: Path, target: Path) -> None:
    (web_root / "file.bin").write_bytes(CONTENT)
    told: list[Progress] = []
    download([web + "gone.bin", web + "file.bin"], MD5, target, Watch(told.append))
    assert target.read_bytes() == CONTENT
    assert [path.name for path in target.parent.iterdir()] == ["file.bin"]
    assert told[-1] == Progress("Downloading file.bin", len(CONTENT), len(CONTENT))
    assert [one.done for one in told] == sorted({one.done for one in told})


def test_another_checksum_is_refused_and_what_stood_there_stays(web: str, web_root: Path, target: Path) -> None:
    (web_root / "file.bin").write_bytes(CONTENT[:-1])
    target.parent.mkdir()
    target.write_bytes(b"old")
    with pytest.raises(DownloadError, match=f"file.bin: the checksum of what came is [0-9a-f]{{32}}, not {MD5}$"):
        download([web + "file.bin"], MD5, target, Watch())
    assert target.read_bytes() == b"old"
    assert len(list(target.parent.iterdir())) == 1


def test_a_stopped_download_leaves_nothing(web: str, web_root: Path, target: Path) -> None:
    (web_root / "file.bin").write_bytes(CONTENT)
    with pytest.raises(LoadingStoppedError, match=r"Downloading file\.bin was stopped"):
        download([web + "file.bin"], MD5, target, Watch(should_stop=lambda: True))
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("gone.bin", "gone.bin: Not Found|gone.bin: File not found"),
        ("http://127.0.0.1:1/file.bin", "Connection refused"),
        ("file:///etc/hostname", "this is no address of the web"),
    ],
)
def test_an_address_without_the_file_is_told(web: str, target: Path, url: str, reason: str) -> None:
    with pytest.raises(DownloadError, match=reason):
        download([url if ":" in url else web + url], MD5, target, Watch())
    assert not target.parent.exists()


def test_a_folder_that_cannot_be_written_is_named(web: str, web_root: Path, tmp_path: Path) -> None:
    (web_root / "file.bin").write_bytes(CONTENT)
    (tmp_path / "taken").write_text("")
    with pytest.raises(StudioError, match=r"taken/file\.bin can't be written"):
        download([web + "file.bin"], MD5, tmp_path / "taken" / "file.bin", Watch())

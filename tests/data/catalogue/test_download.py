"""A download is whole and checked in the end, and goes on where it stopped."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from resnet_studio.data.catalogue import download as module
from resnet_studio.data.catalogue.download import DownloadError, download
from resnet_studio.data.watch import LoadingStoppedError, Progress, Watch
from resnet_studio.spec.errors import StudioError

if TYPE_CHECKING:
    from tests.conftest import Web

CONTENT = bytes(range(256)) * 4000
MD5 = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()
HALF = len(CONTENT) // 2


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "new" / "file.bin"


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def stopping_after(blocks: int) -> Callable[[], bool]:
    """Make what says that it is to stop when it has been asked so often."""
    asked = iter(range(blocks))
    return lambda: next(asked, None) is None


def test_a_file_arrives_and_its_progress_is_told(web: "Web", target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TOLD_EVERY", 0)
    (web.root / "file.bin").write_bytes(CONTENT)
    told: list[Progress] = []
    download([web.url + "gone.bin", web.url + "file.bin"], MD5, target, Watch(told.append))
    assert target.read_bytes() == CONTENT
    assert files(target.parent) == {"file.bin"}
    loaded = [one for one in told if one.what == "Downloading file.bin"]
    assert loaded[-1] == Progress("Downloading file.bin", len(CONTENT), len(CONTENT))
    assert [one.done for one in loaded] == sorted(one.done for one in loaded)
    assert all(one.in_bytes for one in told)
    # bytes in a second, from which follows how long it still takes
    rates = [one.rate for one in loaded if one.rate]
    assert rates
    assert min(rates) > 0
    assert told[-1].what == "Checking file.bin"


def test_another_checksum_is_refused_and_what_stood_there_stays(web: "Web", target: Path) -> None:
    (web.root / "file.bin").write_bytes(CONTENT[:-1])
    target.parent.mkdir()
    target.write_bytes(b"old")
    with pytest.raises(DownloadError, match=f"^the checksum of what came is [0-9a-f]{{32}}, not {MD5} "):
        download([web.url + "file.bin"], MD5, target, Watch())
    assert target.read_bytes() == b"old"
    assert files(target.parent) == {"file.bin"}


def test_a_stopped_download_is_gone_on_with(web: "Web", target: Path) -> None:
    (web.root / "file.bin").write_bytes(CONTENT)
    with pytest.raises(LoadingStoppedError, match=r"Downloading file\.bin was stopped"):
        download([web.url + "file.bin"], MD5, target, Watch(should_stop=stopping_after(3)))
    assert files(target.parent) == {".file.bin.part", ".file.bin.part.json"}
    begun = (target.parent / ".file.bin.part").stat().st_size
    assert 0 < begun < len(CONTENT)
    web.asked.clear()
    web.sent = 0
    told: list[Progress] = []
    download([web.url + "file.bin"], MD5, target, Watch(told.append))
    assert target.read_bytes() == CONTENT
    assert web.asked == [("/file.bin", f"bytes={begun}-")]
    assert web.sent == len(CONTENT) - begun
    assert all(begun <= one.done <= one.total for one in told[:1] if one.total)
    assert files(target.parent) == {"file.bin"}


def test_a_connection_that_breaks_off_is_gone_on_with_at_once(web: "Web", target: Path) -> None:
    (web.root / "file.bin").write_bytes(CONTENT)
    web.cut = [HALF, 1000]
    download([web.url + "file.bin"], MD5, target, Watch())
    assert target.read_bytes() == CONTENT
    assert web.asked == [("/file.bin", part) for part in (None, f"bytes={HALF}-", f"bytes={HALF + 1000}-")]


def test_it_is_given_up_when_nothing_more_comes_and_what_came_stays(web: "Web", target: Path) -> None:
    (web.root / "file.bin").write_bytes(CONTENT)
    web.cut = [HALF, 0]
    with pytest.raises(DownloadError, match=r"the connection broke off after 512,000 of 1,024,000 bytes "):
        download([web.url + "file.bin"], MD5, target, Watch())
    assert len(web.asked) == 2
    assert (target.parent / ".file.bin.part").stat().st_size == HALF


def test_another_address_that_fails_spoils_nothing(web: "Web", target: Path) -> None:
    (web.root / "file.bin").write_bytes(CONTENT)
    urls = [web.url + "file.bin", web.url + "gone.bin"]
    web.cut = [HALF, 0]
    with pytest.raises(DownloadError, match="Not Found"):
        download(urls, MD5, target, Watch())
    web.asked.clear()
    download(urls, MD5, target, Watch())
    assert web.asked == [("/file.bin", f"bytes={HALF}-")]


@pytest.mark.parametrize("is_heeded", [True, False])
def test_another_version_on_the_server_is_begun_anew(web: "Web", target: Path, is_heeded: bool) -> None:
    (web.root / "file.bin").write_bytes(CONTENT[::-1])
    web.cut, web.obeys_if_range = [HALF, 0], is_heeded
    with pytest.raises(DownloadError):
        download([web.url + "file.bin"], MD5, target, Watch())
    (web.root / "file.bin").write_bytes(CONTENT)
    web.version = '"2"'
    web.asked.clear()
    download([web.url + "file.bin"], MD5, target, Watch())
    assert target.read_bytes() == CONTENT
    # one that sends the part of another version all the same is asked for the whole
    assert [part for _, part in web.asked] == [f"bytes={HALF}-"] + ([] if is_heeded else [None])


def test_a_server_that_has_no_ranges_begins_anew(web: "Web", target: Path) -> None:
    (web.root / "file.bin").write_bytes(CONTENT)
    web.ranges, web.cut = False, [HALF]
    download([web.url + "file.bin"], MD5, target, Watch())
    assert target.read_bytes() == CONTENT
    assert web.sent == HALF + len(CONTENT)


@pytest.mark.parametrize("version", [None, 'W/"1"'])
def test_nothing_is_kept_of_a_file_whose_version_is_not_known(web: "Web", target: Path, version: str | None) -> None:
    (web.root / "file.bin").write_bytes(CONTENT)
    web.version, web.cut = version, [HALF]
    with pytest.raises(DownloadError, match="broke off"):
        download([web.url + "file.bin"], MD5, target, Watch())
    assert files(target.parent) == set()
    download([web.url + "file.bin"], MD5, target, Watch())
    assert target.read_bytes() == CONTENT


def test_a_beginning_that_turns_out_wrong_is_thrown_away_and_the_whole_fetched_once(web: "Web", target: Path) -> None:
    (web.root / "file.bin").write_bytes(CONTENT)
    web.cut = [HALF, 0]
    with pytest.raises(DownloadError):
        download([web.url + "file.bin"], MD5, target, Watch())
    # a power cut, say
    (target.parent / ".file.bin.part").write_bytes(bytes(HALF))
    web.asked.clear()
    download([web.url + "file.bin"], MD5, target, Watch())
    assert target.read_bytes() == CONTENT
    assert [part for _, part in web.asked] == [f"bytes={HALF}-", None]


def test_a_whole_beginning_is_asked_for_no_more(web: "Web", target: Path) -> None:
    (web.root / "file.bin").write_bytes(CONTENT)
    web.cut = [HALF, 0]
    with pytest.raises(DownloadError):
        download([web.url + "file.bin"], MD5, target, Watch())
    (target.parent / ".file.bin.part").write_bytes(CONTENT)
    web.asked.clear()
    download([web.url + "file.bin"], MD5, target, Watch())
    assert web.asked == []
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize("note", [b"", b"[]", b"{}", b'{"url": 3, "version": 3, "total": "x"}'])
def test_a_damaged_note_means_from_the_start(web: "Web", target: Path, note: bytes) -> None:
    (web.root / "file.bin").write_bytes(CONTENT)
    target.parent.mkdir()
    (target.parent / ".file.bin.part").write_bytes(b"anything")
    (target.parent / ".file.bin.part.json").write_bytes(note)
    download([web.url + "file.bin"], MD5, target, Watch())
    assert web.asked == [("/file.bin", None)]
    assert files(target.parent) == {"file.bin"}


def test_a_beginning_that_is_longer_than_the_file_is_thrown_away(web: "Web", target: Path) -> None:
    (web.root / "file.bin").write_bytes(CONTENT)
    target.parent.mkdir()
    note = {"url": web.url + "file.bin", "version": '"1"', "total": None}
    (target.parent / ".file.bin.part").write_bytes(CONTENT + b"more")
    (target.parent / ".file.bin.part.json").write_text(json.dumps(note))
    download([web.url + "file.bin"], MD5, target, Watch())
    assert [part for _, part in web.asked] == [f"bytes={len(CONTENT) + 4}-", None]
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("gone.bin", r"^Not Found \(127\.0\.0\.1:\d+\)$"),
        ("http://127.0.0.1:1/file.bin", r"^Connection refused \(127\.0\.0\.1:1\)$"),
        ("file:///etc/hostname", r"^this is no address of the web \(file:///etc/hostname\)$"),
    ],
)
def test_an_address_without_the_file_is_told(web: "Web", target: Path, url: str, reason: str) -> None:
    with pytest.raises(DownloadError, match=reason):
        download([url if ":" in url else web.url + url], MD5, target, Watch())
    assert not target.parent.exists()


def test_what_is_wrong_with_each_address_is_told(web: "Web", target: Path) -> None:
    urls = [web.url + "gone.bin", "http://127.0.0.1:1/file.bin", "http://127.0.0.1:2/file.bin"]
    with pytest.raises(DownloadError) as caught:
        download(urls, MD5, target, Watch())
    server = web.url.removeprefix("http://").removesuffix("/")
    assert str(caught.value) == f"Not Found ({server}); Connection refused (127.0.0.1:1, 127.0.0.1:2)"


def test_a_folder_that_cannot_be_written_is_named(web: "Web", tmp_path: Path) -> None:
    (web.root / "file.bin").write_bytes(CONTENT)
    (tmp_path / "taken").write_text("")
    with pytest.raises(StudioError, match=r"taken/file\.bin can't be written"):
        download([web.url + "file.bin"], MD5, tmp_path / "taken" / "file.bin", Watch())

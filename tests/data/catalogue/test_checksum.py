"""Checksums are reckoned once for a file as it is."""

import hashlib
from pathlib import Path

import pytest

from resnet_studio.data.catalogue.checksum import has_md5, md5_of
from resnet_studio.data.watch import LoadingStoppedError, Progress, Watch
from resnet_studio.spec.errors import StudioError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "packed.gz"
    path.write_bytes(b"content")
    return path


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def test_a_file_is_read_once_until_it_changes(file: Path) -> None:
    told: list[Progress] = []
    watch = Watch(told.append)
    assert has_md5(file, md5(b"content"), watch)
    assert has_md5(file, md5(b"content"), watch)
    assert told == [Progress("Checking packed.gz", 7, 7)]
    assert not has_md5(file, md5(b"other"), watch)
    file.write_bytes(b"other")
    assert has_md5(file, md5(b"other"), watch)
    assert len(told) == 3


def test_it_is_reckoned_where_nothing_can_be_kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(file))
    assert has_md5(file, md5(b"content"), Watch())
    assert not has_md5(file, md5(b"other"), Watch())


def test_a_file_that_cannot_be_read_is_named(file: Path) -> None:
    with pytest.raises(StudioError, match=r"gone can't be read: "):
        has_md5(file.with_name("gone"), "", Watch())


def test_reading_can_be_stopped(file: Path) -> None:
    with pytest.raises(LoadingStoppedError):
        md5_of(file, Watch(should_stop=lambda: True), "it")

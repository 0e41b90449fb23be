"""A beginning is gone on with by what is its rest, and by nothing else."""

from email.message import Message
from pathlib import Path

import pytest

from resnet_studio.data.catalogue.partial import Partial, bytes_kept, forget

URL = "http://one/file.bin"


def headers(**given: str) -> Message:
    message = Message()
    for name, value in given.items():
        message[name.replace("_", "-")] = value
    return message


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A file of ten bytes of which five have come, version "1"."""
    partial = Partial(tmp_path / "file.bin", URL)
    partial.begin(headers(ETag='"1"', Content_Length="10"))
    partial.path.write_bytes(b"12345")
    return tmp_path / "file.bin"


def test_the_rest_of_the_same_version_is_asked_for(target: Path) -> None:
    partial = Partial(target, URL)
    assert (partial.size, partial.total, partial.is_whole) == (5, 10, False)
    assert partial.headers == {"Range": "bytes=5-", "If-Range": '"1"'}
    assert bytes_kept(target) == 5


@pytest.mark.parametrize(
    ("answer", "goes_on"),
    [
        (headers(Content_Range="bytes 5-9/10", ETag='"1"'), True),
        # nothing says otherwise; the checksum has the last word
        (headers(Content_Range="bytes 5-9/10"), True),
        (headers(Content_Range="bytes 5-9/10", ETag='"2"'), False),
        (headers(Content_Range="bytes 0-9/10", ETag='"1"'), False),
        (headers(ETag='"1"'), False),
    ],
)
def test_only_what_is_the_rest_goes_on(target: Path, answer: Message, goes_on: bool) -> None:
    assert Partial(target, URL).goes_on(answer) is goes_on


def test_another_address_may_have_another_file(target: Path) -> None:
    other = Partial(target, "http://two/file.bin")
    assert (other.size, other.headers) == (0, {})
    other.leave()
    assert Partial(target, URL).size == 5


def test_the_time_of_change_is_a_version_too(tmp_path: Path) -> None:
    partial = Partial(tmp_path / "file.bin", URL)
    partial.begin(headers(ETag='W/"1"', Last_Modified="Sat, 21 Nov 2026 18:00:00 GMT"))
    partial.path.write_bytes(b"1")
    assert partial.headers["If-Range"] == "Sat, 21 Nov 2026 18:00:00 GMT"
    assert (partial.total, partial.is_whole) == (None, False)


def test_it_is_forgotten(target: Path) -> None:
    forget(target)
    assert list(target.parent.iterdir()) == []
    assert bytes_kept(target) == 0

import os
import shutil
from collections.abc import Iterator
from errno import EDQUOT, EIO, ENOSPC, EROFS
from pathlib import Path

import pytest

from resnet_studio.runs.events import Event, Notice, Step
from resnet_studio.runs.log import read_events
from resnet_studio.runs.recorder import Recorder
from resnet_studio.spec.errors import NotWrittenError, StudioError

POINTS = [
    Step(step=step, time=float(step), epoch=1, loss=1.0, accuracy=0.5, lr=0.1, images_per_second=9.0)
    for step in range(1, 5)
]


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Recorder]:
    (tmp_path / "run").mkdir()
    recorder = Recorder(tmp_path / "run")
    yield recorder
    recorder.close()


def _written(folder: Path) -> list[Event]:
    return read_events(folder / "events.jsonl")[0]


@pytest.mark.parametrize("code", [ENOSPC, EDQUOT, EIO, EROFS])
@pytest.mark.parametrize("call", range(1, 9))
def test_an_event_that_the_disk_refuses_is_written_once_and_in_its_place_later(
    tmp_path: Path, record: Recorder, monkeypatch: pytest.MonkeyPatch, code: int, call: int
) -> None:
    """Each event is two writes: a line, and a record of the curves."""
    write, calls = os.write, [0]

    def refusing(descriptor: int, content: bytes) -> int:
        calls[0] += 1
        if calls[0] == call:
            write(descriptor, content[:7])
            raise OSError(code, os.strerror(code))
        return write(descriptor, content)

    monkeypatch.setattr(os, "write", refusing)
    assert [refused for point in POINTS if (refused := _refused(record, point))] == [code]
    assert _written(tmp_path / "run") == POINTS
    curves = next((tmp_path / "run").glob("events.out.tfevents.*")).read_bytes()
    assert curves.count(b"loss/train") == 4
    assert curves == b"".join(_records(curves))


def _refused(record: Recorder, event: Event) -> int | None:
    """Record an event, at the second attempt if need be, and return what the first one met."""
    try:
        record(event)
    except NotWrittenError as error:
        record.catch_up()
        return error.errno
    return None


def _records(content: bytes) -> Iterator[bytes]:
    """Give the whole records of a TensorBoard file; a torn one ends it all."""
    while content:
        size = int.from_bytes(content[:8], "little") + 16
        assert size <= len(content)
        yield content[:size]
        content = content[size:]


def test_a_line_that_stays_torn_is_cut_before_the_next(
    tmp_path: Path, record: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that takes half a line and then neither the rest nor the cut."""
    write = os.write

    def half(descriptor: int, content: bytes) -> int:
        write(descriptor, content[:9])
        raise OSError(EIO, os.strerror(EIO))

    def refuse(_descriptor: int, _size: int) -> None:
        raise OSError(EIO, os.strerror(EIO))

    record(POINTS[0])
    with monkeypatch.context() as broken:
        broken.setattr(os, "write", half)
        broken.setattr(os, "ftruncate", refuse)
        with pytest.raises(NotWrittenError):
            record(POINTS[1])
    record(POINTS[2])
    assert _written(tmp_path / "run") == POINTS[:3]


def test_a_folder_that_was_removed_is_noticed_and_another_takes_everything(tmp_path: Path, record: Recorder) -> None:
    record(POINTS[0])
    shutil.rmtree(tmp_path / "run")
    with pytest.raises(NotWrittenError, match=r"events\.jsonl can't be written: it was removed"):
        record(POINTS[1])
    with pytest.raises(NotWrittenError):
        record.move(tmp_path / "run")
    (tmp_path / "other").mkdir()
    record.move(tmp_path / "other")
    record(POINTS[2])
    assert _written(tmp_path / "other") == POINTS[:3]


def test_a_folder_is_not_mixed_with_another_run(tmp_path: Path, record: Recorder) -> None:
    record(POINTS[0])
    (tmp_path / "other").mkdir()
    other = Recorder(tmp_path / "other")
    with pytest.raises(StudioError, match="is being trained already"):
        record.move(tmp_path / "other")
    other(Notice(step=0, time=1.0, message="mine"))
    other.close()
    with pytest.raises(StudioError, match="holds the events of another run"):
        record.move(tmp_path / "other")
    record(POINTS[1])
    assert _written(tmp_path / "run") == POINTS[:2]
    Recorder(tmp_path / "other").close()

import errno
import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from resnet_studio.runs.events import LrChanged, Notice, Paused
from resnet_studio.runs.log import EventLog, read_events
from resnet_studio.spec.errors import StudioError

FIRST, SECOND = Paused(step=1, time=1.0), Notice(step=2, time=2.0, message="naïve\nlines\u2028and ends")


def _write(path: Path, *events: Any) -> None:
    with closing(EventLog(path)) as log:
        for event in events:
            log.append(event)


def test_what_was_appended_is_read(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    _write(path, FIRST)
    _write(path, SECOND)
    events, offset = read_events(path)
    assert events == [FIRST, SECOND]
    assert offset == path.stat().st_size


def test_following_gives_what_is_new_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    assert read_events(path) == ([], 0)
    _write(path, FIRST)
    events, offset = read_events(path)
    assert events == [FIRST]
    with path.open("ab") as file:
        file.write(b'{"type": "paused", "time": 3.0,')
    assert read_events(path, offset) == ([], offset)
    with path.open("ab") as file:
        file.write(b' "step": 9}\n')
    events, end = read_events(path, offset)
    assert events == [Paused(step=9, time=3.0)]
    assert read_events(path, end) == ([], end)


@pytest.mark.parametrize("torn", [b'{"type": "pau', b"\x00" * 5_000, b'{"type": "x"}' * 20_000])
def test_a_torn_last_line_is_left_out_and_cut_before_the_next_is_appended(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "events.jsonl"
    _write(path, FIRST)
    with path.open("ab") as file:
        file.write(torn)
    assert read_events(path)[0] == [FIRST]
    _write(path, SECOND)
    assert read_events(path)[0] == [FIRST, SECOND]


def test_a_file_that_is_one_torn_line_becomes_empty(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"type"')
    _write(path, FIRST)
    assert read_events(path)[0] == [FIRST]


@pytest.mark.parametrize("damage", [b"oh dear", b"\x00\x00", b"{}", b'{"type": "step", "time": 1.0, "step": 2}'])
def test_a_damaged_line_is_named_and_the_others_are_read(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(damage + b"\n")
    _write(path, FIRST)
    path.write_bytes(path.read_bytes() + damage + b"\n")
    _write(path, SECOND)
    message = f"{path}: the line {damage.decode()!r} is damaged and left out."
    first, second = (Notice(step=step, time=time, message=message) for step, time in ((0, 0.0), (1, 1.0)))
    assert read_events(path)[0] == [first, FIRST, second, SECOND]


def test_a_full_disk_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "events.jsonl"
    write, room = os.write, [20]

    def nearly_full(descriptor: int, content: bytes) -> int:
        if not room[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        done = write(descriptor, content[: room[0]])
        room[0] = 0
        return done

    with closing(EventLog(path)) as log:
        log.append(FIRST)
        monkeypatch.setattr(os, "write", nearly_full)
        with pytest.raises(StudioError, match="No space left"):
            log.append(SECOND)
        monkeypatch.undo()
        log.append(LrChanged(step=3, time=3.0, lr=0.1))
    assert read_events(path)[0] == [FIRST, LrChanged(step=3, time=3.0, lr=0.1)]


def test_a_number_that_is_none_is_never_written(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    with closing(EventLog(path)) as log, pytest.raises(ValueError, match="not JSON compliant"):
        log.append(LrChanged(step=3, lr=float("nan")))
    assert read_events(path)[0] == []

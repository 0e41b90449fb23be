"""What is in the making is left alone, what a dead process left is removed."""

import os
from pathlib import Path

import pytest

from resnet_studio.data.store import leftovers
from resnet_studio.data.store.leftovers import in_the_making, remove_leftovers
from resnet_studio.spec.lock import locked


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on some disks of the network."""

    def refused(_: Path) -> object:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(leftovers, "locked", refused)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_is_gone_unless_it_was_renamed(tmp_path: Path) -> None:
    with in_the_making(tmp_path) as making:
        (making / "half").write_text("")
    assert names(tmp_path) == []
    with in_the_making(tmp_path) as making:
        (making / "all").write_text("")
        making.rename(tmp_path / "whole")
    assert names(tmp_path) == ["whole"]
    with pytest.raises(ValueError, match="broken"), in_the_making(tmp_path):
        raise ValueError("broken")
    assert names(tmp_path) == ["whole"]


def test_what_is_in_the_making_is_left_alone(tmp_path: Path) -> None:
    with in_the_making(tmp_path) as making:
        remove_leftovers(tmp_path)
        os.utime(making, (0, 0))
        remove_leftovers(tmp_path)
        assert making.is_dir()


def test_what_has_a_lock_that_nobody_holds_is_removed_at_once(tmp_path: Path) -> None:
    for name in ("dead", "busy", "unlocked"):
        (tmp_path / f".{name}.part").mkdir()
    for name in ("dead", "busy", "alone"):
        (tmp_path / f".{name}.lock").write_text("")
    with locked(tmp_path / ".busy.lock"):
        remove_leftovers(tmp_path)
        assert names(tmp_path) == [".busy.lock", ".busy.part", ".unlocked.part"]
    os.utime(tmp_path / ".unlocked.part", (0, 0))
    remove_leftovers(tmp_path)
    assert names(tmp_path) == []


def test_a_folder_is_made_where_there_are_no_locks(tmp_path: Path, no_locks: None) -> None:
    with in_the_making(tmp_path) as making:
        remove_leftovers(tmp_path)
        assert making.is_dir()


def test_what_was_left_where_there_are_no_locks_goes_after_a_day(tmp_path: Path, no_locks: None) -> None:
    (tmp_path / ".dead.part").mkdir()
    (tmp_path / ".dead.lock").write_text("")
    remove_leftovers(tmp_path)
    assert names(tmp_path) == [".dead.lock", ".dead.part"]
    os.utime(tmp_path / ".dead.part", (0, 0))
    remove_leftovers(tmp_path)
    assert names(tmp_path) == []


def test_a_folder_that_is_finished_meanwhile_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".busy.part").mkdir()
    iterdir = Path.iterdir

    def renamed_first(path: Path) -> object:
        path.rename(tmp_path / "whole")
        return iterdir(path)

    monkeypatch.setattr(Path, "iterdir", renamed_first)
    remove_leftovers(tmp_path)
    monkeypatch.undo()
    assert names(tmp_path) == ["whole"]

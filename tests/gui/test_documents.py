"""The session's document: what its file holds, what differs, who else has it open, what a crash leaves."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from resnet_studio.gui import autosave
from resnet_studio.gui.recovery import leftovers, recovery_folder
from resnet_studio.gui.session import Session
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import network_document, read_experiment, read_network, write_document
from resnet_studio.spec.presets import preset


@pytest.fixture
def make(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Session]]:
    """Makes sessions as the windows of one user have them; edits are kept at once."""
    monkeypatch.setattr(autosave, "REST_MS", 10)
    made: list[Session] = []

    def session() -> Session:
        made.append(Session())
        return made[-1]

    yield session
    for each in made:
        assert each.close(10)


@pytest.fixture
def session(make: Callable[[], Session]) -> Session:
    return make()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "net.json"
    write_document(path, network_document(preset("cifar_resnet20")))
    return path


def kept_files() -> list[Path]:
    return list(recovery_folder().glob("*.json"))


# ---- edited, saved, reverted


def test_saving_and_opening(session: Session, tmp_path: Path) -> None:
    path, documents = tmp_path / "mine.json", session.documents
    session.change("training.epochs", 3)
    assert documents.edited
    documents.save(path)
    assert not documents.edited
    session.change("training.epochs", 4)
    assert documents.edited
    documents.open(path)
    assert session.experiment.training.epochs == 3
    assert not documents.edited
    assert not session.undo_stack.canUndo()


def test_what_was_edited_back_by_hand_is_not_edited(session: Session) -> None:
    session.change_many({"training.epochs": 3}, "three")
    assert session.documents.edited
    session.change_many({"training.epochs": type(session.experiment.training)().epochs}, "back")
    assert not session.documents.edited


def test_reverting_is_one_undoable_step_to_what_the_file_holds_now(session: Session, tmp_path: Path) -> None:
    path, documents = tmp_path / "mine.json", session.documents
    documents.save(path)
    session.change("training.epochs", 3)
    session.change("network.block_sizes.0", 3)
    edited = session.experiment
    documents.revert()
    assert session.experiment == read_experiment(path)
    assert not documents.edited
    assert session.undo_stack.undoText() == "revert to mine.json"
    assert session.undo_stack.isClean()
    session.undo_stack.undo()
    assert session.experiment == edited
    assert documents.edited


def test_reverting_to_a_file_that_is_gone_changes_nothing(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    session.documents.save(path)
    session.change("training.epochs", 3)
    path.unlink()
    with pytest.raises(StudioError, match="There is no file"):
        session.documents.revert()
    assert session.experiment.training.epochs == 3
    assert session.documents.edited


def test_a_link_stays_a_link(session: Session, tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("{}")
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "real.json")
    session.documents.save(link)
    assert link.is_symlink()
    assert read_experiment(tmp_path / "real.json") == session.experiment


def test_a_newer_document_is_refused_and_nothing_changes(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "newer.json"
    path.write_text(json.dumps({"format": "resnet-studio/experiment", "version": 2, "warp": 9}))
    content, experiment = path.read_bytes(), session.experiment
    with pytest.raises(StudioError, match="newer studio"):
        session.documents.open(path)
    assert session.experiment is experiment
    assert session.documents.path is None
    assert path.read_bytes() == content


# ---- networks


def test_a_network_file_keeps_data_and_training_and_stays_a_network(session: Session, file: Path) -> None:
    session.change("training.epochs", 3)
    session.documents.open(file)
    assert session.experiment.network == preset("cifar_resnet20")
    assert session.experiment.training.epochs == 3
    session.change("network.num_classes", 7)
    assert not session.documents.leaves_out
    session.documents.save(file)
    assert json.loads(file.read_text())["format"] == "resnet-studio/network"
    assert read_network(file).num_classes == 7


def test_what_a_network_file_has_no_place_for_is_known(session: Session, file: Path) -> None:
    session.documents.open(file)
    session.change("training.epochs", 5)
    assert session.documents.leaves_out
    session.documents.save(file, "experiment")
    assert read_experiment(file).training.epochs == 5
    assert session.documents.kind == "experiment"
    session.change("training.epochs", 6)
    assert not session.documents.leaves_out


def test_reverting_a_network_puts_data_and_training_back_too(session: Session, file: Path) -> None:
    session.documents.open(file)
    before = session.experiment
    session.change_many({"training.epochs": 5, "network.num_classes": 3}, "both")
    session.documents.revert()
    assert session.experiment == before


# ---- others


def test_the_second_window_on_a_file_knows(make: Callable[[], Session], file: Path, tmp_path: Path) -> None:
    first, second = make(), make()
    first.documents.open(file)
    link = tmp_path / "link.json"
    link.symlink_to(file)
    second.documents.open(link)
    assert not first.documents.elsewhere
    assert second.documents.elsewhere
    assert second.documents.conflict(link) == "open"
    assert first.documents.conflict(file) == ""
    first.documents.new()
    assert second.documents.conflict(link) == ""
    assert first.documents.conflict(file) == "open", "the second has it now"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".lock"] == []


def test_a_copy_lets_go_of_the_file(make: Callable[[], Session], file: Path) -> None:
    first, second, third = make(), make(), make()
    first.documents.open(file)
    first.documents.become_copy()
    assert first.documents.path is None
    assert first.experiment.network == preset("cifar_resnet20")
    second.documents.open(file)
    assert not second.documents.elsewhere
    third.documents.open(file)
    assert third.documents.elsewhere
    third.documents.become_copy()
    assert second.documents.conflict(file) == ""


def test_saving_under_a_name_that_is_open_elsewhere_is_a_conflict(
    make: Callable[[], Session], file: Path, tmp_path: Path
) -> None:
    first, second = make(), make()
    first.documents.open(file)
    second.documents.save(tmp_path / "mine.json")
    assert second.documents.conflict(file) == "open"
    assert second.documents.conflict(tmp_path / "mine.json") == ""
    (tmp_path / "link.json").symlink_to(tmp_path / "mine.json")
    assert second.documents.conflict(tmp_path / "link.json") == ""


def test_a_file_that_was_changed_on_the_disk_is_a_conflict(session: Session, file: Path) -> None:
    documents = session.documents
    documents.open(file)
    content, times = file.read_bytes(), file.stat()
    assert documents.conflict(file) == ""
    file.write_bytes(content.replace(b"10", b"12"))
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))  # the same size and time: only the content tells
    assert documents.conflict(file) == "changed"
    documents.save(file)
    assert documents.conflict(file) == ""
    file.unlink()
    assert documents.conflict(file) == "", "there is nothing that could be overwritten"


# ---- kept from a crash


def test_an_edit_is_kept_a_moment_later_and_dropped_when_saved(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    session.change("training.epochs", 3)
    qtbot.waitUntil(lambda: session.documents.autosave.time is not None, timeout=10_000)
    (kept,) = kept_files()
    assert json.loads(kept.read_text())["experiment"]["training"]["epochs"] == 3
    session.documents.save(tmp_path / "mine.json")
    qtbot.waitUntil(lambda: not kept.exists(), timeout=10_000)
    qtbot.waitUntil(lambda: session.documents.autosave.time is None, timeout=10_000)


def test_what_is_edited_back_or_reverted_is_not_kept(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    session.documents.save(tmp_path / "mine.json")
    for back in (session.undo_stack.undo, session.documents.revert):
        session.change("training.epochs", 3)
        qtbot.waitUntil(lambda: bool(kept_files()), timeout=10_000)
        back()
        qtbot.waitUntil(lambda: not kept_files(), timeout=10_000)


def test_edits_that_never_rest_are_kept_all_the_same(
    make: Callable[[], Session], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosave, "REST_MS", 400)
    monkeypatch.setattr(autosave, "AT_LEAST_EVERY", 0.0)
    session = make()
    blocks = iter(range(2, 2_000))

    def kept_while_editing() -> bool:
        # every 10 ms or so, from within the event loop: no edit ever rests for 400 ms
        session.change("network.block_sizes.0", next(blocks))
        return bool(kept_files())

    qtbot.waitUntil(kept_while_editing, timeout=10_000)


def test_closing_keeps_what_is_not_saved(make: Callable[[], Session], file: Path) -> None:
    session = make()
    session.documents.open(file)
    session.change("training.epochs", 3)
    assert session.close(10)
    (place,) = leftovers()
    kept = place.read()
    assert (kept.path, kept.kind, kept.experiment.training.epochs) == (file, "network", 3)
    place.leave()


def test_closing_drops_what_may_go(make: Callable[[], Session], qtbot: QtBot) -> None:
    session = make()
    session.change("training.epochs", 3)
    qtbot.waitUntil(lambda: bool(kept_files()), timeout=10_000)
    assert session.close(10, keep=False)
    assert not list(recovery_folder().iterdir())


def test_the_sessions_that_live_are_left_alone(session: Session, qtbot: QtBot) -> None:
    session.change("training.epochs", 3)
    qtbot.waitUntil(lambda: bool(kept_files()), timeout=10_000)
    assert list(leftovers()) == []
    assert kept_files()


def test_what_is_recovered_is_an_undoable_edit_of_its_file(make: Callable[[], Session], file: Path) -> None:
    session = make()
    session.documents.open(file)
    session.change("network.num_classes", 7)
    session.close(10)
    (place,) = leftovers()
    other = make()
    other.change("training.epochs", 4)
    other.documents.recover(place)
    assert other.documents.path == file
    assert other.documents.edited
    assert other.experiment.network.num_classes == 7
    assert other.documents.conflict(file) == ""
    other.undo_stack.undo()
    assert other.experiment.network == preset("cifar_resnet20")
    assert not other.documents.edited
    other.undo_stack.redo()
    other.documents.save(file)
    assert read_network(file).num_classes == 7
    other.close(10)
    assert list(leftovers()) == []


@pytest.mark.parametrize("gone", [False, True])
def test_a_file_that_changed_or_went_is_noticed_after_recovery(
    make: Callable[[], Session], file: Path, *, gone: bool
) -> None:
    session = make()
    session.documents.open(file)
    session.change("training.epochs", 3)
    session.close(10)
    write_document(file, network_document(preset("resnet18")))
    if gone:
        file.unlink()
    (place,) = leftovers()
    other = make()
    other.documents.recover(place)
    assert other.documents.edited
    assert other.experiment.training.epochs == 3
    assert other.experiment.network == preset("cifar_resnet20")
    assert other.documents.conflict(file) == ("" if gone else "changed")


def test_what_can_be_recovered_is_there_until_it_is_saved(make: Callable[[], Session], qtbot: QtBot) -> None:
    session = make()
    session.change("training.epochs", 3)
    session.close(10)
    (place,) = leftovers()
    other = make()
    other.documents.recover(place)
    qtbot.waitUntil(lambda: other.documents.autosave.time is not None, timeout=10_000)
    assert place.file.exists()
    other.change("training.epochs", 4)
    qtbot.waitUntil(lambda: '"epochs": 4' in place.file.read_text(), timeout=10_000)


def test_a_home_that_cannot_be_written_is_said_once(
    session: Session, qtbot: QtBot, studio_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (studio_home / "recovery").write_text("a file where the folder should be")
    said: list[str] = []
    session.refused.connect(lambda _, sentence: said.append(sentence) if sentence else None)
    session.change("training.epochs", 3)
    qtbot.waitUntil(lambda: bool(said), timeout=10_000)
    assert said[0].startswith("What is not saved can't be kept safe from a crash: ")
    session.change("training.epochs", 5)
    session.documents.autosave.write()
    qtbot.waitUntil(lambda: not session.documents.autosave._worker.busy, timeout=10_000)
    assert len(said) == 1


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"format": "resnet-studio/recovery"}',
        '{"format": "resnet-studio/recovery", "version": 2}',
        '{"format": "resnet-studio/recovery", "version": 1, "time": 1e999, "path": null, "kind": "network", '
        '"digest": "", "experiment": {}}',
        '{"format": "resnet-studio/recovery", "version": 1, "time": 1, "path": null, "kind": "network", '
        '"digest": "", "experiment": {"network": {"groups": 0}}}',
        "[" * 100_000,
        "9" * 5_000,
    ],
)
def test_a_faulty_file_of_the_recovery_folder_is_one_sentence(content: str, studio_home: Path) -> None:
    recovery_folder().mkdir()
    (recovery_folder() / "odd.json").write_text(content)
    (place,) = leftovers()
    with pytest.raises(StudioError, match=r"odd\.json is faulty: ") as caught:
        place.read()
    assert "\n" not in str(caught.value)
    place.remove()
    assert not list(recovery_folder().iterdir())

"""The check of the data in the background: at once what the folders say, the rest once the images are loaded."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from resnet_studio.data.checks import check as check_module
from resnet_studio.data.decoding import decode, examine
from resnet_studio.data.images import ImageSet
from resnet_studio.gui.checking import Checking
from resnet_studio.gui.loading import named
from resnet_studio.gui.session import Session
from resnet_studio.gui.worker import Job
from resnet_studio.spec.errors import StudioError

IN_TIME = 60_000


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    """A session that loads and checks what it is given, and does nothing else."""
    made = Session()
    made.started = True
    made.collector.start()
    yield made
    assert made.close(20, keep=False)


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Two classes of nine images each, one of which is none; a third folder is empty."""
    random = np.random.default_rng(0)
    for name in ("cat", "dog"):
        (tmp_path / "pets" / name).mkdir(parents=True)
        for number in range(9):
            image = Image.fromarray(random.integers(0, 256, (12, 16, 3), dtype=np.uint8))
            image.save(tmp_path / "pets" / name / f"{number}.png")
    (tmp_path / "pets" / "cat" / "3.png").write_text("no image")
    (tmp_path / "pets" / "emu").mkdir()
    return tmp_path / "pets"


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were decoded, in order."""
    files: list[Path] = []
    real = decode.decoded_with_kind

    def noted(path: Path, decoding: Any) -> Any:
        files.append(path)
        return real(path, decoding)

    monkeypatch.setattr(examine, "decoded_with_kind", noted)
    return files


def kinds(checking: Checking) -> set[str]:
    return set() if checking.report is None else {finding.kind for finding in checking.report.findings}


def states(session: Session) -> list[str]:
    """The states that the check goes through from here on, each once in a row."""
    seen: list[str] = []

    def note() -> None:
        if not seen or seen[-1] != session.checking.state:
            seen.append(session.checking.state)

    session.check_changed.connect(note)
    return seen


def done(session: Session) -> Callable[[], bool]:
    return lambda: session.checking.state == "done"


def test_a_folder_is_checked_while_it_is_loaded_and_decoded_once(
    session: Session, pets: Path, decoded: list[Path], qtbot: QtBot
) -> None:
    seen = states(session)
    session.choose_source(str(pets))
    qtbot.waitUntil(done(session), timeout=IN_TIME)
    assert seen[0] == "walking"
    assert seen[-1] == "done"
    assert kinds(session.checking) >= {"empty_class", "not_image"}
    assert session.checking.report is not None
    assert session.checking.report.source == str(pets) == named(session.experiment.data.source)
    assert session.checking.checked_at is not None
    assert len(decoded) == len(set(decoded)) == 18


def test_the_first_findings_do_not_wait_for_the_images(
    session: Session, pets: Path, monkeypatch: pytest.MonkeyPatch, decoded: list[Path], qtbot: QtBot
) -> None:
    # the images are on their way as long as the test likes
    monkeypatch.setattr(session.loading, "reload", lambda: setattr(session.loading, "active", True))
    session.choose_source(str(pets))
    checking = session.checking
    qtbot.waitUntil(lambda: checking.state == "waiting", timeout=IN_TIME)
    assert kinds(checking) == {"empty_class"}
    assert not decoded
    assert not checking.can_go_on, "the images are being looked at"
    session.loading.active = False
    session.images_changed.emit()
    assert checking.state == "waiting", "the images could not be loaded"
    assert checking.can_go_on
    checking.go_on()
    qtbot.waitUntil(done(session), timeout=IN_TIME)
    assert kinds(checking) >= {"empty_class", "not_image"}
    assert len(decoded) == 18


def test_what_is_no_folder_is_checked_once_it_is_loaded(session: Session, qtbot: QtBot) -> None:
    session.loading.reload()
    session.checking.restart()
    assert session.checking.report is None
    qtbot.waitUntil(done(session), timeout=IN_TIME)
    assert session.images is not None
    assert session.checking.report is not None
    assert session.checking.report.sizes == {(8, 8): 1797}


def test_only_what_it_depends_on_starts_it_anew(session: Session, pets: Path, qtbot: QtBot) -> None:
    session.choose_source(str(pets))
    qtbot.waitUntil(done(session), timeout=IN_TIME)
    report = session.checking.report
    session.change("data.augment.horizontal_flip", 0.25)
    session.change("training.epochs", 3)
    assert session.checking.state == "done"
    assert session.checking.report is report
    seen = states(session)
    session.change("data.resize", "pad")
    assert session.checking.report is report, "it stays until another comes"
    qtbot.waitUntil(done(session), timeout=IN_TIME)
    assert session.checking.report is not report
    assert seen[0] == "walking"


def test_a_report_on_another_source_is_never_taken(
    session: Session, pets: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    session.choose_source(str(pets))
    session.choose_source("digits")
    session.undo_stack.undo()
    session.undo_stack.undo()
    reports = []
    session.check_changed.connect(lambda: reports.append(session.checking.report))
    session.loading.reload()
    session.checking.restart()
    qtbot.waitUntil(done(session), timeout=IN_TIME)
    assert {report.source for report in reports if report is not None} == {"digits"}


def test_it_can_be_stopped_and_goes_on(
    session: Session, pets: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(session.loading, "reload", lambda: None)
    session.choose_source(str(pets))
    checking = session.checking
    qtbot.waitUntil(lambda: checking.state == "waiting", timeout=IN_TIME)
    checking.go_on()
    assert checking.active
    checking.stop()
    assert (checking.state, checking.progress) == ("stopped", None)
    assert kinds(checking) == {"empty_class"}, "what is known stays"
    assert checking.can_go_on
    checking.go_on()
    qtbot.waitUntil(done(session), timeout=IN_TIME)
    assert "not_image" in kinds(checking)


def test_what_fails_says_why_in_one_sentence(
    session: Session, pets: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def failing(*_: Any, **__: Any) -> Iterator[None]:
        raise StudioError("The disk is gone.")
        yield

    monkeypatch.setattr(check_module, "check", failing)
    session.choose_source(str(pets))
    checking = session.checking
    qtbot.waitUntil(lambda: checking.state == "failed", timeout=IN_TIME)
    assert (checking.error, checking.report) == ("The disk is gone.", None)
    assert checking.can_go_on


def test_images_of_another_source_are_none_to_go_on_with(
    session: Session, pets: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    session.loading.reload()
    session.checking.restart()
    qtbot.waitUntil(done(session), timeout=IN_TIME)
    monkeypatch.setattr(session.loading, "reload", lambda: None)
    session.choose_source(str(pets))
    qtbot.waitUntil(lambda: session.checking.state == "waiting", timeout=IN_TIME)
    assert isinstance(session.images, ImageSet)
    session.images_changed.emit()
    assert session.checking.state == "waiting"


def test_nothing_begins_before_the_session_has(qtbot: QtBot) -> None:
    made = Session()
    made.checking.restart()
    made.checking.go_on()
    assert (made.checking.state, made.checking.can_go_on) == ("idle", False)
    assert made.close(10, keep=False)


def test_names_are_those_of_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert named("cifar10") == "cifar10"
    assert named("pets") == str(tmp_path / "pets")


def test_a_check_that_is_dropped_ends(session: Session, pets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Callable[[], bool]] = []

    def endless(*_: Any, should_stop: Callable[[], bool], **__: Any) -> Iterator[None]:
        asked.append(should_stop)
        while not should_stop():
            pass
        return
        yield

    monkeypatch.setattr(check_module, "check", endless)
    monkeypatch.setattr(session.loading, "reload", lambda: None)
    session.choose_source(str(pets))
    assert isinstance(session.checking._job, Job)
    session.checking.cancel()


def test_a_folder_that_was_mended_is_checked_again(session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "one" / "cat").mkdir(parents=True)
    for number in range(5):
        Image.new("RGB", (12, 12), (50 * number, 0, 0)).save(tmp_path / "one" / "cat" / f"{number}.png")
    session.choose_source(str(tmp_path / "one"))
    checking, loading = session.checking, session.loading
    qtbot.waitUntil(lambda: checking.state == "waiting" and not loading.active, timeout=IN_TIME)
    checking.go_on()
    qtbot.waitUntil(done(session), timeout=IN_TIME)
    assert "one_class" in kinds(checking)
    (tmp_path / "one" / "dog").mkdir()
    for number in range(5):
        Image.new("RGB", (12, 12), (0, 50 * number, 9)).save(tmp_path / "one" / "dog" / f"{number}.png")
    loading.reload()
    qtbot.waitUntil(lambda: session.images is not None, timeout=IN_TIME)
    qtbot.waitUntil(lambda: "one_class" not in kinds(checking) and done(session)(), timeout=IN_TIME)


def test_a_folder_that_changed_is_checked_again(session: Session, pets: Path, qtbot: QtBot) -> None:
    session.choose_source(str(pets))
    qtbot.waitUntil(done(session), timeout=IN_TIME)
    report = session.checking.report
    session.loading.reload()
    qtbot.waitUntil(lambda: not session.loading.active, timeout=IN_TIME)
    assert session.checking.report is report, "the images are the same"
    (pets / "cat" / "3.png").unlink()
    session.loading.reload()
    qtbot.waitUntil(lambda: "not_image" not in kinds(session.checking) and done(session)(), timeout=IN_TIME)

"""The images in the background, and the question before a download. Nothing here touches the network."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.data import load as module
from resnet_studio.data.catalogue.wanted_files import NotDownloadedError, missing
from resnet_studio.data.images import ImageSet
from resnet_studio.data.watch import LoadingStoppedError, Progress
from resnet_studio.gui.action_states import ActionStates
from resnet_studio.gui.actions import make_actions
from resnet_studio.gui.session import Session
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import StudioError


class Web:
    """Stands in for loading: a download that comes to its end when it is told to."""

    def __init__(self, images: ImageSet) -> None:
        self.images = images
        self.asked: list[bool] = []
        """Whether each loading was allowed to download."""
        self.goes_on = threading.Event()
        self.failure = ""

    def load(
        self,
        spec: DataSpec,
        *,
        default_size: tuple[int, int],
        progress: Callable[[Progress], None],
        should_stop: Callable[[], bool],
        download: bool,
    ) -> ImageSet:
        del default_size
        self.asked.append(download)
        lacking = missing(spec)
        if lacking is None:
            return self.images
        if not download:
            raise NotDownloadedError(lacking)
        progress(Progress("Downloading train.gz", 5, 10))
        while not self.goes_on.wait(0.02):
            if should_stop():
                raise LoadingStoppedError("stopped")
        if self.failure:
            raise StudioError(self.failure)
        return self.images


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Web:
    made = Web(module.load(DataSpec()))
    monkeypatch.setattr(module, "load", made.load)
    return made


@pytest.fixture
def session(web: Web) -> Iterator[Session]:
    """A session that loads, and does nothing else."""
    made = Session()
    made.started = True
    yield made
    web.goes_on.set()
    assert made.close(10)
    made.deleteLater()


@pytest.fixture
def come(session: Session, qtbot: QtBot) -> Callable[[], None]:
    """Waits until nothing is being loaded."""
    return lambda: qtbot.waitUntil(lambda: not session.loading.active, timeout=10_000)


def test_nothing_is_downloaded_before_it_is_asked_for(session: Session, web: Web, studio_home: Path) -> None:
    session.choose_source("cifar10")
    loading = session.loading
    assert loading.missing is not None
    assert (loading.missing.name, loading.missing.folder) == ("cifar10", studio_home / "datasets")
    assert (loading.active, loading.images, loading.error, web.asked) == (False, None, "", [])
    assert "CIFAR-10 is not downloaded yet" in session.runs.why_not
    session.undo_stack.undo()
    assert loading.missing is None


def test_a_download_is_told_and_its_images_come(
    session: Session, web: Web, qtbot: QtBot, come: Callable[[], None]
) -> None:
    session.choose_source("mnist")
    loading = session.loading
    loading.download()
    assert session.loading.downloading is not None
    assert "is being downloaded" in session.runs.why_not
    qtbot.waitUntil(lambda: loading.progress is not None, timeout=10_000)
    web.goes_on.set()
    come()
    assert (loading.images, loading.downloading, loading.missing) == (web.images, None, None)
    assert web.asked == [True]
    # had the files gone since, it would have to be asked again
    loading.reload()
    assert loading.missing is not None


def test_an_edit_of_how_it_is_prepared_does_not_end_a_download(session: Session, web: Web) -> None:
    session.choose_source("mnist")
    session.loading.download()
    session.change("data.resize", "pad")
    assert session.loading.downloading is not None
    session.choose_source("kmnist")
    assert session.loading.downloading is None
    assert session.loading.missing is not None
    session.choose_source("mnist")
    assert session.loading.missing is not None, "the leave went with the source"


def test_a_download_that_is_cancelled_can_be_gone_on_with(
    session: Session, web: Web, qtbot: QtBot, come: Callable[[], None]
) -> None:
    session.choose_source("mnist")
    loading = session.loading
    loading.download()
    qtbot.waitUntil(lambda: loading.progress is not None, timeout=10_000)
    loading.cancel()
    assert (loading.active, loading.downloading, loading.progress) == (False, None, None)
    assert loading.missing is not None
    loading.download()
    assert loading.missing is None
    web.goes_on.set()
    come()
    assert loading.images is web.images


def test_what_has_come_is_told_and_can_be_thrown_away(
    session: Session, web: Web, come: Callable[[], None], tmp_path: Path
) -> None:
    session.change_many({"data.source": "cifar10", "data.root": str(tmp_path)}, "cifar10")
    loading = session.loading
    assert (loading.missing is not None, loading.came) == (True, 0)
    left = [tmp_path / f".cifar-10-python.tar.gz.part{ending}" for ending in ("", ".json")]
    for path in left:
        path.write_bytes(b"12345")
    loading.reload()
    assert loading.came == 5
    web.goes_on.set()
    loading.download()
    come()
    assert all(path.exists() for path in left), "it goes on from there"
    loading.download_anew()
    come()
    assert not any(path.exists() for path in left)
    assert web.asked == [True, True]


def test_a_download_that_fails_can_be_tried_again(session: Session, web: Web, come: Callable[[], None]) -> None:
    web.failure = "www.example.org can't be reached; check the network."
    web.goes_on.set()
    session.choose_source("mnist")
    session.loading.download()
    come()
    assert session.loading.error == session.runs.why_not == web.failure
    assert session.loading.missing is None
    web.failure = ""
    session.loading.reload()
    come()
    assert web.asked == [True, True]
    assert session.loading.images is web.images


def test_files_that_go_before_they_are_loaded_are_asked_for(
    session: Session, web: Web, come: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from resnet_studio.data.catalogue import wanted_files

    with monkeypatch.context() as there:
        there.setattr(wanted_files, "missing", lambda _: None)
        session.choose_source("mnist")
    come()
    assert web.asked == [False]
    assert session.loading.missing is not None


def test_a_run_whose_data_are_missing_says_so(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    from resnet_studio.gui.run_state import RunState

    owner = QWidget()
    qtbot.addWidget(owner)
    actions = make_actions(owner)
    states = ActionStates(session, actions, owner)
    session.choose_source("svhn")
    assert not actions["train"].isEnabled()
    assert "is not downloaded yet" in actions["train"].toolTip()
    session.runs.current = RunState("stopped", session.experiment, tmp_path)
    states.refresh()
    assert not actions["resume"].isEnabled()
    assert "download it on the data page first" in actions["resume"].toolTip()


def test_images_of_another_source_are_neither_matched_nor_left_standing(
    session: Session, web: Web, qtbot: QtBot
) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    actions = make_actions(owner)
    states = ActionStates(session, actions, owner)
    session.started = False
    loading = session.loading
    loading.images = web.images
    states.refresh()
    assert actions["match"].isEnabled()
    session.choose_source("/pets")
    loading.active = True
    states.refresh()
    assert loading.images is web.images, "they are seen until others have come"
    assert loading.of_wanted is None
    assert not actions["match"].isEnabled()
    loading.cancel()
    assert loading.images is None

"""What the store holds, as the window is told: looked for, verified and cleared in the background."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from resnet_studio.data.store import caches as module
from resnet_studio.data.store.entry import entries
from resnet_studio.gui.session import Session
from resnet_studio.spec.errors import StudioError

IN_TIME = 60_000


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    """A session that loads what it is given, and does nothing else."""
    made = Session()
    made.started = True
    made.collector.start()
    yield made
    assert made.close(20, keep=False)


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Two classes of nine images each."""
    random = np.random.default_rng(0)
    for name in ("cat", "dog"):
        (tmp_path / "pets" / name).mkdir(parents=True)
        for number in range(9):
            image = Image.fromarray(random.integers(0, 256, (40, 48, 3), dtype=np.uint8))
            image.save(tmp_path / "pets" / name / f"{number}.png")
    return tmp_path / "pets"


@pytest.fixture
def stored(session: Session, pets: Path, qtbot: QtBot) -> Session:
    """The session with the pets decoded into its store."""
    session.choose_source(str(pets))
    storing, checking = session.storing, session.checking
    qtbot.waitUntil(lambda: storing.cache is not None and checking.state == "done", timeout=IN_TIME)
    return session


def idle(session: Session, qtbot: QtBot) -> None:
    storing, loading = session.storing, session.loading
    qtbot.waitUntil(lambda: storing.state == "idle" and not loading.active, timeout=IN_TIME)


def test_what_the_images_are_mapped_from_is_found(stored: Session, pets: Path) -> None:
    cache = stored.storing.cache
    assert cache is not None
    assert (cache.source, cache.images, cache.state) == (str(pets), 18, "good")


def test_arrays_of_the_size_wanted_need_none(session: Session, qtbot: QtBot) -> None:
    session.loading.reload()
    qtbot.waitUntil(lambda: session.images is not None, timeout=IN_TIME)
    idle(session, qtbot)
    assert session.storing.cache is None
    assert not session.storing.cleared


def test_a_whole_one_stays_and_the_files_are_checked_again(stored: Session, qtbot: QtBot) -> None:
    checked = stored.checking.checked_at
    assert checked is not None
    stored.storing.verify()
    qtbot.waitUntil(lambda: (stored.checking.checked_at or 0) > checked, timeout=IN_TIME)
    assert stored.storing.cache is not None
    assert stored.storing.cache.state == "good"


def test_a_damaged_one_is_made_anew(stored: Session, qtbot: QtBot) -> None:
    cache = stored.storing.cache
    assert cache is not None
    file = next(cache.folder.glob("*.npy"))
    before = file.read_bytes()
    with file.open("r+b") as opened:
        opened.seek(-5, 2)
        opened.write(b"\x07\x08")
    stored.storing.verify()
    idle(stored, qtbot)
    qtbot.waitUntil(lambda: file.exists() and file.read_bytes() == before, timeout=IN_TIME)
    idle(stored, qtbot)
    assert stored.storing.cache is not None
    assert stored.storing.cache.state == "good"


def test_it_is_cleared_and_the_images_stay(stored: Session, pets: Path, qtbot: QtBot) -> None:
    cache = stored.storing.cache
    assert cache is not None
    stored.storing.clear([cache])
    idle(stored, qtbot)
    assert (stored.storing.cache, stored.storing.cleared, stored.storing.caches) == (None, True, ())
    assert not entries()
    assert len(list(pets.rglob("*.png"))) == 18
    assert stored.images is not None
    assert stored.images.train.images.sum() > 0
    stored.loading.reload()
    qtbot.waitUntil(lambda: stored.storing.cache is not None, timeout=IN_TIME)
    assert not stored.storing.cleared


def test_all_are_looked_for(stored: Session, qtbot: QtBot) -> None:
    stored.change("data.image_size", (24, 24))
    idle(stored, qtbot)
    stored.storing.look_at_all()
    idle(stored, qtbot)
    found = stored.storing.caches
    assert found is not None
    assert sorted(cache.shape or () for cache in found) == [(24, 24, 3), (96, 96, 3)]
    others = [cache for cache in found if cache.shape == (96, 96, 3)]
    stored.storing.clear(others)
    idle(stored, qtbot)
    assert stored.storing.caches is not None
    assert len(stored.storing.caches) == 1
    assert not stored.storing.cleared


def test_what_fails_is_said(stored: Session, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    def failing(_: object) -> None:
        raise StudioError("The disk is locked.")

    monkeypatch.setattr(module, "remove", failing)
    cache = stored.storing.cache
    assert cache is not None
    stored.storing.clear([cache])
    idle(stored, qtbot)
    assert stored.storing.error == "The disk is locked."
    assert stored.storing.cache is cache

"""What training draws for the images that are looked at."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from pytestqt.qtbot import QtBot

from resnet_studio.data.draws import Purpose, shuffled
from resnet_studio.data.images import Images, ImageSet
from resnet_studio.data.load import load
from resnet_studio.gui.pages.data.pictures import trained as module
from resnet_studio.gui.pages.data.pictures.trained import Place, Trained
from resnet_studio.gui.session import Session
from resnet_studio.spec.data import AugmentSpec, DataSpec
from resnet_studio.training.feeding import train_batches

Show = Callable[..., None]
SEED = 7
RANDOM = AugmentSpec(pad_crop=2, horizontal_flip=0.5, random_erasing=0.5, color_jitter=0.4)


@pytest.fixture(scope="module")
def augmented() -> ImageSet:
    """The digits, moved, mirrored and erased in training."""
    return load(DataSpec(augment=RANDOM))


@pytest.fixture
def trained(session: Session, show: Show, augmented: ImageSet) -> Trained:
    """Draws the digits with a seed."""
    made = Trained(session, session)
    session.change("training.seed", SEED)
    show(augmented)
    return made


def _drawn(qtbot: QtBot, trained: Trained, places: Sequence[Place]) -> list[Images]:
    """Ask for images and wait for them."""
    trained.ask("test", places)
    qtbot.waitUntil(lambda: all(trained.get(place) is not None for place in places), timeout=20_000)
    return [pixels for pixels in map(trained.get, places) if pixels is not None]


def _delivered(session: Session, images: ImageSet, epoch: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of the first images of an epoch as the trainer gets them, and their values from 0 to 255."""
    experiment = session.experiment.model_copy(update={"data": images.spec})
    batch, _ = next(train_batches(images, experiment, torch.device("cpu")).epoch(epoch, count))
    values = batch.permute(0, 2, 3, 1).numpy() * np.array(images.std) + np.array(images.mean)
    return shuffled(len(images.train), SEED, Purpose.ORDER, epoch)[:count], values * 255


@pytest.mark.parametrize("epoch", [0, 3])
@pytest.mark.parametrize("mixed", [{}, {"mixup": 0.4}, {"cutmix": 1.0}])
def test_they_are_pixel_for_pixel_what_the_trainer_is_fed(
    qtbot: QtBot, session: Session, show: Show, trained: Trained, epoch: int, mixed: dict[str, float]
) -> None:
    images = load(DataSpec(augment=RANDOM.model_copy(update=mixed)))
    show(images)
    numbers, values = _delivered(session, images, epoch, 40)
    drawn = _drawn(qtbot, trained, [trained.place("train", int(number), epoch) for number in numbers])
    assert np.abs(np.stack(drawn) - values).max() < 1e-3
    assert not np.array_equal(np.stack(drawn), images.train.images[numbers])


def test_another_epoch_and_another_seed_draw_anew(qtbot: QtBot, session: Session, trained: Trained) -> None:
    numbers = range(20)
    first, second = (
        _drawn(qtbot, trained, [trained.place("train", number, epoch) for number in numbers]) for epoch in (0, 1)
    )
    assert not np.array_equal(first, second)
    with qtbot.waitSignal(trained.dropped):
        session.change("training.seed", SEED + 1)
    other = _drawn(qtbot, trained, [trained.place("train", number, 0) for number in numbers])
    assert not np.array_equal(first, other)
    session.change("training.seed", SEED)
    again = _drawn(qtbot, trained, [trained.place("train", number, 0) for number in numbers])
    assert np.array_equal(first, again)


def test_another_sampling_mixes_other_images_in(qtbot: QtBot, session: Session, show: Show, trained: Trained) -> None:
    images = load(DataSpec(augment=RANDOM.model_copy(update={"mixup": 0.4})))
    show(images)
    places = [trained.place("train", number, 0) for number in range(20)]
    before = _drawn(qtbot, trained, places)
    with qtbot.waitSignal(trained.dropped):
        session.change("training.sampling", "balanced")
    after = _drawn(qtbot, trained, places)
    experiment = session.experiment.model_copy(update={"data": images.spec})
    fed = train_batches(images, experiment, torch.device("cpu")).augmented(range(20), 0).numpy()
    assert np.array_equal(after, fed)
    assert not np.array_equal(after, before)


def test_another_strength_draws_anew_and_another_title_does_not(
    qtbot: QtBot, show: Show, trained: Trained, augmented: ImageSet
) -> None:
    place = trained.place("train", 3, 0)
    _drawn(qtbot, trained, [place])
    show(replace(augmented, title="the same"))
    assert trained.get(place) is not None
    show(load(DataSpec(augment=RANDOM.model_copy(update={"pad_crop": 1}))))
    assert trained.get(place) is None


def test_evaluation_sees_images_as_they_are(qtbot: QtBot, trained: Trained, augmented: ImageSet) -> None:
    for name, split in (("validation", augmented.validation), ("test", augmented.test)):
        place = trained.place(name, 5, 4)
        assert place == trained.place(name, 5, 0)
        assert np.array_equal(_drawn(qtbot, trained, [place])[0], split.images[5])


def test_evaluation_sees_them_in_its_size(qtbot: QtBot, show: Show, trained: Trained, augmented: ImageSet) -> None:
    show(replace(augmented, spec=augmented.spec.model_copy(update={"eval_size": (12, 12)})))
    (pixels,) = _drawn(qtbot, trained, [trained.place("test", 0, 0)])
    assert pixels.shape == (12, 12, 1)


def test_without_augmentation_every_epoch_is_the_same(
    qtbot: QtBot, show: Show, trained: Trained, digits: ImageSet
) -> None:
    assert trained.is_random
    off = {name: 0 for name in AugmentSpec.model_fields if name not in {"hue", "rand_augment_ops"}}
    show(load(DataSpec(augment=AugmentSpec.model_validate(off))))
    assert not trained.is_random
    assert trained.place("train", 3, 5) == trained.place("train", 3, 0)
    (pixels,) = _drawn(qtbot, trained, [trained.place("train", 3, 5)])
    assert np.array_equal(pixels, digits.train.images[3])


def test_what_is_looked_at_now_is_drawn_first(qtbot: QtBot, trained: Trained) -> None:
    trained.ask("grid", [trained.place("train", number, 0) for number in range(400)])
    trained.ask("pane", [trained.place("train", 1200, epoch) for epoch in range(3)])
    there: list[bool] = []
    trained.came.connect(lambda: there.append(trained.get(trained.place("train", 1200, 2)) is not None))
    qtbot.waitUntil(lambda: trained.get(trained.place("train", 399, 0)) is not None, timeout=20_000)
    assert there[0]
    # nobody looks at the others any more
    trained.ask("grid", [trained.place("train", 500, 0)])
    qtbot.waitUntil(lambda: trained.get(trained.place("train", 500, 0)) is not None, timeout=20_000)


def test_only_so_many_are_kept(qtbot: QtBot, trained: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 64 * 10)
    places = [trained.place("train", number, 0) for number in range(30)]
    trained.ask("grid", places)
    qtbot.waitUntil(lambda: trained.get(places[-1]) is not None, timeout=20_000)
    assert sum(trained.get(place) is not None for place in places) <= 10


def test_trouble_is_told_once(
    qtbot: QtBot, session: Session, trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr("resnet_studio.training.feeding.train_batches", fail)
    with qtbot.waitSignal(session.unexpected, timeout=20_000) as told:
        trained.ask("grid", [trained.place("train", 0, 0)])
    assert str(told.args[0]) == "no memory"
    trained.ask("grid", [trained.place("train", 1, 0)])
    assert not session.background.busy


def test_what_is_not_there_any_more_is_not_drawn(session: Session, digits: ImageSet) -> None:
    trained = Trained(session)
    session.loading.images = digits
    session.images_changed.emit()
    beyond = trained.place("validation", len(digits.validation), 0)
    assert trained.get(beyond) is None
    assert trained.get(beyond._replace(number=0)) is not None

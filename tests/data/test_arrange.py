"""Which images train, validate and test."""

from collections.abc import Mapping

import numpy as np
import pytest

from resnet_studio.data import arrange, memory
from resnet_studio.data.arrange import Rows, arranged
from resnet_studio.data.images import Images, Split
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import StudioError


def part(count: int, first: int) -> Split:
    """Images whose one pixel tells them apart over all parts."""
    pixels = np.arange(first, first + count, dtype=np.uint8).reshape(count, 1, 1, 1)
    return Split(pixels, np.arange(count) % 2, tuple(f"{first + number}.png" for number in range(count)))


TRAIN, OWN, TEST = part(100, 0), part(20, 100), part(30, 120)


def members(split: Split) -> set[int]:
    values = split.images.ravel().tolist()
    assert split.names == tuple(f"{value}.png" for value in values)
    assert split.labels.tolist() == [value % 2 for value in values]
    assert len(set(values)) == len(values)
    return set(values)


def parts(**given: Split) -> dict[str, Split]:
    return {"train": TRAIN, **given}


def test_the_sources_own_splits_count() -> None:
    train, validation, test, notes = arranged(parts(validation=OWN, test=TEST), DataSpec())
    assert (train, validation, test) == (TRAIN, OWN, TEST)
    assert notes == ()


def test_a_tenth_of_the_training_images_validates() -> None:
    train, validation, test, notes = arranged(parts(test=TEST), DataSpec(split_seed=3))
    assert test is TEST
    assert len(validation) == 10
    assert members(train) | members(validation) == set(range(100))
    assert members(train) & members(validation) == set()
    assert np.bincount(validation.labels).tolist() == [5, 5]
    assert notes == ("10 of the training images, 0.1 of each class, were held out to validate with seed 3.",)


def test_a_fifth_tests_where_the_source_has_one_part() -> None:
    train, validation, test, notes = arranged(parts(), DataSpec())
    assert [len(split) for split in (train, validation, test)] == [72, 8, 20]
    assert members(train) | members(validation) | members(test) == set(range(100))
    assert notes[0] == (
        "The source has no test images of its own: 20 images, a fifth of each class, were held out with seed 0."
    )


def test_another_seed_is_another_split() -> None:
    splits = [arranged(parts(), DataSpec(split_seed=seed)) for seed in (0, 0, 1)]
    assert members(splits[0][2]) == members(splits[1][2])
    assert members(splits[0][2]) != members(splits[2][2])


def test_validation_images_test_too_where_there_are_no_others() -> None:
    train, validation, test, notes = arranged(parts(validation=OWN), DataSpec())
    assert (train, validation, test) == (TRAIN, OWN, OWN)
    assert "its validation images are the test images" in notes[0]
    train, validation, test, notes = arranged(parts(validation=OWN), DataSpec(validation=0.2))
    assert (len(train), len(validation), test) == (80, 20, OWN)
    assert len(notes) == 2


def test_validating_on_the_test_images_is_said_in_words() -> None:
    train, validation, test, notes = arranged(parts(test=TEST), DataSpec(validation="test"))
    assert (train, validation, test) == (TRAIN, TEST, TEST)
    assert notes[0].startswith("The test images validate too")


def test_a_fraction_is_taken_from_the_training_images_and_says_what_lies_idle() -> None:
    train, validation, _, notes = arranged(parts(validation=OWN, test=TEST), DataSpec(validation=0.25))
    assert (len(train), len(validation)) == (75, 25)
    assert members(train) | members(validation) == set(range(100))
    assert notes[-1] == "The 20 validation images of the source are not used."


def test_too_few_images_and_too_little_memory_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StudioError, match="2 images in 2 classes are too few to hold 20% of them out"):
        arranged({"train": part(2, 0)}, DataSpec())
    monkeypatch.setattr(memory, "available_memory", lambda: 10)
    with pytest.raises(StudioError, match="The images need"):
        arranged(parts(), DataSpec())


def test_images_that_are_too_large_to_copy_are_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, list[int]]] = []

    def keep(images: Images, rows: Mapping[str, Rows]) -> dict[str, Images]:
        asked.append({name: ones.tolist() for name, ones in rows.items()})
        return {name: images[ones] for name, ones in rows.items()}

    copied = arranged(parts(), DataSpec(), keep)
    assert asked == []
    monkeypatch.setattr(arrange, "COPIED_BYTES", 99)
    kept = arranged(parts(), DataSpec(), keep)
    assert [members(split) for split in kept[:3]] == [members(split) for split in copied[:3]]
    assert set(asked[0]) == {"train", "validation", "test"}
    train, validation, test, _ = arranged(parts(), DataSpec(validation="test"), keep)
    assert validation is test
    assert set(asked[1]) == {"train", "test"}
    assert members(train) | members(test) == set(range(100))
    assert arranged(parts(validation=OWN, test=TEST), DataSpec(), keep)[:3] == (TRAIN, OWN, TEST)
    assert len(asked) == 2
    monkeypatch.setattr(arrange, "COPIED_BYTES", 10**9)
    monkeypatch.setattr(arrange, "available_memory", lambda: 199)
    arranged(parts(), DataSpec(), keep)
    assert len(asked) == 3


def test_images_that_were_taken_apart_know_their_place() -> None:
    labels = np.repeat(np.arange(4), 50)
    images = np.arange(200, dtype=np.uint8).reshape(200, 1, 1, 1)
    train, validation, test, _ = arranged({"train": Split(images, labels, part="train")}, DataSpec())
    for split in (train, validation, test):
        assert split.part == "train"
        assert [split.place(number) for number in range(len(split))] == split.images.reshape(-1).tolist()
    whole, *_ = arranged({"train": Split(images, labels), "test": Split(images, labels)}, DataSpec(validation="test"))
    assert whole.place(7) == 7

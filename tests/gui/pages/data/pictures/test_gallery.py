"""Which images are looked at."""

from dataclasses import replace

import numpy as np

from resnet_studio.data.images import ImageSet, Split
from resnet_studio.gui.pages.data.pictures.gallery import Gallery, View, class_counts, distinct, same_pictures


def test_all_images_are_there_once_in_any_order(digits: ImageSet) -> None:
    for mixed in (False, True):
        gallery = Gallery(digits, View(mixed=mixed))
        places = {(picture.split, picture.number) for picture in (gallery[row] for row in range(len(gallery)))}
        assert len(gallery) == len(places) == 1797


def test_a_mixed_first_screen_shows_many_classes_and_is_the_same_every_time(digits: ImageSet) -> None:
    by_class = np.argsort(digits.train.labels, kind="stable")
    folder = replace(digits, train=Split(digits.train.images[by_class], digits.train.labels[by_class]))

    def first(view: View) -> list[str]:
        return [Gallery(folder, view).label(row) for row in range(40)]

    assert set(first(View("train", mixed=False))) == {"0"}
    assert len(set(first(View("train")))) >= 8
    assert first(View("train")) == first(View("train"))


def test_source_order_is_the_order_of_the_arrays(digits: ImageSet) -> None:
    gallery = Gallery(digits, View("test", mixed=False))
    assert len(gallery) == len(digits.test)
    for row in (0, 7, len(gallery) - 1):
        picture = gallery[row]
        assert (picture.split, picture.number, picture.of) == ("test", row, len(digits.test))
        assert picture.label == digits.class_names[digits.test.labels[row]]
        assert np.array_equal(picture.pixels, digits.test.images[row])


def test_one_class_is_that_class_only(digits: ImageSet) -> None:
    gallery = Gallery(digits, View("train", 3))
    assert len(gallery) == class_counts(digits)["train"][3] == np.count_nonzero(digits.train.labels == 3)
    assert {gallery.label(row) for row in range(len(gallery))} == {"3"}


def test_files_are_found_by_a_part_of_their_name(digits: ImageSet) -> None:
    names = tuple(f"train/{label}/IMG-{place}.jpg" for place, label in enumerate(digits.train.labels))
    named = replace(digits, train=Split(digits.train.images, digits.train.labels, names))
    gallery = Gallery(named, View(text="img-12"))
    assert {gallery[row].name.rpartition("-")[2] for row in range(len(gallery))} >= {"12.jpg", "120.jpg", "1200.jpg"}
    assert all("IMG-12" in gallery[row].name for row in range(len(gallery)))


def test_a_class_is_found_by_its_name_where_there_are_no_files(digits: ImageSet) -> None:
    named = replace(digits, class_names=("Sandal", "Sneaker", *digits.class_names[2:]))
    gallery = Gallery(named, View(text="sneak"))
    assert len(gallery) == sum(int((split.labels == 1).sum()) for split in distinct(digits).values())
    assert {gallery.label(row) for row in range(len(gallery))} == {"Sneaker"}
    assert len(Gallery(named, View(text="sneak", label=0))) == 0


def test_nothing_but_some_files(digits: ImageSet) -> None:
    names = tuple(f"train/IMG-{place}.jpg" for place in range(len(digits.train)))
    named = replace(digits, train=Split(digits.train.images, digits.train.labels, names))
    # the test images were held out of the training images of the source
    held_out = f"train[{digits.test.place(5)}]"
    files = frozenset({"train/IMG-3.jpg", "train/IMG-30.jpg", held_out, "train/gone.jpg"})
    gallery = Gallery(named, View(files=files, mixed=False))
    assert [(gallery[row].split, gallery[row].number) for row in range(len(gallery))] == [
        ("train", 3),
        ("train", 30),
        ("test", 5),
    ]
    assert len(Gallery(named, View(files=frozenset()))) == 0


def test_images_that_validate_and_test_are_counted_once(digits: ImageSet) -> None:
    one = replace(digits, validation=digits.test)
    assert list(distinct(one)) == ["train", "validation"]
    assert len(Gallery(one, View())) == len(digits.train) + len(digits.test)
    assert len(Gallery(one, View("test"))) == len(Gallery(one, View("validation"))) == len(digits.test)


def test_an_image_is_found_again_where_it_is_shown(digits: ImageSet) -> None:
    gallery = Gallery(digits, View())
    picture = gallery[100]
    assert gallery.row_of(picture.split, picture.number) == 100
    other = (int(digits.class_names.index(picture.label)) + 1) % 10
    assert Gallery(digits, View(label=other)).row_of(picture.split, picture.number) is None


def test_counts_add_up_to_the_splits(digits: ImageSet) -> None:
    counts = class_counts(digits)
    assert {name: int(values.sum()) for name, values in counts.items()} == {
        "train": len(digits.train),
        "validation": len(digits.validation),
        "test": len(digits.test),
    }


def test_another_treatment_of_the_same_images_is_told_from_another_split(digits: ImageSet) -> None:
    treated = replace(digits, mean=(0.5,))
    assert same_pictures(digits, treated)
    assert not same_pictures(digits, replace(digits, spec=digits.spec.model_copy(update={"split_seed": 1})))
    assert not same_pictures(digits, replace(digits, fingerprint="0" * 64))

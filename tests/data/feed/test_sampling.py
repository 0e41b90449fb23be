"""What an epoch is made of: each image once, or each class as often."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from resnet_studio.data.draws import Draws, Purpose, samples_of, shuffled
from resnet_studio.data.feed.sampling import Balanced, Shuffled, sampling_of

COUNT = 30_000
DRAWS = Draws(np.arange(COUNT), 0, 0)


def times(order: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    return np.bincount(samples_of(order), minlength=count)


def test_a_shuffled_epoch_has_each_image_once() -> None:
    shuffle = sampling_of("shuffle", np.zeros(50, np.int64), 3)
    assert isinstance(shuffle, Shuffled)
    assert shuffle.order(2).tolist() == shuffled(50, 3, Purpose.ORDER, 2).tolist()


@given(
    labels=st.lists(st.sampled_from([0, 1, 2, 5]), min_size=1, max_size=60),
    rare=st.lists(st.sampled_from([3, 4]), max_size=3),
    seed=st.integers(0, 2**31 - 1),
    first=st.integers(0, 500),
)
def test_a_balanced_epoch_has_each_class_and_each_image_of_a_class_as_often(
    labels: list[int], rare: list[int], seed: int, first: int
) -> None:
    classes = np.array(labels + rare)
    present, count = np.unique(classes), len(classes)
    balanced = Balanced(classes, seed)
    in_all = np.zeros(count, np.int64)
    for epoch in range(first, first + 4):
        order = balanced.order(epoch)
        assert len(order) == count
        here = times(order, count)
        in_all += here
        assert len(np.unique(order)) == count, "an image that comes again is another draw"
        assert ((order >> 32) < here[samples_of(order)]).all()
        for seen in (here, in_all):
            by_class = np.bincount(classes, seen)[present]
            assert np.ptp(by_class) <= 1
            assert all(np.ptp(seen[classes == each]) <= 1 for each in present)


def test_a_set_that_is_balanced_already_has_each_image_once_an_epoch() -> None:
    labels = np.arange(60) % 6
    for epoch in range(3):
        assert (times(Balanced(labels, 1).order(epoch), 60) == 1).all()


def test_a_class_too_large_for_an_epoch_is_seen_whole_in_several() -> None:
    labels = np.repeat([0, 1], [900, 100])
    seen = sum(times(Balanced(labels, 0).order(epoch), 1000) for epoch in range(9))
    # 500 of 900 an epoch
    assert set(np.asarray(seen)[:900].tolist()) == {5}
    assert set(np.asarray(seen)[900:].tolist()) == {45}


def test_a_balanced_epoch_belongs_to_seed_and_epoch_alone() -> None:
    labels = np.random.default_rng(0).integers(0, 7, 500) ** 2
    orders = [Balanced(labels, seed).order(epoch) for seed, epoch in ((0, 3), (0, 4), (1, 3))]
    used = Balanced(labels, 0)
    used.order(9)
    assert used.order(3).tolist() == orders[0].tolist()
    assert len({tuple(order.tolist()) for order in orders}) == 3


def test_classes_that_get_one_more_go_round() -> None:
    labels = np.repeat(np.arange(7), 10)[:-3]
    # 67 draws among 7 classes: four classes get ten, three get nine
    extra = [np.bincount(labels[samples_of(Balanced(labels, 5).order(epoch))]) - 9 for epoch in range(7)]
    assert [each.sum() for each in extra] == [4] * 7
    assert np.sum(extra, 0).tolist() == [4] * 7


def test_the_classes_are_mixed_well_in_the_course_of_an_epoch() -> None:
    labels = np.repeat([0, 1, 2], [2900, 70, 30])
    order = labels[samples_of(Balanced(labels, 0).order(0))]
    by_batch = np.array([np.bincount(part, minlength=3) for part in order.reshape(30, 100)])
    # chi-square of 58 degrees of freedom is beyond 97 once in a thousand
    assert ((by_batch - 100 / 3) ** 2 / (100 / 3)).sum() < 97


def test_partners_in_a_shuffled_set_are_even_over_all_images() -> None:
    partners = Shuffled(10, 0).partners(DRAWS)
    counts = np.bincount(partners, minlength=10)
    # chi-square of 9 degrees of freedom
    assert ((counts - COUNT / 10) ** 2 / (COUNT / 10)).sum() < 27.9
    assert (partners != Shuffled(10, 0).partners(Draws(DRAWS.samples, 0, 1))).mean() > 0.8


def test_partners_in_a_balanced_set_are_even_over_the_classes() -> None:
    labels = np.array([4, 0, 0, 2, 0, 0, 2])
    counts = np.bincount(Balanced(labels, 0).partners(DRAWS), minlength=len(labels))
    expected = COUNT / 3 / np.bincount(labels)[labels]
    # chi-square of 6 degrees of freedom
    assert ((counts - expected) ** 2 / expected).sum() < 22.5


@pytest.mark.parametrize("kind", ["shuffle", "balanced"])
def test_one_image_alone(kind: str) -> None:
    made = sampling_of(kind, np.array([3]), 0)  # type: ignore[arg-type]  # a parameter of a test is text
    assert made.order(7).tolist() == [0]
    assert made.partners(Draws(np.array([0]), 0, 0)).tolist() == [0]

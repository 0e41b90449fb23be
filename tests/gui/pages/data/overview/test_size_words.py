"""Heights and widths in words and as dots."""

import numpy as np

from resnet_studio.gui.pages.data.overview.size_words import MOST_DOTS, dots, summary


def test_one_line_says_what_there_is() -> None:
    assert summary({}) == ""
    assert summary({(28, 20): 70_000}) == "all 20×28"
    assert summary({(300, 400): 3, (400, 822): 1, (533, 400): 5}) == "400×300 to 822×400, median 400×533"
    assert summary({(10, 10): 1, (20, 20): 1}) == "10×10 to 20×20, median 10×10"


def test_each_size_is_a_dot() -> None:
    assert dots({(300, 400): 3, (400, 822): 1}).tolist() == [[400, 300, 3], [822, 400, 1]]
    assert dots({}).shape == (0, 3)


def test_many_sizes_are_put_together_and_no_image_is_lost() -> None:
    random = np.random.default_rng(0)
    sizes = {(int(h), int(w)): 2 for h, w in random.integers(10, 2000, (20_000, 2))}
    found = dots(sizes)
    assert len(sizes) > MOST_DOTS > 0
    assert len(found) <= 49 * 49
    assert found[:, 2].sum() == 2 * len(sizes)
    assert found[:, :2].min() >= 10
    assert found[:, :2].max() <= 2000

"""The embedded digits."""

import numpy as np

from resnet_studio.data.sources.digits import digits
from resnet_studio.spec.assets import asset


def test_the_digits_are_one_grey_part() -> None:
    source = digits()
    assert list(source.parts) == ["train"]
    part = source.parts["train"]
    assert part.array is not None
    assert part.array.shape == (1797, 8, 8, 1)
    assert part.labels.dtype == np.int64
    assert (source.size, source.channels, source.class_names) == ((8, 8), 1, tuple("0123456789"))


def test_licence_and_source_are_those_of_the_file() -> None:
    with np.load(asset("digits.npz"), allow_pickle=False) as file:
        assert str(file["licence"]) == digits().licence
        assert "Alpaydin" in str(file["citation"])
        assert "Alpaydin" in digits().citation

"""The files that ship with the studio are found."""

import numpy as np
import pytest

from resnet_studio.spec.assets import asset
from resnet_studio.spec.errors import StudioError


def test_the_digits_ship_with_their_attribution() -> None:
    with np.load(asset("digits.npz"), allow_pickle=False) as file:
        assert file["images"].shape == (1797, 8, 8)
        assert file["images"].dtype == np.uint8
        assert (int(file["images"].min()), int(file["images"].max())) == (0, 255)
        assert np.bincount(file["labels"]).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
        assert str(file["licence"]) == "CC BY 4.0"
        assert "UCI" in str(file["citation"])
    assert asset("digits.npz").stat().st_size < 200_000


def test_a_missing_file_of_ours_is_named() -> None:
    with pytest.raises(StudioError, match=r"own file icons/no-such\.svg is missing .* install resnet-studio again"):
        asset("icons/no-such.svg")

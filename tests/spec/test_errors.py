"""Sentences for users."""

import pytest
from pydantic import ValidationError

from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import field_error, nearest


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("epoch", ["epochs", "seed", "device", "momentum"], "; did you mean epochs?"),
        ("resnet", ["resnet18", "resnet34"], "; did you mean resnet34 or resnet18?"),
        ("?", ["a", "b", "c"], "; did you mean a, b or c?"),
        ("?", [str(number) for number in range(20)], ""),
        ("?", [], ""),
    ],
)
def test_the_nearest_names_or_the_whole_short_list(word: str, known: list[str], hint: str) -> None:
    assert nearest(word, known) == hint


def test_a_name_that_is_no_utf8_is_said_to_be_none() -> None:
    with pytest.raises(ValidationError) as caught:
        DataSpec(source="caf\udce9")
    assert str(field_error(caught.value, "data")) == (
        "data.source: 'caf\\udce9' has bytes that are no UTF-8, which can't be written down; rename it."
    )

"""Sentences for users."""

import pytest

from resnet_studio.spec.errors import nearest


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

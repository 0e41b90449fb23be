"""The catalogue knows what the specification names."""

import pytest

from resnet_studio.data.catalogue import ENTRIES
from resnet_studio.spec.data import CATALOGUE


def test_every_name_has_its_entry() -> None:
    assert tuple(ENTRIES) == CATALOGUE


@pytest.mark.parametrize("name", CATALOGUE)
def test_an_entry_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    entry = ENTRIES[name]
    assert entry.licence
    assert entry.citation[-4:].isdigit()
    assert 0 < entry.pad_crop <= entry.side / 7
    assert len(entry.class_names) == (0 if name == "cifar100" else 10)

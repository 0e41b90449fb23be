"""The catalogue knows what the specification names."""

import pytest
from torchvision import datasets

from resnet_studio.data.catalogue.entries import ENTRIES
from resnet_studio.data.sources.digits import digits
from resnet_studio.spec.data import CATALOGUE, PHOTOGRAPHS

CLASSES = dict.fromkeys(CATALOGUE, 10) | {"cifar100": 100, "flowers102": 102}


def test_every_name_has_its_entry() -> None:
    assert tuple(ENTRIES) == CATALOGUE


@pytest.mark.parametrize("name", CATALOGUE)
def test_an_entry_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    entry = ENTRIES[name]
    assert entry.licence
    assert entry.citation[-4:].isdigit()
    assert 0 < entry.pad_crop <= 1 / 7
    assert len(set(entry.class_names)) == len(entry.class_names) == CLASSES[name]
    assert entry.images["train"] >= 1000
    assert (entry.side == 0) == (name in PHOTOGRAPHS)


def test_the_names_of_the_classes_are_torchvisions() -> None:
    assert ENTRIES["fashion-mnist"].class_names == tuple(datasets.FashionMNIST.classes)
    assert ENTRIES["kmnist"].class_names == tuple(datasets.KMNIST.classes)
    assert ENTRIES["flowers102"].class_names == tuple(datasets.Flowers102.classes)
    assert ENTRIES["cifar100"].class_names == tuple(sorted(ENTRIES["cifar100"].class_names))


def test_the_embedded_digits_are_as_many_as_it_says() -> None:
    assert {name: len(part.labels) for name, part in digits().parts.items()} == ENTRIES["digits"].images

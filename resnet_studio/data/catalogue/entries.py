"""What is known of the data sets that have a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from resnet_studio.data.catalogue.class_names import CIFAR100, FLOWERS102

DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class Entry:
    """A data set of the catalogue."""

    title: str
    side: int
    """Height and width of its images; 0 where they differ."""
    channels: Literal[1, 3]
    images: Mapping[str, int]
    """How many there are in each part."""
    citation: str
    horizontal_flip: float
    """Probability of a mirror image that suits it; 0 for what means something else in a mirror."""
    class_names: tuple[str, ...] = DIGITS
    licence: str = "not stated"
    pad_crop: float = 1 / 16
    """Padding of the random crop that suits it, as a share of the images' side.

    A sixteenth, half of what He et al. 2015 take for hundreds of epochs: a few dozen are too few for a network to see
    so many places (Jordan 2024, "94% on CIFAR-10 in 3.29 seconds", takes 2 of 32 too).
    """


def _like_mnist(
    title: str, licence: str, citation: str, *, horizontal_flip: float = 0.0, class_names: tuple[str, ...] = DIGITS
) -> Entry:
    """Return MNIST, or a set made to take its place: as many images of the same size."""
    images = {"train": 60_000, "test": 10_000}
    return Entry(title, 28, 1, images, citation, horizontal_flip, class_names, licence, pad_crop=2 / 28)


def _cifar(title: str, class_names: tuple[str, ...]) -> Entry:
    citation = "Krizhevsky, Learning multiple layers of features from tiny images, 2009"
    return Entry(title, 32, 3, {"train": 50_000, "test": 10_000}, citation, 0.5, class_names)


ENTRIES = {
    "digits": Entry(
        "Optical recognition of handwritten digits",
        side=8,
        channels=1,
        images={"train": 1_797},
        licence="CC BY 4.0",
        citation="Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, "
        "1998",
        pad_crop=1 / 8,
        horizontal_flip=0.0,
    ),
    "mnist": _like_mnist(
        "MNIST handwritten digits",
        licence="CC BY-SA 3.0",
        citation="LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition, "
        "Proceedings of the IEEE, 1998",
    ),
    "fashion-mnist": _like_mnist(
        "Fashion-MNIST",
        licence="MIT",
        citation="Xiao, Rasul and Vollgraf, Fashion-MNIST: a novel image dataset for benchmarking machine learning "
        "algorithms, arXiv:1708.07747, 2017",
        horizontal_flip=0.5,
        class_names=(
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ),
    ),
    "kmnist": _like_mnist(
        "Kuzushiji-MNIST",
        licence="CC BY-SA 4.0",
        citation="Clanuwat, Bober-Irizar, Kitamoto, Lamb, Yamamoto and Ha, Deep learning for classical Japanese "
        "literature, arXiv:1812.01718, 2018",
        class_names=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
    ),
    "cifar10": _cifar(
        "CIFAR-10", ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
    ),
    "cifar100": _cifar("CIFAR-100", CIFAR100),
    "svhn": Entry(
        "Street view house numbers",
        side=32,
        channels=3,
        images={"train": 73_257, "test": 26_032},
        licence="for non-commercial use only",
        citation="Netzer, Wang, Coates, Bissacco, Wu and Ng, Reading digits in natural images with unsupervised "
        "feature learning, NIPS workshop, 2011",
        horizontal_flip=0.0,
    ),
    "stl10": Entry(
        "STL-10",
        side=96,
        channels=3,
        images={"train": 5_000, "test": 8_000},
        citation="Coates, Lee and Ng, An analysis of single-layer networks in unsupervised feature learning, "
        "AISTATS, 2011",
        horizontal_flip=0.5,
        class_names=("airplane", "bird", "car", "cat", "deer", "dog", "horse", "monkey", "ship", "truck"),
    ),
    "flowers102": Entry(
        "Oxford 102 flowers",
        side=0,
        channels=3,
        images={"train": 1_020, "validation": 1_020, "test": 6_149},
        citation="Nilsback and Zisserman, Automated flower classification over a large number of classes, ICVGIP, 2008",
        horizontal_flip=0.5,
        class_names=FLOWERS102,
    ),
}
"""Every name that `data.source` knows."""

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
    licence: str
    citation: str
    pad_crop: float
    """Padding of the random crop that suits it, as a share of the images' side.

    A sixteenth, half of what He et al. 2015 take for hundreds of epochs: a few dozen are too few for a network to see
    so many places (Jordan 2024, "94% on CIFAR-10 in 3.29 seconds", takes 2 of 32 too).
    """
    horizontal_flip: float
    """Probability of a mirror image that suits it; 0 for what means something else in a mirror."""
    class_names: tuple[str, ...] = DIGITS


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
    "mnist": Entry(
        "MNIST handwritten digits",
        side=28,
        channels=1,
        images={"train": 60_000, "test": 10_000},
        licence="CC BY-SA 3.0",
        citation="LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition, "
        "Proceedings of the IEEE, 1998",
        pad_crop=2 / 28,
        horizontal_flip=0.0,
    ),
    "fashion-mnist": Entry(
        "Fashion-MNIST",
        side=28,
        channels=1,
        images={"train": 60_000, "test": 10_000},
        licence="MIT",
        citation="Xiao, Rasul and Vollgraf, Fashion-MNIST: a novel image dataset for benchmarking machine learning "
        "algorithms, arXiv:1708.07747, 2017",
        pad_crop=2 / 28,
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
    "kmnist": Entry(
        "Kuzushiji-MNIST",
        side=28,
        channels=1,
        images={"train": 60_000, "test": 10_000},
        licence="CC BY-SA 4.0",
        citation="Clanuwat, Bober-Irizar, Kitamoto, Lamb, Yamamoto and Ha, Deep learning for classical Japanese "
        "literature, arXiv:1812.01718, 2018",
        pad_crop=2 / 28,
        horizontal_flip=0.0,
        class_names=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
    ),
    "cifar10": Entry(
        "CIFAR-10",
        side=32,
        channels=3,
        images={"train": 50_000, "test": 10_000},
        licence="not stated",
        citation="Krizhevsky, Learning multiple layers of features from tiny images, 2009",
        pad_crop=2 / 32,
        horizontal_flip=0.5,
        class_names=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
    ),
    "cifar100": Entry(
        "CIFAR-100",
        side=32,
        channels=3,
        images={"train": 50_000, "test": 10_000},
        licence="not stated",
        citation="Krizhevsky, Learning multiple layers of features from tiny images, 2009",
        pad_crop=2 / 32,
        horizontal_flip=0.5,
        class_names=CIFAR100,
    ),
    "svhn": Entry(
        "Street view house numbers",
        side=32,
        channels=3,
        images={"train": 73_257, "test": 26_032},
        licence="for non-commercial use only",
        citation="Netzer, Wang, Coates, Bissacco, Wu and Ng, Reading digits in natural images with unsupervised "
        "feature learning, NIPS workshop, 2011",
        pad_crop=2 / 32,
        horizontal_flip=0.0,
    ),
    "stl10": Entry(
        "STL-10",
        side=96,
        channels=3,
        images={"train": 5_000, "test": 8_000},
        licence="not stated",
        citation="Coates, Lee and Ng, An analysis of single-layer networks in unsupervised feature learning, "
        "AISTATS, 2011",
        pad_crop=6 / 96,
        horizontal_flip=0.5,
        class_names=("airplane", "bird", "car", "cat", "deer", "dog", "horse", "monkey", "ship", "truck"),
    ),
    "flowers102": Entry(
        "Oxford 102 flowers",
        side=0,
        channels=3,
        images={"train": 1_020, "validation": 1_020, "test": 6_149},
        licence="not stated",
        citation="Nilsback and Zisserman, Automated flower classification over a large number of classes, ICVGIP, 2008",
        pad_crop=1 / 16,
        horizontal_flip=0.5,
        class_names=FLOWERS102,
    ),
}
"""Every name that `data.source` knows."""

"""One figure of the literature: what was published of a network, where, and how exactly."""

from dataclasses import dataclass
from typing import Literal

Quantity = Literal["parameters", "mult_adds", "top1_error", "top5_error", "top1_accuracy"]

HE_2015 = "He et al. 2015, arXiv 1512.03385"
HE_2016 = "He et al. 2016, arXiv 1603.05027"
XIE = "Xie et al. 2017, arXiv 1611.05431"
WIDE = "Zagoruyko and Komodakis 2016, arXiv 1605.07146"
TORCHVISION = "torchvision"
D2L = "Dive into Deep Learning, section 8.6"
ATHENA = "Athena, its tutorial and example programs"
EDIFICE = "Edifice, its page of ResNet"

EXACT = 1.0
"""The precision of a count to the last parameter."""


@dataclass(frozen=True)
class Published:
    """A count, multiply-adds an image, or per cent.

    Attributes:
        quantity: what it is.
        value: the figure, in parameters, multiply-adds or per cent.
        source: the paper, book or program.
        note: what it was measured on, or how the published design differs from the preset.
        where: the table, figure or section.
        precision: the worth of the last digit that was printed (0.27M: 10,000); 1 for an exact count.
        above: the source says no more than that it is higher than the value.
    """

    quantity: Quantity
    value: float
    source: str
    note: str = ""
    where: str = ""
    precision: float = EXACT
    above: bool = False

"""How a formula is written: its parts, and numbers as the tables have them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from resnet_studio.analysis.cost import BYTES, GIB, MIB, activation_bytes
from resnet_studio.analysis.layers import Shape

Quantity = Literal["output_shape", "params", "mult_adds", "receptive_field", "activations"]

WORDS: dict[Quantity, str] = {
    "output_shape": "output shape",
    "params": "parameters",
    "mult_adds": "multiply-adds",
    "receptive_field": "receptive field",
    "activations": "activations",
}

Terms = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Steps:
    """One formula: the rule in letters, what the letters are, the rule in numbers, and where it comes from."""

    rule: str
    terms: Terms
    lines: tuple[str, ...]
    source: str


def count(value: int) -> str:
    """Return 25,557,032."""
    return f"{value:,}"


def dims(shape: Shape) -> str:
    """Return a shape: 512×28×28."""
    return "×".join(map(str, shape))


def factors(shape: Shape) -> str:
    """Return a shape as a product to work out: 2,048 × 7 × 7."""
    return " × ".join(map(count, shape))


def total(parts: Iterable[int]) -> str:
    """Return `1 + 2 = 3`; a lone part stands for itself."""
    addends = tuple(parts)
    return " + ".join(map(count, addends)) + (f" = {count(sum(addends))}" if len(addends) > 1 else "")


def nothing(quantity: Quantity, why: str, source: str) -> Steps:
    """Return the explanation of a zero: one plain sentence."""
    return Steps(why, (), (f"{WORDS[quantity]} = 0",), source)


def memory(elements: int, batch_size: int, precision: str) -> str:
    """Return the line that goes on from elements per image to the bytes of a batch."""
    images = "1 image" if batch_size == 1 else f"{count(batch_size)} images"
    size = activation_bytes(elements, batch_size, precision)
    return f"{count(elements)} × {images} × {BYTES[precision]} bytes = {count(size)} bytes = {_binary(size)}"


def _binary(size: int) -> str:
    """Return bytes in MiB as the tables round them, and very many in GiB, too."""
    mib = f"{size / MIB:,.1f} MiB" if size >= 0.05 * MIB else f"{size / MIB:,.2f} MiB"
    return mib if size < GIB else f"{mib} = {size / GIB:,.2f} GiB"

"""Iso-budget: hold parameters or multiply-adds, move one dimension, and let another follow.

Xie et al. 2017 (arXiv 1611.05431, section 5.1 and table 2) trade cardinality for width this way at the cost of
ResNet-50. All costs grow with each of the three dimensions, so that the partner is found by halving its span.
"""

from dataclasses import dataclass
from typing import Any, Literal

from resnet_studio.analysis.network import Analysis, analyse
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.network import NetworkSpec

Held = Literal["params", "mult_adds"]
Knob = Literal["cardinality", "width", "depth"]

MOST_GROUPS = 256
MOST_WIDTH = 1024
MOST_BLOCKS = 1000
MOST_CONCATENATED_BLOCKS = 64  # each has its own width and is computed on its own
MOST_CHANNELS = 65_536

_HELD: dict[Held, str] = {"params": "parameters", "mult_adds": "multiply-adds"}


@dataclass(frozen=True)
class Balance:
    """A design whose one dimension was moved, and whose partner followed to the cost that is held.

    Attributes:
        network: the new design; it can be built.
        moved: the dimension that was moved, and `to` what.
        partner: the dimension that followed, and `partner_value` where to.
        held: the cost that is held, `target` what it was to be and `reached` what it is.
    """

    network: NetworkSpec
    moved: Knob
    to: int
    partner: Knob
    partner_value: int
    held: Held
    target: int
    reached: int

    @property
    def error(self) -> float:
        """What the nearest valid partner leaves, as a fraction of the target; above 0 it costs more."""
        return self.reached / self.target - 1


def knobs(network: NetworkSpec) -> tuple[Knob, ...]:
    """Return the dimensions that can be moved: basic blocks have no groups."""
    return ("cardinality", "width", "depth") if network.block_type == "bottleneck" else ("width", "depth")


def setting(network: NetworkSpec, knob: Knob) -> int:
    """Return where a dimension stands: groups, width (of a group, or the first stage's channels), or blocks."""
    if knob == "cardinality":
        return network.groups
    if knob == "depth":
        return network.block_sizes[_deepest(network)]
    return network.width_per_group if network.block_type == "bottleneck" else network.stage_channels[0]


def span(network: NetworkSpec, knob: Knob) -> tuple[int, int]:
    """Return the least and the largest value of a dimension that the search looks at; it holds the present one."""
    here = setting(network, knob)
    if knob == "cardinality":
        return 1, max(MOST_GROUPS, here)
    if knob == "depth":
        most = MOST_CONCATENATED_BLOCKS if network.merge == "concat" else MOST_BLOCKS
        return min(_fewest_blocks(network), here), max(most, here)
    if network.block_type == "bottleneck":
        return 1, max(MOST_WIDTH, here)
    growth = max(network.stage_channels) / network.stage_channels[0]
    return 1, max(min(MOST_WIDTH, int(MOST_CHANNELS / growth)), here)


def words(network: NetworkSpec, knob: Knob) -> str:
    """Return what a dimension is in this design: groups, width per group, channels, blocks of stage 3."""
    if knob == "cardinality":
        return "groups"
    if knob == "width":
        return "width per group" if network.block_type == "bottleneck" else "channels of stage 1"
    return "blocks of each stage" if _equal(network) else f"blocks of stage {_deepest(network) + 1}"


def with_setting(network: NetworkSpec, knob: Knob, value: int) -> NetworkSpec:
    """Return the design with one dimension moved.

    The channels of all stages of basic blocks scale together, whole multiples of the first stage's stay so, and a
    stem as wide as the first stage stays as wide. Equal stages get the same blocks (6n + 2), else the longest stage
    gets them, as from ResNet-50 to 101 and 152.

    Raises:
        StudioError: the design has no such dimension, or the value is outside its span.
    """
    if knob not in knobs(network):
        raise StudioError(f"{network.name} has basic blocks, which have no groups; use bottleneck blocks.")
    low, high = span(network, knob)
    if not low <= value <= high:
        raise StudioError(f"{words(network, knob)}: {value:,} is outside {low:,} to {high:,}; give one in between.")
    return NetworkSpec.model_validate(network.model_dump() | _changes(network, knob, value))


def balance(network: NetworkSpec, *, hold: Held, target: int, move: Knob, to: int, partner: Knob) -> Balance:
    """Move one dimension and let another follow to where the held cost is nearest to its target.

    Args:
        network: the design to start from.
        hold: the cost that is to stay, for one image.
        target: what it is to be.
        move: the dimension that moves.
        to: where it moves.
        partner: the dimension that follows.

    Raises:
        StudioError: a dimension can't be moved so far, or no value of the partner gives a design that can be built.
    """
    if move == partner:
        raise StudioError(f"{words(network, move)} can't follow itself; let another dimension follow.")
    if target < 1:
        raise StudioError(f"{target:,} {_HELD[hold]} can't be held; give 1 or more.")
    moved = with_setting(network, move, to)
    if partner not in knobs(moved):
        raise StudioError(f"{network.name} has basic blocks, which have no groups; let the depth or width follow.")
    value = _nearest(moved, hold, target, partner)
    here = with_setting(moved, partner, value)
    return Balance(here, move, to, partner, value, hold, target, getattr(analyse(here), hold))


def _nearest(network: NetworkSpec, hold: Held, target: int, partner: Knob) -> int:
    """Return the value of the partner whose cost is nearest to the target; the present one among equals."""
    seen: dict[int, float] = {}

    def cost(value: int) -> float:
        if value not in seen:
            seen[value] = _cost(analyse(with_setting(network, partner, value)), hold)
        return seen[value]

    low, high = span(network, partner)
    first, last = low, high
    while first < last:
        middle = (first + last) // 2
        if cost(middle) < target:
            first = middle + 1
        else:
            last = middle
    # the present one first: of equal costs it stays, and it may be the only one that can be built
    around = [value for value in (setting(network, partner), first - 1, first) if low <= value <= high]
    valid = [value for value in around if cost(value) not in _UNBUILDABLE]
    if not valid:
        raise StudioError(
            f"No value of {words(network, partner)} from {low:,} to {high:,} gives a design that can be built "
            f"with {target:,} {_HELD[hold]}; move the other dimension less."
        )
    return min(valid, key=lambda value: abs(cost(value) - target))


_TOO_SMALL, _TOO_LARGE = float("-inf"), float("inf")
_UNBUILDABLE = (_TOO_SMALL, _TOO_LARGE)


def _cost(analysis: Analysis, hold: Held) -> float:
    """Return the held cost; a design without a whole table is too small a one, one of terabytes too large."""
    if not analysis.errors:
        return float(getattr(analysis, hold))
    whole = analysis.fault is not None and analysis.fault.stage is None and analysis.stages
    return _TOO_LARGE if whole else _TOO_SMALL


def _changes(network: NetworkSpec, knob: Knob, value: int) -> dict[str, Any]:
    if knob == "cardinality":
        return {"groups": value}
    if knob == "depth":
        sizes = list(network.block_sizes)
        if _equal(network):
            sizes = [value] * len(sizes)
        else:
            sizes[_deepest(network)] = value
        return {"block_sizes": tuple(sizes)}
    if network.block_type == "bottleneck":
        return {"width_per_group": value}
    changes: dict[str, Any] = {"channels": _scaled(network, value)}
    if network.stem and network.stem.channels == network.stage_channels[0]:
        changes["stem"] = network.stem.model_dump() | {"channels": value}
    return changes


def _scaled(network: NetworkSpec, first: int) -> int | tuple[int, ...]:
    if isinstance(network.channels, int):
        return first
    before = network.channels[0]
    # rounded half up in whole numbers: multiples of the first stage's channels stay multiples
    return tuple(max(1, (2 * channels * first + before) // (2 * before)) for channels in network.channels)


def _equal(network: NetworkSpec) -> bool:
    return len(network.block_sizes) > 1 and len(set(network.block_sizes)) == 1


def _deepest(network: NetworkSpec) -> int:
    """Return the number from 0 of the stage with the most blocks, the last of several."""
    sizes = network.block_sizes
    return max(range(len(sizes)), key=lambda stage: (sizes[stage], stage))


def _fewest_blocks(network: NetworkSpec) -> int:
    """Return the fewest blocks with which the same stage stays the longest."""
    if _equal(network) or len(network.block_sizes) == 1:
        return 1
    stage = _deepest(network)
    before, after = network.block_sizes[:stage], network.block_sizes[stage + 1 :]
    fewest = max((*before, *(blocks + 1 for blocks in after)))
    # with one block less all stages would be equal, and would move together
    return fewest + 1 if {*before, *after} == {fewest} else fewest

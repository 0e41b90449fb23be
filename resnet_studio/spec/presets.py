"""The networks of the literature by name, each with what was published of it."""

from dataclasses import dataclass
from functools import cache

from resnet_studio.spec.designs import designs
from resnet_studio.spec.errors import StudioError, nearest
from resnet_studio.spec.figures import UNPUBLISHED, figures
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.published import Published


@dataclass(frozen=True)
class Preset:
    """A design with its ledger.

    Attributes:
        network: the design.
        title: what it is called in the literature.
        published: its figures; empty only where `unpublished` says why.
        note: what is particular about it.
        unpublished: why there is no figure.
        remark: what its source does that no field can say, true while the field `remark_field` is as it is here.
    """

    network: NetworkSpec
    title: str
    published: tuple[Published, ...] = ()
    note: str = ""
    unpublished: str = ""
    remark: str = ""
    remark_field: str = ""

    @property
    def name(self) -> str:
        """Name of the preset, the same as its network's."""
        return self.network.name


def preset(name: str) -> NetworkSpec:
    """Return the network of a preset.

    Raises:
        StudioError: there is no such preset; the sentence names the nearest.
    """
    return entry(name).network


def entry(name: str) -> Preset:
    """Return a preset with its ledger.

    Raises:
        StudioError: there is no such preset; the sentence names the nearest.
    """
    known = presets()
    if name not in known:
        hint = nearest(name, list(known)) or "; `resnet-studio presets` lists them."
        raise StudioError(f"There is no preset {name!r}{hint}")
    return known[name]


@cache
def presets() -> dict[str, Preset]:
    """Return all presets by name, in the order in which they are listed."""
    ledger = figures()
    return {
        design.network.name: Preset(
            design.network,
            design.title,
            ledger.get(design.network.name, ()),
            design.note,
            UNPUBLISHED.get(design.network.name, ""),
            design.remark,
            design.remark_field,
        )
        for design in designs()
    }

"""A network and its twin without skip connections (He et al. 2015 compare the two)."""

from resnet_studio.spec.network import NetworkSpec, Shortcut
from resnet_studio.spec.presets import presets


def plain_twin(network: NetworkSpec) -> NetworkSpec:
    """Return the same network without its skip connections; the twin of a preset is the preset that is it."""
    return _named(network, "none")


def residual_twin(network: NetworkSpec, shortcut: Shortcut = "projection") -> NetworkSpec:
    """Return the same network with skip connections.

    Args:
        network: a plain net; of a preset's, the twin is the preset that has its skips, whatever they are.
        shortcut: the skip connections of all others.
    """
    bare = _without_names(network)
    for preset in presets().values():
        if preset.network.shortcut != "none" and _without_names(preset.network) == bare and _is_preset(network):
            return preset.network
    return _named(network, shortcut)


def _named(network: NetworkSpec, shortcut: Shortcut) -> NetworkSpec:
    """Return the network with these skip connections, under the name of the preset that it is, else its own."""
    twin = NetworkSpec.model_validate(network.model_dump() | {"shortcut": shortcut})
    if not _is_preset(network):
        return twin
    named = (preset.network for preset in presets().values() if preset.network.shortcut == shortcut)
    return next((other for other in named if _without_names(other) == _without_names(twin)), twin)


def _is_preset(network: NetworkSpec) -> bool:
    known = presets().get(network.name)
    return known is not None and known.network == network


def _without_names(network: NetworkSpec) -> dict[str, object]:
    """Return all that twins have in common."""
    return network.model_dump(exclude={"name", "shortcut"})

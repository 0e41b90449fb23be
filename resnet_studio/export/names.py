"""What exported files are called. Without torch: the window names them before it needs any."""

import re

from resnet_studio.spec.network import NetworkSpec


def weights_name(network: NetworkSpec, kind: str) -> str:
    """Return the name of the file of weights, such as `resnet18.safetensors`."""
    stem = re.sub(r"[^A-Za-z0-9_.-]+", "-", network.name).strip("-.") or "network"
    return f"{stem[:80]}.{kind}"

"""Why no GPU is used, and what mends it."""

import sys
from dataclasses import dataclass
from pathlib import Path

_MAKERS = {"0x10de": "NVIDIA", "0x1002": "AMD"}
_GRAPHICS = "0x03"
"""First digits of the PCI class of graphics cards."""


@dataclass(frozen=True)
class Gpus:
    """What the system tells of graphics cards, whether or not torch can use them.

    Attributes:
        makers: of the cards on the bus, of those that make GPUs which torch knows; Linux only.
        driver: NVIDIA's kernel driver is loaded.
        container: we are in a container, which sees a card only when it is handed in.
    """

    makers: frozenset[str]
    driver: bool
    container: bool


def look(root: Path = Path("/")) -> Gpus:
    """Return what this machine has."""
    makers = set()
    for device in (root / "sys/bus/pci/devices").glob("*"):
        if (device / "class").read_text(encoding="ascii").startswith(_GRAPHICS):
            makers.add(_MAKERS.get((device / "vendor").read_text(encoding="ascii").strip()))
    return Gpus(
        frozenset(maker for maker in makers if maker),
        driver=(root / "proc/driver/nvidia/version").exists(),
        container=(root / ".dockerenv").exists() or (root / "run/.containerenv").exists(),
    )


def mend(gpus: Gpus, build: str, reason: str) -> tuple[str, str]:
    """Return why no GPU is used, in one sentence, and what mends it: a command, or empty where nothing does.

    Args:
        gpus: what the machine has.
        build: what torch is built for: `cuda`, `rocm` or `cpu`.
        reason: torch's own.
    """
    if "too old" in reason:
        return "NVIDIA's driver is too old for this torch.", _driver()
    if build == "cpu" and (gpus.driver or "NVIDIA" in gpus.makers):
        return "There is an NVIDIA GPU, but this torch is built for the CPU alone.", _torch_for_cuda()
    if "NVIDIA" in gpus.makers and not gpus.driver:
        if gpus.container:
            return "There is an NVIDIA GPU, but this container may not use it.", "docker run --gpus all ..."
        return "There is an NVIDIA GPU, but its driver is not installed.", _driver()
    if gpus.driver:
        return f"NVIDIA's driver is there, but torch can't use it: {reason}.", "nvidia-smi"
    if "AMD" in gpus.makers and build != "rocm":
        return "There is an AMD GPU, but this torch is not built for it.", "https://pytorch.org/get-started/locally"
    return f"This machine shows no GPU ({reason}).", ""


def _torch_for_cuda() -> str:
    # PyPI has the CUDA build for Linux and the CPU's for Windows
    index = "https://pypi.org/simple" if sys.platform == "linux" else "https://download.pytorch.org/whl/cu130"
    return f"pip install --force-reinstall torch torchvision --index-url {index}"


def _driver() -> str:
    if sys.platform != "linux":
        return "https://www.nvidia.com/drivers"
    ubuntu = Path("/usr/bin/ubuntu-drivers").exists()
    return "sudo ubuntu-drivers install" if ubuntu else "sudo apt-get install -y nvidia-driver"

"""Machine, versions and data of a run, written down beside it."""

import platform
from typing import Any

import torch
import torchvision

from resnet_studio import __version__
from resnet_studio.data.images import ImageSet
from resnet_studio.training.device import Device


def environment(device: Device, images: ImageSet) -> dict[str, Any]:
    """Return what a run depends on beside its experiment, as a JSON object."""
    return {
        "studio": __version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "torchvision": torchvision.__version__,
        "cuda": torch.version.cuda if device.kind == "cuda" else None,
        "platform": platform.platform(),
        "device": {"name": device.name, "title": device.title, "memory": device.memory},
        # sums are split among the threads, so another number of them gives other last bits
        "threads": torch.get_num_threads(),
        "data": {
            "title": images.title,
            "fingerprint": images.fingerprint,
            "train": len(images.train),
            "validation": len(images.validation),
            "test": len(images.test),
            "skipped": len(images.skipped),
            "licence": images.licence,
            "citation": images.citation,
            "notes": list(images.notes),
        },
    }

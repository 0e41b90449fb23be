"""Machine, versions and data of a run, written down beside it."""

import platform
from collections.abc import Mapping
from typing import Any

import torchvision

from resnet_studio import __version__
from resnet_studio.data.images import ImageSet
from resnet_studio.training.device import Device
from resnet_studio.training.machine import arithmetic

_NAMED = 3
"""Classes that are named where more than these differ."""


def environment(device: Device, images: ImageSet) -> dict[str, Any]:
    """Return what a run depends on beside its experiment, as a JSON object."""
    return {
        "studio": __version__,
        "python": platform.python_version(),
        "torchvision": torchvision.__version__,
        **arithmetic(device),
        "platform": platform.platform(),
        "device": {"name": device.name, "title": device.title, "memory": device.memory},
        "data": {
            "title": images.title,
            "fingerprint": images.fingerprint,
            "classes": list(images.class_names),
            "train": len(images.train),
            "validation": len(images.validation),
            "test": len(images.test),
            "skipped": len(images.skipped),
            "licence": images.licence,
            "citation": images.citation,
            "notes": list(images.notes),
            "taken": taken(images),
        },
    }


def taken(images: ImageSet) -> dict[str, Any]:
    """Return how images were taken from their source: all of its fields but where it is, and how it is augmented."""
    return images.spec.model_dump(mode="json", exclude={"source", "root", "augment"})


def differing(known: Mapping[str, Any], images: ImageSet, *, own: bool) -> tuple[str, ...]:
    """Return how images differ from those that a run was trained on, in sentences.

    Args:
        known: the environment of the run.
        images: as many classes of images.
        own: whether they are meant to be the run's own.
    """
    data = known.get("data", {})
    if own:
        if data.get("fingerprint", images.fingerprint) == images.fingerprint:
            return ()
        return (
            f"{images.title} has changed since the run began, so that images it was trained on may be among these.",
        )
    trained = data.get("classes", images.class_names)
    renamed = [f"{now} for {then}" for then, now in zip(trained, images.class_names, strict=True) if then != now]
    if not renamed:
        return ()
    more = f" and {len(renamed) - _NAMED} more" if len(renamed) > _NAMED else ""
    named = ", ".join(renamed[:_NAMED])
    return (f"The classes of {images.title} are taken in their order for those that were trained: {named}{more}.",)

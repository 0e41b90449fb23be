"""The one-line meaning of each field, from its docstring: tooltips and the command line's help come from here."""

from resnet_studio.spec.base import Spec
from resnet_studio.spec.data import AugmentSpec, DataSpec
from resnet_studio.spec.network import NetworkSpec, StemSpec
from resnet_studio.spec.training import TrainingSpec

_MODELS: dict[str, type[Spec]] = {
    "network.stem": StemSpec,
    "data.augment": AugmentSpec,
    "network": NetworkSpec,
    "data": DataSpec,
    "training": TrainingSpec,
}


def meaning(path: str) -> str:
    """Return the meaning of the field at a dotted path; an entry of a list has its list's.

    Raises:
        KeyError: there is no such field.
    """
    for prefix, model in _MODELS.items():
        name = path.removeprefix(f"{prefix}.").partition(".")[0]
        if path.startswith(f"{prefix}.") and name in model.model_fields:
            return " ".join((model.model_fields[name].description or "").split())
    raise KeyError(path)

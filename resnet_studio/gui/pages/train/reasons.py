"""What a field of the training means as things stand, or why nothing. Pure: a recipe and more in, a sentence out."""

from typing import TYPE_CHECKING

from resnet_studio.analysis.network import Analysis
from resnet_studio.analysis.optimizing import MUON_UP_TO, muon_share
from resnet_studio.spec.training import TrainingSpec

if TYPE_CHECKING:
    from resnet_studio.training.device import Device


def why_nothing(field: str, training: TrainingSpec, device: "Device | None") -> str:
    """Return why a field changes nothing now, in one sentence; empty where it does.

    Args:
        field: of the training.
        training: all that is wanted.
        device: where it will train; None while that is not known.
    """
    if field == "nesterov" and training.optimizer in {"adam", "adamw"}:
        return "Only SGD and Muon have Nesterov's form of the momentum."
    if field == "nesterov" and not training.momentum:
        return "There is no momentum."
    if field in {"milestones", "gamma"} and training.schedule not in {"step", "multi_step"}:
        return "Only the schedules steps and milestones fall at given epochs."
    if field == "decay_norm_and_bias" and not training.weight_decay:
        return "There is no weight decay."
    if field == "deterministic" and device is not None and device.kind == "cpu" and not training.deterministic:
        return "A CPU gives the same bits again in any case."
    return ""


def what_auto_is(analysis: Analysis, training: TrainingSpec) -> str:
    """Return which optimiser `auto` stands for and why, in few words; empty where it isn't chosen or known."""
    if training.optimizer != "auto" or analysis.fault:
        return ""
    share = muon_share(analysis, training)
    more = f"costs {100 * share:.0f} % more"
    return f"Muon; it {more}" if share <= MUON_UP_TO else f"SGD; Muon {more}"


def why_no_fp16(device: "Device | None") -> str:
    """Return why a device doesn't train in fp16, in one sentence; empty where it does, or is not known."""
    if device is None or device.fp16:
        return ""
    return f"{device.title} ({device.name}) doesn't multiply in fp16."

"""What a run will take and what it took, on standard error: standard output is for the run."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from resnet_studio.cli.outcome import say
from resnet_studio.data.memory import told_bytes
from resnet_studio.runs.events import RunStarted
from resnet_studio.runs.measuring import checkpoint_bytes, epoch_seconds, run_seconds
from resnet_studio.spec.errors import StudioError

if TYPE_CHECKING:
    from resnet_studio.data.images import ImageSet
    from resnet_studio.runs.folder import RunFolder
    from resnet_studio.spec.experiment import ExperimentSpec


def tell_forecast(experiment: "ExperimentSpec", images: "ImageSet", should_stop: Callable[[], bool]) -> bool:
    """Try some steps, say what the run will take and return true; false where a stop was asked for meanwhile.

    Args:
        experiment: with everything resolved.
        images: what its data stands for.
        should_stop: asked between steps.
    """
    from resnet_studio.training.forecast import forecast

    try:
        found = forecast(experiment, images, should_stop)
    except StudioError as error:
        # the run will fail the same way, with a folder from which it can go on
        say(f"Forecast: none. {error}")
        return True
    if found is None:
        return False
    whole = found.seconds(experiment.training.epochs)
    remark = found.remark and f"; {found.remark}"
    say(f"Forecast: {_told(found.epoch_seconds, whole, found.memory, found.disk)}{remark}.")
    return True


def tell_measured(run: "RunFolder") -> None:
    """Say what a run has taken that was forecast, while its memory is still that of this process."""
    import torch

    from resnet_studio.training.usage import memory_in_use

    events = run.events()
    epoch = epoch_seconds(events)
    started = next((event for event in events if isinstance(event, RunStarted)), None)
    if epoch is None or started is None:
        return
    memory = memory_in_use(torch.device(started.device))
    say(f"Measured: {_told(epoch, run_seconds(events), memory, checkpoint_bytes(run.path))}.")


def _told(epoch: float, whole: float | None, memory: int | None, disk: int) -> str:
    """Return what a run takes, in seconds and bytes; None: nobody knows."""
    parts = [f"{told_seconds(epoch)} an epoch"]
    parts += [f"{told_seconds(whole)} in all"] if whole is not None else []
    parts += [f"{told_bytes(memory)} of memory"] if memory is not None else []
    return ", ".join((*parts, f"{told_bytes(disk)} on the disk"))


def tell_why_no_gpu(wanted: str, found: str) -> None:
    """Say why `auto` has come to mean the CPU."""
    from resnet_studio.training.device import no_gpu_reason

    reason = no_gpu_reason()
    if wanted == "auto" and found == "cpu" and reason:
        say(f"Training on the CPU: {reason}; doctor says more.")


def told_seconds(seconds: float) -> str:
    """Return a time as sentences tell it: 0.3 s, 4 min 05 s, 2 h 10 min."""
    if seconds < 99.5:
        return f"{seconds:.2g} s" if seconds < 9.95 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60:,} h {minutes % 60:02d} min"

"""Whether a disk has room for the checkpoints of a run, asked before it begins."""

import shutil
from pathlib import Path

from resnet_studio.analysis.cost import moments, run_bytes
from resnet_studio.analysis.network import analyse
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.experiment import ExperimentSpec


def refuse_little_room(experiment: ExperimentSpec, parent: Path) -> None:
    """Check that a folder has room for a new run.

    Args:
        experiment: what is to be trained.
        parent: where the run's folder is to be made; it need not be there yet.

    Raises:
        StudioError: it has less room than the checkpoints take; the sentence says both.
    """
    training = experiment.training
    needed = run_bytes(analyse(experiment.network).params, moments(training), ema=training.ema_decay is not None)
    there = next((each for each in (parent.absolute(), *parent.absolute().parents) if each.is_dir()), None)
    if there is None:
        return  # a drive that is not there: making the folder says so
    free = shutil.disk_usage(there).free
    if free < needed:
        raise StudioError(
            f"The checkpoints of this run take up to {needed / 1e6:,.1f} MB, and {parent} has {free / 1e6:,.1f} MB "
            "free; free some there, or choose another folder for the run."
        )

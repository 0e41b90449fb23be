"""A new run that begins where another one stood, with its ancestry written down."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from resnet_studio.runs.checkpoints import Index, write_index
from resnet_studio.runs.failure import with_changes
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.errors import NotWrittenError
from resnet_studio.spec.experiment import with_values
from resnet_studio.training.checkpoint import checkpoint_bytes
from resnet_studio.training.checkpoint_folder import write_folder
from resnet_studio.training.checkpoint_state import read_position


def branch(
    run: RunFolder,
    which: str,
    parent: Path,
    *,
    epochs: int | None = None,
    changes: Mapping[str, Any] | None = None,
) -> RunFolder:
    """Make a run that goes on from any kept checkpoint of another, which stays as it is; `resume` trains it.

    Its environment.json says under `parent` what it comes from: the folder `run`, the name `checkpoint`, the `step`,
    and where that run is a branch itself, its own `parent`. The best checkpoint so far comes along where it is kept, so
    that a worse end isn't taken for the best.

    Args:
        run: where the checkpoint is.
        which: the checkpoint, see `RunFolder.checkpoint`.
        parent: the folder in which the new one is made.
        epochs: another number of epochs in all.
        changes: values by dotted path that are other from here on, see `with_changes`.

    Raises:
        FieldError: a value that is not taken, or that can't change in the middle of a run.
        DamagedError: the checkpoint is not as it was written.
        StudioError: there is no such checkpoint, or the folder can't be written; nothing of the branch stays behind.
    """
    kept, index = run.checkpoint(which), run.checkpoints()
    position = read_position(run.checkpoints_path / kept.name)
    best, best_ema = (
        index.find(each.checkpoint) if each is not None else None for each in (position.best, position.best_ema)
    )
    taken = {each.step: each for each in (best, best_ema, kept) if each is not None}
    # read before anything is made, and not looked at again: a parent that is being trained lets old ones go
    contents = {each.name: checkpoint_bytes(run.checkpoints_path / each.name) for each in taken.values()}
    experiment = with_changes(run.experiment(), changes or {})
    if epochs is not None:
        experiment = with_values(experiment, {"training.epochs": epochs})
    known = run.environment()
    earlier = {"parent": known["parent"]} if "parent" in known else {}
    origin = {"run": str(run.path.resolve()), "checkpoint": kept.name, "step": kept.step, **earlier}
    new = RunFolder.create(parent, experiment)
    try:
        new.write_environment(known | {"parent": origin})
        for name, files in contents.items():
            write_folder(new.checkpoints_path / name, files)
        write_index(
            new.checkpoints_path,
            Index(
                best=best.name if best else None,
                best_ema=best_ema.name if best_ema else None,
                last=kept.name,
                checkpoints=tuple(taken[step] for step in sorted(taken)),
            ),
        )
    except OSError as error:
        shutil.rmtree(new.path, ignore_errors=True)
        raise NotWrittenError(new.path, error) from None
    except NotWrittenError:
        shutil.rmtree(new.path, ignore_errors=True)
        raise
    return new

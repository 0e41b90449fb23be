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
from resnet_studio.training.checkpoint import check_checkpoint, read_position


def branch(
    run: RunFolder,
    which: str,
    parent: Path,
    *,
    epochs: int | None = None,
    changes: Mapping[str, Any] | None = None,
) -> RunFolder:
    """Make a run that goes on from any kept checkpoint of another, which stays as it is; `resume` trains it.

    Its environment.json says under `parent` what it comes from: the folder `run`, the name `checkpoint`, and the
    `step`. The best checkpoint so far comes along where it is kept, so that a worse end isn't taken for the best.

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
    check_checkpoint(run.checkpoints_path / kept.name)
    position = read_position(run.checkpoints_path / kept.name)
    best, best_ema = (
        index.find(each.checkpoint) if each is not None else None for each in (position.best, position.best_ema)
    )
    taken = {each.step: each for each in (best, best_ema, kept) if each is not None}
    experiment = with_changes(run.experiment(), changes or {})
    if epochs is not None:
        experiment = with_values(experiment, {"training.epochs": epochs})
    origin = {"run": str(run.path.resolve()), "checkpoint": kept.name, "step": kept.step}
    new = RunFolder.create(parent, experiment)
    try:
        new.write_environment(run.environment() | {"parent": origin})
        for each in taken.values():
            shutil.copytree(run.checkpoints_path / each.name, new.checkpoints_path / each.name)
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

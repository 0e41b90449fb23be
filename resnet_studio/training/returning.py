"""Coming back to a run: what it stood at, and what may have changed since."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from resnet_studio.data.images import ImageSet
from resnet_studio.runs.checkpoints import Checkpoint, DamagedIndexError, Index, write_index
from resnet_studio.runs.events import CheckpointSaved
from resnet_studio.runs.failure import with_changes
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.history import History
from resnet_studio.spec.errors import NotWrittenError, StudioError
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.training.checkpoint import check_checkpoint
from resnet_studio.training.checkpoint_folder import bring_back
from resnet_studio.training.checkpoint_state import EMA, DamagedError, Position, read_position, read_state
from resnet_studio.training.environment import taken
from resnet_studio.training.trainer import Trainer


def going_on(
    experiment: ExperimentSpec,
    history: History,
    folder: RunFolder,
    *,
    epochs: int | None = None,
    changes: Mapping[str, Any] | None = None,
) -> ExperimentSpec:
    """Return the experiment with which a run goes on.

    Args:
        experiment: of the run.
        history: of the run.
        folder: of the run.
        epochs: another number of epochs in all.
        changes: values by dotted path that are other from here on, see `with_changes`.

    Raises:
        FieldError: a value that is not taken, or that can't change in the middle of a run.
        StudioError: the run is finished, and nothing is left to be done.
    """
    wanted = with_changes(experiment, changes or {})
    if epochs is not None:
        wanted = with_values(wanted, {"training.epochs": epochs})
    if history.ended is None or history.ended.reason != "finished":
        return wanted
    done, patience, best = len(history.epochs), wanted.training.early_stop_patience, history.best
    if wanted.training.epochs <= done:
        raise StudioError(f"{folder.path} is finished after {done} epochs; give --epochs more than that to go on.")
    if patience is not None and best is not None and done - best.epoch >= patience:
        raise StudioError(
            f"{folder.path} has ended after {done} epochs, the last {patience} of them without a better validation "
            "accuracy; give --set training.early_stop_patience=N more than that, or null, to go on."
        )
    return wanted


def refuse_other_images(folder: RunFolder, images: ImageSet) -> None:
    """Check that the images are those that the run was trained on, and taken as they were.

    Raises:
        StudioError: they are not.
    """
    data = folder.environment().get("data", {})
    known = data.get("fingerprint", images.fingerprint)
    if known != images.fingerprint:
        raise StudioError(
            f"The images of {images.title} are not those that {folder.path} was trained on (their fingerprint was "
            f"{known[:12]} and is {images.fingerprint[:12]}); bring those back, or start a new run."
        )
    now, then = taken(images), data.get("taken", {})
    field = next((each for each in now if then.get(each, now[each]) != now[each]), None)
    if field is not None:
        raise StudioError(
            f"data.{field} is {json.dumps(now[field])} in {folder.path / 'experiment.json'}, and was "
            f"{json.dumps(then[field])} when the run began; set it back, or start a new run."
        )


def restore(trainer: Trainer, folder: RunFolder) -> list[str]:
    """Stand where the newest whole checkpoint was written, and return what there is to say about others."""
    index, notices = _index(folder)
    for checkpoint in reversed(index.checkpoints):
        try:
            trainer.restore(folder.checkpoints_path / checkpoint.name)
        except DamagedError as error:
            notices.append(f"{error} The one before it is used.")
        else:
            return notices
    if notices:
        notices[-1] = f"{notices[-1].removesuffix(' The one before it is used.')} The run begins anew."
    return notices


def _index(folder: RunFolder) -> tuple[Index, list[str]]:
    """Return the index of the checkpoints, made from themselves where the file is damaged or gone, and what to say."""
    try:
        bring_back(folder.checkpoints_path)
    except OSError as error:
        raise NotWrittenError(folder.checkpoints_path, error) from None
    try:
        index = folder.checkpoints()
        damage = f"{folder.checkpoints_path / 'index.json'} is not there."
    except DamagedIndexError as error:
        index, damage = Index(), str(error)
    else:
        if index.checkpoints:
            return index, []
    index, there = _found_index(folder.checkpoints_path), (folder.checkpoints_path / "index.json").exists()
    if not index.checkpoints and not there:
        return index, []
    write_index(folder.checkpoints_path, index)
    return index, [f"{damage} It was made anew from the checkpoints."]


def untold(trainer: Trainer, folder: RunFolder, history: History) -> Iterator[CheckpointSaved]:
    """Give the event of the checkpoint that the run goes on from, where the process died before it told of it."""
    index = folder.checkpoints()
    there = index.find(str(trainer.step))
    if there is not None and all(each.step != there.step for each in history.checkpoints):
        yield CheckpointSaved(step=there.step, checkpoint=there.name, epoch=there.epoch, best=index.best)


def _found_index(folder: Path) -> Index:
    """Return the index of the checkpoints that lie in a folder, made anew from themselves; damaged ones are left out.

    Those of an older studio don't say what validation said of each, but which is the best.
    """
    found: dict[int, tuple[Checkpoint, Position]] = {}
    for path in folder.glob("step-*"):
        try:
            position, files = read_position(path), check_checkpoint(path)
        except DamagedError:
            continue
        entry = {"step": position.step, "epoch": position.epoch, "has_ema": EMA in files} | read_state(path).get(
            "entry", {}
        )
        found[position.step] = Checkpoint.model_validate(entry), position
    if not found:
        return Index()
    kept = tuple(found[step][0] for step in sorted(found))
    newest = found[kept[-1].step][1]
    names = {each.name for each in kept}
    best, best_ema = (
        each.checkpoint if each is not None and each.checkpoint in names else None
        for each in (newest.best, newest.best_ema)
    )
    return Index(best=best, best_ema=best_ema, last=kept[-1].name, checkpoints=kept)

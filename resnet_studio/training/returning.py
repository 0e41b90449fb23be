"""Coming back to a run: what it stood at, and what may have changed since."""

from collections.abc import Iterator

from resnet_studio.data.images import ImageSet
from resnet_studio.runs.checkpoints import DamagedIndexError, Index, write_index
from resnet_studio.runs.events import CheckpointSaved
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.history import History
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.training.checkpoint import DamagedError, found_index
from resnet_studio.training.trainer import Trainer


def prolonged(experiment: ExperimentSpec, history: History, epochs: int | None, folder: RunFolder) -> ExperimentSpec:
    """Return the experiment with another number of epochs, where one is given.

    Raises:
        StudioError: the run is finished, and no more epochs are wanted.
    """
    finished = history.ended is not None and history.ended.reason == "finished"
    done = len(history.epochs)
    if finished and (epochs is None or epochs <= done):
        raise StudioError(f"{folder.path} is finished after {done} epochs; give --epochs more than that to go on.")
    return experiment if epochs is None else with_values(experiment, {"training.epochs": epochs})


def refuse_other_images(folder: RunFolder, images: ImageSet) -> None:
    """Check that the images are those that the run was trained on.

    Raises:
        StudioError: they are not.
    """
    known = folder.environment().get("data", {}).get("fingerprint", images.fingerprint)
    if known != images.fingerprint:
        raise StudioError(
            f"The images of {images.title} are not those that {folder.path} was trained on (their fingerprint was "
            f"{known[:12]} and is {images.fingerprint[:12]}); bring those back, or start a new run."
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
    """Return the index of the checkpoints, made anew from themselves where the file is damaged, and what to say."""
    try:
        return folder.checkpoints(), []
    except DamagedIndexError as error:
        index = found_index(folder.checkpoints_path)
        write_index(folder.checkpoints_path, index)
        return index, [f"{error} It was made anew from the checkpoints."]


def untold(trainer: Trainer, folder: RunFolder, history: History) -> Iterator[CheckpointSaved]:
    """Give the event of the checkpoint that the run goes on from, where the process died before it told of it."""
    index = folder.checkpoints()
    there = index.find(str(trainer.step))
    if there is not None and all(each.step != there.step for each in history.checkpoints):
        yield CheckpointSaved(step=there.step, checkpoint=there.name, epoch=there.epoch, best=index.best)

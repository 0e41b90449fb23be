"""`train` and `resume`: a run in a folder, followed to its end."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from resnet_studio.cli import options
from resnet_studio.cli.follow import Follower, following
from resnet_studio.cli.forecasting import tell_forecast, tell_measured, tell_why_no_gpu
from resnet_studio.cli.outcome import DONE, WrongUsageError
from resnet_studio.cli.signals import Stopped, continuing, stopping
from resnet_studio.cli.wanted import Wanted, changed, changes_of, input_shape, number, wanted
from resnet_studio.data.watch import LoadingStoppedError
from resnet_studio.runs.events import Event, RunEnded
from resnet_studio.runs.failure import CHANGEABLE, TrainingFailedError, resume_command, with_changes
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.history import fold
from resnet_studio.spec.errors import FieldError, StudioError
from resnet_studio.spec.home import runs_folder

if TYPE_CHECKING:
    from resnet_studio.data.images import ImageSet
    from resnet_studio.spec.experiment import ExperimentSpec
    from resnet_studio.training.control import Control

Experiment = Annotated[
    str,
    typer.Argument(metavar="NETWORK or EXPERIMENT", help="A preset, or the JSON file of a network or an experiment."),
]
Output = Annotated[
    Path | None, typer.Option("--output", metavar="DIR", help="Where the run's folder is made; else the studio's own.")
]
Run = Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run.")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help=f"What is other from here on: {', '.join(CHANGEABLE)}."),
]
MoreEpochs = Annotated[
    str | None, typer.Option("--epochs", metavar="N", help="Epochs in all, where they are to be more or fewer.")
]


From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="CHECKPOINT",
        help="Leave the run as it is, and go on in a new one from step-N, best or last.",
    ),
]
BranchOutput = Annotated[
    Path | None, typer.Option("--output", metavar="DIR", help="Where that new run is made; else beside the old one.")
]


def train(
    experiment: Experiment,
    data: options.Data = None,
    data_root: options.DataRoot = None,
    shape: options.InputShape = None,
    epochs: options.Epochs = None,
    batch_size: options.BatchSize = None,
    lr: options.LearningRate = None,
    device: options.Device = None,
    precision: options.Precision = None,
    seed: options.Seed = None,
    sets: options.Sets = None,
    output: Output = None,
    as_json: options.Json = False,
) -> int:
    """Train a network on images; the run's folder is printed last.

    What counts, weakest first: the recipe, the file, --set, the other options.
    """
    flags = {
        "data.source": data,
        "data.root": data_root and str(data_root),
        "network.input_shape": input_shape(shape),
        "training.epochs": number(epochs),
        "training.batch_size": number(batch_size),
        "training.learning_rate": number(lr),
        "training.device": device,
        "training.precision": precision,
        "training.seed": number(seed),
    }
    asked = wanted(experiment, sets or [], flags)
    from resnet_studio.training.control import Control
    from resnet_studio.training.loop import train as events_of
    from resnet_studio.training.room import refuse_little_room

    control, folder = Control(), None
    try:
        with (
            stopping(control.stop) as stopped,
            continuing(control.pause),
            following(asked.experiment.training.epochs, as_json=as_json) as show,
        ):
            resolved, images = _prepared(asked, show, control)
            tell_why_no_gpu(asked.experiment.training.device, resolved.training.device)
            if not tell_forecast(resolved, images, control.stop.is_set):
                return stopped.exit_code
            refuse_little_room(resolved, output or runs_folder())
            folder = RunFolder.create(output or runs_folder(), resolved)
            ended = _last(events_of(resolved, folder, control, images=images), show)
            tell_measured(folder)
    except LoadingStoppedError:
        return stopped.exit_code
    except StudioError as error:
        if folder is not None and not as_json:
            print(folder.path)
        raise _with_command(error, folder) from None
    _tell(folder, as_json=as_json)
    return _exit_code(ended, stopped)


def resume(
    run: Run,
    epochs: MoreEpochs = None,
    sets: Changes = None,
    checkpoint: From = None,
    output: BranchOutput = None,
    as_json: options.Json = False,
) -> int:
    """Go on with a run exactly where it stopped; its folder is printed last."""
    if output is not None and checkpoint is None:
        raise WrongUsageError("--output is where a new run is made; give --from, or leave it out.")
    folder = RunFolder.open(run)
    changes = changes_of(sets or [], {})
    in_all = _going_on(folder, changes, number(epochs)).training.epochs
    if checkpoint is not None:
        from resnet_studio.training.branch import branch

        # a folder's own name may be "."
        folder = branch(folder, checkpoint, output or run.resolve().parent, epochs=in_all, changes=changes)
        changes = {}
    started = fold(folder.events()).started
    from resnet_studio.training.control import Control
    from resnet_studio.training.loop import resume as events_of

    control = Control()
    try:
        with (
            stopping(control.stop) as stopped,
            continuing(control.pause),
            following(in_all, as_json=as_json, started=started) as show,
        ):
            ended = _last(
                events_of(
                    folder,
                    control,
                    epochs=None if epochs is None else in_all,
                    changes=changes,
                    progress=show.loading,
                ),
                show,
            )
    except LoadingStoppedError:
        return stopped.exit_code
    except StudioError as error:
        raise _with_command(error, folder) from None
    _tell(folder, as_json=as_json)
    return _exit_code(ended, stopped)


def _going_on(folder: RunFolder, changes: dict[str, Any], epochs: int | float | str | None) -> "ExperimentSpec":
    """Return the experiment with which a run is asked to go on.

    Raises:
        WrongUsageError: a value that is not taken, or that can't change in the middle of a run.
    """
    experiment = changed(folder.experiment(), changes_of([], {"training.epochs": epochs}))
    try:
        return with_changes(experiment, changes)
    except FieldError as error:
        raise WrongUsageError(str(error)) from None


def _with_command(error: StudioError, folder: RunFolder | None) -> StudioError:
    """Return an error with the command that mends it, where there is one."""
    if folder is None or not isinstance(error, TrainingFailedError) or not error.mend:
        return error
    return StudioError(f"{str(error).rstrip('.')}: {resume_command(folder.path, error.mend)}")


def _prepared(asked: Wanted, show: Follower, control: "Control") -> "tuple[ExperimentSpec, ImageSet]":
    """Return the experiment with everything resolved, and its images.

    Raises:
        WrongUsageError: the data has another number of classes than was asked for.
    """
    from resnet_studio.training.prepare import prepare

    network = asked.experiment.network
    resolved, images = prepare(
        asked.experiment,
        fit_network=asked.fits_data,
        input_shape=network.input_shape if asked.shape_is_given else None,
        progress=show.loading,
        should_stop=control.stop.is_set,
    )
    if asked.classes_are_given and resolved.network.num_classes != network.num_classes:
        raise WrongUsageError(
            f"network.num_classes: {network.num_classes} was asked for, but {images.title} has {images.num_classes} "
            "classes; leave it out."
        )
    return resolved, images


def _last(events: Iterator[Event], show: Follower) -> Event | None:
    """Show all events as they come and return the last one."""
    event = None
    for event in events:
        show.event(event)
    return event


def _tell(folder: RunFolder, *, as_json: bool) -> None:
    """Print the run's folder; standard output is for the events alone where they are JSON."""
    print(folder.path, file=sys.stderr if as_json else sys.stdout)


def _exit_code(ended: Event | None, stopped: Stopped) -> int:
    """Return 0 for a run that came to its end, or was stopped from its folder; else what the signal says."""
    by_signal = isinstance(ended, RunEnded) and ended.reason == "stopped"
    return stopped.exit_code if by_signal else DONE

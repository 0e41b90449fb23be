"""What the trainer's thread runs: the same generator that the command line prints, and the folder it writes.

One thread for the life of the program trains, evaluates and exports: CUDA graphs and compilers are not safe in two.
Everything here runs in that thread and knows nothing of Qt.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resnet_studio.data.images import ImageSet
from resnet_studio.gui.run_state import Origin, origin_of
from resnet_studio.gui.worker import Job
from resnet_studio.runs.events import Event
from resnet_studio.runs.failure import with_changes
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.training.branch import branch
from resnet_studio.training.control import Control
from resnet_studio.training.forecast import Forecast, forecast
from resnet_studio.training.loop import resume, train
from resnet_studio.training.prepare import prepare
from resnet_studio.training.rate_finder import Advice, RatePoint, advise, find_rate
from resnet_studio.training.room import refuse_little_room


def probe(experiment: ExperimentSpec, images: ImageSet, job: Job) -> Iterator[Forecast]:
    """Yield what a run would take, unless nobody wants to know any more."""
    resolved, ready = prepare(experiment, images=images, should_stop=job.stale)
    found = forecast(resolved, ready, job.stale)
    if found is not None:
        yield found


def rates(experiment: ExperimentSpec, images: ImageSet | None, job: Job) -> Iterator[RatePoint | Advice]:
    """Yield the points of the finder of a learning rate, and what they speak for; load images that are not given."""
    resolved, ready = prepare(experiment, images=images, should_stop=job.stale)
    points = []
    for point in find_rate(resolved, ready, job.stale):
        points.append(point)
        yield point
    yield advise(points)


@dataclass(frozen=True)
class RunMade:
    """The run's folder stands, with the experiment as it was resolved."""

    folder: Path
    experiment: ExperimentSpec
    origin: Origin | None = None


def new_run(
    experiment: ExperimentSpec, parent: Path, images: ImageSet | None, control: Control, job: Job
) -> Iterator[Any]:
    """Prepare and train in a new folder below `parent`; yield progress, the folder made, and events."""
    resolved, ready = prepare(experiment, images=images, progress=job.post, should_stop=control.stop.is_set)
    refuse_little_room(resolved, parent)
    folder = RunFolder.create(parent, resolved)
    yield RunMade(folder.path, resolved)
    yield from _where_it_is(train(resolved, folder, control, images=ready), folder, resolved)


def resumed_run(
    path: Path, epochs: int | None, changes: Mapping[str, Any], control: Control, job: Job
) -> Iterator[Any]:
    """Go on with the run in a folder, with some changes; yield progress and events."""
    folder = RunFolder.open(path)
    experiment = with_changes(folder.experiment(), changes)
    if epochs is not None:
        experiment = with_values(experiment, {"training.epochs": epochs})
    yield RunMade(path, experiment, origin_of(folder.environment()))
    events = resume(folder, control, epochs=epochs, changes=changes, progress=job.post)
    yield from _where_it_is(events, folder, experiment)


def branched_run(
    path: Path, checkpoint: str, parent: Path, epochs: int, changes: Mapping[str, Any], control: Control, job: Job
) -> Iterator[Any]:
    """Go on from a checkpoint of the run in a folder in a new one below `parent`; yield as `resumed_run`."""
    new = branch(RunFolder.open(path), checkpoint, parent, epochs=epochs, changes=changes)
    yield from resumed_run(new.path, None, {}, control, job)


def _where_it_is(events: Iterator[Event], folder: RunFolder, experiment: ExperimentSpec) -> Iterator[Any]:
    """Pass events on, and say where the folder is whenever it had to be made anew elsewhere."""
    path = folder.path
    for event in events:
        yield event
        if folder.path != path:
            path = folder.path
            yield RunMade(path, experiment, origin_of(folder.environment()))

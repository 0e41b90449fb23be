"""What a run shows while it goes on: events as JSON, a progress bar on a terminal, plain lines elsewhere."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Protocol

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from resnet_studio.cli.loading import LoadingBar, loading
from resnet_studio.cli.output import emit, terminal
from resnet_studio.cli.signals import how_to_continue
from resnet_studio.runs.events import (
    CheckpointSaved,
    EpochDone,
    Evaluated,
    Event,
    LrChanged,
    Notice,
    Paused,
    Resumed,
    RunEnded,
    RunStarted,
    Step,
    to_json,
)


class Follower(Protocol):
    """Shows what happens."""

    loading: LoadingBar
    """What shows how far the loading of the data is."""

    def event(self, event: Event) -> None:
        """Show something that happened."""


@contextmanager
def following(epochs: int, *, as_json: bool, started: RunStarted | None = None) -> Iterator[Follower]:
    """Give the follower that suits standard output.

    Args:
        epochs: epochs in all.
        as_json: events are printed as JSON.
        started: how a run began that is resumed.
    """
    with loading() as bar:
        if as_json:
            yield Json(bar)
        elif terminal().is_terminal:
            with closing(Screen(bar, epochs, started)) as screen:
                yield screen
        else:
            yield Lines(bar, epochs)


class Json:
    """One line of JSON an event."""

    def __init__(self, loading: LoadingBar) -> None:
        self.loading = loading

    def event(self, event: Event) -> None:
        """Print the event."""
        self.loading.remove()
        emit(to_json(event))


class Lines:
    """A line for what a reader of a log wants to know."""

    def __init__(self, loading: LoadingBar, epochs: int) -> None:
        self.loading, self._epochs = loading, epochs

    def event(self, event: Event) -> None:
        """Print the line of the event, if it has one."""
        self.loading.remove()
        line = in_words(event, self._epochs)
        if line:
            print(line, flush=True)


class Screen:
    """A bar with the newest figures, and the same lines above it."""

    def __init__(self, loading: LoadingBar, epochs: int, started: RunStarted | None) -> None:
        self.loading, self._epochs = loading, epochs
        self._bar = _bar()
        self._training: TaskID | None = None
        self._steps_per_epoch = started.steps_per_epoch if started else None

    def event(self, event: Event) -> None:
        """Move the bar and print the line of the event, if it has one."""
        # two bars at a time would write over each other
        self.loading.remove()
        if isinstance(event, RunStarted):
            self._steps_per_epoch = event.steps_per_epoch
        if self._training is None and self._steps_per_epoch is not None:
            self._bar.start()
            total = self._epochs * self._steps_per_epoch
            self._training = self._bar.add_task("training", total=total, figures="")
        # that a checkpoint stands is told while training is further on
        if self._training is not None and not isinstance(event, CheckpointSaved):
            self._bar.update(self._training, completed=event.step)
        if isinstance(event, Step) and self._training is not None:
            figures = f"loss {event.loss:.3f}  {100 * event.accuracy:.1f} %  {event.images_per_second:,.0f} images/s"
            self._bar.update(self._training, description=f"epoch {event.epoch}/{self._epochs}", figures=figures)
        line = in_words(event, self._epochs)
        if line:
            self._bar.console.print(line, highlight=False, markup=False)

    def close(self) -> None:
        """Leave the bar as it stands."""
        self._bar.stop()


def in_words(event: Event, epochs: int) -> str | None:
    """Return an event as a line of text; None for those that are too many or too small for one."""
    match event:
        case RunStarted():
            steps = f"{event.steps_per_epoch:,} steps an epoch"
            return f"{event.parameters:,} parameters on {event.device} in {event.precision}, {steps}"
        case EpochDone():
            train = f"training loss {event.train_loss:.4f}, accuracy {100 * event.train_accuracy:.2f} %"
            validation = f"validation loss {event.val_loss:.4f}, accuracy {100 * event.val_accuracy:.2f} %"
            if event.ema_val_accuracy is not None:
                validation += f", of the average weights {100 * event.ema_val_accuracy:.2f} %"
            return f"epoch {event.epoch}/{epochs}: {train}; {validation}; {event.seconds:.1f} s"
        case Evaluated():
            return (
                f"{event.split} accuracy {100 * event.accuracy:.2f} % of {event.samples:,} images ({event.checkpoint})"
            )
        case Notice():
            return event.message
        case Resumed():
            return f"going on from step {event.from_step:,}"
        case LrChanged():
            return f"learning rate {event.lr:g} from step {event.step:,} on"
        case Paused():
            if event.message:
                return f"{event.message} {how_to_continue()}"
            return f"paused at step {event.step:,}, everything saved"
        case RunEnded(reason="stopped"):
            return f"{event.message}\nstopped at step {event.step:,}, everything saved; resume goes on".lstrip()
        case _:
            return None


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[figures]}"),
        TimeRemainingColumn(),
        console=terminal(),
    )

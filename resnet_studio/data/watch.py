"""How loading tells how far it is, and how it is stopped."""

from collections.abc import Callable
from dataclasses import dataclass, field

from resnet_studio.spec.errors import StudioError


class LoadingStoppedError(StudioError):
    """Loading was stopped because its caller asked for it; nothing half-done stays but the beginning of a download."""


@dataclass(frozen=True)
class Progress:
    """How far a step of loading is."""

    what: str
    """What is being done, such as `Decoding clothing`."""
    done: int
    """How much of it is done: images, or bytes of a file."""
    total: int | None
    """How much there is; None: not known."""
    rate: float | None = field(default=None, compare=False)
    """How much is done in a second; None: not known."""
    in_bytes: bool = field(default=False, compare=False)
    """Whether it is bytes that are counted."""

    @property
    def seconds_left(self) -> float | None:
        """How long it will still take at this rate; None: not known."""
        return (self.total - self.done) / self.rate if self.total is not None and self.rate else None


@dataclass(frozen=True)
class Watch:
    """Both wishes of the caller of a long step in one hand: to be told, and to be able to stop it.

    They are called in the thread that loads.
    """

    progress: Callable[[Progress], None] | None = None
    should_stop: Callable[[], bool] | None = None

    def __call__(
        self, what: str, done: int, total: int | None, rate: float | None = None, *, in_bytes: bool = False
    ) -> None:
        """Report how far a step is.

        Raises:
            LoadingStoppedError: the caller wants it to stop.
        """
        self.ask(what)
        if self.progress is not None:
            self.progress(Progress(what, done, total, rate, in_bytes))

    def ask(self, what: str) -> None:
        """Ask whether to stop.

        Raises:
            LoadingStoppedError: the caller wants it to stop.
        """
        if self.should_stop is not None and self.should_stop():
            raise LoadingStoppedError(f"{what} was stopped.")

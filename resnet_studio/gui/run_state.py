"""Where a run stands, and where it stands after one more of the things that it yields."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from resnet_studio.spec.experiment import ExperimentSpec

Phase = Literal["preparing", "training", "paused", "stopping", "finished", "stopped", "failed"]

GOING_ON: frozenset[Phase] = frozenset({"preparing", "training", "paused", "stopping"})

_PHASES: dict[str, Phase] = {"finished": "finished", "stopped": "stopped", "failed": "failed"}


@dataclass(frozen=True)
class Origin:
    """The checkpoint from which a run goes on, the run whose it is, and what that one goes on from.

    Attributes:
        checkpoint: its name.
        run: folder of the run whose it is.
        step: at which it was saved.
        earlier: what that run goes on from itself.
    """

    checkpoint: str
    run: Path
    step: int
    earlier: "Origin | None" = None

    @property
    def sentence(self) -> str:
        """All that it goes on from, in words."""
        words, origin = f"Goes on from {self.checkpoint} of {self.run.name}", self.earlier
        while origin is not None:
            words, origin = f"{words}, which goes on from {origin.checkpoint} of {origin.run.name}", origin.earlier
        return f"{words}."


@dataclass(frozen=True)
class RunState:
    """Where the current run stands.

    Attributes:
        phase: what it does.
        experiment: everything wanted; resolved once the folder stands.
        folder: where it is kept; None before it is made.
        device: where it trains; empty before it has said so.
        message: why it failed, was stopped or waits for its disk.
        origin: what it goes on from, where that is another run's checkpoint.
    """

    phase: Phase
    experiment: ExperimentSpec
    folder: Path | None = None
    device: str = ""
    message: str = ""
    origin: "Origin | None" = None


def after(state: RunState, item: Any) -> RunState:
    """Return where a run stands after one of the things that it yields."""
    from resnet_studio.gui.trainer_thread import RunMade
    from resnet_studio.runs.events import Paused, Resumed, RunEnded, RunStarted, Step

    if isinstance(item, RunMade):
        return replace(state, folder=item.folder, experiment=item.experiment, origin=item.origin)
    if isinstance(item, RunStarted):
        return replace(state, device=item.device, phase="training")
    if isinstance(item, Paused):
        return replace(state, phase="paused", message=item.message)
    if isinstance(item, Resumed) and state.phase == "paused":
        return replace(state, phase="training", message="")
    if isinstance(item, Step) and state.phase in {"paused", "preparing"}:
        return replace(state, phase="training", message="")
    if isinstance(item, RunEnded):
        return replace(state, phase=_PHASES.get(item.reason, "stopped"), message=item.message)
    return state


def origin_of(environment: dict[str, Any]) -> Origin | None:
    """Return what a run goes on from, out of its environment.json; None where it began by itself."""
    parent = environment.get("parent")
    if not parent:
        return None
    return Origin(str(parent["checkpoint"]), Path(parent["run"]), int(parent["step"]), origin_of(parent))

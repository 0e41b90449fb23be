"""The state.json of a checkpoint: where its run stood, and the sha256 of all that lies beside it and of itself."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from resnet_studio.runs.checkpoints import Checkpoint
from resnet_studio.runs.history import rank
from resnet_studio.spec.errors import StudioError

FORMAT, VERSION = "resnet-studio/checkpoint", 1
MODEL, OPTIMIZER, EMA, STATE = "model.safetensors", "optimizer.safetensors", "ema.safetensors", "state.json"


class DamagedError(StudioError):
    """A checkpoint that is not what was written; the one before it may be."""


@dataclass(frozen=True)
class Best:
    """The best epoch so far, see `rank`; of equals the first."""

    epoch: int
    step: int
    val_accuracy: float
    val_loss: float

    @property
    def rank(self) -> tuple[float, float]:
        """Greater is better."""
        return rank(self.val_accuracy, self.val_loss)

    @property
    def checkpoint(self) -> str:
        """Name of the checkpoint at its end."""
        return f"step-{self.step}"


@dataclass(frozen=True)
class Position:
    """Where a run stands.

    Attributes:
        step: steps that the optimiser has done.
        epoch: epochs that are whole, validation included.
        step_in_epoch: steps done of the epoch after those; all of them while only its validation is missing.
        metrics: sums of the training figures, see `Metrics.state`.
        best: the best epoch so far.
        best_ema: the one after which the average of the weights was best.
        scaler: see `Scaler.state`.
    """

    step: int = 0
    epoch: int = 0
    step_in_epoch: int = 0
    metrics: dict[str, Any] = field(default_factory=dict)
    best: Best | None = None
    best_ema: Best | None = None
    scaler: dict[str, Any] = field(default_factory=dict)


_POSITION = TypeAdapter(Position)


def state_file(position: Position, kept: Checkpoint, sha256: Mapping[str, str]) -> bytes:
    """Return the content of a checkpoint's state.json.

    Args:
        position: where the run stands.
        kept: the checkpoint's entry in the index.
        sha256: of its other files, by name.
    """
    state = {
        "format": FORMAT,
        "version": VERSION,
        **_POSITION.dump_python(position, mode="json"),
        "entry": kept.model_dump(mode="json"),
        "sha256": dict(sha256),
    }
    return (json.dumps(state | {"seal": _seal(state)}, indent=2, allow_nan=False) + "\n").encode()


def read_state(folder: Path) -> dict[str, Any]:
    """Return what the state.json of a checkpoint says.

    Raises:
        DamagedError: it can't be read, or is not what was written.
        StudioError: it is of a newer studio.
    """
    path = folder / STATE
    state: Any
    try:
        state = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no JSON"
        raise DamagedError(f"{path} can't be read: {reason}.") from None
    hashes = state.get("sha256") if isinstance(state, dict) and state.get("format") == FORMAT else None
    version = state.get("version") if isinstance(state, dict) else None
    if not isinstance(hashes, dict) or not {MODEL, OPTIMIZER} <= hashes.keys() or not isinstance(version, int):
        raise DamagedError(f"{path} is no state of a run.")
    if version > VERSION:
        raise StudioError(f"{path} was written by a newer studio (version {version}); update ResNet Studio.")
    # older ones have none
    if state.get("seal", _seal(state)) != _seal(state):
        raise DamagedError(f"{path} is damaged: it is not what was written.")
    return dict(state)


def read_position(folder: Path) -> Position:
    """Return where a run stood when a checkpoint was made.

    Raises:
        DamagedError: its state.json is.
    """
    others = {"format", "version", "entry", "sha256", "seal"}
    fields = {key: value for key, value in read_state(folder).items() if key not in others}
    try:
        return _POSITION.validate_python(fields)
    except ValidationError:
        raise DamagedError(f"{folder / STATE} is no state of a run.") from None


def model_sha256(folder: Path, name: str = MODEL) -> str:
    """Return the sha256 of a checkpoint's weights, as it was written down.

    Args:
        folder: the checkpoint.
        name: which of its files.

    Raises:
        DamagedError: its state.json is.
    """
    return str(read_state(folder)["sha256"][name])


def _seal(state: Mapping[str, Any]) -> str:
    """Return the sha256 of a state without its seal."""
    rest = {key: value for key, value in state.items() if key != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()

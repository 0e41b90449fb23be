"""Checkpoints: everything that a run needs to go on as if nothing had happened.

A folder `step-N` holds the tensors as safetensors and the rest as JSON, with the sha256 of all tensor files and its
own; no pickle. It is written beside its place, read back and moved there in one go, so that a folder of that name is
whole.

Random states are not among it, because there are none: the order of the images, their augmentation and what dropout
drops are drawn from the seed and the number of the epoch or step.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn
from torch.optim import Optimizer

from resnet_studio.runs.checkpoints import Checkpoint, Index, read_index, write_index
from resnet_studio.spec.errors import NotWrittenError, StudioError
from resnet_studio.training.checkpoint_folder import remove_others, write_folder
from resnet_studio.training.checkpoint_state import (
    MODEL,
    OPTIMIZER,
    STATE,
    DamagedError,
    Position,
    read_position,
    read_state,
    state_file,
)
from resnet_studio.training.snapshot import restore_moments

_DISK_WORDS = ("No space left", "Disk quota", "I/O error", "file write failed", "inline_container", "Read-only")
"""What torch and safetensors say where a file can't be written."""


class UnboundedError(StudioError):
    """A checkpoint that was not written, as a number in it is not finite.

    Attributes:
        key: name of the first tensor that is not.
        step: of the checkpoint.
    """

    def __init__(self, key: str, step: int) -> None:
        super().__init__(f"{key} is not finite after step {step}, so no checkpoint was written.")
        self.key, self.step = key, step


@dataclass(frozen=True)
class Snapshot:
    """A run as it stood at one moment, in memory of its own.

    Attributes:
        position: where it stood.
        kept: the entry of its checkpoint in the index.
        tensors: by name of their file and by their own name in it, on the host.
        wait: to be called, in any thread, before the tensors are read: until then they may be on their way.
    """

    position: Position
    kept: Checkpoint
    tensors: Mapping[str, Mapping[str, Tensor]]
    wait: Callable[[], None]


def save_checkpoint(
    folder: Path, position: Position, kept: Checkpoint, tensors: Mapping[str, Mapping[str, Tensor]]
) -> Index:
    """Write a checkpoint and put it into the index; the last two and the best are kept.

    Args:
        folder: `checkpoints` of the run, made where there is none.
        position: where the run stands.
        kept: its entry in the index.
        tensors: by name of their file, such as `model.safetensors`, and by their own name in it; on the host and in
            the order of their indices, see `snapshot`.

    Returns:
        The new index.

    Raises:
        NotWrittenError: the disk doesn't take it; the checkpoints before it still stand.
        UnboundedError: a number is not finite; the same.
    """
    for file in tensors.values():
        _refuse_unbounded(file, position.step)
    size = sum(tensor.nbytes for file in tensors.values() for tensor in file.values())
    try:
        return _write(folder, position, kept, tensors)
    except NotWrittenError as error:
        error.size = size
        raise
    except OSError as error:
        raise NotWrittenError(folder / kept.name, error, size) from None
    except (RuntimeError, SafetensorError) as error:
        # torch and safetensors have no kind of error of their own for a disk that is full
        if not any(words in str(error) for words in _DISK_WORDS):
            raise
        raise NotWrittenError(folder / kept.name, str(error).partition("\n")[0].rstrip("."), size) from None


def load_model(folder: Path, model: nn.Module, name: str = MODEL) -> None:
    """Load the weights of a checkpoint into a network of the same design.

    Args:
        folder: the checkpoint.
        model: takes the weights.
        name: which of its files.

    Raises:
        DamagedError: the file is missing, or not as it was written.
        StudioError: it is of another design.
    """
    _fill(model, _tensors(folder, name, read_state(folder)), folder / name)


def load_checkpoint(
    folder: Path, model: nn.Module, optimizer: Optimizer
) -> tuple[Position, dict[str, dict[str, Tensor]]]:
    """Load a checkpoint into a network and its optimiser.

    Nothing is changed unless all files are whole.

    Returns:
        Where the run stood, and the tensors of all files that it has, by name of the file.

    Raises:
        DamagedError: a file of it is missing, or not as it was written.
        StudioError: it is of another design.
    """
    tensors, position = check_checkpoint(folder), read_position(folder)
    _fill(model, tensors[MODEL], folder / MODEL)
    restore_moments(tensors[OPTIMIZER], model, optimizer)
    return position, tensors


def check_checkpoint(folder: Path) -> dict[str, dict[str, Tensor]]:
    """Return the tensors of all files that a checkpoint has, by name of the file.

    Raises:
        DamagedError: a file of it is missing, or not as it was written.
    """
    state = read_state(folder)
    return {name: _tensors(folder, name, state) for name in state["sha256"]}


def checkpoint_bytes(folder: Path) -> dict[str, bytes]:
    """Return the content of all files of a checkpoint, by name.

    Raises:
        DamagedError: a file of it is missing, or not as it was written.
    """
    state = read_state(folder)
    files = {name: _content(folder, name, state) for name in state["sha256"]}
    return files | {STATE: (folder / STATE).read_bytes()}


def _refuse_unbounded(tensors: Mapping[str, Tensor], step: int) -> None:
    for key, tensor in tensors.items():
        # numpy, as torch would start a team of threads for this one: then OpenMP has more of them than cores, lets
        # none wait awake any more, and each short operation of training takes twice as long from there on
        if tensor.is_floating_point() and not np.isfinite(tensor.numpy()).all():
            raise UnboundedError(key, step)


def _fill(model: nn.Module, tensors: dict[str, Tensor], path: Path) -> None:
    try:
        model.load_state_dict(tensors, strict=True)
    except RuntimeError as error:
        raise StudioError(f"{path} doesn't fit the network: {_first_fault(error)}.") from None


def _write(folder: Path, position: Position, kept: Checkpoint, tensors: Mapping[str, Mapping[str, Tensor]]) -> Index:
    contents = {name: save(dict(file), {"format": "pt"}) for name, file in tensors.items()}
    sha256 = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    contents[STATE] = state_file(position, kept, sha256)
    write_folder(folder / kept.name, contents)
    best, best_ema = (each.checkpoint if each else None for each in (position.best, position.best_ema))
    index = read_index(folder).with_new(kept, best, best_ema)
    write_index(folder, index)
    remove_others(folder, [each.name for each in index.checkpoints])
    return index


def _content(folder: Path, name: str, state: dict[str, Any]) -> bytes:
    path = folder / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DamagedError(f"{path} can't be read: {error.strerror or error}.") from None
    if hashlib.sha256(content).hexdigest() != state["sha256"][name]:
        raise DamagedError(f"{path} is damaged: its bytes are not those that were written.")
    return content


def _tensors(folder: Path, name: str, state: dict[str, Any]) -> dict[str, Tensor]:
    content = _content(folder, name, state)
    try:
        return load(content)
    except SafetensorError:
        raise DamagedError(f"{folder / name} is no safetensors file.") from None


def _first_fault(error: RuntimeError) -> str:
    """Return the first reason in torch's long list."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[min(1, len(lines) - 1)].rstrip(".")

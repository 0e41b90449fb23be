"""Training loops written by hand, from the one that people write to the one that an expert tunes, change by change."""

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from resnet_studio.bench.train_case import MEAN, RECIPE, STD, Case, read_images
from resnet_studio.bench.train_clock import Clock, no_waiting
from resnet_studio.bench.train_loader import loader
from resnet_studio.model import build
from resnet_studio.training.arithmetic import fast_paths
from resnet_studio.training.heap import kept_memory


@dataclass(frozen=True)
class Ways:
    """What a loop does otherwise than the plain one."""

    is_read_each_step: bool = True
    """The loss of each step is read with `.item()`."""
    is_resident: bool = False
    """The images lie on the device as one tensor, cropped and mirrored in batches, instead of in a DataLoader."""
    is_fused: bool = False
    """The optimiser is torch's fused kernel."""
    channels_last: bool = False
    bf16: bool = False
    fast_paths: bool = False
    """On CUDA, fp32 in TF32 and cuDNN's algorithms timed, as the studio has them; elsewhere nothing."""
    keeps_memory: bool = False
    """The C library keeps freed memory, as the studio lets it."""
    compiled: str = ""
    """Mode of `torch.compile` through which the network goes; empty: it doesn't."""


TUNED, COMPILED = "tuned by hand (+ bf16)", "tuned by hand, compiled"
REDUCED = "tuned by hand, compiled for less overhead"
_ON_CUDA, _ON_THE_HOST = "+ TF32, cuDNN's algorithms timed", "+ freed memory kept"
_CHANGES: dict[str, dict[str, Any]] = {
    "+ losses read at the end": {"is_read_each_step": False},
    "+ images as one tensor": {"is_resident": True},
    "+ fused optimiser": {"is_fused": True},
    "+ channels last": {"channels_last": True},
    _ON_CUDA: {"fast_paths": True},
    # and bf16: all that one usually does
    TUNED: {"bf16": True},
    _ON_THE_HOST: {"keeps_memory": True},
}
_CLIMB = accumulate(_CHANGES.values(), lambda ways, change: replace(ways, **change), initial=Ways())
RUNGS: dict[str, Ways] = dict(zip(_CHANGES, islice(_CLIMB, 1, None), strict=True))
"""The ladder from the plain loop to the studio, one change a rung; see `rungs`."""
_COMPILED = {
    COMPILED: replace(RUNGS[TUNED], compiled="default"),
    # torch.compile's own CUDA graphs, forward and backward apart
    REDUCED: replace(RUNGS[TUNED], compiled="reduce-overhead"),
}
_HAND_MADE = {"plain": Ways()} | _COMPILED | RUNGS


def rungs(device: str) -> tuple[str, ...]:
    """Return the rungs of the ladder that change anything on a device."""
    without = _ON_THE_HOST if device == "cuda" else _ON_CUDA
    return tuple(name for name in RUNGS if name != without)


def hand_made(name: str) -> Ways:
    """Return what the loop of a name does otherwise."""
    return _HAND_MADE[name.partition(", ")[0] if name.startswith("plain") else name]


def by_hand(wanted: Case, path: Path, ways: Ways, workers: int = 0) -> float:
    """Train with a loop written by hand; return images per second.

    Args:
        wanted: network and images.
        path: file of the images.
        ways: how the loop is tuned.
        workers: of the DataLoader, where the images come from one.
    """
    images, labels = read_images(path)
    batches: Iterable[tuple[Tensor, Tensor]]
    if ways.is_resident:
        there = (torch.from_numpy(each).to(wanted.device) for each in (images, labels))
        batches = resident(wanted, *there)
    else:
        batches = loader(wanted, images, labels, workers)
    fast = fast_paths(torch.device(wanted.device)) if ways.fast_paths else nullcontext()
    with fast, kept_memory() if ways.keeps_memory else nullcontext():
        return _trained(wanted, ways, batches)


def _trained(wanted: Case, ways: Ways, batches: Iterable[tuple[Tensor, Tensor]]) -> float:
    device = torch.device(wanted.device)
    model, optimiser = made(wanted, ways)
    run = torch.compile(model, mode=ways.compiled) if ways.compiled else model
    loss_of, losses = nn.CrossEntropyLoss(), []
    clock = Clock(wanted.device, wanted.batch, wanted.warm_up, wanted.steps)
    # torch.compile may wait while it compiles or records
    hot = wanted.device if ways.is_resident and not ways.compiled else "cpu"
    layout = torch.channels_last if ways.channels_last else torch.preserve_format
    for images, labels in batches:
        with no_waiting(hot):
            x = images.to(device, non_blocking=True, memory_format=layout)
            y = labels.to(device, non_blocking=True)
            with torch.autocast(device.type, torch.bfloat16, enabled=ways.bf16):
                loss = loss_of(run(x), y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item() if ways.is_read_each_step else loss.detach())
        if not clock.tick():
            break
    if not torch.tensor(losses).isfinite().all():
        raise RuntimeError("the loss is not finite")
    return clock.rate


def made(wanted: Case, ways: Ways) -> tuple[nn.Module, torch.optim.Optimizer]:
    """Return the network, with the same first weights in every arm, and its optimiser."""
    model = build(wanted.network, device=wanted.device, seed=0).train()
    if ways.channels_last:
        model = model.to(memory_format=torch.channels_last)
    return model, torch.optim.SGD(model.parameters(), fused=ways.is_fused or None, **optimiser_values())


def optimiser_values() -> dict[str, Any]:
    """Return what every arm's SGD is given."""
    return {"lr": RECIPE["learning_rate"]} | {name: RECIPE[name] for name in ("momentum", "nesterov", "weight_decay")}


def resident(wanted: Case, images: Tensor, labels: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the batches of an epoch from images that lie on the device: padded once, cropped and mirrored by a gather.

    Args:
        wanted: batch, size and padding.
        images: uint8 (N, H, W, C).
        labels: int64 (N,).

    Yields:
        Images float32 (n, C, H, W), laid out with the channels last, and labels (n,).
    """
    _, height, width = wanted.shape
    pad, device = wanted.pad, images.device
    padded = nn.functional.pad(images, (0, 0, pad, pad, pad, pad))
    order = torch.randperm(len(images), device=device)
    down, along = torch.arange(height, device=device), torch.arange(width, device=device)
    for first in range(0, len(images) - wanted.batch + 1, wanted.batch):
        chosen = order[first : first + wanted.batch]
        top, left, mirrored = torch.rand(3, wanted.batch, device=device)
        rows = (top * (2 * pad + 1)).long()[:, None] + down
        columns = (
            torch.where(mirrored[:, None] < 0.5, along, width - 1 - along) + (left * (2 * pad + 1)).long()[:, None]
        )
        cropped = padded[chosen[:, None, None], rows[:, :, None], columns[:, None, :]]
        yield cropped.permute(0, 3, 1, 2).float().sub_(255 * MEAN).div_(255 * STD), labels[chosen]

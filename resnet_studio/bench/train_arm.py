"""One arm of `bench train`, in a process of its own: `python -m resnet_studio.bench.train_arm ARM CASE FOLDER`.

Every arm trains the same network from the same first weights on the same images with the same optimiser, batch size
and random changes (a crop from some pixels of padding, a flip), and prints its figures as a JSON object.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from resnet_studio.bench.train_case import Case, case, experiment
from resnet_studio.bench.train_ceiling import matrix_rates
from resnet_studio.bench.train_clock import no_waiting, peak_memory
from resnet_studio.bench.train_frameworks import lightning, missing, timm
from resnet_studio.bench.train_loops import COMPILED, REDUCED, TUNED, by_hand, hand_made, rungs
from resnet_studio.bench.train_watched import watched
from resnet_studio.runs.events import Step
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.experiment import with_values
from resnet_studio.training.arithmetic import fast_paths
from resnet_studio.training.compiling import no_compiler_reason
from resnet_studio.training.control import Control
from resnet_studio.training.device import resolve
from resnet_studio.training.loop import train
from resnet_studio.training.prepare import prepare
from resnet_studio.training.trainer import Trainer

STUDIO, STUDIO_COMPILED = "studio", "studio, compiled"
MATRICES = "matrix products"
WATCHING, WATCHED, UNWATCHED = "watching", "studio, everything kept", "studio, nothing kept"
LIBRARIES: dict[str, Callable[[Case, Path, int], float]] = {"timm": timm, "lightning": lightning}


def plain_workers(wanted: Case) -> tuple[int, ...]:
    """Return the numbers of a DataLoader's workers that the plain loop is measured with."""
    return (0, 2) if wanted.device == "cpu" else (0, min(8, os.cpu_count() or 1))


def library_workers(wanted: Case) -> int:
    """Return how many workers the libraries load with: none where all cores train, as they would only take turns."""
    cores = os.cpu_count() or 1
    return min(8, cores) if wanted.device == "cuda" else 0 if cores <= 2 else 2


def arm_names(wanted: Case) -> list[str]:
    """Return the arms of a case, those left out that can't be measured here."""
    if wanted.pairs:
        return [WATCHING]
    names = [STUDIO, *(f"plain, {count} workers" for count in plain_workers(wanted))]
    # the whole ladder where a step is short
    names += rungs(wanted.device) if wanted.preset == "cifar_resnet20" else [TUNED]
    if wanted.device == "cuda" and no_compiler(wanted) is None:
        names += [STUDIO_COMPILED, COMPILED, REDUCED]
    return [*names, *(name for name in LIBRARIES if missing(name) is None), MATRICES]


def no_compiler(wanted: Case) -> str | None:
    """Return why the network of a case can't be compiled here; None where it can."""
    return no_compiler_reason(resolve(wanted.device))


def figures(arm: str, wanted: Case, folder: Path) -> dict[str, float]:
    """Return what an arm tells: images per second under its name, bytes under the same with "memory" behind it."""
    if arm == MATRICES:
        return {f"{MATRICES}, {name}": rate for name, rate in matrix_rates(wanted.device).items()}
    if arm == WATCHING:
        with _steps_without_waiting(wanted.device):
            return dict(zip((WATCHED, UNWATCHED), watched(wanted, folder / "images.npz"), strict=True))
    told = {arm: _rate(arm, wanted, folder)}
    memory = peak_memory(wanted.device)
    return told if memory is None else told | {f"{arm}, memory": memory}


def _rate(arm: str, wanted: Case, folder: Path) -> float:
    path = folder / "images.npz"
    if arm in LIBRARIES:
        # as timm's train.py does, and who gives Lightning `benchmark=True`
        with fast_paths(torch.device(wanted.device)):
            return LIBRARIES[arm](wanted, path, library_workers(wanted))
    if arm in {STUDIO, STUDIO_COMPILED}:
        return studio(wanted, path, {"training.compile": "on" if arm == STUDIO_COMPILED else "auto"})
    workers = int(arm.split()[1]) if arm.startswith("plain") else 0
    return by_hand(wanted, path, hand_made(arm), workers)


def studio(wanted: Case, path: Path, changes: dict[str, Any] | None = None) -> float:
    """Train with the studio's engine, its events and curves kept, in a run folder beside the images.

    Args:
        wanted: network and images.
        path: file of the images.
        changes: values of the experiment by dotted path that this arm has otherwise.

    Returns:
        Images per second.
    """
    resolved, images = prepare(with_values(experiment(wanted, path), changes or {}))
    run = RunFolder.create(path.parent, resolved)
    with _steps_without_waiting(wanted.device):
        steps = [event for event in train(resolved, run, Control(), images=images) if isinstance(event, Step)]
    first = next(step for step in steps if step.step >= wanted.warm_up)
    return (steps[-1].step - first.step) * wanted.batch / (steps[-1].time - first.time)


@contextmanager
def _steps_without_waiting(device: str) -> Iterator[None]:
    """Let the trainer's steps raise an error where they wait for the GPU."""
    advance = Trainer.advance

    def watched(trainer: Trainer, should_wait: Callable[[], bool]) -> None:
        with no_waiting(device):
            advance(trainer, should_wait)

    Trainer.advance = watched  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Trainer.advance = advance  # type: ignore[method-assign]


if __name__ == "__main__":
    print(json.dumps(figures(sys.argv[1], case(sys.argv[2]), Path(sys.argv[3]))))

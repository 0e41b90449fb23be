"""What watching costs: epochs of a run as it is kept, in turn with epochs of which nothing is told or kept."""

import time
from contextlib import closing
from pathlib import Path

from resnet_studio.bench.report import median
from resnet_studio.bench.train_case import AN_EPOCH, Case, experiment
from resnet_studio.runs.events import EpochDone
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.experiment import with_values
from resnet_studio.training.control import Control
from resnet_studio.training.heap import kept_memory
from resnet_studio.training.loop import train
from resnet_studio.training.prepare import prepare
from resnet_studio.training.resolve import log_every
from resnet_studio.training.trainer import Trainer

_NEVER = 1_000_000


def watched(wanted: Case, path: Path) -> tuple[float, float]:
    """Train two networks in one process, an epoch of the one after an epoch of the other.

    What differs from process to process and from minute to minute counts for both alike: it is several times as much
    as watching costs. The first epoch of each is not timed. Validation is part of an epoch, and so is the writing of
    the checkpoint of the epoch before.

    Args:
        wanted: network, images and the number of pairs.
        path: file of the images.

    Returns:
        Images per second with events, curves (as many points as in an epoch of CIFAR-10) and checkpoints, and without.
    """
    whole = {"training.epochs": 1 + wanted.pairs, "training.log_every": log_every(AN_EPOCH // wanted.batch)}
    kept, images = prepare(with_values(experiment(wanted, path), whole))
    bare = Trainer(with_values(kept, {"training.log_every": _NEVER}), images)
    seconds: tuple[list[float], list[float]] = ([], [])
    run = RunFolder.create(path.parent, kept)
    with kept_memory(), closing(train(kept, run, Control(), images=images)) as events:
        for _ in range(1 + wanted.pairs):
            began = time.perf_counter()
            next(event for event in events if isinstance(event, EpochDone))
            told = time.perf_counter()
            _epoch(bare)
            seconds[0].append(told - began)
            seconds[1].append(time.perf_counter() - told)
    with_all, with_nothing = (wanted.images / median(each[1:]) for each in seconds)
    return with_all, with_nothing


def _epoch(trainer: Trainer) -> None:
    """Train an epoch and validate it."""
    while not trainer.epoch_is_trained:
        trainer.advance(lambda: False)
    trainer.metrics.read()
    validation = trainer.validate(lambda: False)
    if validation is not None:
        trainer.end_epoch(validation)

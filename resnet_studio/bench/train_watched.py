"""What watching costs: epochs of a run as it is kept, in turn with epochs of which nothing is told or kept."""

import time
from collections.abc import Callable
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
    the checkpoint of the epoch before. Which of a pair comes first changes from pair to pair, and what counts is the
    median of the ratios of neighbours: the speed of a machine drifts by more than watching costs.

    Args:
        wanted: network, images and the number of pairs.
        path: file of the images.

    Returns:
        Images per second with events, curves (as many points as in an epoch of CIFAR-10) and checkpoints, and without:
        the median of the latter, and the former at the median ratio to it.
    """
    whole = {"training.epochs": 1 + wanted.pairs, "training.log_every": log_every(AN_EPOCH // wanted.batch)}
    kept, images = prepare(with_values(experiment(wanted, path), whole))
    bare = Trainer(with_values(kept, {"training.log_every": _NEVER}), images)
    run = RunFolder.create(path.parent, kept)
    with kept_memory(), closing(train(kept, run, Control(), images=images)) as events:

        def with_all() -> float:
            return _timed(lambda: next(event for event in events if isinstance(event, EpochDone)))

        def with_nothing() -> float:
            return _timed(lambda: _epoch(bare))

        with_all(), with_nothing()
        pairs: list[tuple[float, float]] = []
        for number in range(wanted.pairs):
            if number % 2:
                pairs.append((with_all(), with_nothing()))
            else:
                without = with_nothing()
                pairs.append((with_all(), without))
    rate = wanted.images / median([without for _, without in pairs])
    return rate * median([without / kept for kept, without in pairs]), rate


def _timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def _epoch(trainer: Trainer) -> None:
    """Train an epoch and validate it."""
    while not trainer.epoch_is_trained:
        trainer.advance(lambda: False)
    trainer.metrics.read()
    validation = trainer.validate(lambda: False)
    if validation is not None:
        trainer.end_epoch(validation)

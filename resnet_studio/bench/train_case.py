"""What `bench train` trains: the networks, their images, and what every arm has in common."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.spec.network import NetworkSpec, adapted
from resnet_studio.spec.presets import preset
from resnet_studio.training.resolve import log_every

CLASSES = 10
MEAN, STD = 0.5, 0.29
"""Of the random images, on a scale from 0 to 1."""
RECIPE: dict[str, Any] = {
    "optimizer": "sgd",
    "learning_rate": 0.1,
    "momentum": 0.9,
    "nesterov": True,
    "weight_decay": 5e-4,
    "decay_norm_and_bias": True,
    "schedule": "constant",
    "gradient_clip": None,
}
"""What every arm's optimiser does: that which all of them can do without code of their own."""
AN_EPOCH = 50_000
"""Images of an epoch of CIFAR-10: of so many, the points of the curves that a run has are counted."""
_CIFAR_STEM = {"kernel_size": 3, "stride": 1, "pool": False}


@dataclass(frozen=True)
class Case:
    """A network on images of a size, on a device."""

    name: str
    what: str
    preset: str
    shape: tuple[int, int, int]
    """Channels, height and width of the images."""
    batch: int
    warm_up: int
    """Steps before the clock starts."""
    steps: int
    """Steps that are timed."""
    device: str = "cpu"
    pad: int = 4
    """Pixels of padding from which images are cropped."""
    rounds: int = 3
    """Runs of each arm."""
    aim: float | None = None
    """Images per second that are wanted of the studio; None: a ratio is."""
    pairs: int = 0
    """Pairs of epochs that are timed where the cost of watching is measured, see `train_watched`; 0: it isn't."""

    @property
    def title(self) -> str:
        """What its table is headed."""
        return f"{self.what}, batches of {self.batch}"

    @property
    def images(self) -> int:
        """Number of images that an arm trains on, each once."""
        return self.batch * (self.warm_up + self.steps)

    @property
    def network(self) -> NetworkSpec:
        """The design."""
        network = preset(self.preset)
        if self.preset == "resnet18" and self.shape[1] == 32:
            network = NetworkSpec.model_validate(network.model_dump() | {"stem": _CIFAR_STEM})
        return adapted(network, self.shape, CLASSES)


CASES = (
    Case("small", "cifar_resnet20 at 1x28x28, CPU", "cifar_resnet20", (1, 28, 28), 128, 4, 16, pad=2),
    Case("large", "resnet18 at 3x96x96, CPU", "resnet18", (3, 96, 96), 64, 2, 5, pad=8),
    # a checkpoint four times as often as with Fashion-MNIST
    Case(
        "watched",
        "the cost of watching, as the first",
        "cifar_resnet20",
        (1, 28, 28),
        128,
        0,
        100,
        pad=2,
        rounds=1,
        pairs=8,
    ),
    Case(
        "gpu small", "cifar_resnet20 at 3x32x32, GPU", "cifar_resnet20", (3, 32, 32), 128, 105, 895, "cuda", aim=150e3
    ),
    Case(
        "gpu middle", "resnet18, CIFAR stem, at 3x32x32, GPU", "resnet18", (3, 32, 32), 512, 40, 200, "cuda", aim=60e3
    ),
    # more steps to warm up than a loader of 8 workers has batches ready by then
    Case("gpu large", "resnet50 at 3x224x224, GPU", "resnet50", (3, 224, 224), 128, 21, 39, "cuda", pad=16),
    # as many steps an epoch as with CIFAR-10
    Case(
        "gpu watched",
        "the cost of watching, cifar_resnet20 at 3x32x32, GPU",
        "cifar_resnet20",
        (3, 32, 32),
        128,
        0,
        390,
        "cuda",
        pairs=10,
    ),
)


def case(name: str) -> Case:
    """Return the case of a name."""
    return next(each for each in CASES if each.name == name)


def write_images(path: Path, wanted: Case) -> None:
    """Write random images in MedMNIST's layout: what is in them makes no difference to the speed."""
    random = np.random.default_rng(0)
    channels, height, width = wanted.shape
    arrays: dict[str, Any] = {}
    for name, count in (("train", wanted.images), ("val", wanted.batch), ("test", wanted.batch)):
        pixels = random.integers(0, 256, (count, height, width, channels), dtype=np.uint8)
        labels = random.integers(0, CLASSES, (count, 1), dtype=np.uint8)
        # every class has images
        labels[:CLASSES, 0] = np.arange(CLASSES)
        arrays |= {f"{name}_images": pixels[..., 0] if channels == 1 else pixels, f"{name}_labels": labels}
    np.savez(path, **arrays)


def read_images(path: Path) -> tuple[Any, Any]:
    """Return the images to train on, uint8 (N, H, W, C), and their classes, int64 (N,)."""
    with np.load(path) as arrays:
        images, labels = arrays["train_images"], arrays["train_labels"]
    return images.reshape(*images.shape[:3], -1), labels[:, 0].astype(np.int64)


def experiment(wanted: Case, path: Path) -> ExperimentSpec:
    """Return a case as the studio trains it: one epoch, all that is `auto` left to it."""
    every = min(wanted.warm_up, 50)
    if wanted.device == "cuda":
        # as often as in a run, as each waits for the GPU; after the first a run changes over to recorded steps: before
        # the clock starts
        every = min(wanted.warm_up // 2, log_every(AN_EPOCH // wanted.batch))
    values = {f"training.{name}": value for name, value in RECIPE.items()} | {
        "network": wanted.network.model_dump(),
        "data.source": str(path),
        "data.mean": (MEAN,) * wanted.shape[0],
        "data.std": (STD,) * wanted.shape[0],
        "data.augment.pad_crop": wanted.pad,
        "data.augment.horizontal_flip": 0.5,
        "training.epochs": 1,
        "training.batch_size": wanted.batch,
        "training.log_every": max(1, every),
        "training.device": wanted.device,
    }
    return with_values(ExperimentSpec(), values)

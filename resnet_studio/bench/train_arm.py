"""One arm of `bench train`, in a process of its own: `python -m resnet_studio.bench.train_arm ARM FOLDER`.

Every arm trains the same network from the same first weights on the same images with the same optimiser, batch size
and augmentation (a crop from 2 pixels of padding, a flip), and prints images per second as its last line.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

BATCH, WARM_UP, STEPS = 128, 8, 32
SHAPE = (28, 28)
IMAGES = BATCH * (WARM_UP + STEPS)
NETWORK = "cifar_resnet20"


def write_images(path: Path) -> None:
    """Write random grey images in MedMNIST's layout: what is in them makes no difference to the speed."""
    random = np.random.default_rng(0)

    def images(count: int) -> tuple[Any, Any]:
        return random.integers(0, 256, (count, *SHAPE), dtype=np.uint8), random.integers(
            0, 10, (count, 1), dtype=np.uint8
        )

    arrays: dict[str, Any] = {}
    for name, count in (("train", IMAGES), ("val", BATCH), ("test", BATCH)):
        pixels, labels = images(count)
        labels[:10, 0] = np.arange(10)
        arrays |= {f"{name}_images": pixels, f"{name}_labels": labels}
    np.savez(path, **arrays)


def studio(folder: Path) -> float:
    """Train with the studio's engine, events and checkpoints on; return images per second."""
    from resnet_studio.runs.events import Step
    from resnet_studio.runs.folder import RunFolder
    from resnet_studio.spec.experiment import ExperimentSpec, with_values
    from resnet_studio.spec.presets import preset
    from resnet_studio.training.control import Control
    from resnet_studio.training.loop import train
    from resnet_studio.training.prepare import prepare

    wanted = {
        "network": preset(NETWORK).model_dump() | {"input_shape": (1, *SHAPE)},
        "data.source": str(folder / "images.npz"),
        "data.augment.pad_crop": 2,
        "data.augment.horizontal_flip": 0.5,
        "training.epochs": 1,
        "training.batch_size": BATCH,
        "training.log_every": WARM_UP,
        "training.device": "cpu",
    }
    experiment, images = prepare(with_values(ExperimentSpec(), wanted))
    run = RunFolder.create(folder, experiment)
    steps = [event for event in train(experiment, run, Control(), images=images) if isinstance(event, Step)]
    first, last = steps[0], steps[-1]
    return (last.step - first.step) * BATCH / (last.time - first.time)


def plain(folder: Path, workers: int) -> float:
    """Train with the loop that people write: DataLoader, torchvision's transforms, fp32, `.item()` each step."""
    import torch
    from torch.utils.data import DataLoader, Dataset
    from torchvision import transforms

    from resnet_studio.model import build
    from resnet_studio.spec.experiment import ExperimentSpec, with_values
    from resnet_studio.spec.presets import preset

    arrays = np.load(folder / "images.npz")
    transform = transforms.Compose(
        [
            transforms.ToPILImage(),
            transforms.RandomCrop(SHAPE, padding=2),
            transforms.RandomHorizontalFlip(),
            transforms.ToTensor(),
            transforms.Normalize((0.5,), (0.29,)),
        ]
    )

    class Images(Dataset[tuple[torch.Tensor, int]]):
        def __len__(self) -> int:
            return IMAGES

        def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
            return transform(pixels[index]), int(labels[index, 0])

    pixels, labels = arrays["train_images"], arrays["train_labels"]
    recipe = ExperimentSpec().training
    network = with_values(
        ExperimentSpec(), {"network": preset(NETWORK).model_dump() | {"input_shape": (1, *SHAPE)}}
    ).network
    model = build(network, seed=0).train()
    loss_of = torch.nn.CrossEntropyLoss()
    optimiser = torch.optim.SGD(
        model.parameters(),
        lr=recipe.learning_rate,
        momentum=recipe.momentum,
        nesterov=recipe.nesterov,
        weight_decay=recipe.weight_decay,
    )
    loader = DataLoader(Images(), batch_size=BATCH, shuffle=True, drop_last=True, num_workers=workers)
    begin, losses = 0.0, []
    for number, (x, y) in enumerate(loader):
        if number == WARM_UP:
            begin = time.perf_counter()
        optimiser.zero_grad()
        loss = loss_of(model(x), y)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    if not np.isfinite(losses).all():
        raise RuntimeError("the plain loop's loss is not finite")
    return STEPS * BATCH / (time.perf_counter() - begin)


def _arms(folder: Path) -> Iterator[tuple[str, Any]]:
    yield "studio", lambda: studio(folder)
    yield "plain, 0 workers", lambda: plain(folder, 0)
    yield "plain, 2 workers", lambda: plain(folder, 2)


ARMS = ("studio", "plain, 0 workers", "plain, 2 workers")

if __name__ == "__main__":
    print(dict(_arms(Path(sys.argv[2])))[sys.argv[1]]())

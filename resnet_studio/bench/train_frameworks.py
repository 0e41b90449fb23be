"""Training as the libraries do it that people take instead of a loop of their own: timm and Lightning.

Both get what makes a loop fast without code of one's own: bf16, channels last, loading in other processes.
"""

from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from resnet_studio.bench.train_case import MEAN, RECIPE, STD, Case, read_images
from resnet_studio.bench.train_clock import Clock
from resnet_studio.bench.train_loader import changed, dataset, loader
from resnet_studio.bench.train_loops import Ways, made, optimiser_values

_TUNED = Ways(channels_last=True, bf16=True)
_LOG_EVERY = 50
_TAMPERED = {"2.6.2", "2.6.3"}


def missing(library: str) -> str | None:
    """Return why a library can't be measured here; None where it can."""
    if find_spec(library) is None:
        return f"{library} is not installed; pip install 'resnet-studio[bench]' brings it"
    version = metadata.version(library)
    if library == "lightning" and version in _TAMPERED:
        return f"lightning {version} had been tampered with; install 2.6.6 or newer"
    return None


def versions() -> dict[str, str]:
    """Return the versions of the libraries that are measured here."""
    return {name: metadata.version(name) for name in ("timm", "lightning") if missing(name) is None}


def timm(wanted: Case, path: Path, workers: int) -> float:
    """Train with timm's loader, optimiser and the step of its `train.py`; return images per second."""
    from timm.data import create_loader
    from timm.data.transforms import ToNumpy
    from timm.optim import create_optimizer_v2
    from timm.utils import AverageMeter
    from torchvision import transforms

    device, channels = torch.device(wanted.device), wanted.shape[0]
    on_gpu = wanted.device == "cuda"
    model, _ = made(wanted, _TUNED)
    optimiser = create_optimizer_v2(
        model, "sgd", RECIPE["learning_rate"], RECIPE["weight_decay"], RECIPE["momentum"], filter_bias_and_bn=False
    )
    samples = dataset(wanted, *read_images(path))
    batches = create_loader(
        samples,
        wanted.shape,
        wanted.batch,
        is_training=True,
        mean=(MEAN,) * channels,
        std=(STD,) * channels,
        num_workers=workers,
        device=device,
        use_prefetcher=on_gpu,
        pin_memory=on_gpu,
        persistent_workers=False,
    )
    # in place of timm's own: the random changes of every other arm; on a GPU its prefetcher normalises
    samples.transform = (
        transforms.Compose([*changed(wanted), ToNumpy()]) if on_gpu else dataset(wanted, [], []).transform
    )
    loss_of, losses = nn.CrossEntropyLoss(), AverageMeter()
    clock = Clock(wanted.device, wanted.batch, wanted.warm_up, wanted.steps)
    for number, (batch, y) in enumerate(batches):
        x = batch.contiguous(memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16):
            loss = loss_of(model(x), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if number % _LOG_EVERY == 0:
            losses.update(loss.item(), len(x))
        if not clock.tick():
            break
    return clock.rate


def lightning(wanted: Case, path: Path, workers: int) -> float:
    """Train with Lightning's Trainer, all that it reports switched off; return images per second."""
    from lightning.pytorch import LightningModule, Trainer

    clock = Clock(wanted.device, wanted.batch, wanted.warm_up, wanted.steps)
    model, _ = made(wanted, _TUNED)

    # where it is not installed, nothing is known of the base class
    class Module(LightningModule):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.model, self.loss_of = model, nn.CrossEntropyLoss()

        def training_step(self, batch: tuple[Tensor, Tensor], batch_idx: int) -> Any:  # noqa: ARG002 - the names are those of the base class
            x, y = batch
            return self.loss_of(self.model(x.to(memory_format=torch.channels_last)), y)

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.SGD(self.parameters(), **optimiser_values())

        def on_train_batch_end(self, *_: Any) -> None:
            clock.tick()

    trainer = Trainer(
        accelerator="gpu" if wanted.device == "cuda" else "cpu",
        devices=1,
        precision="bf16-mixed",
        max_steps=wanted.warm_up + wanted.steps,
        barebones=True,
    )
    trainer.fit(Module(), loader(wanted, *read_images(path), workers))
    return clock.rate

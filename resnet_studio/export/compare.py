"""Whether exported weights are the run's: on keys, shapes and what the network says to real images."""

from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor, nn

from resnet_studio.analysis.network import analyse
from resnet_studio.data.feed.batches import Batches
from resnet_studio.data.images import ImageSet
from resnet_studio.export.proof import ProofStep
from resnet_studio.model import build
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.training.weights import load_weights

BATCH_SIZES = (1, 3, 17)
"""Sizes in which logits are compared: what goes wrong in one shape of work goes wrong in one of these."""
_MOST_IMAGES = 1000
_MOST_MULT_ADDS = 2 * 10**11
_BATCH = 64


class Reference:
    """What the run's own network says, in fp32 on the CPU, to some of its test images."""

    def __init__(self, model: nn.Module, network: NetworkSpec, images: ImageSet) -> None:
        """Compute the logits to compare with: a few seconds at most.

        Args:
            model: the run's network with the weights of its checkpoint.
            network: its design.
            images: the run's own.
        """
        self._network = network
        self._parts = [tuple(x for x, _ in _first(images, size, size)) for size in BATCH_SIZES]
        affordable = _MOST_MULT_ADDS // max(1, analyse(network).mult_adds)
        self.images = min(len(images.test), _MOST_IMAGES, max(BATCH_SIZES[-1], affordable))
        self._all = tuple(x for x, _ in _first(images, self.images, _BATCH))
        self._logits = [_logits(model, part) for part in (*self._parts, self._all)]

    def compare(self, kind: str, file: Path) -> Iterator[ProofStep]:
        """Load a file into a freshly built network, strictly, and yield the outcome of each comparison.

        Raises:
            StudioError: a key or a shape differs; the sentence names it.
        """
        model = build(self._network, seed=1).eval()
        load_weights(model, file)
        yield ProofStep(kind, "keys and shapes, strict", f"{len(model.state_dict())}", ok=True)
        for size, part, wanted in zip(BATCH_SIZES, self._parts, self._logits, strict=False):
            difference = (_logits(model, part) - wanted).abs().max().item()
            yield ProofStep(kind, f"largest logit difference, batch {size}", f"{difference:.2g}", ok=difference == 0)
        same = int((_logits(model, self._all).argmax(1) == self._logits[-1].argmax(1)).sum())
        yield ProofStep(kind, f"same top class, {self.images:,} test images", f"{same:,}", ok=same == self.images)


def _first(images: ImageSet, count: int, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the first test images, normalised, in batches."""
    cpu = torch.device("cpu")
    batches = Batches(images.test, mean=images.mean, std=images.std, device=cpu, size=images.shape[1:])
    for x, labels in batches.in_order(batch_size):
        yield x[:count], labels[:count]
        count -= len(x)
        if count <= 0:
            return


def _logits(model: nn.Module, parts: tuple[Tensor, ...]) -> Tensor:
    with torch.inference_mode():
        return torch.cat([model(part) for part in parts])

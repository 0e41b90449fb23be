"""The exponential moving average of a network's weights and of its normalisation statistics."""

from collections.abc import Mapping
from copy import deepcopy

import torch
from torch import Tensor, nn


def decay_at(decay: float, step: int) -> float:
    """Return the decay of the average at a step: it rises to the wanted one as min(decay, (1 + step) / (10 + step)).

    Without a rise, the weights of the first steps, which know nothing yet, would stay in the average for 1 / (1 -
    decay) steps. This one is TensorFlow's (`tf.train.ExponentialMovingAverage` with `num_updates`): until the wanted
    decay is reached, the average is over about the last ninth of the steps. It is a function of the step alone, so
    that a resumed run has nothing to remember.

    Args:
        decay: the wanted one, 0 to less than 1.
        step: number of the step, from 0.
    """
    return min(decay, (1 + step) / (10 + step))


class Average:
    """A second network, of the average weights of the first (Polyak and Juditsky 1992).

    Statistics of normalisations are averaged as the weights are; counters are copied. Training takes no notice of it.

    Attributes:
        model: the network with the average weights.
    """

    def __init__(self, model: nn.Module, decay: float, *, on_device: bool = False) -> None:
        """Begin with the weights as they are.

        Args:
            model: the network that trains; its tensors must stay where they lie in memory.
            decay: share of the average that a step leaves in it, see `decay_at`.
            on_device: whether `update` is to find that share on the device, see `captured`; else it is a number.
        """
        self._decay = decay
        self._source = model
        self.model = deepcopy(model).requires_grad_(requires_grad=False)
        pairs = list(zip(_tensors(self.model), _tensors(model), strict=True))
        self._averaged = [pair for pair in pairs if pair[0].is_floating_point()]
        self._counters = [pair for pair in pairs if not pair[0].is_floating_point()]
        self._weight: float | Tensor = 0.0
        if on_device:
            self._weight = torch.zeros((), device=pairs[0][0].device)

    @property
    def tensors(self) -> list[Tensor]:
        """All that `update` changes."""
        return _tensors(self.model)

    def prepare(self, step: int) -> None:
        """Get ready for a step.

        Args:
            step: its number, from 0.
        """
        weight = 1 - decay_at(self._decay, step)
        if isinstance(self._weight, Tensor):
            self._weight.fill_(weight)
        else:
            self._weight = weight

    @torch.no_grad()
    def update(self, skipped: Tensor | None = None) -> None:
        """Take in the weights after the step that was prepared; never waits for the device.

        Args:
            skipped: 1 where the optimiser has left out the step, 0 where it hasn't, on the device, (); None: never.
        """
        averages, values = ([pair[side] for pair in self._averaged] for side in (0, 1))
        if skipped is None and isinstance(self._weight, float):
            torch._foreach_lerp_(averages, values, self._weight)
        else:
            # only the device knows how much there is to take in
            weight = self._weight if skipped is None else (1 - skipped) * self._weight
            gaps = torch._foreach_sub(values, averages)
            torch._foreach_mul_(gaps, weight)
            torch._foreach_add_(averages, gaps)
        if self._counters:
            copies, counters = ([pair[side] for pair in self._counters] for side in (0, 1))
            torch._foreach_copy_(copies, counters)

    def restore(self, tensors: Mapping[str, Tensor] | None) -> None:
        """Go on from the state dict of the average network, or begin anew with the weights as they are.

        Raises:
            RuntimeError: the tensors are of another design.
        """
        self.model.load_state_dict(self._source.state_dict() if tensors is None else dict(tensors))


def _tensors(model: nn.Module) -> list[Tensor]:
    return [*model.parameters(), *model.buffers()]

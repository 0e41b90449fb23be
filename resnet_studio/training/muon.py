"""Muon: momentum whose changes of a filter bank turn all its directions alike (Jordan et al. 2024)."""

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.sgd import sgd

from resnet_studio.analysis.optimizing import ROUNDS

_QUINTIC = (3.4445, -4.7750, 2.0315)
"""Jordan's: they drive singular values from 0.002 up to between 0.7 and 1.2 in five rounds, which is near enough."""
_REACH = 0.2
"""Root mean square of a change at a learning rate of 1, as AdamW's is (Liu et al. 2025, section 2.2)."""


class Muon(torch.optim.Optimizer):
    """Changes convolutions by their orthogonalised momentum, and everything else as SGD does.

    A gradient of a bank of filters has few strong directions: descent follows these and hardly learns the others.
    Here all are followed alike. The weight decay of convolutions is taken off the weights (Loshchilov and Hutter 2017),
    that of the rest is added to the gradient.

    Nothing in `step` waits for the device. Like torch's fused optimisers it leaves out the step where its attribute
    `found_inf`, a tensor (), is not 0, and divides the gradients by `grad_scale` where that is there; where the device
    has none of these, torch's scaler leaves out the step.
    """

    # torch.amp.GradScaler sets both for a step and deletes them; None would be multiplied by its scale
    found_inf: Tensor
    grad_scale: Tensor

    def __init__(
        self,
        filters: Iterable[dict[str, Any]],
        rest: Iterable[dict[str, Any]],
        lr: float | Tensor,
        momentum: float,
        *,
        nesterov: bool,
        half: bool,
        fused: bool,
    ) -> None:
        """Take the parameters; nothing is allocated before the first step.

        Args:
            filters: parameter groups of convolutions, (O, I, H, W), each with its `weight_decay` and `conv_groups`.
            rest: parameter groups with their `weight_decay`.
            lr: learning rate, a number or float32 () on the device.
            momentum: share of the momentum that a step leaves in it; 0: none is kept.
            nesterov: look one step ahead (Sutskever et al. 2013).
            half: orthogonalise in bf16, else in fp32.
            fused: whether the device has torch's fused SGD.
        """
        groups = [{**group, "is_filters": True} for group in filters]
        groups += [{**group, "is_filters": False} for group in rest]
        defaults = {"lr": lr, "momentum": momentum, "nesterov": nesterov and momentum > 0}
        super().__init__(groups, defaults)
        self._format, self._fused = torch.bfloat16 if half else torch.float32, fused
        # what torch.amp.GradScaler looks for
        self._step_supports_amp_scaling = fused

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]  # there is no loss to return
        """Change the parameters that have a gradient."""
        if closure is not None:
            raise ValueError("Muon has no use for a closure")
        for group in self.param_groups:
            parameters = [each for each in group["params"] if each.grad is not None]
            if parameters:
                (self._turn if group["is_filters"] else self._descend)(parameters, group)

    def _moments(self, parameters: Sequence[nn.Parameter], group: dict[str, Any]) -> list[Tensor]:
        if not group["momentum"]:
            return []
        for parameter in parameters:
            if not self.state[parameter]:
                # zeros rather than the first gradient: where that step is left out, there has to be something
                self.state[parameter]["momentum_buffer"] = torch.zeros_like(parameter)
        return [self.state[parameter]["momentum_buffer"] for parameter in parameters]

    def _descend(self, parameters: list[nn.Parameter], group: dict[str, Any]) -> None:
        moments: list[Tensor | None] = [*self._moments(parameters, group)]
        sgd(
            [*parameters],
            _gradients(parameters),
            moments or [None] * len(parameters),
            fused=self._fused,
            grad_scale=getattr(self, "grad_scale", None) if self._fused else None,
            found_inf=getattr(self, "found_inf", None) if self._fused else None,
            weight_decay=group["weight_decay"],
            momentum=group["momentum"],
            lr=group["lr"],
            dampening=0.0,
            nesterov=group["nesterov"],
            maximize=False,
        )

    def _turn(self, parameters: list[nn.Parameter], group: dict[str, Any]) -> None:
        alike: dict[torch.Size, list[nn.Parameter]] = {}
        for parameter in parameters:
            alike.setdefault(parameter.shape, []).append(parameter)
        for same in alike.values():
            self._turn_together(same, group)

    def _turn_together(self, parameters: list[nn.Parameter], group: dict[str, Any]) -> None:
        """Change filter banks of one shape: together, they take a launch where each would take one."""
        rate, momentum = group["lr"], group["momentum"]
        weights, direction = _stacked(parameters), _stacked(_gradients(parameters))
        scale = getattr(self, "grad_scale", None)
        if scale is not None:
            direction /= scale
        if momentum:
            kept = self._moments(parameters, group)
            before = _stacked(kept)
            moment = before * momentum + direction
            direction = direction + moment * momentum if group["nesterov"] else moment
            self._put(kept, moment, before)
        turned = orthogonalised(_matrices(direction, group["conv_groups"]), self._format)
        reach = _REACH * max(turned.shape[1:]) ** 0.5
        changed = weights * (1 - rate * group["weight_decay"]) - turned.view_as(weights) * (rate * reach)
        self._put(parameters, changed, weights)

    def _put(self, filters: Sequence[Tensor], values: Tensor, before: Tensor) -> None:
        """Give filter banks their values, (K, O, H, W, I), or those from before where the step is left out."""
        skipped = getattr(self, "found_inf", None)
        if skipped is not None:
            values = torch.where(skipped != 0, before, values)
        torch._foreach_copy_([_rows(each) for each in filters], list(values.unbind()))


def orthogonalised(matrices: Tensor, precision: torch.dtype = torch.float32) -> Tensor:
    """Return matrices with the same singular vectors, and singular values near 1 (but for those that are 0).

    Newton and Schulz's iteration with Jordan's quintic; no decomposition, products alone.

    Args:
        matrices: float32 (N, rows, columns).
        precision: format of the products.
    """
    a, b, c = _QUINTIC
    is_high = matrices.shape[1] > matrices.shape[2]
    x = matrices.mT if is_high else matrices
    # a hair, so that no gradient is no change
    x = (x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)).to(precision)
    for _ in range(ROUNDS):
        square = x @ x.mT
        polynomial = torch.baddbmm(square, square, square, beta=b, alpha=c)
        x = torch.baddbmm(x, polynomial, x, beta=a)
    return (x.mT if is_high else x).to(matrices.dtype)


def _gradients(parameters: Sequence[nn.Parameter]) -> list[Tensor]:
    return [each.grad for each in parameters if each.grad is not None]


def _rows(filters: Tensor) -> Tensor:
    """Return filters (O, I, H, W) as (O, H, W, I), as they lie in memory where channels come last."""
    return filters.permute(0, 2, 3, 1)


def _stacked(filters: Sequence[Tensor]) -> Tensor:
    """Return K filter banks of one shape as one tensor of its own, (K, O, H, W, I)."""
    return torch.stack([_rows(each) for each in filters])


def _matrices(stacked: Tensor, conv_groups: int) -> Tensor:
    """Return (K, O, H, W, I) as a matrix for each group of channels, (K x groups, O / groups, H x W x I)."""
    banks, filters = stacked.shape[:2]
    return stacked.reshape(banks * conv_groups, filters // conv_groups, -1)

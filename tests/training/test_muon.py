"""Muon against the textbook: its directions against a decomposition, its steps against a loop over the filters."""

import math
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from resnet_studio.analysis.network import analyse
from resnet_studio.analysis.optimizing import muon_flops
from resnet_studio.model import build
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset
from resnet_studio.spec.training import TrainingSpec
from resnet_studio.training.muon import Muon, orthogonalised
from resnet_studio.training.optimizer import build_optimizer, set_rate

NETWORK = preset("digits_resnet8")
GROUPED = NetworkSpec.model_validate(
    preset("d2l_resnext_block").model_dump() | {"input_shape": (32, 4, 4), "num_classes": 10}
)


def made(network: NetworkSpec = NETWORK, *, channels_last: bool = False, **fields: Any) -> tuple[nn.Module, Muon]:
    model = build(network, seed=0)
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
    optimizer = build_optimizer(model, TrainingSpec.model_validate({"optimizer": "muon"} | fields))
    assert isinstance(optimizer, Muon)
    return model, optimizer


def give_gradients(model: nn.Module, step: int) -> None:
    generator = torch.Generator().manual_seed(step)
    for parameter in model.parameters():
        parameter.grad = torch.empty_like(parameter).copy_(torch.randn(parameter.shape, generator=generator))


def flat(model: nn.Module) -> Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in model.parameters()])


@given(
    st.integers(1, 3), st.integers(1, 24), st.integers(1, 24), st.integers(0, 2**16), st.sampled_from((1e-3, 1.0, 1e3))
)
def test_all_directions_are_kept_and_weigh_alike(count: int, rows: int, columns: int, seed: int, size: float) -> None:
    matrices = size * torch.randn(count, rows, columns, generator=torch.Generator().manual_seed(seed))
    turned = orthogonalised(matrices)
    assert turned.shape == matrices.shape
    left, values, right = torch.linalg.svd(matrices, full_matrices=False)
    # in the basis of the singular vectors: nothing beside the diagonal, on which the values were
    inside = left.mT @ turned @ right.mT
    diagonal = inside.diagonal(dim1=1, dim2=2)
    torch.testing.assert_close(inside, torch.diag_embed(diagonal), atol=2e-3, rtol=0)
    told = values / values.norm(dim=1, keepdim=True) > 0.01
    assert diagonal[told].min() > 0.65
    assert diagonal.max() < 1.25


def test_no_gradient_is_no_direction() -> None:
    assert torch.equal(orthogonalised(torch.zeros(2, 3, 5)), torch.zeros(2, 3, 5))


def test_half_as_many_bits_are_near_enough() -> None:
    matrices = torch.randn(2, 16, 144, generator=torch.Generator().manual_seed(0))
    whole, half = orthogonalised(matrices), orthogonalised(matrices, torch.bfloat16)
    assert half.dtype == torch.float32
    assert (half - whole).norm() / whole.norm() < 0.02


def by_hand(model: nn.Module, moments: dict[str, Tensor], training: TrainingSpec, groups: dict[str, int]) -> None:
    """Do a step filter bank by filter bank."""
    rate, momentum = 0.05, training.momentum
    for name, parameter in model.named_parameters():
        gradient = parameter.grad
        assert gradient is not None
        decay = training.weight_decay if parameter.ndim > 1 or training.decay_norm_and_bias else 0.0
        with torch.no_grad():
            if name not in groups:
                gradient = gradient + decay * parameter
            moment = moments[name] = momentum * moments.get(name, torch.zeros_like(parameter)) + gradient
            direction = gradient + momentum * moment if training.nesterov else moment
            if name not in groups:
                parameter.sub_(rate * direction)
                continue
            parameter.mul_(1 - rate * decay)
            for part, change in zip(parameter.chunk(groups[name]), direction.chunk(groups[name]), strict=True):
                longest = max(part.shape[0], math.prod(part.shape[1:]))
                turned = orthogonalised(change.flatten(1)[None])[0].view_as(part)
                part.sub_(rate * 0.2 * longest**0.5 * turned)


@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize(
    "fields",
    [
        {"nesterov": True},
        {"nesterov": False, "momentum": 0.8},
        {"momentum": 0.0, "nesterov": True},
        {"weight_decay": 0.5, "decay_norm_and_bias": True},
    ],
)
@pytest.mark.parametrize("network", [NETWORK, GROUPED], ids=["plain", "grouped"])
def test_a_step_is_the_textbooks(network: NetworkSpec, fields: dict[str, Any], channels_last: bool) -> None:
    model, optimizer = made(network, channels_last=channels_last, **fields)
    expected = build(network, seed=0)
    training = TrainingSpec.model_validate({"optimizer": "muon"} | fields)
    groups = {f"{name}.weight": each.groups for name, each in model.named_modules() if isinstance(each, nn.Conv2d)}
    assert network is NETWORK or 16 in groups.values()
    moments: dict[str, Tensor] = {}
    for step in range(3):
        for each in (model, expected):
            give_gradients(each, step)
        set_rate(optimizer, 0.05)
        optimizer.step()
        by_hand(expected, moments, training, groups)
    torch.testing.assert_close(flat(model), flat(expected), atol=2e-5, rtol=1e-4)
    assert bool(optimizer.state) == bool(training.momentum)


def test_a_rate_on_the_device_does_the_same() -> None:
    results = []
    for on_device in (False, True):
        model = build(NETWORK, seed=0)
        training = TrainingSpec(optimizer="muon")
        optimizer = build_optimizer(model, training, rate_on_device=on_device)
        for step in range(2):
            give_gradients(model, step)
            set_rate(optimizer, 0.05)
            optimizer.step()
        results.append(flat(model))
    torch.testing.assert_close(results[0], results[1])


def test_a_device_without_fused_kernels_does_the_same_and_leaves_steps_out_to_the_scaler() -> None:
    fused, plain = made(), made()
    plain[1]._fused = False
    for step in range(2):
        for model, optimizer in (fused, plain):
            give_gradients(model, step)
            optimizer.step()
    torch.testing.assert_close(flat(fused[0]), flat(plain[0]))
    for has_kernels in (False, True):
        there = Muon([], [{"params": list(plain[0].parameters()), "weight_decay": 0.0}], 0.1, 0.9,
                     nesterov=False, half=False, fused=has_kernels)  # fmt: skip
        assert there._step_supports_amp_scaling == has_kernels


def test_a_step_that_is_left_out_changes_nothing_and_one_is_as_if_it_had_not_been() -> None:
    bad, good = made(), made()
    for step, found in enumerate((1.0, 0.0, 1.0, 0.0)):
        for model, optimizer in (bad, good):
            give_gradients(model, step)
            optimizer.found_inf = torch.tensor(found if model is bad[0] else 0.0)
        if found:
            before = flat(bad[0])
            for parameter in bad[0].parameters():
                assert parameter.grad is not None
                parameter.grad.fill_(math.nan)
            bad[1].step()
            assert torch.equal(flat(bad[0]), before)
        else:
            for _, optimizer in (bad, good):
                optimizer.step()
    assert torch.equal(flat(bad[0]), flat(good[0]))


def test_scaled_gradients_are_taken_without_their_scale() -> None:
    scaled, plain = made(momentum=0.9), made(momentum=0.9)
    for step, scale in enumerate((64.0, 2.0)):
        for model, optimizer in (scaled, plain):
            give_gradients(model, step)
            if model is scaled[0]:
                optimizer.grad_scale = torch.tensor(scale)
                for parameter in model.parameters():
                    assert parameter.grad is not None
                    parameter.grad *= scale
            optimizer.step()
    torch.testing.assert_close(flat(scaled[0]), flat(plain[0]))


def test_parameters_without_a_gradient_stay() -> None:
    model, optimizer = made()
    give_gradients(model, 0)
    parameters = dict(model.named_parameters())
    for name in ("conv1.weight", "fc.bias"):
        parameters[name].grad = None
    before = {name: parameter.detach().clone() for name, parameter in parameters.items()}
    optimizer.step()
    assert {name for name, parameter in parameters.items() if torch.equal(parameter, before[name])} == {
        "conv1.weight",
        "fc.bias",
    }


@pytest.mark.parametrize("network", [NETWORK, GROUPED, preset("cifar_resnet20")], ids=lambda each: each.name)
def test_it_costs_what_is_foretold(network: NetworkSpec) -> None:
    model, optimizer = made(network)
    give_gradients(model, 0)
    with FlopCounterMode(display=False) as counter:
        optimizer.step()
    assert counter.get_total_flops() == muon_flops(analyse(network))

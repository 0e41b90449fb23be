import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from resnet_studio.export.source import python_source
from resnet_studio.model import build
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset, presets

TOOLS = Path(sys.executable).parent


def module(source: str) -> dict[str, Any]:
    """Run a source as a module that can't see the studio."""
    names: dict[str, Any] = {"__name__": "written"}
    exec(compile(source, "written.py", "exec"), names)  # noqa: S102 - that it runs is what is tested
    return names


def written(spec: NetworkSpec, *, device: str = "cpu", seed: int = 0) -> nn.Module:
    """Build a network from its source; its class is the last one of the module."""
    names = module(python_source(spec))
    classes = [value for value in names.values() if isinstance(value, type) and value.__module__ == "written"]
    with torch.random.fork_rng(devices=[]), torch.device(device):
        torch.manual_seed(seed)
        network: nn.Module = classes[-1]()
    return network


def shapes(network: nn.Module) -> list[tuple[str, tuple[int, ...], torch.dtype]]:
    return [(key, tuple(value.shape), value.dtype) for key, value in network.state_dict().items()]


def forward(network: nn.Module, x: torch.Tensor) -> torch.Tensor:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        out: torch.Tensor = network(x)
    return out


@pytest.mark.parametrize("name", list(presets()))
def test_every_preset_has_the_same_tensors_in_the_same_order(name: str) -> None:
    spec = preset(name)
    assert shapes(written(spec, device="meta")) == shapes(build(spec, device="meta"))


@given(network=st.from_type(NetworkSpec))
def test_any_design_says_and_learns_the_same(network: NetworkSpec) -> None:
    ours, theirs = build(network, seed=3), written(network, seed=3)
    state = ours.state_dict()
    assert list(state) == list(theirs.state_dict())
    # the same weights from the same seed
    assert all(torch.equal(state[key], value) for key, value in theirs.state_dict().items())
    single, pair = torch.randn(1, *network.input_shape), torch.randn(2, *network.input_shape)
    for model in (ours, theirs):
        model.load_state_dict(build(network, seed=4).state_dict(), strict=True)
    assert torch.equal(ours.eval()(single), theirs.eval()(single))
    assert torch.equal(ours.eval()(pair), theirs.eval()(pair))

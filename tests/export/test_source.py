import ast
import subprocess
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
from resnet_studio.spec.errors import StudioError
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


def run(network: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Return the output, random numbers drawn from the same seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        out: torch.Tensor = network(x)
    return out


def gradients(network: nn.Module, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Return the gradients of all parameters, in their order."""
    return torch.autograd.grad(run(network, x).square().sum(), list(network.parameters()))


def changed(base: str, /, **fields: Any) -> NetworkSpec:
    return NetworkSpec.model_validate(preset(base).model_dump() | fields)


def assert_same(spec: NetworkSpec) -> None:
    """Compare the network of a source with the studio's: first weights, outputs, gradients, running statistics."""
    ours, theirs = build(spec, seed=3), written(spec, seed=3)
    assert shapes(theirs) == shapes(ours)
    assert equal(ours.state_dict(), theirs.state_dict())
    theirs.load_state_dict(build(spec, seed=4).state_dict(), strict=True)
    ours.load_state_dict(build(spec, seed=4).state_dict())
    torch.manual_seed(0)
    for count in (1, 3):
        x = torch.randn(count, *spec.input_shape)
        before = x.clone()
        assert torch.equal(ours.eval()(x), theirs.eval()(x))
        # the images are the caller's
        assert torch.equal(x, before)
    for mine, other in zip(gradients(ours.train(), x), gradients(theirs.train(), x), strict=True):
        assert torch.equal(mine, other)
    assert equal(ours.state_dict(), theirs.state_dict())


def equal(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    return list(ours) == list(theirs) and all(torch.equal(ours[key], theirs[key]) for key in ours)


@pytest.mark.parametrize("name", list(presets()))
def test_every_preset_has_the_same_tensors_in_the_same_order(name: str) -> None:
    spec = preset(name)
    assert shapes(written(spec, device="meta")) == shapes(build(spec, device="meta"))


@given(network=st.from_type(NetworkSpec))
def test_any_design_starts_says_and_learns_the_same(network: NetworkSpec) -> None:
    assert_same(network)


SMALL = {"input_shape": (3, 12, 12), "num_classes": 5}
DESIGNS = {
    "resnet18": changed("resnet18", **SMALL),
    "eight stages": changed("digits_resnet8", block_sizes=(1,) * 8, strides=(1, 2) * 4, channels=(4,) * 8),
    "one block": preset("d2l_residual_block_down"),
    "numbers of norms": changed("digits_resnet8", norm_eps=0.0123456789012345, norm_momentum=0.0123456789012345),
    "one group": changed("resnet18", norm="group", channels=32, norm_eps=1e-3, **SMALL),
    "groups of their own": changed("digits_resnet8", norm="group", channels=(8, 12, 20), norm_groups=8),
    "groups of one number": changed("digits_resnet8", norm="group", input_shape=(1, 4, 4), channels=8),
    "another norm in the stem": changed("athena_resnet18", norm="group", channels=32, **SMALL),
    "pre-activated, without norms": changed("preact_resnet110", norm="none", stem=None, block_sizes=(2, 2, 2)),
    "concatenated, strides where nothing is left": changed(
        "athena_concat",
        block_sizes=(2, 3),
        strides=(2, 2),
        shortcut="identity",
        input_shape=(1, 1, 1),
        head="global_avg",
    ),
    "concatenated, dropped": changed("athena_concat", block_sizes=(2, 3), strides=(1, 2), channels=4, drop_path=0.3),
    "everything": changed(
        "resnext50_32x4d",
        name="everything",
        block_sizes=(2, 1, 3),
        strides=(1, 2, 2),
        channels=(32, 64, 96),
        stride_on="1x1",
        conv_bias=True,
        preactivation=True,
        zero_init_residual=True,
        dropout=0.1,
        block_dropout=0.1,
        drop_path=0.2,
        activation="leaky_relu",
        **SMALL,
    ),
}


@pytest.mark.parametrize("design", list(DESIGNS))
def test_a_design_starts_says_and_learns_the_same(design: str) -> None:
    assert_same(DESIGNS[design])


def test_only_what_the_design_uses_is_there() -> None:
    source = python_source(preset("resnet50"))
    assert len(source.splitlines()) < 100
    for word in ("ZeroPad", "DropPath", "dropout", "group", "concat", "cat(", "preact", "eps", "studio."):
        assert word not in source
    plain = python_source(preset("cifar_plain20"))
    assert "downsample" not in plain
    assert "1x1" not in plain
    single = python_source(preset("d2l_residual_block"))
    for word in ("stride", "def stage", "downsample", "fc", "maxpool"):
        assert word not in single


HOSTILE = (
    'x"""; import os; os.abort()',
    "\\",
    '"' * 120,
    "a" * 120,
    "漢" * 120,
    "\\N{BULLET} \\x00 {0} %s",
    "Bottleneck",
    "nn",
    "I",
    "None",
    "noqa: E501",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_and_never_code(name: str) -> None:
    source = python_source(changed("digits_resnet8", name=name))
    plain = ast.parse(python_source(preset("digits_resnet8")))
    found = ast.parse(source)
    # apart from the first docstring and the class's name it is the same program
    classes = [[node for node in tree.body if isinstance(node, ast.ClassDef)][-1].name for tree in (found, plain)]
    assert ast.dump(ast.Module(found.body[1:], [])).replace(classes[0], classes[1]) == ast.dump(
        ast.Module(plain.body[1:], [])
    )
    assert classes[0] not in {"BasicBlock", "Tensor"}
    module(source)


def test_the_sources_are_written_as_ruff_would(tmp_path: Path) -> None:
    specs = [entry.network for entry in presets().values()] + list(DESIGNS.values())
    specs += [changed("resnet50", name=name) for name in HOSTILE]
    for number, spec in enumerate(specs):
        (tmp_path / f"source_{number}.py").write_text(python_source(spec), encoding="utf-8")
    for arguments in (["format", "--diff"], ["check", "--select", "E,F,I,UP,B"]):
        command = [str(TOOLS / "ruff"), *arguments, "--isolated", "--no-cache", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_program_says_what_the_table_says(tmp_path: Path) -> None:
    path = tmp_path / "design.py"
    path.write_text(python_source(changed("resnet18", input_shape=(3, 32, 32))), encoding="utf-8")
    blocked = (
        f"import runpy, sys; sys.modules['resnet_studio'] = None; runpy.run_path({str(path)!r}, run_name='__main__')"
    )
    command = [sys.executable, "-W", "error", "-c", blocked]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "output (1, 1000), 11,689,512 parameters\n"


def test_a_broken_design_has_no_source() -> None:
    broken = changed("resnet18", name="mine", shortcut="identity")
    sentences = []
    for make in (python_source, build):
        with pytest.raises(StudioError) as caught:
            make(broken)
        sentences.append(str(caught.value))
    assert sentences[0] == sentences[1]
    assert "stage 2, block 1: main path 128x28x28, shortcut 64x56x56" in sentences[0]

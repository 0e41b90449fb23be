"""A thousand random networks: built, counted, confirmed by torchinfo and read back; a sample of them learns."""

import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch

from resnet_studio.analysis.network import Analysis, analyse
from resnet_studio.model import build
from resnet_studio.model.torchinfo_view import confirm
from resnet_studio.spec.files import network_document, read_network
from resnet_studio.spec.network import NetworkSpec

COUNT, PARTS, SAMPLE = 1_000, 10, 30


def document(rng: random.Random) -> dict[str, Any]:
    """Return any small network of all that can be wanted; not all of them can be built."""
    stages = rng.choice([1, 1, 1, 1, 1, 2, 2, 2, 3, 4, 8])
    bottleneck = rng.random() < 0.5
    shortcut = rng.choice(["projection", "projection_all", "zero_pad", "identity", "none"])
    base = rng.choice([1, 3, 4, 8, 12, 16])
    # padding adds channels only, and identities change none
    growing = sorted(rng.choices(range(1, 25), k=stages))
    still = shortcut == "identity"
    stem = {
        "channels": base if still else rng.choice([None, rng.randint(1, base)]),
        "kernel_size": rng.choice([1, 2, 3, 5, 7]),
        "stride": rng.choice([1, 1, 2]),
        "pool": rng.random() < 0.3,
        "norm": rng.choice([None, "batch", "group", "none"]),
    }
    return {
        "name": f"random {rng.randrange(10**6)}",
        "input_shape": [rng.randint(1, 4), rng.randint(5, 40), rng.randint(5, 40)],
        "num_classes": rng.choice([None, 1, 2, 10, 37]),
        "block_type": "bottleneck" if bottleneck else "basic",
        "block_sizes": [rng.choice([1, 1, 1, 1, 2, 3]) for _ in range(stages)],
        "channels": [base] * stages if still else rng.choice([base if stages < 5 else 1, growing]),
        "strides": [1 if still else rng.choice([1, 2, 2, 3]) for _ in range(stages)],
        "expansion": 1 if still else rng.randint(1, 4),
        "groups": rng.choice([1, 1, 2, 3, 8]) if bottleneck else 1,
        "width_per_group": rng.choice([4, 64, 100, 128]) if bottleneck else 64,
        "stem": None if rng.random() < 0.15 else stem,
        "shortcut": shortcut,
        "shortcut_norm": rng.random() < 0.5,
        "merge": rng.choice(["add", "add", "concat"]),
        "preactivation": rng.random() < 0.4,
        "stride_on": rng.choice(["3x3", "1x1"]),
        "norm": rng.choice(["batch", "group", "none"]),
        "norm_groups": rng.choice([1, 2, 3, 8, 32]),
        "norm_eps": rng.choice([1e-5, 1e-3]),
        "norm_momentum": rng.choice([0.1, 0.01, 1.0]),
        "activation": rng.choice(["relu", "leaky_relu", "gelu", "silu"]),
        "conv_bias": rng.random() < 0.5,
        "zero_init_residual": rng.random() < 0.3,
        "dropout": rng.choice([0.0, 0.3]),
        "block_dropout": rng.choice([0.0, 0.3]),
        "drop_path": rng.choice([0.0, 0.2]),
        "head": rng.choice(["global_avg", "max_flatten"]),
    }


@cache
def analyses() -> tuple[Analysis, ...]:
    """Return the thousand: of the networks drawn those that can be built."""

    def drawn() -> Iterator[Analysis]:
        rng = random.Random(4)  # noqa: S311 -- the same networks each time
        while True:
            analysis = analyse(NetworkSpec.model_validate(document(rng)))
            if not analysis.errors:
                yield analysis

    networks = drawn()
    return tuple(next(networks) for _ in range(COUNT))


def test_the_thousand_are_as_different_as_can_be() -> None:
    specs = [analysis.spec for analysis in analyses()]
    assert len({spec.model_copy(update={"name": ""}) for spec in specs}) == COUNT
    for field in NetworkSpec.model_fields:
        assert len({getattr(spec, field) for spec in specs}) > 1, field


@pytest.mark.parametrize("part", range(PARTS))
def test_torchinfo_counts_what_the_table_says(part: int) -> None:
    for analysis in analyses()[part::PARTS]:
        # the whole network is built and counted, not one of each equal blocks
        opinion = confirm(analysis, whole=True)
        assert opinion is not None
        assert opinion.differences == (), analysis.spec
        assert opinion.total_params == analysis.params
        assert opinion.mult_adds == analysis.mult_adds + analysis.extra_mult_adds


def test_a_file_gives_the_same_network_back(tmp_path: Path) -> None:
    path = tmp_path / "network.json"
    for analysis in analyses():
        path.write_text(json.dumps(network_document(analysis.spec)), encoding="utf-8")
        assert read_network(path) == analysis.spec


@pytest.mark.parametrize("number", range(SAMPLE))
def test_a_sample_runs_forward_and_backward(number: int) -> None:
    analysis = analyses()[number * COUNT // SAMPLE]
    spec = analysis.spec
    generator = torch.Generator().manual_seed(number)
    model = build(spec, seed=number).train()
    output = model(torch.randn((4, *spec.input_shape), generator=generator))
    assert tuple(output.shape) == (4, *analysis.stages[-1].output_shape)
    output.square().mean().backward()
    assert bool(torch.isfinite(output).all())
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert bool(torch.isfinite(parameter.grad).all()), name

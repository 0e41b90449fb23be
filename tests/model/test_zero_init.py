"""Where zero-init is advised against, no block would learn; elsewhere all do."""

from typing import Any

import pytest
import torch
from torch.nn.functional import cross_entropy

from resnet_studio.analysis.network import analyse
from resnet_studio.model import build
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset


def learning(spec: NetworkSpec) -> list[bool]:
    """Return for each block whether anything of it gets a gradient in the first step."""
    generator = torch.Generator().manual_seed(0)
    model = build(spec, seed=0).train()
    images = torch.randn((8, *spec.input_shape), generator=generator)
    cross_entropy(model(images), torch.arange(8)).backward()  # type: ignore[no-untyped-call]  # torch's own is untyped
    blocks = [block for stage in model.stages for block in model.get_submodule(stage).children()]
    return [
        any(parameter.grad is not None and bool(parameter.grad.any()) for parameter in block.parameters())
        for block in blocks
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"shortcut": "none"},
        {"shortcut": "none", "activation": "gelu"},
        {"shortcut": "none", "preactivation": True},
        {"merge": "concat"},
        {"merge": "concat", "activation": "silu"},
        {"merge": "concat", "activation": "leaky_relu"},
        {"merge": "concat", "preactivation": True},
        {"preactivation": True},
        {"norm": "none"},
        {"shortcut": "zero_pad"},
    ],
)
def test_a_block_learns_unless_it_is_advised_against(changes: dict[str, Any]) -> None:
    small = preset("digits_resnet8").model_dump() | {"zero_init_residual": True, "block_sizes": (2, 1, 1)}
    spec = NetworkSpec.model_validate(small | changes)
    advised = any(finding.field == "network.zero_init_residual" for finding in analyse(spec).findings)
    blocks = learning(spec)
    if spec.merge == "concat":
        # a projection learns beside a main path that does not
        assert advised == (blocks[0] is False)
    else:
        # a smooth activation lets the last block learn, whose input stays zero
        assert advised == (not any(blocks[:-1]))
        assert advised or all(blocks)

import pytest
import torch

from resnet_studio.analysis.cost import moments
from resnet_studio.model import build
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset
from resnet_studio.spec.training import TrainingSpec
from resnet_studio.training.optimizer import build_optimizer, set_rate

NETWORK = preset("digits_resnet8")


def _groups(network: NetworkSpec = NETWORK, **fields: object) -> tuple[torch.optim.Optimizer, list[list[str]]]:
    model = build(network, seed=0)
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    optimizer = build_optimizer(model, TrainingSpec.model_validate(fields))
    return optimizer, [[names[id(each)] for each in group["params"]] for group in optimizer.param_groups]


def test_norms_and_biases_do_not_decay() -> None:
    optimizer, (decayed, rest) = _groups(optimizer="sgd", weight_decay=0.01)
    assert [group["weight_decay"] for group in optimizer.param_groups] == [0.01, 0.0]
    assert set(decayed) | set(rest) == {name for name, _ in build(NETWORK, seed=0).named_parameters()}
    assert "conv1.weight" in decayed
    assert "fc.weight" in decayed
    assert all(name.endswith(".bias") or "bn" in name or "downsample.1" in name for name in rest)
    assert {"fc.bias", "bn1.weight", "bn1.bias"} <= set(rest)


def test_everything_decays_where_the_recipe_says_so() -> None:
    optimizer, groups = _groups(optimizer="sgd", weight_decay=0.01, decay_norm_and_bias=True)
    assert len(groups) == 1
    assert optimizer.param_groups[0]["weight_decay"] == 0.01


def test_sgd_has_the_recipes_momentum() -> None:
    optimizer, _ = _groups(optimizer="sgd", momentum=0.8, nesterov=True, learning_rate=0.3)
    assert isinstance(optimizer, torch.optim.SGD)
    group = optimizer.param_groups[0]
    assert (group["momentum"], group["nesterov"], group["lr"], group["fused"]) == (0.8, True, 0.3, True)


def test_nesterov_without_momentum_is_plain_descent() -> None:
    optimizer, _ = _groups(optimizer="sgd", momentum=0.0, nesterov=True)
    assert optimizer.param_groups[0]["nesterov"] is False


@pytest.mark.parametrize(("name", "kind"), [("adam", torch.optim.Adam), ("adamw", torch.optim.AdamW)])
def test_adam_takes_the_momentum_as_its_first_beta(name: str, kind: type[torch.optim.Optimizer]) -> None:
    optimizer, _ = _groups(optimizer=name, momentum=0.85)
    assert type(optimizer) is kind
    assert optimizer.param_groups[0]["betas"] == (0.85, 0.999)


def test_the_rate_is_set_in_every_group_as_a_plain_number() -> None:
    optimizer, _ = _groups(optimizer="sgd")
    set_rate(optimizer, 0.125)
    assert [group["lr"] for group in optimizer.param_groups] == [0.125, 0.125]


@pytest.mark.parametrize("name", ["sgd", "adam", "adamw"])
def test_a_fused_step_is_the_textbooks(name: str) -> None:
    """Against torch's plain loop over the parameters."""
    results = []
    for fused in (True, False):
        model = build(NETWORK, seed=0)
        optimizer = build_optimizer(model, TrainingSpec.model_validate({"optimizer": name, "nesterov": True}))
        for group in optimizer.param_groups:
            group.update(fused=fused, foreach=False)
        generator = torch.Generator().manual_seed(1)
        for _ in range(3):
            for parameter in model.parameters():
                parameter.grad = torch.randn(parameter.shape, generator=generator)
            set_rate(optimizer, 0.05)
            optimizer.step()
        results.append(torch.cat([parameter.detach().flatten() for parameter in model.parameters()]))
    torch.testing.assert_close(results[0], results[1])


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"optimizer": "sgd", "momentum": 0.9}, 1),
        ({"optimizer": "sgd", "momentum": 0.0}, 0),
        ({"optimizer": "muon", "momentum": 0.9}, 1),
        ({"optimizer": "muon", "momentum": 0.0}, 0),
        ({"optimizer": "adamw"}, 2),
    ],
)
def test_moments_are_what_the_optimiser_keeps(fields: dict[str, object], count: int) -> None:
    model = build(NETWORK, seed=0)
    training = TrainingSpec.model_validate(fields)
    optimizer = build_optimizer(model, training)
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    state = optimizer.state[model.conv1.weight]
    kept = [each for each in state.values() if each is not None and each.shape == model.conv1.weight.shape]
    assert len(kept) == count == moments(training)

"""Plain nets and residual ones, there and back."""

import pytest

from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset, presets
from resnet_studio.spec.twins import plain_twin, residual_twin


@pytest.mark.parametrize("name", [name for name, known in presets().items() if known.network.shortcut != "none"])
def test_there_and_back_is_the_same_network(name: str) -> None:
    network = preset(name)
    plain = plain_twin(network)
    assert plain.shortcut == "none"
    assert plain.model_dump(exclude={"name", "shortcut"}) == network.model_dump(exclude={"name", "shortcut"})
    assert residual_twin(plain, network.shortcut) == network


@pytest.mark.parametrize(
    ("residual", "plain"), [("resnet34", "plain34"), ("resnet18", "plain18"), ("cifar_resnet56", "cifar_plain56")]
)
def test_the_twin_of_a_preset_is_a_preset(residual: str, plain: str) -> None:
    assert plain_twin(preset(residual)) == preset(plain)
    assert residual_twin(preset(plain)) == preset(residual)


def test_the_twin_of_a_design_of_ones_own_keeps_its_name() -> None:
    own = NetworkSpec(name="mine", block_sizes=(1, 1), shortcut="zero_pad")
    assert plain_twin(own).name == "mine"
    assert residual_twin(plain_twin(own), "zero_pad") == own
    assert residual_twin(plain_twin(own)).shortcut == "projection"


def test_an_edited_preset_is_no_preset() -> None:
    edited = preset("cifar_resnet20").model_copy(update={"dropout": 0.5})
    assert plain_twin(edited).name == "cifar_resnet20"
    assert residual_twin(plain_twin(edited), "zero_pad") == edited

import pytest

from resnet_studio.analysis.cost import backward_flops, forward_flops
from resnet_studio.analysis.network import analyse
from resnet_studio.analysis.optimizing import MUON_UP_TO, chosen_optimizer, muon_flops
from resnet_studio.spec.presets import preset
from resnet_studio.spec.training import TrainingSpec


def test_a_convolution_turned_by_hand() -> None:
    """Two 3x3 convolutions from 3 to 3 channels: 3 rows of 27, five rounds."""
    assert muon_flops(analyse(preset("d2l_residual_block"))) == 2 * 5 * (2 * 3 * 3 * 27 * 2 + 2 * 3 * 3 * 3)


def test_each_group_of_channels_is_a_matrix_of_its_own() -> None:
    """1x1, 3x3 in 16 groups of 2 channels, 1x1, all from 32 channels to 32."""
    outer = 5 * (4 * 32 * 32 * 32 + 2 * 32**3)
    grouped = 16 * 5 * (4 * 2 * 2 * 18 + 2 * 2**3)
    assert muon_flops(analyse(preset("d2l_resnext_block"))) == 2 * outer + grouped


@pytest.mark.parametrize("name", ["cifar_resnet20", "resnet18", "edifice_resnet18_cifar", "wrn_28_10"])
def test_auto_takes_muon_from_so_many_images_a_step_on(name: str) -> None:
    analysis = analyse(preset(name))
    an_image = forward_flops(analysis) + backward_flops(analysis)
    enough = -(-muon_flops(analysis) // int(MUON_UP_TO * an_image))
    for images, optimizer in ((enough + 1, "muon"), (enough - 1, "sgd")):
        assert chosen_optimizer(analysis, TrainingSpec(optimizer="auto", batch_size=images)) == optimizer
    added = TrainingSpec(optimizer="auto", batch_size=1, accumulate=enough + 1)
    assert chosen_optimizer(analysis, added) == "muon"


def test_what_is_given_is_taken() -> None:
    analysis = analyse(preset("cifar_resnet20"))
    assert chosen_optimizer(analysis, TrainingSpec(optimizer="adamw")) == "adamw"

"""The average of the weights is the one that a loop over numbers gives."""

import pytest
import torch
from torch import nn

from resnet_studio.model import build
from resnet_studio.spec.presets import preset
from resnet_studio.training.averaging import Average, decay_at

NO, YES = torch.tensor(0.0), torch.tensor(1.0)


def _network() -> nn.Module:
    return build(preset("digits_resnet8"), seed=0).to(memory_format=torch.channels_last)


def _disturb(model: nn.Module, step: int) -> None:
    """Change every tensor, as a step of training does."""
    generator = torch.Generator().manual_seed(step)
    for tensor in model.state_dict().values():
        if tensor.is_floating_point():
            tensor.copy_(torch.randn(tensor.shape, generator=generator))
        else:
            tensor.add_(1)


def test_the_decay_rises_to_the_wanted_one() -> None:
    assert [decay_at(0.999, step) for step in (0, 8, 90)] == [0.1, 0.5, 0.91]
    assert decay_at(0.999, 10**6) == decay_at(0.999, 9000) == 0.999
    assert decay_at(0.05, 0) == 0.05


@pytest.mark.parametrize("on_device", [False, True])
@pytest.mark.parametrize("skipped", [None, NO], ids=["never skips", "may skip"])
def test_weights_and_statistics_are_averaged_and_counters_copied(
    skipped: torch.Tensor | None, *, on_device: bool
) -> None:
    model = _network()
    average = Average(model, 0.6, on_device=on_device)
    expected = {key: tensor.double() for key, tensor in model.state_dict().items()}
    for step in range(20):
        _disturb(model, step)
        average.prepare(step)
        average.update(skipped)
        decay = min(0.6, (1 + step) / (10 + step))
        for key, tensor in model.state_dict().items():
            expected[key] = decay * expected[key] + (1 - decay) * tensor
    found = average.model.state_dict()
    for key, tensor in expected.items():
        if key.endswith("num_batches_tracked"):
            assert found[key] == 20, key
        else:
            torch.testing.assert_close(found[key].double(), tensor, rtol=1e-5, atol=1e-6)


def test_a_step_that_was_left_out_is_not_taken_in() -> None:
    model = _network()
    average = Average(model, 0.9)
    before = average.model.get_parameter("conv1.weight").clone()
    with torch.no_grad():
        model.get_parameter("conv1.weight").add_(1)
    average.prepare(0)
    average.update(YES)
    assert torch.equal(average.model.get_parameter("conv1.weight"), before)


def test_training_takes_no_notice() -> None:
    model = _network()
    average = Average(model, 0.9)
    assert not any(each.requires_grad for each in average.model.parameters())
    assert all(each.requires_grad for each in model.parameters())
    mine, theirs = model.get_parameter("conv1.weight"), average.model.get_parameter("conv1.weight")
    assert mine.stride() == theirs.stride()
    assert mine.data_ptr() != theirs.data_ptr()


def test_it_goes_on_from_its_tensors_or_begins_with_the_weights() -> None:
    model = _network()
    average = Average(model, 0.9)
    _disturb(model, 1)
    average.prepare(5)
    average.update()
    kept = {key: tensor.clone() for key, tensor in average.model.state_dict().items()}
    other = Average(model, 0.9)
    other.restore(kept)
    assert all(torch.equal(tensor, kept[key]) for key, tensor in other.model.state_dict().items())
    other.restore(None)
    assert all(torch.equal(tensor, model.state_dict()[key]) for key, tensor in other.model.state_dict().items())

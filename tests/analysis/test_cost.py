"""Bytes, by hand."""

from resnet_studio.analysis.cost import (
    activation_bytes,
    checkpoint_bytes,
    run_bytes,
    training_bytes,
    training_state_bytes,
    weight_bytes,
)


def test_bytes_of_a_network_of_a_thousand_parameters_and_ten_thousand_activations() -> None:
    assert weight_bytes(1_000) == 4_000
    assert training_state_bytes(1_000) == 12_000
    assert training_state_bytes(1_000, moments=2) == 16_000
    assert training_state_bytes(1_000, moments=2, ema=True) == 20_000
    assert training_bytes(1_000, 10_000, 8, "bf16", ema=True) == 16_000 + 160_000
    assert activation_bytes(10_000, 8, "fp32") == 320_000
    assert activation_bytes(10_000, 8, "bf16") == activation_bytes(10_000, 8, "fp16") == 160_000
    assert training_bytes(1_000, 10_000, 8, "bf16", moments=0) == 8_000 + 160_000


def test_a_run_keeps_its_last_two_checkpoints_its_best_and_the_one_that_is_written() -> None:
    assert checkpoint_bytes(1_000, 1) == 8_000
    assert run_bytes(1_000, 1) == 4 * 8_000
    # with an average, its best too
    assert run_bytes(1_000, 2, ema=True) == 5 * checkpoint_bytes(1_000, 2, ema=True) == 5 * 16_000

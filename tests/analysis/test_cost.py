"""Bytes, by hand."""

from resnet_studio.analysis.cost import activation_bytes, training_bytes, training_state_bytes, weight_bytes


def test_bytes_of_a_network_of_a_thousand_parameters_and_ten_thousand_activations() -> None:
    assert weight_bytes(1_000) == 4_000
    assert training_state_bytes(1_000) == 12_000
    assert training_state_bytes(1_000, moments=2) == 16_000
    assert activation_bytes(10_000, 8, "fp32") == 320_000
    assert activation_bytes(10_000, 8, "bf16") == activation_bytes(10_000, 8, "fp16") == 160_000
    assert training_bytes(1_000, 10_000, 8, "bf16", moments=0) == 8_000 + 160_000

"""Formulas as they are shown and copied, and those of memory and operations."""

import pytest

from resnet_studio.analysis.cost import backward_flops, forward_flops, moments, training_bytes, weight_bytes
from resnet_studio.analysis.formula import Explanation
from resnet_studio.analysis.network import analyse
from resnet_studio.gui.pages.design.cost.memory_words import (
    explain_operations,
    explain_training,
    explain_weights,
)
from resnet_studio.gui.pages.design.tables.why import as_html, as_text
from resnet_studio.spec.presets import preset
from resnet_studio.spec.training import TrainingSpec

DESIGN = analyse(preset("resnet50"))
TOLD = Explanation("Parameters of <conv1>", "K² × C", (("K", "side, 3 < 4"),), ("9 × 3 = 27",), 27, "definition")


def test_what_is_copied_has_rule_letters_values_and_source() -> None:
    assert as_text(TOLD).splitlines() == [
        "Parameters of <conv1>",
        "K² × C",
        "  K: side, 3 < 4",
        "9 × 3 = 27",
        "definition",
    ]


def test_what_is_shown_is_never_read_as_markup() -> None:
    assert "3 &lt; 4" in as_html(TOLD)


def test_weights_and_operations_end_with_what_the_line_says() -> None:
    assert explain_weights(DESIGN).value == weight_bytes(DESIGN.params)
    assert explain_weights(DESIGN).lines[-1].endswith("= 102,228,128 bytes = 97.5 MiB")
    forward, backward = forward_flops(DESIGN), backward_flops(DESIGN)
    assert explain_operations(DESIGN).value == forward + backward
    assert explain_operations(DESIGN).lines[-1].endswith(f"= {forward + backward:,}")


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"optimizer": "sgd", "momentum": 0.9}, 1),
        ({"optimizer": "sgd", "momentum": 0.0}, 0),
        ({"optimizer": "muon", "momentum": 0.9}, 1),
        ({"optimizer": "adam"}, 2),
        ({"optimizer": "adam", "ema_decay": 0.99}, 2),
    ],
)
def test_training_memory_adds_up(changes: dict[str, object], kept: int) -> None:
    training = TrainingSpec.model_validate(TrainingSpec().model_dump() | changes | {"batch_size": 32})
    assert moments(training) == kept
    told = explain_training(DESIGN, training, "bf16")
    averaged = training.ema_decay is not None
    counts = DESIGN.params, DESIGN.activations, 32
    assert told.value == training_bytes(*counts, "bf16", moments=kept, ema=averaged)
    assert f"{told.value:,} bytes" in told.lines[-1]

"""How far an export is, from the steps of its proof."""

import pytest

from resnet_studio.export.proof import ProofStep
from resnet_studio.gui.pages.export.standing import LAST_STEP, STEPS, Export, Stage, words

BOTH = ("safetensors", "pt")


def _steps(kind: str, count: int, *, last_ok: bool = True) -> tuple[ProofStep, ...]:
    return tuple(ProofStep(kind, f"step {place}", "0", ok=last_ok or place < count - 1) for place in range(count))


def _placed(kind: str) -> tuple[ProofStep, ...]:
    return (ProofStep(kind, LAST_STEP, "1,234", ok=True),)


@pytest.mark.parametrize(
    ("export", "stages"),
    [
        (Export(), ("none", "none")),
        (Export(("pt",), running=True), ("none", "running")),
        (Export(BOTH, running=True), ("running", "waiting")),
        (Export(BOTH, _steps("safetensors", STEPS - 1), running=True), ("proven", "waiting")),
        (Export(BOTH, _steps("safetensors", STEPS - 1) + _steps("pt", 2), running=True), ("proven", "running")),
        (Export(BOTH, _placed("safetensors") + _placed("pt")), ("exported", "exported")),
        (Export(BOTH, _steps("safetensors", 3, last_ok=False), error="It failed."), ("failed", "none")),
        (Export(BOTH, _steps("safetensors", 3), error="It was cancelled."), ("none", "none")),
    ],
)
def test_stages(export: Export, stages: tuple[Stage, Stage]) -> None:
    assert (export.stage("safetensors"), export.stage("pt")) == stages


def test_only_what_is_in_its_place_is_exported() -> None:
    steps = _steps("safetensors", STEPS - 1) + _steps("pt", STEPS - 1)
    assert Export(BOTH, steps).exported() == ()
    assert Export(BOTH, steps + _placed("pt")).exported() == ("pt",)
    assert Export(BOTH, steps + _placed("pt"), running=True).exported() == ()


def test_the_size_of_the_file_is_read() -> None:
    assert Export(BOTH, _placed("pt")).bytes("pt") == 1234
    assert Export(BOTH).bytes("pt") is None


def test_words_of_the_stages() -> None:
    assert words("none", 0) == ""
    assert words("running", 3) == f"proving, 3 of {STEPS}"
    assert words("exported", STEPS) == "exported"

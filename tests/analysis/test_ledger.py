"""The ledger holds what was published beside what the design has, at the published precision."""

import pytest

from resnet_studio.analysis.ledger import LedgerRow, ledger
from resnet_studio.analysis.network import analyse
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import entry, presets

DISAGREE = {
    # v1 had the stride on the 1x1, which is cheaper
    ("resnet50", "multiply-adds", 3.8e9),
    ("resnet101", "multiply-adds", 7.6e9),
    ("resnet152", "multiply-adds", 11.3e9),
    # the paper counts no norms
    ("preact_resnet1001", "parameters", 10.2e6),
}


def rows(name: str) -> tuple[LedgerRow, ...]:
    return ledger(analyse(entry(name).network), entry(name))


def row(quantity: str, published: float, here: float | None, precision: float = 1) -> LedgerRow:
    unit = "%" if "top" in quantity else ""
    return LedgerRow(quantity, published, here, unit, "a paper", "", precision)


def test_the_presets_have_what_was_published_and_the_exceptions_are_known() -> None:
    found = {(name, line.quantity, line.published) for name in presets() for line in rows(name) if line.agrees is False}
    assert found == DISAGREE


def test_v1_has_the_multiply_adds_of_the_paper() -> None:
    for name in ("resnet50", "resnet101", "resnet152"):
        v1 = NetworkSpec.model_validate(entry(name).network.model_dump() | {"stride_on": "1x1"})
        assert all(
            line.agrees for line in ledger(analyse(v1), entry(name)) if line.source.endswith("1512.03385, table 1")
        )


def test_preactivation_1001_has_the_papers_count_without_its_norms() -> None:
    analysis = analyse(entry("preact_resnet1001").network)
    norms = sum(layer.params for layer in analysis.layers() if layer.kind == "norm")
    assert round((analysis.params - norms) / 1e6, 1) == 10.2


def test_only_training_tells_an_error() -> None:
    errors = [line for line in rows("resnet50") if line.unit == "%"]
    assert len(errors) > 3
    assert all(line.here is None and line.agrees is None and line.here_text == "" for line in errors)


def test_a_design_that_departs_from_its_preset_disagrees() -> None:
    wider = NetworkSpec.model_validate(entry("cifar_resnet20").network.model_dump() | {"channels": 24})
    count = ledger(analyse(wider), entry("cifar_resnet20"))[0]
    assert (count.published, count.here, count.agrees) == (270_000, analyse(wider).params, False)


def test_a_broken_design_has_nothing_to_compare() -> None:
    broken = NetworkSpec(shortcut="identity")
    assert all(line.here is None for line in ledger(analyse(broken), entry("resnet18")))


@pytest.mark.parametrize(
    ("line", "agrees"),
    [
        (row("parameters", 180, 180), True),
        (row("parameters", 180, 181), False),
        (row("parameters", 0.27e6, 269_722, 1e4), True),
        (row("parameters", 0.27e6, 264_999, 1e4), False),
        # cut off, as 3.8 for 3.86 billion
        (row("multiply-adds", 3.8e9, 3.899e9, 1e8), True),
        (row("multiply-adds", 3.8e9, 3.9e9, 1e8), False),
        (row("multiply-adds", 4.089e9, 4_089_184_256, 1e6), True),
    ],
)
def test_agreement_at_the_published_precision(line: LedgerRow, agrees: bool) -> None:
    assert line.agrees is agrees


@pytest.mark.parametrize(
    ("line", "published", "here"),
    [
        (row("parameters", 11_689_512, 11_689_513), "11,689,512", "11,689,513"),
        (row("parameters", 0.27e6, 269_722, 1e4), "0.27 M", "0.27 M"),
        (row("parameters", 11e6, 11_694_312, 1e6), "11 M", "12 M"),
        (row("multiply-adds", 1.814e9, 1_814_073_344, 1e6), "1.814 G", "1.814 G"),
        (row("top-1 accuracy", 69.758, None, 0.001), "69.758 %", ""),
        (row("top-1 error", 23.9, None, 0.1), "23.9 %", ""),
    ],
)
def test_figures_are_shown_as_they_were_printed(line: LedgerRow, published: str, here: str) -> None:
    assert (line.published_text, line.here_text) == (published, here)


def test_an_error_that_was_not_displayed_is_said_to_be_above() -> None:
    (above,) = [line for line in rows("cifar_plain110") if line.unit == "%"]
    assert above.published_text == "> 60 %"
    assert above.source == "He et al. 2015, arXiv 1512.03385, figure 6"

"""The presets are the literature's networks, each with its ledger."""

import pytest

from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.figures import UNPUBLISHED, figures
from resnet_studio.spec.presets import entry, preset, presets

NAMES = [
    "digits_resnet8",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "resnext50_32x4d",
    "resnext101_32x8d",
    "resnext101_64x4d",
    "wide_resnet50_2",
    "wide_resnet101_2",
    "plain18",
    "plain34",
    "cifar_resnet20",
    "cifar_resnet32",
    "cifar_resnet44",
    "cifar_resnet56",
    "cifar_resnet110",
    "cifar_resnet1202",
    "cifar_plain20",
    "cifar_plain32",
    "cifar_plain44",
    "cifar_plain56",
    "cifar_plain110",
    "preact_resnet110",
    "preact_resnet164",
    "preact_resnet1001",
    "wrn_16_4",
    "wrn_28_10",
    "edifice_resnet18_cifar",
    "edifice_resnet18",
    "edifice_resnet34",
    "edifice_resnet50",
    "edifice_resnet101",
    "edifice_resnet152",
    "d2l_resnet18",
    "d2l_residual_block",
    "d2l_residual_block_down",
    "d2l_resnext_block",
    "athena_basic",
    "athena_resnet18",
    "athena_cifar_tutorial",
    "athena_cifar",
    "athena_concat",
]


def test_all_are_there_and_named_after_their_networks() -> None:
    assert sorted(presets()) == sorted(NAMES)
    assert all(name == one.name == one.network.name for name, one in presets().items())


def test_the_default_comes_first() -> None:
    assert next(iter(presets())) == "digits_resnet8"


@pytest.mark.parametrize(
    ("name", "errors"),
    [
        ("cifar_resnet20", [8.75]),
        ("cifar_resnet1202", [7.93]),
        ("plain34", [28.54]),
        ("resnet18", [27.88]),
        ("resnet34", [25.03, 24.52]),
        ("resnet152", [21.43]),
        ("wide_resnet50_2", [21.9]),
        ("wrn_16_4", [5.02]),
        ("preact_resnet1001", [4.62, 4.92]),
        ("wrn_28_10", [4.00]),
    ],
)
def test_published_errors(name: str, errors: list[float]) -> None:
    assert [one.value for one in entry(name).published if one.quantity == "top1_error"] == errors


@pytest.mark.parametrize(
    ("name", "accuracies"), [("resnet50", [76.130, 80.858]), ("resnext101_64x4d", [83.246]), ("plain18", [])]
)
def test_published_accuracies(name: str, accuracies: list[float]) -> None:
    assert [one.value for one in entry(name).published if one.quantity == "top1_accuracy"] == accuracies


def test_every_published_figure_has_its_source() -> None:
    assert all(figure.source for one in presets().values() for figure in one.published)


def test_a_plain_twin_differs_in_its_shortcut_alone() -> None:
    for depth in (20, 32, 44, 56, 110):
        twin, plain = preset(f"cifar_resnet{depth}"), preset(f"cifar_plain{depth}")
        assert plain.model_copy(update={"name": twin.name, "shortcut": twin.shortcut}) == twin


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("resnet51", "resnet50"),
        ("ResNet50", "resnet50"),
        ("cifar_resnet21", "cifar_resnet20"),
        ("wide_resnet_50_2", "wide_resnet50_2"),
    ],
)
def test_an_unknown_preset_is_refused_with_the_nearest_names(word: str, nearest: str) -> None:
    with pytest.raises(StudioError, match=rf"There is no preset '{word}'; did you mean .*\b{nearest}\b"):
        preset(word)


def test_a_word_like_no_other_is_refused_with_the_way_to_the_list() -> None:
    with pytest.raises(StudioError, match=r"There is no preset '%%'; `resnet-studio presets` lists them\."):
        preset("%%")


def test_every_preset_has_a_figure_or_says_why_not() -> None:
    for name, one in presets().items():
        assert bool(one.published) != bool(one.unpublished), name
    assert [name for name, one in presets().items() if one.unpublished] == ["digits_resnet8", "athena_concat"]


def test_no_figure_belongs_to_a_preset_that_is_not_there() -> None:
    assert set(figures()) | set(UNPUBLISHED) == set(presets())


def test_figures_are_as_exact_as_they_were_printed() -> None:
    for name, one in presets().items():
        for figure in one.published:
            steps = figure.value / figure.precision
            assert steps == pytest.approx(round(steps), abs=1e-6), (name, figure)


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("cifar_resnet20", [0.27e6]),
        ("cifar_resnet110", [1.7e6]),
        ("cifar_resnet1202", [19.4e6]),
        ("cifar_plain56", [0.85e6]),
        ("preact_resnet1001", [10.2e6]),
        ("wrn_28_10", [36.5e6]),
        ("resnext50_32x4d", [25_028_904, 25.0e6]),
        ("edifice_resnet50", [25_583_592, 25e6]),
    ],
)
def test_published_counts(name: str, counts: list[float]) -> None:
    assert [one.value for one in entry(name).published if one.quantity == "parameters"] == pytest.approx(counts)

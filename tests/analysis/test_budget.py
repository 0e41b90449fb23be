"""One dimension moves, its partner follows, and what is left over is said."""

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from resnet_studio.analysis.budget import Held, Knob, balance, knobs, setting, span, with_setting, words
from resnet_studio.analysis.network import analyse
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset

SMALL_STEM = {"channels": 16, "kernel_size": 3, "stride": 1, "pool": False}


def cost(network: NetworkSpec, hold: Held) -> int:
    value: int = getattr(analyse(network), hold)
    return value


@pytest.mark.parametrize(("groups", "width"), [(1, 64), (2, 40), (4, 24), (8, 14), (32, 4)])
@pytest.mark.parametrize("hold", ["params", "mult_adds"])
def test_cardinality_against_width_at_the_cost_of_resnet50(hold: Held, groups: int, width: int) -> None:
    """Xie et al. 2017, table 2."""
    spec = preset("resnet50")
    found = balance(spec, hold=hold, target=cost(spec, hold), move="cardinality", to=groups, partner="width")
    assert abs(found.partner_value - width) <= 1
    assert abs(found.error) < 0.05
    assert (found.network.groups, found.network.width_per_group) == (groups, found.partner_value)


def test_the_nearest_is_nearer_than_its_neighbours() -> None:
    spec = preset("resnet50")
    target = cost(spec, "mult_adds")
    found = balance(spec, hold="mult_adds", target=target, move="cardinality", to=8, partner="width")
    assert found.reached == cost(found.network, "mult_adds")
    assert found.error == found.reached / target - 1
    for width in (found.partner_value - 1, found.partner_value + 1):
        neighbour = cost(with_setting(found.network, "width", width), "mult_adds")
        assert abs(neighbour - target) >= abs(found.reached - target)


def test_depth_follows_width_in_all_equal_stages() -> None:
    spec = preset("cifar_resnet110")
    found = balance(spec, hold="params", target=cost(spec, "params"), move="width", to=32, partner="depth")
    assert len(set(found.network.block_sizes)) == 1
    assert found.network.block_sizes[0] == found.partner_value == 5
    assert found.network.stage_channels == (32, 64, 128)
    # the stem stays as wide as the first stage
    assert found.network.stem is not None
    assert found.network.stem.channels == 32


@pytest.mark.parametrize(
    ("name", "to", "sizes"),
    [("resnet50", 23, (3, 4, 23, 3)), ("resnet152", 23, (3, 8, 23, 3)), ("resnet18", 3, (3, 3, 3, 3))],
)
def test_depth_is_that_of_the_longest_stage(name: str, to: int, sizes: tuple[int, ...]) -> None:
    assert with_setting(preset(name), "depth", to).block_sizes == sizes


@pytest.mark.parametrize(
    ("channels", "to", "scaled"),
    [
        (64, 48, 48),
        ((64, 128, 256, 512), 48, (48, 96, 192, 384)),
        ((64, 96, 100, 512), 32, (32, 48, 50, 256)),
        ((3, 5, 7, 9), 2, (2, 3, 5, 6)),
    ],
)
def test_channels_scale_together(channels: Any, to: int, scaled: Any) -> None:
    assert with_setting(NetworkSpec(channels=channels), "width", to).channels == scaled


def test_a_stem_of_its_own_width_stays() -> None:
    spec = with_setting(preset("wrn_28_10"), "width", 64)
    assert spec.stem is not None
    assert (spec.stem.channels, spec.stage_channels[0]) == (16, 64)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("resnet18", {"width": "channels of stage 1", "depth": "blocks of each stage"}),
        ("resnet50", {"cardinality": "groups", "width": "width per group", "depth": "blocks of stage 3"}),
        ("athena_basic", {"width": "channels of stage 1", "depth": "blocks of stage 1"}),
    ],
)
def test_the_dimensions_of_a_design(name: str, expected: dict[Knob, str]) -> None:
    spec = preset(name)
    assert {knob: words(spec, knob) for knob in knobs(spec)} == expected


@settings(max_examples=200)
@given(network=st.from_type(NetworkSpec), data=st.data())
def test_a_dimension_is_where_it_was_put(network: NetworkSpec, data: st.DataObject) -> None:
    knob = data.draw(st.sampled_from(knobs(network)))
    low, high = span(network, knob)
    assert low <= setting(network, knob) <= high
    to = data.draw(st.integers(low, high))
    moved = with_setting(network, knob, to)
    assert setting(moved, knob) == to
    assert words(moved, knob) == words(network, knob)
    assert span(moved, knob) == (low, high) or to != setting(network, knob)


@settings(max_examples=200)
@given(network=st.from_type(NetworkSpec), data=st.data())
def test_a_design_that_already_has_its_cost_stays(network: NetworkSpec, data: st.DataObject) -> None:
    move, partner = data.draw(st.permutations(knobs(network)))[:2]
    hold: Held = data.draw(st.sampled_from(("params", "mult_adds")))
    assume(cost(network, hold) > 0)
    found = balance(
        network, hold=hold, target=cost(network, hold), move=move, to=setting(network, move), partner=partner
    )
    assert found.network == network.model_copy(update={"channels": found.network.channels})
    assert found.network.stage_channels == network.stage_channels
    assert found.error == 0


@settings(max_examples=100)
@given(network=st.from_type(NetworkSpec), data=st.data())
def test_what_follows_can_be_built(network: NetworkSpec, data: st.DataObject) -> None:
    move, partner = data.draw(st.permutations(knobs(network)))[:2]
    low, high = span(network, move)
    to = data.draw(st.integers(low, min(high, 4 * setting(network, move))))
    target = cost(network, "params")
    assume(target > 0)
    try:
        found = balance(network, hold="params", target=target, move=move, to=to, partner=partner)
    except StudioError:
        low, high = span(with_setting(network, move, to), partner)
        ends = [with_setting(with_setting(network, move, to), partner, end) for end in (low, high)]
        assert all(analyse(end).errors for end in ends)
        return
    assert analyse(found.network).errors == ()
    assert found.reached == cost(found.network, "params")
    assert (setting(found.network, move), setting(found.network, partner)) == (to, found.partner_value)


@pytest.mark.parametrize(
    ("sizes", "fewest"), [((3, 4, 6, 3), 4), ((3, 6, 4, 3), 5), ((3, 6), 4), ((6, 3), 4), ((5, 5), 1), ((5,), 1)]
)
def test_the_longest_stage_stays_the_longest(sizes: tuple[int, ...], fewest: int) -> None:
    assert span(NetworkSpec(block_sizes=sizes), "depth") == (fewest, 1_000)


def test_designs_of_terabytes_on_the_way_are_no_obstacle() -> None:
    huge = NetworkSpec(input_shape=(3, 32_768, 32_768))
    assert analyse(with_setting(huge, "width", 512)).errors
    found = balance(huge, hold="params", target=cost(huge, "params"), move="depth", to=3, partner="width")
    assert found.partner_value == 51


def test_what_pads_with_zeros_grows_no_narrower_than_its_stem() -> None:
    spec = NetworkSpec.model_validate(
        {
            "shortcut": "zero_pad",
            "channels": 32,
            "block_sizes": (2, 2, 2),
            "stem": SMALL_STEM,
            "input_shape": (3, 32, 32),
        }
    )
    found = balance(spec, hold="params", target=1_000, move="depth", to=2, partner="width")
    assert found.partner_value == 16
    assert found.error > 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            {"move": "width", "partner": "width"},
            "channels of stage 1 can't follow itself; let another dimension follow.",
        ),
        ({"move": "cardinality"}, "resnet18 has basic blocks, which have no groups; use bottleneck blocks."),
        (
            {"partner": "cardinality"},
            "resnet18 has basic blocks, which have no groups; let the depth or width follow.",
        ),
        ({"to": 0}, "channels of stage 1: 0 is outside 1 to 1,024; give one in between."),
        ({"target": 0}, "0 parameters can't be held; give 1 or more."),
    ],
)
def test_what_cannot_be_balanced_is_refused(arguments: dict[str, Any], sentence: str) -> None:
    wanted: dict[str, Any] = {"hold": "params", "target": 10**6, "move": "width", "to": 32, "partner": "depth"}
    with pytest.raises(StudioError) as caught:
        balance(preset("resnet18"), **(wanted | arguments))
    assert str(caught.value) == sentence


def test_a_broken_design_has_no_partner() -> None:
    broken = NetworkSpec(shortcut="identity")
    with pytest.raises(StudioError, match=r"No value of blocks of each stage from 1 to 1,000 gives a design"):
        balance(broken, hold="params", target=10**7, move="width", to=32, partner="depth")

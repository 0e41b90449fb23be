"""What stands for the blocks of long stages, and the sizes of boxes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.analysis.network import analyse
from resnet_studio.gui.pages.design.diagram.parts import box_height, box_width, columns, visible
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset


def test_long_stages_show_their_ends_and_the_block_in_focus() -> None:
    assert visible(3, 24, None) == [(0, 1), (1, 1), (2, 1)]
    assert visible(100, 5, None) == [(0, 1), (1, 1), (2, 96), (98, 1), (99, 1)]
    assert visible(100, 5, 1) == visible(100, 5, None)
    assert visible(100, 5, 50) == [(0, 1), (1, 49), (50, 1), (51, 48), (99, 1)]


@given(blocks=st.integers(1, 300), slots=st.integers(3, 24), share=st.floats(0, 0.999))
def test_every_block_is_there_once_and_the_one_in_focus_by_itself(blocks: int, slots: int, share: float) -> None:
    focus = int(share * blocks)
    runs = visible(blocks, slots, focus)
    assert [number for first, count in runs for number in range(first, first + count)] == list(range(blocks))
    assert (focus, 1) in runs
    assert runs[0] == (0, 1)
    assert len(runs) <= max(slots, 4)


@pytest.mark.parametrize(("side", "height"), [(224, 128.1), (14, 48.1), (7, 28.1), (1, 8.0)])
def test_heights(side: int, height: float) -> None:
    assert box_height(side) == pytest.approx(height, abs=0.1)


@pytest.mark.parametrize(("channels", "width"), [(3, 4), (64, 8), (2048, 28), (65_536 * 64, 72)])
def test_widths(channels: int, width: float) -> None:
    assert box_width(channels) == pytest.approx(width)


def test_stem_and_head_have_a_box_for_each_layer_that_changes_the_shape() -> None:
    parts = {part.name: part for part in columns(analyse(preset("resnet50")), 24, {}, (None, None))}
    assert [piece.solid for piece in parts["stem"].pieces] == [True, False]
    assert [piece.solid for piece in parts["head"].pieces] == [False, True]


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({"shortcut": "identity"}, "28×28 or 56×56?"),
        ({"shortcut": "zero_pad", "channels": (64, 32), "strides": (1, 1)}, "32 or 64 channels?"),
    ],
)
def test_a_broken_stage_says_what_it_can_not_be(fields: dict[str, object], label: str) -> None:
    parts = columns(analyse(NetworkSpec.model_validate({"block_sizes": (2, 2)} | fields)), 24, {}, (None, None))
    assert [(part.shape, part.state) for part in parts[-2:]] == [(label, "faulty"), ("unknown", "unknown")]


def test_a_fault_of_the_head_leaves_the_stages_known() -> None:
    spec = NetworkSpec(input_shape=(3, 32, 32), head="max_flatten")
    parts = columns(analyse(spec), 24, {}, (None, None))
    assert [part.state for part in parts] == ["known"] * 6 + ["faulty"]


def test_a_design_that_is_refused_as_a_whole_is_unknown_from_its_stem_on() -> None:
    spec = NetworkSpec(block_type="bottleneck", block_sizes=(2, 2), channels=(64, 1), width_per_group=4)
    parts = columns(analyse(spec), 24, {}, (None, None))
    assert [part.state for part in parts] == ["known", "unknown", "unknown", "faulty", "unknown"]
    assert [piece.state for piece in parts[3].pieces] == ["faulty", "unknown"]
    # its arcs are not what is wrong
    assert {piece.skip_state for piece in parts[3].pieces} == {"unknown"}

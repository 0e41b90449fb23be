"""Where keys lead, at the edges above all."""

import pytest

from resnet_studio.gui.pages.design.diagram.steps import Place, above, below, edge, existing, moved, moved_stage
from resnet_studio.spec.network import NetworkSpec

WHOLE = NetworkSpec(block_sizes=(2, 3))
BARE = NetworkSpec(block_sizes=(2, 3), stem=None, num_classes=None)


def walk(spec: NetworkSpec, start: Place, by: int) -> list[Place]:
    places = [start]
    while (there := moved(spec, places[-1], by)) != places[-1]:
        places.append(there)
    return places


def test_blocks_one_after_the_other_there_and_back() -> None:
    there = [(0, None), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2), (3, None)]
    assert walk(WHOLE, (0, None), 1) == there
    assert walk(WHOLE, (3, None), -1) == there[::-1]
    assert walk(BARE, (1, 0), 1) == there[1:-1]
    assert walk(BARE, (2, 2), -1) == there[-2:0:-1]


def test_whole_stages_one_after_the_other() -> None:
    assert walk(WHOLE, (1, None), 1) == [(1, None), (2, None), (3, None)]
    assert walk(BARE, (2, None), -1) == [(2, None), (1, None)]


def test_from_nothing_to_either_end() -> None:
    assert [moved(WHOLE, (None, None), by) for by in (1, -1)] == [(0, None), (3, None)]
    assert [moved_stage(BARE, (None, None), by) for by in (1, -1)] == [(1, 0), (2, 2)]
    assert (edge(BARE, last=False), edge(BARE, last=True)) == ((1, 0), (2, 2))


def test_stage_to_stage() -> None:
    assert moved_stage(WHOLE, (1, 1), 1) == (2, 0)
    assert moved_stage(WHOLE, (2, 0), 1) == (3, None)
    assert moved_stage(BARE, (2, 1), 1) == (2, 1)


def test_down_and_up() -> None:
    assert below(WHOLE, (None, None)) == (0, None)
    assert below(BARE, (None, None)) == (1, None)
    assert below(WHOLE, (2, None)) == (2, 0)
    assert below(WHOLE, (0, None)) == (0, None)
    assert above((2, 1)) == (2, None)
    assert above((2, None)) == (None, None)


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        ((2, 2), (2, 2)),
        ((2, 3), (2, None)),
        ((2, None), (2, None)),
        ((0, 1), (0, None)),
        ((3, None), (3, None)),
        ((4, 0), (None, None)),
        ((None, None), (None, None)),
    ],
)
def test_a_selection_older_than_the_network(wanted: Place, there: Place) -> None:
    assert existing(WHOLE, wanted) == there


def test_no_stem_and_no_head_are_no_places() -> None:
    assert existing(BARE, (0, None)) == existing(BARE, (3, None)) == (None, None)

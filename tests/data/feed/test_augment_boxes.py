"""Random rectangles have the areas, ratios and places of torchvision's."""

import numpy as np
import pytest
import torch
from torchvision.transforms import RandomErasing, RandomResizedCrop

from resnet_studio.data.draws import Draws
from resnet_studio.data.feed.augment_boxes import crop_boxes, cutout_boxes, erased_boxes, filled

COUNT = 4000
DRAWS = Draws(np.arange(COUNT), 0, 0)
SPREAD = (0.05, 0.25, 0.5, 0.75, 0.95)


@pytest.mark.parametrize("size", [(32, 32), (24, 40)])
def test_boxes_of_crops_are_distributed_as_torchvisions(size: tuple[int, int]) -> None:
    mine = crop_boxes(DRAWS, 0.08, size)
    torch.manual_seed(0)
    image = torch.zeros(1, *size)
    theirs = np.array([RandomResizedCrop.get_params(image, [0.08, 1.0], [3 / 4, 4 / 3]) for _ in range(COUNT)])
    for column in range(4):
        expected = np.quantile(theirs[:, column], SPREAD)
        assert np.quantile(mine[:, column], SPREAD) == pytest.approx(expected, rel=0.1, abs=1)
    areas = [np.quantile(boxes[:, 2] * boxes[:, 3], SPREAD) for boxes in (mine, theirs)]
    assert areas[0] == pytest.approx(areas[1], rel=0.1)
    height, width = size
    assert mine.min() >= 0
    assert (mine[:, 0] + mine[:, 2]).max() == height
    assert (mine[:, 1] + mine[:, 3]).max() == width


def test_where_no_box_fits_it_is_the_largest_in_the_middle() -> None:
    # a whole image of 10 to 1 has no box of its area with sides of 4 to 3
    assert np.unique(crop_boxes(DRAWS, 1.0, (8, 80)), axis=0).tolist() == [[0, 34, 8, 11]]
    assert np.unique(crop_boxes(DRAWS, 1.0, (80, 8)), axis=0).tolist() == [[34, 0, 11, 8]]


def test_erased_rectangles_are_distributed_as_torchvisions() -> None:
    boxes = erased_boxes(DRAWS, 0.25, (32, 40))
    sides = boxes[:, 2:] - boxes[:, :2]
    hit = sides.min(1) > 0
    assert hit.mean() == pytest.approx(0.25, abs=0.03)
    assert (sides[~hit] == 0).all()
    mine = np.column_stack([boxes, sides])[hit]
    torch.manual_seed(0)
    image = torch.zeros(1, 32, 40)
    found = [RandomErasing.get_params(image, (0.02, 0.33), (0.3, 3.3), [0.0])[:4] for _ in range(COUNT)]
    theirs = np.array([[top, left, top + tall, left + wide, tall, wide] for top, left, tall, wide in found])
    for column in range(6):
        expected = np.quantile(theirs[:, column], SPREAD)
        assert np.quantile(mine[:, column], SPREAD) == pytest.approx(expected, rel=0.12, abs=1.5)
    assert (boxes[:, 2:] <= (32, 40)).all()


def test_always_and_never() -> None:
    # ten rectangles in a row that don't fit are rare
    sides = [np.diff(erased_boxes(DRAWS, share, (32, 32))[:, ::2]) > 0 for share in (0.0, 1.0)]
    assert not sides[0].any()
    assert sides[1].mean() > 0.99


def test_a_rectangle_of_each_image_is_filled() -> None:
    images = torch.randint(0, 256, (3, 2, 6, 7), generator=torch.Generator().manual_seed(0)).float()
    boxes = torch.tensor([[0, 0, 0, 0], [1, 2, 4, 7], [5, 6, 6, 7]]).float()
    outcome = filled(images, boxes, torch.tensor([-1.0, -2.0]).view(1, 2, 1, 1))
    expected = images.clone()
    for image, (top, left, bottom, right) in zip(expected, boxes.int().tolist(), strict=True):
        image[0, top:bottom, left:right], image[1, top:bottom, left:right] = -1, -2
    assert torch.equal(outcome, expected)


@pytest.mark.parametrize("side", [1, 4, 5])
def test_the_middle_of_a_cutout_is_every_pixel_equally_often(side: int) -> None:
    height, width = 6, 9
    boxes = cutout_boxes(Draws(np.arange(60_000), 0, 0), side, (height, width)).astype(int)
    places, counts = np.unique(boxes, axis=0, return_counts=True)
    # an even side has its middle right and below of the true one, as in the paper's code
    expected = [
        [max(0, row - side // 2), max(0, column - side // 2), min(height, row - side // 2 + side),
         min(width, column - side // 2 + side)]
        for row in range(height)
        for column in range(width)
    ]  # fmt: skip
    assert places.tolist() == sorted(expected)
    share = 60_000 / (height * width)
    # chi-square of 53 degrees of freedom exceeds 90 once in a thousand
    assert ((counts - share) ** 2 / share).sum() < 90


def test_a_cutout_has_its_whole_area_but_at_the_edges() -> None:
    side, size = 6, (20, 24)
    images = torch.zeros(COUNT, 1, *size)
    boxes = cutout_boxes(DRAWS, side, size)
    areas = filled(images, torch.from_numpy(boxes), torch.ones(1, 1, 1, 1)).sum((1, 2, 3)).numpy()
    inside = (boxes[:, :2] > 0).all(1) & (boxes[:, 2:] < size).all(1)
    assert (areas[inside] == side * side).all()
    assert areas.min() == (side // 2) ** 2
    assert areas.max() == side * side
    # the mean over all middles: at each end of a side, its places beyond the edge are lost
    mean = np.prod(
        [side - sum(range(1, side // 2 + 1)) / length - sum(range(1, side // 2)) / length for length in size]
    )
    assert areas.mean() == pytest.approx(mean, rel=0.01)


def test_a_cutout_larger_than_the_image_leaves_nothing_or_little() -> None:
    assert np.unique(cutout_boxes(DRAWS, 4096, (8, 12)), axis=0).tolist() == [[0, 0, 8, 12]]

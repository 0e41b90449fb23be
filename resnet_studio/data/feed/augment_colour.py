"""Colours of augmented images: each function changes all images at once, each image by its own amount.

Images are float32 (n, C, H, W), whole numbers from 0 to 255, and so is what comes out; amounts are (n,). Values are
cut to whole numbers where torchvision cuts them, so that the outcome is its own, up to the last digit of a product.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from resnet_studio.data.draws import Draws, Purpose, Reals

_GREY = (0.2989, 0.587, 0.114)
"""Shares of red, green and blue in grey (ITU-R BT.601)."""
_MOST = 255


def jitter_draw(draws: Draws, change: float, turn: float) -> Reals:
    """Draw the factors of brightness, contrast and saturation, even about 1, and the turn of the hue, (n, 4).

    Args:
        draws: of the images, (n,).
        change: how far from 1.
        turn: largest turn to either side, as a share of the colour circle.
    """
    factors = (Purpose.BRIGHTNESS, Purpose.CONTRAST, Purpose.SATURATION)
    columns = [draws.uniform(purpose, low=1 - change, high=1 + change) for purpose in factors]
    return np.stack([*columns, draws.uniform(Purpose.HUE, low=-turn, high=turn)], 1)


def jittered(images: Tensor, drawn: Tensor, *, turns: bool) -> Tensor:
    """Return the images in other colours: brightness, contrast, saturation and hue, always in this order.

    torchvision draws the order, too, which would cost half the speed and show little: brightness, contrast and
    saturation commute, but for what is cut at black and white. On photographs, a jitter of 0.4 with a hue of 0.1
    changes a value by 30 of 255 on average, and any other order of it by another 0.3 to 2.

    Args:
        images: (n, C, H, W).
        drawn: see `jitter_draw`, float32 (n, 4).
        turns: whether the hue changes at all.
    """
    by_brightness, by_contrast, by_saturation, turn = drawn.unbind(1)
    images = saturation(contrast(brightness(images, by_brightness), by_contrast), by_saturation)
    return hue(images, turn) if turns else images


def brightness(images: Tensor, factors: Tensor) -> Tensor:
    """Return the images multiplied by a factor: 0 is black, 1 the image."""
    return (images * _each(factors)).clamp_(max=_MOST).floor_()


def contrast(images: Tensor, factors: Tensor) -> Tensor:
    """Return the images with their distance from their mean grey multiplied by a factor: 0 is one grey."""
    grey = _grey(images).floor_()
    # whole numbers all the way, so that neither threads nor the size of the batch decide how a sum is rounded
    total = grey.sum(3, keepdim=True).long().sum(2, keepdim=True)
    return _blended(images, total / grey[0].numel(), factors)


def saturation(images: Tensor, factors: Tensor) -> Tensor:
    """Return colour images with their distance from their grey multiplied by a factor, and grey ones as they are."""
    return images if images.shape[1] == 1 else _blended(images, _grey(images).floor_(), factors)


def hue(images: Tensor, shifts: Tensor) -> Tensor:
    """Return colour images with their hue turned by a share of the colour circle, and grey ones as they are."""
    if images.shape[1] == 1:
        return images
    # sums, least and largest values alone: to ask each pixel which of its channels is the largest takes three times as
    # long
    red, green, blue = images.unbind(1)
    value, lowest = (each(each(red, green), blue) for each in (torch.maximum, torch.minimum))
    spread = value - lowest
    # sixths of the circle from red, 0 to 3, to the one or the other side
    distance = (green + blue).sub_(red).sub_(lowest).add_(spread).div_(spread.clamp(min=1))
    side = (green - blue).mul_(2).add_(1).clamp_(-1, 1)
    sector = distance.mul_(side).add_(6 * shifts.view(-1, 1, 1))
    sector.sub_((sector / 6).round_(), alpha=6)
    # by how much of the spread red, green and blue fall short: it depends on how far away they are on the circle
    shares = (sector.abs().sub_(1), *((sector - place).abs_().sub_(3).abs_().neg_().add_(2) for place in (2, -2)))
    turned = torch.empty_like(images)
    for channel, share in enumerate(shares):
        torch.sub(value, share.clamp_(0, 1).mul_(spread), out=turned[:, channel])
    # a value is a share of 255.999, cut: as torchvision goes back to whole numbers
    return turned.mul_(255.999 / _MOST).floor_()


def sharpness(images: Tensor, factors: Tensor) -> Tensor:
    """Return the images with their distance from a blurred copy multiplied by a factor: 0 is blurred.

    The outermost pixels stay; images of less than three pixels a side stay whole.
    """
    if min(images.shape[2:]) < 3:
        return images
    inner = images[:, :, 1:-1, 1:-1]
    # of thirteen parts, the middle has five and each neighbour one
    blurred = (avg_pool2d(images, 3, stride=1) * 9 + inner * 4).div_(13).round_()
    changed = images.clone()
    changed[:, :, 1:-1, 1:-1] = _blended(inner, blurred, factors)
    return changed


def posterized(images: Tensor, bits: Tensor) -> Tensor:
    """Return the images with only the highest bits of each value, 1 to 8."""
    step = torch.exp2(8 - _each(bits))
    return (images / step).floor_().mul_(step)


def solarized(images: Tensor, thresholds: Tensor) -> Tensor:
    """Return the images with every value from a threshold on inverted."""
    return torch.where(images >= _each(thresholds), _MOST - images, images)


def autocontrasted(images: Tensor) -> Tensor:
    """Return the images with each channel stretched to the whole range; a channel of one value stays."""
    lowest, highest = images.amin((2, 3), keepdim=True), images.amax((2, 3), keepdim=True)
    spread = highest - lowest
    is_flat = spread == 0
    stretched = (images - lowest).div_(spread.clamp_(min=1).mul_(1 / _MOST)).clamp_(0, _MOST).floor_()
    return torch.where(is_flat, images, stretched)


def equalized(images: Tensor) -> Tensor:
    """Return the images with the values of each channel about equally often, as Pillow does it."""
    flat = images.flatten(2).long()
    counts = torch.zeros((*flat.shape[:2], 256), dtype=torch.int64, device=images.device)
    counts.scatter_add_(2, flat, torch.ones_like(flat))
    below = counts.cumsum(2)
    # the first place of the largest sum is the largest value
    of_largest = counts.gather(2, below.argmax(2, keepdim=True))
    step = (flat.shape[2] - of_largest).div_(_MOST, rounding_mode="floor")
    table = torch.zeros_like(below)
    table[:, :, 1:] = (below[:, :, :-1] + step // 2).div_(step.clamp(min=1), rounding_mode="floor")
    changed = table.clamp_(0, _MOST).gather(2, flat).view(images.shape).to(images.dtype)
    return torch.where((step > 0).unsqueeze(3), changed, images)


def _blended(images: Tensor, others: Tensor, factors: Tensor) -> Tensor:
    share = _each(factors)
    return (images * share).add_(others * (1 - share)).clamp_(0, _MOST).floor_()


def _grey(images: Tensor) -> Tensor:
    """Return the grey of each pixel, (n, 1, H, W)."""
    if images.shape[1] == 1:
        return images.clone()
    red, green, blue = (images[:, channel : channel + 1] * share for channel, share in enumerate(_GREY))
    return red.add_(green).add_(blue)


def _each(amounts: Tensor) -> Tensor:
    return amounts.view(-1, 1, 1, 1)

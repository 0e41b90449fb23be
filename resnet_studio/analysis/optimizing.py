"""What an optimiser's own arithmetic costs beside that of a step, and which one `auto` stands for."""

from resnet_studio.analysis.cost import backward_flops, forward_flops
from resnet_studio.analysis.layers import Layer
from resnet_studio.analysis.network import Analysis
from resnet_studio.spec.training import Optimizer, TrainingSpec

ROUNDS = 5
"""Of Newton and Schulz's iteration in each of Muon's steps."""
MUON_UP_TO = 1 / 4
"""Share of a step's operations that Muon's may be for `auto` to take it.

With it cifar_resnet20 gets to 89.7 and 90.1 % on CIFAR-10 in 12 epochs, with SGD to 88.1 to 88.6 %: more would pay too,
but small products run slower than convolutions.
"""


def muon_flops(analysis: Analysis) -> int:
    """Return the floating-point operations of Muon in a step, for the convolutions of all known stages.

    The bank of filters of each group of channels is a matrix of r rows and c columns, r the lesser: a round of Newton
    and Schulz's iteration is two products with it, 2 r r c each, and one of squares, 2 r r r.
    """
    # equal blocks once: this is asked at every edit
    total = 0
    for stage in analysis.stages:
        total += sum(map(_turned, stage.own_layers))
        total += sum(group.count * sum(map(_turned, group.block.layers)) for group in stage.groups)
    return total


def muon_share(analysis: Analysis, training: TrainingSpec) -> float:
    """Return Muon's operations in a step as a share of those of forward and backward, 0 where these are none.

    Args:
        analysis: of the network, with the input it is trained on.
        training: batch size and accumulation.
    """
    images = training.batch_size * training.accumulate
    step = (forward_flops(analysis) + backward_flops(analysis)) * images
    return muon_flops(analysis) / step if step else 0.0


def chosen_optimizer(analysis: Analysis, training: TrainingSpec) -> Optimizer:
    """Return the optimiser of a training; for `auto` Muon, or SGD where Muon's operations would weigh in the step's.

    Wide layers at low resolution are what makes them weigh: each filter is turned once a step, however few positions
    it has and however few images there are.

    Args:
        analysis: of the network, with the input it is trained on.
        training: optimiser, batch size and accumulation.
    """
    if training.optimizer != "auto":
        return training.optimizer
    return "muon" if muon_share(analysis, training) <= MUON_UP_TO else "sgd"


def _turned(row: Layer) -> int:
    if row.kind != "conv":
        return 0
    groups, kernel = row.groups or 1, row.kernel_size or 1
    sides = row.output_shape[0] // groups, row.input_shape[0] // groups * kernel * kernel
    lesser, greater = min(sides), max(sides)
    return groups * ROUNDS * (4 * lesser * lesser * greater + 2 * lesser**3)

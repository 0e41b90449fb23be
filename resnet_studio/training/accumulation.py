"""How the batches of an epoch make steps, where the gradients of several are added up."""

from dataclasses import dataclass

from resnet_studio.spec.training import TrainingSpec


@dataclass(frozen=True)
class Accumulation:
    """The batches of a step and the steps of an epoch.

    Attributes:
        batches: in a step.
        steps: in an epoch.
        remarks: sentences on what a user would not expect.
    """

    batches: int
    steps: int
    remarks: tuple[str, ...] = ()


def accumulation(training: TrainingSpec, batches: int) -> Accumulation:
    """Return how the batches of an epoch make its steps.

    Args:
        training: batch size and accumulation.
        batches: whole ones in an epoch, at least one.
    """
    wanted, size = training.accumulate, training.batch_size
    together = min(wanted, batches)
    steps, rest = divmod(batches, together)
    remarks: tuple[str, ...] = ()
    if wanted > batches:
        remarks = (f"An epoch has fewer than {wanted:,} batches of {size:,} images to add up, so that it is one step.",)
    elif rest:
        remarks = (
            f"{wanted:,} batches make a step: of the {batches:,} of an epoch, {rest:,} (of other images each time) "
            f"{'is' if rest == 1 else 'are'} left out, as with batches of {wanted * size:,}.",
        )
    return Accumulation(together, steps, remarks)

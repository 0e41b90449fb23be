"""Where the keys lead from one place of a network to the next: from block to block, down into a stage, up out of it."""

from resnet_studio.spec.network import NetworkSpec

Place = tuple[int | None, int | None]
"""Stage (0 the stem, then the stages, then the head) and block (from 0); none for all of it."""


def moved(spec: NetworkSpec, place: Place, by: int) -> Place:
    """Return the next block (`by` 1) or the one before (-1); from a whole stage the next stage. Stays at the ends."""
    stage, block = place
    if stage is None:
        return edge(spec, last=by < 0)
    if block is None and 0 < stage <= len(spec.block_sizes):
        return _at(spec, stage + by, None, place)
    if block is not None and 0 <= block + by < spec.block_sizes[stage - 1]:
        return stage, block + by
    beyond = stage + by
    last = spec.block_sizes[beyond - 1] - 1 if by < 0 and 0 < beyond <= len(spec.block_sizes) else 0
    return _at(spec, beyond, last, place)


def moved_stage(spec: NetworkSpec, place: Place, by: int) -> Place:
    """Return the next stage (`by` 1) or the one before (-1), at its first block where a block was selected."""
    stage, block = place
    if stage is None:
        return edge(spec, last=by < 0)
    return _at(spec, stage + by, None if block is None else 0, place)


def edge(spec: NetworkSpec, *, last: bool) -> Place:
    """Return the first or the last place of a network."""
    stages = len(spec.block_sizes)
    if last:
        return _at(spec, stages + 1, None, (stages, spec.block_sizes[-1] - 1))
    return _at(spec, 0, None, (1, 0))


def below(spec: NetworkSpec, place: Place) -> Place:
    """Return what is inside a place: the first stage of the network, the first block of a stage."""
    stage, block = place
    if stage is None:
        return _at(spec, 0, None, (1, None))
    return (stage, 0) if block is None and 0 < stage <= len(spec.block_sizes) else place


def above(place: Place) -> Place:
    """Return what a place is inside of: the stage of a block, the whole network of a stage."""
    stage, block = place
    return (None, None) if block is None else (stage, None)


def existing(spec: NetworkSpec, place: Place) -> Place:
    """Return a place as far as the network has it: a selection may be older than the network."""
    stage, block = place
    if stage is None or _at(spec, stage, block, (None, None)) == (None, None):
        return None, None
    has_block = block is not None and 0 < stage <= len(spec.block_sizes) and block < spec.block_sizes[stage - 1]
    return stage, block if has_block else None


def _at(spec: NetworkSpec, stage: int, block: int | None, otherwise: Place) -> Place:
    """Return a place where the network has it, else another one; stem and head have no blocks."""
    stages = len(spec.block_sizes)
    if stage == 0 and spec.stem:
        return 0, None
    if stage == stages + 1 and spec.num_classes is not None:
        return stages + 1, None
    return (stage, block) if 0 < stage <= stages else otherwise

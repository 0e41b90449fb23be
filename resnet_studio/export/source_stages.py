"""The stages of a readable module: the function that makes one, and how it is called."""

from resnet_studio.export.source_parts import Design
from resnet_studio.export.source_text import call


def stage_function(design: Design) -> list[str]:
    """Return the lines of the function that makes a stage; none where every stage is a single block."""
    spec = design.spec
    if max(spec.block_sizes) == 1:
        return []
    path = [f"{name}: int" for name in design.channels]
    first = ["first: int"] if design.drop_path else []
    stride = ["stride: int = 1"] if design.strided else []
    head = call(0, "def stage(", [*path, "blocks: int", *first, *stride], ") -> nn.Sequential:")
    takes = "; the first one takes the stride" if design.strided else ""
    if not design.drop_path and not design.concat:
        return [*head, f'    """Return so many blocks in a row{takes}."""', *_plain_stage(design)]
    if design.drop_path:
        doc = "Return blocks numbered from `first`: later ones are dropped more often."
    else:
        doc = "Return blocks in a row, each wider than the one before it."
    rate = [f"{spec.drop_path!r} * number / {sum(spec.block_sizes)}"] if design.drop_path else []
    names = [*design.channels, *rate, *(["stride"] if design.strided else [])]
    numbers = "number in range(first, first + blocks)" if design.drop_path else "_ in range(blocks)"
    made = call(8, "layers.append(", [f"{design.block}({', '.join(names)})"])
    return [
        *head,
        f'    """{doc}"""',
        "    layers: list[nn.Module] = []",
        f"    for {numbers}:",
        *made,
        *_next_before(design),
        "    return nn.Sequential(*layers)",
    ]


def stage_call(design: Design, number: int) -> tuple[str, list[str]]:
    """Return the head and the arguments of the call that makes a stage, by its number from 1."""
    spec, stage = design.spec, next(stage for stage in design.analysis.stages if stage.number == number)
    first = stage.groups[0].block
    before, after = first.input.shape[0], first.main_shape[0]
    channels = [before, after]
    if spec.block_type == "bottleneck":
        channels.insert(1, next(row for row in first.layers if row.path == "conv1").output_shape[0])
    arguments = [str(value) for value in channels]
    stride = spec.strides[number - 1]
    strides = [f"stride={stride}"] if stride != 1 else []
    built = sum(spec.block_sizes[: number - 1])
    if max(spec.block_sizes) > 1:
        numbered = [f"first={built + 1}"] if design.drop_path else []
        return "stage(", [*arguments, f"blocks={spec.block_sizes[number - 1]}", *numbered, *strides]
    rate = [f"drop_path={spec.drop_path!r} * {built + 1} / {len(spec.block_sizes)}"] if design.drop_path else []
    return f"{design.block}(", [*arguments, *rate, *strides]


def _plain_stage(design: Design) -> list[str]:
    """Return the body of a stage of blocks that are all alike but the first."""
    names = design.channels
    first = f"{design.block}({', '.join([*names, *(['stride'] if design.strided else [])])})"
    other = f"{design.block}({', '.join([names[-1], *names[1:]])})"
    return [
        f"    first = {first}",
        f"    rest = [{other} for _ in range(blocks - 1)]",
        "    return nn.Sequential(first, *rest)",
    ]


def _next_before(design: Design) -> list[str]:
    """Return the lines that say what the next block of a stage takes."""
    end = design.channels[-1]
    if not design.concat:
        return [f"        before, stride = {end}, 1" if design.strided else f"        before = {end}"]
    reset = ["        stride = 1"] if design.strided else []
    if "projection" not in design.shortcuts:
        return [f"        before += {end}", *reset]
    return [f"        before = {end} + ({end} if stride != 1 else before)", *reset]

"""A design as the Python module that a person would write: torch alone, the same weights, the same numbers."""

from resnet_studio.analysis.layers import text
from resnet_studio.analysis.network import analyse
from resnet_studio.export.source_blocks import block_class
from resnet_studio.export.source_parts import Design
from resnet_studio.export.source_stages import stage_call, stage_function
from resnet_studio.export.source_text import call, class_name, harmless
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.network import NetworkSpec

_TAKEN = {
    "BasicBlock",
    "Bottleneck",
    "DropPath",
    "GroupNorm",
    "PlainBlock",
    "PlainBottleneck",
    "Tensor",
    "ZeroPad",
}


def python_source(network: NetworkSpec) -> str:
    """Return a readable Python module that defines a design, with torch alone and without the studio.

    It has one class for the block, with what this design uses and nothing else, and one for the network, named after
    the design. Keys, shapes and order of its state dict are those of `resnet_studio.model.build`, so that exported
    weights load with `strict=True`; outputs and first weights from the same seed are equal, bit for bit. Run as a
    program, it builds the network and prints its output shape and its parameters. Needs torch 2.4 or newer.

    Raises:
        StudioError: the design can't be built; the sentence is its first finding.
    """
    analysis = analyse(network)
    if analysis.errors:
        raise StudioError(f"{network.name} can't be built: {analysis.errors[0].message}.")
    design = Design(analysis)
    name = class_name(network.name, _TAKEN)
    parts = [
        *design.helpers(),
        block_class(design),
        stage_function(design),
        _first_weights(design),
        _network_class(design, name),
        _program(design, name),
    ]
    blocks = ["\n".join(lines) for lines in parts if lines]
    return "\n\n\n".join(["\n".join(_top(design)), *blocks]) + "\n"


def _top(design: Design) -> list[str]:
    analysis, spec = design.analysis, design.spec
    result = "features" if spec.num_classes is None else f"{spec.num_classes:,} classes"
    kind = "plain" if "none" in design.shortcuts else "residual"
    return [
        f'"""{harmless(spec.name, 50)}: a {kind} network in PyTorch.',
        "",
        f"Input {text(spec.input_shape)}, output {result}: {analysis.params:,} parameters,",
        f"{analysis.mult_adds:,} multiply-adds an image.",
        "Weights exported by ResNet Studio load into it with `strict=True`.",
        '"""',
        "",
        "import torch",
        "from torch import Tensor, nn",
    ]


def _first_weights(design: Design) -> list[str]:
    lines = [
        "def draw_weights(module: nn.Module) -> None:",
        '    """Draw the weights of convolutions as He et al. 2015 (arXiv 1502.01852) did."""',
        "    if isinstance(module, nn.Conv2d):",
        '        nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")',
    ]
    spec = design.spec
    if not spec.zero_init_residual:
        return lines
    last = 3 if spec.block_type == "bottleneck" else 2
    by_norm = spec.norm != "none" and not spec.preactivation
    layer = f"module.{'bn' if by_norm else 'conv'}{last}"
    # called for the parts of a module before the module itself
    lines.append(f"    if isinstance(module, {design.block}):  # starts as zero (Goyal et al. 2017)")
    if by_norm or not spec.conv_bias:
        return [*lines, f"        nn.init.zeros_({layer}.weight)"]
    return [
        *lines,
        f"        for weight_or_bias in {layer}.parameters():",
        "            nn.init.zeros_(weight_or_bias)",
    ]


def _network_class(design: Design, name: str) -> list[str]:
    spec = design.spec
    shape = design.analysis.stages[-1].output_shape
    result = f"{'features' if spec.num_classes is None else 'logits'} ({', '.join(['N', *map(str, shape)])})"
    images = f"({', '.join(['N', *map(str, spec.input_shape)])})"
    return [
        f"class {name}(nn.Module):",
        f'    """The whole network, {design.analysis.depth:,} layers deep."""',
        "",
        "    def __init__(self) -> None:",
        "        super().__init__()",
        *_stem(design),
        *_stages(design),
        *_head(design),
        "        self.apply(draw_weights)",
        "",
        "    def forward(self, x: Tensor) -> Tensor:",
        f'        """Return {result} of images {images}."""',
        *_forward(design),
    ]


def _stem(design: Design) -> list[str]:
    spec, stem = design.spec, design.spec.stem
    if stem is None:
        return []
    channels, side = stem.channels or spec.stage_channels[0], stem.kernel_size
    arguments = design.conv(spec.input_shape[0], channels, side, stem.stride, side // 2)
    lines = call(8, "self.conv1 = nn.Conv2d(", arguments)
    if design.stem_norm != "none":
        lines.append(f"        self.bn1 = {design.norm(channels, design.stem_norm)}")
    if not spec.preactivation:
        lines.append(f"        self.{spec.activation} = {design.activation()}")
    return [*lines, "        self.maxpool = nn.MaxPool2d(3, 2, padding=1)"] if stem.pool else lines


def _stages(design: Design) -> list[str]:
    lines: list[str] = []
    for number in range(1, len(design.spec.block_sizes) + 1):
        head, arguments = stage_call(design, number)
        if head == "stage(":
            lines += call(8, f"self.layer{number} = {head}", arguments)
        else:
            lines += call(8, f"self.layer{number} = nn.Sequential(", [f"{head}{', '.join(arguments)})"])
    return lines


def _head(design: Design) -> list[str]:
    spec = design.spec
    if spec.num_classes is None:
        return []
    lines, stages = [], design.analysis.stages
    if spec.preactivation:
        if spec.norm != "none":
            lines.append(f"        self.norm_last = {design.norm(stages[-2].output_shape[0])}")
        lines.append(f"        self.{spec.activation} = {design.activation()}")
    pool = "avgpool = nn.AdaptiveAvgPool2d(1)" if spec.head == "global_avg" else "maxpool_last = nn.MaxPool2d(2)"
    lines.append(f"        self.{pool}")
    if spec.dropout:
        lines.append(f"        self.dropout = nn.Dropout({spec.dropout!r})")
    features = stages[-1].own_layers[-1].input_shape[0]
    return [*lines, f"        self.fc = nn.Linear({features}, {spec.num_classes})"]


def _forward(design: Design) -> list[str]:
    """Return the lines that run the network, with the shape behind each part."""
    spec, act = design.spec, f"self.{design.spec.activation}"
    shapes = [f"  # {text(stage.output_shape)}" for stage in design.analysis.stages]
    lines = []
    if spec.stem:
        inner = "self.conv1(x)" if design.stem_norm == "none" else "self.bn1(self.conv1(x))"
        lines.append(f"x = {inner}" if spec.preactivation else f"x = {act}({inner})")
        lines += ["x = self.maxpool(x)"] if spec.stem.pool else []
        lines[-1] += shapes.pop(0)
    lines += [f"x = self.layer{number}(x){shapes.pop(0)}" for number in range(1, len(spec.block_sizes) + 1)]
    if spec.num_classes is not None:
        if spec.preactivation:
            lines.append(f"x = {act}({'x' if spec.norm == 'none' else 'self.norm_last(x)'})")
        pool = "avgpool" if spec.head == "global_avg" else "maxpool_last"
        lines.append(f"x = self.{pool}(x).flatten(1)")
        lines.append("x = self.fc(self.dropout(x))" if spec.dropout else "x = self.fc(x)")
    lines[-1] = lines[-1].replace("x =", "return", 1)
    return [f"        {line}" for line in lines]


def _program(design: Design, name: str) -> list[str]:
    shape = ", ".join(map(str, design.spec.input_shape))
    return [
        'if __name__ == "__main__":',
        f"    model = {name}().eval()",
        "    with torch.inference_mode():",
        f"        output = model(torch.zeros(1, {shape}))",
        "    count = sum(parameter.numel() for parameter in model.parameters())",
        '    print(f"output {tuple(output.shape)}, {count:,} parameters")',
    ]

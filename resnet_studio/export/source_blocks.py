"""The block of a readable module: its class, with the branches that the design uses and no other."""

from resnet_studio.export.source_parts import Design
from resnet_studio.export.source_text import call


def block_class(design: Design) -> list[str]:
    """Return the lines of the class of the residual block."""
    return [
        f"class {design.block}(nn.Module):",
        f'    """{_meaning(design)}"""',
        "",
        *call(4, "def __init__(", ["self", *_parameters(design)], ") -> None:"),
        "        super().__init__()",
        *_main_path(design),
        *_extras(design),
        *_shortcut(design),
        "",
        "    def forward(self, x: Tensor) -> Tensor:",
        f'        """Take (N, before, H, W), return {_result(design)}."""',
        *(_preactivated(design) if design.spec.preactivation else _postactivated(design)),
    ]


def _meaning(design: Design) -> str:
    spec = design.spec
    if spec.block_type == "bottleneck":
        # both words would be one too many for a line
        grouped = "grouped " if spec.groups > 1 and not spec.preactivation else ""
        what = f"1x1, {grouped}3x3 and 1x1 convolutions"
    else:
        what = "Two 3x3 convolutions"
    if "none" in design.shortcuts:
        return f"{what}{', pre-activated,' if spec.preactivation else ''} without a shortcut."
    if spec.preactivation:
        return f"{what}, pre-activated, and a shortcut (He et al. 2016)."
    return f"{what} beside a shortcut ({'Xie et al. 2017' if spec.groups > 1 else 'He et al. 2015'})."


def _parameters(design: Design) -> list[str]:
    parameters = [f"{name}: int" for name in design.channels]
    parameters += ["drop_path: float"] if design.drop_path else []
    return [*parameters, "stride: int = 1"] if design.strided else parameters


def _main_path(design: Design) -> list[str]:
    """Return the lines that make convolutions, norms and the nonlinearity, in the order of the weights."""
    spec, stride = design.spec, "stride" if design.strided else 1
    if spec.block_type == "bottleneck":
        early, late = (stride, 1) if spec.stride_on == "1x1" else (1, stride)
        convolutions = [
            ("before", "width", design.conv("before", "width", 1, early, 0)),
            ("width", "width", design.conv("width", "width", 3, late, 1, spec.groups)),
            ("width", "after", design.conv("width", "after", 1, 1, 0)),
        ]
    else:
        convolutions = [
            ("before", "channels", design.conv("before", "channels", 3, stride, 1)),
            ("channels", "channels", design.conv("channels", "channels", 3, 1, 1)),
        ]
    lines = []
    for number, (before, after, arguments) in enumerate(convolutions, 1):
        lines += call(8, f"self.conv{number} = nn.Conv2d(", arguments)
        if spec.norm != "none":
            lines.append(f"        self.bn{number} = {design.norm(before if spec.preactivation else after)}")
    # without a norm the nonlinearity stands on the input itself, which the shortcut still needs
    in_place = not (spec.preactivation and spec.norm == "none")
    return [*lines, f"        self.{spec.activation} = {design.activation(in_place=in_place)}"]


def _extras(design: Design) -> list[str]:
    lines = [f"        self.dropout = nn.Dropout({design.spec.block_dropout!r})"] if design.spec.block_dropout else []
    return [*lines, "        self.drop_path = DropPath(drop_path)"] if design.drop_path else lines


def _shortcut(design: Design) -> list[str]:
    """Return the lines that make `downsample`."""
    kinds, end = design.shortcuts, design.channels[-1]
    stride: str | int = "stride" if design.strided else 1
    conditions = ["stride != 1"] if design.strided else []
    conditions += [] if design.concat else [f"before != {end}"]
    changes = " or ".join(conditions)
    if "zero_pad" in kinds:
        made = f"ZeroPad(before, {end}, {stride})"
        if "identity" not in kinds:
            return [f"        self.downsample = {made}"]
        return [
            "        self.downsample: nn.Module = nn.Identity()",
            f"        if {changes}:  # option A of He et al. 2015",
            f"            self.downsample = {made}",
        ]
    if "projection" not in kinds:
        return []
    conv = f"nn.Conv2d({', '.join(design.conv('before', end, 1, stride, 0))})"
    normed = design.spec.shortcut_norm and design.spec.norm != "none"
    parts = [conv, design.norm(end)] if normed else [conv]
    if "identity" not in kinds:
        return _sequence(8, parts)
    nothing = (
        "        self.downsample: nn.Module | None = None"
        if design.spec.preactivation
        else "        self.downsample: nn.Module = nn.Identity()"
    )
    # paths that stand side by side are none of the paper's
    option = "" if design.concat else "  # option B of He et al. 2015"
    return [nothing, f"        if {changes}:{option}", *_sequence(12, parts)]


def _sequence(indent: int, parts: list[str]) -> list[str]:
    space = " " * indent
    if len(parts) == 1:
        return call(indent, "self.downsample = nn.Sequential(", parts)
    return [f"{space}self.downsample = nn.Sequential(", *(f"{space}    {part}," for part in parts), f"{space})"]


def _postactivated(design: Design) -> list[str]:
    act, last = f"self.{design.spec.activation}", _last(design)
    lines, before = [], "x"
    for number in range(1, last):
        lines.append(f"        y = {act}({_normed(design, number, f'self.conv{number}({before})')})")
        before = "y"
    before = "self.dropout(y)" if design.spec.block_dropout else before
    end = _normed(design, last, f"self.conv{last}({before})")
    if "none" in design.shortcuts:
        return [*lines, f"        return {act}({end})"]
    side = "self.downsample(x)" if design.shortcuts & {"projection", "zero_pad"} else "x"
    return [*lines, f"        y = {end}", f"        return {act}({_merged(design, side)})"]


def _preactivated(design: Design) -> list[str]:
    spec, act, last = design.spec, f"self.{design.spec.activation}", _last(design)
    lines = [f"        y = {act}({_normed(design, 1, 'x')})"]
    if {"projection", "identity"} <= design.shortcuts:
        lines.append("        # a projection takes the pre-activated input, the identity the raw one")
        lines.append("        side = x if self.downsample is None else self.downsample(y)")
    elif "projection" in design.shortcuts:
        lines.append("        side = self.downsample(y)")
    lines.append("        y = self.conv1(y)")
    for number in range(2, last + 1):
        inner = f"{act}({_normed(design, number, 'y')})"
        inner = f"self.dropout({inner})" if spec.block_dropout and number == last else inner
        lines.append(f"        y = self.conv{number}({inner})")
    if "none" in design.shortcuts:
        return [*lines, "        return y"]
    raw = "self.downsample(x)" if "zero_pad" in design.shortcuts else "x"
    return [*lines, f"        return {_merged(design, 'side' if 'projection' in design.shortcuts else raw)}"]


def _merged(design: Design, side: str) -> str:
    main = "self.drop_path(y)" if design.drop_path else "y"
    return f"torch.cat(({main}, {side}), 1)" if design.concat else f"{main} + {side}"


def _normed(design: Design, number: int, inner: str) -> str:
    return inner if design.spec.norm == "none" else f"self.bn{number}({inner})"


def _last(design: Design) -> int:
    """Return the number of the last convolution."""
    return 3 if design.spec.block_type == "bottleneck" else 2


def _result(design: Design) -> str:
    if design.concat:
        return "both paths, side by side"
    sides = "H / stride, W / stride" if design.strided else "H, W"
    return f"(N, {design.channels[-1]}, {sides})"

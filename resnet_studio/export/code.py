"""Ten lines that load an export without the studio."""

from pathlib import Path

from resnet_studio.export.files import NETWORK, read_about
from resnet_studio.export.names import weights_name
from resnet_studio.spec.files import read_network
from resnet_studio.spec.network import NetworkSpec, StemSpec
from resnet_studio.spec.presets import preset

_OWN = {"name", "input_shape", "num_classes", "stem", "zero_init_residual"}
"""Fields that don't keep a design from being one of torchvision's: they are mended, or matter at the start alone."""
_MODELS = (
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "resnext50_32x4d",
    "resnext101_32x8d",
    "resnext101_64x4d",
    "wide_resnet50_2",
    "wide_resnet101_2",
)


def loading_code(folder: Path, kind: str = "safetensors") -> str:
    """Return a script that loads the weights of an export with torch alone, or safetensors, and no studio.

    Where the design is one of torchvision's, up to its stem, the script builds that network and predicts; else it
    shows the tensors that were loaded.

    Args:
        folder: the export.
        kind: `safetensors` or `pt`, one that was exported.

    Raises:
        StudioError: the folder is no export, or its network can't be read.
    """
    about, network = read_about(folder), read_network(folder / NETWORK)
    model = torchvision_model(network)
    load = "load_file(" if kind == "safetensors" else "torch.load("
    more = ")" if kind == "safetensors" else ", weights_only=True)"
    path = (folder / weights_name(network, kind)).as_posix()
    lines = ["import torch" + (", torchvision" if model else "")] if model or kind == "pt" else []
    lines += ["from safetensors.torch import load_file"] if kind == "safetensors" else []
    lines += ["", f"tensors = {load}{path!r}{more}"]
    if model is None:
        lines += ["for name, tensor in tensors.items():", "    print(name, tuple(tensor.shape), tensor.dtype)"]
        return "\n".join(lines) + "\n"
    channels, height, width = network.input_shape
    mean, std = (_per_channel(about[name]) for name in ("mean", "std"))
    values = "grey" if channels == 1 else "RGB"
    lines += _network_lines(model, network)
    lines += [
        "model.load_state_dict(tensors)",
        "model.eval()",
        "",
        f"images = torch.zeros(1, {channels}, {height}, {width}, dtype=torch.uint8)  # yours: {values}, 0 to 255",
        f"x = (images.float() / 255 - {mean}) / {std}",
        "print(model(x).softmax(1))",
    ]
    return "\n".join(lines) + "\n"


def torchvision_model(network: NetworkSpec) -> str | None:
    """Return the name of torchvision's network that a design equals up to its stem; None where it equals none."""
    if network.stem is None or network.num_classes is None:
        return None
    if (network.stem.channels or network.stage_channels[0]) != 64 or network.stem.norm not in {None, "batch"}:
        return None
    own = network.model_copy(update={"channels": network.stage_channels}).model_dump(exclude=_OWN)
    for name in _MODELS:
        known = preset(name)
        if known.model_copy(update={"channels": known.stage_channels}).model_dump(exclude=_OWN) == own:
            return name
    return None


def _network_lines(model: str, network: NetworkSpec) -> list[str]:
    lines = [f"model = torchvision.models.{model}(num_classes={network.num_classes})"]
    stem, known, channels = network.stem or StemSpec(), StemSpec(), network.input_shape[0]
    side = stem.kernel_size
    if (channels, side, stem.stride) != (3, known.kernel_size, known.stride):
        size = f"kernel_size={side}, stride={stem.stride}, padding={side // 2}, bias=False"
        lines.append(f"model.conv1 = torch.nn.Conv2d({channels}, 64, {size})")
    if not stem.pool:
        lines.append("model.maxpool = torch.nn.Identity()")
    return lines


def _per_channel(values: list[float]) -> str:
    """Return numbers as code that meets (N, C, H, W)."""
    if len(values) == 1:
        return f"{values[0]:.6g}"
    return f"torch.tensor([{', '.join(f'{value:.6g}' for value in values)}]).view(-1, 1, 1)"

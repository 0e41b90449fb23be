import subprocess
import sys
from pathlib import Path

import pytest
import torch
import torchvision
from safetensors.torch import save_file

from resnet_studio.data.images import ImageSet
from resnet_studio.export.code import loading_code, torchvision_model
from resnet_studio.export.files import sha256
from resnet_studio.export.names import weights_name
from resnet_studio.export.run import export_run
from resnet_studio.model import build
from resnet_studio.spec.files import network_document, write_document
from resnet_studio.spec.network import NetworkSpec, adapted
from resnet_studio.spec.presets import preset


def _run(code: str) -> str:
    """Run a script in a process that can't import the studio."""
    blocked = "import sys; sys.modules['resnet_studio'] = None\n"
    command = [sys.executable, "-W", "error", "-c", blocked + code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("kind", ["safetensors", "pt"])
def test_an_export_loads_without_the_studio(run: Path, digits: ImageSet, tmp_path: Path, kind: str) -> None:
    list(export_run(run, tmp_path / "out", images=digits))
    code = loading_code(tmp_path / "out", kind)
    assert len(code.splitlines()) <= 12
    lines = _run(code).splitlines()
    assert len(lines) == 56
    assert "conv1.weight (16, 1, 3, 3) torch.float32" in lines


def _exported(network: NetworkSpec, folder: Path) -> torch.nn.Module:
    """Write what an export of a network is made of."""
    model = build(network, seed=0).eval()
    folder.mkdir()
    save_file(model.state_dict(), folder / weights_name(network, "safetensors"))
    write_document(folder / "network.json", network_document(network))
    mean = [0.5] * network.input_shape[0]
    hashes = {path.name: sha256(path) for path in folder.iterdir()}
    about = {"format": "resnet-studio/classes", "version": 1, "mean": mean, "std": mean, "sha256": hashes}
    write_document(folder / "classes.json", about)
    return model


@pytest.mark.parametrize("shape", [(3, 32, 32), (1, 28, 28)])
def test_a_design_of_torchvisions_predicts_with_torchvision_alone(tmp_path: Path, shape: tuple[int, int, int]) -> None:
    network = adapted(preset("resnet18"), shape, 10).model_copy(
        update={"stem": NetworkSpec(stem={"kernel_size": 3, "stride": 1, "pool": False}).stem}
    )
    model = _exported(network, tmp_path / "out")
    code = loading_code(tmp_path / "out")
    assert len(code.splitlines()) <= 15
    assert "torchvision.models.resnet18(num_classes=10)" in code
    printed = _run(code.replace(".softmax(1))", ".double().sum().item().hex())"))
    x = (torch.zeros(1, *shape) - 0.5) / 0.5
    assert printed.strip() == model(x).double().sum().item().hex()


@pytest.mark.parametrize(
    ("network", "name"),
    [
        (preset("resnet18"), "resnet18"),
        (adapted(preset("resnet50"), (1, 64, 64), 7), "resnet50"),
        (preset("resnext50_32x4d"), "resnext50_32x4d"),
        (preset("wide_resnet50_2"), "wide_resnet50_2"),
        (preset("resnet34").model_copy(update={"channels": (64, 128, 256, 512), "name": "mine"}), "resnet34"),
        (preset("resnet18").model_copy(update={"zero_init_residual": True}), "resnet18"),
        (preset("resnet18").model_copy(update={"dropout": 0.1}), None),
        (preset("resnet18").model_copy(update={"block_sizes": (2, 2, 2, 3)}), None),
        (preset("resnet18").model_copy(update={"num_classes": None}), None),
        (preset("resnet18").model_copy(update={"stem": None}), None),
        (preset("plain18"), None),
        (preset("cifar_resnet20"), None),
    ],
)
def test_designs_of_torchvisions_are_known(network: NetworkSpec, name: str | None) -> None:
    assert torchvision_model(network) == name
    if name:
        ours = {key: tensor.shape for key, tensor in build(network, device="meta").state_dict().items()}
        with torch.device("meta"):
            theirs = torchvision.models.get_model(name, num_classes=network.num_classes).state_dict()
        assert ours.keys() == theirs.keys()

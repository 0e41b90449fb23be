import pickle
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from resnet_studio.model import build
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.presets import preset
from resnet_studio.training.weights import load_weights, read_weights

NETWORK = preset("digits_resnet8")


class Bomb:
    """Runs code where it is unpickled without care."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path("exploded"),)


@pytest.mark.parametrize("name", ["weights.safetensors", "weights.pt"])
@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 no zip", pickle.dumps(Bomb()), b"\x08" * 100])
def test_a_file_that_holds_no_weights_is_refused_and_never_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StudioError, match=name.replace(".", r"\.")):
        read_weights(tmp_path / name)
    assert not (tmp_path / "exploded").exists()


def test_something_else_than_a_state_dict_is_refused(tmp_path: Path) -> None:
    torch.save({"epoch": 3, "model": {}}, tmp_path / "checkpoint.pt")
    with pytest.raises(StudioError, match="something else than a state dict"):
        read_weights(tmp_path / "checkpoint.pt")
    with pytest.raises(StudioError, match="There is no file"):
        read_weights(tmp_path / "nowhere.pt")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda tensors: tensors.pop("conv1.weight"), r"conv1\.weight is missing, the network's has \(16, 1, 3, 3\)"),
        (lambda tensors: tensors.update(more=torch.zeros(3)), r"more has the shape \(3,\), it knows no such key"),
        (lambda tensors: tensors.update({"fc.bias": torch.zeros(3)}), r"fc\.bias has the shape \(3,\), .* \(10,\)"),
    ],
)
def test_weights_of_another_design_are_refused_by_their_first_key(tmp_path: Path, change: Any, words: str) -> None:
    tensors = dict(build(NETWORK, seed=0).state_dict())
    change(tensors)
    save_file(tensors, tmp_path / "weights.safetensors")
    with pytest.raises(StudioError, match=words):
        load_weights(build(NETWORK, seed=0), tmp_path / "weights.safetensors")

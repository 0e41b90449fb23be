import json
from pathlib import Path

import pytest
import torch
from torch import nn

from resnet_studio.model import build
from resnet_studio.runs.checkpoints import Checkpoint
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import write_bytes
from resnet_studio.spec.presets import preset
from resnet_studio.spec.training import TrainingSpec
from resnet_studio.training.checkpoint import load_checkpoint, load_model, save_checkpoint
from resnet_studio.training.checkpoint_state import (
    MODEL,
    OPTIMIZER,
    STATE,
    Best,
    DamagedError,
    Position,
    model_sha256,
)
from resnet_studio.training.optimizer import build_optimizer
from resnet_studio.training.snapshot import moments, on_host

POSITION = Position(7, 1, 2, {"interval": {"loss": 0.1, "correct": 1, "images": 2}}, Best(1, 5, 0.1 + 0.2, 1 / 3))


def _trained(
    name: str = "adamw", *, channels_last: bool = False, seed: int = 0
) -> tuple[nn.Module, torch.optim.Optimizer]:
    """Return a network after two steps."""
    model: nn.Module = build(preset("digits_resnet8"), seed=seed)
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
    optimizer = build_optimizer(model, TrainingSpec.model_validate({"optimizer": name, "momentum": 0.9}))
    _train(model, optimizer)
    return model, optimizer


def _train(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    x = torch.randn(8, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    for _ in range(2):
        model(x).square().mean().backward()
        optimizer.step()
        optimizer.zero_grad()


def _save(folder: Path, model: nn.Module, optimizer: torch.optim.Optimizer, step: int = 7) -> Path:
    tensors, wait = on_host({MODEL: model.state_dict(), OPTIMIZER: moments(model, optimizer)})
    wait()
    save_checkpoint(folder, POSITION, Checkpoint(step=step, epoch=1), tensors)
    return folder / f"step-{step}"


@pytest.mark.parametrize("name", ["sgd", "adam", "adamw", "muon"])
@pytest.mark.parametrize("channels_last", [False, True])
def test_what_goes_on_from_it_goes_on_to_the_last_bit(tmp_path: Path, name: str, channels_last: bool) -> None:
    model, optimizer = _trained(name, channels_last=channels_last)
    path = _save(tmp_path, model, optimizer)
    other, its_optimizer = _trained(name, channels_last=channels_last, seed=1)
    assert load_checkpoint(path, other, its_optimizer)[0] == POSITION
    _train(model, optimizer)
    _train(other, its_optimizer)
    for key, tensor in model.state_dict().items():
        assert torch.equal(tensor, other.state_dict()[key]), key


def test_moments_lie_in_memory_as_their_weights(tmp_path: Path) -> None:
    model, optimizer = _trained("sgd", channels_last=True)
    path = _save(tmp_path, model, optimizer)
    other, its_optimizer = _trained("sgd", channels_last=True, seed=1)
    load_checkpoint(path, other, its_optimizer)
    weight = other.get_submodule("layer1")[0].conv1.weight  # type: ignore[index]
    assert its_optimizer.state[weight]["momentum_buffer"].stride() == weight.stride() != weight.contiguous().stride()


def test_a_network_alone_takes_its_weights(tmp_path: Path) -> None:
    model, optimizer = _trained()
    path = _save(tmp_path, model, optimizer)
    other = build(preset("digits_resnet8"), seed=1)
    load_model(path, other)
    assert torch.equal(other.fc.weight, model.get_parameter("fc.weight"))
    assert len(model_sha256(path)) == 64


def test_another_design_is_refused(tmp_path: Path) -> None:
    path = _save(tmp_path, *_trained())
    with pytest.raises(StudioError, match="doesn't fit the network") as caught:
        load_model(path, build(preset("cifar_resnet20"), seed=0))
    assert not isinstance(caught.value, DamagedError)
    assert "\n" not in str(caught.value)


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _other(path: Path, before: str, after: str) -> None:
    content = path.read_text()
    assert before in content
    path.write_text(content.replace(before, after))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: _flip(folder / MODEL), f"{MODEL} is damaged"),
        (lambda folder: _flip(folder / OPTIMIZER), f"{OPTIMIZER} is damaged"),
        (lambda folder: (folder / MODEL).write_bytes(b""), f"{MODEL} is damaged"),
        (lambda folder: (folder / MODEL).unlink(), f"{MODEL} can't be read"),
        (lambda folder: (folder / STATE).unlink(), f"{STATE} can't be read"),
        (lambda folder: (folder / STATE).write_text("{"), f"{STATE} can't be read"),
        (lambda folder: (folder / STATE).write_text("[]"), f"{STATE} is no state"),
        (lambda folder: (folder / STATE).write_text('{"format": "resnet-studio/checkpoint"}'), "is no state"),
        (lambda folder: _other(folder / STATE, '"version": 1', '"edition": 1'), f"{STATE} is no state"),
        (lambda folder: _other(folder / STATE, '"step_in_epoch": 2', '"step_in_epoch": 6'), f"{STATE} is damaged"),
    ],
    ids=[
        *["bit of the model", "bit of the optimiser", "empty", "no model"],
        *["no state", "half", "list", "no hashes", "no version", "a digit"],
    ],
)
def test_damage_is_noticed_and_nothing_is_loaded(tmp_path: Path, damage: object, words: str) -> None:
    path = _save(tmp_path, *_trained())
    assert callable(damage)
    damage(path)
    model, optimizer = _trained(seed=1)
    before = {key: tensor.clone() for key, tensor in model.state_dict().items()}
    with pytest.raises(DamagedError, match=words):
        load_checkpoint(path, model, optimizer)
    assert all(torch.equal(tensor, before[key]) for key, tensor in model.state_dict().items())


def test_a_checkpoint_of_a_newer_studio_is_named(tmp_path: Path) -> None:
    path = _save(tmp_path, *_trained())
    state = json.loads((path / STATE).read_text())
    (path / STATE).write_text(json.dumps(state | {"version": 2}))
    with pytest.raises(StudioError, match="newer studio"):
        load_model(path, build(preset("digits_resnet8"), seed=0))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_never_saved(tmp_path: Path, value: float) -> None:
    model, optimizer = _trained()
    _save(tmp_path, model, optimizer)
    with torch.no_grad():
        model.get_parameter("fc.bias")[3] = value
    with pytest.raises(StudioError, match=r"fc\.bias is not finite after step 7, so no checkpoint"):
        _save(tmp_path, model, optimizer, step=8)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["index.json", "step-7"]


def test_only_what_the_index_keeps_stays(tmp_path: Path) -> None:
    model, optimizer = _trained()
    (tmp_path / "step-by-step.txt").touch()
    for step in (5, 7, 9, 11):
        _save(tmp_path, model, optimizer, step)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"index.json", "step-by-step.txt", "step-5", "step-9", "step-11"}


def test_a_checkpoint_of_the_same_step_is_replaced_whole(tmp_path: Path) -> None:
    model, optimizer = _trained()
    path = _save(tmp_path, model, optimizer)
    (path / "stray").touch()
    _train(model, optimizer)
    _save(tmp_path, model, optimizer)
    assert {each.name for each in path.iterdir()} == {MODEL, OPTIMIZER, STATE}
    other = build(preset("digits_resnet8"), seed=1)
    load_model(path, other)
    assert torch.equal(other.fc.weight, model.get_parameter("fc.weight"))


@pytest.mark.parametrize("at", [MODEL, OPTIMIZER, STATE, "index.json"])
def test_a_full_disk_leaves_the_checkpoint_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    model, optimizer = _trained()
    before = _save(tmp_path, model, optimizer, step=5)
    index = (tmp_path / "index.json").read_bytes()

    def full(path: Path, content: bytes) -> None:
        if path.name == at:
            raise StudioError(f"{path} can't be written: No space left on device.")
        write_bytes(path, content)

    monkeypatch.setattr("resnet_studio.training.checkpoint_folder.write_bytes", full)
    monkeypatch.setattr("resnet_studio.runs.checkpoints.write_bytes", full)
    with pytest.raises(StudioError, match="No space left"):
        _save(tmp_path, model, optimizer, step=7)
    assert (tmp_path / "index.json").read_bytes() == index
    assert not list(tmp_path.glob(".*"))
    load_checkpoint(before, *_trained(seed=1))


def test_a_checkpoint_that_can_not_be_replaced_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both stand aside for a moment: the old one beside its place, the new one not yet in it."""
    model, optimizer = _trained()
    path, rename = _save(tmp_path, model, optimizer), Path.rename

    def refuse(source: Path, target: Path) -> Path:
        if source.suffix == ".part":
            raise OSError(5, "Input/output error")
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(StudioError, match="step-7 can't be written: Input/output error"):
        _save(tmp_path, model, optimizer)
    load_checkpoint(path, *_trained(seed=1))
    assert not list(tmp_path.glob(".*"))


def test_an_unwritable_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "checkpoints").write_text("in the way")
    with pytest.raises(StudioError, match=r"step-7 can't be written: .+\.$"):
        _save(tmp_path / "checkpoints", *_trained())

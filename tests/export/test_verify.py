from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from resnet_studio.data.images import ImageSet
from resnet_studio.export.run import export_run
from resnet_studio.export.verify import verify
from resnet_studio.spec.errors import StudioError


@pytest.fixture
def out(run: Path, digits: ImageSet, tmp_path: Path) -> Path:
    list(export_run(run, tmp_path / "out", images=digits))
    return tmp_path / "out"


def _failed(folder: Path) -> list[str]:
    return [step.step for step in verify(folder) if not step.ok]


def test_an_export_as_it_was_made_holds(out: Path) -> None:
    steps = list(verify(out))
    assert all(step.ok for step in steps)
    words = {step.step for step in steps}
    assert {"sha256 of network.json", "keys and shapes, strict", "the same tensors as in digits_resnet8.pt"} <= words


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["digits_resnet8.pt", "digits_resnet8.safetensors", "network.json"])
@pytest.mark.parametrize("damage", [_flip, Path.unlink], ids=["a bit", "missing"])
def test_damage_is_named_by_file(out: Path, name: str, damage: Callable[[Path], object]) -> None:
    damage(out / name)
    if name == "network.json" and not (out / name).exists():
        with pytest.raises(StudioError, match=r"no file .*network\.json"):
            list(verify(out))
    elif name == "network.json":
        with pytest.raises(StudioError, match=r"network\.json"):
            list(verify(out))
    else:
        assert _failed(out) == [f"sha256 of {name}"]


def test_a_file_swapped_for_another_with_its_hash_written_in_is_found(out: Path) -> None:
    """Someone who also edits classes.json still has to get the tensors equal in both formats."""
    tensors = load_file(out / "digits_resnet8.safetensors")
    tensors["fc.bias"] = torch.ones(10)
    _swap(out, "digits_resnet8.safetensors", lambda path: save_file(tensors, path))
    assert _failed(out) == ["the same tensors as in digits_resnet8.pt"]


def test_weights_that_do_not_fit_are_found(out: Path) -> None:
    tensors = load_file(out / "digits_resnet8.safetensors")
    del tensors["fc.bias"]
    _swap(out, "digits_resnet8.safetensors", lambda path: save_file(tensors, path))
    assert "keys and shapes, strict" in _failed(out)


def _swap(out: Path, name: str, write: Callable[[Path], object]) -> None:
    from resnet_studio.export.files import sha256

    before = sha256(out / name)
    write(out / name)
    about = (out / "classes.json").read_text()
    (out / "classes.json").write_text(about.replace(before, sha256(out / name)))


@pytest.mark.parametrize("content", [None, "", "[]", '{"format": "resnet-studio/network"}'])
def test_what_is_no_export_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "classes.json").write_text(content)
    with pytest.raises(StudioError, match=r"is no export|can't be read|is not the studio's"):
        list(verify(tmp_path))

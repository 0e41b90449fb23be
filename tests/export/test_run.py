import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from resnet_studio.data.images import ImageSet
from resnet_studio.export import files as files_module
from resnet_studio.export.proof import ProofStep
from resnet_studio.export.run import export_run
from resnet_studio.model import build
from resnet_studio.runs.events import Evaluated, RunEnded
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.spec.files import read_network
from resnet_studio.training.control import Control
from resnet_studio.training.loop import train
from resnet_studio.training.prepare import prepare
from resnet_studio.training.trained import load_trained

NAMES = {"classes.json", "digits_resnet8.pt", "digits_resnet8.safetensors", "network.json"}


@pytest.fixture
def export(run: Path, digits: ImageSet, tmp_path: Path) -> Callable[..., list[ProofStep]]:
    def do(to: Path = tmp_path / "out", **more: object) -> list[ProofStep]:
        return list(export_run(run, to, images=digits, **more))  # type: ignore[arg-type]

    return do


Export = Callable[..., list[ProofStep]]


def _nothing_left(folder: Path) -> bool:
    return not [path for path in folder.iterdir() if path.name.startswith((".", "out"))]


def test_the_proof_of_each_format_holds(export: Export, digits: ImageSet) -> None:
    steps = export()
    assert all(step.ok for step in steps)
    table = {(step.format, step.step): step.value for step in steps}
    for kind in ("safetensors", "pt"):
        assert len(table[kind, "written, sha256 read back"]) == 12
        assert table[kind, "keys and shapes, strict"] == "56"
        assert [table[kind, f"largest logit difference, batch {size}"] for size in (1, 3, 17)] == ["0", "0", "0"]
        assert table[kind, f"same top class, {len(digits.test)} test images"] == str(len(digits.test))
        assert int(table[kind, "in its place, bytes"].replace(",", "")) > 300_000


def test_what_was_exported_gives_the_runs_logits(export: Export, run: Path, tmp_path: Path) -> None:
    export()
    out = tmp_path / "out"
    assert {path.name for path in out.iterdir()} == NAMES
    network = read_network(out / "network.json")
    assert network == RunFolder(run).experiment().network
    x = torch.randn(5, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    wanted = load_trained(RunFolder(run))(x)
    for tensors in (
        load_file(out / "digits_resnet8.safetensors"),
        torch.load(out / "digits_resnet8.pt", weights_only=True),
    ):
        model = build(network, seed=3).eval()
        model.load_state_dict(tensors, strict=True)
        assert torch.equal(model(x), wanted)


def test_what_travels_with_the_weights(export: Export, run: Path, digits: ImageSet, tmp_path: Path) -> None:
    export()
    out = tmp_path / "out"
    about = json.loads((out / "classes.json").read_text())
    end = RunFolder(run).events()[-1]
    assert isinstance(end, RunEnded)
    assert about["format"] == "resnet-studio/classes"
    assert about["classes"] == list(digits.class_names)
    assert (about["input_shape"], about["mean"], about["std"]) == ([1, 8, 8], [*digits.mean], [*digits.std])
    assert about["accuracy"] == {"test": end.test_accuracy, "validation": end.best_val_accuracy}
    assert about["source"]["run"] == RunFolder(run).name
    assert about["source"]["checkpoint"] == end.checkpoint
    assert about["source"]["licence"] == "CC BY 4.0"
    for name in NAMES - {"classes.json"}:
        assert about["sha256"][name] == hashlib.sha256((out / name).read_bytes()).hexdigest()


def test_another_checkpoint_can_be_exported(export: Export, run: Path, tmp_path: Path) -> None:
    other = next(each for each in RunFolder(run).checkpoints().checkpoints if each.name != _best(run))
    export(checkpoint=str(other.step))
    about = json.loads((tmp_path / "out" / "classes.json").read_text())
    assert about["source"]["checkpoint"] == other.name
    assert about["accuracy"] == {"test": None, "validation": other.val_accuracy}


def test_the_average_of_the_weights_can_be_exported(digits: ImageSet, tmp_path: Path) -> None:
    wanted = {"training.epochs": 2, "training.device": "cpu", "training.batch_size": 256, "training.ema_decay": 0.9}
    experiment, images = prepare(with_values(ExperimentSpec(), wanted), images=digits)
    run = RunFolder.create(tmp_path / "runs", experiment)
    list(train(experiment, run, Control(), images=images))
    assert all(step.ok for step in export_run(run.path, tmp_path / "out", checkpoint="ema", images=digits))
    kept = run.checkpoint("ema")
    average, raw = (load_trained(run, which).state_dict() for which in ("ema", kept.name))
    exported = load_file(tmp_path / "out" / "digits_resnet8.safetensors")
    assert all(torch.equal(tensor, average[key]) for key, tensor in exported.items())
    assert not torch.equal(exported["fc.weight"], raw["fc.weight"])
    about = json.loads((tmp_path / "out" / "classes.json").read_text())
    tested = next(each for each in run.events() if isinstance(each, Evaluated) and each.checkpoint.endswith("/ema"))
    assert about["accuracy"] == {"test": tested.accuracy, "validation": kept.ema_val_accuracy}
    assert about["source"]["checkpoint"] == f"{kept.name}/ema"
    file = run.checkpoints_path / kept.name / "ema.safetensors"
    assert about["source"]["checkpoint_sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()


def _best(run: Path) -> str | None:
    return RunFolder(run).checkpoints().best


def test_data_is_loaded_where_it_is_not_given(run: Path, tmp_path: Path) -> None:
    assert all(step.ok for step in export_run(run, tmp_path / "out", formats=("pt",)))


@pytest.mark.parametrize(
    ("formats", "words"),
    [
        (("onnx",), r"format onnx comes later; choose safetensors or pt\."),
        (("pt", "python"), "format python comes later"),
        (("package",), "format package comes later"),
        (("h5",), "no format 'h5'"),
        ((), "No format was chosen"),
    ],
)
def test_formats_that_cannot_be_written_are_refused(
    export: Export, tmp_path: Path, formats: tuple[str, ...], words: str
) -> None:
    with pytest.raises(StudioError, match=words):
        export(formats=formats)
    assert _nothing_left(tmp_path)


def test_what_is_no_run_is_refused(export: Export, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="no run"):
        list(export_run(tmp_path, tmp_path / "out"))
    with pytest.raises(StudioError, match="no checkpoint 77"):
        export(checkpoint="77")


def test_exporting_again_replaces_what_is_ours(export: Export, tmp_path: Path) -> None:
    export()
    out = tmp_path / "out"
    (out / "notes.txt").write_text("mine")
    export(checkpoint="last", formats=("safetensors",))
    assert {path.name for path in out.iterdir()} == NAMES - {"digits_resnet8.pt"} | {"notes.txt"}
    assert json.loads((out / "classes.json").read_text())["sha256"].keys() == {
        "digits_resnet8.safetensors",
        "network.json",
    }


def test_a_folder_of_other_things_takes_an_export(export: Export, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "photo.jpg").write_bytes(b"mine")
    export()
    assert {path.name for path in (tmp_path / "out").iterdir()} == NAMES | {"photo.jpg"}


@pytest.mark.parametrize("name", ["network.json", "digits_resnet8.pt", "classes.json"])
def test_a_file_that_is_not_ours_is_never_replaced(export: Export, tmp_path: Path, name: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text("{}")
    with pytest.raises(StudioError, match="is not the studio's"):
        export()
    assert [path.name for path in (tmp_path / "out").iterdir()] == [name]
    assert (tmp_path / "out" / name).read_text() == "{}"


def test_an_export_that_was_changed_since_is_not_replaced(export: Export, tmp_path: Path) -> None:
    export()
    (tmp_path / "out" / "network.json").write_text("edited")
    with pytest.raises(StudioError, match=r"network\.json is not the studio's, or was changed since"):
        export()
    assert (tmp_path / "out" / "network.json").read_text() == "edited"


def test_a_left_over_format_that_was_changed_is_left(export: Export, tmp_path: Path) -> None:
    export()
    (tmp_path / "out" / "digits_resnet8.pt").write_text("mine now")
    export(formats=("safetensors",))
    assert (tmp_path / "out" / "digits_resnet8.pt").read_text() == "mine now"


def test_a_place_that_is_a_file_is_refused(export: Export, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(StudioError, match="out is a file; name a folder"):
        export()
    with pytest.raises(StudioError, match="No export can be made in"):
        export(tmp_path / "out" / "below")
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize(
    ("spoil", "step"),
    [
        (lambda tensors: tensors["fc.bias"].add_(1e-6), "largest logit difference, batch 1"),
        (lambda tensors: tensors["fc.weight"].neg_(), "largest logit difference, batch 1"),
        (lambda tensors: tensors.pop("fc.bias"), r"fc\.bias is missing"),
    ],
)
def test_an_export_that_fails_its_proof_is_removed(
    export: Export,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[dict[str, Tensor]], object],
    step: str,
) -> None:
    write = files_module.WRITERS["safetensors"]

    def wrong(tensors: dict[str, Tensor]) -> bytes:
        copies = {key: tensor.clone() for key, tensor in tensors.items()}
        spoil(copies)
        return write(copies)

    monkeypatch.setitem(files_module.WRITERS, "safetensors", wrong)
    with pytest.raises(StudioError, match=step):
        export()
    assert _nothing_left(tmp_path)


def test_the_step_that_failed_is_shown_before_the_sentence(
    run: Path, digits: ImageSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = files_module.WRITERS["pt"]
    monkeypatch.setitem(files_module.WRITERS, "pt", lambda t: write({key: each * 2 for key, each in t.items()}))
    steps = export_run(run, tmp_path / "out", formats=("pt",), images=digits)
    assert [next(steps).ok for _ in range(3)] == [True, True, False]
    with pytest.raises(StudioError, match="export as pt failed its proof and was removed"):
        next(steps)


def test_a_full_disk_leaves_nothing(export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, _: bytes) -> None:
        raise StudioError(f"{path} can't be written: No space left on device.")

    monkeypatch.setattr("resnet_studio.export.run.write_bytes", full)
    with pytest.raises(StudioError, match="No space left"):
        export()
    assert _nothing_left(tmp_path)


def test_whoever_stops_halfway_leaves_nothing(run: Path, digits: ImageSet, tmp_path: Path) -> None:
    steps = export_run(run, tmp_path / "out", images=digits)
    next(steps)
    assert not _nothing_left(tmp_path)
    steps.close()
    assert _nothing_left(tmp_path)


def test_a_damaged_checkpoint_is_not_exported(export: Export, run: Path, tmp_path: Path) -> None:
    file = run / "checkpoints" / str(_best(run)) / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-1] + b"\x00")
    with pytest.raises(StudioError, match="is damaged"):
        export()
    assert _nothing_left(tmp_path)


def test_any_name_of_a_network_makes_a_plain_file(export: Export, run: Path, tmp_path: Path) -> None:
    folder = RunFolder(run)
    folder.write_experiment(with_values(folder.experiment(), {"network.name": "../Net ü 2!"}))
    export(formats=("pt",))
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"Net-2.pt", "classes.json", "network.json"}

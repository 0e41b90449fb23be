"""The weights of a run in forms that other tools load, each proven before it is in its place."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from torch import Tensor

from resnet_studio import __version__
from resnet_studio.data.images import ImageSet
from resnet_studio.data.load import load
from resnet_studio.data.watch import Progress
from resnet_studio.export.compare import Reference
from resnet_studio.export.files import (
    CLASSES,
    FORMAT,
    NETWORK,
    VERSION,
    WRITERS,
    beside,
    check_formats,
    move,
    refuse_others_files,
    sha256,
)
from resnet_studio.export.names import weights_name
from resnet_studio.export.proof import ProofStep
from resnet_studio.runs.checkpoints import Checkpoint, is_ema
from resnet_studio.runs.events import Evaluated
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.spec.files import network_document, write_bytes, write_document
from resnet_studio.training.checkpoint_state import EMA, MODEL, model_sha256
from resnet_studio.training.trained import load_trained


def export_run(
    run: Path,
    to: Path,
    *,
    formats: tuple[str, ...] = ("safetensors", "pt"),
    checkpoint: str = "best",
    images: ImageSet | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Generator[ProofStep, None, None]:
    """Export the weights of a run into a folder, and yield each step of the proof as it is done.

    Beside the weights stand `network.json`, the design, and `classes.json`: class names, mean and standard deviation,
    input shape, accuracy, where it all comes from, and the sha256 of every file. Everything is written into a folder
    beside `to` and moved there once all of it is proven; whoever stops taking steps before leaves nothing behind.

    Args:
        run: folder of the run.
        to: folder of the export, made where there is none.
        formats: `safetensors` and `pt`, a state dict for `torch.load(..., weights_only=True)`.
        checkpoint: `best`, `last`, `ema` or a step, see `Index.find`.
        images: what the run's data stands for; loaded where they are not given.
        progress: told how far the loading is.

    Raises:
        StudioError: a format that comes later, no such checkpoint, a file in the way that isn't ours, a full disk, or
            a proof that doesn't hold: then nothing is exported.
    """
    check_formats(formats)
    folder = RunFolder.open(run)
    experiment, kept = folder.experiment(), folder.checkpoint(checkpoint)
    names = {kind: weights_name(experiment.network, kind) for kind in formats}
    refuse_others_files(to, {*names.values(), NETWORK})
    images = images or load(experiment.data, progress=progress)
    model = load_trained(folder, checkpoint)
    reference = Reference(model, experiment.network, images)

    with beside(to) as part:
        for kind, name in names.items():
            yield _written(kind, part / name, model.state_dict())
            for step in reference.compare(kind, part / name):
                yield step
                _refuse_failed(step)
        write_document(part / NETWORK, network_document(experiment.network))
        about = _about(folder, experiment, kept, images, ema=is_ema(checkpoint))
        about["sha256"] = {path.name: sha256(path) for path in sorted(part.iterdir())}
        write_document(part / CLASSES, about)
        move(part, to)
    for kind, name in names.items():
        yield ProofStep(kind, "in its place, bytes", f"{(to / name).stat().st_size:,}", ok=True)


def _written(kind: str, path: Path, tensors: dict[str, Tensor]) -> ProofStep:
    # reads every byte back and compares, or raises
    write_bytes(path, WRITERS[kind](tensors))
    return ProofStep(kind, "written, sha256 read back", sha256(path)[:12], ok=True)


def _refuse_failed(step: ProofStep) -> None:
    if not step.ok:
        raise StudioError(f"The export as {step.format} failed its proof and was removed: {step.step}: {step.value}.")


def _about(
    folder: RunFolder, experiment: ExperimentSpec, kept: Checkpoint, images: ImageSet, *, ema: bool
) -> dict[str, Any]:
    """Return what travels with the weights."""
    name = f"{kept.name}/ema" if ema else kept.name
    tests = [event for event in folder.events() if isinstance(event, Evaluated) and event.checkpoint == name]
    tested = next((event.accuracy for event in reversed(tests) if event.split == "test"), None)
    return {
        "format": FORMAT,
        "version": VERSION,
        "classes": list(images.class_names),
        "input_shape": list(experiment.network.input_shape),
        "mean": list(images.mean),
        "std": list(images.std),
        "accuracy": {"test": tested, "validation": kept.ema_val_accuracy if ema else kept.val_accuracy},
        "source": {
            "studio": __version__,
            "run": folder.name,
            "checkpoint": name,
            "checkpoint_sha256": model_sha256(folder.checkpoints_path / kept.name, EMA if ema else MODEL),
            "data": images.title,
            "data_fingerprint": images.fingerprint,
            "licence": images.licence,
            "citation": images.citation,
        },
    }

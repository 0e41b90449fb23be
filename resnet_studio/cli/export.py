"""`export` and `verify`: weights for other tools, proven before they count."""

import threading
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from resnet_studio.cli.loading import loading
from resnet_studio.cli.outcome import DONE, WrongUsageError
from resnet_studio.cli.signals import stopping
from resnet_studio.data.watch import LoadingStoppedError
from resnet_studio.spec.errors import StudioError

if TYPE_CHECKING:
    from resnet_studio.export.proof import ProofStep

FORMATS = ("safetensors", "pt", "onnx", "python", "package")

Run = Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run.")]
To = Annotated[Path, typer.Option("--to", metavar="DIR", help="The folder of the export, made where there is none.")]
Formats = Annotated[
    str,
    typer.Option("--format", metavar=",".join(FORMATS), help="What is written, one or several of these."),
]
Checkpoint = Annotated[str, typer.Option("--checkpoint", metavar="best/last/ema/N", help="Which one of the run.")]
Exported = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of an export.")]


def export(run: Run, to: To, formats: Formats = "safetensors,pt", checkpoint: Checkpoint = "best") -> int:
    """Write the weights of a run, reload and compare them on real images; the folder is printed last."""
    names = tuple(dict.fromkeys(formats.split(",")))
    for name in names:
        if name not in FORMATS:
            raise WrongUsageError(f"--format: {name!r} is none of {', '.join(FORMATS)}.")
    from resnet_studio.export.run import export_run

    exporting, stop = partial(export_run, run, to, formats=names, checkpoint=checkpoint), threading.Event()
    with stopping(stop) as stopped:
        try:
            with loading() as progress, closing(exporting(progress=progress)) as steps:
                for step in steps:
                    progress.remove()
                    _show(step)
                    if stop.is_set():
                        return stopped.exit_code
        except LoadingStoppedError:
            return stopped.exit_code
    print(to)
    return DONE


def verify(exported: Exported) -> int:
    """Check that an export is still what it was: hashes, keys, shapes, equal tensors in every format."""
    from resnet_studio.export.verify import verify as steps_of

    failed = []
    for step in steps_of(exported):
        _show(step)
        if not step.ok:
            failed.append(step)
    if failed:
        raise StudioError(f"{exported} is not what was exported: {failed[0].step}: {failed[0].value}.")
    return DONE


def _show(step: "ProofStep") -> None:
    value = f": {step.value}" if step.value else ""
    print(f"{'ok    ' if step.ok else 'FAILED'}  {step.format}: {step.step}{value}", flush=True)

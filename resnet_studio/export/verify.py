"""Whether an export is still what it was: hashes, keys, shapes, and the same tensors in every format."""

from collections.abc import Iterator
from pathlib import Path

import torch

from resnet_studio.export.files import NETWORK, WRITERS, read_about, sha256
from resnet_studio.export.proof import ProofStep
from resnet_studio.model import build
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import read_network
from resnet_studio.training.weights import fitting_weights, read_weights


def verify(folder: Path) -> Iterator[ProofStep]:
    """Check an export and yield each step; one that doesn't hold has `ok` false, and the others go on.

    Raises:
        StudioError: the folder is no export, or its network can't be read.
    """
    hashes = read_about(folder)["sha256"]
    first: Path | None = None
    for name, wanted in hashes.items():
        path = folder / Path(name).name
        kind = path.suffix.removeprefix(".")
        found = sha256(path) if path.is_file() else "missing"
        yield ProofStep(kind, f"sha256 of {path.name}", found[:12], ok=found == wanted)
        if kind in WRITERS and found == wanted:
            yield _loads(kind, path, folder)
            if first is not None:
                same = _equal(first, path)
                yield ProofStep(kind, f"the same tensors as in {first.name}", "yes" if same else "no", ok=same)
            first = first or path


def _loads(kind: str, path: Path, folder: Path) -> ProofStep:
    model = build(read_network(folder / NETWORK), device="meta")
    try:
        tensors = fitting_weights(model, path)
    except StudioError as error:
        return ProofStep(kind, "keys and shapes, strict", str(error), ok=False)
    return ProofStep(kind, "keys and shapes, strict", f"{len(tensors)}", ok=True)


def _equal(one: Path, other: Path) -> bool:
    ours, theirs = read_weights(one), read_weights(other)
    return ours.keys() == theirs.keys() and all(torch.equal(ours[key], theirs[key]) for key in ours)

"""How far the export of each format has come, read from the steps of its proof. Pure."""

from dataclasses import dataclass
from typing import Literal

from resnet_studio.export.proof import ProofStep

LAST_STEP = "in its place, bytes"
"""The step with which a format counts as exported; its value is the size of the file."""
STEPS = 7
"""Steps of a whole proof of one format."""

Stage = Literal["none", "waiting", "running", "proven", "exported", "failed"]


@dataclass(frozen=True)
class Kind:
    """A format and what it is for."""

    name: str
    purpose: str


KINDS = (
    Kind("safetensors", "weights for any PyTorch, Hugging Face or Rust loader"),
    Kind("pt", "state dict for torch.load with weights_only"),
)


@dataclass(frozen=True)
class Export:
    """One export: what was chosen and what has been proven of it so far."""

    formats: tuple[str, ...] = ()
    steps: tuple[ProofStep, ...] = ()
    running: bool = False
    error: str = ""

    def stage(self, kind: str) -> Stage:
        """Return where a format stands."""
        own = [step for step in self.steps if step.format == kind]
        if kind not in self.formats:
            return "none"
        if not all(step.ok for step in own):
            return "failed"
        if self.bytes(kind) is not None:
            return "exported"
        if not self.running:
            return "none"
        if len(own) >= STEPS - 1:
            return "proven"
        return "running" if own or kind == self.formats[0] else "waiting"

    def bytes(self, kind: str) -> int | None:
        """Return the size of the exported file, None while it is not in its place."""
        value = self.value(kind, LAST_STEP)
        return int(value.replace(",", "")) if value else None

    def value(self, kind: str, step: str) -> str:
        """Return the outcome of a step whose name begins so, empty while there is none."""
        return next((each.value for each in self.steps if each.format == kind and each.step.startswith(step)), "")

    def exported(self) -> tuple[str, ...]:
        """Return the formats that lie in their place."""
        return tuple(kind for kind in self.formats if not self.running and self.stage(kind) == "exported")


def words(stage: Stage, done: int) -> str:
    """Return what a stage is called; `done` steps of the proof are there."""
    called = {"none": "", "running": f"proving, {done} of {STEPS}"}
    return called.get(stage, stage)

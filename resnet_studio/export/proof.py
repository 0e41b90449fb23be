"""The proof of an export: what was compared, with what outcome."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProofStep:
    """One step of the proof of one format.

    Attributes:
        format: `safetensors` or `pt`.
        step: what was done or compared, the same words for every format.
        value: the outcome: a count, a difference, the beginning of a hash.
        ok: whether it holds.
    """

    format: str
    step: str
    value: str
    ok: bool

"""The one error that users see, and how a validation error becomes its sentence."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    # every process that decodes images knows these errors, and would spend half of its start on pydantic
    from pydantic import ValidationError


class StudioError(Exception):
    """Something the user can mend; its text is one plain sentence that names the thing, the place and the mend."""


class NotWrittenError(StudioError):
    """A file that the disk didn't take; once that is mended, the same may be tried again.

    Attributes:
        path: the file or folder.
        errno: what the system called it; None where it called it nothing.
        size: bytes that were to be written, as far as that is known.
    """

    def __init__(self, path: "Path", error: OSError | str, size: int = 0) -> None:
        reason = error if isinstance(error, str) else error.strerror or error
        super().__init__(f"{path} can't be written: {reason}.")
        self.path, self.size = path, size
        self.errno = None if isinstance(error, str) else error.errno


class FieldError(StudioError):
    """A value that a field does not take.

    Attributes:
        path: dotted path of the field, such as `network.block_sizes.0`; empty for a whole document.
    """

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(sentence)
        self.path = path


def field_error(error: "ValidationError", prefix: str = "") -> FieldError:
    """Return the first fault of a pydantic error as one sentence with the path of the field and what it takes.

    Args:
        error: what pydantic raised.
        prefix: the path of the model that was validated, such as `network`; empty for an experiment.
    """
    first = _most_telling(error.errors(include_url=False))
    parts = _field(first)
    path = ".".join([prefix, *parts] if prefix else parts)
    sentence = f"{_reason(first)}{_mend(first, error.title, parts)}"
    end = "" if sentence.endswith("?") else "."
    return FieldError(path, f"{path}: {sentence}{end}" if path else f"{sentence}{end}")


def _mend(fault: Any, model: str, parts: Sequence[str]) -> str:
    """Return what the field takes, where the reason doesn't say so already, or the names nearest to an unknown one."""
    from resnet_studio.spec.allowed import allowed, fields

    if fault["type"] == "extra_forbidden":
        return nearest(parts[-1], fields(model, parts[:-1]))
    if fault["type"] in {"value_error", "wrong_field", "string_unicode"}:
        return ""
    takes = allowed(model, parts)
    return f"; take {takes}" if takes and takes not in _reason(fault) else ""


def nearest(word: str, known: Sequence[str]) -> str:
    """Return `, did you mean a, b or c?` for the names nearest to the word, or the whole short list."""
    close = get_close_matches(word, known, n=3, cutoff=0.5) or (list(known) if len(known) <= 12 else [])
    if not close:
        return ""
    *head, last = close
    return f"; did you mean {', '.join(head) + ' or ' if head else ''}{last}?"


def _most_telling(faults: Sequence[Any]) -> Any:
    """Return the fault to tell: of the branches of a union the one that came farthest into the value."""
    field = _field(faults[0])
    same = [fault for fault in faults if _field(fault)[: len(field)] == field]
    vague = {"int_type", "float_type", "literal_error", "tuple_type", "model_type"}
    return max(same, key=lambda fault: (len(_field(fault)), fault["type"] not in vague))


def _field(fault: Any) -> tuple[str, ...]:
    steps = fault["loc"]
    # an unknown field has a name of the user's own, whatever it looks like
    own = len(steps) - 1 if fault["type"] == "extra_forbidden" else None
    parts = tuple(str(part) for place, part in enumerate(steps) if place == own or not _is_branch(part))
    # a check of several fields against each other says itself which one is wrong
    return (*parts, fault["ctx"]["field"]) if fault["type"] == "wrong_field" else parts


def _is_branch(part: object) -> bool:
    """Whether a step of a pydantic location names the branch of a union, not a field."""
    return isinstance(part, str) and (
        part in {"int", "float", "str", "bool", "StemSpec", "none", "nullable"} or "[" in part or "-" in part
    )


def _reason(fault: Any) -> str:
    """Return what is wrong in words, without pydantic's own vocabulary."""
    kind, given, context = fault["type"], fault.get("input"), fault.get("ctx", {})
    shown = repr(given) if isinstance(given, str) else str(given)
    shown = shown if len(shown) <= 60 else shown[:59] + "…"
    bounds = {
        "greater_than_equal": "ge",
        "greater_than": "gt",
        "less_than_equal": "le",
        "less_than": "lt",
    }
    words = {"ge": "less than", "gt": "not more than", "le": "more than", "lt": "not less than"}
    if kind in bounds:
        from resnet_studio.spec.allowed import number

        name = bounds[kind]
        return f"{shown} is {words[name]} {number(context[name])}"
    if kind == "extra_forbidden":
        return "there is no such field"
    if kind == "missing":
        return "a value is needed here"
    if kind == "literal_error":
        return f"{shown} is none of {context['expected']}"
    if kind in {"too_short", "too_long"}:
        least = kind == "too_short"
        return f"{context['actual_length']} entries are too {'few' if least else 'many'}"
    if kind == "string_too_long":
        return f"{len(given):,} characters are too many"
    if kind == "string_unicode":
        return f"{shown} has bytes that are no UTF-8, which can't be written down; rename it"
    if kind == "finite_number":
        return f"{shown} is no finite number"
    if kind == "value_error":
        return str(context["error"])
    if kind == "wrong_field":
        return str(context["reason"])
    wanted = {
        "int_type": "a whole number",
        "int_from_float": "a whole number",
        "int_parsing": "a whole number",
        "float_type": "a number",
        "float_parsing": "a number",
        "bool_type": "true or false",
        "string_type": "text",
        "tuple_type": "a list",
        "list_type": "a list",
        "model_type": "an object of fields",
        "dict_type": "an object of fields",
        "string_too_short": "some text",
    }
    if kind in wanted:
        return f"{shown} is not {wanted[kind]}"
    return str(fault["msg"]).removeprefix("Value error, ").rstrip(".")

"""What a field takes, in words: its range, its choices, the length of its list. From the types, nothing said twice."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from resnet_studio.spec.base import Spec

Schema = dict[str, Any]


def allowed(model: str, path: Sequence[str]) -> str:
    """Return what the field at a path of a model takes: `1 to 65,536 or null`; empty where there is no such field.

    Args:
        model: name of the class of the model, such as `NetworkSpec`.
        path: steps from the model to the field: names of fields, and numbers of entries of lists.
    """
    words = dict.fromkeys(word for schema in _at(model, path) for word in _words(schema))
    *head, last = words or ("",)
    return f"{', '.join(head)} or {last}" if head else last


def fields(model: str, path: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the fields of the object at a path of a model."""
    return tuple(name for schema in _at(model, path) for name in schema.get("properties", ()))


def _at(model: str, path: Sequence[str]) -> list[Schema]:
    """Return the alternatives that stand at a path."""
    root = _schema(model)
    found = [root] if root else []
    for step in path:
        found = [below for schema in found for below in _below(root, schema, step)]
    return found


@cache
def _schema(model: str) -> Schema:
    known = {spec.__name__: spec for spec in Spec.__subclasses__()}
    return known[model].model_json_schema() if model in known else {}


def _below(root: Schema, schema: Schema, step: str) -> Iterator[Schema]:
    """Yield the alternatives of one field of an object, or of one entry of a list."""
    below = schema.get("properties", {}).get(step)
    if below is None and step.isdecimal() and schema.get("type") == "array":
        each = schema.get("prefixItems", ())
        below = each[int(step)] if int(step) < len(each) else schema.get("items")
    if isinstance(below, dict):
        yield from _alternatives(root, below)


def _alternatives(root: Schema, schema: Schema) -> Iterator[Schema]:
    if "$ref" in schema:
        yield from _alternatives(root, root["$defs"][schema["$ref"].rpartition("/")[2]])
    elif "anyOf" in schema:
        for choice in schema["anyOf"]:
            yield from _alternatives(root, choice)
    else:
        yield schema


def _words(schema: Schema) -> tuple[str, ...]:
    """Return what one alternative takes; each choice is one of its own."""
    kind = schema.get("type")
    if "const" in schema or "enum" in schema:
        return tuple(repr(choice) for choice in schema.get("enum", [schema.get("const")]))
    if kind in {"integer", "number"}:
        low = _bound(schema, "minimum", "exclusiveMinimum", "more than ")
        high = _bound(schema, "maximum", "exclusiveMaximum", "less than ")
        return (f"{low} to {high}" if low and high else low or high or "a number",)
    if kind == "array":
        return (f"a list of {_count(schema, 'minItems', 'maxItems')}entries",)
    if kind == "string":
        count = _count(schema, "minLength", "maxLength")
        return (f"text of {count}characters" if count else "text",)
    if kind == "boolean":
        return ("true", "false")
    return ("null" if kind == "null" else "an object of fields",)


def _bound(schema: Schema, including: str, excluding: str, word: str) -> str:
    if including in schema:
        return number(schema[including])
    return f"{word}{number(schema[excluding])}" if excluding in schema else ""


def _count(schema: Schema, low: str, high: str) -> str:
    if schema.get(low) == schema.get(high):
        return f"{schema[low]:,} " if low in schema else ""
    return f"{schema.get(low, 0):,} to {schema[high]:,} " if high in schema else ""


def number(value: float) -> str:
    """Return a bound as a reader writes it: 65,536, 0.5, 1e-05."""
    return f"{int(value):,}" if value == int(value) else f"{value:g}"

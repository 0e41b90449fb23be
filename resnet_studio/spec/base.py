"""What all specifications have in common: frozen, no unknown fields, strict numbers, documented fields."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

Flag = Annotated[bool, Field(strict=True)]
Fraction = Annotated[float, Field(strict=True, ge=0, lt=1)]


class Spec(BaseModel):
    """A frozen value whose fields carry their bounds and their one-line meaning.

    The meaning is the docstring under the field: the window's tooltips and the command line's help show it.
    Numbers are strict: `true`, `"3"` and `3.5` are no whole numbers, NaN and infinity are no numbers.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        validate_default=True,
        use_attribute_docstrings=True,
    )


def wrong_field(field: str, reason: str) -> PydanticCustomError:
    """Return the error of a check of several fields against each other, which names the one that is wrong."""
    return PydanticCustomError("wrong_field", "{field}: {reason}", {"field": field, "reason": reason})

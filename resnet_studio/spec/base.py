"""What all specifications have in common: frozen, no unknown fields, strict numbers, documented fields."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

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

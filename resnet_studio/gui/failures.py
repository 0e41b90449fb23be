"""How the parts of the session tell why a job of theirs ended."""

from typing import TYPE_CHECKING

from resnet_studio.spec.errors import StudioError

if TYPE_CHECKING:
    from resnet_studio.gui.session import Session


def told(session: "Session", error: BaseException) -> str:
    """Return an error as a sentence; one that should not have been is announced in `unexpected` too."""
    if isinstance(error, StudioError):
        return str(error)
    session.unexpected.emit(error)
    return f"{type(error).__name__}: {error}"

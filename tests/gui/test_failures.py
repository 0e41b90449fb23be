"""How the parts of the session tell why a job of theirs ended."""

import pytest

from resnet_studio.gui.failures import told
from resnet_studio.gui.session import Session
from resnet_studio.spec.errors import StudioError


@pytest.mark.parametrize(
    ("error", "sentence", "is_announced"),
    [(StudioError("The disk is full."), "The disk is full.", False), (KeyError("loss"), "KeyError: 'loss'", True)],
)
def test_what_should_not_have_been_is_announced_too(
    qapp: object, error: Exception, sentence: str, is_announced: bool
) -> None:
    session = Session()
    announced: list[object] = []
    session.unexpected.connect(announced.append)
    assert told(session, error) == sentence
    assert announced == ([error] if is_announced else [])
    assert session.close()
    session.deleteLater()

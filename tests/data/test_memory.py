"""What can't fit in memory is refused in a sentence."""

import pytest

from resnet_studio.data import memory
from resnet_studio.data.memory import available_memory, require_memory
from resnet_studio.spec.errors import StudioError


def test_the_machine_tells_its_memory() -> None:
    available = available_memory()
    assert available is None or 1e7 < available < 1e15


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available_memory", lambda: 10**9)
    require_memory(10**9, "The images")
    with pytest.raises(StudioError, match=r"^The images need 2\.0 GB of memory, and 1\.0 GB are free; choose"):
        require_memory(2 * 10**9, "The images")
    monkeypatch.setattr(memory, "available_memory", lambda: 3_000_000)
    with pytest.raises(StudioError, match=r"need 3\.4 MB of memory, and 3\.0 MB are free"):
        require_memory(3_400_000, "The images")


def test_a_system_that_tells_nothing_refuses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available_memory", lambda: None)
    require_memory(10**18, "The images")

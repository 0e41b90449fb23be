"""What takes a while to find out is found out once."""

from pathlib import Path

import pytest

from resnet_studio.data.remembered import facts_folder, recall, remember, remembered
from resnet_studio.spec.errors import StudioError


def test_facts_are_found_once() -> None:
    found: list[int] = []

    def find() -> list[int]:
        found.append(1)
        return [7, 8]

    assert remembered("facts", find) == remembered("facts", find) == [7, 8]
    assert len(found) == 1
    (path,) = facts_folder().iterdir()
    for damage in ("[7, ", '{"7": 8}', ""):
        path.write_text(damage)
        assert remembered("facts", find) == [7, 8]
    assert len(found) == 4


def test_facts_are_recalled_as_they_were_kept() -> None:
    assert recall("facts") is None
    remember("facts", [["a", 1], []])
    assert recall("facts") == [["a", 1], []]
    assert recall("others") is None


def test_a_folder_that_cannot_be_made_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "file"))
    with pytest.raises(StudioError, match=r"file/cache/facts can't be made: .*; RESNET_STUDIO_HOME names another"):
        remember("facts", [])

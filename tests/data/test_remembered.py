"""What takes a while to find out is found out once."""

import os
from pathlib import Path

import pytest

from resnet_studio.data import remembered as module
from resnet_studio.data.remembered import facts_folder, is_remembered, recall, remember, remembered
from resnet_studio.spec.errors import StudioError


def test_facts_are_found_once() -> None:
    found: list[int] = []

    def find() -> list[int]:
        found.append(1)
        return [7, 8]

    assert remembered("facts", find) == remembered("facts", find) == [7, 8]
    assert len(found) == 1
    (path,) = facts_folder().iterdir()
    whole = path.read_text()
    for damage in (whole.replace("8]", "9]"), whole[:-1], '{"7": 8}', "[7, 8]", ""):
        path.write_text(damage)
        assert remembered("facts", find) == [7, 8]
    assert len(found) == 6


def test_the_oldest_facts_go_where_all_take_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 250)
    for number, key in enumerate("abcd"):
        remember(key, [key] * 5)
        os.utime(facts_folder() / f"{key}.json", (number, number))
    assert sorted(path.name for path in facts_folder().iterdir()) == ["c.json", "d.json"]
    remember("large", ["x"] * 100)
    assert recall("large") == ["x"] * 100
    assert [path.name for path in facts_folder().iterdir()] == ["large.json"]


def test_facts_are_recalled_as_they_were_kept() -> None:
    assert recall("facts") is None
    remember("facts", [["a", 1], []])
    assert recall("facts") == [["a", 1], []]
    assert recall("others") is None
    assert (is_remembered("facts"), is_remembered("others")) == (True, False)


def test_a_folder_that_cannot_be_made_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "file"))
    with pytest.raises(StudioError, match=r"file/cache/facts can't be made: .*; RESNET_STUDIO_HOME names another"):
        remember("facts", [])
    # found out it is all the same
    assert remembered("facts", lambda: [7]) == [7]

import os
from pathlib import Path

import pytest

from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.paths import absolute, is_folder


def test_paths_are_absolute_and_a_tilde_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("USERPROFILE" if os.name == "nt" else "HOME", str(tmp_path / "me"))
    assert absolute("a/b") == tmp_path / "a" / "b"
    assert absolute("~/b") == tmp_path / "me" / "b"
    assert absolute("~nobody-has-this-name/b") == tmp_path / "~nobody-has-this-name" / "b"


def test_what_the_system_does_not_tell_is_one_sentence(tmp_path: Path) -> None:
    assert is_folder(tmp_path)
    assert not is_folder(tmp_path / "missing")
    path = tmp_path / ("x" * 5000)
    with pytest.raises(StudioError, match=r"xxx can't be opened: .*too long\.$"):
        is_folder(path)

"""RESNET_STUDIO_HOME moves everything that is the studio's own."""

from pathlib import Path

import pytest

from resnet_studio.spec.home import cache_folder, datasets_folder, home, runs_folder

FOLDERS = (home, cache_folder, datasets_folder, runs_folder)


def test_the_named_folder_holds_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    assert home() == tmp_path
    assert all(folder().is_relative_to(tmp_path) for folder in FOLDERS)
    assert len({folder() for folder in FOLDERS}) == len(FOLDERS)


def test_a_tilde_is_the_users_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", "~/studio")
    assert home() == Path.home() / "studio"


def test_without_a_name_the_systems_folders_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESNET_STUDIO_HOME")
    for folder in FOLDERS:
        assert folder().is_absolute()
        assert "resnet-studio" in folder().parts

"""Where an export goes, and what it meets there."""

from pathlib import Path

from resnet_studio.gui.pages.export.destination import outlook


def test_what_an_export_meets(tmp_path: Path) -> None:
    assert outlook(tmp_path / "a" / "b", 0).startswith("new folder, ")
    assert outlook(tmp_path, 0).startswith("new folder, ")
    assert "89.5 MB of " in outlook(tmp_path, 89_500_000)
    (tmp_path / "notes.txt").touch()
    assert outlook(tmp_path, 0).startswith("other files are left alone, ")
    assert outlook(tmp_path / "notes.txt", 0) == "this is a file, name a folder"
    (tmp_path / "classes.json").touch()
    assert outlook(tmp_path, 0).startswith("the export there is replaced, ")

"""A folder's licence and citation are what the files beside its images say, as text."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from resnet_studio.data.load import load
from resnet_studio.data.sources.about import citation_of, licence_of
from resnet_studio.spec.data import DataSpec

CC0 = "Creative Commons Legal Code\n\nCC0 1.0 Universal\n\n    CREATIVE COMMONS CORPORATION IS NOT A LAW FIRM\n"
APACHE = "\n                                 Apache License\n                           Version 2.0, January 2004\n"
GPL = "                    GNU GENERAL PUBLIC LICENSE\n                       Version 3, 29 June 2007\n"


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("LICENSE", CC0, "CC0 1.0 Universal"),
        ("Licence.txt", "Attribution 4.0 International\n\n=====\n", "Attribution 4.0 International"),
        ("COPYING", GPL, "GNU GENERAL PUBLIC LICENSE, Version 3, 29 June 2007"),
        ("license.md", "# License\n\n## MIT License\n", "MIT License"),
        ("LICENSE.rst", APACHE, "Apache License, Version 2.0, January 2004"),
        ("LICENSE", "\ufeff\r\n CC BY 4.0\r\n", "CC BY 4.0"),
        ("LICENSE", "<b>mine</b>\x1b[31m\x00\n", "<b>mine</b> [31m"),
        ("LICENSE", "free " * 100, f"{'free ' * 19}free…"),
        ("LICENSE", "", "not stated"),
        ("LICENSE", "====\n\n", "not stated"),
        ("README", "MIT License", "not stated"),
        ("LICENSES", "MIT License", "not stated"),
    ],
)
def test_the_title_of_the_licence(tmp_path: Path, name: str, text: str, title: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert licence_of(tmp_path) == title


def test_no_more_is_read_than_the_beginning(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_bytes(b"\n" * (1 << 14) + b"MIT License")
    assert licence_of(tmp_path) == "not stated"
    (tmp_path / "LICENSE").write_bytes(b"\xff\xfe licence")
    assert licence_of(tmp_path).endswith("licence")


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders there")
def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "LICENSE")
    (tmp_path / "CITATION.cff").mkdir()
    assert (licence_of(tmp_path), citation_of(tmp_path)) == ("not stated", "")
    assert licence_of(tmp_path / "gone") == "not stated"


def test_a_citation(tmp_path: Path) -> None:
    (tmp_path / "CITATION.cff").write_text(
        "cff-version: 1.2.0\nmessage: If you use it, cite it.\ntitle: 'Pets: cats and dogs'\nauthors:\n"
        '  - family-names: Grigorev\n    given-names: Alexey\n  - given-names: B.\n    family-names: "Other"\n'
        "date-released: 2020-10-05\ndoi: 10.1000/x\npreferred-citation:\n  type: article\n  title: Another\n"
        "  authors:\n    - family-names: Nobody\n",
        encoding="utf-8",
    )
    assert citation_of(tmp_path) == "Grigorev and Other, Pets: cats and dogs, 2020, doi:10.1000/x"
    (tmp_path / "CITATION.cff").write_text("title: Pets\n", encoding="utf-8")
    assert citation_of(tmp_path) == "Pets"
    (tmp_path / "CITATION.cff").write_text("nothing of the kind", encoding="utf-8")
    assert citation_of(tmp_path) == ""


def test_a_folder_of_images_has_them(make_folder: Callable[..., Path]) -> None:
    path = make_folder({"cat": 12, "dog": 12})
    images = load(DataSpec(source=str(path)))
    assert (images.licence, images.citation) == ("not stated", "")
    (path / "LICENSE").write_text(CC0, encoding="utf-8")
    (path / "CITATION.cff").write_text("title: Pets\n", encoding="utf-8")
    again = load(DataSpec(source=str(path)))
    assert (again.licence, again.citation) == ("CC0 1.0 Universal", "Pets")
    assert again.fingerprint == images.fingerprint


def test_that_of_the_real_clothing(data_root: Path) -> None:
    if not (data_root / "clothing").is_dir():
        pytest.skip(f"no clothing in {data_root}")
    assert licence_of(data_root / "clothing") == "CC0 1.0 Universal"

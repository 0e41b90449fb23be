"""What comes out of an archive is what was asked for, and stands nowhere else."""

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from resnet_studio.data.catalogue.unpack import unpack
from resnet_studio.data.watch import LoadingStoppedError, Progress, Watch
from resnet_studio.spec.errors import StudioError

FILES = {"set/a.bin": b"aaa" * 1000, "set/b.bin": b"bbb", "set/readme.html": b"<p>", "other.txt": b"?"}
ALL = ["set/a.bin", "set/b.bin"]
MOST = 10_000


def packed(path: Path, files: dict[str, bytes], *more: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for info in more:
            archive.addfile(info)
    return path


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def member(name: str, kind: bytes, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def test_only_what_is_asked_for_comes_out(tmp_path: Path) -> None:
    told: list[Progress] = []
    archive = packed(tmp_path / "set.tar.gz", FILES)
    unpack(archive, ALL, MOST, Watch(told.append))
    assert names(tmp_path) == {"set.tar.gz", *ALL}
    assert (tmp_path / "set" / "a.bin").read_bytes() == FILES["set/a.bin"]
    size = archive.stat().st_size
    assert told[-1] == Progress("Unpacking set.tar.gz", size, size)
    assert told[-1].in_bytes


def test_a_folder_comes_out_with_its_files(tmp_path: Path) -> None:
    files = {"./jpg/1.jpg": b"1", "jpg/2.jpg": b"2", "jpg/deeper/3.jpg": b"3", "jpg.txt": b"4"}
    unpack(packed(tmp_path / "set.tgz", files), ["jpg"], MOST, Watch())
    assert names(tmp_path) == {"set.tgz", "jpg/1.jpg", "jpg/2.jpg"}


def test_a_single_file_is_unpacked_too(tmp_path: Path) -> None:
    (tmp_path / "images-ubyte.gz").write_bytes(gzip.compress(b"pixels"))
    unpack(tmp_path / "images-ubyte.gz", ["images-ubyte"], MOST, Watch())
    assert (tmp_path / "images-ubyte").read_bytes() == b"pixels"


def test_a_malicious_archive_reaches_nothing(tmp_path: Path) -> None:
    """Absolute names, ways up, links to elsewhere and through them, devices: none of them is followed."""
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret").write_text("mine")
    files = {
        "../evil": b"x",
        "jpg/../../evil": b"x",
        "jpg/..": b"x",
        "jpg/..\\evil": b"x",
        f"{tmp_path}/evil": b"x",
        "/jpg/evil": b"x",
        "jpg/good.jpg": b"good",
    }
    links = (
        member("jpg/link", tarfile.SYMTYPE, "../../secret"),
        member("jpg/hard", tarfile.LNKTYPE, "../secret"),
        member("jpg/pipe", tarfile.FIFOTYPE),
        member("away", tarfile.SYMTYPE, str(tmp_path)),
    )
    unpack(packed(inside / "set.tgz", files, *links), ["jpg"], MOST, Watch())
    assert names(tmp_path) == {"secret", "inside/set.tgz", "inside/jpg/good.jpg"}
    assert (tmp_path / "secret").read_text() == "mine"


def test_a_file_that_is_a_link_counts_as_not_there(tmp_path: Path) -> None:
    archive = packed(tmp_path / "set.tgz", {"set/b.bin": b"b"}, member("set/a.bin", tarfile.SYMTYPE, "/etc/hostname"))
    with pytest.raises(StudioError, match=r"set\.tgz has no set/a\.bin in it; delete it"):
        unpack(archive, ALL, MOST, Watch())
    assert names(tmp_path) == {"set.tgz"}


def test_an_archive_that_never_ends_does(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="holds more than it should"):
        unpack(packed(tmp_path / "set.tgz", FILES), ALL, 2000, Watch())
    assert names(tmp_path) == {"set.tgz"}


@pytest.mark.parametrize("where", [20, -40, -4])
def test_a_damaged_archive_is_named_and_nothing_of_it_stays(tmp_path: Path, where: int) -> None:
    archive = packed(tmp_path / "set.tgz", FILES)
    content = bytearray(archive.read_bytes())
    content[where] ^= 0xFF
    archive.write_bytes(content)
    with pytest.raises(StudioError, match=r"set\.tgz is damaged; delete it"):
        unpack(archive, ALL, MOST, Watch())
    archive.write_bytes(content[:-30])
    with pytest.raises(StudioError, match=r"set\.tgz is damaged; delete it"):
        unpack(archive, ALL, MOST, Watch())
    assert names(tmp_path) == {"set.tgz"}


def test_it_can_be_stopped_and_nothing_stays(tmp_path: Path) -> None:
    archive = packed(tmp_path / "set.tgz", FILES)
    with pytest.raises(LoadingStoppedError, match=r"Unpacking set\.tgz was stopped"):
        unpack(archive, ALL, MOST, Watch(should_stop=lambda: True))
    assert list(tmp_path.iterdir()) == [archive]


def test_what_stands_there_stays_and_what_is_missing_joins_it(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.bin").write_bytes(b"mine")
    # what a process left that was killed
    (tmp_path / ".set.tgz.unpacking" / "set").mkdir(parents=True)
    (tmp_path / ".set.tgz.unpacking" / "set" / "c.bin").touch()
    unpack(packed(tmp_path / "set.tgz", FILES), ALL, MOST, Watch())
    assert names(tmp_path) == {"set.tgz", *ALL}
    assert (tmp_path / "set" / "a.bin").read_bytes() == b"mine"
    assert not (tmp_path / ".set.tgz.unpacking").exists()

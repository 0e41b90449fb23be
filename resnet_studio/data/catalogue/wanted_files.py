"""What has to be downloaded before a source can be loaded. Asks the disk alone: no network, no torch."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from resnet_studio.data.catalogue.entries import ENTRIES
from resnet_studio.data.catalogue.remote import REMOTES, Remote
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.home import datasets_folder
from resnet_studio.spec.paths import absolute


@dataclass(frozen=True)
class Missing:
    """The files of a data set of the catalogue that aren't there."""

    name: str
    """Of the catalogue."""
    title: str
    files: tuple[str, ...]
    """Their names, as they are on the web."""
    total_bytes: int
    """Of all these files, as the catalogue knows them; what is left of a download that was stopped still counts."""
    urls: tuple[str, ...]
    """The first address of each."""
    folder: Path
    """Where they go, and where they were looked for."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """The servers that are asked first."""
        return tuple(dict.fromkeys(urlsplit(url).hostname or "" for url in self.urls))

    @property
    def sentence(self) -> str:
        """What is missing, how much that is and where it comes from, as one sentence."""
        size = f"{self.total_bytes / 1e9:,.1f} GB" if self.total_bytes >= 1e9 else f"{self.total_bytes / 1e6:,.0f} MB"
        return f"{self.title} is not in {self.folder}; {size} would be downloaded from {' and '.join(self.hosts)}."


class NotDownloadedError(StudioError):
    """The files of a data set aren't there, and the caller doesn't want them downloaded.

    Attributes:
        missing: what would have to be downloaded.
    """

    def __init__(self, missing: Missing) -> None:
        super().__init__(missing.sentence)
        self.missing = missing


def missing(spec: DataSpec) -> Missing | None:
    """Return what has to be downloaded before a source can be loaded; None where nothing has, or it isn't known.

    It takes a few milliseconds. Whether files that are there are whole is seen when they are loaded.

    Args:
        spec: names the source and the folder of the data sets.
    """
    remotes = absent(spec.source, root_of(spec))
    if not remotes:
        return None
    return Missing(
        spec.source,
        ENTRIES[spec.source].title,
        tuple(remote.file for remote in remotes),
        sum(remote.size for remote in remotes),
        tuple(remote.urls[0] for remote in remotes),
        root_of(spec) / remotes[0].folder,
    )


def absent(name: str, root: Path) -> tuple[Remote, ...]:
    """Return the files of a data set that have to be downloaded.

    Args:
        name: of a source; there are none for what isn't in the catalogue.
        root: the folder in which torchvision keeps its data sets.
    """
    return tuple(remote for remote in REMOTES.get(name, ()) if not remote.is_there(root))


def root_of(spec: DataSpec) -> Path:
    """Return the folder of the data sets of the catalogue, absolute: the given one, else the studio's own."""
    return datasets_folder() if spec.root is None else absolute(spec.root)

"""A set of images that was looked at before: what is remembered of it, and whether it is still there."""

import json
from dataclasses import dataclass
from pathlib import Path

from resnet_studio.spec.data import CATALOGUE, DataSpec
from resnet_studio.spec.home import datasets_folder
from resnet_studio.spec.paths import absolute


@dataclass(frozen=True)
class RecentData:
    """A folder of images, an .npz file, or a name of the catalogue with the folder that has its files."""

    source: str
    root: str | None = None
    """The folder, where the source is a name; None: the studio's own."""

    @classmethod
    def of(cls, spec: DataSpec) -> "RecentData | None":
        """Return what there is to remember of data that are in use; None: nothing, they are always at hand."""
        if spec.source not in CATALOGUE:
            return cls(str(absolute(spec.source)))
        if spec.root is None or Path(spec.root) == datasets_folder():
            return None
        return cls(spec.source, str(absolute(spec.root)))

    @classmethod
    def from_text(cls, text: str) -> "RecentData | None":
        """Read what `text` wrote; a file of settings that was edited by hand may hold anything."""
        try:
            found = json.loads(text)
        except ValueError:
            return None
        match found:
            case [str(source), str() | None as root] if source:
                return cls(source, root)
        return None

    def text(self) -> str:
        """Return it as it stands in the settings."""
        return json.dumps([self.source, self.root])

    @property
    def title(self) -> str:
        """The name of the catalogue, or of the folder or file."""
        return Path(self.source).name or self.source

    @property
    def place(self) -> Path:
        """The folder or file that must be there."""
        return Path(self.root or self.source)

    @property
    def is_there(self) -> bool:
        """Whether the folder or file still is where it was; one that may not be looked at isn't."""
        try:
            return self.place.exists()
        except OSError:
            return False

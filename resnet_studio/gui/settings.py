"""What the window remembers from one start to the next."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from resnet_studio.gui.theme import Mode
from resnet_studio.spec.home import home

MAX_RECENT = 8


class Settings:
    """Theme, geometry and recent documents, in one file of the studio's folder."""

    def __init__(self) -> None:
        self._store = QSettings(str(home() / "settings.ini"), QSettings.Format.IniFormat)

    @property
    def mode(self) -> Mode:
        """The chosen theme; a file edited by hand may hold anything."""
        value = self._store.value("theme", "system")
        modes: dict[object, Mode] = {"light": "light", "dark": "dark"}
        return modes.get(value, "system")

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self._store.setValue("theme", mode)

    @property
    def geometry(self) -> QByteArray | None:
        """Place and size of the window when it was closed."""
        value = self._store.value("geometry")
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._store.setValue("geometry", geometry)

    @property
    def recent(self) -> list[Path]:
        """Documents that were open, newest first."""
        value = self._store.value("recent", [])
        names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return [Path(str(name)) for name in names]

    def remember(self, path: Path) -> None:
        """Put a document first among the recent ones."""
        others = [other for other in self.recent if other != path]
        self._store.setValue("recent", [str(item) for item in [path, *others][:MAX_RECENT]])

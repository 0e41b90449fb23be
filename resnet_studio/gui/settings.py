"""What the window remembers from one start to the next."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from resnet_studio.gui.recent_data import RecentData
from resnet_studio.gui.theme import Mode
from resnet_studio.spec.home import home

MAX_RECENT = 8


class Settings:
    """Theme, geometry, recent documents and data, in one file of the studio's folder."""

    def __init__(self) -> None:
        path = home() / "settings.ini"
        self._store = QSettings(str(path), QSettings.Format.IniFormat)
        self.trouble = ""
        """What is wrong with the file, in one sentence; what can be read of it counts."""
        if self._store.status() != QSettings.Status.NoError:
            self.trouble = f"{path} can't be read whole; what is missing starts as usual."

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
        return [Path(name) for name in self._texts("recent")]

    def remember(self, path: Path) -> None:
        """Put a document first among the recent ones."""
        others = [other for other in self.recent if other != path]
        self._store.setValue("recent", [str(item) for item in [path, *others][:MAX_RECENT]])

    @property
    def recent_data(self) -> list[RecentData]:
        """Data sets that were looked at, newest first; some may be gone by now."""
        found = (RecentData.from_text(text) for text in self._texts("recent_data"))
        return [one for one in found if one is not None]

    def remember_data(self, data: RecentData) -> None:
        """Put a data set first among the recent ones."""
        before = self.recent_data
        if before[:1] != [data]:
            self._set_recent_data([data, *(other for other in before if other != data)])

    def forget_gone_data(self) -> None:
        """Forget the data sets that are no longer there."""
        self._set_recent_data([data for data in self.recent_data if data.is_there])

    def columns(self, table: str) -> list[str] | None:
        """Keys of the columns that were chosen for a table, None before anyone has."""
        value = self._store.value(f"columns/{table}")
        return value.split() if isinstance(value, str) else None

    def set_columns(self, table: str, keys: Iterable[str] | None) -> None:
        """Remember the columns of a table; None forgets them."""
        if keys is None:
            self._store.remove(f"columns/{table}")
        else:
            self._store.setValue(f"columns/{table}", " ".join(keys))

    def _texts(self, key: str) -> list[str]:
        """Return a list of texts; Qt gives one of length one as the text itself, and a hand may have written any."""
        value = self._store.value(key, [])
        return [value] if isinstance(value, str) else [str(item) for item in value] if isinstance(value, list) else []

    def _set_recent_data(self, data: list[RecentData]) -> None:
        self._store.setValue("recent_data", [one.text() for one in data[:MAX_RECENT]])

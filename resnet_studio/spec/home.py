"""Where the studio keeps what is its own: data sets, caches, runs and settings."""

import os
from pathlib import Path

from platformdirs import user_cache_path, user_data_path


def home() -> Path:
    """Return the studio's folder; `RESNET_STUDIO_HOME` moves it together with its caches."""
    named = os.environ.get("RESNET_STUDIO_HOME")
    return Path(named).expanduser() if named else user_data_path("resnet-studio", appauthor=False)


def cache_folder() -> Path:
    """Return the folder of what can be made anew at any time."""
    named = os.environ.get("RESNET_STUDIO_HOME")
    return home() / "cache" if named else user_cache_path("resnet-studio", appauthor=False)


def datasets_folder() -> Path:
    """Return the folder in which torchvision's data sets are kept where no other is given."""
    return home() / "datasets"


def runs_folder() -> Path:
    """Return the folder in which the window makes its runs."""
    return home() / "runs"

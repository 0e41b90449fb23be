"""Where the traceback of an unexpected error is kept, so that a user sees one sentence and we can still mend it."""

import platform
import traceback
from datetime import datetime
from pathlib import Path

from resnet_studio import __version__
from resnet_studio.spec.home import home


def keep(error: BaseException) -> Path:
    """Write the traceback to a new file of the studio's folder and return its path."""
    now = datetime.now().astimezone()
    folder = home() / "crashes"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:%Y-%m-%d-%H%M%S-%f}.txt"
    facts = f"ResNet Studio {__version__}, Python {platform.python_version()}, {platform.platform()}, {now.isoformat()}"
    path.write_text(facts + "\n\n" + "".join(traceback.format_exception(error)), encoding="utf-8")
    return path

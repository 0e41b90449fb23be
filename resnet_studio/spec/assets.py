"""Files that the program brings along: the embedded digits, icons."""

from pathlib import Path

from resnet_studio.spec.errors import StudioError

_PACKAGE = Path(__file__).parents[1]


def asset(name: str) -> Path:
    """Return the path of a file that ships with the studio, such as `digits.npz` or `icons/play.svg`.

    A wheel carries them inside the package; in a checkout they lie in `assets/` beside it.

    Raises:
        StudioError: the installation lacks the file.
    """
    # the package's own first: beside an installed package, `assets` would be anybody's
    for folder in (_PACKAGE / "assets", _PACKAGE.parent / "assets"):
        if (folder / name).exists():
            return folder / name
    raise StudioError(f"The studio's own file {name} is missing from {_PACKAGE}; install resnet-studio again.")

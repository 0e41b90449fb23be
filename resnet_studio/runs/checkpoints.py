"""Which checkpoints a run has kept: `checkpoints/index.json`. What is in one is `training`'s business."""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import write_bytes


class DamagedIndexError(StudioError):
    """An index that is not what was written; `resume` makes it anew from the checkpoints."""


class Checkpoint(BaseModel):
    """One kept checkpoint.

    Attributes:
        step: steps that the optimiser had done.
        epoch: epochs that were whole by then.
        val_accuracy: validation accuracy after the last of them, 0 to 1; none before the first, or in mid-epoch.
        val_loss: the same for the loss.
        has_ema: whether it holds an average of the weights, too.
        ema_val_accuracy: validation accuracy of that.
        ema_val_loss: the same for the loss.
    """

    model_config = ConfigDict(frozen=True)

    step: int
    epoch: int
    val_accuracy: float | None = None
    val_loss: float | None = None
    has_ema: bool = False
    ema_val_accuracy: float | None = None
    ema_val_loss: float | None = None

    @property
    def name(self) -> str:
        """Name of its folder, such as `step-1170`."""
        return f"step-{self.step}"


class Index(BaseModel):
    """The kept checkpoints by step, and which of them is the best; the last one is the newest.

    `best` is the one whose weights are best, `best_ema` the one whose average of the weights is: each is its own
    best, so that a run with an average goes exactly the way of one without.
    """

    model_config = ConfigDict(frozen=True)

    best: str | None = None
    best_ema: str | None = None
    last: str | None = None
    checkpoints: tuple[Checkpoint, ...] = ()

    def find(self, which: str) -> Checkpoint | None:
        """Return the checkpoint called `best`, `last`, `ema`, by its step or by its name; None where there is none.

        With `/ema` behind it, it is one that holds an average of the weights; `ema` alone is the best of those.
        """
        place = which.removesuffix("/ema")
        places = {"best": self.best, "last": self.last, "ema": self.best_ema}
        name = places.get(place, f"step-{place.removeprefix('step-')}")
        found = next((each for each in self.checkpoints if each.name == name), None)
        return found if found and (found.has_ema or not is_ema(which)) else None

    def with_new(self, new: Checkpoint, best: str | None, best_ema: str | None = None) -> "Index":
        """Return the index with a new, last checkpoint: the one before it and the best two are kept, no other.

        Checkpoints of later steps are of a superseded past and go too.
        """
        earlier = [each for each in self.checkpoints if each.step < new.step]
        kept = [each for each in earlier[:-1] if each.name in {best, best_ema}] + earlier[-1:] + [new]
        names = {each.name for each in kept}
        return Index(
            best=best if best in names else None,
            best_ema=best_ema if best_ema in names else None,
            last=new.name,
            checkpoints=tuple(kept),
        )


def is_ema(which: str) -> bool:
    """Return whether a checkpoint is named for its average of the weights, see `Index.find`."""
    return which.rpartition("/")[2] == "ema"


def read_index(folder: Path) -> Index:
    """Return the index in a run's folder `checkpoints`; an empty one where none was written yet.

    Raises:
        DamagedIndexError: the file is no index.
        StudioError: it can't be read.
    """
    path = folder / "index.json"
    try:
        return Index.model_validate(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return Index()
    except OSError as error:
        raise StudioError(f"{path} can't be read: {error.strerror or error}.") from None
    except (ValueError, ValidationError):
        raise DamagedIndexError(f"{path} is no index of checkpoints.") from None


def write_index(folder: Path, index: Index) -> None:
    """Write the index in one go.

    Raises:
        StudioError: the folder can't be written.
    """
    write_bytes(folder / "index.json", (index.model_dump_json(indent=2) + "\n").encode())

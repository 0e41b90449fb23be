"""One edit of the experiment as a step that can be undone."""

import time
from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from resnet_studio.spec.experiment import ExperimentSpec

MERGE_SECONDS = 1.0
EDIT_ID = 1

LABELS = {
    "network.name": "name",
    "network.num_classes": "classes",
    "network.block_type": "block type",
    "network.width_per_group": "width per group",
    "network.stem.kernel_size": "stem kernel",
    "network.stem.pool": "stem pool",
    "network.shortcut_norm": "norm of the shortcut",
    "network.conv_bias": "biases of the convolutions",
    "network.preactivation": "pre-activation",
    "network.zero_init_residual": "zero initialisation",
}
LISTS = {"block_sizes": "blocks of stage {}", "channels": "channels of stage {}", "strides": "stride of stage {}"}
SIDES = ("input channels", "input height", "input width")


def label(path: str) -> str:
    """Return what a field is called in an undo step: `network.block_sizes.1` is `blocks of stage 2`."""
    if path in LABELS:
        return LABELS[path]
    _, _, below = path.partition(".")
    name, _, place = below.rpartition(".")
    if place.isdigit() and name in LISTS:
        return LISTS[name].format(int(place) + 1)
    if place.isdigit() and name == "input_shape":
        return SIDES[int(place)]
    return below.replace(".", " ").replace("_", " ")


class Edit(QUndoCommand):
    """From one experiment to another; edits of the same field in quick succession, as of a dragged spin box, merge."""

    def __init__(
        self, path: str, text: str, old: ExperimentSpec, new: ExperimentSpec, show: Callable[[ExperimentSpec], None]
    ) -> None:
        super().__init__(text)
        self.path, self.old, self.new = path, old, new
        self._show, self._time = show, time.monotonic()

    def redo(self) -> None:
        """Show the new experiment."""
        self._show(self.new)

    def undo(self) -> None:
        """Show the old experiment."""
        self._show(self.old)

    def id(self) -> int:
        """Return which edits may merge; one without a single path never does."""
        return EDIT_ID if self.path else -1

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802 - Qt's name
        """Take a later edit of the same field into this one."""
        if not isinstance(other, Edit) or other.path != self.path or other._time - self._time > MERGE_SECONDS:
            return False
        self.new, self._time = other.new, other._time
        # a spin box that came back to where it was changed nothing
        self.setObsolete(self.new == self.old)
        return True

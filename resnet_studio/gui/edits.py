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
    """From one experiment to another; edits of one field merge that follow quickly or belong to the same drag."""

    def __init__(
        self,
        path: str,
        text: str,
        old: ExperimentSpec,
        new: ExperimentSpec,
        show: Callable[[ExperimentSpec], None],
        *,
        drag: int = 0,
    ) -> None:
        """Make a step.

        Args:
            path: what is edited, for merging; empty: it merges with none.
            text: what the step is called.
            old: what stands before it.
            new: what stands after it.
            show: makes an experiment stand.
            drag: number of the drag that it belongs to, which may be slow; 0: to none.
        """
        super().__init__(text)
        self.path, self.old, self.new = path, old, new
        self._show, self._time, self._drag = show, time.monotonic(), drag

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
        if not isinstance(other, Edit) or other.path != self.path:
            return False
        same_drag = bool(self._drag) and other._drag == self._drag
        if not same_drag and other._time - self._time > MERGE_SECONDS:
            return False
        self.new, self._time, self._drag = other.new, other._time, other._drag
        self.setText(other.text())
        # a spin box that came back to where it was changed nothing
        self.setObsolete(self.new == self.old)
        return True

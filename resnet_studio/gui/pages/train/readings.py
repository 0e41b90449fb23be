"""What is read out of the curves at one place. Pure: lines and epochs in, rows out."""

from resnet_studio.gui.numbers import count, percent
from resnet_studio.gui.pages.train.learned import Learned
from resnet_studio.gui.pages.train.readout import Row
from resnet_studio.runs.events import EpochDone


def point_rows(step: int, loss: Learned, accuracy: Learned, index: int, *, of_parent: bool) -> list[Row]:
    """Return what stands at a logged point.

    Args:
        step: of the point.
        loss: the lines of the losses.
        accuracy: those of the accuracies, which may be drawn a moment later.
        index: of the point in the lines.
        of_parent: whether they are of what the run goes on from: faint, and without the raw values.
    """
    rows = [Row("parent's step" if of_parent else "step", count(step))]
    if not of_parent:
        rows.append(Row("train", f"{loss.values[index]:.4f}", "blue", faint=True))
    rows.append(Row("smoothed", f"{loss.smooth[index]:.4f}", "blue", faint=of_parent))
    if index < len(accuracy.values):
        rows.append(Row("accuracy", f"{accuracy.values[index]:.2f} %"))
    return rows


def epoch_rows(epoch: EpochDone) -> list[Row]:
    """Return what stands at a validation point."""
    rows = [
        Row("validation", f"{epoch.val_loss:.4f}", "vermillion"),
        Row("accuracy", f"{percent(epoch.val_accuracy)} %", "vermillion"),
    ]
    if epoch.ema_val_loss is not None and epoch.ema_val_accuracy is not None:
        rows.append(Row("average", f"{epoch.ema_val_loss:.4f}", "green"))
        rows.append(Row("accuracy", f"{percent(epoch.ema_val_accuracy)} %", "green"))
    return rows

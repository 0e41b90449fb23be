"""Why training can't go on, in one sentence, and the changes with which it can."""

from resnet_studio.runs.failure import TrainingFailedError
from resnet_studio.spec.training import TrainingSpec
from resnet_studio.training.diagnosis import Fault


class NotFiniteError(TrainingFailedError):
    """A loss, a gradient or an output that is not finite."""


def not_finite(training: TrainingSpec, fault: Fault | None, step: int, rate: float, saved: int) -> NotFiniteError:
    """Return the error of a step whose loss or gradient is not finite.

    Args:
        training: as it was trained.
        fault: where it began; None: computed again, everything was finite.
        step: number of the step, from 1.
        rate: its learning rate.
        saved: the step of the last checkpoint; 0: there is none.
    """
    what = "gradient" if fault is not None and fault.kind == "gradient" else "loss"
    head = f"The {what} is not finite at step {step}, at a learning rate of {rate:.3g}: {_where(fault)}"
    if fault is not None and fault.kind == "images":
        return NotFiniteError(f"{head}; look at data.mean and data.std.")
    back = f"go back to step {saved} and go on" if saved else "begin again"
    tenth = float(f"{training.learning_rate / 10:.6g}")
    return NotFiniteError(f"{head}; {back} with a tenth of the rate.", {"training.learning_rate": tenth})


def _where(fault: Fault | None) -> str:
    if fault is None:
        return "computed again, the same batch is finite"
    return {
        "images": "the images of its batch aren't either",
        "weights": f"the first that isn't is a weight of {fault.module}",
        "output": f"the first module whose output isn't is {fault.module}",
        "loss": "the outputs of all modules are finite, the loss of them isn't",
        "gradient": f"from the loss backwards, the first module whose gradient isn't is {fault.module}",
    }[fault.kind]

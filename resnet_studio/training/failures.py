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
    return _with_a_tenth(training, head, saved)


def outputs_not_finite(
    training: TrainingSpec, fault: Fault | None, split: str, step: int, rate: float, saved: int
) -> NotFiniteError:
    """Return the error of an evaluation whose outputs are not finite, while the losses before it were.

    Args:
        training: as it was trained.
        fault: where it began; None: computed again, everything was finite.
        split: what was evaluated.
        step: number of the last step before it.
        rate: its learning rate.
        saved: the step of the last checkpoint; 0: there is none.
    """
    head = f"The outputs for the {split} images are not finite after step {step}, at a learning rate of {rate:.3g}"
    return _with_a_tenth(training, f"{head}: {_where(fault)}", saved)


def spoiled(training: TrainingSpec, key: str, step: int, rate: float, saved: int) -> NotFiniteError:
    """Return the error of a step after which the network is not finite, though its loss was.

    Args:
        training: as it was trained.
        key: the first tensor that is not, as in `state_dict`.
        step: number of the step, from 1.
        rate: its learning rate.
        saved: the step of the last checkpoint; 0: there is none.
    """
    head = f"{key} is not finite after step {step}, at a learning rate of {rate:.3g}, so no checkpoint was written"
    return _with_a_tenth(training, head, saved)


def _with_a_tenth(training: TrainingSpec, head: str, saved: int) -> NotFiniteError:
    back = f"go back to step {saved} and go on" if saved else "begin again"
    tenth = float(f"{training.learning_rate / 10:.6g}")
    return NotFiniteError(f"{head}; {back} with a tenth of the rate.", {"training.learning_rate": tenth})


def _where(fault: Fault | None) -> str:
    if fault is None:
        return "computed again, everything is finite"
    return {
        "images": "its images aren't either",
        "weights": f"the first that isn't is a weight of {fault.module}",
        "output": f"the first module whose output isn't is {fault.module}",
        "loss": "the outputs of all modules are finite, the loss of them isn't",
        "gradient": f"from the loss backwards, the first module whose gradient isn't is {fault.module}",
    }[fault.kind]

"""What there is to train on, asked in the background once: torch takes its time to say."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from resnet_studio.analysis.findings import Finding, beyond_memory
from resnet_studio.gui.worker import Job

if TYPE_CHECKING:
    from resnet_studio.gui.session import Session
    from resnet_studio.training.device import Device


class Devices:
    """The devices of this machine. GUI thread.

    Attributes:
        known: all of them, the one that `auto` takes first; empty until torch has said.
        why_no_gpu: why no NVIDIA or AMD GPU can be used, in a few words; empty where one can, or until torch has said.
    """

    def __init__(self, session: "Session") -> None:
        self.known: tuple[Device, ...] = ()
        self.why_no_gpu = ""
        self._session = session
        self._asked = False

    @property
    def wanted(self) -> "Device | None":
        """The one that the experiment asks for; None where it is not there, or not known yet."""
        wanted = self._session.experiment.training.device
        if wanted == "auto":
            return self.known[0] if self.known else None
        name = "cuda:0" if wanted == "cuda" else wanted
        return next((device for device in self.known if device.name == name), None)

    @property
    def why_cpu(self) -> str:
        """Why `auto` has come to mean the CPU, as a sentence; empty where it hasn't, or nobody asks for it."""
        wanted = self.wanted
        on_cpu = wanted is not None and wanted.kind == "cpu"
        if self._session.experiment.training.device != "auto" or not on_cpu or not self.why_no_gpu:
            return ""
        return f"Training on the CPU: {self.why_no_gpu}; “resnet-studio doctor” says more."

    def finding(self) -> "Finding | None":
        """Return how training would not fit into the memory of the device that the experiment asks for."""
        device, analysis, training = self.wanted, self._session.analysis, self._session.experiment.training
        if device is None or not device.memory or analysis.errors:
            return None
        from resnet_studio.training.resolve import automatic_precision

        auto = training.precision == "auto"
        precision = automatic_precision(device, analysis.mult_adds) if auto else training.precision
        return beyond_memory(analysis, training, device.name, device.memory, precision=precision)

    def ask(self) -> None:
        """Ask torch, once."""
        if not self._asked:
            self._asked = True
            self._session.background.run(_devices, on_items=self._take, on_end=self._ended)

    def _take(self, found: list[Any]) -> None:
        self.known, self.why_no_gpu = found[-1]
        self._session.devices_changed.emit()
        self._session.find_again()

    def _ended(self, error: BaseException | None) -> None:
        if error is not None:
            self._session.unexpected.emit(error)


def _devices(_: Job) -> Iterator[Any]:
    """Yield the devices, and why there is no GPU among them; background thread."""
    # the second is imported here already: the GUI thread needs it from now on
    from resnet_studio.training import resolve  # noqa: F401
    from resnet_studio.training.device import devices, no_gpu_reason

    yield devices(), no_gpu_reason() or ""

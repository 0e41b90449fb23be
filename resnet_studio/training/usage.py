"""How much memory training takes, as the device or the system tells."""

from pathlib import Path

import torch

from resnet_studio.analysis.cost import KIB


def memory_in_use(device: torch.device) -> int | None:
    """Return the bytes that this process has taken; None where nobody tells.

    On CUDA those of torch's tensors at their most since `forget_peak`. On the CPU, those of the whole process now:
    while a run goes on, what its largest step has taken is kept for the next, see `kept_memory`.
    """
    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    if device.type == "mps":
        return int(torch.mps.driver_allocated_memory())
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    resident = next((line for line in status.splitlines() if line.startswith("VmRSS:")), "")
    return int(resident.split()[1]) * KIB if resident else None


def forget_peak(device: torch.device) -> None:
    """Begin anew to look for the most that is taken."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)

"""`doctor`: what is installed and where, what this machine can do, and the command that mends what it can't."""

import os
import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from resnet_studio import __version__
from resnet_studio.cli.gpu import look, mend
from resnet_studio.cli.options import Json
from resnet_studio.cli.output import emit, show_table
from resnet_studio.gui.system import install_command, missing_system_libraries
from resnet_studio.spec.home import cache_folder, datasets_folder, home, runs_folder

GIB = 2**30
_PACKAGES = ("torch", "torchvision", "PySide6-Essentials", "pyqtgraph", "torchinfo", "safetensors", "onnx")


def doctor(as_json: Json = False) -> None:
    """Show versions, devices, folders, and what is missing with the command that mends it."""
    report = examine()
    if as_json:
        emit(report)
    else:
        show_table([("", False), ("", False)], list(_rows(report)))


def examine() -> dict[str, Any]:
    """Return everything that is known of this installation and machine, as a JSON object."""
    packages = {name: _version(name) for name in _PACKAGES}
    missing = missing_system_libraries()
    torch = _torch()
    return {
        "versions": {
            "resnet-studio": __version__,
            "python": platform.python_version(),
            **packages,
            "torch": torch.pop("version") or packages["torch"],
            "qt": _qt_version() if not missing and packages["PySide6-Essentials"] else None,
            "system": platform.platform(),
        },
        **torch,
        "system_libraries": {
            "missing": list(missing),
            "mend": install_command(list(missing.values())) if missing else None,
        },
        "folders": {
            name: _folder(path)
            for name, path in {
                "home": home(),
                "cache": cache_folder(),
                "datasets": datasets_folder(),
                "runs": runs_folder(),
            }.items()
        },
    }


def _torch() -> dict[str, Any]:
    """Return what torch can compute on and why it uses no GPU; an installation that doesn't load is told as it is."""
    try:
        import torch

        from resnet_studio.training.device import devices, no_gpu_reason
    except (ImportError, OSError) as error:
        reason = f"torch can't be loaded: {error}"
        return {
            "version": None,
            "devices": [],
            "gpu": {"reason": reason, "mend": f"{sys.executable} -m pip install --force-reinstall torch torchvision"},
        }
    found = devices()
    gpu = None
    if found[0].kind == "cpu":
        build = "cuda" if torch.version.cuda else "rocm" if torch.version.hip else "cpu"
        reason, command = mend(look(), build, no_gpu_reason() or "torch finds no GPU")
        gpu = {"reason": reason, "mend": command or None}
    return {
        # with the build behind a plus sign
        "version": torch.__version__,
        "devices": [
            {
                "name": device.name,
                "title": device.title,
                "memory": device.memory,
                "precisions": ["fp32", "bf16"] if device.bf16 else ["fp32"],
            }
            for device in found
        ],
        "threads": torch.get_num_threads(),
        "gpu": gpu,
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _qt_version() -> str:
    from PySide6.QtCore import qVersion

    return qVersion()


def _folder(path: Path) -> dict[str, Any]:
    """Return a folder's path, the free space of its disk in bytes, and whether it can be written."""
    there = path
    while not there.exists():
        there = there.parent
    return {"path": str(path), "free": shutil.disk_usage(there).free, "writable": os.access(there, os.W_OK)}


def _rows(report: dict[str, Any]) -> list[tuple[str, str]]:
    rows = [(name, found or "not installed") for name, found in report["versions"].items()]
    for device in report["devices"]:
        memory = "" if device["memory"] is None else f", {device['memory'] / GIB:.1f} GiB"
        rows.append((device["name"], f"{device['title']}{memory}, {' and '.join(device['precisions'])}"))
    gpu = report["gpu"]
    if gpu:
        rows.append(("no GPU", gpu["reason"] + (f" Mend: {gpu['mend']}" if gpu["mend"] else "")))
    libraries = report["system_libraries"]
    missing = ", ".join(libraries["missing"])
    rows.append(("system libraries", f"missing: {missing}. Mend: {libraries['mend']}" if missing else "all there"))
    for name, folder in report["folders"].items():
        writable = "" if folder["writable"] else ", can't be written"
        rows.append((name, f"{folder['path']} ({folder['free'] / GIB:.1f} GiB free{writable})"))
    return rows

"""One arm of `bench ui`, in a process of its own: `python -m resnet_studio.bench.ui_arm ARM FOLDER`."""

import json
import os
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from resnet_studio.bench.train_case import case

CASE = case("small")
EPOCHS = 4
TIMER_S = 0.001
WITHOUT, WITH, PROBED = "without window", "with window", "with window, its gaps measured"
ARMS = (WITHOUT, WITH, PROBED)


@dataclass(frozen=True)
class Told:
    """What an arm measured.

    Attributes:
        images_per_second: of the training.
        share: of a core that the window's thread computed while it trained; without a window, 0.
        gaps: of the event loop, in seconds; none where they are not measured.
    """

    images_per_second: float
    share: float = 0.0
    gaps: tuple[float, ...] = ()

    @classmethod
    def read(cls, line: str) -> "Told":
        """Return what another process printed."""
        told = json.loads(line)
        return cls(told["images_per_second"], told["share"], tuple(told["gaps"]))


def wanted(folder: Path) -> dict[str, Any]:
    """Return the fields of the experiment that both arms train."""
    return {
        "network": CASE.network.model_dump(),
        "data.source": str(folder / "images.npz"),
        "training.epochs": EPOCHS,
        "training.batch_size": CASE.batch,
        "training.device": "cpu",
    }


def speed(events: list[Any]) -> float:
    """Return images per second from the first to the last logged step of the run."""
    from resnet_studio.runs.events import Step

    steps = [event for event in events if isinstance(event, Step)]
    return (steps[-1].step - steps[0].step) * CASE.batch / (steps[-1].time - steps[0].time)


def without_window(folder: Path) -> Told:
    """Train as the command line does."""
    from resnet_studio.runs.folder import RunFolder
    from resnet_studio.spec.experiment import ExperimentSpec, with_values
    from resnet_studio.training.control import Control
    from resnet_studio.training.loop import train
    from resnet_studio.training.prepare import prepare

    experiment, images = prepare(with_values(ExperimentSpec(), wanted(folder)))
    run = RunFolder.create(folder, experiment)
    return Told(speed(list(train(experiment, run, Control(), images=images))))


def with_window(folder: Path, *, probed: bool) -> Told:
    """Train in the window with the train page shown.

    Args:
        folder: holds the images.
        probed: whether to look at the clock in every turn of its event loop, which costs the training something too.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["RESNET_STUDIO_HOME"] = tempfile.mkdtemp(dir=folder)
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from resnet_studio.gui.app import create_window

    app = QApplication([])
    window = create_window([])
    session = window.session
    session.change_many(wanted(folder), "bench")
    window.resize(1280, 800)
    window.show()
    window.show_page("train")
    loop = QEventLoop()
    session.images_changed.connect(lambda: loop.quit() if session.images is not None else None)
    QTimer.singleShot(60_000, loop.quit)
    loop.exec()
    began: list[tuple[float, float]] = []
    ended: list[tuple[float, float]] = []
    looked: list[float] = []

    def follow() -> None:
        if session.runs.phase == "training" and not began:
            began.append((time.perf_counter(), time.thread_time()))
        elif not session.runs.going_on:
            ended.append((time.perf_counter(), time.thread_time()))
            app.quit()

    def look() -> None:
        if session.runs.phase == "training":
            looked.append(time.perf_counter())

    if probed:
        timer = QTimer(window, interval=round(1000 * TIMER_S))
        timer.timeout.connect(look)
        timer.start()
    session.run_changed.connect(follow)
    session.runs.start()
    app.exec()
    if session.runs.phase != "finished":
        raise RuntimeError(f"the run ended as {session.runs.current}")
    (passed, computed), gaps = np.subtract(ended[0], began[0]), np.diff(looked) - TIMER_S
    outcome = Told(speed(session.runs.events), float(computed / passed), tuple(np.maximum(gaps, 0).tolist()))
    session.close()
    return outcome


def told(arm: str, folder: Path) -> Told:
    """Return what an arm measures with the images in a folder."""
    return without_window(folder) if arm == WITHOUT else with_window(folder, probed=arm == PROBED)


if __name__ == "__main__":
    print(json.dumps(asdict(told(sys.argv[1], Path(sys.argv[2])))))

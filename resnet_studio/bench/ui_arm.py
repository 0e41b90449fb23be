"""One arm of `bench ui`, in a process of its own: `python -m resnet_studio.bench.ui_arm ARM FOLDER`."""

import json
import os
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from resnet_studio.bench.train_case import case

CASE = case("small")
EPOCHS = 2
TIMER_S = 0.001


@dataclass(frozen=True)
class Told:
    """What an arm measured: images per second, and the gaps of the event loop in seconds (none without window)."""

    images_per_second: float
    gaps: list[float]

    @classmethod
    def read(cls, line: str) -> "Told":
        """Return what another process printed."""
        return cls(**json.loads(line))


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
    return Told(speed(list(train(experiment, run, Control(), images=images))), [])


def with_window(folder: Path) -> Told:
    """Train in the window with the train page shown, looking at the clock in every turn of its event loop."""
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
    session.runs.start()
    gaps: list[float] = []
    last = [0.0]

    def tick() -> None:
        now = time.perf_counter()
        if session.runs.phase == "training" and last[0]:
            gaps.append(max(0.0, now - last[0] - TIMER_S))
        last[0] = now
        if session.runs.phase and not session.runs.going_on:
            app.quit()

    timer = QTimer(interval=round(1000 * TIMER_S))
    timer.timeout.connect(tick)
    timer.start()
    app.exec()
    if session.runs.phase != "finished":
        raise RuntimeError(f"the run ended as {session.runs.current}")
    told = Told(speed(session.runs.events), gaps)
    session.close()
    return told


if __name__ == "__main__":
    arm = with_window if sys.argv[1] == "with window" else without_window
    print(json.dumps(asdict(arm(Path(sys.argv[2])))))

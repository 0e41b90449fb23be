"""Process start to window painted with a filled table, and how long importing torch then holds the window up."""

import json
import os
import subprocess
import sys

from resnet_studio.bench.report import OtherLoad, Report, machine, median

STARTS = 5

# what a new process runs: the program's own start, with a look at the clock at each mile
PROBE = """
import json, sys, time
import resnet_studio.cli
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
app = QApplication(["resnet-studio"])
from resnet_studio.gui.app import _window
window = _window()
window.show()
while not window.has_painted():
    app.processEvents()
painted = time.time()
model = window.stage_table().model()
filled = all(model.index(r, c).data() for r in range(model.rowCount()) for c in (0, 1, 3))
gaps, last = [], time.perf_counter()
def tick():
    global last
    now = time.perf_counter()
    gaps.append(now - last)
    last = now
timer = QTimer(interval=0)
timer.timeout.connect(tick)
timer.start()
until = time.time() + 30
while window.session.opinion is None and time.time() < until:
    app.processEvents()
    time.sleep(0.001)
print(json.dumps({"painted": painted, "filled": filled, "opinion": time.time(), "gaps": gaps}), flush=True)
import os
os._exit(0)
"""


def run(*, as_json: bool) -> None:
    """Start the program several times and print the table."""
    from time import time

    load, report = OtherLoad(), Report("startup")
    painted, confirmed, stall, longest = [], [], [], []
    environment = os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    for _ in range(STARTS + 1):
        begin = time()
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own probe
            [sys.executable, "-c", PROBE], capture_output=True, text=True, env=environment, check=True
        )
        told = json.loads(done.stdout.splitlines()[-1])
        if not told["filled"]:
            raise RuntimeError("the stage table was not filled when the window stood")
        painted.append(told["painted"] - begin)
        confirmed.append(told["opinion"] - begin)
        stall.append(sum(gap for gap in told["gaps"] if gap > 1 / 60))
        longest.append(max(told["gaps"]))
    # the first start reads everything from the disk
    value = median(painted[1:])
    report.add("process start to painted window", value, "s, median", "under 1", met=value < 1)
    report.add("the same, first start", painted[0], "s")
    report.add("process start to torchinfo's confirmation", median(confirmed[1:]), "s, median")
    report.add("event loop held up by importing torch, in all", median(stall[1:]), "s, median", "0.2 to 0.8")
    report.add("longest hold-up at a time", median(longest[1:]), "s, median")
    report.notes.append(f"{STARTS} starts after a first one; hold-ups are gaps of more than a frame (16.7 ms).")
    report.machine = machine(load)
    report.show(as_json=as_json)

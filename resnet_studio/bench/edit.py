"""One-field edit to filled stage table, in the real window, for networks of 18, 152 and 1202 layers."""

import os
import time

from resnet_studio.bench.report import OtherLoad, Report, machine, median, percentile

NETWORKS = ("resnet18", "resnet152", "cifar_resnet1202")
FRAME_MS = 1000 / 60
ROUNDS = 40


def run(*, as_json: bool) -> None:
    """Time edits round after round, the networks in turn, and print the table."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from resnet_studio.gui.app import create_window
    from resnet_studio.spec.experiment import with_values
    from resnet_studio.spec.presets import preset

    load, report = OtherLoad(), Report("edit")
    app = QApplication.instance() or QApplication([])
    windows = {}
    for name in NETWORKS:
        window = windows[name] = create_window([])
        session = window.session
        session.replace(with_values(session.experiment, {"network": preset(name).model_dump()}), "preset")
        window.resize(1280, 800)
        window.show()
    settle = time.monotonic() + 15
    while time.monotonic() < settle and any(w.session.opinion is None for w in windows.values()):
        app.processEvents()
        time.sleep(0.01)
    edits: dict[str, list[float]] = {name: [] for name in NETWORKS}
    frames: dict[str, list[float]] = {name: [] for name in NETWORKS}
    for number in range(ROUNDS):
        for name, window in windows.items():
            session, table = window.session, window.stage_table()
            blocks = preset(name).block_sizes[1] + 1 + number % 2
            begin = time.perf_counter()
            session.change("network.block_sizes.1", blocks)
            model = table.model()
            filled = [
                model.index(row, column).data()
                for row in range(model.rowCount())
                for column in range(model.columnCount())
            ]
            edits[name].append(1000 * (time.perf_counter() - begin))
            window.repaint()
            frames[name].append(1000 * (time.perf_counter() - begin))
            if not all(isinstance(cell, str) for cell in filled):
                raise RuntimeError("a cell of the stage table stayed empty")
            app.processEvents()
    for name in NETWORKS:
        value = median(edits[name])
        report.add(f"{name}: edit to filled table", value, "ms, median", "under 16.7", met=value < FRAME_MS)
        report.add(f"{name}: the same, 95th percentile", percentile(edits[name], 95), "ms")
        report.add(f"{name}: edit to painted window", median(frames[name]), "ms, median")
    ratio = median(edits["cifar_resnet1202"]) / median(edits["resnet18"])
    report.add("1202 layers against 18", ratio, "times", "about 1", met=ratio < 1.5)
    report.notes.append(f"{ROUNDS} edits of one field each, networks in turn, in the whole window of 1280x800.")
    report.machine = machine(load)
    report.show(as_json=as_json)

"""The curves of what a run goes on from, before its own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from resnet_studio.gui.pages.train.ancestors import Ancestors
from resnet_studio.gui.pages.train.page import TrainPage
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.label import Label
from resnet_studio.runs.events import Event, Resumed, RunStarted, Step
from resnet_studio.runs.folder import RunFolder

MakeRun = Callable[..., list[Event]]
PER_EPOCH = 20


def kept(parent: Path, session: Session, events: list[Event], origin: dict[str, object] | None = None) -> RunFolder:
    """Return the folder of a run with some events."""
    folder = RunFolder.create(parent, session.experiment)
    folder.write_environment({"parent": origin} if origin else {})
    with folder.recording() as record:
        for event in events:
            record(event)
    return folder


def branched(run: RunFolder, step: int) -> dict[str, object]:
    """Return what a run that goes on from a checkpoint of another writes down."""
    earlier = {key: value for key, value in run.environment().items() if key == "parent"}
    return {"run": str(run.path), "checkpoint": f"step-{step}", "step": step, **earlier}


def going_on(make_run: MakeRun, step: int, steps: int) -> list[Event]:
    """Return the events of a run that goes on from a checkpoint of another, hours later."""
    own = make_run(steps, start=step, seed=step)
    time = own[0].time + 10_000 * step
    began = RunStarted(step=step, time=time, parameters=9, device="cpu", precision="fp32", steps_per_epoch=PER_EPOCH)
    moved = [type(event)(**(vars(event) | {"time": event.time + 10_000 * step})) for event in own]
    return [Resumed(step=step, time=time, from_step=step), began, *moved]


@pytest.fixture
def lineage(tmp_path: Path, session: Session, make_run: MakeRun) -> list[RunFolder]:
    """A run of 80 steps, one from its step 40, and one from step 50 of that, in the middle of an epoch."""
    first = kept(tmp_path, session, make_run(80))
    second = kept(tmp_path, session, going_on(make_run, 40, 40), branched(first, 40))
    third = kept(tmp_path, session, going_on(make_run, 50, 30), branched(second, 50))
    return [first, second, third]


def losses(run: RunFolder, first: int, last: int) -> list[tuple[int, float]]:
    return [(each.step, each.loss) for each in run.events() if isinstance(each, Step) and first < each.step <= last]


def drawn(page: TrainPage) -> list[tuple[int, float]]:
    lines = page.plots.loss.parent_run
    return [(round(x), y) for x, y in zip(lines.x.tolist(), lines.values.tolist(), strict=True)]


def legend(page: TrainPage) -> dict[str, str]:
    """Return the words of the legend, each with its tooltip."""
    labels = [label for label in page.tools.legend.findChildren(Label) if label.isVisible()]
    return {label.text(): label.parentWidget().toolTip() for label in labels}  # type: ignore[union-attr]  # it has one


def test_all_that_led_to_the_checkpoint_is_drawn_before_the_run(
    page: TrainPage, session: Session, lineage: list[RunFolder], qtbot: QtBot
) -> None:
    first, second, third = lineage
    session.runs.open(third.path)
    qtbot.waitUntil(lambda: len(drawn(page)) == 50)
    assert drawn(page) == losses(first, 0, 40) + losses(second, 40, 50)
    x, _ = page.plots.loss.raw.getOriginalDataset()
    assert x.tolist() == list(range(51, 81)), "the run's own stand by themselves"
    assert page.plots.loss.view.viewRange()[0][0] == 0
    x, _ = page.plots.loss.parent_run.validation.getOriginalDataset()
    assert x.tolist() == [20, 40]
    x, _ = page.plots.rate.parent_curve.getOriginalDataset()
    assert x.tolist() == list(range(1, 51))
    qtbot.waitUntil(lambda: "parent" in legend(page))
    assert legend(page)["parent"] == page.strip._figures["phase"].toolTip()
    assert (
        legend(page)["parent"] == f"Goes on from step-50 of {second.name}, which goes on from step-40 of {first.name}."
    )


def test_what_is_gone_is_not_drawn_and_that_is_said(
    page: TrainPage, session: Session, lineage: list[RunFolder], qtbot: QtBot
) -> None:
    first, second, third = lineage
    shutil.rmtree(first.path)
    session.runs.open(third.path)
    qtbot.waitUntil(lambda: drawn(page) == losses(second, 40, 50))
    assert page.plots.loss.view.viewRange()[0][0] == 40
    qtbot.waitUntil(lambda: "parent" in legend(page))
    assert legend(page)["parent"].endswith(f" {first.path} is gone; its curves can't be drawn.")


def test_where_no_parent_is_left_that_is_said(
    page: TrainPage, session: Session, lineage: list[RunFolder], qtbot: QtBot
) -> None:
    _, second, third = lineage
    for run in lineage[:2]:
        shutil.rmtree(run.path)
    session.runs.open(third.path)
    qtbot.waitUntil(lambda: "parent not found" in legend(page))
    assert "parent" not in legend(page)
    assert f"{second.path} is gone" in page.strip._figures["phase"].toolTip()
    qtbot.waitUntil(lambda: page.plots.loss.view.viewRange()[0][0] == 50)
    assert drawn(page) == []


def test_a_younger_run_with_the_name_of_a_parent_is_none(
    page: TrainPage, session: Session, lineage: list[RunFolder], make_run: MakeRun, qtbot: QtBot, tmp_path: Path
) -> None:
    first, second, third = lineage
    shutil.rmtree(first.path)
    younger = kept(tmp_path, session, make_run(80, start=1_000_000)[:5])
    assert younger.path == first.path
    session.runs.open(third.path)
    qtbot.waitUntil(lambda: drawn(page) == losses(second, 40, 50))
    assert f"{first.path} is gone" in page.ancestors.known.trouble


def test_what_can_not_be_read_is_said(
    page: TrainPage, session: Session, lineage: list[RunFolder], qtbot: QtBot
) -> None:
    _, second, third = lineage
    second.events_path.unlink()
    second.events_path.mkdir()
    session.runs.open(third.path)
    qtbot.waitUntil(lambda: bool(page.ancestors.known.trouble))
    assert page.ancestors.known.trouble.startswith(f"{second.events_path} can't be read")


def test_another_run_has_other_ancestors_or_none(
    page: TrainPage, session: Session, lineage: list[RunFolder], qtbot: QtBot
) -> None:
    first, second, third = lineage
    session.runs.open(third.path)
    session.runs.open(second.path)
    qtbot.waitUntil(lambda: drawn(page) == losses(first, 0, 40))
    session.runs.open(third.path)
    session.runs.open(first.path)
    assert drawn(page) == []
    qtbot.waitUntil(lambda: not session.background.busy)
    assert page.ancestors.known.curves is None, "what was asked for before comes too late"
    assert page._curves.parent is None
    assert "parent" not in legend(page)


def test_a_sibling_has_the_same_ancestors(
    page: TrainPage, session: Session, lineage: list[RunFolder], make_run: MakeRun, qtbot: QtBot, tmp_path: Path
) -> None:
    first, second, _ = lineage
    session.runs.open(second.path)
    qtbot.waitUntil(lambda: drawn(page) == losses(first, 0, 40))
    session.runs.open(kept(tmp_path, session, going_on(make_run, 40, 20), branched(first, 40)).path)
    qtbot.waitUntil(lambda: page.strip.value("step") == "60")
    page.plots.redraw()
    assert drawn(page) == losses(first, 0, 40)


def test_they_are_read_by_another_thread(
    session: Session, lineage: list[RunFolder], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    readers: list[str] = []
    events = RunFolder.events

    def told(run: RunFolder) -> list[Event]:
        readers.append(threading.current_thread().name)
        return events(run)

    ancestors = Ancestors(session, session)
    session.runs.open(lineage[2].path)
    assert session.runs.current is not None
    monkeypatch.setattr(RunFolder, "events", told)
    with qtbot.waitSignal(ancestors.changed):
        ancestors.follow(session.runs.current.origin)
    qtbot.waitUntil(lambda: ancestors.known.curves is not None)
    assert readers == ["background", "background"]

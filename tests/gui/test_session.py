"""Edits, undo, selection and documents of the session, without a window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from resnet_studio.gui.run_state import RunState
from resnet_studio.gui.session import Selection, Session
from resnet_studio.spec.experiment import with_values
from resnet_studio.spec.presets import preset


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session()
    yield made
    assert made.close(10)


def test_an_edit_changes_the_analysis_and_can_be_undone(session: Session, qtbot: QtBot) -> None:
    before = session.analysis.params
    with qtbot.waitSignal(session.changed):
        assert session.change("network.block_sizes.0", 3)
    assert session.analysis.params > before
    assert session.undo_stack.undoText() == "blocks of stage 1"
    session.undo_stack.undo()
    assert session.analysis.params == before
    session.undo_stack.redo()
    assert session.experiment.network.block_sizes == (3, 1, 1)


def test_a_dragged_spin_box_is_one_step(session: Session) -> None:
    for blocks in (2, 3, 4, 5):
        session.change("network.block_sizes.0", blocks)
    session.change("network.block_sizes.1", 2)
    assert session.undo_stack.count() == 2
    session.undo_stack.undo()
    session.undo_stack.undo()
    assert session.experiment.network.block_sizes == (1, 1, 1)


def test_a_drag_back_to_the_start_leaves_no_step(session: Session) -> None:
    session.change("network.block_sizes.0", 2)
    session.change("network.block_sizes.0", 1)
    assert session.undo_stack.count() == 0


def test_a_slow_drag_is_one_step_and_what_comes_later_is_another(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr("resnet_studio.gui.edits.time.monotonic", lambda: now)
    session.begin_drag()
    for blocks in (2, 3, 4):
        session.change("network.block_sizes.0", blocks)
        now += 60
    session.end_drag()
    assert session.undo_stack.count() == 1
    session.change("network.block_sizes.0", 5)
    assert session.undo_stack.count() == 2
    now += 60
    session.begin_drag()
    session.change("network.block_sizes.0", 6)
    assert session.undo_stack.count() == 3


def test_steps_of_several_fields_merge_by_name(session: Session) -> None:
    for blocks in (2, 3):
        assert session.change_many({"network.block_sizes.0": blocks}, f"move to {blocks}", merging="budget.to")
    assert session.change_many({"network.block_sizes.0": 4}, "another")
    assert session.undo_stack.count() == 2
    assert session.undo_stack.text(0) == "move to 3"


def test_a_refused_edit_names_its_field_and_changes_nothing(session: Session, qtbot: QtBot) -> None:
    experiment, analysis = session.experiment, session.analysis
    with qtbot.waitSignal(session.refused) as refused:
        assert not session.change("network.block_sizes.0", 0)
    assert refused.args == ["network.block_sizes.0", "0 is less than 1; take 1 to 10,000."]
    assert session.experiment is experiment
    assert session.analysis is analysis
    assert session.undo_stack.count() == 0


def test_a_finding_is_mended_as_one_step(session: Session) -> None:
    network = with_values(session.experiment, {"network.shortcut": "identity"})
    session.replace(network, "identity")
    finding = session.findings[0]
    assert finding.severity == "error"
    assert session.analysis.fault is not None
    session.mend(finding)
    assert session.analysis.fault is None
    assert session.undo_stack.undoText() == "use projections there"


def test_a_selection_that_is_gone_is_dropped(session: Session) -> None:
    session.change("network.block_sizes.0", 3)
    session.select(1, 2)
    session.change("network.block_sizes.0", 2)
    assert session.selection == Selection(1)


def test_images_and_opinion_arrive(session: Session, qtbot: QtBot) -> None:
    session.start()
    qtbot.waitUntil(lambda: session.images is not None and session.opinion is not None, timeout=30_000)
    assert session.images is not None
    assert session.images.shape == (1, 8, 8)
    assert session.opinion is not None
    assert session.opinion.agrees
    assert session.findings == ()
    session.change("network.num_classes", 7)
    assert session.opinion is None
    assert [finding.field for finding in session.findings] == ["network.num_classes"]
    assert "digits" in session.runs.why_not.lower()
    session.mend(session.findings[0])
    assert session.runs.why_not == ""


def test_the_newest_design_wins(session: Session, qtbot: QtBot) -> None:
    session.start()
    for blocks in range(2, 12):
        session.change("network.block_sizes.0", blocks)
    qtbot.waitUntil(lambda: session.opinion is not None, timeout=30_000)
    assert session.opinion is not None
    assert session.opinion.total_params == session.analysis.params


def test_photographs_get_a_size_beside_a_network_for_tiny_images(session: Session) -> None:
    sizes = {}
    for source in ("flowers102", "cifar10", "/a/folder", "/a/file.npz"):
        session.choose_source(source)
        sizes[source] = session.experiment.data.image_size
    assert sizes == {"flowers102": (96, 96), "cifar10": None, "/a/folder": (96, 96), "/a/file.npz": None}


def test_a_baseline_is_pinned_beside_the_design_and_is_no_edit(session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.baseline_changed):
        session.compare_with("ResNet-101", preset("resnet101"))
    assert session.baseline is not None
    assert (session.baseline.title, session.baseline.analysis.params) == ("ResNet-101", 44_549_160)
    assert session.undo_stack.count() == 0
    with qtbot.waitSignal(session.baseline_changed):
        session.compare_with_nothing()
    assert session.baseline is None


def test_a_design_that_breaks_shows_the_block_at_which_it_does(session: Session) -> None:
    session.replace(with_values(session.experiment, {"network": preset("resnet18").model_dump()}), "test")
    session.select(4, 1)
    session.change("network.shortcut", "identity")
    assert session.selection == Selection(2, 0)
    session.select(4, 1)
    session.change("network.dropout", 0.5)
    assert session.selection == Selection(4, 1), "it was broken before: the user looks elsewhere"


def test_what_lies_before_a_fault_stays_selected(session: Session) -> None:
    session.replace(with_values(session.experiment, {"network": preset("resnet18").model_dump()}), "test")
    session.select(1, 1)
    session.change("network.shortcut", "identity")
    assert session.selection == Selection(1, 1)


def test_a_folder_that_is_no_run_is_not_resumed_in_the_place_of_the_one_shown(
    session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = session.runs.current = RunState("stopped", session.experiment, tmp_path / "shown")
    with qtbot.waitSignal(session.refused):
        session.runs.resume(tmp_path)
    assert session.runs.current is shown

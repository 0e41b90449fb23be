"""Holding a budget: what is moved, what follows, what is said, and what is undone."""

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from resnet_studio.analysis.budget import balance
from resnet_studio.gui.pages.design.panel.budget_section import NOTCHES, BudgetSection, _stops
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.panel import Panel
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset

RESNET50, RESNEXT50 = 25_557_032, 25_028_904


@pytest.fixture
def budget(session: Session, panel: Panel) -> BudgetSection:
    made = BudgetSection(session, panel.add_section("Hold the budget", name="budget", folds=True))
    panel.show()
    return made


def hold(budget: BudgetSection, what: str | None) -> None:
    budget._hold.set_value(what)


def words(budget: BudgetSection) -> str:
    return budget._words_row._note.text()


def summary(panel: Panel) -> str:
    section = budget_widget(panel)
    return " ".join(label.text() for label in section.findChildren(QLabel)[1:2])


def budget_widget(panel: Panel) -> QWidget:
    found = panel.findChild(QWidget, "budget")
    assert found is not None
    return found


def network(session: Session) -> NetworkSpec:
    return session.experiment.network


def test_nothing_is_held_at_first(budget: BudgetSection, session: Session, panel: Panel) -> None:
    assert summary(panel) == "off"
    for control in (budget._target, budget._move, budget._to, budget._slider, budget._partner):
        assert not control.isEnabled()
    assert "held" in budget._to.toolTip()
    assert (budget._to.number(), words(budget)) == (1, "")


def test_cardinality_up_width_down(budget: BudgetSection, session: Session, panel: Panel) -> None:
    hold(budget, "params")
    assert summary(panel) == "parameters 25.6 M"
    assert words(budget) == "25,557,032 of 25,557,032, exactly"
    budget._to.setValue(32)
    wanted = balance(preset("resnet50"), hold="params", target=RESNET50, move="cardinality", to=32, partner="width")
    assert network(session) == wanted.network
    assert (network(session).groups, network(session).width_per_group) == (32, 4)
    assert words(budget) == "width per group 64 → 4: 25,028,904 of 25,557,032, −2.07 %"
    assert session.undo_stack.count() == 1
    assert session.undo_stack.undoText() == "groups 32, width per group 4"
    session.undo_stack.undo()
    assert network(session) == preset("resnet50")
    assert budget._to.number() == 1
    assert words(budget) == "25,557,032 of 25,557,032, exactly"


def test_the_budget_stays_while_the_design_is_edited(budget: BudgetSection, session: Session) -> None:
    hold(budget, "mult_adds")
    assert words(budget) == "4.089 G of 4.089 G, exactly"
    session.change("network.block_sizes.2", 5)
    assert words(budget).endswith("of 4.089 G, −5.34 %")


def test_a_drag_is_one_step_and_does_not_depend_on_its_way(
    budget: BudgetSection, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr("resnet_studio.gui.edits.time.monotonic", lambda: now)
    hold(budget, "params")
    budget._move.set_value("depth")
    assert budget._partner.value() == "width"
    budget._slider.drag_started.emit()
    for place in (len(budget._stops) - 1, 0, budget._stops.index(12)):
        budget._slider.setValue(place)
        now += 60
    budget._slider.drag_finished.emit()
    wanted = balance(preset("resnet50"), hold="params", target=RESNET50, move="depth", to=12, partner="width")
    assert network(session) == wanted.network
    assert session.undo_stack.count() == 1
    assert budget._to.number() == 12
    assert words(budget).startswith(f"width per group 64 → {wanted.partner_value}: ")


def test_basic_blocks_have_no_cardinality(budget: BudgetSection, session: Session) -> None:
    hold(budget, "params")
    assert budget._move.value() == "cardinality"
    session.change_many({"network": preset("resnet18").model_dump()}, "other")
    assert [budget._move.itemData(place) for place in range(budget._move.count())] == ["width", "depth"]
    assert budget._partner.value() == "depth"
    session.undo_stack.undo()
    assert budget._move.value() == "cardinality"
    assert budget._partner.value() == "width"


def test_the_budget_of_the_baseline(budget: BudgetSection, session: Session, panel: Panel) -> None:
    hold(budget, "params")
    session.compare_with("ResNet-101", preset("resnet101"))
    budget._target.set_value("baseline")
    assert summary(panel) == "parameters 44.5 M"
    budget._move.set_value("depth")
    budget._partner.set_value("width")
    budget._to.setValue(23)
    assert network(session) == preset("resnet101").model_copy(update={"name": "resnet50"})
    session.compare_with_nothing()
    assert budget._target.value() == "design"
    assert summary(panel) == "parameters 44.5 M"


def test_the_budget_is_taken_anew_by_choosing_it_again(budget: BudgetSection, session: Session, panel: Panel) -> None:
    hold(budget, "params")
    session.change_many({"network": preset("resnet101").model_dump()}, "other")
    assert summary(panel) == "parameters 25.6 M"
    budget._target.activated.emit(0)
    assert summary(panel) == "parameters 44.5 M"


def test_what_can_not_be_followed_is_said(budget: BudgetSection, session: Session) -> None:
    hold(budget, "params")
    session.change_many({"network.input_shape": (3, 1, 1), "network.num_classes": 1_000_000}, "absurd")
    budget._to.setValue(200)
    before = network(session)
    session.change("network.block_type", "basic")
    assert session.analysis.errors
    assert words(budget) == "The design can't be built, so it has no cost."
    budget._to.setValue(1000)
    assert budget._to_row.error().endswith(".")
    assert network(session).block_sizes == before.block_sizes


def test_a_design_without_cost_is_not_held(budget: BudgetSection, session: Session) -> None:
    session.change("network.shortcut", "identity")
    hold(budget, "params")
    assert budget._hold.value() is None
    assert "mend it" in budget._hold_row.error()
    session.undo_stack.undo()
    hold(budget, "params")
    assert budget._hold_row.error() == ""


@pytest.mark.parametrize(("low", "high"), [(1, 40), (1, 1024), (3, 1000), (7, 7)])
def test_the_slider_has_few_notches_and_both_ends(low: int, high: int) -> None:
    stops = _stops(low, high)
    assert (stops[0], stops[-1]) == (low, high)
    assert len(stops) <= NOTCHES + 1
    assert list(stops) == sorted(set(stops))


def test_a_baseline_that_can_not_be_built_has_no_budget(budget: BudgetSection, session: Session, panel: Panel) -> None:
    session.compare_with("ResNet-18", preset("resnet18"))
    budget._target.set_value("baseline")
    broken = NetworkSpec(block_sizes=(1,), stem=None, groups=4)
    session.compare_with("broken", broken)
    assert budget._target.value() == "design"
    hold(budget, "params")
    assert summary(panel) == "parameters 25.6 M"

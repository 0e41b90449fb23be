from pathlib import Path

from resnet_studio.gui.run_state import Origin, origin_of


def test_all_ancestors_are_told() -> None:
    first = {"run": "/runs/one", "checkpoint": "step-30", "step": 30}
    second = {"run": "/runs/two", "checkpoint": "step-40", "step": 40, "parent": first}
    origin = origin_of({"torch": "2", "parent": second})
    assert origin == Origin("step-40", Path("/runs/two"), 40, Origin("step-30", Path("/runs/one"), 30))
    assert origin.sentence == "Goes on from step-40 of two, which goes on from step-30 of one."


def test_a_run_that_began_by_itself_has_none() -> None:
    assert origin_of({}) is None

"""The tables of formats and proof."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from resnet_studio.export.proof import ProofStep
from resnet_studio.gui import theme
from resnet_studio.gui.pages.export.format_model import FILE, FORMAT, SIZE, STATE, Files, FormatModel
from resnet_studio.gui.pages.export.proof_model import FAILS, GLYPH_ROLE, HOLDS, WAITS, WORKS, ProofModel
from resnet_studio.gui.pages.export.standing import LAST_STEP, Export

Role = Qt.ItemDataRole
BOTH = ("safetensors", "pt")


def _shown(model: FormatModel | ProofModel, row: int, column: int, role: int = Role.DisplayRole) -> Any:
    return model.index(row, column).data(role)


def _first(kind: str, *, ok: bool = True) -> ProofStep:
    return ProofStep(kind, "written, sha256 read back", "e112687ffd25", ok=ok)


def _second(kind: str, *, ok: bool = True) -> ProofStep:
    return ProofStep(kind, "keys and shapes, strict", "56", ok=ok)


@pytest.mark.parametrize("model", [FormatModel, ProofModel])
def test_models_keep_qts_rules(model: type[FormatModel | ProofModel], qtmodeltester: ModelTester) -> None:
    made = model()
    qtmodeltester.check(made, force_py=True)
    for steps in ((), (_first("pt"),), (_first("pt"), _second("pt"))):
        export = Export(BOTH, steps, running=True)
        made.show(Files("net", 10), export) if isinstance(made, FormatModel) else made.show(export)


def test_formats_are_chosen_with_their_check_boxes(qtbot: QtBot) -> None:
    model = FormatModel()
    assert model.chosen() == BOTH
    with qtbot.waitSignal(model.chosen_changed):
        assert model.setData(model.index(0, FORMAT), Qt.CheckState.Unchecked.value, Role.CheckStateRole)
    assert model.chosen() == ("pt",)
    assert _shown(model, 0, FORMAT, Role.CheckStateRole) == Qt.CheckState.Unchecked
    model.setData(model.index(0, FORMAT), Qt.CheckState.Checked.value, Role.CheckStateRole)
    assert model.chosen() == BOTH


def test_formats_cannot_be_changed_while_they_are_exported() -> None:
    model = FormatModel()
    model.show(Files("net", 10), Export(BOTH, running=True))
    assert not model.setData(model.index(0, FORMAT), Qt.CheckState.Unchecked.value, Role.CheckStateRole)
    assert model.chosen() == BOTH


def test_files_are_named_and_their_size_is_what_lies_there() -> None:
    model = FormatModel()
    assert _shown(model, 0, FILE) == _shown(model, 0, SIZE) == ""
    model.show(Files("resnet18", 44_700_000), Export())
    assert _shown(model, 1, FILE) == "resnet18.pt"
    assert _shown(model, 1, SIZE) == "44.70"
    assert _shown(model, 1, SIZE, Role.ForegroundRole) == theme.colour("muted")
    model.show(Files("resnet18", 44_700_000), Export(BOTH, (ProofStep("pt", LAST_STEP, "44,812,345", ok=True),)))
    assert _shown(model, 1, SIZE) == "44.81"
    assert _shown(model, 1, SIZE, Role.ForegroundRole) == theme.colour("text")
    assert _shown(model, 1, STATE) == "exported"
    assert _shown(model, 1, STATE, Role.ForegroundRole) == theme.colour("ok")
    assert not _shown(model, 1, STATE, Role.DecorationRole).isNull()
    assert _shown(model, 0, STATE, Role.DecorationRole) is None


def test_outcomes_stand_in_the_column_of_their_format() -> None:
    model = ProofModel()
    third = ProofStep("safetensors", "largest logit difference, batch 1", "0", ok=True)
    model.show(Export(BOTH, (_first("safetensors"), _second("safetensors"), third, _first("pt")), running=True))
    assert [_shown(model, row, 0) for row in (0, 1)] == ["written, sha256 read back", "keys and shapes, strict"]
    assert _shown(model, 1, 1) == "56"
    assert _shown(model, 1, 2) == ""
    assert [_shown(model, row, 1, GLYPH_ROLE) for row in (0, 1)] == [HOLDS, HOLDS]
    assert [_shown(model, row, 2, GLYPH_ROLE) for row in (0, 1, 2)] == [HOLDS, WORKS, WAITS]


def test_what_has_not_begun_waits_and_what_ended_does_not() -> None:
    model = ProofModel()
    steps = (_first("safetensors"), _second("safetensors"))
    model.show(Export(BOTH, steps, running=True))
    assert [_shown(model, row, 2, GLYPH_ROLE) for row in (0, 1)] == [WAITS, WAITS]
    model.show(Export(BOTH, steps, error="It was cancelled."))
    assert [_shown(model, row, 2, GLYPH_ROLE) for row in (0, 1)] == [None, None]
    model.show(Export(("safetensors",), steps, running=True))
    assert _shown(model, 0, 2, GLYPH_ROLE) is None


def test_a_step_that_fails_is_marked() -> None:
    model = ProofModel()
    model.show(Export(BOTH, (_first("safetensors"), _second("safetensors", ok=False)), error="It failed."))
    assert _shown(model, 1, 1, GLYPH_ROLE) == FAILS
    assert _shown(model, 1, 1, Role.AccessibleTextRole) == "56, does not hold"
    assert _shown(model, 0, 1, Role.AccessibleTextRole) == "e112687ffd25, holds"


def test_rows_are_added_as_they_come(qtbot: QtBot) -> None:
    model = ProofModel()
    model.show(Export(BOTH, (), running=True))
    with qtbot.waitSignal(model.rowsInserted):
        model.show(Export(BOTH, (_first("safetensors"),), running=True))
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.rowsInserted):
        model.show(Export(BOTH, (_first("safetensors"), _second("safetensors")), running=True))
    with qtbot.waitSignal(model.modelReset):
        model.show(Export(BOTH, (), running=True))
    assert model.rowCount() == 0

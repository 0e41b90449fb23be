"""The totals, their differences, what they are explained with, and torchinfo's badge."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui.pages.design.cost.line import CostLine
from resnet_studio.gui.pages.design.cost.torchinfo_badge import AGREES, ASKING, DIFFERS, WAITING, TorchinfoBadge
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.popover import Popover
from resnet_studio.model.torchinfo_view import Opinion
from resnet_studio.spec.files import network_document, write_document
from resnet_studio.spec.presets import preset, presets

Show = Callable[..., None]
LEFT = Qt.MouseButton.LeftButton


def text(line: CostLine, name: str) -> str:
    label = line.findChild(QLabel, name)
    assert label is not None, name
    return label.text()


def below(line: CostLine) -> dict[str, str]:
    keys = ("params", "mult_adds", "flops", "weights", "activations", "training")
    return {key: text(line, f"cost.{key}.below") for key in keys}


def choose(line: CostLine, value: str) -> None:
    combo = line.findChild(QComboBox, "view.baseline")
    assert combo is not None
    combo.setCurrentIndex(combo.findData(value))
    combo.activated.emit(combo.currentIndex())


def shown_choice(line: CostLine) -> str:
    combo = line.findChild(QComboBox, "view.baseline")
    assert combo is not None
    return combo.currentText()


def say(session: Session, opinion: Opinion | None) -> None:
    session.confirming.opinion = opinion
    session.confirmed.emit()


def agreement(session: Session, *differences: str) -> Opinion:
    analysis = session.analysis
    return Opinion(analysis.params, analysis.mult_adds + analysis.extra_mult_adds, differences, whole=False)


# ---- totals


def test_the_totals_of_resnet50(line: CostLine) -> None:
    assert text(line, "cost.params.value") == "25,557,032"
    assert text(line, "cost.mult_adds.value") == "4.089 G"
    assert text(line, "cost.flops.value") == "8.2 + 16.1 G"
    assert text(line, "cost.weights.value") == "97.5 MiB"
    assert below(line)["params"] == "50 layers deep"


def test_differences_stand_below_every_total(line: CostLine, session: Session) -> None:
    session.compare_with("ResNet-101", preset("resnet101"))
    told = below(line)
    assert told["params"] == "−18,992,128"
    assert told["mult_adds"] == "−3.712 G"
    assert told["weights"] == "−72.4 MiB"
    assert all(words.startswith("−") for words in told.values())
    session.compare_with("ResNet-18", preset("resnet18"))
    assert below(line)["params"] == "+13,867,520"
    session.compare_with("ResNet-50", preset("resnet50"))
    assert set(below(line).values()) == {"0"}
    session.compare_with_nothing()
    assert below(line)["params"] == "50 layers deep"


def test_differences_to_a_broken_design_are_unknown(line: CostLine, session: Session) -> None:
    session.compare_with("broken", preset("resnet18").model_copy(update={"shortcut": "identity"}))
    assert set(below(line).values()) == {"?"}


def test_the_memory_says_for_which_optimiser_it_is(line: CostLine, session: Session) -> None:
    session.change("network", preset("digits_resnet8").model_dump())
    session.change("training.optimizer", "auto")
    for batch, optimizer in ((64, "sgd"), (128, "muon")):
        session.change("training.batch_size", batch)
        assert below(line)["training"].startswith(f"{optimizer}, ")


def test_a_broken_design_tells_what_is_known(line: CostLine, show: Show) -> None:
    show("resnet18", shortcut="identity")
    assert text(line, "cost.params.value") == "157,504"
    assert text(line, "cost.params.below") == "stem and stage 1"
    assert text(line, "cost.training.value") == "?"


@pytest.mark.parametrize("total", ["params", "mult_adds", "flops", "weights", "activations", "training"])
def test_a_click_on_a_total_asks_for_its_formula(line: CostLine, total: str, qtbot: QtBot) -> None:
    line.resize(1400, 80)
    figure = line.findChild(QWidget, f"cost.{total}")
    assert figure is not None
    with qtbot.waitSignal(line.asked) as asked:
        QTest.mouseClick(figure, LEFT)
    assert asked.args is not None
    assert asked.args[0] == total
    with qtbot.waitSignal(line.asked):
        QTest.keyClick(figure, Qt.Key.Key_Return)


def test_a_narrow_line_gives_up_words_and_figures_in_turn(line: CostLine, qtbot: QtBot) -> None:
    def seen() -> set[str]:
        return {key for key in below(line) if not line.findChild(QWidget, f"cost.{key}").isHidden()}  # type: ignore[union-attr]

    line.resize(1200, 80)
    qtbot.waitUntil(lambda: len(seen()) == 6)
    line.resize(656, 80)
    qtbot.waitUntil(lambda: len(seen()) < 6)
    assert {"params", "mult_adds", "activations"} <= seen()
    rightmost = max(child.geometry().right() for child in line.findChildren(QWidget) if child.parent() is line)
    assert rightmost < line.width()


# ---- the baseline


def test_every_preset_can_be_compared_with(line: CostLine, session: Session) -> None:
    combo = line.findChild(QComboBox, "view.baseline")
    assert combo is not None
    assert {combo.itemData(index) for index in range(combo.count())} >= set(presets())
    choose(line, "resnet101")
    assert session.baseline is not None
    assert session.baseline.title == "ResNet-101"
    choose(line, "nothing")
    assert session.baseline is None
    assert shown_choice(line) == "compare with…"


def test_what_the_session_pins_is_shown(line: CostLine, session: Session) -> None:
    session.compare_with("ResNet-34", preset("resnet34"))
    assert shown_choice(line) == "ResNet-34"


def test_the_pin_keeps_the_design_as_it_was(line: CostLine, session: Session) -> None:
    session.change("network.block_sizes.0", 4)
    pin = line.findChild(QToolButton, "view.baseline.pin")
    assert pin is not None
    pin.click()
    pinned = session.experiment.network
    assert shown_choice(line) == "ResNet-50 (edited)"
    assert set(below(line).values()) == {"0"}
    session.change("network.block_sizes.0", 5)
    assert session.baseline is not None
    assert session.baseline.analysis.spec == pinned
    assert below(line)["params"].startswith("+")
    assert shown_choice(line) == "ResNet-50 (edited)"


def test_a_saved_design_can_be_compared_with(
    line: CostLine, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.json"
    write_document(path, network_document(preset("resnet34").model_copy(update={"name": "mine"})))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    choose(line, "open")
    assert session.baseline is not None
    assert session.baseline.title == "mine"
    assert shown_choice(line) == "mine"


def test_a_file_that_is_none_of_ours_is_said_and_nothing_changes(
    line: CostLine, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    choose(line, "resnet101")
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "x.json"), ""))
    with qtbot.waitSignal(session.refused):
        choose(line, "open")
    assert shown_choice(line) == "ResNet-101"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    choose(line, "open")
    assert shown_choice(line) == "ResNet-101"


# ---- torchinfo


@pytest.fixture
def badge(line: CostLine) -> TorchinfoBadge:
    return line.badge


def test_the_badge_keeps_its_place_and_width(badge: TorchinfoBadge, session: Session, show: Show) -> None:
    widths = set()
    for opinion in (None, agreement(session), agreement(session, "conv1: 1 parameter")):
        say(session, opinion)
        widths.add((badge.width(), badge.pos().x()))
    show("resnet18", shortcut="identity")
    widths.add((badge.width(), badge.pos().x()))
    assert len(widths) == 1
    assert badge.sizeHint().width() <= badge.width()


def test_it_claims_nothing_for_a_design_that_was_not_confirmed(
    badge: TorchinfoBadge, session: Session, qtbot: QtBot
) -> None:
    say(session, agreement(session))
    assert badge.text() == AGREES
    session.change("network.block_sizes.0", 4)
    assert badge.text() == WAITING
    assert badge.state == "info"


def test_it_says_that_torchinfo_is_asked_only_where_that_takes_long(
    badge: TorchinfoBadge, session: Session, qtbot: QtBot
) -> None:
    say(session, agreement(session))
    seen: list[str] = []
    session.changed.connect(lambda: seen.append(badge.text()))
    session.change("network.block_sizes.0", 4)
    session.change("network.block_sizes.0", 5)
    say(session, agreement(session))
    assert badge.text() == AGREES
    assert ASKING not in seen
    session.change("network.block_sizes.0", 6)
    qtbot.waitUntil(lambda: badge.text() == ASKING, timeout=2000)
    # an answer that is dropped, and another edit: it goes on asking, without a flicker
    session.change("network.block_sizes.0", 7)
    assert badge.text() == ASKING
    say(session, agreement(session))
    assert badge.text() == AGREES


def test_a_disagreement_names_its_rows(badge: TorchinfoBadge, session: Session) -> None:
    say(session, agreement(session, "layer3.0.conv1: 131,072 parameters in the table, 1 in torchinfo", "fc: missing"))
    assert badge.text() == DIFFERS
    QTest.mouseClick(badge, LEFT)
    sheet = badge.window().findChild(Popover, "view.torchinfo.sheet")
    assert sheet is not None
    assert sheet.isVisible()
    assert "layer3.0.conv1: 131,072 parameters" in sheet.plain_text()
    assert "2 rows" in sheet.plain_text()
    session.change("network.block_sizes.0", 4)
    assert sheet.isHidden()


def test_a_design_that_can_not_be_built_leads_to_its_findings(badge: TorchinfoBadge, show: Show, qtbot: QtBot) -> None:
    show("resnet18", shortcut="identity")
    assert badge.text() == "not built: 1 error"
    with qtbot.waitSignal(badge.faults_asked):
        QTest.keyClick(badge, Qt.Key.Key_Return)

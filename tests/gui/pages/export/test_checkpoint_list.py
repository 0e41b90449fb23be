from PySide6.QtWidgets import QLabel, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui.pages.export.checkpoint_list import CheckpointList
from resnet_studio.gui.widgets.panel import Panel
from resnet_studio.runs.checkpoints import Checkpoint, Index


def test_the_average_of_the_weights_is_chosen_where_there_is_one(qtbot: QtBot) -> None:
    panel = Panel("Export", name="panel.export")
    qtbot.addWidget(panel)
    listed = CheckpointList(panel.add_section("Checkpoint", name="panel.export.checkpoints"))
    row = panel.findChild(QWidget, "export.checkpoint.ema.row")
    button = panel.findChild(QRadioButton, "export.checkpoint.ema")
    assert isinstance(row, QWidget)
    assert isinstance(button, QRadioButton)
    kept = Checkpoint(step=30, epoch=3, val_accuracy=0.5)
    listed.show_index(Index(best="step-30", last="step-30", checkpoints=(kept,)))
    assert row.isHidden()
    kept = kept.model_copy(update={"has_ema": True, "ema_val_accuracy": 0.75})
    listed.show_index(Index(best="step-30", best_ema="step-30", last="step-30", checkpoints=(kept,)))
    assert not row.isHidden()
    assert button.text() == "average"
    assert [label.text() for label in row.findChildren(QLabel)][-1].startswith("75")
    with qtbot.waitSignal(listed.chosen):
        button.click()
    assert listed.which() == "ema"
    assert listed.checkpoint() == kept

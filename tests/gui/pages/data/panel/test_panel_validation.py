"""Which images validate, in words and in numbers."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from PySide6.QtWidgets import QLabel, QWidget

from resnet_studio.data.images import ImageSet
from resnet_studio.data.load import load
from resnet_studio.gui.pages.data.panel.panel import SourcePanel
from resnet_studio.gui.pages.data.panel.validation_rows import BY_TEST, NOT_DRAWN
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import FormRow
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.whole_spin import WholeSpin

Show = Callable[..., None]
Control = TypeVar("Control", bound=QWidget)


def _find(panel: SourcePanel, kind: type[Control], name: str) -> Control:
    found = panel.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


def _note(panel: SourcePanel) -> str:
    row = _find(panel, Choice, "data.validation").parentWidget()
    assert isinstance(row, FormRow)
    return " ".join(label.text() for label in row.findChildren(QLabel) if label.isVisible() and label is not row.label)


def test_validation_in_words(panel: SourcePanel, session: Session) -> None:
    kind, share = _find(panel, Choice, "data.validation"), _find(panel, RealSpin, "data.validation.share")
    assert not share.isEnabled()
    assert "share of the training images" in share.toolTip()
    kind.set_value("share")
    assert session.experiment.data.validation == 0.1
    assert share.isEnabled()
    share.setValue(25)
    assert session.experiment.data.validation == 0.25
    session.change("data.validation", "test")
    assert kind.value() == "test"
    assert _note(panel) == BY_TEST
    session.change("data.validation", 0.3)
    assert (kind.value(), share.value()) == ("share", 30)


def test_the_seed_of_the_split(panel: SourcePanel, session: Session) -> None:
    _find(panel, WholeSpin, "data.split_seed").setValue(7)
    assert session.experiment.data.split_seed == 7


def test_how_many_are_held_out_is_said_once_it_is_known(
    panel: SourcePanel, session: Session, show: Show, digits: ImageSet
) -> None:
    seed = _find(panel, WholeSpin, "data.split_seed")
    assert _note(panel) == ""
    show(digits)
    assert _note(panel) == "144 of 1,438 held out"
    assert seed.isEnabled()
    session.change("data.validation", 0.3)
    assert _note(panel) == "", "not yet known"
    show(load(session.experiment.data))
    assert _note(panel).endswith(" of 1,438 held out")
    assert abs(int(_note(panel).split()[0]) - 0.3 * 1438) < 10
    session.change("data.augment.pad_crop", 2)
    assert _note(panel).endswith("held out"), "how they are augmented changes nothing of it"


def test_nothing_is_drawn_from_a_source_with_splits_of_its_own(
    panel: SourcePanel, session: Session, show: Show, tmp_path: Path
) -> None:
    file = tmp_path / "splits.npz"
    images, labels = np.zeros((40, 8, 8), np.uint8), np.arange(40) % 4
    images[:] = np.arange(40, dtype=np.uint8)[:, None, None]

    def save(*parts: str) -> None:
        arrays = {f"{part}_images": images for part in parts} | {f"{part}_labels": labels for part in parts}
        np.savez(file, allow_pickle=False, **arrays)

    save("train", "val", "test")
    seed = _find(panel, WholeSpin, "data.split_seed")
    session.choose_source(str(file))
    show(load(session.experiment.data))
    assert _note(panel) == "40 of the source's own"
    assert not seed.isEnabled()
    assert seed.toolTip() == NOT_DRAWN
    save("train", "val")
    show(load(session.experiment.data))
    assert _note(panel) == "40 images, which test too: the source has no others"

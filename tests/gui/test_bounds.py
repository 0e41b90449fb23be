"""What the controls let a user choose is what the specification takes: no less, no more."""

from typing import Any, Literal, get_args, get_origin, get_type_hints

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QWidget

from resnet_studio.gui.main_window import MainWindow
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.whole_spin import WholeSpin
from resnet_studio.spec.data import AugmentSpec, DataSpec
from resnet_studio.spec.errors import FieldError
from resnet_studio.spec.experiment import ExperimentSpec, value_at, with_values
from resnet_studio.spec.network import NetworkSpec, StemSpec
from resnet_studio.spec.training import TrainingSpec

MODELS = {
    "network.stem": StemSpec,
    "data.augment": AugmentSpec,
    "network": NetworkSpec,
    "data": DataSpec,
    "training": TrainingSpec,
}
EVERYTHING = with_values(
    ExperimentSpec(),
    {
        "network.block_sizes": (1,) * 8,
        "network.strides": (1,) * 8,
        "network.channels": (16,) * 8,
        "data.image_size": (8, 8),
        "data.eval_size": (8, 8),
        "data.mean": (0.5,) * 3,
        "data.std": (0.5,) * 3,
    },
)
"""An experiment in which every path of a control leads somewhere."""


def is_field(path: str) -> bool:
    try:
        value_at(EVERYTHING, path)
    except FieldError:
        return False
    return True


def takes(path: str, value: Any) -> bool:
    try:
        with_values(EVERYTHING, {path: value})
    except FieldError:
        return False
    return True


def words(path: str) -> set[Any]:
    """Return the values of a field that is one of a few words, nothing for other fields."""
    prefix = next(prefix for prefix in MODELS if path.startswith(f"{prefix}."))
    name = path.removeprefix(f"{prefix}.").partition(".")[0]
    kinds = [get_type_hints(MODELS[prefix])[name]]
    kinds += get_args(kinds[0])
    return {word for kind in kinds if get_origin(kind) is Literal for word in get_args(kind)}


def test_number_fields_have_the_bounds_of_the_specification(window: MainWindow) -> None:
    checked = 0
    for spin in window.findChildren(QWidget):
        path = spin.objectName()
        if not isinstance(spin, (WholeSpin, RealSpin)) or not is_field(path):
            continue
        checked += 1
        assert takes(path, spin.maximum()), path
        # a field of whole numbers ends where the specification does, one with decimals near it
        beyond = spin.maximum() + 1 if isinstance(spin, WholeSpin) else spin.maximum() * 1.02 + 0.02
        assert not takes(path, beyond), path
        with QSignalBlocker(spin):
            spin.setValue(spin.minimum())  # type: ignore[arg-type]  # the same type, as it is the same spin box
            if spin.number() is None:
                # in a list, no number stands for the whole of it
                assert path[-1].isdigit() or takes(path, None), path
                spin.stepBy(1)
            assert takes(path, spin.number()), path
    assert checked >= 60


def test_lists_offer_every_word_of_the_specification(window: MainWindow) -> None:
    checked = 0
    for choice in window.findChildren(Choice):
        path = choice.objectName()
        if not is_field(path) or not words(path):
            continue
        checked += 1
        offered = {choice.itemData(index) for index in range(choice.count())}
        assert words(path) <= offered | {None}, path
    assert checked >= 15

"""The named recipes, each with what it is and what it would change."""

from collections.abc import Sequence
from textwrap import fill
from typing import Any

from PySide6.QtCore import Qt

from resnet_studio.gui.pages.train.field_titles import differing, title
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.spec.experiment import ExperimentSpec, with_recipe
from resnet_studio.spec.recipes import RECIPES
from resnet_studio.spec.training import RecipeName

RECIPE_TITLES: dict[RecipeName, str] = {
    "studio": "studio",
    "d2l": "Dive into Deep Learning",
    "athena": "Athena",
    "he_cifar": "He et al. 2015, CIFAR",
    "torchvision": "torchvision",
    "torchvision_2021": "torchvision 2021",
}
LINE = 80
"""Letters in a line of a tooltip: Qt breaks none of plain text."""


class RecipeChoice(Choice):
    """Offers the recipes; while the list is open, each says in its tooltip what choosing it would change."""

    def __init__(self, session: Session, kept: Sequence[str]) -> None:
        """Make the field; `kept` are the fields of the training that a recipe leaves as they are."""
        super().__init__(name="training.recipe", label="recipe")
        self._session, self._kept = session, tuple(kept)

    def showPopup(self) -> None:  # noqa: N802 - Qt's name
        """Say what each would change of what stands now, and open the list."""
        for index in range(self.count()):
            name = self.itemData(index)
            changes = recipe_changes(self._session.experiment, name, self._kept)
            words = f"Changes {', '.join(changes)}." if changes else "Changes nothing of what stands now."
            tip = f"{fill(RECIPES[name].meaning, LINE)}\n\n{fill(words, LINE)}"
            self.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)
        super().showPopup()


def recipe_changes(experiment: ExperimentSpec, name: RecipeName, kept: Sequence[str]) -> list[str]:
    """Return what a recipe would change of an experiment, each as `rate 0.2 → 0.01`."""
    new = with_recipe(experiment, name, kept)
    now, then = experiment.training, new.training
    changes = [
        f"{title(field)} {_words(getattr(now, field))} → {_words(getattr(then, field))}"
        for field in differing(then, now, but=("recipe",))
    ]
    for part, old, other in (("", experiment.data, new.data), ("augment ", experiment.data.augment, new.data.augment)):
        for field in type(old).model_fields:
            one, two = getattr(old, field), getattr(other, field)
            if field != "augment" and one != two:
                changes.append(f"{part}{field.replace('_', ' ')} {_words(one)} → {_words(two)}")
    return changes


def _words(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return ", ".join(map(_words, value)) or "none"
    return str(value).replace("_", " ")

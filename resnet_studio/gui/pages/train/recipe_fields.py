"""Rows of fields of the training, bound to the paths in their names."""

from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_studio.gui.binding import Binding, Control
from resnet_studio.gui.pages.train.milestones import MilestonesField
from resnet_studio.gui.pages.train.recipe_choice import RecipeChoice
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.check import Check
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import FormRow, Section
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.whole_spin import WholeSpin


class RecipeFields:
    """Makes and binds the controls of the panel's sections, and remembers them by their paths.

    Attributes:
        controls: all of them.
        choices: those that offer values.
        bindings: what ties them to the experiment; the recipe, which is more than a value, has none.
        rows: in which they stand; check boxes below one another stand in none.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.controls: dict[str, QWidget] = {}
        self.choices: dict[str, Choice] = {}
        self.bindings: dict[str, Binding | MilestonesField] = {}
        self.rows: dict[str, FormRow] = {}

    def row(self, section: Section, label: str, *fields: Control | MilestonesField | str) -> FormRow:
        """Add a row of fields; a text between two is a small label."""
        row = section.add_row(label, *fields)
        for field in fields:
            if isinstance(field, str):
                continue
            if isinstance(field, (WholeSpin, RealSpin)):
                field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self.rows[field.objectName()] = row
            if field.objectName() not in self.controls:
                self._bind(field, row)
        return row

    def check(self, text: str, path: str, *, inverse: bool = False) -> Check:
        """Return a check box that is bound, or shows the opposite of its field; the section adds it."""
        check = Check(text, name=path)
        self._bind(check, None, inverse=inverse)
        return check

    def _bind(self, field: Control | MilestonesField, row: FormRow | None, *, inverse: bool = False) -> None:
        path = field.objectName()
        self.controls[path] = field
        if isinstance(field, Choice):
            self.choices[path] = field
        if isinstance(field, MilestonesField):
            field.row, self.bindings[path] = row, field
        elif not isinstance(field, RecipeChoice):
            self.bindings[path] = Binding(self.session, field, row, inverse=inverse)

"""The stages as rows of fields, chosen one by one or several, and the tools, keys and menu that work on them."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication

from resnet_studio.gui.pages.design.stages import actions, clipboard, edits
from resnet_studio.gui.pages.design.stages.channels import StageChannels
from resnet_studio.gui.pages.design.stages.choice import Chosen
from resnet_studio.gui.pages.design.stages.drag import RowDrag
from resnet_studio.gui.pages.design.stages.edits import Edited, Row
from resnet_studio.gui.pages.design.stages.refusals import StageRefusals
from resnet_studio.gui.pages.design.stages.row import StageRow, column_heads, place_of
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.panel import Section
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.network import MAX_STAGES

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_COMING_BACK = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
"""Why a field gets the focus that had it before: nobody chose it anew."""


class StageEditor(QObject):
    """Rows for up to eight stages in a section of a panel.

    The session points at one stage at most; which others are chosen beside it is known here alone. Tools, menu and
    keys work on all that are chosen, or on the last stage where none is.
    """

    def __init__(self, session: Session, section: Section, tip: Callable[[str], str]) -> None:
        """Make the rows.

        Args:
            session: what is edited.
            section: where the rows are added.
            tip: returns the tooltip of a field of the network.
        """
        super().__init__(section)
        self._session = session
        self._choice = Chosen()
        self._own = False
        self._slots: dict[str, Callable[[], object]] = {
            "plus": lambda: self._edit(edits.added),
            "minus": lambda: self._edit(edits.removed),
            "copy": lambda: self._edit(edits.duplicated),
            "up": lambda: self._edit(lambda rows, chosen: edits.moved(rows, chosen, -1)),
            "down": lambda: self._edit(lambda rows, chosen: edits.moved(rows, chosen, 1)),
            "cut": self._cut,
            "yank": self._copy,
            "paste": self._paste,
            "all": lambda: self._choose(Chosen.of(tuple(range(self._count())))),
        }
        self.actions = actions.make_actions(self)
        for name, slot in self._slots.items():
            self.actions[name].triggered.connect(lambda _checked=False, slot=slot: slot())
        section.add_head_widgets(
            *(ToolButton(action=self.actions[name], name=f"edit.stages.{name}") for name in actions.TOOLS)
        )
        section.add_wide(column_heads())
        self.rows = [StageRow(session, number, tip) for number in range(1, MAX_STAGES + 1)]
        for row in self.rows:
            section.add_marked(row)
            for widget in (row, *row.fields):
                widget.installEventFilter(self)
        self._drag = RowDrag(self.rows, section)
        self._drag.pressed.connect(self._pressed)
        self._drag.clicked.connect(self._clicked)
        self._drag.dropped.connect(self._dropped)
        self._menu = actions.make_menu(self.actions, section)
        self.refusals = StageRefusals(session, section, [spin for row in self.rows for spin in row.fields])
        self.channels = StageChannels(session, section, self.refusals.say)
        session.changed.connect(self.refresh)
        session.selected.connect(self._follow)
        self._follow()

    @property
    def chosen(self) -> tuple[int, ...]:
        """Places of the chosen stages from 0, rising; that of the last stage where none is chosen."""
        count = self._count()
        return tuple(place for place in self._choice.places if place < count) or (count - 1,)

    @Slot()
    def refresh(self) -> None:
        """Show the stages as they are now."""
        session = self._session
        network, fault = session.experiment.network, session.analysis.fault
        count = self._count()
        for place, row in enumerate(self.rows):
            row.setVisible(place < count)
            if place < count:
                row.show_values(network)
                row.show_state(
                    chosen=place in self._choice.places,
                    current=session.selection.stage == place + 1,
                    faulty=fault is not None and fault.stage == place + 1,
                )
        chosen = self.chosen
        full = f"A network has at most {MAX_STAGES} stages" if count == MAX_STAGES else ""
        reasons = {
            "plus": full,
            "copy": full,
            "minus": "A network needs at least one stage" if len(chosen) == count else "",
            "up": "" if chosen[0] > 0 else "It is the first stage",
            "down": "" if chosen[-1] < count - 1 else "It is the last stage",
        }
        for name, reason in reasons.items():
            actions.set_reason(self.actions[name], name, reason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take keys, the menu and the focus of rows and their fields."""
        row = watched if isinstance(watched, StageRow) else None
        if isinstance(event, QKeyEvent) and actions.is_key(event) and self._key(event, row):
            return True
        if isinstance(event, QContextMenuEvent) and row is not None:
            if self.rows.index(row) not in self._choice.places:
                self._choose(Chosen.only(self.rows.index(row)))
            self._menu.popup(event.globalPos())
            return True
        if isinstance(event, QFocusEvent) and event.gotFocus() and event.reason() not in _COMING_BACK:
            spot = place_of(self.rows, watched)
            by_mouse = row is not None and event.reason() == Qt.FocusReason.MouseFocusReason
            if spot and not self._own and not by_mouse:
                self._choose(Chosen.only(spot[0]))
        return super().eventFilter(watched, event)

    # ---- choosing

    def _choose(self, choice: Chosen) -> None:
        """Choose stages; the current one is what all views point at."""
        self._choice = choice
        self._own = True
        if choice.current is not None:
            self._session.select(choice.current + 1)
        self._own = False
        self.refusals.say("")
        self.refresh()

    @Slot()
    def _follow(self) -> None:
        """Choose the stage that the session points at, where this was chosen elsewhere."""
        if not self._own:
            stage = self._session.selection.stage
            there = stage is not None and 1 <= stage <= self._count()
            self._choice = Chosen.only(stage - 1) if stage is not None and there else Chosen()
            self.refresh()

    @Slot(int, Qt.KeyboardModifier)
    def _pressed(self, place: int, keys: Qt.KeyboardModifier) -> None:
        """Choose as lists do; several that are chosen stay so until it is clear that they are not dragged."""
        self._focus(place, Qt.FocusReason.MouseFocusReason)
        if keys & SHIFT:
            self._choose(self._choice.up_to(place))
        elif keys & CTRL:
            self._choose(self._choice.toggled(place))
        elif place not in self._choice.places:
            self._choose(Chosen.only(place))

    @Slot(int, Qt.KeyboardModifier)
    def _clicked(self, place: int, keys: Qt.KeyboardModifier) -> None:
        if not keys & (SHIFT | CTRL):
            self._choose(Chosen.only(place))

    def _key(self, event: QKeyEvent, row: StageRow | None) -> bool:
        """Do what a key asks for; return whether it asked for anything here."""
        name = actions.wanted(self.actions, event, in_field=row is None)
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        keys = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        steps = row is not None and step is not None and keys in (Qt.KeyboardModifier.NoModifier, SHIFT)
        if name is None and not steps:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif name is not None:
            self._slots[name]()
        elif row is not None and step is not None:
            place = max(0, min(self._count() - 1, self.rows.index(row) + step))
            self._focus(place, Qt.FocusReason.OtherFocusReason)
            self._choose(self._choice.up_to(place) if keys == SHIFT else Chosen.only(place))
        return True

    def _focus(self, place: int, reason: Qt.FocusReason, column: int | None = None) -> None:
        """Give a row or one of its fields the focus, without choosing it."""
        own, self._own = self._own, True
        target = self.rows[place] if column is None else self.rows[place].fields[column]
        target.setFocus(reason)
        self._own = own

    # ---- edits

    def _edit(self, edit: Callable[[tuple[Row, ...], tuple[int, ...]], Edited]) -> bool:
        """Do an edit of the chosen rows as one step; say why where it can't be done."""
        network = self._session.experiment.network
        try:
            edited = edit(edits.rows_of(network), self.chosen)
        except StudioError as error:
            self.refusals.say(str(error))
            return False
        spot = place_of(self.rows, QApplication.focusWidget())
        self._own = True
        taken = self._session.change_many(edits.changes(network, edited.rows), edited.text)
        self._own = False
        if taken:
            self._choose(Chosen.of(edited.chosen))
            if spot:
                self._focus(edited.chosen[-1], Qt.FocusReason.OtherFocusReason, spot[1])
        return taken

    @Slot(int)
    def _dropped(self, gap: int) -> None:
        self._edit(lambda rows, chosen: edits.dropped(rows, chosen, gap))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text())

    def _cut(self) -> None:
        text = self._text()
        if self._edit(lambda rows, chosen: edits.removed(rows, chosen, "cut")):
            QGuiApplication.clipboard().setText(text)

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        self._edit(lambda rows, chosen: edits.pasted(rows, chosen, clipboard.read(text)))

    def _text(self) -> str:
        """Return the chosen stages as the clipboard has them."""
        rows = edits.rows_of(self._session.experiment.network)
        return clipboard.as_text([rows[place] for place in self.chosen])

    def _count(self) -> int:
        return len(self._session.experiment.network.block_sizes)

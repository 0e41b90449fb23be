"""The stages as rows of fields: blocks, channels and stride, and the tools that add, copy and move rows."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.glyph import Glyph
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.panel import MarkedRow, Section
from resnet_studio.gui.widgets.spin import WholeSpin
from resnet_studio.spec.network import MAX_STAGES, NetworkSpec

FIELDS = (("block_sizes", "blocks", 10_000), ("channels", "channels", 65_536), ("strides", "stride", 16))
WIDTHS = (58, 69, 56)


class StageRow(MarkedRow):
    """One stage: its name and three fields."""

    clicked = Signal(int)

    def __init__(self, session: Session, number: int, tip: Callable[[str], str]) -> None:
        super().__init__(name=f"row.stage{number}")
        self._session, self._number = session, number
        self._name = Label(f"stage {number}")
        self._fault = Glyph("error", "error", 14)
        self._fault.hide()
        self.line.addWidget(self._name)
        self.line.addWidget(self._fault)
        self.line.addStretch(1)
        self.fields: list[WholeSpin] = []
        for (field, word, most), width in zip(FIELDS, WIDTHS, strict=True):
            path = f"network.{field}.{number - 1}"
            spin = WholeSpin(1, most, name=path, label=f"{word} of stage {number}", compact=True)
            spin.setFixedWidth(width)
            spin.setToolTip(tip(field))
            spin.valueChanged.connect(lambda value, path=path: session.change(path, value))
            spin.installEventFilter(self)
            self.fields.append(spin)
            self.line.addWidget(spin)

    def show_values(self, network: NetworkSpec) -> None:
        """Show a network's values, without telling them as edits."""
        i = self._number - 1
        for spin, value in zip(
            self.fields, (network.block_sizes[i], network.stage_channels[i], network.strides[i]), strict=True
        ):
            with QSignalBlocker(spin):
                spin.set_number(value)

    def show_state(self, *, selected: bool, faulty: bool) -> None:
        """Mark the row as chosen, as the place of a fault, or as neither."""
        self.set_mark("error" if faulty else "selected" if selected else "plain")
        self._fault.setVisible(faulty)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """A row whose field gets the focus is the chosen one."""
        if event.type() == QEvent.Type.FocusIn:
            self._session.select(self._number)
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: object) -> None:  # noqa: ARG002, N802 - Qt's name
        """A row that is clicked is the chosen one."""
        self._session.select(self._number)


class StageEditor(QObject):
    """Rows for up to eight stages in a section of a panel; the tools work on the chosen row, or the last one."""

    def __init__(self, session: Session, section: Section, tip: Callable[[str], str]) -> None:
        """Make the rows.

        Args:
            session: what is edited.
            section: where the rows are added.
            tip: returns the tooltip of a field of the network.
        """
        super().__init__(section)
        self._session = session
        self.tools = [
            self._tool("plus", "Add a stage after the chosen one", self._add),
            self._tool("minus", "Remove the chosen stage", self._remove),
            self._tool("copy", "Duplicate the chosen stage", self._duplicate),
            self._tool("up", "Move the chosen stage up", self._up),
            self._tool("down", "Move the chosen stage down", self._down),
        ]
        section.add_head_widgets(*self.tools)
        section.add_wide(_heads())
        self.rows = [StageRow(session, number, tip) for number in range(1, MAX_STAGES + 1)]
        for row in self.rows:
            section.add_marked(row)
        self._below = section.add_row("", name="row.stages")
        self._below.hide()
        session.refused.connect(self._refused)
        session.changed.connect(self.refresh)
        session.selected.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the stages as they are now."""
        session = self._session
        network, fault = session.experiment.network, session.analysis.fault
        stages = len(network.block_sizes)
        for number, row in enumerate(self.rows, 1):
            row.setVisible(number <= stages)
            if number <= stages:
                row.show_values(network)
                row.show_state(
                    selected=session.selection.stage == number, faulty=fault is not None and fault.stage == number
                )
        plus, minus, copy, up, down = self.tools
        place = self._place()
        plus.setEnabled(stages < MAX_STAGES)
        copy.setEnabled(stages < MAX_STAGES)
        minus.setEnabled(stages > 1)
        up.setEnabled(place > 0)
        down.setEnabled(place < stages - 1)

    @Slot(str, str)
    def _refused(self, path: str, sentence: str) -> None:
        """Say below the rows what one of their fields does not take."""
        if path.startswith(tuple(f"network.{field}." for field, *_ in FIELDS)):
            self._below.set_error("stages", sentence or None)
            self._below.setVisible(bool(self._below.error()))
            for row in self.rows:
                for spin in row.fields:
                    if spin.objectName() == path:
                        theme.set_look(spin, "fault", "error" if sentence else None)

    def _tool(self, icon: str, tip: str, slot: Callable[[], None]) -> ToolButton:
        button = ToolButton(icon, tip, name=f"edit.stages.{icon}")
        button.clicked.connect(lambda _checked=False: slot())
        return button

    def _place(self) -> int:
        """Return the index of the chosen stage; the last one where none is chosen."""
        stages = len(self._session.experiment.network.block_sizes)
        chosen = self._session.selection.stage
        return chosen - 1 if chosen is not None and 1 <= chosen <= stages else stages - 1

    def _set(self, rows: list[tuple[int, int, int]], chosen: int, text: str) -> None:
        """Write rows of blocks, channels and strides back as one step."""
        blocks, channels, strides = (tuple(column) for column in zip(*rows, strict=True))
        network = self._session.experiment.network
        doubled = isinstance(network.channels, int) and channels == tuple(
            channels[0] * 2**i for i in range(len(channels))
        )
        changes = {
            "network": network.model_dump()
            | {"block_sizes": blocks, "channels": channels[0] if doubled else channels, "strides": strides}
        }
        if self._session.change_many(changes, text):
            self._session.select(chosen + 1)

    def _rows(self) -> list[tuple[int, int, int]]:
        network = self._session.experiment.network
        return list(zip(network.block_sizes, network.stage_channels, network.strides, strict=True))

    def _add(self) -> None:
        rows, place = self._rows(), self._place()
        blocks, channels, _ = rows[place]
        rows.insert(place + 1, (blocks, min(65_536, 2 * channels), 2))
        self._set(rows, place + 1, f"add stage {place + 2}")

    def _remove(self) -> None:
        rows, place = self._rows(), self._place()
        del rows[place]
        self._set(rows, max(0, place - 1), f"remove stage {place + 1}")

    def _duplicate(self) -> None:
        rows, place = self._rows(), self._place()
        rows.insert(place + 1, rows[place])
        self._set(rows, place + 1, f"duplicate stage {place + 1}")

    def _up(self) -> None:
        self._move(-1)

    def _down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        rows, place = self._rows(), self._place()
        rows[place], rows[place + by] = rows[place + by], rows[place]
        self._set(rows, place + by, f"move stage {place + 1} {'up' if by < 0 else 'down'}")


def _heads() -> QWidget:
    """Return the words over the columns."""
    heads = QWidget()
    line = QHBoxLayout(heads)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(6)
    line.addStretch(1)
    for (_, word, _), width in zip(FIELDS, WIDTHS, strict=True):
        label = Label(word, ink="muted", size="note")
        label.setFixedWidth(width)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        line.addWidget(label)
    return heads

"""One stage as a row of fields: blocks, channels and stride."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRectF, QSignalBlocker, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.binding import merge_drags
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.glyph import Glyph
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.panel import MarkedRow
from resnet_studio.gui.widgets.whole_spin import WholeSpin
from resnet_studio.spec.network import NetworkSpec

FIELDS = (("block_sizes", "blocks", 10_000), ("channels", "channels", 65_536), ("strides", "stride", 16))
WIDTHS = (58, 69, 56)
TIP = "Click to choose it, with Ctrl or Shift several; drag to move it"

_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
)


class StageRow(MarkedRow):
    """A stage's name and its three fields; the row itself takes the focus, for the keys that work on whole stages."""

    def __init__(self, session: Session, number: int, tip: Callable[[str], str]) -> None:
        """Make the row of stage `number`, from 1; `tip` returns the tooltip of a field of the network."""
        super().__init__(name=f"row.stage{number}")
        self._session, self._place = session, number - 1
        self._ring = False
        self._shown: tuple[int, int, int] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"stage {number}")
        self.name = Label(f"stage {number}")
        self.name.setToolTip(TIP)
        self._fault = Glyph("error", "error", 14)
        self._fault.hide()
        self.line.addWidget(self.name)
        self.line.addWidget(self._fault)
        self.line.addStretch(1)
        self.fields: list[WholeSpin] = []
        for (field, word, most), width in zip(FIELDS, WIDTHS, strict=True):
            spin = WholeSpin(
                1, most, name=f"network.{field}.{self._place}", label=f"{word} of stage {number}", compact=True
            )
            spin.setFixedWidth(width)
            spin.setToolTip(tip(field))
            spin.valueChanged.connect(lambda value, field=field: self._edited(field, value))
            merge_drags(session, spin)
            self.fields.append(spin)
            self.line.addWidget(spin)

    def show_values(self, network: NetworkSpec) -> None:
        """Show a network's values, without telling them as edits."""
        values = (
            network.block_sizes[self._place],
            network.stage_channels[self._place],
            network.strides[self._place],
        )
        for spin, value in zip(self.fields, values, strict=True):
            if spin.value() != value:
                with QSignalBlocker(spin):
                    spin.set_number(value)
        if values != self._shown:
            self._shown = values
            blocks, channels, stride = values
            self.setAccessibleDescription(f"{blocks} blocks, {channels} channels, stride {stride}")

    def show_state(self, *, chosen: bool, current: bool, faulty: bool) -> None:
        """Mark the row as chosen, as the one that the views point at, as the place of a fault, or as none of them."""
        self.set_mark("error" if faulty else "selected" if chosen else "plain")
        theme.set_look(self.name, "type", "strong" if current else None)
        self._fault.setVisible(faulty)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show the ring where the keyboard brought the focus."""
        super().focusInEvent(event)
        self._show_ring(shown=event.reason() in _KEYBOARD)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Take the ring away."""
        super().focusOutEvent(event)
        self._show_ring(shown=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Show the ring to whom the keyboard is used."""
        self._show_ring(shown=True)
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ground and the bar, then the ring of the keyboard's focus over both."""
        super().paintEvent(event)
        if self._ring:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _show_ring(self, *, shown: bool) -> None:
        if shown != self._ring:
            self._ring = shown
            self.update()

    def _edited(self, field: str, value: int) -> None:
        """Ask for another value; the first stage's channels are the one number where channels double."""
        network = self._session.experiment.network
        if field == "channels" and self._place == 0 and isinstance(network.channels, int):
            self._session.change("network.channels", value)
        else:
            self._session.change(f"network.{field}.{self._place}", value)


def column_heads() -> QWidget:
    """Return the words over the columns of the rows."""
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


def place_of(rows: Sequence[StageRow], widget: QObject | None) -> tuple[int, int | None] | None:
    """Return which row a widget is, or is a field of: its place and the field's column; None for other widgets."""
    for place, row in enumerate(rows):
        if widget is row:
            return place, None
        for column, spin in enumerate(row.fields):
            if widget is spin or widget is spin.lineEdit():
                return place, column
    return None

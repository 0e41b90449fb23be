"""What stands in the place of the images of a data set that is not there: how large it is, and whether to fetch it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QWidget

from resnet_studio.data.catalogue.entries import ENTRIES
from resnet_studio.data.catalogue.wanted_files import Missing
from resnet_studio.gui import numbers
from resnet_studio.gui.pages.data.states import WIDTH, centred
from resnet_studio.gui.widgets.button import Button, PrimaryButton
from resnet_studio.gui.widgets.label import ElidedLabel, Label

FACTS = ("into", "licence", "citation")
"""Labels of the lines below the sentence."""


class DownloadView(QFrame):
    """Asks before a download: one sentence, where the files go, their licence, and the ways on."""

    def __init__(
        self,
        download: Callable[[], None],
        start_again: Callable[[], None],
        choose: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        """Make one.

        Args:
            download: begins the download, or goes on with one that was broken off.
            start_again: begins it anew.
            choose: asks for a folder that has the files already.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self.setObjectName("view.download")
        self.setProperty("ground", "base")
        self._sentence = Label(name="view.download.sentence", size="strong")
        self._sentence.setWordWrap(True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._sentence.setFixedWidth(WIDTH)
        self._facts = {name: ElidedLabel(ink="muted", name=f"view.download.{name}") for name in FACTS}
        self._facts["into"] = ElidedLabel(ink="muted", name="view.download.into", mode=Qt.TextElideMode.ElideMiddle)
        self._download = PrimaryButton(name="view.download.start", icon="download")
        self._again = Button("Start again", name="view.download.again", tip="Throw away what has come, and begin anew")
        other = Button("Choose a folder that has it", name="view.download.choose", icon="folder")
        for button, run in ((self._download, download), (self._again, start_again), (other, choose)):
            button.clicked.connect(lambda _checked=False, run=run: run())
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        for button in (self._download, self._again, other):
            buttons.addWidget(button)
        buttons.addStretch()
        # in a row of its own: a wrapped text gets its height from a layout, not from an alignment
        words = QHBoxLayout()
        words.addStretch()
        words.addWidget(self._sentence)
        words.addStretch()
        centred(self, [words, self._table(), buttons])

    def show_missing(self, missing: Missing, came: int = 0) -> None:
        """Show what is missing.

        Args:
            missing: the files.
            came: bytes that a download which was broken off has left to go on with.
        """
        size, hosts = numbers.file_size(missing.total_bytes), " and ".join(missing.hosts)
        is_begun = f", {numbers.file_size(came)} of which have come" if came else ""
        self._sentence.setText(f"{missing.title} is not on this machine: {size} from {hosts}{is_begun}.")
        entry = ENTRIES[missing.name]
        for name, text in (("into", str(missing.folder)), ("licence", entry.licence), ("citation", entry.citation)):
            self._facts[name].setText(text)
            self._facts[name].setToolTip(text)
        self._download.setText("Go on with the download" if came else "Download")
        self._again.setVisible(bool(came))

    def _table(self) -> QWidget:
        table = QWidget()
        table.setFixedWidth(WIDTH)
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for line, (name, label) in enumerate(self._facts.items()):
            grid.addWidget(Label(name, ink="muted"), line, 0)
            grid.addWidget(label, line, 1)
        grid.setColumnStretch(1, 1)
        return table

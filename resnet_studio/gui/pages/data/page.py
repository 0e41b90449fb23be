"""The data page: the images that are wanted at the left, those that are there at the right."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from resnet_studio.analysis.findings import Finding, data_mismatch
from resnet_studio.gui import numbers
from resnet_studio.gui.pages.data.overview.overview import Overview
from resnet_studio.gui.pages.data.panel.panel import SourcePanel
from resnet_studio.gui.pages.data.pictures.browser import Browser
from resnet_studio.gui.pages.data.waiting import Waiting
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.finding_line import FindingLine


class DataPage(QWidget):
    """Follows the session."""

    def __init__(self, session: Session, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._panel = SourcePanel(session, actions)
        self._waiting = Waiting(session, self._panel.source)
        self._overview = Overview(session, self._show_only, self._show_class)
        self._browser = Browser(session, self._overview, self._waiting)
        self._finding = FindingLine(name="view.data.finding")
        self._finding.hide()
        self._found: Finding | None = None
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._browser, 1)
        column.addWidget(self._finding)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._panel)
        row.addLayout(column, 1)
        for name, steps in (("zoom_in", 1), ("zoom_out", -1), ("fit", 0)):
            actions[name].triggered.connect(lambda _checked=False, steps=steps: self._zoom(steps))
        session.images_changed.connect(self._refresh)
        session.check_changed.connect(self._refresh)
        session.changed.connect(self._find)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        """Show where the images stand: there, on their way, or not to be had."""
        images = self._session.images
        if self._waiting.refresh() or images is None:
            self._browser.show_waiting(column=self._session.checking.of_wanted is not None)
        else:
            self._browser.show_images(images)
        self._find()

    def _zoom(self, steps: int) -> None:
        """Enlarge the images where they are in sight, whatever has the focus."""
        if self.isVisible():
            self._browser.zoom(steps)

    def _show_only(self, title: str, files: Sequence[str]) -> None:
        self._browser.bar.show_only(title, files)

    def _show_class(self, label: int) -> None:
        self._browser.bar.show_class(label)

    @Slot()
    def _find(self) -> None:
        """Say where the network does not fit the images that are shown."""
        images, network = self._session.loading.of_wanted, self._session.experiment.network
        found = data_mismatch(network, images.shape, images.num_classes, images.title) if images else None
        if found == self._found:
            return
        self._found = found
        self._finding.setVisible(found is not None)
        if found is not None:
            sentence = numbers.prose(found.message)
            self._finding.show_text(sentence[:1].upper() + sentence[1:] + ".", found.severity, detail=found.detail)
            self._finding.add_button(found.mend_label, lambda: self._session.mend(found), icon="check")

"""The one window: menus, rail, pages, status line, and what the pages share."""

from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QAction, QCloseEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QTableView, QVBoxLayout, QWidget

from resnet_studio.gui.action_states import ActionStates
from resnet_studio.gui.actions import PAGES, make_actions
from resnet_studio.gui.deeds import Deeds, connect_actions
from resnet_studio.gui.drop_cover import DropCover
from resnet_studio.gui.filing import Filing
from resnet_studio.gui.history import HistoryPanel
from resnet_studio.gui.menus import Corner, RecentDataMenu, RecentMenu, fill_menus
from resnet_studio.gui.notices import Notices
from resnet_studio.gui.pages.design.page import DesignPage
from resnet_studio.gui.questions import ask_about_run
from resnet_studio.gui.session import Session
from resnet_studio.gui.settings import Settings
from resnet_studio.gui.status import StatusLine
from resnet_studio.gui.widgets.rail import Rail

if TYPE_CHECKING:
    from collections.abc import Callable

ZOOMED = ("design", "data")
"""Pages that have something to enlarge."""
PAGES_AFTER_MS = 2500
"""When the pages are built that nobody has asked for yet."""


class MainWindow(QMainWindow):
    """Shows one session."""

    def __init__(self, session: Session, settings: Settings) -> None:
        super().__init__()
        self.session, self.settings = session, settings
        session.setParent(self)
        self.actions_by_name = make_actions(self)
        self.setObjectName("window.main")
        self.setMinimumSize(1024, 640)
        self.resize(1280, 800)
        if settings.geometry:
            self.restoreGeometry(settings.geometry)
        self.setAcceptDrops(True)
        self._painted = False
        self._leaving = False
        self._refusal = ""
        self._pages: dict[str, QWidget] = {}
        self._stack = QStackedWidget()
        self.notices = Notices()
        self.filing = Filing(session, settings, self.notices, self.show_page, self)
        self._design = DesignPage(session, self.actions_by_name)
        self._add_page("design", self._design)
        self._lay_out()
        self._cover = DropCover(self.filing.drop, self)
        self._corner = Corner(self.actions_by_name, self.menuBar())
        self._make_menus()
        self.setStatusBar(StatusLine(session, self))
        self._connect()
        ActionStates(session, self.actions_by_name, self)
        self._update_title()
        self.show_page("design")
        # no field is being edited yet, so none has the ring of the keyboard
        self.setFocus()

    # ---- pages

    def build_pages(self) -> None:
        """Build the pages that the first paint did not wait for."""
        for name in PAGES:
            self._page(name)

    @Slot()
    def _build_next_page(self) -> None:
        """Build one page in a turn of the event loop of its own, so that none is felt."""
        missing = [name for name in PAGES if name not in self._pages]
        if missing:
            self._page(missing[0])
            QTimer.singleShot(0, self._build_next_page)

    def show_page(self, name: str) -> None:
        """Show a page, built first where it is not yet."""
        page = self._page(name)
        self.actions_by_name[f"page.{name}"].setChecked(True)
        self._stack.setCurrentWidget(page)
        for action in ("zoom_in", "zoom_out", "fit"):
            # what is out of sight is not to be enlarged
            self.actions_by_name[action].setEnabled(name in ZOOMED)

    def _page(self, name: str) -> QWidget:
        if name not in self._pages:
            # a page is imported with the first look at it: pyqtgraph alone takes a third of a second
            page = import_module(f"resnet_studio.gui.pages.{name}.page")
            make: Callable[[Session, dict[str, QAction]], QWidget] = getattr(page, f"{name.capitalize()}Page")
            self._add_page(name, make(self.session, self.actions_by_name))
        return self._pages[name]

    def _add_page(self, name: str, page: QWidget) -> None:
        page.setObjectName(f"page.{name}")
        self._pages[name] = page
        self._stack.addWidget(page)

    def stage_table(self) -> QTableView:
        """Return the stage table of the design page."""
        return self._design.tables.stages

    def has_painted(self) -> bool:
        """Whether the window was painted for the first time."""
        return self._painted

    def show_unexpected(self, error: BaseException) -> None:
        """Tell an error that should not have been, and where its traceback was kept."""
        from resnet_studio.spec.crash import keep

        self.notices.say(f"Something unexpected happened: {error}. The details are in {keep(error)}.")

    # ---- how it is put together

    def _lay_out(self) -> None:
        rail = Rail([self.actions_by_name[f"page.{name}"] for name in PAGES])
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.notices)
        middle.addWidget(self._stack, 1)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(rail)
        row.addLayout(middle, 1)
        row.addWidget(HistoryPanel(self.session, self.actions_by_name["history"]))
        centre = QWidget()
        centre.setLayout(row)
        self.setCentralWidget(centre)

    def _make_menus(self) -> None:
        recent = RecentMenu(self.settings, self.filing.open_recent, self)
        recent_data = RecentDataMenu(self.settings, self.filing.choose_data, self)
        fill_menus(self.menuBar(), self.actions_by_name, recent, recent_data)
        self.actions_by_name[f"theme.{self.settings.mode}"].setChecked(True)

    def _connect(self) -> None:
        session = self.session
        connect_actions(self.actions_by_name, self.filing, Deeds(session, self.settings, self.notices, self.show_page))
        self.actions_by_name["quit"].triggered.connect(self._quit)
        session.document_changed.connect(self._update_title)
        session.refused.connect(self._refused)
        session.unexpected.connect(self.show_unexpected)
        session.run_changed.connect(self._run_changed)

    @Slot()
    def _update_title(self) -> None:
        documents = self.session.documents
        state = ", edited" if documents.edited else "" if documents.path else ", not saved"
        self._corner.show_document(f"{documents.name}{state}")
        self.setWindowTitle(f"{documents.name}{state}[*] – ResNet Studio")
        self.setWindowModified(documents.edited)

    @Slot(str, str)
    def _refused(self, path: str, sentence: str) -> None:
        if path:
            return  # its field says it
        if sentence:
            self.notices.say(sentence)
        elif self._refusal:
            self.notices.hush(self._refusal)
        self._refusal = sentence

    @Slot()
    def _run_changed(self) -> None:
        if self._leaving and not self.session.runs.going_on:
            self.close()

    @Slot()
    def _quit(self) -> None:
        self.close()

    # ---- Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint; after the first time, begin what the first paint must not wait for."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._after_first_paint)

    @Slot()
    def _after_first_paint(self) -> None:
        if self.settings.trouble:
            self.notices.say(self.settings.trouble, "warning")
        self.filing.offer_recovery()
        self.session.start()
        # not beside the import of torch: both want the interpreter
        QTimer.singleShot(PAGES_AFTER_MS, self._build_next_page)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Let the cover see a drag before whatever lies below the pointer."""
        super().showEvent(event)
        self._cover.watch(self.windowHandle())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask where work would be lost: a run going on, a file with edits that are not in it."""
        if self.session.runs.going_on and not self._leaving:
            answer = ask_about_run(self)
            if answer == "cancel":
                event.ignore()
                return
            if answer == "keep":
                # the run goes on without the window, which closes for good when it ends
                self._leaving = True
                self.hide()
                event.ignore()
                return
        # a design without a file is kept unasked and offered at the next start; so is one that nobody is there to save
        outcome = "saved" if self._leaving or not self.session.documents.path else self.filing.leave()
        if outcome == "stay":
            event.ignore()
            return
        self.settings.geometry = self.saveGeometry()
        self.filing.close()
        self.session.close(keep=outcome != "discard")
        event.accept()

"""The one window: menus, rail, pages, status line, and the questions that keep work from being lost."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from resnet_studio import __version__
from resnet_studio.gui import theme
from resnet_studio.gui.actions import PAGES, THEMES, make_actions
from resnet_studio.gui.menus import fill_menus
from resnet_studio.gui.pages.design.page import DesignPage
from resnet_studio.gui.questions import ask_about_run, ask_to_save
from resnet_studio.gui.session import Session
from resnet_studio.gui.settings import Settings
from resnet_studio.gui.status import StatusLine
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.finding_line import FindingLine, Severity
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.rail import Rail
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import experiment_document, write_document
from resnet_studio.spec.home import home

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

PAGES_AFTER_MS = 2500
"""When the pages are built that nobody has asked for yet."""

DOCUMENTS = "Networks and experiments (*.json)"


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
        self._pages: dict[str, QWidget] = {}
        self._stack = QStackedWidget()
        self._notice = FindingLine(name="view.notice", closable=True)
        self._notice.setVisible(False)
        self._design = DesignPage(session, self.actions_by_name)
        self._add_page("design", self._design)
        self._lay_out()
        self._make_menus()
        self.setStatusBar(StatusLine(session, self))
        self._connect()
        self._update_actions()
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

    # ---- what is shown around the pages

    def show_notice(self, sentence: str, severity: Severity = "error") -> None:
        """Show a sentence above the page until it is closed or another one comes."""
        self._notice.show_text(sentence, severity)
        self._notice.setVisible(bool(sentence))

    def show_unexpected(self, error: BaseException) -> None:
        """Tell an error that should not have been, and where its traceback was kept."""
        from resnet_studio.spec.crash import keep

        self.show_notice(f"Something unexpected happened: {error}. The details are in {keep(error)}.")

    def open_path(self, path: Path) -> None:
        """Open a document, or the folder of a run; what can't be opened is said in one sentence."""
        try:
            if path.is_dir():
                self.session.runs.open(path)
                self.show_page("train")
            else:
                self.session.documents.open(path)
                self.settings.remember(path)
                self.show_page("design")
        except StudioError as error:
            self.show_notice(str(error))

    def _lay_out(self) -> None:
        rail = Rail([self.actions_by_name[f"page.{name}"] for name in PAGES])
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self._notice)
        right.addWidget(self._stack, 1)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(rail)
        row.addLayout(right, 1)
        centre = QWidget()
        centre.setLayout(row)
        self.setCentralWidget(centre)

    def _make_menus(self) -> None:
        actions = self.actions_by_name
        self._recent = QMenu("Open re&cent", self)
        self._recent.aboutToShow.connect(self._fill_recent)
        fill_menus(self.menuBar(), actions, self._recent)
        actions[f"theme.{self.settings.mode}"].setChecked(True)
        self.menuBar().setCornerWidget(self._corner())

    @Slot()
    def _fill_recent(self) -> None:
        """List the recent documents that are still there."""
        self._recent.clear()
        for path in self.settings.recent:
            if path.exists():
                self._recent.addAction(str(path)).triggered.connect(_with(self._open_recent, path))
        self._recent.setEnabled(True)
        if self._recent.isEmpty():
            self._recent.addAction("none yet").setEnabled(False)

    def _open_recent(self, path: Path) -> None:
        if self._may_leave_document():
            self.open_path(path)

    def _corner(self) -> QWidget:
        """Return the document's name with undo and redo, right of the menus."""
        corner = QWidget(self.menuBar())
        row = QHBoxLayout(corner)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(4)
        self._document = Label(ink="muted", name="view.document")
        row.addWidget(self._document)
        for name in ("undo", "redo"):
            row.addWidget(ToolButton(action=self.actions_by_name[name], name=f"corner.{name}"))
        return corner

    # ---- actions

    def _connect(self) -> None:
        slots: dict[str, Callable[[], object]] = {
            "new": self._new,
            "open": self._open,
            "open_run": self._open_run,
            "save": self._save,
            "save_as": self._save_as,
            "quit": self._quit,
            "undo": self.session.undo_stack.undo,
            "redo": self.session.undo_stack.redo,
            "plain_twin": self._plain_twin,
            "match": self._match,
            "train": self._train,
            "pause": self._pause,
            "stop": self.session.runs.stop,
            "resume": self._resume,
            "about": self._about,
        }
        for name, slot in slots.items():
            self.actions_by_name[name].triggered.connect(_without_argument(slot))
        for name in PAGES:
            self.actions_by_name[f"page.{name}"].triggered.connect(_with(self.show_page, name))
        for mode in THEMES:
            self.actions_by_name[f"theme.{mode}"].triggered.connect(_with(self._set_theme, mode))
        session = self.session
        for signal in (session.changed, session.images_changed, session.run_changed, session.export_changed):
            signal.connect(self._update_actions)
        session.undo_stack.indexChanged.connect(self._update_actions)
        session.document_changed.connect(self._update_title)
        session.refused.connect(self._refused)
        session.unexpected.connect(self.show_unexpected)
        session.run_changed.connect(self._run_changed)

    @Slot()
    def _update_actions(self) -> None:
        """Enable what can be done now; a disabled action says why in its tooltip."""
        session, actions, stack = self.session, self.actions_by_name, self.session.undo_stack
        for name, possible, text in (
            ("undo", stack.canUndo(), stack.undoText()),
            ("redo", stack.canRedo(), stack.redoText()),
        ):
            actions[name].setEnabled(possible)
            actions[name].setText(f"&{name.capitalize()} {text}".rstrip())
            keys = actions[name].shortcut().toString()
            actions[name].setToolTip(
                f"{name.capitalize()} {text} ({keys})" if possible else f"Nothing to {name} ({keys})"
            )
        run, going = session.runs.current, session.runs.going_on
        phase = run.phase if run else None
        paused = phase == "paused"
        actions["pause"].setText("&Go on" if paused else "&Pause")
        nothing = "No run is going on."
        states = {
            "train": (not session.runs.why_not, "Train the network on the images", session.runs.why_not),
            "stop": (going and phase != "stopping", "Stop after this step and save a checkpoint", nothing),
            "pause": (phase in {"paused", "training"}, "Go on" if paused else "Pause after this step", nothing),
            "resume": (
                phase in {"stopped", "failed"} and run is not None and run.folder is not None,
                "Go on exactly where the run stopped",
                "No stopped run is open.",
            ),
            "export": (
                run is not None and run.folder is not None and not going and not session.exports.running,
                "Write the trained weights and prove them",
                self._why_no_export(),
            ),
            "match": (
                session.images is not None,
                "Take input shape and classes from the images",
                "No images are loaded.",
            ),
        }
        for name, (possible, tip, reason) in states.items():
            keys = actions[name].shortcut().toString()
            actions[name].setEnabled(possible)
            actions[name].setToolTip(f"{tip} ({keys})" if possible else reason)

    def _why_no_export(self) -> str:
        if self.session.runs.going_on:
            return "A run is going on; its weights can be exported once it has ended."
        if self.session.exports.running:
            return "An export is being proven."
        return "Train a network or open a run first."

    @Slot()
    def _update_title(self) -> None:
        session = self.session
        name = session.documents.path.name if session.documents.path else session.experiment.network.name
        state = ", edited" if session.documents.edited else "" if session.documents.path else ", not saved"
        self._document.setText(f"{name}{state}")
        self.setWindowTitle(f"{name}[*] – ResNet Studio")
        self.setWindowModified(session.documents.edited)

    @Slot(str, str)
    def _refused(self, path: str, sentence: str) -> None:
        if not path:
            self.show_notice(sentence)

    @Slot()
    def _run_changed(self) -> None:
        if self._leaving and not self.session.runs.going_on:
            self.close()

    def _set_theme(self, mode: theme.Mode) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, mode)
            self.settings.mode = mode
            self.actions_by_name[f"theme.{mode}"].setChecked(True)

    def _new(self) -> None:
        if self._may_leave_document():
            self.session.documents.new()

    def _open(self) -> None:
        if self._may_leave_document():
            name, _ = QFileDialog.getOpenFileName(self, "Open", self._folder(), DOCUMENTS)
            if name:
                self.open_path(Path(name))

    def _open_run(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Open the folder of a run", str(self.session.runs.folder))
        if name:
            self.open_path(Path(name))

    def _save(self) -> bool:
        return self._write(self.session.documents.path) if self.session.documents.path else self._save_as()

    def _save_as(self) -> bool:
        suggested = Path(self._folder()) / f"{self.session.experiment.network.name}.json"
        name, _ = QFileDialog.getSaveFileName(self, "Save", str(suggested), DOCUMENTS)
        return bool(name) and self._write(Path(name))

    def _write(self, path: Path) -> bool:
        try:
            self.session.documents.save(path)
        except StudioError as error:
            self.show_notice(str(error))
            return False
        self.settings.remember(path)
        return True

    def _folder(self) -> str:
        return str(self.session.documents.path.parent if self.session.documents.path else Path.home())

    def _quit(self) -> None:
        self.close()

    def _plain_twin(self) -> None:
        network = self.session.experiment.network
        if network.shortcut == "none":
            self.session.change("network.shortcut", "projection", text="residual twin")
        else:
            self.session.change("network.shortcut", "none", text="plain twin")

    def _match(self) -> None:
        images = self.session.images
        if images is not None:
            changes = {"network.input_shape": images.shape, "network.num_classes": images.num_classes}
            self.session.change_many(changes, f"match the network to {images.name}")

    def _train(self) -> None:
        self.show_page("train")
        self.session.runs.start()

    def _pause(self) -> None:
        if self.session.runs.current and self.session.runs.current.phase == "paused":
            self.session.runs.go_on()
        else:
            self.session.runs.pause()

    def _resume(self) -> None:
        self.show_page("train")
        self.session.runs.resume()

    def _about(self) -> None:
        self.show_notice(f"ResNet Studio {__version__}, Apache-2.0. Design, cost, train, understand, export.", "info")

    # ---- Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint; after the first time, begin what the first paint must not wait for."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._after_first_paint)

    @Slot()
    def _after_first_paint(self) -> None:
        self.session.start()
        # not beside the import of torch: both want the interpreter
        QTimer.singleShot(PAGES_AFTER_MS, self._build_next_page)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take files and folders."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Open a document or a run; a folder of images becomes the data."""
        path = Path(event.mimeData().urls()[0].toLocalFile())
        if path.is_dir() and not (path / "events.jsonl").exists():
            self.session.choose_source(str(path))
            self.show_page("data")
        elif path.is_dir() or self._may_leave_document():
            self.open_path(path)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask where work would be lost: a run going on, an experiment not saved."""
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
        if not self._leaving and not self._may_leave_document():
            event.ignore()
            return
        self._keep_unsaved()
        self.settings.geometry = self.saveGeometry()
        self.session.close()
        event.accept()

    def _keep_unsaved(self) -> None:
        """Keep an experiment that never had a file among the recent documents, so that closing loses nothing."""
        if self.session.documents.edited and self.session.documents.path is None:
            path = home() / "unsaved.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_document(path, experiment_document(self.session.experiment))
            self.settings.remember(path)

    def _may_leave_document(self) -> bool:
        """Whether the experiment is saved, or its changes may be lost; asks where they would be."""
        if not self.session.documents.edited or not self.session.documents.path:
            return True
        answer = ask_to_save(self, self.session.documents.path.name)
        return self._save() if answer == "save" else answer == "discard"


def _without_argument(slot: "Callable[[], object]") -> "Callable[[bool], None]":
    """Return a slot that drops the `checked` of a triggered action."""

    def call(_: bool) -> None:
        slot()

    return call


def _with(function: "Callable[[T], object]", value: "T") -> "Callable[[bool], None]":
    """Return a slot that calls a function with a value of its own."""
    return _without_argument(lambda: function(value))

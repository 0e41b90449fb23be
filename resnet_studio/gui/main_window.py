"""The one window: menus, rail, pages, status line, and the questions that keep work from being lost."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMessageBox,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from resnet_studio import __version__
from resnet_studio.gui import theme
from resnet_studio.gui.actions import PAGES, THEMES, make_actions
from resnet_studio.gui.pages.design.page import DesignPage
from resnet_studio.gui.session import Session
from resnet_studio.gui.settings import Settings
from resnet_studio.gui.status import StatusLine
from resnet_studio.gui.widgets.finding_line import FindingLine
from resnet_studio.gui.widgets.rail import Rail
from resnet_studio.spec.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable

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
        self._notice = FindingLine()
        self._notice.setVisible(False)
        self._add_page("design", DesignPage(session, self.actions_by_name))
        self._lay_out()
        self._make_menus()
        self.setStatusBar(StatusLine(session, self))
        self._connect()
        self._update_actions()
        self._update_title()
        self.show_page("design")

    # ---- pages

    def build_pages(self) -> None:
        """Build the pages that the first paint did not wait for."""
        if len(self._pages) == len(PAGES):
            return
        from resnet_studio.gui.pages.data.page import DataPage
        from resnet_studio.gui.pages.export.page import ExportPage
        from resnet_studio.gui.pages.train.page import TrainPage

        self._add_page("data", DataPage(self.session, self.actions_by_name))
        self._add_page("train", TrainPage(self.session, self.actions_by_name))
        self._add_page("export", ExportPage(self.session, self.actions_by_name))

    def show_page(self, name: str) -> None:
        """Show a page, built first where it is not yet."""
        if name not in self._pages:
            self.build_pages()
        self.actions_by_name[f"page.{name}"].setChecked(True)
        self._stack.setCurrentWidget(self._pages[name])

    def _add_page(self, name: str, page: QWidget) -> None:
        page.setObjectName(f"page.{name}")
        self._pages[name] = page
        self._stack.addWidget(page)

    # ---- what is shown around the pages

    def show_notice(self, sentence: str, severity: str = "error") -> None:
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
                self.session.open_run(path)
                self.show_page("train")
            else:
                self.session.open_document(path)
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
        bar, actions = self.menuBar(), self.actions_by_name
        menus: dict[str, list[str | None]] = {
            "&File": ["new", "open", "open_run", None, "save", "save_as", None, "quit"],
            "&Edit": ["undo", "redo"],
            "&View": [*(f"page.{name}" for name in PAGES), None, "zoom_in", "zoom_out", "fit", "picture", None],
            "&Network": ["plain_twin", "match"],
            "&Train": ["train", "pause", "stop", "resume", None, "export"],
            "&Help": ["about"],
        }
        for title, names in menus.items():
            menu = bar.addMenu(title)
            for name in names:
                if name is None:
                    menu.addSeparator()
                else:
                    menu.addAction(actions[name])
            if title == "&View":
                colours = menu.addMenu("&Colours")
                for name in THEMES:
                    colours.addAction(actions[f"theme.{name}"])
        actions[f"theme.{self.settings.mode}"].setChecked(True)
        bar.setCornerWidget(self._corner())

    def _corner(self) -> QWidget:
        """Return the document's name with undo and redo, right of the menus."""
        corner = QWidget(self.menuBar())
        row = QHBoxLayout(corner)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(4)
        self._document = QLabel()
        self._document.setObjectName("view.document")
        theme.set_look(self._document, "ink", "muted")
        self._document.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        row.addWidget(self._document)
        for name in ("undo", "redo"):
            button = QToolButton()
            button.setDefaultAction(self.actions_by_name[name])
            button.setAccessibleName(name)
            row.addWidget(button)
        return corner

    # ---- actions

    def _connect(self) -> None:
        slots: dict[str, Callable[[], None]] = {
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
            "stop": self.session.stop,
            "resume": self._resume,
            "about": self._about,
        }
        for name, slot in slots.items():
            self.actions_by_name[name].triggered.connect(_without_argument(slot))
        for name in PAGES:
            self.actions_by_name[f"page.{name}"].triggered.connect(_without_argument(_bound(self.show_page, name)))
        for name in THEMES:
            self.actions_by_name[f"theme.{name}"].triggered.connect(_without_argument(_bound(self._set_theme, name)))
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
        reason = session.can_train_reason
        _enable(actions["train"], not reason, "Train the network on the images (F5)", reason)
        going, run = session.is_training, session.run
        _enable(actions["stop"], going and run is not None and run.phase != "stopping",
                "Stop after this step and save a checkpoint (Shift+F5)", "No run is going on.")  # fmt: skip
        paused = run is not None and run.phase == "paused"
        actions["pause"].setText("&Go on" if paused else "&Pause")
        _enable(actions["pause"], paused or (run is not None and run.phase == "training"),
                "Go on after the pause (F6)" if paused else "Pause after this step (F6)", "No run is going on.")  # fmt: skip
        stopped = run is not None and run.phase in {"stopped", "failed"} and run.folder is not None
        _enable(actions["resume"], stopped and not going, "Go on exactly where the run stopped (F7)",
                "No stopped run is open.")  # fmt: skip
        exportable = run is not None and run.folder is not None and not going and not session.export_running
        _enable(actions["export"], exportable, "Write the trained weights and prove them (Ctrl+E)",
                "Train a network or open a run first.")  # fmt: skip
        _enable(actions["match"], session.images is not None, "Set input shape and classes to those of the images",
                "No images are loaded.")  # fmt: skip

    @Slot()
    def _update_title(self) -> None:
        session = self.session
        name = session.path.name if session.path else session.experiment.network.name
        state = ", edited" if session.edited else "" if session.path else ", not saved"
        self._document.setText(f"{name}{state}")
        self.setWindowTitle(f"{name}[*] – ResNet Studio")
        self.setWindowModified(session.edited)

    @Slot(str, str)
    def _refused(self, path: str, sentence: str) -> None:
        if not path:
            self.show_notice(sentence)

    @Slot()
    def _run_changed(self) -> None:
        if self._leaving and not self.session.is_training:
            self.close()

    def _set_theme(self, name: str) -> None:
        app = QApplication.instance()
        for mode in THEMES:
            if mode == name and isinstance(app, QApplication):
                theme.apply(app, mode)
                self.settings.mode = mode
        self.actions_by_name[f"theme.{name}"].setChecked(True)

    def _new(self) -> None:
        if self._may_leave_document():
            self.session.new_document()

    def _open(self) -> None:
        if self._may_leave_document():
            name, _ = QFileDialog.getOpenFileName(self, "Open", self._folder(), DOCUMENTS)
            if name:
                self.open_path(Path(name))

    def _open_run(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Open the folder of a run", str(self.session.runs_folder))
        if name:
            self.open_path(Path(name))

    def _save(self) -> bool:
        return self._write(self.session.path) if self.session.path else self._save_as()

    def _save_as(self) -> bool:
        suggested = Path(self._folder()) / f"{self.session.experiment.network.name}.json"
        name, _ = QFileDialog.getSaveFileName(self, "Save", str(suggested), DOCUMENTS)
        return bool(name) and self._write(Path(name))

    def _write(self, path: Path) -> bool:
        try:
            self.session.save_document(path)
        except StudioError as error:
            self.show_notice(str(error))
            return False
        self.settings.remember(path)
        return True

    def _folder(self) -> str:
        return str(self.session.path.parent if self.session.path else Path.home())

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
        self.session.train()

    def _pause(self) -> None:
        if self.session.run and self.session.run.phase == "paused":
            self.session.go_on()
        else:
            self.session.pause()

    def _resume(self) -> None:
        self.show_page("train")
        self.session.resume()

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
        self.build_pages()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take files and folders."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Open a document or a run; a folder of images becomes the data."""
        path = Path(event.mimeData().urls()[0].toLocalFile())
        if path.is_dir() and not (path / "events.jsonl").exists():
            self.session.change("data.source", str(path))
            self.show_page("data")
        elif path.is_dir() or self._may_leave_document():
            self.open_path(path)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask where work would be lost: a run going on, an experiment not saved."""
        if self.session.is_training and not self._leaving:
            answer = self._ask_about_run()
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
        self.settings.geometry = self.saveGeometry()
        self.session.close()
        event.accept()

    def _ask_about_run(self) -> str:
        """Ask what is to become of the run; return stop, keep or cancel."""
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("A run is going on")
        box.setText("A run is going on. What is to become of it?")
        box.setInformativeText("Stopped, it is saved and can be resumed. Kept, it trains on without the window.")
        stop = box.addButton("Stop and save", QMessageBox.ButtonRole.AcceptRole)
        keep = box.addButton("Keep training", QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(stop)
        box.setEscapeButton(cancel)
        box.exec()
        clicked = box.clickedButton()
        return "stop" if clicked is stop else "keep" if clicked is keep else "cancel"

    def _may_leave_document(self) -> bool:
        """Whether the experiment is saved, or its changes may be lost; asks where they would be."""
        if not self.session.edited or not self.session.path:
            return True
        kind = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self, "Not saved", f"{self.session.path.name} was edited. Save it?", kind.Save | kind.Discard | kind.Cancel
        )
        return self._save() if answer == kind.Save else answer == kind.Discard


def _enable(action: QAction, possible: bool, tip: str, reason: str) -> None:
    action.setEnabled(possible)
    action.setToolTip(tip if possible else reason or tip)


def _without_argument(slot: "Callable[[], object]") -> "Callable[[bool], None]":
    """Return a slot that drops the `checked` of a triggered action."""

    def call(_: bool) -> None:
        slot()

    return call


def _bound(function: "Callable[[str], None]", name: str) -> "Callable[[], None]":
    return lambda: function(name)

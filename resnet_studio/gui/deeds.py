"""What the actions do that are no matter of files: undo, copy, training, colours."""

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from resnet_studio import __version__
from resnet_studio.gui import theme
from resnet_studio.gui.actions import PAGES, THEMES
from resnet_studio.gui.copying import copy_command, copy_python
from resnet_studio.gui.filing import Filing
from resnet_studio.gui.notices import Notices
from resnet_studio.gui.session import Session
from resnet_studio.gui.settings import Settings
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.experiment import with_values
from resnet_studio.spec.network import Shortcut
from resnet_studio.spec.twins import plain_twin, residual_twin


class Deeds:
    """Does what a menu, a key or a button asks of the session."""

    def __init__(
        self, session: Session, settings: Settings, notices: Notices, show_page: Callable[[str], None]
    ) -> None:
        self.session, self.settings, self.notices, self.show_page = session, settings, notices, show_page
        self._skips: Shortcut = "projection"

    def plain_twin(self) -> None:
        """Take the skip connections away, or put those back that were there."""
        experiment = self.session.experiment
        network = experiment.network
        if network.shortcut == "none":
            twin, text = residual_twin(network, self._skips), "residual twin"
        else:
            self._skips = network.shortcut
            twin, text = plain_twin(network), "plain twin"
        self.session.replace(with_values(experiment, {"network": twin.model_dump()}), text)

    def match(self) -> None:
        """Take input shape and classes from the images."""
        images = self.session.loading.of_wanted
        if images is not None:
            changes = {"network.input_shape": images.shape, "network.num_classes": images.num_classes}
            self.session.change_many(changes, f"match the network to {images.name}")

    def train(self) -> None:
        """Start a run, and show it."""
        self.show_page("train")
        self.session.runs.start()

    def find_rate(self) -> None:
        """Draw the loss over a rising learning rate, and show it."""
        self.show_page("train")
        self.session.rate_finding.start()

    def pause(self) -> None:
        """Pause the run, or go on."""
        if self.session.runs.phase == "paused":
            self.session.runs.go_on()
        else:
            self.session.runs.pause()

    def resume(self) -> None:
        """Go on with a stopped run, and show it."""
        self.show_page("train")
        self.session.runs.resume()

    def copy(self, copy: Callable[[Session], str]) -> None:
        """Copy the design in other words, and say what was copied."""
        try:
            self.notices.say(copy(self.session), "info")
        except StudioError as error:
            self.notices.say(str(error))

    def set_theme(self, mode: theme.Mode) -> None:
        """Change the colours, and remember them."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, mode)
            self.settings.mode = mode

    def about(self) -> None:
        """Say version and licence."""
        self.notices.say(f"ResNet Studio {__version__}, Apache-2.0. Design, cost, train, understand, export.", "info")


def connect_actions(actions: dict[str, QAction], filing: Filing, deeds: Deeds) -> None:
    """Let each action do what its name says; the views connect those of the diagram."""
    session = deeds.session
    slots: dict[str, Callable[[], object]] = {
        "new": filing.new,
        "open": filing.open,
        "open_run": filing.open_run,
        "save": filing.save,
        "save_as": filing.save_as,
        "revert": filing.revert,
        "undo": session.undo_stack.undo,
        "redo": session.undo_stack.redo,
        "copy_command": partial(deeds.copy, copy_command),
        "copy_python": partial(deeds.copy, copy_python),
        "plain_twin": deeds.plain_twin,
        "match": deeds.match,
        "train": deeds.train,
        "pause": deeds.pause,
        "stop": session.runs.stop,
        "resume": deeds.resume,
        "find_rate": deeds.find_rate,
        "about": deeds.about,
    }
    slots |= {f"page.{name}": partial(deeds.show_page, name) for name in PAGES}
    slots |= {f"theme.{mode}": partial(deeds.set_theme, mode) for mode in THEMES}
    for name, slot in slots.items():
        actions[name].triggered.connect(_without_argument(slot))


def _without_argument(slot: Callable[[], object]) -> Callable[[bool], None]:
    """Return a slot that drops the `checked` of a triggered action."""

    def call(_: bool) -> None:
        slot()

    return call

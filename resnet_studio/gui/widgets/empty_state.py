"""What an area says while it has nothing to show."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.gui.widgets.button import Button, PrimaryButton
from resnet_studio.gui.widgets.label import Label


class EmptyState(QFrame):
    """One sentence in the middle that says what will be here, and the button that makes it so."""

    def __init__(
        self,
        sentence: str,
        button: str = "",
        run: Callable[[], object] | None = None,
        *,
        action: QAction | None = None,
        icon: str = "",
        name: str = "view.empty",
        parent: QWidget | None = None,
    ) -> None:
        """Make one.

        Args:
            sentence: what will be here.
            button: words of the button; empty with an action: the action's.
            run: called by the button.
            action: triggered by the button.
            icon: name of one of our icons, on the button.
            name: objectName; the button's is `name.button`.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("ground", "base")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addStretch()
        self.label = Label(sentence, ink="muted")
        self.label.setWordWrap(True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.label)
        self.button: Button | None = None
        if run is not None or action is not None:
            self.button = PrimaryButton(button, name=f"{name}.button", icon=icon, action=action)
            if run is not None:
                self.button.clicked.connect(lambda _checked=False: run())
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()

    def set_sentence(self, sentence: str) -> None:
        """Say something else."""
        self.label.setText(sentence)

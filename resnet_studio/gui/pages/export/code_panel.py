"""The code that loads what was exported, a tab for each format."""

import re

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from resnet_studio.gui.pages.export.code_view import CodeView
from resnet_studio.gui.widgets.button import Button
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.tabs import Tabs
from resnet_studio.gui.widgets.tool_row import ToolRow


class CodePanel(QFrame):
    """Shows one script; the button puts it on the clipboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._codes: dict[str, str] = {}
        self._tabs = Tabs((), name="view.code.formats", label="format of the code")
        self._needs = Label(ink="muted", size="small", name="view.code.needs")
        copy = Button("Copy code", name="view.code.copy", icon="copy", compact=True, tip="Put it on the clipboard")
        self._view = CodeView(name="view.code", label="code that loads the weights")
        row = ToolRow(name="view.code.bar", height=32)
        row.add(self._tabs)
        row.add_right(self._needs, copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(row)
        column.addWidget(self._view, 1)
        self._tabs.currentChanged.connect(self._show)
        copy.clicked.connect(self._copy)

    def show_codes(self, codes: dict[str, str]) -> None:
        """Show the script of each format."""
        if codes == self._codes:
            return
        chosen = self._tabs.tabText(self._tabs.currentIndex())
        blocked = self._tabs.blockSignals(True)  # noqa: FBT003 - Qt's signature
        while self._tabs.count():
            self._tabs.removeTab(0)
        for kind in codes:
            self._tabs.addTab(kind)
        self._tabs.setCurrentIndex(max(0, list(codes).index(chosen) if chosen in codes else 0))
        self._tabs.blockSignals(blocked)
        self._codes = codes
        self._show()

    def code(self) -> str:
        """Return the script that is shown."""
        return self._codes.get(self._tabs.tabText(self._tabs.currentIndex()), "")

    @Slot()
    def _show(self) -> None:
        code = self.code()
        self._view.setPlainText(code.rstrip("\n"))
        self._needs.setText(f"needs {', '.join(needed(code))}" if code else "")

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.code())


def needed(code: str) -> list[str]:
    """Return the packages that a script imports, in their order; safetensors.torch needs both that it names."""
    lines = re.findall(r"^(?:import (.+)|from (\S+) import .+)$", code, re.MULTILINE)
    modules = [name.strip() for many, one in lines for name in (many or one).split(",")]
    names = [part for module in modules for part in (module.split(".") if module == "safetensors.torch" else [module])]
    return list(dict.fromkeys(name.partition(".")[0] for name in names))

"""Widgets are tested in the light theme."""

import pytest
from PySide6.QtWidgets import QApplication

from resnet_studio.gui import theme


@pytest.fixture(autouse=True)
def _dressed(qapp: QApplication) -> None:
    theme.apply(qapp, "light")

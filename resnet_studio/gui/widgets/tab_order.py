"""The order in which Tab goes from control to control, where they are not made in the order in which they stand."""

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtWidgets import QWidget


def in_tab_order(widgets: Iterable[QWidget]) -> None:
    """Let Tab go through widgets one after the other; the first one stays where it is. Each takes the focus at times.

    Qt puts what is made later behind everything that the window has.
    """
    for before, after in pairwise(widgets):
        QWidget.setTabOrder(before, after)

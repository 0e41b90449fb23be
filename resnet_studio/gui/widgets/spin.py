"""Fields for numbers, whole ones and others.

A drag on the arrows, or on the label before a field, changes its number too: see `scrub.py`.
"""

from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.whole_spin import WholeSpin

__all__ = ["RealSpin", "WholeSpin"]

"""Mean and standard deviation by which pixels are normalised, in numbers."""

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from resnet_studio.gui.pages.data.resolved import resolved
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.panel import Section

SOURCE, IMAGENET, GIVEN = "source", "imagenet", "given"
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's colour images, as torchvision's weights expect them (its transforms' presets)."""
CHANNELS = 3


class NormaliseRows(QObject):
    """This source's own numbers, measured once, or ImageNet's."""

    def __init__(self, session: Session, section: Section) -> None:
        super().__init__(section)
        self._session = session
        self._kind = Choice(name="data.mean", label="normalise by")
        self._kind.setToolTip("Mean and standard deviation of each channel, on a scale from 0 to 1")
        self._kind.currentIndexChanged.connect(self._chosen)
        section.add_row("Normalise", self._kind)
        self._numbers = {name: [Label(ink="muted", size="note") for _ in range(CHANNELS)] for name in ("mean", "std")}
        table = QWidget()
        table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 2)
        grid.setVerticalSpacing(2)
        for line, (name, labels) in enumerate(self._numbers.items()):
            grid.addWidget(Label(name, ink="muted", size="note"), line, 0)
            for place, label in enumerate(labels):
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                label.setObjectName(f"data.{name}.{place}")
                grid.addWidget(label, line, 1 + place)
        for column in range(1 + CHANNELS):
            grid.setColumnStretch(column, 1)
        self._row = section.add_row("", table)

    def refresh(self) -> None:
        """Show the numbers that count now; blank while they are not measured yet."""
        data = self._session.experiment.data
        found = None if self._session.loading.active else resolved(self._session)
        imagenet = (data.mean, data.std) == (IMAGENET_MEAN, IMAGENET_STD)
        given = data.mean is not None or data.std is not None
        kind = IMAGENET if imagenet else GIVEN if given else SOURCE
        options = [(SOURCE, "this source"), (IMAGENET, "ImageNet")]
        with QSignalBlocker(self._kind):
            self._kind.set_options(options + ([(GIVEN, "as given")] if kind == GIVEN else []))
            colour = found is None or found.channels == CHANNELS
            self._kind.set_option_enabled(
                IMAGENET, enabled=colour, reason="ImageNet's numbers are for colour images; these are grey."
            )
            self._kind.set_value(kind)
        shown = {
            "mean": data.mean or (found.mean if found else None),
            "std": data.std or (found.std if found else None),
        }
        for name, labels in self._numbers.items():
            values = shown[name] or ()
            for place, label in enumerate(labels):
                label.setText(f"{values[place]:.3f}" if place < len(values) else "")

    @Slot()
    def _chosen(self) -> None:
        kind = self._kind.value()
        if kind == SOURCE:
            self._session.change_many({"data.mean": None, "data.std": None}, "normalise by the source")
        elif kind == IMAGENET:
            values = {"data.mean": IMAGENET_MEAN, "data.std": IMAGENET_STD}
            self._session.change_many(values, "normalise by ImageNet")

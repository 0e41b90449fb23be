"""The panel of the design page: every field of the network."""

from typing import Any

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_studio.gui.binding import Binding, Condition, Control
from resnet_studio.gui.pages.design.stage_editor import StageEditor
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import Button
from resnet_studio.gui.widgets.check import Check
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import FormRow, Panel, Section
from resnet_studio.gui.widgets.spin import RealSpin, WholeSpin
from resnet_studio.spec.experiment import with_values
from resnet_studio.spec.meaning import meaning
from resnet_studio.spec.network import NetworkSpec, StemSpec
from resnet_studio.spec.presets import presets

BLOCK_TYPES = (("basic", "basic"), ("bottleneck", "bottleneck"))
SHORTCUTS = (
    ("projection", "projection"),
    ("projection_all", "projection everywhere"),
    ("zero_pad", "zero padding"),
    ("identity", "identity"),
    ("none", "none, the plain twin"),
)
MERGES = (("add", "add"), ("concat", "concatenate"))
STRIDES_ON = (("3x3", "3×3"), ("1x1", "1×1"))
NORMS = (("batch", "batch"), ("group", "group"), ("none", "none"))
ACTIVATIONS = (("relu", "ReLU"), ("leaky_relu", "leaky ReLU"), ("gelu", "GELU"), ("silu", "SiLU"))
HEADS = (("global_avg", "global average"), ("max_flatten", "max-pool and flatten"))
WORDS = {"input_shape": "input", "num_classes": "classes", "block_sizes": "blocks", "block_type": "block"}


class DesignPanel(Panel):
    """Fields of the network in sections; follows the session."""

    def __init__(self, session: Session, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__("Network", name="panel.design", parent=parent)
        self._session = session
        self._bindings: dict[str, Binding] = {}
        self._twin = Button("Plain twin", name="edit.plain_twin", compact=True, action=actions["plain_twin"])
        self.head.add_right(self._twin)
        self._add_preset_and_ends()
        self._add_stages()
        self._add_blocks()
        self._add_rest()
        basic = "Only bottleneck blocks have it; the block type is basic."
        Condition(
            session,
            [self._bindings[f"network.{name}"] for name in ("groups", "width_per_group", "stride_on", "expansion")],
            lambda experiment: experiment.network.block_type == "bottleneck",
            basic,
            self,
        )
        Condition(
            session,
            [self._bindings[f"network.stem.{name}"] for name in ("channels", "kernel_size", "stride", "pool")],
            lambda experiment: experiment.network.stem is not None,
            "The network has no stem.",
            self,
        )
        Condition(
            session,
            [self._bindings["network.norm_groups"]],
            lambda experiment: experiment.network.norm == "group",
            "Only group normalisation has groups.",
            self,
        )
        session.changed.connect(self.refresh)
        self.refresh()

    def show_field(self, path: str) -> None:
        """Bring a field into sight and give it the focus; an entry of a list stands for its list."""
        for name in (path, f"{path}.0", path.rpartition(".")[0]):
            control = self.findChild(QWidget, name) if name else None
            if isinstance(control, QWidget):
                self.reveal(control)
                return

    @Slot()
    def refresh(self) -> None:
        """Show which preset the network is, or departs from."""
        network = self._session.experiment.network
        preset = presets().get(network.name)
        departs = _departures(network, preset.network) if preset else []
        options: list[tuple[Any, str]] = [(name, entry.title) for name, entry in presets().items()]
        if preset and departs:
            options = [(name, f"{words} (edited)" if name == network.name else words) for name, words in options]
        elif preset is None:
            options.insert(0, (network.name, network.name))
        with QSignalBlocker(self._preset):
            self._preset.set_options(options)
            self._preset.set_value(network.name)
        if preset and departs:
            plural = "s" if len(departs) == 1 else ""
            self._preset_row.set_note(f"{', '.join(departs)} differ{plural} from the preset")
        else:
            self._preset_row.set_note(preset.note if preset else "a design of your own")
        self._twin.setText("Residual twin" if network.shortcut == "none" else "Plain twin")
        with QSignalBlocker(self._no_stem):
            self._no_stem.setChecked(network.stem is None)
        names = [network.norm if network.norm != "none" else "no norm", network.activation.replace("_", " ")]
        names += [f"dropout {network.dropout:g}"] if network.dropout else []
        self._rest.set_summary(", ".join(names))

    def _add_preset_and_ends(self) -> None:
        section = self.add_section(name="panel.design.ends")
        self._preset = Choice(name="network.preset", label="preset")
        self._preset.setToolTip("A network of the literature, as one step that can be undone")
        self._preset.activated.connect(self._preset_chosen)
        self._preset_row = section.add_row("Preset", self._preset)
        sides = [
            WholeSpin(1, 65_536, name=f"network.input_shape.{i}", label=f"input {word}")
            for i, word in enumerate(("channels", "height", "width"))
        ]
        self._row(section, "Input", sides[0], "×", sides[1], "×", sides[2])
        classes = WholeSpin(1, 1_000_000, name="network.num_classes", label="classes", nothing="no head", digits=7)
        self._row(section, "Classes", classes)
        self._row(
            section,
            "Stem",
            WholeSpin(1, 65_536, name="network.stem.channels", label="stem channels", nothing="auto"),
            WholeSpin(1, 63, name="network.stem.kernel_size", label="stem kernel", square=True, digits=1),
            WholeSpin(1, 16, name="network.stem.stride", label="stem stride", before="/ ", digits=1),
        )
        self._no_stem = Check("no stem", name="network.stem", label="no stem")
        self._no_stem.setToolTip("Leave out the convolution (and pool) before the first stage")
        self._no_stem.toggled.connect(self._stem_toggled)
        pool = self._check("max-pool", "network.stem.pool")
        section.add_checks(pool, self._no_stem)

    def _add_stages(self) -> None:
        section = self.add_section("Stages", name="panel.design.stages")
        StageEditor(self._session, section, lambda field: meaning(f"network.{field}"))

    def _add_blocks(self) -> None:
        section = self.add_section("Blocks", name="panel.design.blocks", folds=True)
        self._row(section, "Block", Choice(BLOCK_TYPES, name="network.block_type", label="block type"))
        self._row(
            section,
            "Groups",
            WholeSpin(1, 65_536, name="network.groups", label="groups"),
            "width",
            WholeSpin(1, 65_536, name="network.width_per_group", label="width per group"),
        )
        self._row(
            section,
            "Stride on",
            Choice(STRIDES_ON, name="network.stride_on", label="convolution with the stride"),
            "expansion",
            WholeSpin(1, 64, name="network.expansion", label="expansion", digits=2),
        )
        self._row(section, "Shortcut", Choice(SHORTCUTS, name="network.shortcut", label="shortcut"))
        self._row(section, "Merge", Choice(MERGES, name="network.merge", label="merge"))
        section.add_checks(
            self._check("shortcut norm", "network.shortcut_norm"), self._check("conv bias", "network.conv_bias")
        )
        section.add_checks(
            self._check("pre-activation", "network.preactivation"),
            self._check("zero-init", "network.zero_init_residual"),
        )

    def _add_rest(self) -> None:
        section = self._rest = self.add_section("Norm, dropout, head", name="panel.design.rest", folds=True)
        self._row(section, "Norm", Choice(NORMS, name="network.norm", label="norm"))
        self._row(
            section,
            "Norm groups",
            WholeSpin(1, 65_536, name="network.norm_groups", label="norm groups"),
            "momentum",
            RealSpin(0.0001, 1.0, name="network.norm_momentum", label="norm momentum"),
        )
        epsilon = RealSpin(1e-8, 1.0, name="network.norm_eps", label="norm epsilon", step="ladder", places=5)
        self._row(section, "Epsilon", epsilon)
        self._row(section, "Activation", Choice(ACTIVATIONS, name="network.activation", label="activation"))
        self._row(
            section,
            "Dropout",
            RealSpin(0.0, 0.99, name="network.dropout", label="dropout"),
            "in blocks",
            RealSpin(0.0, 0.99, name="network.block_dropout", label="dropout in blocks"),
        )
        self._row(section, "Drop path", RealSpin(0.0, 0.99, name="network.drop_path", label="drop path"))
        self._row(section, "Head", Choice(HEADS, name="network.head", label="head"))
        # the panel is full at 800 px: what is changed least is folded away
        section.set_folded(True)

    def _row(self, section: Section, label: str, *fields: Control | str) -> None:
        """Add a row of fields that are bound to the paths in their names."""
        for field in fields:
            if not isinstance(field, str) and not isinstance(field, Choice):
                field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = section.add_row(label, *fields)
        for field in fields:
            if not isinstance(field, str):
                self._bind(field, row)

    def _check(self, text: str, path: str) -> Check:
        check = Check(text, name=path)
        self._bind(check, None)
        return check

    def _bind(self, control: Control, row: FormRow | None) -> None:
        path = control.objectName()
        self._bindings[path] = Binding(self._session, control, row)

    @Slot(int)
    def _preset_chosen(self, _: int) -> None:
        """Take the chosen preset; called for the user's choice alone, of the same one too, which undoes edits."""
        name = self._preset.value()
        preset = presets().get(name)
        if preset:
            experiment = with_values(self._session.experiment, {"network": preset.network.model_dump()})
            self._session.replace(experiment, f"preset {preset.title}")
            self._session.select(1, 0)

    @Slot(bool)
    def _stem_toggled(self, none: bool) -> None:
        stem = None if none else StemSpec().model_dump()
        self._session.change("network.stem", stem, text="remove the stem" if none else "add a stem")


def _departures(network: NetworkSpec, preset: NetworkSpec) -> list[str]:
    """Return the names of the fields in which a network departs from its preset."""
    fields = [name for name in NetworkSpec.model_fields if name != "name"]
    return [
        WORDS.get(name, name.replace("_", " ")) for name in fields if getattr(network, name) != getattr(preset, name)
    ]

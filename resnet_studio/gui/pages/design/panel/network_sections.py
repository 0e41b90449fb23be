"""The fields of the network in their sections: its ends, its blocks, and norm, dropout and head."""

from PySide6.QtCore import QObject, QSignalBlocker, Slot

from resnet_studio.gui.pages.design.panel.fields import Fields
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.check import Check
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import Section
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.whole_spin import WholeSpin
from resnet_studio.spec.network import NetworkSpec, StemSpec

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

WIDTH_STOPS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 256, 320, 384, 512)
FRACTIONS = tuple(hundredths / 100 for hundredths in range(91))


class StemCheck(QObject):
    """The check box that leaves the stem out."""

    def __init__(self, session: Session) -> None:
        self.check = Check("no stem", name="network.stem")
        super().__init__(self.check)
        self._session = session
        self.check.setToolTip("Leave out the convolution (and pool) before the first stage")
        self.check.toggled.connect(self._toggled)
        session.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show whether there is a stem."""
        with QSignalBlocker(self.check):
            self.check.setChecked(self._session.experiment.network.stem is None)

    @Slot(bool)
    def _toggled(self, none: bool) -> None:
        stem = None if none else StemSpec().model_dump()
        self._session.change("network.stem", stem, text="remove the stem" if none else "add a stem")


def add_ends(fields: Fields, section: Section) -> None:
    """Add input, classes and stem."""
    sides = [
        WholeSpin(1, 65_536, name=f"network.input_shape.{place}", label=f"input {word}")
        for place, word in enumerate(("channels", "height", "width"))
    ]
    fields.row(section, "Input", sides[0], "×", sides[1], "×", sides[2])
    classes = WholeSpin(1, 1_000_000, name="network.num_classes", label="classes", nothing="no head", digits=7)
    fields.row(section, "Classes", classes)
    fields.row(
        section,
        "Stem",
        WholeSpin(1, 65_536, name="network.stem.channels", label="stem channels", nothing="auto"),
        WholeSpin(1, 63, name="network.stem.kernel_size", label="stem kernel", square=True, digits=1),
        WholeSpin(1, 16, name="network.stem.stride", label="stem stride", before="/ ", digits=1),
    )
    section.add_checks(fields.check("max-pool", "network.stem.pool"), StemCheck(fields.session).check)
    fields.condition(
        ("stem.channels", "stem.kernel_size", "stem.stride", "stem.pool"),
        lambda experiment: experiment.network.stem is not None,
        "The network has no stem.",
    )


def add_blocks(fields: Fields, section: Section) -> None:
    """Add what the blocks are made of."""
    fields.row(section, "Block", Choice(BLOCK_TYPES, name="network.block_type", label="block type"))
    fields.row(
        section,
        "Groups",
        WholeSpin(1, 65_536, name="network.groups", label="groups"),
        "expansion",
        WholeSpin(1, 64, name="network.expansion", label="expansion", digits=2),
    )
    width = WholeSpin(1, 65_536, name="network.width_per_group", label="width per group")
    fields.slid(section, "Group width", width, WIDTH_STOPS)
    fields.row(
        section,
        "Stride on",
        Choice(STRIDES_ON, name="network.stride_on", label="convolution with the stride"),
        "merge",
        Choice(MERGES, name="network.merge", label="merge"),
    )
    fields.row(section, "Shortcut", Choice(SHORTCUTS, name="network.shortcut", label="shortcut"))
    section.add_checks(
        fields.check("shortcut norm", "network.shortcut_norm"), fields.check("conv bias", "network.conv_bias")
    )
    section.add_checks(
        fields.check("pre-activation", "network.preactivation"),
        fields.check("zero-init", "network.zero_init_residual"),
    )
    fields.condition(
        ("groups", "width_per_group", "stride_on", "expansion"),
        lambda experiment: experiment.network.block_type == "bottleneck",
        "Only bottleneck blocks have it; the block type is basic.",
    )


def blocks_in_words(network: NetworkSpec) -> str:
    """Return what the section of the blocks says of itself while it is folded."""
    grouped = [f"{network.groups} groups"] if network.groups > 1 else []
    shortcut = "no skips" if network.shortcut == "none" else dict(SHORTCUTS)[network.shortcut]
    return ", ".join([network.block_type, *grouped, shortcut])


def add_rest(fields: Fields, section: Section) -> None:
    """Add norm, activation, dropout and head."""
    fields.row(section, "Norm", Choice(NORMS, name="network.norm", label="norm"))
    fields.row(
        section,
        "Norm groups",
        WholeSpin(1, 65_536, name="network.norm_groups", label="norm groups"),
        "momentum",
        RealSpin(0.0001, 1.0, name="network.norm_momentum", label="norm momentum"),
    )
    epsilon = RealSpin(1e-8, 1.0, name="network.norm_eps", label="norm epsilon", step="ladder", places=5)
    fields.row(section, "Epsilon", epsilon)
    fields.row(section, "Activation", Choice(ACTIVATIONS, name="network.activation", label="activation"))
    for label, name, words in (
        ("Dropout", "dropout", "dropout"),
        ("In blocks", "block_dropout", "dropout in blocks"),
        ("Drop path", "drop_path", "drop path"),
    ):
        fields.slid(section, label, RealSpin(0.0, 0.99, name=f"network.{name}", label=words), FRACTIONS)
    fields.row(section, "Head", Choice(HEADS, name="network.head", label="head"))
    fields.condition(
        ("norm_groups",),
        lambda experiment: experiment.network.norm == "group",
        "Only group normalisation has groups.",
    )


def rest_in_words(network: NetworkSpec) -> str:
    """Return what the section of norm, dropout and head says of itself while it is folded."""
    names = [network.norm if network.norm != "none" else "no norm", dict(ACTIVATIONS)[network.activation]]
    shares = {"dropout": network.dropout, "in blocks": network.block_dropout, "drop path": network.drop_path}
    names += [f"{word} {share:g}" for word, share in shares.items() if share]
    return ", ".join(names)

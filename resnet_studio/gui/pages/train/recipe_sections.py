"""The fields of the training in their sections: how it learns, what regularises it, the machine, and what is rare."""

from resnet_studio.gui.pages.train.device_list import DeviceList
from resnet_studio.gui.pages.train.milestones import MilestonesField
from resnet_studio.gui.pages.train.recipe_choice import RecipeChoice
from resnet_studio.gui.pages.train.recipe_fields import RecipeFields
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import Section
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.whole_spin import WholeSpin

OPTIMIZERS = (("auto", "auto"), ("sgd", "SGD"), ("muon", "Muon"), ("adam", "Adam"), ("adamw", "AdamW"))
SCHEDULES = (
    ("constant", "constant"),
    ("step", "steps"),
    ("multi_step", "milestones"),
    ("cosine", "cosine"),
    ("one_cycle", "one cycle"),
)
PRECISIONS = (("auto", "auto"), ("fp32", "fp32"), ("bf16", "bf16"), ("fp16", "fp16"))
LAYOUTS = ((None, "auto"), (True, "yes"), (False, "no"))
CLASS_WEIGHTS = (("none", "none"), ("balanced", "balanced"))
SAMPLING = (("shuffle", "each image once"), ("balanced", "balanced"))
COMPILE = (("auto", "auto"), ("off", "off"), ("graph", "CUDA graphs"), ("on", "torch.compile"))


def add_recipe(fields: RecipeFields, section: Section, recipe: RecipeChoice) -> None:
    """Add the named recipe, how long it takes, the optimiser and its learning rate."""
    fields.row(section, "Recipe", recipe)
    fields.row(
        section,
        "Epochs",
        WholeSpin(1, 100_000, name="training.epochs", label="epochs"),
        "batch",
        WholeSpin(1, 65_536, name="training.batch_size", label="batch size", step="double"),
    )
    fields.row(section, "Optimiser", Choice(OPTIMIZERS, name="training.optimizer", label="optimiser"))
    section.add_checks(fields.check("Nesterov momentum", "training.nesterov"))
    rate = RealSpin(1e-8, 100, name="training.learning_rate", label="learning rate", step="ladder", places=3)
    momentum = RealSpin(0, 0.9999, name="training.momentum", label="momentum")
    fields.row(section, "Learning rate", rate, "mom.", momentum)
    fields.row(section, "Schedule", Choice(SCHEDULES, name="training.schedule", label="schedule"))
    gamma = RealSpin(1e-8, 1, name="training.gamma", label="factor at a milestone", step="ladder", places=1)
    fields.row(section, "At epochs", MilestonesField(fields.session), "×", gamma)
    warmup = RealSpin(0, 10_000, name="training.warmup_epochs", label="warm-up", after=" epochs", step=0.5, places=1)
    fields.row(section, "Warm-up", warmup)
    decay = RealSpin(0, 1, name="training.weight_decay", label="weight decay", step="ladder", places=4)
    fields.row(section, "Weight decay", decay)
    section.add_checks(fields.check("not on norms and biases", "training.decay_norm_and_bias", inverse=True))


def add_regularisation(fields: RecipeFields, section: Section) -> None:
    """Add what keeps the weights from being led astray."""
    smoothing = RealSpin(0, 0.99, name="training.label_smoothing", label="label smoothing")
    fields.row(section, "Smoothing", smoothing)
    clip = RealSpin(
        1e-6,
        1e6,
        name="training.gradient_clip",
        label="largest gradient norm",
        nothing="off",
        step="ladder",
        places=1,
    )
    fields.row(section, "Clip gradient", clip)
    ema = RealSpin(0, 0.99999, name="training.ema_decay", label="decay of averaged weights", nothing="off", places=3)
    fields.row(section, "EMA", ema)


def add_machine(fields: RecipeFields, section: Section) -> None:
    """Add where and how it is computed."""
    device = Choice(name="training.device", label="device")
    DeviceList(fields.session, device)
    fields.row(section, "Device", device)
    fields.row(section, "Precision", Choice(PRECISIONS, name="training.precision", label="precision"))
    fields.row(section, "Channels last", Choice(LAYOUTS, name="training.channels_last", label="channels last"))
    seed = WholeSpin(0, name="training.seed", label="seed")
    fields.row(section, "Seed", seed, fields.check("deterministic", "training.deterministic"))


def add_rest(fields: RecipeFields, section: Section) -> None:
    """Add what is rarely changed, folded away."""
    section.set_summary("class weights, sampling, early stop, logging")
    fields.row(section, "Class weights", Choice(CLASS_WEIGHTS, name="training.class_weights", label="class weights"))
    fields.row(section, "Sampling", Choice(SAMPLING, name="training.sampling", label="sampling"))
    patience = WholeSpin(
        1, 100_000, name="training.early_stop_patience", label="early stop", nothing="never", after=" epochs"
    )
    fields.row(section, "Early stop", patience)
    log = WholeSpin(1, 1_000_000, name="training.log_every", label="log every", nothing="auto", after=" steps")
    fields.row(section, "Log every", log)
    save = WholeSpin(
        1, 10_000_000, name="training.checkpoint_every", label="checkpoint every", nothing="epoch", after=" steps"
    )
    fields.row(section, "Checkpoint", save)
    whole = WholeSpin(
        1, 65_536, name="training.eval_batch_size", label="evaluation batch", nothing="auto", step="double"
    )
    fields.row(section, "Eval. batch", whole)
    accumulate = WholeSpin(1, 4096, name="training.accumulate", label="accumulate", after=" batches")
    fields.row(section, "Accumulate", accumulate)
    fields.row(section, "Compile", Choice(COMPILE, name="training.compile", label="compile"))
    limit = RealSpin(0.01, 1e6, name="training.max_minutes", label="time limit", nothing="none", after=" min", step=1)
    fields.row(section, "Time limit", limit)
    section.set_folded(True)

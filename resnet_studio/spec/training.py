"""How the network is to be trained."""

import re
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from resnet_studio.spec.base import Flag, Fraction, Spec
from resnet_studio.spec.recipes import RECIPES

RecipeName = Literal["studio", "d2l", "athena", "he_cifar", "torchvision", "torchvision_2021"]
Optimizer = Literal["auto", "sgd", "adam", "adamw", "muon"]
Schedule = Literal["constant", "step", "multi_step", "cosine", "one_cycle"]
Precision = Literal["auto", "fp32", "bf16", "fp16"]


class TrainingSpec(Spec):
    """A recipe: fields that are not given take the values of the named `recipe`."""

    recipe: RecipeName = "studio"
    """The named recipe whose values stand where a field is not given."""
    epochs: Annotated[int, Field(strict=True, ge=1, le=100_000)] = 10
    """Passes over the training images."""
    batch_size: Annotated[int, Field(strict=True, ge=1, le=65_536)] = 128
    """Images in one step."""
    eval_batch_size: Annotated[int, Field(strict=True, ge=1, le=65_536)] | None = None
    """Images in one step of an evaluation; null: chosen from the image size."""
    optimizer: Optimizer = "sgd"
    """Descent, Adam (Kingma and Ba 2014), AdamW (Loshchilov and Hutter 2017), Muon (Jordan 2024); auto: where cheap."""
    learning_rate: Annotated[float, Field(strict=True, gt=0, le=100)] = 0.1
    """Learning rate; the peak of a schedule that rises and falls."""
    momentum: Fraction = 0.9
    """Momentum of SGD and Muon (Sutskever et al. 2013); the first beta of Adam and AdamW."""
    nesterov: Flag = False
    """Nesterov's form of the momentum (Sutskever et al. 2013)."""
    weight_decay: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.0005
    """Weight decay: added to the gradient by SGD and Adam, taken off the weights by AdamW and Muon."""
    decay_norm_and_bias: Flag = False
    """Weight decay on normalisations and biases too; He et al. 2019 ("Bag of tricks") leave these out."""
    schedule: Schedule = "one_cycle"
    """Constant, in steps, at milestones, half a cosine (Loshchilov and Hutter 2016) or one_cycle (Smith 2017)."""
    warmup_epochs: Annotated[float, Field(strict=True, ge=0, le=10_000)] = 0.0
    """Epochs of linear rise to the learning rate (Goyal et al. 2017); one_cycle: length of the rise, 0 is 15 %."""
    milestones: tuple[Annotated[float, Field(strict=True, gt=0, le=100_000)], ...] = ()
    """Epochs at which multi_step multiplies the rate by gamma; step does so every milestones[0] epochs."""
    gamma: Annotated[float, Field(strict=True, gt=0, le=1)] = 0.1
    """Factor of the learning rate at a step or milestone."""
    label_smoothing: Fraction = 0.0
    """Share of the target that is spread over all classes (Szegedy et al. 2015)."""
    class_weights: Literal["none", "balanced"] = "none"
    """Weights of the classes in the loss: equal, or inverse to their number of images."""
    sampling: Literal["shuffle", "balanced"] = "shuffle"
    """Training images of an epoch: each once, or as many of each class, drawn anew where a class has too few."""
    gradient_clip: Annotated[float, Field(strict=True, gt=0, le=1e6)] | None = None
    """Largest norm of the gradient over all parameters (Pascanu et al. 2012); null: no limit."""
    accumulate: Annotated[int, Field(strict=True, ge=1, le=4096)] = 1
    """Batches in one step: their gradients are those of one batch of all their images, but for batch norms."""
    ema_decay: Fraction | None = None
    """Decay a step of the moving average of the weights and norms (Polyak and Juditsky 1992); null: none is kept."""
    early_stop_patience: Annotated[int, Field(strict=True, ge=1, le=100_000)] | None = None
    """Epochs without a better validation accuracy after which training ends (Prechelt 1998); null: never."""
    precision: Precision = "auto"
    """Format of the convolutions (Micikevicius et al. 2017); auto: bf16 on machines made for it, unless too small."""
    channels_last: Flag | None = None
    """Memory layout with the channels last; null: where it pays."""
    compile: Literal["off", "graph", "on", "auto"] = "auto"
    """Steps recorded as CUDA graphs (graph), the network compiled too (on), neither; auto: graphs on an NVIDIA GPU."""
    deterministic: Flag = False
    """Only algorithms that give the same bits again on a GPU; a CPU does so in any case."""
    seed: Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)] = 0
    """Seed of the weights, the order of the images and the augmentation."""
    device: Annotated[str, Field(strict=True)] = "auto"
    """Where to train: auto, cpu, cuda, cuda:N or mps."""
    log_every: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None = None
    """Steps from one logged point to the next; null: about fifty points an epoch, at least every fiftieth step."""
    checkpoint_every: Annotated[int, Field(strict=True, ge=1, le=10_000_000)] | None = None
    """Steps from one checkpoint to the next; null: at the end of every epoch."""
    max_minutes: Annotated[float, Field(strict=True, gt=0, le=1e6)] | None = None
    """Minutes of training, earlier sittings included, after which it saves and stops; null: no limit."""

    @field_validator("device")
    @classmethod
    def _known_device(cls, device: str) -> str:
        if not re.fullmatch(r"auto|cpu|mps|cuda(:\d{1,3})?", device):
            raise ValueError(f"{device!r} is none of auto, cpu, cuda, cuda:N or mps")
        return device

    @model_validator(mode="before")
    @classmethod
    def _fill_from_recipe(cls, given: Any) -> Any:
        if isinstance(given, dict):
            name = given.get("recipe", "studio")
            recipe = RECIPES.get(name) if isinstance(name, str) else None
            if recipe is not None:
                return {**recipe.training, **given}
        return given

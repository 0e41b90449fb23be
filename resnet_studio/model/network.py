"""The whole network as a torch module, its first weights included."""

import torch
from torch import Tensor, nn

from resnet_studio.analysis.blocks import BlockPlan
from resnet_studio.analysis.network import analyse
from resnet_studio.model.blocks import BasicBlock, Block, Bottleneck, activation_layer, norm_layer
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.network import NetworkSpec


class ResNet(nn.Module):
    """A residual network (He et al. 2015) or its plain twin.

    `forward` takes float images (N, C, H, W) and returns logits (N, num_classes), or the last stage's features
    (N, C, H, W) where the design has no head. Modules and keys are torchvision's where the design is.
    """

    def __init__(self, spec: NetworkSpec) -> None:
        super().__init__()
        self.spec = spec
        channels = self._stem(spec)
        self.stages: list[str] = []
        block_type = Bottleneck if spec.block_type == "bottleneck" else BasicBlock
        total, built = sum(spec.block_sizes), 0
        for number, blocks in enumerate(spec.block_sizes, 1):
            stage: list[Block] = []
            for i in range(blocks):
                built += 1
                plan = BlockPlan(spec.stage_channels[number - 1], spec.strides[number - 1] if i == 0 else 1)
                stage.append(block_type(spec, channels, plan, spec.drop_path * built / total))
                channels = stage[-1].out_channels
            self.stages.append(f"layer{number}")
            self.add_module(self.stages[-1], nn.Sequential(*stage))
        self._head(spec, channels)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits (N, num_classes), or features (N, C, H, W) without a head."""
        if self.spec.stem:
            x = self.conv1(x)
            if not self.spec.preactivation:
                x = self.act1(self.bn1(x))
            x = self.maxpool(x)
        for stage in self.stages:
            x = self.get_submodule(stage)(x)
        if self.spec.num_classes is None:
            return x
        if self.spec.preactivation:
            x = self.act_last(self.norm_last(x))
        x = self.flatten(self.pool_last(x))
        return self.fc(self.dropout(x))  # type: ignore[no-any-return]

    @property
    def pool_last(self) -> nn.Module:
        """The pool before the classifier, named after what it does."""
        return self.avgpool if self.spec.head == "global_avg" else self.maxpool_last

    def _stem(self, spec: NetworkSpec) -> int:
        """Make the stem and return the channels behind it."""
        stem = spec.stem
        if stem is None:
            return spec.input_shape[0]
        channels = stem.channels or spec.stage_channels[0]
        side = stem.kernel_size
        self.conv1 = nn.Conv2d(spec.input_shape[0], channels, side, stem.stride, side // 2, bias=spec.conv_bias)
        if not spec.preactivation:
            self.bn1 = norm_layer(spec, channels, stem.norm)
            self.act1 = activation_layer(spec.activation)
        self.maxpool = nn.MaxPool2d(3, 2, 1) if stem.pool else nn.Identity()
        return channels

    def _head(self, spec: NetworkSpec, channels: int) -> None:
        if spec.num_classes is None:
            return
        features = channels
        if spec.preactivation:
            self.norm_last = norm_layer(spec, channels)
            self.act_last = activation_layer(spec.activation)
        if spec.head == "global_avg":
            self.avgpool = nn.AdaptiveAvgPool2d(1)
        else:
            self.maxpool_last = nn.MaxPool2d(2)
            features = analyse(spec).stages[-1].own_layers[-1].input_shape[0]
        self.flatten = nn.Flatten()
        self.dropout = nn.Dropout(spec.dropout) if spec.dropout else nn.Identity()
        self.fc = nn.Linear(features, spec.num_classes)


def build(spec: NetworkSpec, *, device: torch.device | str = "cpu", seed: int | None = None) -> ResNet:
    """Return the module with its first weights: He et al. 2015b for convolutions, as torchvision does it.

    Args:
        spec: the design.
        device: where its tensors are made; on `meta` nothing is allocated.
        seed: of the weights; None draws from torch's own state. The state is left as it was where a seed is given.

    Raises:
        StudioError: the design can't be built; the sentence is its first finding.
    """
    errors = analyse(spec).errors
    if errors:
        raise StudioError(f"{spec.name} can't be built: {errors[0].message}.")
    if seed is None:
        return _initialised(spec, device)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        # drawn on the CPU, so that every device starts from the same weights
        return _initialised(spec, "cpu").to(device)


def _initialised(spec: NetworkSpec, device: torch.device | str) -> ResNet:
    with torch.device(device):
        network = ResNet(spec)
    if torch.device(device).type == "meta":
        return network
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    if spec.zero_init_residual:
        for module in network.modules():
            if isinstance(module, Block):
                module.start_as_identity()
    return network

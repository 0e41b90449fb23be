"""From a specification to a torch.nn.Module, and torchinfo's view of it."""

from resnet_studio.model.network import ResNet, build

__all__ = ["ResNet", "build"]

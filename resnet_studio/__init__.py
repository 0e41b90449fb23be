"""ResNet Studio: design residual networks, see what they cost, train them, take the weights away."""

__version__ = "0.1.0"

"""From a specification to a torch.nn.Module, and torchinfo's view of it."""

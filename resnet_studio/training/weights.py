"""Files of weights that come alone, from here or from elsewhere."""

import pickle
import warnings
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from resnet_studio.spec.errors import StudioError


def read_weights(path: Path) -> dict[str, Tensor]:
    """Return the tensors in a file, on the CPU: safetensors, or a state dict that torch has saved.

    Nothing but tensors is read from the second: no code of the file runs.

    Raises:
        StudioError: the file can't be read, or holds something else.
    """
    if not path.is_file():
        raise StudioError(f"There is no file {path}; name a .safetensors or .pt file of weights.")
    try:
        if path.suffix == ".safetensors":
            return dict(load_file(path))
        with warnings.catch_warnings():
            # torch has doubts about newer pickles; what comes of them is checked below
            warnings.simplefilter("ignore")
            tensors = torch.load(path, map_location="cpu", weights_only=True)
    except (SafetensorError, OSError) as error:
        raise StudioError(f"{path} can't be read: {error}.") from None
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, LookupError, AttributeError, TypeError):
        # all of these are torch's ways to say that a file isn't its own
        raise StudioError(f"{path} holds no state dict of torch; name a .safetensors or .pt file of weights.") from None
    if not isinstance(tensors, dict) or not all(isinstance(each, Tensor) for each in tensors.values()):
        raise StudioError(f"{path} holds something else than a state dict; save model.state_dict() alone.")
    return tensors


def load_weights(model: nn.Module, path: Path) -> None:
    """Load a file of weights into a network, strictly: every key, every shape, nothing more.

    Raises:
        StudioError: as `fitting_weights`.
    """
    model.load_state_dict(fitting_weights(model, path))


def fitting_weights(model: nn.Module, path: Path) -> dict[str, Tensor]:
    """Return the tensors in a file if they have exactly the keys and shapes of a network, which may be on `meta`.

    Raises:
        StudioError: the file can't be read or doesn't fit; the sentence names the first key that differs.
    """
    tensors, own = read_weights(path), model.state_dict()
    for key in [*own, *tensors]:
        ours, theirs = own.get(key), tensors.get(key)
        if ours is None or theirs is None or ours.shape != theirs.shape:
            there = "is missing" if theirs is None else f"has the shape {tuple(theirs.shape)}"
            wanted = "it knows no such key" if ours is None else f"the network's has {tuple(ours.shape)}"
            raise StudioError(f"{path} doesn't fit the network: {key} {there}, {wanted}.")
    return tensors

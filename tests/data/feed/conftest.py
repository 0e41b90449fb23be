"""The random changes of images, one by one and together."""

import pytest

from resnet_studio.spec.data import AugmentSpec


@pytest.fixture(params=[*(field for field in AugmentSpec.model_fields if field != "rand_augment_ops"), "everything"])
def augment(request: pytest.FixtureRequest, everything: AugmentSpec) -> AugmentSpec:
    """Each random change alone, then all of them; or what a test names: nothing, moved, everything, or a change."""
    some = {
        "nothing": AugmentSpec(),
        "moved": AugmentSpec(pad_crop=2, horizontal_flip=0.5),
        "everything": everything,
    }
    name: str = request.param
    return some[name] if name in some else AugmentSpec(**{name: getattr(everything, name), "rand_augment_ops": 2})

"""What isn't built yet is refused by name."""

import pytest

from resnet_studio.spec.data import AugmentSpec, DataSpec
from resnet_studio.spec.errors import FieldError
from resnet_studio.spec.experiment import ExperimentSpec, value_at
from resnet_studio.spec.support import TABLE, not_yet, reason_against, refuse_not_yet


def test_the_default_experiment_is_built() -> None:
    assert not_yet(ExperimentSpec()) == []
    refuse_not_yet(DataSpec())


def test_a_value_is_refused_under_its_path_in_the_experiment() -> None:
    data = DataSpec(augment=AugmentSpec(mixup=0.2, rotation=0.0))
    assert [path for path, _ in not_yet(data)] == ["data.augment.mixup"]
    assert not_yet(ExperimentSpec(data=data)) == not_yet(data)
    with pytest.raises(FieldError, match=r"^data\.augment\.mixup: Mixup isn't built yet; set it to 0\.$") as caught:
        refuse_not_yet(data)
    assert caught.value.path == "data.augment.mixup"


def test_a_control_learns_why_it_is_disabled() -> None:
    assert reason_against("data.augment.cutmix", 1.0) == "Cutmix isn't built yet; set it to 0."
    assert reason_against("data.augment.cutmix", 0.0) is None
    assert reason_against("data.source", "digits") is None


@pytest.mark.parametrize("path", [row.path for row in TABLE])
def test_the_table_names_fields_that_exist(path: str) -> None:
    value_at(ExperimentSpec(), path)

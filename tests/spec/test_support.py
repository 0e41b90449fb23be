"""What isn't built yet is refused by name."""

import pytest

from resnet_studio.spec import support
from resnet_studio.spec.data import AugmentSpec, DataSpec
from resnet_studio.spec.errors import FieldError
from resnet_studio.spec.experiment import ExperimentSpec, value_at
from resnet_studio.spec.support import TABLE, NotYet, not_yet, reason_against, refuse_not_yet


def test_the_default_experiment_is_built() -> None:
    assert not_yet(ExperimentSpec()) == []
    refuse_not_yet(DataSpec())


@pytest.fixture
def mixup_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuses a value that is built, so that what is tested doesn't go away with the next thing that is."""
    row = NotYet("data.augment.mixup", bool, "Mixup isn't built yet; set it to 0.")
    monkeypatch.setattr(support, "TABLE", (row,))


@pytest.mark.usefixtures("mixup_is_missing")
def test_a_value_is_refused_under_its_path_in_the_experiment() -> None:
    data = DataSpec(augment=AugmentSpec(mixup=0.2, rotation=0.0))
    assert [path for path, _ in not_yet(data)] == ["data.augment.mixup"]
    assert not_yet(ExperimentSpec(data=data)) == not_yet(data)
    with pytest.raises(FieldError, match=r"^data\.augment\.mixup: Mixup isn't built yet; set it to 0\.$") as caught:
        refuse_not_yet(data)
    assert caught.value.path == "data.augment.mixup"


@pytest.mark.usefixtures("mixup_is_missing")
def test_a_control_learns_why_it_is_disabled() -> None:
    assert reason_against("data.augment.mixup", 1.0) == "Mixup isn't built yet; set it to 0."
    assert reason_against("data.augment.mixup", 0.0) is None
    assert reason_against("data.source", "digits") is None


@pytest.mark.parametrize("field", list(AugmentSpec.model_fields))
def test_every_augmentation_is_built(field: str) -> None:
    value = 1 if field.endswith(("crop", "ops", "cutout")) else 0.1
    assert not_yet(DataSpec.model_validate({"augment": {field: value}})) == []


@pytest.mark.parametrize("path", [row.path for row in TABLE])
def test_the_table_names_fields_that_exist(path: str) -> None:
    value_at(ExperimentSpec(), path)

"""Numbers of images say something before an image is opened."""

import numpy as np

from resnet_studio.data.checks.balance import balance_findings
from resnet_studio.data.checks.finding import DataFinding
from resnet_studio.spec.experiment import ExperimentSpec, with_values


def balance(train: list[int], **others: list[int]) -> dict[str, DataFinding]:
    names = [f"class {number}" for number in range(len(train))]
    counts = {part: np.array(ones) for part, ones in {"train": train, **others}.items()}
    return {finding.kind: finding for finding in balance_findings(names, counts)}


def test_a_strong_imbalance_is_told_with_its_remedies() -> None:
    assert balance([10, 29]) == {}
    assert balance([10, 30])["imbalance"].severity == "info"
    finding = balance([400, 10, 30])["imbalance"]
    assert finding.severity == "warning"
    assert "class 0 has 40.0 times as many training images (400) as class 1 (10)" in finding.message
    experiment = ExperimentSpec.model_validate({"network": {}})
    weights, sampling = (with_values(experiment, dict(one.changes)).training for one in finding.remedies)
    assert (weights.class_weights, weights.sampling) == ("balanced", "shuffle")
    assert (sampling.class_weights, sampling.sampling) == ("none", "balanced")
    for one in finding.remedies * 2:
        experiment = with_values(experiment, dict(one.changes))
        both = (experiment.training.class_weights, experiment.training.sampling)
        assert both != ("balanced", "balanced"), "which training would refuse"


def test_classes_that_another_split_lacks_are_told() -> None:
    found = balance([10, 10, 10], validation=[1, 0, 1], test=[1, 1, 1])
    assert list(found) == ["no_validation_images"]
    assert "1 class has no validation images" in found["no_validation_images"].message
    assert "class 1" in found["no_validation_images"].message


def test_parts_that_are_uneven_are_told() -> None:
    assert balance([9, 9], validation=[2, 5], test=[0, 5]).keys() == {"no_test_images"}
    finding = balance([9, 9, 9], validation=[27, 81, 30], test=[73, 0, 12])["uneven"]
    assert finding.severity == "info"
    assert finding.message == (
        "Validation is uneven: 81 class 1, 27 class 0; test too: 73 class 0, 12 class 2. "
        "The mean over classes tells more than accuracy."
    )


def test_a_class_without_images_to_train_on_is_told() -> None:
    finding = balance([5, 0, 5])["no_train_images"]
    assert finding.message == "1 class has no training images and can't be learned: class 1."

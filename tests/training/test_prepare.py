from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resnet_studio.data.images import ImageSet
from resnet_studio.data.watch import LoadingStoppedError
from resnet_studio.spec.errors import FieldError, StudioError
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.spec.presets import preset
from resnet_studio.training import prepare as prepare_module
from resnet_studio.training.device import Device
from resnet_studio.training.prepare import prepare


def _wanted(network: str = "digits_resnet8", **changes: Any) -> ExperimentSpec:
    dotted = {path.replace("__", "."): value for path, value in changes.items()}
    return with_values(ExperimentSpec(network=preset(network)), {"training.device": "cpu"} | dotted)


@pytest.fixture
def colours(tmp_path: Path) -> Path:
    """Twelve colour images of 12x10 in three classes."""
    path = tmp_path / "colours.npz"
    values = np.random.default_rng(0).integers(0, 256, (36, 12, 10, 3), dtype=np.uint8)
    labels = np.arange(36)[:, None] % 3
    arrays: dict[str, Any] = {
        f"{split}_{what}": part
        for split in ("train", "val", "test")
        for what, part in (("images", values), ("labels", labels))
    }
    np.savez(path, **arrays)
    return path


def test_a_preset_takes_shape_and_classes_from_the_data(colours: Path) -> None:
    experiment, images = prepare(_wanted("cifar_resnet20", data__source=str(colours)), fit_network=True)
    assert experiment.network.input_shape == images.shape == (3, 12, 10)
    assert experiment.network.num_classes == 3


def test_an_input_shape_resizes_both(colours: Path) -> None:
    wanted = _wanted("cifar_resnet20", data__source=str(colours))
    experiment, images = prepare(wanted, fit_network=True, input_shape=(1, 16, 16))
    assert experiment.network.input_shape == images.shape == (1, 16, 16)
    assert (experiment.data.image_size, experiment.data.channels) == ((16, 16), 1)


def test_a_written_network_is_kept_and_the_data_resized_to_it() -> None:
    wanted = _wanted(network__input_shape=(3, 12, 12))
    experiment, images = prepare(wanted)
    assert experiment.network == wanted.network
    assert images.shape == (3, 12, 12)


def test_everything_is_resolved_and_stays_so(digits: ImageSet) -> None:
    experiment, images = prepare(_wanted())
    assert experiment.data == images.spec
    assert experiment.training.precision in {"fp32", "bf16"}
    assert None not in (experiment.data.mean, experiment.training.log_every, experiment.training.eval_batch_size)
    assert prepare(experiment)[0] == experiment


def test_loaded_images_are_used_where_they_are_what_is_wanted(digits: ImageSet) -> None:
    assert prepare(_wanted(), images=digits)[1] is digits
    other = prepare(_wanted(network__input_shape=(1, 12, 12)), images=digits)[1]
    assert other.shape == (1, 12, 12)
    split = prepare(_wanted(data__split_seed=3), images=digits)[1]
    assert split is not digits


def test_loading_can_be_watched_and_stopped(colours: Path) -> None:
    wanted = _wanted("cifar_resnet20", data__source=str(colours))
    with pytest.raises(LoadingStoppedError):
        prepare(wanted, input_shape=(1, 16, 16), should_stop=lambda: True)


def _broken() -> ExperimentSpec:
    return _wanted(network__shortcut="zero_pad", network__channels=(64, 32, 16))


@pytest.mark.parametrize(
    ("wanted", "path", "words"),
    [
        (_wanted(network__num_classes=7), "network.num_classes", "7 classes, but .* has 10"),
        (_wanted(network__num_classes=None), "network.num_classes", "has no head"),
        (_wanted(network__input_shape=(4, 8, 8)), "network.input_shape", "1 channel or 3, not 4"),
        (_broken(), "network.shortcut", "can't be built"),
        (
            _wanted(data__eval_size=(16, 16), network__head="max_flatten"),
            "data.eval_size",
            "its classifier is made for one size",
        ),
        (
            _wanted(training__batch_size=1, network__strides=(2, 2, 2)),
            "training.batch_size",
            "take at least 2 images a batch",
        ),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_cannot_be_trained_is_refused_before_anything_starts(
    wanted: ExperimentSpec, path: str, words: str
) -> None:
    with pytest.raises(FieldError, match=words) as caught:
        prepare(wanted)
    assert caught.value.path == path
    assert str(caught.value).endswith(".")


def test_a_batch_of_one_larger_image_is_fine() -> None:
    assert prepare(_wanted(training__batch_size=1))[0].training.batch_size == 1


def test_what_no_memory_holds_is_refused_with_both_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    small = Device("cpu", "small", bf16=False, memory=2**28)
    monkeypatch.setattr(prepare_module, "resolve", lambda _: small)
    with pytest.raises(FieldError, match=r"resnet50 needs 0\.3 GiB .* cpu has 0\.2 GiB"):
        prepare(_wanted("resnet50"), fit_network=True)


def test_terabytes_are_refused_before_anything_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("loaded")

    monkeypatch.setattr(prepare_module, "load", never)
    with pytest.raises(StudioError, match="TiB"):
        prepare(_wanted(network__channels=(65_536, 65_536, 65_536), network__block_sizes=(1000, 1000, 1000)))


def test_a_size_at_evaluation_that_was_taken_back_is_not_that_of_the_images_there() -> None:
    _, images = prepare(_wanted(data__eval_size=(12, 12)))
    assert images.spec.eval_size == (12, 12)
    assert prepare(_wanted(data__eval_size=(12, 12)), images=images)[1] is images
    again = prepare(_wanted(), images=images)[1]
    assert again.spec.eval_size is None


def test_fp16_is_refused_where_it_would_be_imitated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Convolutions of a CPU without fp16 took twelve times as long as in fp32."""
    for fp16 in (False, True):
        device = Device("cpu", "A CPU", bf16=True, memory=2**34, fp16=fp16)
        monkeypatch.setattr(prepare_module, "resolve", lambda _, device=device: device)
        if fp16:
            assert prepare(_wanted(training__precision="fp16"))[0].training.precision == "fp16"
        else:
            with pytest.raises(FieldError, match=r"A CPU \(cpu\) doesn't multiply in fp16; choose auto, fp32 or bf16"):
                prepare(_wanted(training__precision="fp16"))


def test_deterministic_algorithms_are_allowed_on_a_cpu_and_prepared_on_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared: list[str] = []
    monkeypatch.setattr(prepare_module, "prepare_determinism", lambda device: prepared.append(device.type))
    assert prepare(_wanted(training__deterministic=True))[0].training.deterministic
    prepare(_wanted())
    assert prepared == ["cpu"]


def test_classes_are_balanced_once() -> None:
    for one in ("class_weights", "sampling"):
        prepare(_wanted(**{f"training__{one}": "balanced"}))
    with pytest.raises(FieldError, match="twice over") as caught:
        prepare(_wanted(training__class_weights="balanced", training__sampling="balanced"))
    assert caught.value.path == "training.sampling"

"""The door: any source, every question answered, once decoded always there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from resnet_studio.data import arrange
from resnet_studio.data.checks.check import check
from resnet_studio.data.decoding import examine
from resnet_studio.data.decoding.decode import Decoding, Kind, decoded_array, decoded_file, decoded_with_kind
from resnet_studio.data.decoding.image_error import told
from resnet_studio.data.images import Images, ImageSet, Split
from resnet_studio.data.load import LoadingStoppedError, Progress, load, open_source
from resnet_studio.data.store import alike
from resnet_studio.data.store.entry import entries, images_folder
from resnet_studio.data.store.facts import known_facts
from resnet_studio.data.watch import Watch
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import FieldError, StudioError

MakeFolder = Callable[..., Path]
PETS = {"train/cat": 40, "train/dog": 30, "val/cat": 5, "val/dog": 5, "test/cat": 4, "test/dog": 6}


def wanted(**fields: Any) -> DataSpec:
    return DataSpec.model_validate(fields)


def same(one: ImageSet, two: ImageSet) -> None:
    """The same images, split and figures."""
    for split in ("train", "validation", "test"):
        first, second = getattr(one, split), getattr(two, split)
        assert np.array_equal(first.images, second.images)
        assert np.array_equal(first.labels, second.labels)
        assert first.names == second.names
    known = [(each.spec, each.mean, each.std, each.fingerprint, each.notes) for each in (one, two)]
    assert known[0] == known[1]


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Everything that has been decoded, one entry an image."""
    seen: list[object] = []

    def file(path: Path, decoding: Decoding) -> tuple[Images, Kind]:
        seen.append(path)
        return decoded_with_kind(path, decoding)

    def array(image: Images, decoding: Decoding) -> Images:
        seen.append(image)
        return decoded_array(image, decoding)

    monkeypatch.setattr(examine, "decoded_with_kind", file)
    monkeypatch.setattr(alike, "decoded_array", array)
    return seen


def test_the_digits_need_nothing() -> None:
    images = load(DataSpec())
    assert images.shape == (1, 8, 8)
    assert images.num_classes == 10
    assert [len(split) for split in (images.train, images.validation, images.test)] == [1294, 144, 359]
    for split in (images.train, images.validation, images.test):
        counts = np.bincount(split.labels) / len(split)
        assert np.abs(counts - 0.1).max() < 0.01
    assert images.mean[0] == pytest.approx(0.3057, abs=1e-4)
    assert images.licence == "CC BY 4.0"
    assert len(images.notes) == 2
    # nothing of what ships with the program is kept a second time
    assert not images_folder().exists()


def test_every_open_question_is_answered_and_the_answers_give_the_same_images() -> None:
    images = load(DataSpec())
    spec = images.spec
    assert (spec.image_size, spec.channels, spec.mean, spec.std) == ((8, 8), 1, images.mean, images.std)
    assert None not in spec.augment.model_dump().values()
    assert (spec.augment.pad_crop, spec.augment.horizontal_flip) == (1, 0.0)
    same(load(spec), images)


def test_figures_are_those_of_the_images_that_train_and_measured_once(
    make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_folder({f"{part}/{name}": 4 for part in ("train", "val", "test") for name in "ab"})
    spec = wanted(source=str(path), image_size=(12, 16))
    images = load(spec)
    pixels = images.train.images.reshape(-1, 3) / 255
    assert np.allclose(images.mean, pixels.mean(0), atol=1e-6)
    assert np.allclose(images.std, pixels.std(0), atol=1e-6)
    held_out = load(wanted(**spec.model_dump() | {"validation": 0.5}))
    half = held_out.train.images.reshape(-1, 3) / 255
    assert len(held_out.train) == 4
    assert np.allclose(held_out.mean, half.mean(0), atol=1e-6)
    assert held_out.mean != images.mean
    monkeypatch.setattr("resnet_studio.data.load.mean_and_std", None)
    assert (load(spec).mean, load(spec).std) == (images.mean, images.std)


def test_figures_that_are_given_stay() -> None:
    images = load(wanted(mean=[0.5]))
    assert images.mean == (0.5,)
    assert images.std == load(DataSpec()).std
    assert load(wanted(mean=[0.5], std=[0.25])).std == (0.25,)


def test_a_folder_is_decoded_once(make_folder: MakeFolder, decoded: list[object]) -> None:
    spec = wanted(source=str(make_folder(PETS, sides=(12, 20))), image_size=(8, 6))
    told: list[Progress] = []
    first = load(spec, progress=told.append)
    assert len(decoded) == 90
    assert first.shape == (3, 8, 6)
    assert told[-1] == Progress("Decoding pets", 90, 90)
    assert told[-1].rate
    assert told[-1].seconds_left == 0
    assert Progress("Decoding pets", 30, 90, rate=20.0).seconds_left == 3
    assert Progress("Downloading", 30, None, rate=20.0).seconds_left is None
    assert [one.done for one in told] == sorted(one.done for one in told)
    same(load(spec), first)
    same(load(first.spec), first)
    assert len(decoded) == 90
    assert isinstance(first.train.images, np.memmap)


def test_every_image_stands_with_its_name_and_label(make_folder: MakeFolder) -> None:
    path = make_folder(PETS, sides=(12, 20))
    images = load(wanted(source=str(path), image_size=(8, 8)))
    for split in (images.train, images.validation, images.test):
        for number in (0, len(split) // 2, len(split) - 1):
            name = split.names[number]
            assert images.class_names[split.labels[number]] == name.split("/")[1]
            assert np.array_equal(split.images[number], decoded_file(path / name, Decoding((8, 8), 3, "fill")))


def test_what_changes_is_decoded_anew(make_folder: MakeFolder, decoded: list[object]) -> None:
    path = make_folder(PETS)
    spec = wanted(source=str(path))
    first = load(spec)
    Image.new("RGB", (16, 12)).save(path / "train/cat/00.png")
    changed = load(spec)
    assert len(decoded) == 180
    assert changed.fingerprint != first.fingerprint
    assert (changed.train.images[0] == 0).all()
    load(spec.model_copy(update={"channels": 1}))
    assert len(decoded) == 270
    # another split of the same images is none of the store's business
    load(spec.model_copy(update={"validation": 0.3, "split_seed": 4}))
    assert len(decoded) == 270


def test_images_too_large_to_copy_are_taken_apart_on_the_disk(
    make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = wanted(source=str(make_folder({"cat": 40, "dog": 40})), image_size=(8, 8))
    copied = load(spec)
    monkeypatch.setattr(arrange, "COPIED_BYTES", 1000)
    mapped = load(spec)
    same(mapped, copied)
    same(load(spec), copied)
    for split in (mapped.train, mapped.validation, mapped.test):
        assert isinstance(split.images, np.memmap)
    assert len(entries()) == 2
    # another split takes the place of this one
    load(spec.model_copy(update={"split_seed": 1}))
    assert len(entries()) == 2


def test_a_damaged_store_is_made_anew(make_folder: MakeFolder, decoded: list[object]) -> None:
    spec = wanted(source=str(make_folder(PETS)))
    first = load(spec)
    (file,) = images_folder().glob("*/train.npy")
    content = file.read_bytes()
    file.unlink()  # `first` is mapped from it
    file.write_bytes(content[:-5])
    same(load(spec), first)
    assert len(decoded) == 180


def test_arrays_of_another_size_are_resized_once_and_kept(decoded: list[object]) -> None:
    first = load(wanted(image_size=(12, 12), channels=3))
    assert first.shape == (3, 12, 12)
    assert len(decoded) == 1797
    small, large = load(DataSpec()).test, first.test
    assert large.labels.tolist() == small.labels.tolist()
    assert np.array_equal(large.images[5], decoded_array(small.images[5], Decoding((12, 12), 3, "fill")))
    same(load(wanted(image_size=(12, 12), channels=3)), first)
    assert len(decoded) == 1797


def test_an_npz_file_in_medmnists_layout(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    arrays: dict[str, Any] = {}
    for prefix, count in (("train", 40), ("val", 10), ("test", 20)):
        arrays[f"{prefix}_images"] = random.integers(0, 256, (count, 28, 28, 3), dtype=np.uint8)
        arrays[f"{prefix}_labels"] = (np.arange(count) % 4).astype(np.uint8)[:, np.newaxis]
    np.savez_compressed(tmp_path / "path.npz", **arrays)
    images = load(wanted(source=str(tmp_path / "path.npz")))
    assert [len(split) for split in (images.train, images.validation, images.test)] == [40, 10, 20]
    assert np.array_equal(images.train.images, arrays["train_images"])
    assert images.class_names == ("0", "1", "2", "3")
    assert images.spec.augment.pad_crop == 2


def test_the_fingerprint_is_that_of_the_content(make_folder: MakeFolder, tmp_path: Path) -> None:
    first = load(wanted(source=str(make_folder(PETS))))
    moved = load(wanted(source=str(make_folder(PETS, name="copy"))))
    assert moved.fingerprint == first.fingerprint
    assert moved.source != first.source
    assert load(wanted(source=first.source, resize="pad", image_size=(8, 8))).fingerprint != first.fingerprint


def test_images_of_different_sizes_take_the_networks(make_folder: MakeFolder) -> None:
    spec = wanted(source=str(make_folder(PETS, sides=(12, 20))))
    assert load(spec, default_size=(10, 14)).shape == (3, 10, 14)
    with pytest.raises(StudioError, match=r"The images of pets differ in size; set data\.image_size to the one wanted"):
        load(spec)
    alike = wanted(source=str(make_folder(PETS, name="alike")))
    assert load(alike, default_size=(10, 14)).shape == (3, 12, 16)


def test_paths_become_absolute(make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_folder(PETS)
    monkeypatch.chdir(path.parent)
    images = load(wanted(source="pets", root="somewhere"))
    assert images.spec.source == images.source == str(path)
    assert images.spec.root == str(path.parent / "somewhere")


@pytest.mark.parametrize(
    ("image_size", "eval_size", "stored"),
    [
        # no pixels are made up that training would see blurred
        ((8, 8), (12, 12), (8, 8)),
        ((4, 4), (8, 8), (8, 8)),
        ((8, 8), (4, 4), (8, 8)),
        ((4, 6), (4, 6), (4, 6)),
    ],
)
def test_images_have_the_larger_size_of_training_and_evaluation(
    image_size: tuple[int, int], eval_size: tuple[int, int], stored: tuple[int, int]
) -> None:
    images = load(wanted(image_size=image_size, eval_size=eval_size))
    assert images.train.images.shape[1:3] == images.test.images.shape[1:3] == stored
    assert images.shape == (1, *image_size)
    assert (images.spec.image_size, images.spec.eval_size) == (image_size, eval_size)


def test_photographs_are_kept_as_large_as_evaluation_wants_them(make_folder: MakeFolder) -> None:
    path = make_folder(PETS, sides=(12, 20))
    images = load(wanted(source=str(path), image_size=(6, 6), eval_size=(8, 8)))
    assert images.train.images.shape[1:3] == (8, 8)
    assert images.shape == (3, 6, 6)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"source": "cifar"}, r"There is no data set and no folder 'cifar'; did you mean cifar10( or|,) cifar100"),
        ({"source": "/no/such/folder"}, r"There is no folder and no file /no/such/folder; check data\.source\.$"),
        ({"source": "missing.npz"}, r"There is no folder and no file .*/missing\.npz; check data\.source\.$"),
        ({"source": __file__}, r"test_load\.py is neither a folder of images nor an \.npz file; name one of these"),
        ({"mean": [0.5, 0.5, 0.5]}, r"^data\.mean needs one value for each channel of the images, 1, not 3\.$"),
        ({"channels": 3, "std": [0.5] * 2}, r"^data\.std needs one value for each channel of the images, 3, not 2\.$"),
        (
            {"image_size": (8, 8), "eval_size": (8, 12)},
            r"^data\.eval_size: 8x12 has another shape than the 8x8 of training; take 12x12\.$",
        ),
        (
            {"image_size": (4096, 4096), "channels": 3},
            r"The decoded images need 90\.4 GB, .* GB left; choose a smaller",
        ),
    ],
)
def test_what_cannot_be_loaded_is_told(fields: dict[str, Any], sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10**9}))
    with pytest.raises(StudioError, match=sentence):
        load(wanted(**fields))
    assert not list(images_folder().glob("*"))


def test_one_value_is_for_all_channels() -> None:
    images = load(wanted(channels=3, mean=[0.0], std=[1.0]))
    assert (images.mean, images.std) == ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
    assert (images.spec.mean, images.spec.std) == (images.mean, images.std)


def test_a_field_is_named_with_its_path() -> None:
    with pytest.raises(FieldError) as caught:
        load(wanted(mean=[0.5, 0.5]))
    assert caught.value.path == "data.mean"


def test_images_that_are_too_small_are_told(tmp_path: Path) -> None:
    np.savez(tmp_path / "tiny.npz", train_images=np.zeros((8, 2, 2), np.uint8), train_labels=np.arange(8) % 2)
    with pytest.raises(StudioError, match=r"^tiny: data\.image_size\.0: 2 is less than 4; take 4 to 4,096\.$"):
        load(wanted(source=str(tmp_path / "tiny.npz")))
    assert load(wanted(source=str(tmp_path / "tiny.npz"), image_size=(8, 8), validation=0.5)).shape == (1, 8, 8)


def test_an_image_that_cannot_be_read_is_skipped_and_said(make_folder: MakeFolder, decoded: list[object]) -> None:
    path = make_folder(PETS, ending="jpg", sides=(60,))
    whole = load(wanted(source=str(path)))
    broken = path / "train" / "dog" / "07.jpg"
    broken.write_bytes(broken.read_bytes()[:-200])
    (path / "test" / "cat" / "00.jpg").write_text("no image")
    decoded.clear()
    for _ in range(2):
        images = load(wanted(source=str(path)))
        assert [skipped.path for skipped in images.skipped] == ["train/dog/07.jpg", "test/cat/00.jpg"]
        assert images.skipped[0].reason.startswith("it can't be read as an image (image file is truncated")
        assert images.skipped[1].reason.startswith("it is no image that can be read")
        assert [len(split) for split in (images.train, images.validation, images.test)] == [69, 10, 9]
        assert "train/dog/07.jpg" not in images.train.names
        place = images.train.names.index("train/dog/08.jpg")
        assert np.array_equal(images.train.images[place], whole.train.images[place + 1])
        assert images.train.labels.tolist() == [0] * 40 + [1] * 29
    assert len(decoded) == 90
    assert images.fingerprint != whole.fingerprint


@pytest.mark.parametrize(
    ("folder", "sentence"),
    [
        ("train/dog", "None of the 30 training images of the class dog can be used: train/dog/00.png is no image"),
        ("val/*", "None of the 10 validation images of pets can be used: val/cat/00.png is no image"),
    ],
)
def test_a_class_or_a_part_of_which_nothing_can_be_read_is_refused(
    make_folder: MakeFolder, folder: str, sentence: str
) -> None:
    path = make_folder(PETS)
    for file in path.glob(f"{folder}/*.png"):
        file.write_text("no image")
    with pytest.raises(StudioError, match=sentence):
        load(wanted(source=str(path)))


def test_an_empty_class_is_left_out_and_said(make_folder: MakeFolder) -> None:
    images = load(wanted(source=str(make_folder({"ape": 0, "cat": 10, "dog": 10}))))
    assert images.class_names == ("cat", "dog")
    assert images.notes[0] == "The class folder ape has no images and is left out."
    assert set(images.train.labels.tolist()) == {0, 1}


def test_what_is_found_out_while_decoding_is_kept_for_the_checks(make_folder: MakeFolder) -> None:
    spec = wanted(source=str(make_folder(PETS, sides=(12, 20))), image_size=(8, 8))
    identity = open_source(spec, Watch()).identity or ""
    load(spec)
    # too small to tell two images apart
    assert known_facts(identity) is None
    load(spec.model_copy(update={"image_size": (20, 20)}))
    facts = known_facts(identity)
    assert facts is not None
    assert {part: len(found) for part, found in facts.items()} == {"train": 70, "validation": 10, "test": 10}
    assert (facts["train"][1].height, facts["train"][1].width) == (20, 24)
    assert known_facts("another folder") is None


def told_kinds(spec: DataSpec) -> set[str]:
    """What the check of a data set says is wrong with it."""
    *_, last = check(spec)
    return {finding.kind for finding in last.findings}


def test_what_the_disk_denied_is_tried_again_once_it_is_given(
    make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_folder(PETS, sides=(40,))
    denied = path / "train" / "cat" / "03.png"
    opening = Path.open

    def without_rights(file: Path, *args: Any, **options: Any) -> Any:
        if file == denied:
            raise PermissionError(13, "Permission denied", str(file))
        return opening(file, *args, **options)

    def refused(name: Path, decoding: Decoding) -> Any:
        with told(name):
            without_rights(name).close()
        return decoded_with_kind(name, decoding)

    # the superuser may read everything
    monkeypatch.setattr(Path, "open", without_rights)
    monkeypatch.setattr(examine, "decoded_with_kind", refused)
    spec = wanted(source=str(path))
    (skipped,) = load(spec).skipped
    assert skipped.reason == "it can't be read (Permission denied)"
    assert told_kinds(spec) == {"unreadable"}
    monkeypatch.setattr(examine, "decoded_with_kind", decoded_with_kind)
    # as long as it is denied, what was decoded is good enough
    assert load(spec).skipped == (skipped,)
    assert told_kinds(spec) == {"unreadable"}
    monkeypatch.setattr(Path, "open", opening)
    assert told_kinds(spec) == set()
    assert load(spec).skipped == ()
    assert told_kinds(spec) == set()


def test_a_file_that_vanishes_before_it_is_decoded_is_skipped(
    make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_folder(PETS)

    def vanishing(name: Path, decoding: Decoding) -> Any:
        if name.name == "05.png":
            name.unlink()
        return decoded_with_kind(name, decoding)

    monkeypatch.setattr(examine, "decoded_with_kind", vanishing)
    spec = wanted(source=str(path), image_size=(8, 8))
    skipped = load(spec).skipped
    assert [one.path for one in skipped] == ["train/cat/05.png", "train/dog/05.png", "test/dog/05.png"]
    assert skipped[0].reason == "it can't be read (No such file or directory)"
    # they are not there the next time, so that nothing is skipped
    assert load(spec).skipped == ()


def test_a_file_that_changes_while_others_are_decoded_is_decoded_anew_the_next_time(
    make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_folder(PETS)
    first, last = path / "train" / "cat" / "00.png", path / "test" / "dog" / "05.png"
    changed: list[Path] = []

    def changing(name: Path, decoding: Decoding) -> Any:
        found = decoded_with_kind(name, decoding)
        if name == last and not changed:
            # it was decoded long ago
            changed.append(first)
            Image.new("RGB", (16, 12), "white").save(first)
        return found

    spec = wanted(source=str(path), image_size=(12, 16))
    monkeypatch.setattr(examine, "decoded_with_kind", changing)
    assert load(spec).train.images[0].min() < 255
    assert load(spec).train.images[0].min() == 255
    monkeypatch.setattr(examine, "decoded_with_kind", None)
    assert load(spec).train.images[0].min() == 255


def test_loading_can_be_stopped_and_leaves_nothing(make_folder: MakeFolder, decoded: list[object]) -> None:
    spec = wanted(source=str(make_folder(PETS)), image_size=(8, 8), channels=3)
    with pytest.raises(LoadingStoppedError, match=r"^Decoding pets was stopped\.$"):
        load(spec, should_stop=lambda: len(decoded) > 0)
    assert list(images_folder().iterdir()) == []
    assert load(spec).shape == (3, 8, 8)


def test_the_real_fashion_mnist(data_root: Path) -> None:
    images = load(wanted(source="fashion-mnist", root=str(data_root / "fashion-mnist"), validation="test"))
    assert images.shape == (1, 28, 28)
    assert [len(split) for split in (images.train, images.validation, images.test)] == [60_000, 10_000, 10_000]
    assert images.mean == pytest.approx([0.2860], abs=5e-5)
    assert images.std == pytest.approx([0.3530], abs=5e-5)
    assert (images.spec.augment.pad_crop, images.spec.augment.horizontal_flip) == (2, 0.5)


def test_the_real_clothing_folder(data_root: Path) -> None:
    spec = wanted(source=str(data_root / "clothing"), image_size=(32, 32))
    told: list[Progress] = []
    images = load(spec, progress=told.append)
    assert images.shape == (3, 32, 32)
    assert images.num_classes == 10
    assert told[-1] == Progress("Decoding clothing", 1813, 1813)
    parts: list[Split] = [images.train, images.validation, images.test]
    assert [len(split) for split in parts] == [1100, 341, 372]
    # photographs: neither black nor noise
    assert all(0.4 < mean < 0.6 for mean in images.mean)
    told.clear()
    same(load(spec, progress=told.append), images)
    assert told == []

"""Every arm of `bench train` trains the same network on the same images, and tells its figures."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor

from resnet_studio.bench import train_arm, train_loops
from resnet_studio.bench.train_arm import (
    LIBRARIES,
    MATRICES,
    STUDIO_COMPILED,
    UNWATCHED,
    WATCHED,
    WATCHING,
    arm_names,
    figures,
)
from resnet_studio.bench.train_case import CASES, MEAN, STD, Case, case, experiment, read_images, write_images
from resnet_studio.bench.train_frameworks import missing
from resnet_studio.bench.train_loader import loader
from resnet_studio.bench.train_loops import (
    COMPILED,
    REDUCED,
    RUNGS,
    TUNED,
    Ways,
    by_hand,
    hand_made,
    made,
    resident,
    rungs,
)
from resnet_studio.runs.events import CheckpointSaved, EpochDone
from resnet_studio.runs.folder import RunFolder
from resnet_studio.training.compiling import eager_steps
from resnet_studio.training.prepare import prepare
from resnet_studio.training.trainer import Trainer

TINY = Case("small", "tiny", "digits_resnet8", (1, 8, 8), 16, 2, 4, pad=1)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Small tensors gain nothing from a second thread, and wait for it on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_images(tmp_path / "images.npz", TINY)
    return tmp_path


# no workers are forked here, where other tests have threads
@pytest.mark.parametrize("arm", ["studio", "plain, 0 workers", *RUNGS])
def test_an_arm_tells_images_per_second_and_memory(arm: str, folder: Path) -> None:
    told = figures(arm, TINY, folder)
    assert set(told) == {arm, f"{arm}, memory"}
    assert told[arm] > 0
    assert told[f"{arm}, memory"] > 1e7


# what the libraries warn of, such as too few workers, is theirs
@pytest.mark.filterwarnings("default")
def test_libraries_are_measured_where_they_are_installed(folder: Path) -> None:
    there = [name for name in LIBRARIES if missing(name) is None]
    if not there:
        pytest.skip("neither timm nor lightning is installed; the extra `bench` brings them")
    for name in there:
        assert LIBRARIES[name](TINY, folder / "images.npz", 0) > 0


def test_the_rate_is_that_of_the_timed_steps(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([10.0, 12.0])
    monkeypatch.setattr("resnet_studio.bench.train_clock.time.perf_counter", lambda: next(now))
    assert by_hand(TINY, folder / "images.npz", RUNGS[TUNED]) == TINY.steps * TINY.batch / 2


def test_all_arms_begin_with_the_same_weights(folder: Path) -> None:
    resolved, images = prepare(experiment(TINY, folder / "images.npz"))
    studio = Trainer(resolved, images)
    model, optimiser = made(TINY, RUNGS[TUNED])
    theirs = model.state_dict()
    assert all(torch.equal(value, theirs[name]) for name, value in studio.model.state_dict().items())
    ours = studio.optimizer.param_groups[0]
    for name in ("momentum", "nesterov", "weight_decay", "lr", "fused"):
        assert ours[name] == optimiser.param_groups[0][name]
    assert sum(len(group["params"]) for group in studio.optimizer.param_groups) == len(list(model.parameters()))
    assert len(studio.optimizer.param_groups) == 1 or all(
        group["weight_decay"] == ours["weight_decay"] for group in studio.optimizer.param_groups
    )
    assert resolved.training.gradient_clip is None
    assert studio.steps_per_epoch == TINY.warm_up + TINY.steps


def joined(batches: Iterator[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    images, labels = zip(*batches, strict=True)
    return torch.cat(images), torch.cat(labels)


@pytest.mark.parametrize("name", [each.name for each in CASES if not each.pairs])
def test_the_clock_starts_at_a_point_and_on_a_gpu_not_at_the_first(name: str, tmp_path: Path) -> None:
    wanted = case(name)
    training = experiment(wanted, tmp_path / "images.npz").training
    every = training.log_every
    assert every is not None
    assert wanted.device != "cuda" or every <= max(1, 50_000 // wanted.batch // 50), "as often as in a run"
    assert wanted.warm_up % every == 0
    assert wanted.warm_up // every >= (2 if wanted.device == "cuda" else 1)


def test_images_come_alike(folder: Path) -> None:
    wanted = replace(TINY, warm_up=20, steps=40)
    write_images(folder / "images.npz", wanted)
    pixels, labels = read_images(folder / "images.npz")
    one = joined(iter(loader(wanted, pixels, labels, 0)))
    other = joined(resident(wanted, torch.from_numpy(pixels), torch.from_numpy(labels)))
    resolved, images = prepare(experiment(wanted, folder / "images.npz"))
    ours = joined(Trainer(resolved, images)._train.epoch(0, wanted.batch))
    for images_of, labels_of in (one, other, ours):
        assert images_of.shape == (wanted.images, 1, 8, 8)
        assert images_of.dtype == torch.float32
        assert torch.equal(labels_of.bincount(), torch.from_numpy(labels).bincount())
        assert abs(images_of.mean() - one[0].mean()) < 0.02
        # black of the padding: of each side's rows or columns a third in one crop of three
        black = torch.isclose(images_of, torch.tensor(-MEAN / STD)).float().mean()
        assert 0.12 < black < 0.2


def test_mirrored_crops_are_pieces_of_their_image() -> None:
    wanted = replace(TINY, batch=64, warm_up=0, steps=1)
    pixels = torch.arange(64, dtype=torch.uint8).view(64, 1, 1, 1) + torch.zeros(64, 8, 8, 1, dtype=torch.uint8)
    pixels[:, :, 4:] += 128
    images, labels = next(resident(wanted, pixels, torch.arange(64)))
    values = (images * 255 * STD + 255 * MEAN).round().long()[:, 0]
    inside = values[:, 1:7, 1:7]
    assert torch.equal(inside.remainder(128), labels.view(-1, 1, 1).expand_as(inside))
    mirrored = inside[:, 0, 0] >= 128
    assert 10 < mirrored.sum() < 54


def test_a_rung_changes_one_thing() -> None:
    ladder = [Ways(), *RUNGS.values()]
    for before, after in pairwise(ladder):
        assert sum(getattr(before, name) != getattr(after, name) for name in before.__dataclass_fields__) == 1
    assert hand_made("plain, 2 workers") == Ways()
    assert replace(RUNGS[TUNED], compiled="default") == hand_made(COMPILED)


def test_arms_of_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_arm, "missing", lambda name: "no" if name == "timm" else None)
    monkeypatch.setattr(train_arm, "no_compiler", lambda _: None)
    for name in ("watched", "gpu watched"):
        assert arm_names(case(name)) == [WATCHING]
    assert arm_names(case("large")) == ["studio", "plain, 0 workers", "plain, 2 workers", TUNED, "lightning", MATRICES]
    for name in ("small", "gpu small"):
        assert set(RUNGS) & set(arm_names(case(name))) == set(rungs(case(name).device))
    for wanted in CASES:
        compiled = {STUDIO_COMPILED, COMPILED, REDUCED} & set(arm_names(wanted))
        assert len(compiled) == (3 if wanted.device == "cuda" and not wanted.pairs else 0)
        assert wanted.network.input_shape == wanted.shape
    monkeypatch.setattr(train_arm, "no_compiler", lambda _: "there is no C compiler")
    assert not {STUDIO_COMPILED, COMPILED, REDUCED} & set(arm_names(case("gpu large")))


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_the_last_rung_has_all_that_the_studio_does_on_a_device(device: str) -> None:
    last = RUNGS[rungs(device)[-1]]
    assert last.fast_paths
    assert last.bf16
    assert last.keeps_memory == (device == "cpu")
    assert len(rungs(device)) == len(RUNGS) - 1


def test_cuda_is_set_for_speed_in_every_arm_that_deserves_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside: list[str] = []

    @contextmanager
    def noted(device: torch.device) -> Iterator[None]:
        inside.append(device.type)
        yield
        inside.append("left")

    for module in (train_arm, train_loops):
        monkeypatch.setattr(module, "fast_paths", noted)
    monkeypatch.setitem(LIBRARIES, "timm", lambda *_: float(len(inside)))
    assert figures("timm", TINY, folder)["timm"] == 1
    assert inside == ["cpu", "left"]
    for arm, times in (("plain, 0 workers", 0), (TUNED, 1)):
        inside.clear()
        figures(arm, TINY, folder)
        assert inside == ["cpu", "left"] * times


def test_an_epoch_that_is_kept_takes_turns_with_one_of_which_nothing_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the first of each isn't timed; then the one of which nothing is kept, the one that is, that one again, and so on
    durations = [50.0, 20.0, 2.0, 4.0, 8.0, 6.0, 3.0, 30.0]
    seconds = iter([moment for number, each in enumerate(durations) for moment in (100 * number, 100 * number + each)])
    monkeypatch.setattr("resnet_studio.bench.train_watched.time", SimpleNamespace(perf_counter=lambda: next(seconds)))
    told = figures(WATCHING, replace(TINY, pairs=3), folder)
    # medians of 2, 6 and 3 seconds, and of 2/4, 6/8 and 3/30
    assert told == {WATCHED: TINY.images / 3 / 2, UNWATCHED: TINY.images / 3}
    (run,) = (RunFolder.open(path.parent) for path in folder.glob("*/events.jsonl"))
    events = run.events()
    assert [event.step for event in events if isinstance(event, EpochDone)] == [6, 12, 18, 24]
    # that of the last epoch would come after it
    assert [event.step for event in events if isinstance(event, CheckpointSaved)] == [6, 12, 18]


@pytest.mark.parametrize("name", [each.name for each in CASES if each.pairs])
def test_both_have_their_steps_recorded_before_they_are_timed(name: str, tmp_path: Path) -> None:
    wanted = case(name)
    training = experiment(wanted, tmp_path / "images.npz").training
    assert eager_steps(training.model_copy(update={"log_every": 1_000_000})) < wanted.steps


@pytest.mark.parametrize(("name", "cores", "workers"), [("small", 2, 0), ("small", 6, 2), ("gpu large", 16, 8)])
def test_workers_of_the_libraries_do_not_take_the_cores_that_train(
    name: str, cores: int, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resnet_studio.bench.train_arm.os.cpu_count", lambda: cores)
    assert train_arm.library_workers(case(name)) == workers


def test_libraries_that_are_not_there_or_not_to_be_trusted_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    frameworks = "resnet_studio.bench.train_frameworks"
    monkeypatch.setattr(f"{frameworks}.find_spec", lambda _: None)
    assert "pip install 'resnet-studio[bench]'" in str(missing("timm"))
    monkeypatch.setattr(f"{frameworks}.find_spec", lambda _: object())
    monkeypatch.setattr(f"{frameworks}.metadata.version", lambda _: "2.6.3")
    assert "tampered" in str(missing("lightning"))
    assert missing("timm") is None

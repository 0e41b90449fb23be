import errno
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from resnet_studio.runs import folder as folder_module
from resnet_studio.runs.checkpoints import Checkpoint, Index, write_index
from resnet_studio.runs.events import EpochDone, Notice, Resumed, Step
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.experiment import ExperimentSpec, with_values

DAY = date(2026, 11, 21)
EXPERIMENT = ExperimentSpec()


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "runs", EXPERIMENT, day=DAY)


def test_names_say_day_network_and_seed_and_never_collide(tmp_path: Path) -> None:
    names = [RunFolder.create(tmp_path, EXPERIMENT, day=DAY).name for _ in range(3)]
    first = "2026-11-21-digits-resnet8-seed0"
    assert names == [first, f"{first}-2", f"{first}-3"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [("My Net (v2)!", "my-net-v2"), ("../../etc", "etc"), ("残差", "network"), ("a" * 120, "a" * 60)],
)
def test_any_name_of_a_network_makes_a_plain_folder(tmp_path: Path, name: str, slug: str) -> None:
    experiment = with_values(EXPERIMENT, {"network.name": name, "training.seed": 7})
    run = RunFolder.create(tmp_path, experiment, day=DAY)
    assert run.name == f"2026-11-21-{slug}-seed7"
    assert run.path.parent == tmp_path


def test_threads_that_ask_at_once_get_a_folder_each(tmp_path: Path) -> None:
    names: list[str] = []

    def create() -> None:
        names.append(RunFolder.create(tmp_path, EXPERIMENT, day=DAY).name)

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(names)) == 8


def test_what_was_wanted_can_be_read_again(run: RunFolder) -> None:
    again = RunFolder.open(run.path)
    assert again.experiment() == EXPERIMENT
    assert again.environment() == {}
    run.write_environment({"python": "3.11"})
    assert again.environment() == {"python": "3.11"}
    assert again.events() == []


def test_a_parent_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("mine")
    with pytest.raises(StudioError, match="runs is a file"):
        RunFolder.create(tmp_path / "runs", EXPERIMENT)
    assert (tmp_path / "runs").read_text() == "mine"


@pytest.mark.parametrize("at", ["mkdir", "document"])
def test_a_folder_that_takes_nothing_is_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """Root may write anywhere, so the refusal is put where the system would put it."""

    def refuse(*_: object, **__: object) -> None:
        if at == "mkdir":
            raise OSError(errno.EROFS, "Read-only file system")
        raise StudioError("experiment.json can't be written: No space left on device.")

    if at == "mkdir":
        monkeypatch.setattr(Path, "mkdir", refuse)
    else:
        monkeypatch.setattr(folder_module, "write_document", refuse)
    with pytest.raises(StudioError, match=r"Read-only|No space"):
        RunFolder.create(tmp_path, EXPERIMENT)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="no folder"):
        RunFolder.open(tmp_path / "nowhere")
    with pytest.raises(StudioError, match=r"no experiment\.json"):
        RunFolder.open(tmp_path)


def test_one_at_a_time_records(run: RunFolder) -> None:
    assert not run.is_recording()
    with run.recording() as record:
        assert run.is_recording()
        with pytest.raises(StudioError, match="being trained already"), RunFolder(run.path).recording():
            pass
        record(Notice(step=0, time=1.0, message="hello"))
        assert run.events() == [Notice(step=0, time=1.0, message="hello")]
    assert not run.is_recording()
    with run.recording():
        pass


def test_the_lock_of_a_killed_process_is_free(run: RunFolder) -> None:
    code = (
        "import sys, pathlib\n"
        "from resnet_studio.spec.lock import locked\n"
        "with locked(pathlib.Path(sys.argv[1])):\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(run.path / ".lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert run.is_recording()
        process.kill()
    assert not run.is_recording()


def test_an_error_in_training_is_not_taken_for_the_folders(run: RunFolder) -> None:
    with pytest.raises(FileNotFoundError, match="elsewhere"), run.recording():
        raise FileNotFoundError("elsewhere")


def test_requests_are_files_that_anyone_may_lay(run: RunFolder) -> None:
    assert run.requests() == frozenset()
    run.request("stop")
    (run.path / "control" / "pause").touch()
    assert run.requests() == {"stop", "pause"}
    run.withdraw("stop")
    run.withdraw("stop")
    assert run.requests() == {"pause"}


def test_checkpoints_are_found_by_what_they_are(run: RunFolder) -> None:
    with pytest.raises(StudioError, match="none has been saved yet"):
        run.checkpoint()
    run.checkpoints_path.mkdir()
    write_index(run.checkpoints_path, Index().with_new(Checkpoint(step=11, epoch=1), "step-11"))
    assert run.checkpoint("best").step == run.checkpoint("11").step == 11
    with pytest.raises(StudioError, match="no checkpoint 12; there are those of the steps 11"):
        run.checkpoint("12")


def test_reading_runs_needs_no_torch(run: RunFolder) -> None:
    code = (
        "import sys, pathlib\n"
        "from resnet_studio.runs.folder import RunFolder\n"
        "from resnet_studio.runs.history import fold\n"
        "fold(RunFolder.open(pathlib.Path(sys.argv[1])).events())\n"
        "print([name for name in ('torch', 'PySide6', 'tensorboardX') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(run.path)], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_curves_stand_in_tensorboard_files(run: RunFolder) -> None:
    from tensorboardX.proto.event_pb2 import Event as Record

    step = Step(step=5, epoch=1, loss=2.5, accuracy=0.25, lr=0.5, images_per_second=100.0)
    epoch = EpochDone(step=11, epoch=1, train_loss=2, train_accuracy=0.5, val_loss=1.5, val_accuracy=0.75, seconds=1)
    averaged = replace(epoch, step=22, ema_val_loss=1.25, ema_val_accuracy=0.875)
    for event in (step, Resumed(step=5, from_step=5), epoch, averaged):
        with run.recording() as record:
            record(event)
    files = sorted(run.path.glob("events.out.tfevents.*"))
    assert len(files) == 4
    records: list[Record] = []
    for file in files:
        content, at = file.read_bytes(), 0
        while at < len(content):
            size = int.from_bytes(content[at : at + 8], "little")
            records.append(Record.FromString(content[at + 12 : at + 12 + size]))
            at += 16 + size
    scalars = {(record.step, value.tag): value.simple_value for record in records for value in record.summary.value}
    assert scalars == {
        (5, "loss/train"): 2.5,
        (5, "accuracy/train"): 0.25,
        (5, "lr"): 0.5,
        (5, "images_per_second"): 100.0,
        (11, "loss/validation"): 1.5,
        (11, "accuracy/validation"): 0.75,
        (22, "loss/validation"): 1.5,
        (22, "accuracy/validation"): 0.75,
        (22, "loss/validation of the average"): 1.25,
        (22, "accuracy/validation of the average"): 0.875,
    }
    hidden = [record.step for record in records if record.HasField("session_log")]
    assert hidden == [6]

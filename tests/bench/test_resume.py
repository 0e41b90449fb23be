import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from resnet_studio.bench import kills as kills_module
from resnet_studio.bench import resume
from resnet_studio.bench.kills import Kill, Shooting, remains
from resnet_studio.runs.folder import RunFolder


@pytest.fixture(scope="module")
def shooting(tmp_path_factory: pytest.TempPathFactory) -> Shooting:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(kills_module.EXPERIMENT, "training.epochs", 2)
        return Shooting(tmp_path_factory.mktemp("runs"))


def test_killed_at_any_moment_and_resumed_is_as_if_nothing_had_happened(shooting: Shooting) -> None:
    kills = [shooting.uniformly() for _ in range(4)]
    assert all(each.is_exact for each in kills)
    assert all(each.seconds <= 2 * shooting.lasts for each in kills)


def test_killed_while_a_checkpoint_is_written_and_resumed_is_as_if_nothing_had_happened(shooting: Shooting) -> None:
    kills = [shooting.while_writing() for _ in range(4)]
    assert all(each.is_exact for each in kills)
    assert any(each.left_part for each in kills)


def test_what_is_not_exact_is_seen(shooting: Shooting) -> None:
    run = RunFolder.create(shooting._parent, shooting._experiment)
    shooting._finish(run)
    assert remains(run) == shooting._whole
    path = run.checkpoints_path / str(run.checkpoints().last) / "optimizer.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert remains(run) != shooting._whole


def test_the_table_says_how_many_were_exact(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    class Scripted:
        lasts, missed = 3.0, 2

        def __init__(self, parent: Path) -> None:
            assert parent.is_dir()
            self._exact = iter([True, False, True, True])

        def uniformly(self) -> Kill:
            return Kill(1.0, 0, left_part=False, is_exact=next(self._exact))

        while_writing: Callable[[Any], Kill] = uniformly

    monkeypatch.setattr(resume, "Shooting", Scripted)
    monkeypatch.setattr(resume, "KILLS", 2)
    resume.run(as_json=True)
    rows = [row for row in json.loads(capsys.readouterr().out)["rows"] if row["aim"]]
    assert [(row["value"], row["unit"], row["met"]) for row in rows] == [(1, "of 2", False), (2, "of 2", True)]

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.runs.checkpoints import Checkpoint, Index, read_index, write_index
from resnet_studio.spec.errors import StudioError


def _saved(*steps: int, best: int) -> Index:
    index = Index()
    for step in steps:
        index = index.with_new(Checkpoint(step=step, epoch=step // 10), f"step-{min(best, step)}")
    return index


def test_the_last_two_and_the_best_are_kept() -> None:
    index = _saved(10, 20, 30, 40, 50, best=20)
    assert [each.step for each in index.checkpoints] == [20, 40, 50]
    assert (index.best, index.last) == ("step-20", "step-50")


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30), st.integers(1, 40))
def test_never_more_than_three_and_always_the_newest(gaps: list[int], best: int) -> None:
    steps = [sum(gaps[: i + 1]) for i in range(len(gaps))]
    index = Index()
    for step in steps:
        index = index.with_new(Checkpoint(step=step, epoch=0), f"step-{best}" if best <= step else None)
    kept = [each.step for each in index.checkpoints]
    assert kept[-2:] == steps[-2:]
    assert set(kept) <= {*steps[-2:], best}
    assert index.best == (f"step-{best}" if best in steps else None)


def test_the_best_average_is_kept_beside_the_best() -> None:
    index = Index()
    for step in (10, 20, 30, 40, 50):
        new = Checkpoint(step=step, epoch=step // 10, has_ema=True)
        index = index.with_new(new, f"step-{min(20, step)}", f"step-{min(30, step)}")
    assert [each.step for each in index.checkpoints] == [20, 30, 40, 50]
    found = [index.find(which) for which in ("best", "ema", "best/ema", "40/ema", "step-50/ema", "last/ema")]
    assert [each and each.step for each in found] == [20, 30, 20, 40, 50, 50]
    plain = _saved(10, best=10)
    assert [plain.find(which) for which in ("ema", "best/ema", "10/ema")] == [None] * 3


def test_a_superseded_future_goes() -> None:
    index = _saved(10, 20, 30, best=10).with_new(Checkpoint(step=15, epoch=1), "step-10")
    assert [each.step for each in index.checkpoints] == [10, 15]


def test_finding_by_role_step_and_name() -> None:
    index = _saved(10, 20, 30, best=10)
    steps = [index.find(which) for which in ("best", "last", "20", "step-20", "ema", "25")]
    assert [each and each.step for each in steps] == [10, 30, 20, 20, None, None]


def test_the_file_holds_what_was_written(tmp_path: Path) -> None:
    assert read_index(tmp_path) == Index()
    index = _saved(10, 20, best=10)
    write_index(tmp_path, index)
    assert read_index(tmp_path) == index


@pytest.mark.parametrize("content", [b"", b"[]", b'{"checkpoints": 3}', b"\xff"])
def test_a_damaged_index_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "index.json").write_bytes(content)
    with pytest.raises(StudioError, match=r"index\.json is no index"):
        read_index(tmp_path)

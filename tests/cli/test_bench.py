"""`bench` hands its options to the benchmark that they are made for."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from resnet_studio.bench import train

if TYPE_CHECKING:
    from tests.cli.conftest import Command


@pytest.mark.parametrize(
    ("options", "given"),
    [
        ((), {"as_json": False}),
        (("--json",), {"as_json": True}),
        (("--to-accuracy", "--json"), {"as_json": True, "accuracy": True, "data_root": None}),
        (("--to-accuracy", "--data-root", "there"), {"as_json": False, "accuracy": True, "data_root": Path("there")}),
    ],
)
def test_what_the_training_benchmark_is_asked(
    options: tuple[str, ...], given: dict[str, Any], command: "Command", monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(train, "run", lambda **options: asked.append(options))
    assert command("bench", "train", *options).code == 0
    assert asked == [given]

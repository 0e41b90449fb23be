"""Documents go to the disk and come back the same, whole or not at all, and only ours are read."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.spec.files import (
    MAX_BYTES,
    experiment_document,
    network_document,
    read_document,
    read_experiment,
    read_network,
    write_bytes,
    write_document,
)
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset, presets

NETWORK = {"format": "resnet-studio/network", "version": 1}
EXPERIMENT = {"format": "resnet-studio/experiment", "version": 1}


# every example writes the same file anew
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(network=...)
def test_any_network_comes_back_the_same(tmp_path: Path, network: NetworkSpec) -> None:
    path = tmp_path / "network.json"
    write_document(path, network_document(network))
    assert read_network(path) == network


@pytest.mark.parametrize("name", list(presets()))
def test_every_preset_comes_back_the_same(tmp_path: Path, name: str) -> None:
    path = tmp_path / "network.json"
    write_document(path, network_document(preset(name)))
    assert read_network(path) == preset(name)


@pytest.mark.parametrize("recipe", ["studio", "d2l", "torchvision_2021"])
def test_an_experiment_comes_back_the_same(tmp_path: Path, recipe: str) -> None:
    experiment = ExperimentSpec.model_validate({"training": {"recipe": recipe}})
    path = tmp_path / "experiment.json"
    write_document(path, experiment_document(experiment))
    assert read_experiment(path) == experiment
    assert read_network(path) == experiment.network


def test_a_few_fields_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    path.write_text(json.dumps(NETWORK | {"block_sizes": [1, 1], "channels": 8}))
    assert read_network(path) == NetworkSpec(block_sizes=(1, 1), channels=8)


def test_a_document_says_what_it_is_first() -> None:
    assert list(network_document(NetworkSpec()))[:2] == ["format", "version"]
    assert list(experiment_document(ExperimentSpec()))[:2] == ["format", "version"]


@pytest.mark.parametrize("version", [2, 10**9])
def test_a_newer_version_is_refused_by_name_and_left_untouched(tmp_path: Path, version: int) -> None:
    path = tmp_path / "future.json"
    path.write_text(json.dumps(NETWORK | {"version": version, "wings": 2}))
    content, changed = path.read_bytes(), path.stat().st_mtime_ns
    with pytest.raises(StudioError, match=rf"future\.json was written by a newer studio \(version {version} of"):
        read_network(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (content, changed)


@pytest.mark.parametrize("version", [0, -1, "1", 1.0, True, None])
def test_a_version_is_a_whole_number(tmp_path: Path, version: Any) -> None:
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(NETWORK | {"version": version}))
    with pytest.raises(StudioError, match=r'odd\.json: "version" is .*, not a whole number from 1'):
        read_document(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is no JSON: line 1, column 1"),
        (b'{"format": "resnet-studio/network",\n "version": 1,,}', "is no JSON: line 2, column 15"),
        (b"[1, 2]", "is no document of the studio"),
        (b"null", "is no document of the studio"),
        (b'{"layers": []}', 'has no "format"'),
        (b'{"format": ["resnet-studio/network"]}', 'has no "format"'),
        (b'{"format": "other", "version": 1}', "is no document of the studio"),
        (b"\x89PNG\r\n\x1a\n\xff\xff", "is no JSON document of the studio"),
        (b"[" * 100_000, "is no JSON document of the studio"),
        (b'{"format": "resnet-studio/network", "version": 1, "dropout": NaN}', "NaN is no finite number"),
        (b'{"format": "resnet-studio/network", "version": 1, "dropout": -Infinity}', "-Infinity is no finite"),
        (
            b'{"format": "resnet-studio/network", "version": 1, "channels": ' + b"9" * 5000 + b"}",
            "a number of too many digits",
        ),
        (b'{"format": "resnet-studio/network", "version": 1, "dropout": 2}', r"network\.json: dropout: 2 is not less"),
    ],
)
def test_what_is_not_ours_is_refused_in_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "network.json"
    path.write_bytes(content)
    with pytest.raises(StudioError, match=sentence) as caught:
        read_network(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_field_of_an_experiment_is_named(tmp_path: Path) -> None:
    path = tmp_path / "experiment.json"
    path.write_text(json.dumps(EXPERIMENT | {"network": {"block_sizes": [0]}}))
    for read in (read_experiment, read_network):
        with pytest.raises(
            StudioError, match=r"experiment\.json: network\.block_sizes\.0: 0 is less than 1; take 1 to 10,000\.$"
        ):
            read(path)


def test_a_network_is_no_experiment(tmp_path: Path) -> None:
    path = tmp_path / "network.json"
    write_document(path, network_document(NetworkSpec()))
    with pytest.raises(StudioError, match="holds a network, not an experiment"):
        read_experiment(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"There is no file .*; check the name"):
        read_network(tmp_path / "none.json")
    with pytest.raises(StudioError, match="is a folder; name a JSON file"):
        read_network(tmp_path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(StudioError, match=r"too large for a design \(4,000,001 bytes\)"):
        read_network(path)


def test_writing_replaces_the_whole_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("the old one, which is much longer than the new one")
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StudioError, match=r"a\.json can't be written: No space left on device\."):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]


def test_a_disk_that_gives_other_bytes_back_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", lambda _: b"damaged")
        with pytest.raises(StudioError, match="the disk gave other bytes back"):
            write_bytes(path, b"new")
    assert path.read_bytes() == b"old"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"missing/a\.json can't be written: No such file or directory"):
        write_bytes(tmp_path / "missing" / "a.json", b"new")

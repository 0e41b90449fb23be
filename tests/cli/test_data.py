"""`data`: a spoiled copy of a good data set is seen through, and trains; the caches are listed and cleared."""

import csv
import json
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from resnet_studio.cli.data import _age
from resnet_studio.data.load import load
from resnet_studio.data.store.entry import images_folder
from resnet_studio.runs.events import Notice
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.data import DataSpec

if TYPE_CHECKING:
    from tests.cli.conftest import Command

SPLITS = {"train": 8, "validation": 3, "test": 3}
VERDICTS = {
    "truncated": ("warning", "skip", ["train/hat/truncated.jpg"], "1 image is cut short and is skipped."),
    "not_image": ("warning", "skip", ["train/hat/text.jpg"], "is none and is skipped."),
    "bomb": ("warning", "skip", ["train/pants/bomb.png"], "decompression bombs do, and is skipped."),
    "empty_class": ("warning", "skip", ["train/scarf"], "has a folder but no images and is left out: scarf."),
    "leakage": (
        "warning",
        "nothing",
        ["train/hat/0.jpg", "test/hat/copy.jpg"],
        "leakage, it is tested on what was trained on; left where it is.",
    ),
    "animated": ("info", "convert", ["train/hat/animated.gif"], "the first is used."),
    "cmyk": ("info", "convert", ["train/pants/cmyk.jpg"], "it is converted to RGB."),
    "deep": ("info", "convert", ["train/pants/deep.png"], "it is converted to 8 bits."),
}
"""What the check says of the spoiled set: severity, action, files and last words of each kind."""


def made(root: Path) -> None:
    """Make photographs of a kind: colours that change slowly, with something of each image's own."""
    random = np.random.default_rng(0)
    for split, count in SPLITS.items():
        for tone, name in enumerate(("hat", "pants")):
            (root / split / name).mkdir(parents=True)
            for number in range(count):
                coarse = Image.fromarray(random.integers(60 * tone, 60 * tone + 150, (6, 8, 3), dtype=np.uint8))
                coarse.resize((160, 120)).save(root / split / name / f"{number}.jpg")


def taken(root: Path, clothing: Path) -> None:
    """Take a few photographs of two classes."""
    for split, count in SPLITS.items():
        for name in ("hat", "pants"):
            (root / split / name).mkdir(parents=True)
            for number, file in enumerate(sorted((clothing / split / name).iterdir())[:count]):
                shutil.copyfile(file, root / split / name / f"{number}.jpg")


def spoil(root: Path) -> None:
    hats, pants = root / "train" / "hat", root / "train" / "pants"
    whole = (hats / "0.jpg").read_bytes()
    (hats / "truncated.jpg").write_bytes(whole[: len(whole) // 2])
    (hats / "text.jpg").write_text("This is not a photograph.")
    frames = [Image.effect_noise((64, 64), sigma) for sigma in (30, 60, 90)]
    frames[0].save(hats / "animated.gif", save_all=True, append_images=frames[1:])
    (root / "train" / "scarf").mkdir()
    shutil.copyfile(hats / "0.jpg", root / "test" / "hat" / "copy.jpg")
    (pants / "bomb.png").write_bytes(bomb())
    with Image.open(pants / "1.jpg") as image:
        image.rotate(20).convert("CMYK").save(pants / "cmyk.jpg")
    deep = np.random.default_rng(1).integers(0, 65536, (50, 60), dtype=np.uint16)
    Image.fromarray(deep).save(pants / "deep.png")


def bomb() -> bytes:
    """A sound PNG of 20,000x20,000 black pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    side = 20_000
    rows = zlib.compress(bytes(side * (1 + side // 8)), 1)
    size = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture(params=["made", "clothing"])
def spoiled(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with one thing of each kind that is wrong with it."""
    root = tmp_path / "spoiled"
    if request.param == "made":
        made(root)
    else:
        data_root: Path = request.getfixturevalue("data_root")
        if not (data_root / "clothing").is_dir():
            pytest.skip(f"no clothing in {data_root}")
        taken(root, data_root / "clothing")
    spoil(root)
    return root


def test_everything_that_is_wrong_is_named_with_its_verdict(command: "Command", spoiled: Path, tmp_path: Path) -> None:
    outcome = command("data", "check", spoiled, "--json", "--csv", tmp_path / "found.csv")
    assert (outcome.code, outcome.err) == (0, "")
    told = outcome.json
    assert (told["path"], told["classes"]) == (str(spoiled), ["hat", "pants"])
    assert told["splits"]["train"] == {"images": 22, "classes": {"hat": 11, "pants": 11}}
    assert told["splits"]["test"] == {"images": 7, "classes": {"hat": 4, "pants": 3}}
    named = {one["kind"]: (one["severity"], one["action"], one["files"], one["message"]) for one in told["findings"]}
    assert {kind: ones[:3] for kind, ones in named.items()} == {kind: ones[:3] for kind, ones in VERDICTS.items()}
    for kind, (*_, words) in VERDICTS.items():
        assert named[kind][3].endswith(words)
    assert [set(one) for one in told["findings"]] == [
        {"severity", "kind", "message", "action", "files", "groups", "remedies"}
    ] * 8
    assert {one["kind"]: one["groups"] for one in told["findings"] if one["groups"]} == {
        "leakage": [["train/hat/0.jpg", "test/hat/copy.jpg"]]
    }
    with (tmp_path / "found.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["kind"], row["file"]) for row in rows] == [
        (one["kind"], file) for one in told["findings"] for file in one["files"]
    ]


def test_training_on_it_works_and_counts_the_three_that_were_skipped(
    command: "Command", spoiled: Path, tmp_path: Path
) -> None:
    flags = ("--epochs", "1", "--batch-size", "8", "--input-shape", "3,32,32", "--output", tmp_path / "runs")
    outcome = command("train", "digits_resnet8", "--data", spoiled, *flags)
    assert outcome.code == 0, outcome.err
    run = RunFolder.open(Path(outcome.out.splitlines()[-1]))
    data = run.environment()["data"]
    assert (data["skipped"], data["train"], data["validation"], data["test"]) == (3, 19, 6, 7)
    notices = [event.message for event in run.events() if isinstance(event, Notice)]
    assert "The class folder scarf has no images and is left out." in notices
    (skipped,) = [notice for notice in notices if "skipped" in notice]
    assert skipped.startswith("3 images were skipped: train/hat/text.jpg (it is no image that can be read")
    assert skipped in outcome.out.splitlines()
    assert command("evaluate", run.path, "--json").json["notes"] == notices


@pytest.mark.skipif(sys.platform == "win32", reason="no getrusage there")
@pytest.mark.parametrize("least", [0, 10**9], ids=["processes", "threads"])
def test_memory_stays_bounded(tmp_path: Path, least: int) -> None:
    made(tmp_path / "spoiled")
    spoil(tmp_path / "spoiled")
    # an image as large as they are decoded, which has to be converted and scaled
    Image.new("P", (9459, 9459), 3).save(tmp_path / "spoiled" / "train" / "hat" / "large.png", transparency=4)
    code = (
        "import resource, sys\n"
        "from resnet_studio.cli import run\n"
        "from resnet_studio.data.decoding import workers\n"
        "from resnet_studio.data.load import load\n"
        "from resnet_studio.spec.data import DataSpec\n"
        "most = lambda who: resource.getrusage(who).ru_maxrss // (1024 if sys.platform == 'linux' else 1024 ** 2)\n"
        "workers._MANY_FILES, workers.suited_workers = int(sys.argv[2]), lambda: 2\n"
        "start = most(resource.RUSAGE_SELF)\n"
        "assert run(['data', 'check', sys.argv[1], '--json']) == 0\n"
        "images = load(DataSpec(source=sys.argv[1], image_size=(64, 64)))\n"
        "assert len(images.train) == 20 and len(images.skipped) == 3\n"
        "print(most(resource.RUSAGE_SELF) - start, most(resource.RUSAGE_CHILDREN))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "spoiled"), str(least)], capture_output=True, text=True, check=True
    )
    above_start, children = map(int, done.stdout.splitlines()[-1].split())
    assert (children > 0) == (least == 0)
    # of the worker that takes the most, which is the one that meets the large image
    assert above_start + children < 500


def test_what_a_person_reads(command: "Command", tmp_path: Path) -> None:
    root = tmp_path / "spoiled"
    made(root)
    outcome = command("data", "check", root)
    assert outcome.out.splitlines() == [
        "spoiled: 28 images in 2 classes (train 16, validation 6, test 6)",
        "Nothing to complain of; training can start.",
    ]
    for number in range(7):
        (root / "train" / "hat" / f"text{number}.jpg").write_text("no image")
    shutil.copyfile(root / "train" / "hat" / "0.jpg", root / "test" / "hat" / "copy.jpg")
    lines = command("data", "check", root).out.splitlines()
    assert lines[1] == "warning: 7 files with the names of images are none and are skipped. [left out]"
    assert lines[2] == "    train/hat/text0.jpg"
    assert lines[7] == "    and 2 more; --csv or --json lists them all"
    assert lines[9:] == ["    train/hat/0.jpg = test/hat/copy.jpg", "Training can start."]


def test_what_keeps_training_from_starting_is_the_exit_code(command: "Command", tmp_path: Path) -> None:
    made(tmp_path / "one")
    shutil.rmtree(tmp_path / "one" / "train" / "hat")
    outcome = command("data", "check", tmp_path / "one")
    assert outcome.code == 1
    assert outcome.out.splitlines()[-1] == "Training can't start on this data."
    assert command("data", "check", tmp_path / "one", "--json").json["findings"][0]["action"] == "stop"
    refused = command("data", "check", tmp_path / "nowhere")
    assert (refused.code, refused.out) == (1, "")
    assert refused.sentence.startswith("There is no folder and no file")


def test_a_name_of_the_catalogue_is_checked_too(command: "Command") -> None:
    told = command("data", "check", "digits", "--json").json
    assert (told["path"], told["findings"]) == ("digits", [])
    assert told["splits"]["train"]["images"] == 1797


def test_a_name_that_is_no_utf8_is_spelled_out(command: "Command", tmp_path: Path) -> None:
    root = tmp_path / "spoiled"
    made(root)
    try:
        (root / "train" / "hat" / "caf\udce9.jpg").write_text("no image")
        for part in SPLITS:
            (root / part / "pants").rename(root / part / "pan\udce9ts\n")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    finding = command("data", "check", root, "--json").json["findings"][0]
    assert finding["files"] == ["train/hat/caf\\udce9.jpg"]
    assert "caf\\udce9.jpg" in command("data", "check", root).out
    assert command("data", "check", root, "--json").json["classes"] == ["hat", "pan\\udce9ts\\n"]
    outcome = command("train", "digits_resnet8", "--data", root, "--input-shape", "3,16,16", "--epochs", "1")
    assert outcome.code == 0, outcome.err
    figures = command("evaluate", outcome.out.splitlines()[-1], "--json").json
    assert [one["name"] for one in figures["classes"]] == ["hat", "pan\\udce9ts\\n"]


def test_the_caches_are_listed_and_cleared(command: "Command", tmp_path: Path) -> None:
    root = tmp_path / "pictures"
    made(root)
    flags = ("--input-shape", "3,16,16", "--epochs", "1", "--output", tmp_path / "runs")
    assert command("train", "digits_resnet8", "--data", root, *flags).code == 0
    (entry,) = command("data", "caches", "--json").json["caches"]
    told = {key: entry[key] for key in ("source", "shape", "images", "skipped", "state")}
    assert told == {"source": str(root), "shape": [16, 16, 3], "images": 28, "skipped": 0, "state": "good"}
    (images_folder() / Path(entry["folder"]).name / "test.npy").write_bytes(b"")
    lines = command("data", "caches").out.splitlines()
    assert lines[0].split() == ["source", "images", "height", "x", "width", "size", "made", "age"]
    assert lines[1].startswith(str(root))
    assert lines[1].split()[-3:] == ["just", "now", "damaged"]
    assert lines[2].startswith("1 cache, 0.0 MB, in ")
    assert lines[3:] == ["1 cache damaged; made anew the next time the images are loaded."]
    assert command("data", "caches", "--clear").out == "1 cache removed, 0.0 MB.\n"
    assert json.loads(command("data", "caches", "--json").out) == {
        "caches": [],
        "bytes": 0,
        "checked": False,
        "cleared": False,
    }
    assert len(list(root.rglob("*.jpg"))) == 28


def test_the_caches_are_verified_and_cleared_one_by_one(command: "Command", tmp_path: Path) -> None:
    for name in ("one", "two"):
        made(tmp_path / name)
        load(DataSpec(source=str(tmp_path / name), image_size=(8, 8)))
    outcome = command("data", "caches", "--check")
    assert outcome.code == 0
    assert outcome.out.splitlines()[-1] == "All that was written is there, byte for byte."
    one, _ = command("data", "caches", "--json").json["caches"]
    (Path(one["folder"]) / "test.npy").write_bytes(b"")
    outcome = command("data", "caches", "--check", "--json")
    assert (outcome.code, [cache["state"] for cache in outcome.json["caches"]]) == (1, ["damaged", "good"])
    assert command("data", "caches", tmp_path / "two", "--check").code == 0
    assert command("data", "caches", "one", "--clear").out == "1 cache removed, 0.0 MB.\n"
    assert [Path(cache["source"]).name for cache in command("data", "caches", "--json").json["caches"]] == ["two"]
    assert command("data", "caches", "one", "--clear").sentence.startswith("There is no cache of one; ")
    assert command("data", "caches", "--check", "--clear").code == 2


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(-5, "just now"), (59, "just now"), (60, "1 minute"), (7199, "1 hour"), (7200, "2 hours"), (1e6, "11 days")],
)
def test_ages(seconds: float, told: str) -> None:
    assert _age(seconds) == told


def test_a_command_of_data_is_needed(command: "Command") -> None:
    outcome = command("data")
    assert outcome.code == 2
    assert outcome.sentence.startswith("Missing command; `resnet-studio data --help`")

"""A set that doesn't fit in memory is decoded, split, measured and fed all the same: it is mapped, never loaded."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

CODE = """
import resource, sys
from pathlib import Path

from resnet_studio.data import arrange
from resnet_studio.data.store.caches import cache_of, verify
from resnet_studio.data.checks.check import check
from resnet_studio.data.load import load
from resnet_studio.spec.data import DataSpec

arrange.COPIED_BYTES = 1 << 20
own = int(next(line for line in open("/proc/self/status") if line.startswith("VmData")).split()[1]) * 1024
resource.setrlimit(resource.RLIMIT_DATA, (own + (100 << 20),) * 2)
spec = DataSpec(source=sys.argv[1], image_size=(320, 320))
for start in ("first", "second"):
    images = load(spec)
    total = sum(split.images.nbytes for split in (images.train, images.validation, images.test))
    assert total > 128 << 20, total
    assert [round(share, 2) for share in images.mean] == [0.5, 0.5, 0.5], images.mean
assert len(images.train) == 360 and images.train.labels.sum() == 180
assert verify(cache_of(images.spec)).state == "good"
*_, last = check(spec)
assert last.is_complete
print("done")
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system doesn't tell or bound memory so")
def test_more_images_than_memory_are_mapped(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    for name in ("a", "b"):
        (tmp_path / "set" / name).mkdir(parents=True)
        for number in range(250):
            noise = random.integers(0, 256, (16, 16, 3), dtype=np.uint8)
            Image.fromarray(noise).save(tmp_path / "set" / name / f"{number}.png")
    # 500 images of 300 kB each; those to train on alone would be too much. Algebra takes memory for each thread
    command, environment = [sys.executable, "-c", CODE, str(tmp_path / "set")], os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("done\n", 0), done.stderr

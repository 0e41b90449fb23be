"""The process that decodes."""

import subprocess
import sys

PROBE = """
import sys
import resnet_studio.data.decoding.worker
print(*sorted({"pydantic", "torch", "PySide6"} & sys.modules.keys()))
"""


def test_it_starts_with_no_library_that_decoding_does_not_need() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []

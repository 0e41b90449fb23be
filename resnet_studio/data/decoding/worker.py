"""The other end of `process.Worker`: a process that decodes what it is told on standard input.

A line of JSON tells folder and decoding, each line after it some files. The answer to the first is `READY`, to the
others a line of JSON with their facts, followed by the bytes of the images. The end of the input, which is also that
of the studio's process, is the end of this one.
"""

import json
import sys
import traceback
from pathlib import Path
from typing import Any

from resnet_studio.data.decoding.decode import Decoding
from resnet_studio.data.decoding.examine import examined

READY = b"ready\n"


def main() -> None:
    """Answer until the input ends."""
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    job = json.loads(asked.readline())
    answers.write(READY)
    # now, not with the first answer: a file that crashes the reader is told from a machine that starts no process
    answers.flush()
    root, keep = Path(job["root"]), job["keep"]
    decoding = Decoding(tuple(job["size"]), job["channels"], job["resize"])
    for line in asked:
        told: dict[str, Any]
        pixels = b""
        try:
            found = examined(root, json.loads(line), decoding, keep=keep)
        except Exception:  # noqa: BLE001 - raised again in the process that asked
            told = {"failed": traceback.format_exc()}
        else:
            told = {"facts": found.facts}
            pixels = found.images.tobytes()
        answers.write(json.dumps(told).encode() + b"\n")
        answers.write(pixels)
        answers.flush()


if __name__ == "__main__":
    main()

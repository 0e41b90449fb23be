"""Small sources of images, made on the spot."""

from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from PIL import Image

FolderMaker = Callable[..., Path]


@pytest.fixture
def make_folder(tmp_path: Path) -> FolderMaker:
    """Make a folder of images: `make_folder({"train/cat": 3, "train/dog": 2})`, each with noise of its own."""

    def make(
        counts: dict[str, int],
        *,
        name: str = "pets",
        sides: tuple[int, ...] = (12,),
        mode: str = "RGB",
        ending: str = "png",
    ) -> Path:
        root = tmp_path / name
        random = np.random.default_rng(0)
        for folder, count in counts.items():
            (root / folder).mkdir(parents=True)
            for number in range(count):
                side = sides[number % len(sides)]
                shape = (side, side + 4) if mode == "L" else (side, side + 4, 3)
                image = Image.fromarray(random.integers(0, 256, shape, dtype=np.uint8))
                image.save(root / folder / f"{number:02}.{ending}")
        return root

    return make


@pytest.fixture
def web_root(tmp_path: Path) -> Path:
    """The folder that the web server shows."""
    folder = tmp_path / "web"
    folder.mkdir()
    return folder


@pytest.fixture
def web(web_root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a web server on this machine, with a slash at its end."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(web_root)))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is that of the base class
        pass

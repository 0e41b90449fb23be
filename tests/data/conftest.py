"""Small sources of images, made on the spot."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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


class Web(ThreadingHTTPServer):
    """A web server on this machine that shows a folder, and can be as bad as servers are."""

    daemon_threads = False

    def __init__(self, root: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.root = root
        self.asked: list[tuple[str, str | None]] = []
        """Path and range of each request."""
        self.sent = 0
        """Bytes of files that were sent."""
        self.version: str | None = '"1"'
        """ETag of every file."""
        self.ranges = True
        """Whether parts of a file can be asked for."""
        self.obeys_if_range = True
        """Whether it looks at the version before it sends a part."""
        self.cut: list[int] = []
        """After how many bytes the connection breaks off, for each of the next answers."""

    @property
    def url(self) -> str:
        """Its address, with a slash at its end."""
        return f"http://127.0.0.1:{self.server_port}/"


class _Answering(BaseHTTPRequestHandler):
    server: Web

    def do_GET(self) -> None:
        asked = self.headers["Range"]
        self.server.asked.append((self.path, asked))
        path = self.server.root / self.path.lstrip("/")
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        is_same = self.headers["If-Range"] == self.server.version or not self.server.obeys_if_range
        if asked and is_same and self.server.ranges:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= len(content):
                self.send_error(416)
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            content = content[start:]
        else:
            self.send_response(200)
        if self.server.version is not None:
            self.send_header("ETag", self.server.version)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        content = content[: self.server.cut.pop(0)] if self.server.cut else content
        try:
            self.wfile.write(content)
        except ConnectionError:
            # whoever asked has gone
            return
        self.server.sent += len(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is that of the base class
        pass


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A web server on this machine, with an empty folder."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    root = tmp_path / "web"
    root.mkdir()
    with Web(root) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()

"""What every test stands on: a home of its own, no screen, a web server, and the real data where a machine has it."""

import os
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from resnet_studio.analysis.network import analyse
from resnet_studio.spec.network import NetworkSpec, StemSpec

# the first draw of an example pays for imports, and a shared machine stalls: time is no fault here
settings.register_profile("studio", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("studio")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if "PYTEST_XDIST_WORKER" in os.environ:
    # torch's threads of several workers would wait for each other at every operation
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(autouse=True)
def studio_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep library, caches and settings of a test away from the user's."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def data_root() -> Path:
    """The folder of real data sets; the test is skipped where there is none."""
    named = os.environ.get("RESNET_STUDIO_DATA_ROOT")
    root = Path(named) if named else Path(__file__).parents[2] / "shared" / "data"
    if not root.is_dir():
        pytest.skip(f"no real data: {root} is no folder (RESNET_STUDIO_DATA_ROOT names it)")
    return root


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
        self.tell: Callable[[], None] = lambda: None
        """Called after the first half of each answer."""
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
            self.wfile.write(content[: len(content) // 2])
            self.server.tell()
            self.wfile.write(content[len(content) // 2 :])
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


_NORMS = st.sampled_from(("batch", "group", "none"))
_FLAGS = st.booleans()
_SHARES = st.sampled_from((0.0, 0.25))


@st.composite
def _networks(draw: st.DrawFn) -> NetworkSpec:
    """Draw any small network of all that can be wanted; not all of them can be built."""
    bottleneck = draw(_FLAGS)
    stages = draw(st.integers(1, 3))
    channels = st.lists(st.integers(1, 12), min_size=stages, max_size=stages).map(tuple)
    shortcut = draw(st.sampled_from(("projection", "projection_all", "zero_pad", "identity", "none")))
    # few networks whose shortcuts may not change anything can be built unless nothing changes
    changes = shortcut != "identity"
    stem = st.builds(
        StemSpec,
        channels=st.none() | st.integers(1, 8),
        kernel_size=st.integers(1, 5),
        stride=st.integers(1, 2),
        pool=_FLAGS,
        norm=st.none() | _NORMS,
    )
    return NetworkSpec(
        input_shape=draw(st.tuples(st.integers(1, 4), st.integers(6, 20), st.integers(6, 20))),
        num_classes=draw(st.none() | st.integers(1, 12) | st.integers(1, 12)),
        block_type="bottleneck" if bottleneck else "basic",
        block_sizes=tuple(draw(st.lists(st.integers(1, 4), min_size=stages, max_size=stages))),
        channels=draw(st.integers(1, 8) | channels) if changes else (draw(st.integers(1, 12)),) * stages,
        strides=tuple(draw(st.lists(st.integers(1, 3 if changes else 1), min_size=stages, max_size=stages))),
        expansion=draw(st.integers(1, 4)) if changes else 1,
        groups=draw(st.integers(1, 4)) if bottleneck else 1,
        width_per_group=draw(st.sampled_from((16, 64, 100, 128))) if bottleneck else 64,
        stem=draw(stem | st.none() | stem),
        shortcut=shortcut,
        shortcut_norm=draw(_FLAGS),
        merge=draw(st.sampled_from(("add", "add", "concat"))),
        preactivation=draw(_FLAGS),
        stride_on=draw(st.sampled_from(("3x3", "1x1"))),
        norm=draw(_NORMS),
        norm_groups=draw(st.integers(1, 6)),
        activation=draw(st.sampled_from(("relu", "leaky_relu", "gelu", "silu"))),
        conv_bias=draw(_FLAGS),
        zero_init_residual=draw(_FLAGS),
        dropout=draw(_SHARES),
        block_dropout=draw(_SHARES),
        drop_path=draw(_SHARES),
        head=draw(st.sampled_from(("global_avg", "max_flatten"))),
    )


# with `@given(network=...)`, or `st.from_type`, a test gets networks that can be built
st.register_type_strategy(NetworkSpec, _networks().filter(lambda spec: not analyse(spec).errors))

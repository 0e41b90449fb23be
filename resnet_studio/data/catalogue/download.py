"""Fetching one file from the network: in the end it stands there whole and checked.

A download that breaks off or is stopped leaves its beginning behind, hidden beside the target, and the next one asks
for the rest only (HTTP ranges, RFC 9110, 14), where the server has the same version still.
"""

import http.client
import os
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from resnet_studio.data.catalogue.checksum import md5_of
from resnet_studio.data.catalogue.partial import Partial
from resnet_studio.data.watch import Watch
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import sync_folder

TIMEOUT = 10.0
"""Seconds without an answer after which a server counts as not reachable."""
ATTEMPTS = 4
"""How often the rest is asked for of a file whose connection breaks off, while some of it comes each time."""
_BLOCK = 1 << 18
_TOLD_EVERY = 0.1
_PACE = 5.0
_PARTIAL, _NO_SUCH_RANGE = 206, 416
_NETWORK_RAISES = (OSError, http.client.HTTPException)
"""URLError and timeouts are OSErrors too."""


class DownloadError(StudioError):
    """None of the addresses gave the file; the text names each server and its reason, without a full stop."""


class _BrokenOffError(DownloadError):
    """The connection ended before the file did."""


def download(urls: Sequence[str], md5: str, target: Path, watch: Watch) -> None:
    """Fetch a file from the first address that has it, and lay it down in one go.

    The folder is made if need be. One process at a time may fetch a file: see `fetch`, which sees to that.

    Args:
        urls: addresses of the same file, tried one after the other.
        md5: checksum that the file must have, in hexadecimal digits; what has another is removed.
        target: where the file is to stand; one that stands there is replaced.
        watch: told the bytes that have come and how many there are.

    Raises:
        DownloadError: no network, no such file, a broken connection or another checksum, at every address.
        LoadingStoppedError: the caller wants it to stop.
        StudioError: the folder can't be written.
    """
    servers: dict[str, list[str]] = {}
    for url in urls:
        try:
            _fetch(url, md5, target, watch)
        except DownloadError as error:
            servers.setdefault(str(error), []).append(urlsplit(url).netloc or url)
        except OSError as error:
            raise StudioError(f"{target} can't be written: {error.strerror or error}.") from None
        else:
            return
    raise DownloadError("; ".join(f"{reason} ({', '.join(names)})" for reason, names in servers.items()))


def _fetch(url: str, md5: str, target: Path, watch: Watch) -> None:
    """Fetch a file from one address, and once more from its start where the kept beginning turns out to be wrong."""
    partial = Partial(target, url)
    continued = partial.size > 0
    try:
        found = _receive(url, target, partial, watch)
        if found != md5 and continued:
            partial.remove()
            found = _receive(url, target, partial, watch)
        if found != md5:
            partial.remove()
            raise DownloadError(f"the checksum of what came is {found}, not {md5}")
        partial.path.chmod(0o644)
        partial.path.replace(target)
        sync_folder(target.parent)
    finally:
        partial.leave()


def _receive(url: str, target: Path, partial: Partial, watch: Watch) -> str:
    """Fetch all bytes that a server has, going on where the connection broke off, and return their md5."""
    for attempt in range(1, ATTEMPTS + 1):
        before = partial.size
        if partial.is_whole:
            break
        try:
            _receive_some(url, target, partial, watch)
        except _BrokenOffError:
            if attempt == ATTEMPTS or partial.size <= before:
                raise
        else:
            break
    return md5_of(partial.path, watch, target.name)


def _receive_some(url: str, target: Path, partial: Partial, watch: Watch) -> None:
    """Fetch what comes in one answer: the rest of the file, or all of it."""
    watch.ask(f"Downloading {target.name}")
    answer = _opened(url, partial.headers)
    if answer is None or (answer.status == _PARTIAL and not partial.goes_on(answer.headers)):
        if answer is not None:
            answer.close()
        partial.remove()
        answer = _opened(url, {})
    if answer is None:
        raise DownloadError("the server has no such part of the file")
    with answer:
        target.parent.mkdir(parents=True, exist_ok=True)
        if answer.status != _PARTIAL:
            partial.begin(answer.headers)
        with partial.path.open("ab") as file:
            _copy(answer, file, target.name, partial.total, watch)
            file.flush()
            os.fsync(file.fileno())
            if partial.total is not None and file.tell() != partial.total:
                raise _BrokenOffError(f"the connection broke off after {file.tell():,} of {partial.total:,} bytes")


def _opened(url: str, headers: dict[str, str]) -> http.client.HTTPResponse | None:
    """Return the answer of a server; None where it has no such range."""
    if not url.startswith(("https://", "http://")):
        raise DownloadError("this is no address of the web")
    request = urllib.request.Request(url, headers={"User-Agent": "resnet-studio", **headers})  # noqa: S310 - checked
    try:
        answer: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=TIMEOUT)  # noqa: S310 - likewise
    except urllib.error.HTTPError as error:
        with error:
            if error.code == _NO_SUCH_RANGE:
                return None
            raise DownloadError(_told(error)) from None
    except _NETWORK_RAISES as error:
        raise DownloadError(_told(error)) from None
    return answer


def _copy(answer: http.client.HTTPResponse, file: BinaryIO, name: str, total: int | None, watch: Watch) -> None:
    what = f"Downloading {name}"
    told, points = 0.0, deque([(time.monotonic(), file.tell())])
    while block := _block(answer):
        file.write(block)
        watch.ask(what)
        now, done = time.monotonic(), file.tell()
        if now - told >= _TOLD_EVERY:
            told = now
            points.append((now, done))
            watch(what, done, total, _rate(points), in_bytes=True)
    watch(what, file.tell(), total, in_bytes=True)


def _rate(points: deque[tuple[float, int]]) -> float | None:
    """Return bytes in a second over the last few; points of time that are older are dropped."""
    now, done = points[-1]
    while len(points) > 2 and points[0][0] < now - _PACE:
        points.popleft()
    began, before = points[0]
    return (done - before) / (now - began) if now > began else None


def _block(answer: http.client.HTTPResponse) -> bytes:
    try:
        # what is there, without waiting for more: a slow line is told and can be stopped too
        return answer.read1(_BLOCK)
    except _NETWORK_RAISES as error:
        raise _BrokenOffError(_told(error)) from None


def _told(error: Exception) -> str:
    """Return the reason of a network error, which URLError wraps once more."""
    reason = getattr(error, "reason", None) or error
    return getattr(reason, "strerror", None) or str(reason) or type(reason).__name__

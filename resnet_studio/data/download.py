"""Fetching one file from the network: all of it, checked, or nothing."""

import hashlib
import http.client
import os
import tempfile
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from resnet_studio.data.watch import Watch
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import sync_folder

TIMEOUT = 10.0
"""Seconds without an answer after which a server counts as not reachable."""
_BLOCK = 1 << 18
_NETWORK_RAISES = (OSError, http.client.HTTPException)
"""URLError and timeouts are OSErrors too."""


class DownloadError(StudioError):
    """None of the addresses gave the file; the text is the reason of the last one, without a full stop."""


def download(urls: Sequence[str], md5: str, target: Path, watch: Watch) -> None:
    """Fetch a file from the first address that has it, and lay it down in one go.

    The folder is made if need be. What a broken, stopped or wrong download left is removed.

    Args:
        urls: addresses of the same file, tried one after the other.
        md5: checksum that the file must have, in hexadecimal digits.
        target: where the file is to stand; one that stands there is replaced.
        watch: told the bytes that have come and how many there are.

    Raises:
        DownloadError: no network, no such file, a broken connection or another checksum, at every address.
        LoadingStoppedError: the caller wants it to stop.
        StudioError: the folder can't be written.
    """
    reason = "no address is known"
    for url in urls:
        try:
            with _opened(url) as answer:
                _receive(answer, md5, target, watch)
        except DownloadError as error:
            reason = f"{url}: {error}"
        except OSError as error:
            raise StudioError(f"{target} can't be written: {error.strerror or error}.") from None
        else:
            return
    raise DownloadError(reason)


def _opened(url: str) -> http.client.HTTPResponse:
    if not url.startswith(("https://", "http://")):
        raise DownloadError("this is no address of the web")
    request = urllib.request.Request(url, headers={"User-Agent": "resnet-studio"})  # noqa: S310 - checked above
    try:
        answer: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=TIMEOUT)  # noqa: S310 - likewise
    except _NETWORK_RAISES as error:
        raise DownloadError(_told(error)) from None
    return answer


def _receive(answer: http.client.HTTPResponse, md5: str, target: Path, watch: Watch) -> None:
    """Write what comes to a file beside the target, which takes its place once it is whole and checked."""
    length = answer.headers.get("Content-Length", "")
    total = int(length) if length.isdigit() else None
    digest = hashlib.md5(usedforsecurity=False)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            while block := _block(answer):
                file.write(block)
                digest.update(block)
                watch(f"Downloading {target.name}", file.tell(), total)
            file.flush()
            os.fsync(file.fileno())
        if digest.hexdigest() != md5:
            raise DownloadError(f"the checksum of what came is {digest.hexdigest()}, not {md5}")
        partial.chmod(0o644)
        partial.replace(target)
        sync_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)


def _block(answer: http.client.HTTPResponse) -> bytes:
    try:
        return answer.read(_BLOCK)
    except _NETWORK_RAISES as error:
        raise DownloadError(_told(error)) from None


def _told(error: Exception) -> str:
    """Return the reason of a network error, which URLError wraps once more."""
    reason = getattr(error, "reason", None) or error
    return getattr(reason, "strerror", None) or str(reason) or type(reason).__name__

"""The store of decoded images as the window shows it: what is kept of the source, and of all others."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Slot

from resnet_studio.gui.failures import told
from resnet_studio.gui.worker import Job, Worker

if TYPE_CHECKING:
    from resnet_studio.data.images import ImageSet
    from resnet_studio.data.store.caches import Cache
    from resnet_studio.data.watch import Progress
    from resnet_studio.gui.session import Session

State = Literal["idle", "looking", "verifying", "clearing"]


class Storing(QObject):
    """What the store holds; all work is done in the background. GUI thread.

    Attributes:
        cache: what the images that are loaded are mapped from; None: nothing, as for arrays of the size wanted.
        caches: those of all sources; None until `look_at_all`.
        state: what is being done.
        progress: of comparing with the checksums.
        error: why the last thing failed, in one sentence.
        cleared: whether what the images that are loaded were mapped from was removed.
    """

    def __init__(self, session: "Session", worker: Worker) -> None:
        super().__init__(session)
        self.cache: Cache | None = None
        self.caches: tuple[Cache, ...] | None = None
        self.state: State = "idle"
        self.progress: Progress | None = None
        self.error = ""
        self.cleared = False
        self._session, self._worker = session, worker
        self._seen: ImageSet | None = None
        self._job: Job | None = None
        session.images_changed.connect(self._images_changed)

    def look(self) -> None:
        """Look for what is kept of the images that are loaded."""
        images = self._session.images
        if images is None or not self._session.started:
            return
        spec = images.spec

        def steps(_: Job) -> Iterator[Any]:
            from resnet_studio.data.store.caches import cache_of

            yield cache_of(spec)

        self._run("looking", steps, self._take_cache)

    def look_at_all(self) -> None:
        """Look for what is kept of all sources."""
        self._run("looking", _every_cache, self._take_all)

    def verify(self) -> None:
        """Compare the pixels with their checksums, then check the files anew; what is damaged is made anew."""
        cache = self.cache
        if cache is None:
            return

        def steps(job: Job) -> Iterator[Any]:
            from resnet_studio.data.store.caches import verify
            from resnet_studio.data.watch import Watch

            yield verify(cache, Watch(job.post, job.stale))

        self._run("verifying", steps, self._take_verified)

    def clear(self, caches: "Iterable[Cache]") -> None:
        """Remove some caches; they are made anew when their images are loaded the next time."""
        gone = tuple(caches)

        def steps(job: Job) -> Iterator[Any]:
            from resnet_studio.data.store.caches import remove

            for cache in gone:
                if cache.folder.exists():
                    remove(cache)
            yield from _every_cache(job)

        self._run("clearing", steps, self._take_all)

    def cancel(self) -> None:
        """Stop, and hear no more of it."""
        if self._job is not None:
            self._job.cancel()
        self._job, self.state, self.progress = None, "idle", None

    @Slot()
    def _images_changed(self) -> None:
        """Look again once other images are there."""
        images = self._session.images
        if images is not self._seen:
            self._seen = images
            self.cache, self.cleared = None, False
            self.look()

    def _run(self, state: State, steps: Callable[[Job], Iterator[Any]], take: Callable[[list[Any]], None]) -> None:
        self.cancel()
        self.state, self.error = state, ""
        self._job = self._worker.run(steps, on_items=take, on_end=self._ended)
        self._session.store_changed.emit()

    def _take_cache(self, items: list[Any]) -> None:
        self.cache = items[-1]

    def _take_all(self, items: list[Any]) -> None:
        self.caches = items[-1]
        if self.cache is not None and self.cache.folder not in {cache.folder for cache in items[-1]}:
            self.cache, self.cleared = None, True

    def _take_verified(self, items: list[Any]) -> None:
        from resnet_studio.data.store.caches import Cache

        for item in items:
            if not isinstance(item, Cache):
                self.progress = item
                continue
            self.cache = item
            if item.state == "damaged":
                self._session.loading.reload()
            self._session.checking.restart()
        self._session.store_changed.emit()

    def _ended(self, error: BaseException | None) -> None:
        self._job, self.state, self.progress = None, "idle", None
        if error is not None:
            self.error = told(self._session, error)
        self._session.store_changed.emit()


def _every_cache(_: Job) -> Iterator[Any]:
    from resnet_studio.data.store.caches import caches

    yield tuple(caches())

"""The images that the experiment wants, loaded in the background."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from resnet_studio.gui.worker import Job, Worker
from resnet_studio.spec.errors import StudioError

if TYPE_CHECKING:
    from resnet_studio.data.images import ImageSet
    from resnet_studio.data.watch import Progress
    from resnet_studio.gui.session import Session


class Loading:
    """The images that are there, and how far those are that are wanted. GUI thread.

    Attributes:
        images: the ones loaded last; None before the first, or where what is wanted can't be loaded.
        error: why not, in one sentence.
        progress: of the loading under way, where it tells.
        active: whether one is under way.
    """

    def __init__(self, session: "Session", worker: Worker) -> None:
        self.images: ImageSet | None = None
        self.error = ""
        self.progress: Progress | None = None
        self.active = False
        self._session, self._worker = session, worker
        self._job: Job | None = None

    def reload(self) -> None:
        """Load the images that are wanted; a loading under way is dropped."""
        session = self._session
        if not session.started:
            return
        self.cancel()
        wanted, size = session.experiment.data, session.experiment.network.input_shape[1:]
        self.active, self.error, self.progress = True, "", None

        def steps(job: Job) -> Iterator[Any]:
            from resnet_studio.data.load import load

            yield load(wanted, default_size=size, progress=job.post, should_stop=job.stale)

        self._job = self._worker.run(steps, on_items=self._take, on_end=self._ended)
        session.images_changed.emit()

    def cancel(self) -> None:
        """Drop a loading under way."""
        if self._job:
            self._job.cancel()
            self._job = None
        if self.active:
            self.active, self.progress = False, None
            self._session.images_changed.emit()

    def _take(self, items: list[Any]) -> None:
        from resnet_studio.data.images import ImageSet

        for item in items:
            if isinstance(item, ImageSet):
                self.images = item
            else:
                self.progress = item
        self._session.images_changed.emit()

    def _ended(self, error: BaseException | None) -> None:
        self._job, self.active, self.progress = None, False, None
        if isinstance(error, StudioError):
            self.images, self.error = None, str(error)
        elif error is not None:
            self.images, self.error = None, f"{type(error).__name__}: {error}"
            self._session.unexpected.emit(error)
        self._session.find_again()
        self._session.images_changed.emit()

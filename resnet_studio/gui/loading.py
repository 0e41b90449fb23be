"""The images that the experiment wants, loaded in the background."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resnet_studio.gui.failures import told
from resnet_studio.gui.worker import Job, Worker
from resnet_studio.spec.data import CATALOGUE

if TYPE_CHECKING:
    from resnet_studio.data.catalogue.wanted_files import Missing
    from resnet_studio.data.images import ImageSet
    from resnet_studio.data.watch import Progress
    from resnet_studio.gui.session import Session


class Loading:
    """The images that are there, and how far those are that are wanted. GUI thread.

    Nothing is downloaded before the user has said so for that data set: `missing` tells what there is to ask.

    Attributes:
        images: the ones loaded last, until others are there; None where there are none yet, or can't be any.
        error: why not, in one sentence.
        missing: what would have to be downloaded first; None: nothing, or it is being downloaded.
        downloading: what is being downloaded; None: nothing.
        came: bytes of what is missing that a download which was broken off has left.
        progress: of the loading under way, where it tells.
        active: whether one is under way.
    """

    def __init__(self, session: "Session", worker: Worker) -> None:
        self.images: ImageSet | None = None
        self.error = ""
        self.missing: Missing | None = None
        self.downloading: Missing | None = None
        self.came = 0
        self.progress: Progress | None = None
        self.active = False
        self._session, self._worker = session, worker
        self._job: Job | None = None
        self._leave: tuple[str, str | None] | None = None
        """Source and root of the data set that may be downloaded."""

    @property
    def of_wanted(self) -> "ImageSet | None":
        """The images, unless they are still those of another source than the one that is wanted."""
        is_so = self.images is not None and self.images.source == named(self._session.experiment.data.source)
        return self.images if is_so else None

    @property
    def why_not(self) -> str:
        """Why nothing can be trained on the images that are wanted, in one sentence; empty where it can."""
        if self.missing is not None:
            return f"{self.missing.title} is not downloaded yet; the data page offers to."
        if self.downloading is not None:
            return f"{self.downloading.title} is being downloaded; training can start once it is there."
        # images that are still being loaded are loaded by the run itself
        return self.error if self.images is None else ""

    def reload(self) -> None:
        """Load the images that are wanted; a loading under way is dropped."""
        self._load(anew=False)

    def _load(self, *, anew: bool) -> None:
        session = self._session
        if not session.started:
            return
        from resnet_studio.data.catalogue.wanted_files import missing

        self._drop()
        wanted, size = session.experiment.data, session.experiment.network.input_shape[1:]
        if self._leave != (wanted.source, wanted.root):
            self._leave = None
        may_download, lacking = self._leave is not None, missing(wanted)
        self.error, self.missing = "", None
        if lacking is not None and not may_download:
            self._ask(lacking)
            return
        self.active, self.downloading = True, lacking
        if lacking is not None:
            self.images = None

        def steps(job: Job) -> Iterator[Any]:
            from resnet_studio.data.load import load

            if anew and lacking is not None:
                # here, where a download that was broken off has let go of them
                _forget(lacking)
            yield load(wanted, default_size=size, progress=job.post, should_stop=job.stale, download=may_download)

        self._job = self._worker.run(steps, on_items=self._take, on_end=self._ended)
        session.images_changed.emit()

    def download(self) -> None:
        """Download the data set that is wanted, then load it; edits of how it is prepared don't end that."""
        data = self._session.experiment.data
        self._leave = (data.source, data.root)
        self.reload()

    def download_anew(self) -> None:
        """Download the data set from the start: what a download has left is thrown away."""
        data = self._session.experiment.data
        self._leave = (data.source, data.root)
        self._load(anew=True)

    def cancel(self) -> None:
        """Drop a loading under way; of a download that is broken off, what has come is kept to go on with."""
        if not self.active:
            return
        lacking = self.downloading
        self._drop()
        if lacking is not None:
            self._leave = None
            self._ask(lacking)
        else:
            # those before are not what is wanted, and nothing would make others of them
            self.images = None
            self._session.find_again()
            self._session.images_changed.emit()

    def _drop(self) -> None:
        if self._job:
            self._job.cancel()
            self._job = None
        self.active, self.progress, self.downloading = False, None, None

    def _ask(self, lacking: "Missing") -> None:
        """Show what would have to be downloaded, and wait for `download`."""
        from resnet_studio.data.catalogue.partial import bytes_kept

        self.images, self.missing, self.downloading = None, lacking, None
        self.came = sum(bytes_kept(lacking.folder / file) for file in lacking.files)
        self._session.find_again()
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
        from resnet_studio.data.catalogue.wanted_files import NotDownloadedError

        self._job, self.active, self.progress, self.downloading = None, False, None, None
        if isinstance(error, NotDownloadedError):
            # files that went between the look and the loading
            self._ask(error.missing)
            return
        if error is not None:
            self.images, self.error = None, told(self._session, error)
        else:
            self._leave = None
        self._session.find_again()
        self._session.images_changed.emit()


def named(source: str) -> str:
    """Return a source as images and reports carry it: a name of the catalogue, or an absolute path."""
    return source if source in CATALOGUE else str(Path(source).expanduser().absolute())


def _forget(lacking: "Missing") -> None:
    """Throw away what has come of files that aren't whole. Loader's thread."""
    from resnet_studio.data.catalogue.partial import forget

    for file in lacking.files:
        forget(lacking.folder / file)

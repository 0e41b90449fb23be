"""The check of the data, in the background: what is wrong with the images, and what the studio does about it.

A folder is walked through at once. The loading of the images looks at every file anyway and keeps what it finds, so
the rest waits for its end; nothing is decoded twice. What is no folder is looked at once it is loaded.
"""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Slot

from resnet_studio.gui.failures import told
from resnet_studio.gui.loading import named
from resnet_studio.gui.worker import Job, Worker
from resnet_studio.spec.data import CATALOGUE, DataSpec

if TYPE_CHECKING:
    from resnet_studio.data.checks.check import Report
    from resnet_studio.data.watch import Progress
    from resnet_studio.gui.session import Session

State = Literal["idle", "walking", "waiting", "checking", "stopped", "done", "failed"]
"""idle: nothing was asked for; walking: through the folders; waiting: for the images to be loaded, which looks at each;
checking: image by image; stopped: by the user; done: the report is complete; failed: `error` says why."""


class Checking(QObject):
    """The newest report on the data that are wanted; one on others is never taken. GUI thread.

    Attributes:
        report: what is known so far; it stays until another comes.
        state: how far it is.
        error: why there is no report, in one sentence.
        progress: of the check, where it tells.
        checked_at: when the report was complete, in seconds since the epoch.
    """

    def __init__(self, session: "Session", worker: Worker) -> None:
        super().__init__(session)
        self.report: Report | None = None
        self.state: State = "idle"
        self.error = ""
        self.progress: Progress | None = None
        self.checked_at: float | None = None
        self._session, self._worker = session, worker
        self._job: Job | None = None
        self._told = False
        """Whether the check under way has given a report."""
        self._wanted: DataSpec | None = None
        self._mark: tuple[object, ...] = ()
        """What tells the images that were there last from others; empty: none of this source were."""
        session.images_changed.connect(self._loading_changed)

    @property
    def of_wanted(self) -> "Report | None":
        """The report, unless it is still one on another source than the one that is wanted."""
        is_so = self.report is not None and self.report.source == named(self._session.experiment.data.source)
        return self.report if is_so else None

    @property
    def active(self) -> bool:
        """Whether something is being looked at in the background."""
        return self.state in {"walking", "checking"}

    def follow(self) -> None:
        """Check anew where the data that are wanted are others now; most of their fields say nothing of the files."""
        if self._wanted is None or _about(self._session.experiment.data) != _about(self._wanted):
            self._mark = ()
            self.restart()

    @property
    def can_go_on(self) -> bool:
        """Whether `go_on` would tell more: the check was stopped, or the loading that it waits for was."""
        held = self.state == "waiting" and not self._session.loading.active
        return self._session.started and (held or self.state in {"stopped", "failed"}) and self._is_there()

    def restart(self) -> None:
        """Check the data that are wanted from the start; a check under way is dropped."""
        self._begin(first_only=True)

    def go_on(self) -> None:
        """Look at all images now, at the speed of decoding where nothing is known of them yet."""
        self._begin(first_only=False)

    def stop(self) -> None:
        """Stop; what is known so far stays, and `go_on` goes on."""
        if self.active:
            self.cancel()
            self._be("stopped")

    def cancel(self) -> None:
        """Stop, and hear no more of it."""
        if self._job is not None:
            self._job.cancel()
        self._job, self.progress = None, None

    def _begin(self, *, first_only: bool) -> None:
        if not self._session.started:
            return
        self.cancel()
        data = self._wanted = self._session.experiment.data
        size = self._session.experiment.network.input_shape[1:]
        self.error, self._told = "", False

        def steps(job: Job) -> Iterator[Any]:
            from resnet_studio.data.checks.check import check

            if first_only and not _is_folder(data):
                return
            found = check(data, progress=job.post, should_stop=job.stale, download=False, default_size=size)
            with closing(found) as reports:
                first = next(reports)
                yield first
                if not first_only or _is_known(first):
                    yield from reports

        self._job = self._worker.run(steps, on_items=self._take, on_end=self._ended)
        self._be("walking" if first_only else "checking")

    def _take(self, items: list[Any]) -> None:
        from resnet_studio.data.checks.check import Report

        for item in items:
            if isinstance(item, Report):
                self.report, self.progress, self._told = item, item.progress, True
            else:
                self.progress = item
        self._session.check_changed.emit()

    def _ended(self, error: BaseException | None) -> None:
        self._job, self.progress = None, None
        if error is not None or not self._is_of_wanted():
            # where no report has come, the one that stands may be of another source
            self.report = None
        if error is not None:
            self.error = told(self._session, error)
            self._be("failed")
        elif self._told and self.report is not None and self.report.is_complete:
            self.checked_at = time.time()
            self._be("done")
        else:
            self._be("waiting")
            self._loading_changed()

    @Slot()
    def _loading_changed(self) -> None:
        """Go on once the images that it waits for are there; where they can't be loaded, that is left to the user.

        Where the images that come say that the source was changed since it was checked, it is checked again.
        """
        images = self._session.images
        if images is None or self._session.loading.active or not self._has_images():
            return
        before, self._mark = self._mark, (images.fingerprint, images.skipped)
        if self.state == "waiting":
            self.go_on()
        elif self.state == "failed" or (self.state == "done" and self._is_outdated(before)):
            self.restart()

    def _is_outdated(self, before: tuple[object, ...]) -> bool:
        """Whether images were loaded that the report says can't be, or others than those before."""
        refused = self.report is not None and not self.report.can_train
        return refused or before not in ((), self._mark)

    def _has_images(self) -> bool:
        images = self._session.images
        return images is not None and self._wanted is not None and images.source == named(self._wanted.source)

    def _is_there(self) -> bool:
        """Whether a check would have something to look at; it downloads nothing."""
        return self._wanted is not None and (self._wanted.source not in CATALOGUE or self._has_images())

    def _is_of_wanted(self) -> bool:
        return self.of_wanted is not None

    def _be(self, state: State) -> None:
        self.state = state
        self._session.check_changed.emit()


def _about(data: DataSpec) -> tuple[object, ...]:
    """What of the data a check depends on: which images, and how those that differ in shape are made equal."""
    is_array = data.source in CATALOGUE or data.source.lower().endswith(".npz")
    shape = () if is_array else (data.resize, data.image_size)
    return data.source, data.root, data.validation, *shape


def _is_folder(data: DataSpec) -> bool:
    return data.source not in CATALOGUE and Path(data.source).expanduser().is_dir()


def _is_known(report: "Report") -> bool:
    """Whether all images were looked at before, so that the rest of the check takes no time."""
    progress = report.progress
    return progress is None or progress.done == progress.total

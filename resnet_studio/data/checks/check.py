"""Looking through a data set before training: what is wrong with it, and what the studio will do about that.

First comes what a walk through the folders says, then, at the speed of decoding, what the images say one by one. That
is found once and kept; loading the images finds it too. Nothing in the user's folder is changed.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np

from resnet_studio.data.checks.balance import balance_findings, split_findings
from resnet_studio.data.checks.files import Files
from resnet_studio.data.checks.finding import DataFinding
from resnet_studio.data.checks.layout import layout_findings
from resnet_studio.data.checks.pictures import Gallery
from resnet_studio.data.checks.report import Looked, Pace, Report
from resnet_studio.data.checks.shapes import Wanted
from resnet_studio.data.decoding.examine import Facts, hashed_pixels, spreads
from resnet_studio.data.decoding.same import same_picture
from resnet_studio.data.images import Images, Labels, printable
from resnet_studio.data.load import open_source
from resnet_studio.data.sources.source import TRAIN, Source
from resnet_studio.data.sources.survey import Survey, survey
from resnet_studio.data.store.facts import keep_facts
from resnet_studio.data.watch import LoadingStoppedError, Progress, Watch
from resnet_studio.spec.data import CATALOGUE, DataSpec
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.paths import absolute, is_folder

__all__ = ["Report", "check"]

_CHUNK = 1000
"""Images of an array that are looked at before it is asked whether to stop."""


def check(
    spec: DataSpec,
    *,
    progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    download: bool = True,
    default_size: tuple[int, int] | None = None,
) -> Generator[Report, None, None]:
    """Look through a data set and yield what is known so far, about three times a second; the last is complete.

    The first report of a folder comes after the walk, before any file is opened. Closing the generator ends its
    threads and processes. It runs in the thread that takes the reports, any will do.

    Args:
        spec: names the source, the size and shape that its images get, and which of them validate.
        progress: told how far a download or the walk is, before the first report.
        should_stop: asked every tenth of a second.
        download: files of a data set of the catalogue that aren't there are downloaded first.
        default_size: height and width of the images of a folder where `image_size` is null and they differ in size.

    Raises:
        LoadingStoppedError: `should_stop` said so.
        NotDownloadedError: files aren't there, and `download` is false.
        StudioError: there is no such source, or one that isn't a folder is damaged.
    """
    watch = Watch(progress, should_stop)
    path = absolute(spec.source)
    wanted = Wanted(spec.resize, spec.image_size, default_size)
    if spec.source not in CATALOGUE and is_folder(path):
        yield from _check_folder(path, spec, wanted, watch)
        return
    source = open_source(spec, watch, download=download)
    if source.identity is not None:
        yield from _check_files(source, spec, wanted, watch)
    else:
        yield from _check_arrays(source, spec, watch)


def _check_folder(path: Path, spec: DataSpec, wanted: Wanted, watch: Watch) -> Generator[Report, None, None]:
    try:
        found = survey(path, watch)
    except LoadingStoppedError:
        raise
    except StudioError as error:
        yield Report(
            str(path), printable(path.name), (), {}, {}, (DataFinding("error", "layout", str(error), "stop"),), None
        )
        return
    # classes that training lacks are looked at too
    names = (*found.class_names, *found.unknown)
    listed = {part: _listed(found, part, names) for part in found.classes}
    shown, trained = tuple(map(printable, names)), len(found.class_names)
    counts = {part: np.bincount(labels, minlength=len(names))[:trained] for part, (labels, _) in listed.items()}
    first = list(layout_findings(found))
    if trained:
        first += balance_findings(shown[:trained], counts)
    if trained > 1:
        first += split_findings(counts, spec)
    total_bytes = sum(file.size for part in found.classes for file in found.files(part))
    gallery = Gallery(shown, wanted, partial(same_picture, found.path))
    looked = Looked(str(path), printable(path.name), shown[:trained], counts, first, gallery, total_bytes)
    yield from _look_through(Files(found.path, found.identity, total_bytes, listed), looked, watch)


def _check_files(source: Source, spec: DataSpec, wanted: Wanted, watch: Watch) -> Generator[Report, None, None]:
    """Look through a data set of the catalogue that is made of photographs."""
    counts = {name: np.bincount(part.labels, minlength=len(source.class_names)) for name, part in source.parts.items()}
    first = [*balance_findings(source.class_names, counts), *split_findings(counts, spec)]
    root = source.parts[TRAIN].root
    gallery = Gallery(source.class_names, wanted, partial(same_picture, root))
    total_bytes = sum(part.total_bytes for part in source.parts.values())
    looked = Looked(source.name, source.title, source.class_names, counts, first, gallery, total_bytes)
    listed = {name: (part.labels, list(part.names)) for name, part in source.parts.items()}
    files = Files(root, str(source.identity), total_bytes, listed)
    yield from _look_through(files, looked, watch)


def _look_through(files: Files, looked: Looked, watch: Watch) -> Generator[Report, None, None]:
    """Yield what is known so far of images that are files, as they are decoded; what was found before comes at once."""
    listed, what = files.listed, f"Checking {looked.title}"
    total = sum(len(names) for _, names in listed.values())
    # to read what is known takes a second where there are very many
    yield looked.report(Progress(what, total if files.are_known else 0, total))
    known = files.known()
    every: dict[str, list[Facts]] = {part: [] for part in listed}
    pace = Pace(looked, what, total)
    with closing(files.facts(known, watch)) as chunks:
        for part, (labels, names) in listed.items():
            while len(every[part]) < len(names):
                start, chunk = len(every[part]), next(chunks)
                every[part].extend(chunk)
                for number, facts in enumerate(chunk, start):
                    looked.gallery.add(part, int(labels[number]), names[number], facts)
                yield from pace.report(sum(map(len, every.values())))
    yield looked.complete(*(() if known else _kept(files.identity, every)))


def _kept(identity: str, every: dict[str, list[Facts]]) -> Iterator[DataFinding]:
    """Keep what was found, or yield why that can't be: the findings are as true without."""
    try:
        keep_facts(identity, every)
    except StudioError as error:
        sentence = f"What was found can't be kept, so that the next check takes as long as this one: {error}"
        yield DataFinding("info", "not_kept", sentence, "nothing")


def _listed(found: Survey, part: str, names: Sequence[str]) -> tuple[Labels, list[str]]:
    """Return the class and the name of each image of a part, in the order in which they are loaded."""
    classes = found.classes[part]
    files = [[file.name for file in classes.get(name, ())] for name in names]
    return np.repeat(np.arange(len(names)), [len(one) for one in files]), [file for one in files for file in one]


def _check_arrays(source: Source, spec: DataSpec, watch: Watch) -> Generator[Report, None, None]:
    classes = len(source.class_names)
    counts = {name: np.bincount(part.labels, minlength=classes) for name, part in source.parts.items()}
    first = [*balance_findings(source.class_names, counts), *split_findings(counts, spec)]
    looked = Looked(source.name, source.title, source.class_names, counts, first, Gallery(source.class_names))
    total, done = sum(len(part.labels) for part in source.parts.values()), 0
    what = f"Checking {source.title}"
    yield looked.report(Progress(what, 0, total))
    pace = Pace(looked, what, total)
    for name, part in source.parts.items():
        for number, (label, facts) in enumerate(zip(part.labels.tolist(), _of_array(part.array), strict=True)):
            looked.gallery.add(name, label, f"{name}[{number}]", facts)
            done += 1
            if done % _CHUNK == 0:
                watch.ask("Checking")
                yield from pace.report(done)
    yield looked.complete()


def _of_array(array: Images | None) -> Iterator[Facts]:
    """Yield what is known of each image; where other threads are busy, few long calls are served sooner than many."""
    if array is None:
        return
    for start in range(0, len(array), _CHUNK):
        images = np.ascontiguousarray(array[start : start + _CHUNK])
        height, width = images.shape[1:3]
        for image, apart in zip(images, spreads(images).tolist(), strict=True):
            yield Facts(height=height, width=width, pixels=hashed_pixels(image), spread=apart)

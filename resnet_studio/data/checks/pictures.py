"""What can be said of a data set once its images were looked at one by one."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from resnet_studio.data.checks.finding import Action, DataFinding, Severity
from resnet_studio.data.checks.shapes import Wanted, shape_findings
from resnet_studio.data.decoding.examine import Facts
from resnet_studio.data.decoding.image_error import FORMAT_OF, MAX_PIXELS, MAX_WEBP_PIXELS
from resnet_studio.data.images import counted
from resnet_studio.data.sources.source import VALIDATION

_FIRSTS = 8
"""How many different pictures whose small copies are alike are told apart; more would be compared for ever."""
CONSTANT = 13
"""Images are near-constant whose values lie less than this apart: 5 % of 255, as scikit-image measures contrast."""


@dataclass(frozen=True)
class _Rule:
    """A kind of image, and what is said of those that are."""

    severity: Severity
    kind: str
    action: Action
    is_so: Callable[[str, Facts], bool]
    one: str
    many: str


def _has(problem: str) -> Callable[[str, Facts], bool]:
    return lambda _name, facts: facts.problem == problem


def _skipped(kind: str, one: str, many: str) -> _Rule:
    return _Rule("warning", kind, "skip", _has(kind), f"1 {one} and is skipped.", f"{{}} {many} and are skipped.")


_MOST = f"{MAX_PIXELS / 1e6:.0f} million pixels (a WebP {MAX_WEBP_PIXELS / 1e6:.0f} million)"
_RULES = (
    _skipped("truncated", "image is cut short", "images are cut short"),
    _skipped("damaged", "image is damaged", "images are damaged"),
    _skipped("not_image", "file with the name of an image is none", "files with the names of images are none"),
    _skipped(
        "bomb",
        f"image claims more than {_MOST}, as decompression bombs do,",
        f"images claim more than {_MOST}, as decompression bombs do,",
    ),
    _skipped("unreadable", "file can't be read from the disk", "files can't be read from the disk"),
    _Rule(
        "warning",
        "constant",
        "nothing",
        lambda _name, facts: not facts.problem and facts.spread < CONSTANT,
        "1 image is of one colour nearly everywhere; look whether it shows anything.",
        "{} images are of one colour nearly everywhere; look whether they show anything.",
    ),
    _Rule(
        "info",
        "animated",
        "convert",
        lambda _name, facts: facts.animated,
        "1 image has several frames or pages: the first is used.",
        "{} images have several frames or pages: the first of each is used.",
    ),
    _Rule(
        "info",
        "cmyk",
        "convert",
        lambda _name, facts: facts.mode in {"CMYK", "YCbCr", "LAB", "HSV"},
        "1 image is made for print (CMYK) or in other colours: it is converted to RGB.",
        "{} images are made for print (CMYK) or in other colours: they are converted to RGB.",
    ),
    _Rule(
        "info",
        "deep",
        "convert",
        lambda _name, facts: facts.deep,
        "1 image has 16 bits a channel or more: it is converted to 8 bits.",
        "{} images have 16 bits a channel or more: they are converted to 8 bits.",
    ),
    _Rule(
        "info",
        "transparent",
        "convert",
        lambda _name, facts: facts.transparent,
        "1 image can be seen through in places: it is laid on white.",
        "{} images can be seen through in places: they are laid on white.",
    ),
    _Rule(
        "info",
        "rotated",
        "convert",
        lambda _name, facts: facts.turned,
        "1 image is turned upright, as its EXIF data say.",
        "{} images are turned upright, as their EXIF data say.",
    ),
    _Rule(
        "info",
        "wrong_ending",
        "nothing",
        lambda name, facts: bool(facts.format) and FORMAT_OF.get(f".{name.rpartition('.')[2].lower()}") != facts.format,
        "1 file has the ending of another format: it is read as what it is.",
        "{} files have the ending of another format: they are read as what they are.",
    ),
)


@dataclass
class Gallery:
    """Takes the images one after the other, and says at any time what is known of them so far."""

    class_names: tuple[str, ...]
    wanted: Wanted = field(default_factory=lambda: Wanted("pad"))
    """What the images are made into."""
    same: Callable[[str, str], bool] = lambda _one, _other: True
    """Whether two files with the same hash show the same; where the hash is of all pixels, they do."""
    sizes: Counter[tuple[int, int]] = field(default_factory=Counter)
    """How many images have a height and width, upright; those that can't be used have none."""
    _names: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _labels: list[int] = field(default_factory=list)
    _heights: list[int] = field(default_factory=list)
    """Of each image; 0 for those that can't be used."""
    _widths: list[int] = field(default_factory=list)
    _of_kind: dict[str, list[int]] = field(default_factory=dict)
    _firsts: dict[tuple[str, int, int], list[int]] = field(default_factory=dict)
    """The first image of each picture, by hash and size; small copies of different ones may be alike."""
    _twins: dict[int, list[int]] = field(default_factory=dict)
    """All images of each picture that was seen twice, by its first."""

    def add(self, part: str, label: int, name: str, facts: Facts) -> None:
        """Take the next image."""
        number = len(self._names)
        self._names.append(name)
        self._parts.append(part)
        self._labels.append(label)
        self._heights.append(facts.height)
        self._widths.append(facts.width)
        if not facts.problem:
            self.sizes[facts.height, facts.width] += 1
        for rule in _RULES:
            if rule.is_so(name, facts):
                self._of_kind.setdefault(rule.kind, []).append(number)
        # two empty pages are no twins
        if not facts.problem and facts.spread >= CONSTANT:
            firsts = self._firsts.setdefault((facts.pixels, facts.height, facts.width), [])
            first = next((one for one in firsts if self.same(self._names[one], name)), None)
            if first is not None:
                self._twins.setdefault(first, [first]).append(number)
            elif len(firsts) < _FIRSTS:
                firsts.append(number)

    def findings(self) -> Iterator[DataFinding]:
        """Yield what is known so far."""
        for rule in _RULES:
            if numbers := self._of_kind.get(rule.kind):
                message = counted(len(numbers), rule.one, rule.many)
                yield DataFinding(rule.severity, rule.kind, message, rule.action, self._named(numbers))
        yield from shape_findings(self._heights, self._widths, self._names, self.wanted)
        yield from self._alike()

    def unusable(self, part: str) -> Iterator[DataFinding]:
        """Yield what keeps training from starting, once all images of a part were taken: classes without a usable one.

        Args:
            part: whose classes need an image each.
        """
        numbers = [number for number, one in enumerate(self._parts) if one == part]
        usable = {self._labels[number] for number in numbers if self._heights[number]}
        for label in sorted({self._labels[number] for number in numbers} - usable):
            files = self._named([number for number in numbers if self._labels[number] == label])
            yield DataFinding(
                "error",
                "unusable_class",
                f"None of the {len(files):,} {part} images of the class {self.class_names[label]} can be used; mend "
                "them or take the class out.",
                "stop",
                files,
            )

    def has_usable(self, part: str) -> bool:
        """Whether an image of a part can be used."""
        return any(height and one == part for height, one in zip(self._heights, self._parts, strict=True))

    def _alike(self) -> Iterator[DataFinding]:
        across = [twins for twins in self._twins.values() if len({self._parts[one] for one in twins}) > 1]
        within = [
            same
            for twins in self._twins.values()
            for part in dict.fromkeys(self._parts[one] for one in twins)
            if len(same := [one for one in twins if self._parts[one] == part]) > 1
        ]
        torn = [twins for twins in self._twins.values() if len({self._labels[one] for one in twins}) > 1]
        yield from self._group(
            "leakage",
            across,
            "1 picture is in more than one split: leakage, it is tested on what was trained on; left where it is.",
            "{} pictures are in more than one split: leakage, they are tested on what was trained on; left where they "
            "are.",
        )
        yield from self._group(
            "conflict",
            torn,
            "1 picture is in more than one class; one of them is wrong.",
            "{} pictures are in more than one class; all but one are wrong each time.",
        )
        is_held_out = within and VALIDATION not in self._parts
        torn_apart = "; those that are held out at random may have a twin that trains" if is_held_out else ""
        yield from self._group(
            "duplicate",
            within,
            f"1 picture is in its split more than once, and counts as often{torn_apart}.",
            f"{{}} pictures are in their split more than once, and count as often{torn_apart}.",
        )

    def _group(self, kind: str, groups: list[list[int]], one: str, many: str) -> Iterator[DataFinding]:
        if groups:
            named = tuple(self._named(numbers) for numbers in groups)
            files = tuple(file for group in named for file in group)
            yield DataFinding("warning", kind, counted(len(groups), one, many), "nothing", files, named)

    def _named(self, numbers: list[int]) -> tuple[str, ...]:
        return tuple(self._names[number] for number in numbers)

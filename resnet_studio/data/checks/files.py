"""The files of a source that a check looks at, and what is known of each, from a look before or from this one."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from resnet_studio.data.decoding.decode import Decoding
from resnet_studio.data.decoding.examine import Facts
from resnet_studio.data.decoding.image_error import is_given
from resnet_studio.data.decoding.workers import examined_in_order
from resnet_studio.data.images import Labels
from resnet_studio.data.store.facts import has_facts, known_facts
from resnet_studio.data.watch import Watch

_LOOK = Decoding((96, 96), 3, "stretch")
"""How images are decoded that are only looked at: small, but no two different ones become equal."""
_CHUNK = 1000
"""Known files that are given at once."""


@dataclass(frozen=True)
class Files:
    """The files of a source that are looked at."""

    root: Path
    identity: str
    """Changes whenever the files may have changed."""
    total_bytes: int
    listed: Mapping[str, tuple[Labels, list[str]]]
    """The class and the name of each image of each part, in the order in which they are loaded."""

    @property
    def are_known(self) -> bool:
        """Whether they have probably been looked at before; this takes no time, `known` may."""
        return has_facts(self.identity)

    def known(self) -> dict[str, list[Facts]] | None:
        """Return what is known of every file of each part from a look before; None: not of all, or not any more."""
        found = known_facts(self.identity)
        return found if found is not None and self._fit(found) else None

    def facts(
        self, known: Mapping[str, Sequence[Facts]] | None, watch: Watch
    ) -> Generator[Sequence[Facts], None, None]:
        """Yield what is known of the files of all parts, in chunks and in order; they are decoded where nothing is.

        Args:
            known: see the method.
            watch: asked whether to stop while files are decoded.

        Raises:
            LoadingStoppedError: the caller wants it to stop.
        """
        if known is not None:
            yield from (
                ones[start : start + _CHUNK] for ones in known.values() for start in range(0, len(ones), _CHUNK)
            )
            return
        parts = [names for _, names in self.listed.values()]
        chunks = examined_in_order(
            self.root, parts, _LOOK, total_bytes=self.total_bytes, keep=False, idle=lambda: watch.ask("Checking")
        )
        with closing(chunks):
            for chunk in chunks:
                watch.ask("Checking")
                yield chunk.facts

    def _fit(self, known: Mapping[str, Sequence[Facts]]) -> bool:
        """Whether facts are of all these files, and what the disk denied then is denied still."""
        counts = {part: len(names) for part, (_, names) in self.listed.items()}
        return {part: len(ones) for part, ones in known.items()} == counts and not any(
            facts.problem == "unreadable" and is_given(self.root / self.listed[part][1][number])
            for part, ones in known.items()
            for number, facts in enumerate(ones)
        )

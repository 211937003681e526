"""A site that was built elsewhere -> a folder where readers are, by the moves of any other publication.

What is not the bulletin's stays as it is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from msgspec import Struct

from bulletin.digests import digest_of_bytes
from bulletin.problems import BuildFailed, Problem, problem
from bulletin.publishing import moves, removals
from bulletin.publishing.changes import Changes
from bulletin.publishing.publish import Publisher
from bulletin.publishing.space import check_space


class Transfer(Struct, frozen=True, kw_only=True):
    """What is to be done to a folder so that it holds a site; `digests` are those of the site's files, by path."""

    site: Path
    digests: Mapping[str, str]
    changes: Changes
    others: frozenset[str]
    """The files there that are not the bulletin's, and stay."""
    spelt: tuple[str, ...]
    """The files that are there under a name which the disk takes for theirs."""
    altered: tuple[str, ...]
    """The files there that somebody has changed or removed since they were published."""

    def make(self, publisher: Publisher, sources: int, manifest: bytes) -> tuple[Problem, ...]:
        """Put all in its place, under the lock of the publisher; return warnings. Raise as `Publisher.publish` does."""
        coming = (*self.changes.added, *self.changes.changed)
        check_space(publisher.folder, len(coming), self._size(coming))
        new = {*self.changes.added}
        for path in coming:
            present = None if path in new else ""
            staged = publisher.stage(path, moves.read(self.site, path) or b"", present=present)
            if staged.digest != self.digests[path]:
                raise BuildFailed((problem(path, 1, "staged-file-altered", found=str(self.site)),))
        for path in self.spelt:
            publisher.respell(path)
        return publisher.publish(self.changes, self.digests, sources=sources, others=self.others, manifest=manifest)

    def _size(self, paths: Iterable[str]) -> int:
        """Return the bytes of files of the site together."""
        return sum(file.stat().st_size for path in paths if (file := self.site / path).is_file())


def plan_transfer(
    publisher: Publisher, site: Path, digests: Mapping[str, str], published: Mapping[str, str] | None
) -> Transfer:
    """Return what is to be done so that the publisher's folder holds a site.

    `published` are the digests of the files that were published there, by path; None if nobody knows.
    """
    present: dict[str, Any] = dict(publisher.present())
    spelt = match_spelling(publisher, present, digests.keys())
    standing = {path: _digest(publisher.output, path) for path in present}
    ours = _ours(publisher, present.keys() - digests.keys(), published)
    changes = Changes(removed=sorted(ours))
    for path, digest in digests.items():
        found = standing.get(path)
        status = changes.unchanged if found == digest else changes.added if path not in present else changes.changed
        status.append(path)
    return Transfer(
        site=site,
        digests=digests,
        changes=changes,
        others=frozenset(present.keys() - digests.keys() - ours),
        spelt=tuple(spelt),
        altered=tuple(path for path, digest in (published or {}).items() if standing.get(path) != digest),
    )


def match_spelling(publisher: Publisher, present: dict[str, Any], wanted: AbstractSet[str]) -> list[str]:
    """Take a file for a wanted one if the disk makes no difference between their names, and they are one.

    Taken for two, it would be put in place under the one name and removed under the other. `present` gets the wanted
    names, which are returned.
    """
    spelt: list[str] = []
    if not (unwanted := present.keys() - wanted):
        return spelt
    lacking = {path.casefold(): path for path in wanted - present.keys()}
    for path in sorted(unwanted):
        other = lacking.get(path.casefold())
        if other is not None and publisher.is_one_file(path, other):
            present[other] = present.pop(path)
            spelt.append(other)
    return spelt


def _ours(publisher: Publisher, left: AbstractSet[str], published: Mapping[str, str] | None) -> frozenset[str]:
    """Return the files that no longer belong to the site and were the bulletin's."""
    restored = publisher.restored_files()
    if published is not None:
        return frozenset(left & (published.keys() | restored))
    return frozenset(left) - removals.strays(left, restored, publisher.output)


def _digest(output: Path, path: str) -> str | None:
    """Return the digest of a file; None for what is no regular file, or is reached through a link."""
    data = moves.read(output, path)
    return None if data is None else digest_of_bytes(data)

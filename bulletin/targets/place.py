"""What every kind of target can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from bulletin.problems import Problem, problem
from bulletin.publishing.changes import Changes
from bulletin.targets.release import Manifest, Release
from bulletin.targets.target import Target

_NAMED = 5
"""Altered files that are named one by one."""


class Put(Struct, frozen=True, kw_only=True):
    """What was changed where readers are, and warnings."""

    changes: Changes
    problems: tuple[Problem, ...]


def altered(target: Target, paths: Sequence[str]) -> tuple[Problem, ...]:
    """Return the warning about files that somebody has changed or removed at a target since they were published."""
    if not paths:
        return ()
    names = ", ".join(f"«{path}»" for path in sorted(paths)[:_NAMED]) + (", …" if len(paths) > _NAMED else "")
    return (problem(target.to, 1, "target-altered", "warning", count=str(len(paths)), names=names),)


class Place(Protocol):
    """Where readers are. Whatever cannot be reached or written to raises Unreachable."""

    @property
    def manifest(self) -> str:
        """The manifest, as people find it."""
        ...

    def finish(self) -> tuple[Problem, ...]:
        """End a publication that was killed: in the new site, else in the old one; return warnings."""
        ...

    def standing(self) -> Release:
        """Return what readers have."""
        ...

    def put(self, after: Release, expected: str, manifest: Manifest) -> Put:
        """Put a release where readers are; raise BuildFailed if what stands there is not of the version `expected`."""
        ...

    def undo(self) -> Put:
        """Bring the release before back; raise Refused if none is kept."""
        ...

    def history(self) -> Sequence[float]:
        """Return when the publications were made that can be taken back, the newest first (seconds since 1970)."""
        ...

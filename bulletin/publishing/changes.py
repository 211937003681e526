"""How a site differs from what stands in output/."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field


class Changes(Struct, kw_only=True):
    """How output/ differs from the site that is to be published; paths are relative to output/."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def add(self, file: Staged) -> None:
        """Add a file where it belongs."""
        {"added": self.added, "changed": self.changed, "unchanged": self.unchanged}[file.status].append(file.path)

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.changed or self.removed)


Status = Literal["added", "changed", "unchanged"]
PresentDigest = str | None
"""The digest of the file that output/ has at a path; UNKNOWN where only a look tells, None if it has none."""
UNKNOWN = ""


class Staged(Struct, frozen=True, kw_only=True):
    """A finished file: how it compares with output/."""

    path: str
    digest: str
    status: Status

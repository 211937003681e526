"""The differences between output/ and the site that is about to be published."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field


class Changes(Struct, kw_only=True):
    """How output/ differs from the site that is about to be published; paths are relative to output/."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    others: int = 0
    """How many more files are unchanged, which nobody has named."""

    def add(self, file: FinishedFile) -> None:
        """Add a file to the list for its status."""
        {"added": self.added, "changed": self.changed, "unchanged": self.unchanged}[file.status].append(file.path)

    @property
    def staying(self) -> int:
        """How many files are unchanged."""
        return len(self.unchanged) + self.others

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.removed)


Status = Literal["added", "changed", "unchanged"]
PresentDigest = str | None
"""The digest of the file at a path of output/: None if there is no file, UNKNOWN if it has to be read first."""
UNKNOWN = ""


class FinishedFile(Struct, frozen=True, kw_only=True):
    """A finished file, and how it compares with the one in output/."""

    path: str
    digest: str
    status: Status

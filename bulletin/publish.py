"""Finished files -> output/. Nothing there is touched until all of them stand in a staging folder beside it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from bulletin.files import files_below
from bulletin.problems import refuse

GENERATOR = b'<meta name="generator" content="ban-tin">'
"""Stands in every page; in 404.html it tells that a folder is a bulletin and may be written to."""
_NOT_FOUND = "404.html"
_DATA = (".xml", ".csv", ".json")


@dataclass(slots=True, kw_only=True)
class Changes:
    """How output/ differs from the site that is to be published; paths are relative to output/."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


class Staging:
    """A folder in which the site is made ready; `beside` output/, so that a file moves into place in one step."""

    def __init__(self, output: Path, folder: Path) -> None:
        self.output = output
        self.folder = folder
        self.changes = Changes()

    @classmethod
    def beside(cls, output: Path) -> Staging:
        return cls(output, output.absolute().parent / f".{output.name}.staging")

    @classmethod
    def elsewhere(cls, output: Path) -> Staging:
        """Return a folder for a site that is made ready only to be looked at."""
        return cls(output, Path(tempfile.mkdtemp(prefix="ban-tin-")))

    def __enter__(self) -> Self:
        # What a killed build left behind cannot be trusted.
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def put(self, path: str, data: bytes) -> None:
        """Stage a file, unless output/ holds the same bytes already."""
        current = _read(self.output / path)
        if current == data:
            self.changes.unchanged.append(path)
            return
        staged = self.folder / path
        staged.parent.mkdir(parents=True, exist_ok=True)
        staged.write_bytes(data)
        (self.changes.added if current is None else self.changes.changed).append(path)

    def read(self, path: str) -> str:
        """Return the text of a file as it will be."""
        staged = self.folder / path
        return (staged if staged.exists() else self.output / path).read_text(encoding="utf-8")

    def leave_only(self, paths: AbstractSet[str]) -> None:
        """Mark every other file of output/ for removal."""
        self.changes.removed = sorted(path for path in files_below(self.output) if path not in paths)

    def publish(self) -> None:
        """Put every file in its place, each in one step, so that every link leads somewhere at every instant."""
        for path in sorted((*self.changes.added, *self.changes.changed), key=self._turn):
            place = self.output / path
            _make_way(place, self.output)
            (self.folder / path).replace(place)
        for path in self.changes.removed:
            # What stood where a folder was needed is gone already.
            if not _is_folder(self.output / path):
                (self.output / path).unlink()
        _remove_empty_folders(self.output)

    def _turn(self, path: str) -> tuple[int, str]:
        """Return when a file's turn is: what others name comes first, and what names others after it."""
        if path == _NOT_FOUND:
            # First of all: it marks the folder as ours, also for the build after one that was killed here.
            return 0, path
        if path.endswith(_DATA):
            return 4, path
        if not path.endswith(".html"):
            return 1, path
        return (3 if path in self._changed else 2), path

    @property
    def _changed(self) -> frozenset[str]:
        return frozenset(self.changes.changed)


def check_place(output: Path, root: Path, *, given: bool) -> None:
    """Refuse an output folder that would take the site itself along, or (`given` by hand) one that holds other things.

    All that does not belong to the bulletin is removed from it.
    """
    here = output.resolve()
    for source in (root, root / "content", root / "templates"):
        if source.resolve().is_relative_to(here) or (source != root and here.is_relative_to(source.resolve())):
            refuse("output-holds-the-site", found=str(output))
    if output.exists() and not output.is_dir():
        refuse("output-not-a-folder", found=str(output))
    is_ours = GENERATOR in (_read(output / _NOT_FOUND) or b"")
    if given and output.is_dir() and any(output.iterdir()) and not is_ours:
        refuse("output-not-ours", found=str(output))


def _read(path: Path) -> bytes | None:
    """Return the bytes of a file; None if none is there. A link is none: it may point anywhere."""
    if path.is_symlink():
        return None
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _make_way(place: Path, output: Path) -> None:
    """Make the folders for a file; what stands in their way or in its place was put there by hand."""
    for folder in reversed(place.relative_to(output).parents):
        here = output / folder
        if here != output and (here.is_symlink() or here.is_file()):
            here.unlink()
    place.parent.mkdir(parents=True, exist_ok=True)
    if _is_folder(place):
        shutil.rmtree(place)


def _is_folder(place: Path) -> bool:
    return place.is_dir() and not place.is_symlink()


def _remove_empty_folders(output: Path) -> None:
    for parent, _, _ in os.walk(output, topdown=False):
        folder = Path(parent)
        if folder != output and not any(folder.iterdir()):
            folder.rmdir()

"""Every text that an item ever had at the desk, with who and when: `.desk/versions/<path>/<time>-<digest>.md`.

A version is never changed, and removed only if the settings say how long versions are kept. Beside it a record of the
same name, in JSON, says who made it: nobody that the desk knows, if another program wrote the text.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Container, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from msgspec import DecodeError, Struct
from msgspec.json import decode, encode

from bulletin.desk.storage import disk
from bulletin.desk.storage.changes import Actor
from bulletin.desk.storage.places import parts_below_content
from bulletin.digests import digest_of_bytes
from bulletin.files import read_regular
from bulletin.model import CONTENT

Origin = Literal["saved", "found", "deleted"]
"""How a version came to be: at the desk, by another program, or as the last text of an item that was deleted here."""

_TIME = "%Y%m%dT%H%M%S.%fZ"
_NAME = re.compile(r"([0-9]{8}T[0-9]{6}\.[0-9]{6}Z-[0-9a-f]+)\.md")


class Version(Struct, frozen=True, kw_only=True):
    """One text of an item: the name of its file, when (seconds since 1970) and by whom; None for another program."""

    name: str
    digest: str
    at: float
    by: Actor | None
    origin: Origin


class _Record(Struct, frozen=True, kw_only=True):
    by: Actor | None
    origin: Origin


class Versions:
    """The versions of all items of a site. Whoever writes holds the desk's lock."""

    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        self.folder = folder
        self._clock = clock

    def of(self, path: str) -> tuple[Version, ...]:
        """Return the versions of an item, newest first."""
        return tuple(self._version(path, name) for name in self._names(path))

    def read(self, path: str, name: str) -> bytes:
        """Return the bytes of a version; raise FileNotFoundError if there is none of this name."""
        if name not in self._names(path):
            raise FileNotFoundError(name)
        return (self._folder(path) / f"{name}.md").read_bytes()

    def with_digest(self, path: str, digest: str) -> Version | None:
        """Return the newest version with these bytes."""
        name = next((name for name in self._names(path) if name.endswith(f"-{digest}")), "")
        return self._version(path, name) if name else None

    def paths(self) -> Iterator[str]:
        """Yield the path of every item that has versions."""
        for folder, _, files in os.walk(self.folder):
            if any(map(_NAME.fullmatch, files)):
                yield f"{CONTENT}/{Path(folder).relative_to(self.folder).as_posix()}"

    def add(self, path: str, data: bytes, by: Actor | None, origin: Origin) -> Version:
        """Keep a text as a version, in a file of its own: what changes the item's file does not change the version."""
        name = self._new_name(path, data, by, origin)
        try:
            # In one step: half a text under the name of the whole would pass for it ever after.
            disk.write_over(self._folder(path) / f"{name}.md", data)
        except OSError:
            (self._folder(path) / f"{name}.json").unlink(missing_ok=True)
            raise
        return self._version(path, name)

    def ensure(self, path: str, data: bytes) -> None:
        """Keep a text that another program wrote, unless it is known."""
        if not self.with_digest(path, digest_of_bytes(data)):
            self.add(path, data, None, "found")

    def withdraw(self, path: str, version: Version) -> None:
        """Take back a version that came to nothing."""
        for ending in ("md", "json"):
            (self._folder(path) / f"{version.name}.{ending}").unlink(missing_ok=True)

    def forget(self, before: float, needed: Container[str]) -> None:
        """Remove the versions of all items that are older than a time in seconds since 1970.

        The newest of an item stays, so that it can be brought back, and so do those with one of the `needed` digests.
        """
        for path in tuple(self.paths()):
            for version in self.of(path)[1:]:
                if version.at < before and version.digest not in needed:
                    self.withdraw(path, version)

    # The file that is replaced

    def standing(self, path: str) -> Path:
        """Return the second name of an item's file while it is replaced. A killed process may have left it here."""
        return self._folder(path) / ".standing"

    def link(self, path: str, file: Path) -> bytes | None:
        """Give an item's file a second name here and return what is in it; None if there is no file."""
        if not file.is_file():
            return None
        standing = self.standing(path)
        standing.parent.mkdir(parents=True, exist_ok=True)
        try:
            disk.name_also(file, standing)
        except FileNotFoundError:
            return None
        return standing.read_bytes()

    def unlink(self, path: str) -> None:
        self.standing(path).unlink(missing_ok=True)

    def adopt(self, path: str, file: Path) -> None:
        """Make a version of a file that was put aside, if it is none yet, and remove it."""
        data = read_regular(file)
        if data is not None:
            self.ensure(path, data)
            file.unlink()

    def _folder(self, path: str) -> Path:
        return self.folder.joinpath(*parts_below_content(path))

    def _names(self, path: str) -> list[str]:
        """Return the names of an item's versions, newest first."""
        folder = self._folder(path)
        files = folder.iterdir() if folder.is_dir() else ()
        return sorted((match[1] for file in files if (match := _NAME.fullmatch(file.name))), reverse=True)

    def _new_name(self, path: str, data: bytes, by: Actor | None, origin: Origin) -> str:
        """Return the name of a new version, later than all others, whose record is written already."""
        latest = max((_time_of(name) for name in self._names(path)), default=0.0)
        # Names tell the order. Two in one tick of the clock, or a clock that was set back, must not change it.
        at = datetime.fromtimestamp(max(self._clock(), latest + 1e-5), UTC)
        name = f"{at.strftime(_TIME)}-{digest_of_bytes(data)}"
        disk.write_over(self._folder(path) / f"{name}.json", encode(_Record(by=by, origin=origin)))
        return name

    def _version(self, path: str, name: str) -> Version:
        data = read_regular(self._folder(path) / f"{name}.json")
        try:
            record = decode(data or b"", type=_Record)
        except (DecodeError, UnicodeDecodeError):
            # Lost or garbled: it costs the name alone.
            record = _Record(by=None, origin="found")
        digest = name.rpartition("-")[2]
        return Version(name=name, digest=digest, at=_time_of(name), by=record.by, origin=record.origin)


def _time_of(name: str) -> float:
    return datetime.strptime(name.rpartition("-")[0], _TIME).replace(tzinfo=UTC).timestamp()

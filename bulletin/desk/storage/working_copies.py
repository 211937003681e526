"""What one types, before it is saved: working copies in `.desk/working/`, kept until they are saved or thrown away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import DecodeError, Struct
from msgspec.json import decode, encode
from msgspec.structs import replace

from bulletin.desk.storage import disk
from bulletin.desk.storage.changes import Actor
from bulletin.digests import digest_of, digest_of_bytes
from bulletin.files import read_regular

KEY = re.compile("[0-9a-f]{8,64}")
"""What a working copy may be called: its file has this name."""

_GARBLED = ".garbled"


class WorkingCopy(Struct, frozen=True, kw_only=True):
    """What somebody has typed: `text` is for those who show it to read, the whole of an item or what a form holds.

    `opened` is the digest of the file that it was opened from; `path` and `opened` are empty for a new item.
    """

    key: str
    path: str
    text: str
    opened: str
    by: Actor
    at: float = 0.0

    @property
    def state(self) -> str:
        """What the next `keep` has to name, so that of two windows neither overwrites what the other has kept."""
        return digest_of_bytes(encode(self))


class Elsewhere(Struct, frozen=True, kw_only=True):
    """Nothing was kept: what stands was kept from another window since."""

    standing: WorkingCopy


def key_of(path: str, by: Actor) -> str:
    """Return the key of the one working copy that somebody has of an item."""
    return digest_of(path, by.name)


class WorkingCopies:
    """The working copies of a site. Whoever writes holds the desk's lock."""

    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        self.folder = folder
        self._clock = clock

    def get(self, key: str) -> WorkingCopy | None:
        """Return the copy with this key; None if there is none, or a file that holds none."""
        data = read_regular(self._file(key))
        try:
            return decode(data, type=WorkingCopy) if data else None
        except (DecodeError, UnicodeDecodeError):
            # Garbled by a disk or a person: one such file must not close the desk for everybody.
            return None

    def all(self) -> tuple[WorkingCopy, ...]:
        """Return every working copy, the latest first."""
        return tuple(sorted(self._read(), key=lambda copy: copy.at, reverse=True))

    def keep(self, copy: WorkingCopy, after: str) -> WorkingCopy | Elsewhere:
        """Keep a copy, and return it with its time; `after` is the state of the one that it continues, if any.

        Nobody continues what somebody else has typed.
        """
        standing = self.get(copy.key)
        if standing and (standing.by != copy.by or (standing.state != after and standing.text != copy.text)):
            return Elsewhere(standing=standing)
        file = self._file(copy.key)
        if standing is None and read_regular(file):
            # A person may still find words in a garbled file.
            disk.move(file, file.with_suffix(_GARBLED))
        kept = replace(copy, at=self._clock())
        disk.write_over(file, encode(kept))
        return kept

    def throw_away(self, key: str, state: str) -> bool:
        """Remove a copy that is in this state; return whether there is none now."""
        standing = self.get(key)
        if standing and standing.state == state:
            self._file(key).unlink()
        return standing is None or standing.state == state

    def _read(self) -> Iterator[WorkingCopy]:
        for file in self._files():
            if (copy := self.get(file.stem)) and copy.key == file.stem:
                yield copy

    def garbled(self) -> tuple[str, ...]:
        """Return the names of the files that hold no working copy, or the words of one that was garbled, in order."""
        files = [file.name for file in self._files() if read_regular(file) and self.get(file.stem) is None]
        return tuple(sorted([*files, *(file.name for file in self.folder.glob(f"*{_GARBLED}"))]))

    def _files(self) -> Iterator[Path]:
        # Others put names like «Copy of …» there.
        return (file for file in self.folder.glob("*.json") if KEY.fullmatch(file.stem))

    def _file(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise ValueError(key)
        return self.folder / f"{key}.json"

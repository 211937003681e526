"""The record of a publication: kept with the files that it replaced, so that the publication can be rolled back."""

from __future__ import annotations

import json
import os
from pathlib import Path

from msgspec import Struct

_RECORD = "index.json"


class Publication(Struct, frozen=True, kw_only=True):
    """The changes that a publication made to output/, and when (seconds since 1970); paths are relative to output/.

    `removed` includes files that somebody else had put there; `strays` names these. `sources` is the number of the kept
    sources that stood before.
    """

    at: float
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    strays: tuple[str, ...]
    sources: int

    @property
    def kept(self) -> tuple[str, ...]:
        """The files whose previous bytes are kept."""
        return (*self.changed, *self.removed)

    @property
    def ours(self) -> frozenset[str]:
        """The kept files that were the bulletin's."""
        return frozenset(self.kept).difference(self.strays)


def write_record(folder: Path, publication: Publication) -> None:
    """Record what a publication is about to do, in the folder that keeps the files it replaces."""
    parts = {name: getattr(publication, name) for name in publication.__struct_fields__}
    # The name of a stray file need not be valid UTF-8: msgspec's JSON raises an error for it, this one escapes it.
    write_through(folder / _RECORD, json.dumps(parts))


def read_record(folder: Path) -> Publication:
    """Return the record that `note` has written into a folder."""
    parts = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
    lists = {name: tuple(parts[name]) for name in ("added", "changed", "removed", "strays")}
    # Publications of older programs kept no sources.
    return Publication(at=parts["at"], sources=parts.get("sources", 0), **lists)


def write_through(file: Path, text: str) -> None:
    """Write a text and return only once it is on the disk: the steps that follow rely on it."""
    with file.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())

"""What a publication replaced: kept beside output/, with a note of what it did, so that it can be had back."""

from __future__ import annotations

import json
import os
from pathlib import Path

from msgspec import Struct

_NOTE = "index.json"


class Publication(Struct, frozen=True, kw_only=True):
    """What a publication did to output/, and when (seconds since 1970): paths relative to output/.

    `removed` holds what was in the way too; `strays` are those of them that never were the bulletin's.
    """

    at: float
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    strays: tuple[str, ...]

    @property
    def kept(self) -> tuple[str, ...]:
        """The files whose former bytes are kept."""
        return (*self.changed, *self.removed)

    @property
    def ours(self) -> frozenset[str]:
        """Those of the kept files that were the bulletin's."""
        return frozenset(self.kept).difference(self.strays)


def note(folder: Path, publication: Publication) -> None:
    """Write down what a publication is about to do, in the folder of what it replaces."""
    parts = {name: getattr(publication, name) for name in publication.__struct_fields__}
    # Not msgspec's JSON: a stray's name need not be text.
    write_through(folder / _NOTE, json.dumps(parts))


def noted(folder: Path) -> Publication:
    parts = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
    lists = {name: tuple(parts[name]) for name in ("added", "changed", "removed", "strays")}
    return Publication(at=parts["at"], **lists)


def write_through(file: Path, text: str) -> None:
    """Write a text that must be on the disk before anything else is done."""
    with file.open("w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())

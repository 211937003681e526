"""What a publication writes down about itself: the record that it can be rolled back by, and the journal of its moves.

Whoever may write beside output/ could write these too, so their paths are checked like those of content/.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, convert, to_builtins

from bulletin.characters import encodable
from bulletin.files import read_regular
from bulletin.problems import refuse


class Publication(Struct, frozen=True, kw_only=True):
    """The changes that a publication made to output/, and when (seconds since 1970); paths are relative to output/.

    `removed` includes files that somebody else had put there; `strays` names these. `sources` is the number of the kept
    sources that stood before; a record of an older program knows of none.
    """

    at: float
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    strays: tuple[str, ...]
    sources: int = 0

    @property
    def kept(self) -> tuple[str, ...]:
        """The files whose previous bytes are kept."""
        return (*self.changed, *self.removed)

    @property
    def ours(self) -> frozenset[str]:
        """The kept files that were the bulletin's."""
        return frozenset(self.kept).difference(self.strays)

    @property
    def paths(self) -> Iterable[str]:
        return (*self.added, *self.kept)


class Journal(Struct, frozen=True, kw_only=True):
    """What a publication puts in place and removes, written down before the first move is made."""

    puts: tuple[tuple[str, str], ...]
    """Paths, with the digests of the staged files: first the new ones."""
    removals: tuple[str, ...]
    is_first: bool
    """Output/ was empty: there is nothing to go back to."""
    undoes: str
    """The name of the publication that is rolled back; empty if none is."""
    returned: tuple[str, ...]
    """The files of the bulletin that rollbacks have brought back since the last publication, this one included."""
    added: int = 0
    """How many of `puts` are new; a journal of an older program knows of none."""
    sources: int = 0
    """The number of the kept sources that stand in the end; a journal of an older program knows of none."""

    @property
    def paths(self) -> Iterable[str]:
        named = (self.undoes,) if self.undoes else ()
        return (*(path for path, _ in self.puts), *self.removals, *self.returned, *named)

    @property
    def is_new(self) -> bool:
        """Whether there is one move alone, by which all that is staged becomes output/."""
        return self.is_first and not self.puts

    @property
    def is_undoable(self) -> bool:
        return not self.is_first and not self.undoes


class Returned(Struct, frozen=True, kw_only=True):
    """The files of the bulletin that rollbacks have brought back since the last publication."""

    paths: tuple[str, ...]


Note = TypeVar("Note", Publication, Journal, Returned)


def write_note(file: Path, note: Publication | Journal | Returned) -> None:
    """Write a note at once as a whole, and return only once it is on the disk: the steps that follow rely on it."""
    draft = file.with_suffix(".new")
    # What a kill has left of the last one; a link would be followed.
    draft.unlink(missing_ok=True)
    with draft.open("x", encoding="utf-8") as stream:
        # The name of a stray file need not be valid UTF-8: msgspec's JSON raises an error for it, this one escapes it.
        stream.write(json.dumps(to_builtins(note)))
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)


def read_note(file: Path, kind: type[Note]) -> Note | None:
    """Return a note; None if there is none. Raise Refused for a damaged one, and for a path that leads elsewhere."""
    data = read_regular(file)
    if data is None and not os.path.lexists(file):
        return None
    try:
        note = convert(json.loads(data or b""), kind)
    except (ValueError, RecursionError):
        refuse("record-refused", file=file.name, found="JSON")
    for path in note.paths:
        if not _is_below_output(path):
            refuse("record-refused", file=file.name, found=encodable(path))
    return note


def _is_below_output(path: str) -> bool:
    """Tell whether a path is relative and stays below output/, where hidden files at the top are their owner's."""
    if os.name == "nt" and any(sign in path for sign in "\\:"):
        return False
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return "\0" not in path and not path.startswith(".") and not {"", ".", ".."} & {*path.split("/")}

"""What was read of a file, until its item is saved: its pictures and proposals, beside the working copies in `.desk/`.

Nothing of it stands in content/ before somebody has saved the item; then its pictures land beside it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from msgspec import DecodeError, Struct
from msgspec.json import decode, encode

from bulletin.desk import pictures
from bulletin.desk.storage import DESK, write_new
from bulletin.files import read_regular
from bulletin.intake import Document, Found, Proposal, chosen, renamed
from bulletin.items import edit_header
from bulletin.problems import Problem

_COPY = re.compile("[0-9a-f]{16}")
_RECORD = "record.json"


class Incoming(Struct, frozen=True, kw_only=True):
    """What stands beside the form of an item that was read of a file: proposals, what is to be said, pictures."""

    name: str
    """The file's own."""
    proposals: tuple[Proposal, ...]
    problems: tuple[Problem, ...]
    pictures: tuple[str, ...]


def text_of(document: Document) -> str:
    """Return the item that a document makes: under each key what alone is proposed for it, nothing where people choose.

    A value that no header can hold is left to people as well.
    """
    text = "---\n---\n\n"
    for key, value in chosen(document.proposals).items():
        edited = edit_header("", text, {key: value})
        text = edited if isinstance(edited, str) else text
    return text + document.body


class Arrivals:
    """The files that were read and not saved yet, by the name of their working copy."""

    def __init__(self, root: Path) -> None:
        self._folder = root / DESK / "incoming"

    def keep(self, copy: str, name: str, document: Document, found: Found) -> None:
        """Keep what belongs to a working copy and is not its text."""
        here = self._of(copy)
        here.mkdir(parents=True)
        for picture in document.pictures:
            write_new(here / picture.name, picture.data)
        names = tuple(picture.name for picture in document.pictures)
        record = Incoming(name=name, proposals=document.proposals, problems=found.problems, pictures=names)
        # Last: what has no record was not kept whole.
        write_new(here / _RECORD, encode(record))

    def get(self, copy: str) -> Incoming | None:
        """Return what was kept beside a working copy; None if that was read of no file."""
        data = read_regular(self._of(copy) / _RECORD) if _COPY.fullmatch(copy) else None
        try:
            return decode(data, type=Incoming) if data else None
        except (DecodeError, UnicodeDecodeError):
            # Garbled by a disk or a person: the text is there all the same.
            return None

    def picture(self, copy: str, name: str) -> Path | None:
        """Return the file of a picture that waits beside a working copy; None if there is no such."""
        kept = self.get(copy)
        return self._of(copy) / name if kept and name in kept.pictures else None

    def beside(self, copy: str, folder: str) -> Mapping[str, str]:
        """Return the paths that the pictures of a working copy would have in a folder of content/, and their files."""
        kept = self.get(copy)
        return {f"{folder}/{name}": str(self._of(copy) / name) for name in kept.pictures} if kept else {}

    def land(self, copy: str, root: Path, folder: str, text: str) -> str:
        """Put the pictures that a text shows beside its item; return the text with the names that they have there."""
        kept = self.get(copy)
        names: dict[str, str] = {}
        for name in kept.pictures if kept else ():
            if name in text:
                names[name] = pictures.land(root, folder, name, (self._of(copy) / name).read_bytes()).name
        return renamed(text, names)

    def copy(self, copy: str, other: str) -> None:
        """Let another working copy go on with the same pictures and proposals."""
        if self.get(copy):
            shutil.copytree(self._of(copy), self._of(other))

    def drop(self, copy: str) -> None:
        if _COPY.fullmatch(copy):
            shutil.rmtree(self._of(copy), ignore_errors=True)

    def drop_others(self, copies: Collection[str]) -> None:
        """Drop what belongs to no working copy any more: a process that was killed has left it."""
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            if folder.name not in copies:
                self.drop(folder.name)

    def _of(self, copy: str) -> Path:
        return self._folder / copy

"""The publications that can be rolled back: a folder each, with a record and the files that it replaced or removed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from bulletin.digests import digest_of_bytes
from bulletin.files import read_regular
from bulletin.problems import Refused
from bulletin.publishing.changes import Changes
from bulletin.publishing.history import Publication, read_note

RECORD = "index.json"
_NAME = re.compile(r"[0-9]{6,}")


class Undo(Struct, frozen=True):
    """The folder of these folders."""

    folder: Path

    def names(self) -> list[str]:
        """Return the names of the publications that can be rolled back, newest first."""
        return sorted((path.name for path in self.folder.glob("*") if _NAME.fullmatch(path.name)), reverse=True)

    def next_name(self) -> str:
        """Return the name of the publication that comes after all of these."""
        names = self.names()
        return f"{int(names[0]) + 1 if names else 1:06}"

    def history(self) -> list[Publication]:
        """Return the records of the publications that can be rolled back, newest first."""
        return [record for _, record in self._records()]

    def replaced_files(self) -> Iterator[tuple[str, bytes]]:
        """Yield path and bytes of the files that the kept publications have replaced or removed, newest first."""
        for name, record in self._records():
            for path in record.kept:
                if (data := read_regular(self.folder / name / flat_name(path))) is not None:
                    yield path, data

    def _records(self) -> Iterator[tuple[str, Publication]]:
        """Yield names and records, newest first, up to one that is damaged: nobody gets past it by rolling back."""
        for name in self.names():
            if (record := record_of(self.folder / name)) is None:
                return
            yield name, record


def record_of(folder: Path) -> Publication | None:
    """Return the record in a folder of replaced files; None if it is gone or damaged."""
    try:
        return None if folder.is_symlink() else read_note(folder / RECORD, Publication)
    except Refused:
        return None


def changes_to_undo(publication: Publication, output: Path) -> Changes:
    """Return the changes by which output/ becomes what it was before a publication."""
    present = {path for path in publication.kept if (output / path).exists()}
    return Changes(
        added=[path for path in publication.kept if path not in present],
        changed=[path for path in publication.kept if path in present],
        removed=[path for path in publication.added if (output / path).exists()],
    )


def flat_name(path: str) -> str:
    """Return the name under which a file is kept, in a folder without subfolders."""
    return digest_of_bytes(path.encode(errors="surrogatepass"))

"""The state that builds keep, in one SQLite file: compiled items, and what each file of output/ was made from.

It only saves work. If it is of another version, damaged or deleted, a new one is begun and the site comes out the same.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Self, TypeVar

from msgspec import Struct
from msgspec.json import Decoder

from bulletin.build.seals import Damaged, Value, decoded, load, opened, seal, sealed
from bulletin.digests import digest_of_bytes
from bulletin.files import is_link, refuse_links, remove_files
from bulletin.images import Focus, Original, Unusable
from bulletin.images.store import Renditions
from bulletin.listing import Signature
from bulletin.model import Compiled

_SCHEMA = """
CREATE TABLE stamp (value TEXT);
CREATE TABLE sources (path TEXT PRIMARY KEY, record BLOB) WITHOUT ROWID;
CREATE TABLE texts (digest TEXT PRIMARY KEY, html TEXT);
CREATE TABLE templates (digest TEXT PRIMARY KEY, record BLOB) WITHOUT ROWID;
CREATE TABLE pictures (path TEXT PRIMARY KEY, record BLOB) WITHOUT ROWID;
CREATE TABLE pages (output TEXT, path TEXT, record BLOB, PRIMARY KEY (output, path)) WITHOUT ROWID;
CREATE TABLE builds (output TEXT PRIMARY KEY, inputs TEXT, report BLOB);
CREATE TABLE parts (output TEXT, name TEXT, record BLOB, PRIMARY KEY (output, name)) WITHOUT ROWID;
"""

_BYTECODE = re.compile(r"[0-9a-f]{40}(?:\.[0-9]+)?")
"""How Jinja names a compiled template; with a number at its end, a draft."""
_AT_ONCE = 500
"""Words in one query: some versions of SQLite take no more than 999 parameters."""
_LAST = "\U0010ffff"
"""Comes after every other character."""
_PAGE_SIZE = 1 << 14
"""Bytes of a page of SQLite: a text takes two or three of the usual 4,096, each written to the log and to the file."""
_HURRY = "PRAGMA synchronous = NORMAL"
"""Not to wait for the disk: a crash of the machine may lose what the last build added, but does not damage the file."""
_KEEP_TEXT = "INSERT OR IGNORE INTO texts VALUES (?, ?)"
_MOST_CHANGES = 1 << 31
"""Where the count of changes begins anew: SQLite keeps it in 32 bits."""


class SourceRecord(Struct, frozen=True, kw_only=True, array_like=True):
    """A source as it was last read: the digest of its bytes, its signature if that proves anything, and the result."""

    digest: str
    signature: Signature | None
    compiled: Compiled


class PictureRecord(Struct, frozen=True, kw_only=True, array_like=True):
    """A picture as it was last read: the digest of its bytes, its signature if that proves anything, and the result."""

    digest: str
    signature: Signature | None
    found: Original | Unusable
    crops: tuple[Focus, ...] = ()
    """The points around which crops of it are in the store."""


class MadeFrom(Struct, frozen=True, kw_only=True, array_like=True):
    """The digests of everything that a file of output/ was made from; empty where a part has no say."""

    template: str = ""
    settings: str = ""
    text: str = ""
    view: str = ""


class PageRecord(Struct, frozen=True, kw_only=True, array_like=True):
    """A file of output/ as it was last published."""

    digest: str
    signature: Signature | None
    made_from: MadeFrom
    source: str = ""
    """The item whose page it is."""


Report = TypeVar("Report")
_SOURCES = Decoder(SourceRecord)
_PICTURES = Decoder(PictureRecord)
_PAGES = Decoder(PageRecord)
_REFERENCES = Decoder(tuple[str, ...])


class State:
    """An open state file; `is_new` if it holds nothing from former builds.

    `renditions` is the store of the sizes of pictures; None for a build that makes none. `bytecode` is the folder of
    compiled templates. `is_kept` is False if the file is only read: nothing that is learnt is then added to it.
    """

    def __init__(  # noqa: PLR0913 - what a state consists of
        self,
        connection: sqlite3.Connection,
        renditions: Renditions | None,
        bytecode: Path | None = None,
        *,
        is_new: bool,
        is_kept: bool = True,
        file: Path | None = None,
    ) -> None:
        self._connection = connection
        self.file = file
        """Where other processes find all texts (see `texts_in`); None if this one alone has them."""
        self.renditions = renditions
        self.bytecode = bytecode
        self.is_new = is_new
        self._is_kept = is_kept
        self._unkept: dict[str, str] = {}
        """The HTML that was made and is not kept, by its digest."""
        self.version = self._version()
        """Counts the changes of sources that this state knows of."""

    @classmethod
    def open(cls, file: Path, stamp: str) -> Self:
        """Open a state file; begin a new one if it is damaged or has another stamp (program, versions, item rules).

        Raise BuildFailed if it is a link, or a folder beside it, in which builds remove files.
        """
        refuse_links(file, _bytecode_beside(file), _renditions_beside(file).folder)
        if not file.exists():
            return cls.begin(file, stamp)
        connection = sqlite3.connect(file)
        if _has_stamp(connection, stamp):
            return cls(connection, _renditions_beside(file), _bytecode_beside(file), is_new=False, file=file)
        connection.close()
        return cls.begin(file, stamp)

    @classmethod
    def look(cls, file: Path, stamp: str) -> Self:
        """Open a state file for reading alone; return an empty one if there is none with this stamp, or a link."""
        if is_link(file) or not file.exists():
            return cls.in_memory(None)
        connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        if _has_stamp(connection, stamp):
            return cls(connection, None, is_new=False, is_kept=False)
        connection.close()
        return cls.in_memory(None)

    @classmethod
    def begin(cls, file: Path, stamp: str) -> Self:
        """Begin a new state file in place of any other; raise BuildFailed as `open` does.

        Raise Damaged if the other cannot be removed: on Windows it cannot while another build has it open.
        """
        refuse_links(file, _bytecode_beside(file), _renditions_beside(file).folder)
        file.parent.mkdir(parents=True, exist_ok=True)
        for ending in ("", "-wal", "-shm"):
            try:
                file.with_name(file.name + ending).unlink(missing_ok=True)
            except PermissionError as fault:
                raise Damaged(str(fault)) from fault
        remove_files(_bytecode_beside(file), lambda name: _BYTECODE.fullmatch(name) is not None)
        connection = sqlite3.connect(file)
        connection.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(_HURRY)
        return cls._with_tables(connection, stamp, _renditions_beside(file), _bytecode_beside(file), file)

    @classmethod
    def in_memory(cls, pictures: Path | None) -> Self:
        """Return a state that is not kept; sizes of pictures go to the folder `pictures`, if one is given."""
        renditions = Renditions(folder=pictures) if pictures else None
        return cls._with_tables(sqlite3.connect(":memory:"), "", renditions)

    @classmethod
    def _with_tables(
        cls,
        connection: sqlite3.Connection,
        stamp: str,
        renditions: Renditions | None,
        bytecode: Path | None = None,
        file: Path | None = None,
    ) -> Self:
        connection.executescript(_SCHEMA)
        connection.execute("INSERT INTO stamp VALUES (?)", (stamp,))
        connection.commit()
        return cls(connection, renditions, bytecode, is_new=True, file=file)

    def close(self) -> None:
        self._connection.close()

    def sources(self) -> dict[str, SourceRecord]:
        """Return the record of each source, by path; the HTML of each is in `texts`."""
        rows = self._asked("SELECT path, record FROM sources")
        return {path: load(_SOURCES, row, path) for path, row in rows}

    def records(self, paths: Collection[str]) -> dict[str, SourceRecord]:
        """Return the records of these sources alone, as far as they are known."""
        rows = self._asked_by_batches("SELECT path, record FROM sources WHERE path IN ({})", paths)
        return {path: load(_SOURCES, row, path) for path, row in rows}

    @property
    def is_current(self) -> bool:
        """Tell whether no other build has changed sources since this state was opened."""
        return self._version() == self.version

    def texts(self, digests: Collection[str]) -> dict[str, str]:
        """Return the HTML of each digest; raise Damaged if one is missing or is not what its digest says."""
        lacking = [digest for digest in digests if digest not in self._unkept]
        found = dict(self._asked_by_batches("SELECT digest, html FROM texts WHERE digest IN ({})", lacking))
        found |= {digest: self._unkept[digest] for digest in digests if digest in self._unkept}
        if found.keys() != set(digests) or not all(map(_is_its_digest, found, found.values())):
            raise Damaged("texts")
        return found

    def text_digests(self) -> set[str]:
        """Return the digests of all HTML that is kept."""
        return {digest for (digest,) in self._asked("SELECT digest FROM texts")}

    def save_sources(self, records: Mapping[str, SourceRecord], texts: Mapping[str, str]) -> None:
        """Keep the records of sources, by path, and their HTML, by its digest."""
        if not self._is_kept:
            self._unkept.update(texts)
            return
        rows = ((path, sealed(record, path)) for path, record in records.items())
        with self._connection as connection:
            connection.executemany("INSERT OR REPLACE INTO sources VALUES (?, ?)", rows)
            connection.executemany(_KEEP_TEXT, texts.items())
            self._count_change(connection)

    def forget_sources(self, gone: Collection[str], texts: Collection[str]) -> None:
        """Forget the sources that are gone, and the HTML with these digests, which no source has any more."""
        if not self._is_kept:
            return
        with self._connection as connection:
            connection.executemany("DELETE FROM sources WHERE path = ?", ((path,) for path in gone))
            connection.executemany("DELETE FROM texts WHERE digest = ?", ((digest,) for digest in texts))
            self._count_change(connection)

    def pictures(self) -> dict[str, PictureRecord]:
        rows = self._asked("SELECT path, record FROM pictures")
        return {path: load(_PICTURES, row, path) for path, row in rows}

    def pictures_at(self, paths: Collection[str]) -> dict[str, PictureRecord]:
        """Return the records of these pictures alone, as far as they are known."""
        rows = self._asked_by_batches("SELECT path, record FROM pictures WHERE path IN ({})", paths)
        return {path: load(_PICTURES, row, path) for path, row in rows}

    def save_pictures(self, records: Mapping[str, PictureRecord], gone: Collection[str]) -> None:
        if not self._is_kept:
            return
        rows = ((path, sealed(record, path)) for path, record in records.items())
        with self._connection as connection:
            connection.executemany("INSERT OR REPLACE INTO pictures VALUES (?, ?)", rows)
            connection.executemany("DELETE FROM pictures WHERE path = ?", ((path,) for path in gone))

    def references(self, name: str, text: str) -> tuple[str, ...]:
        """Return the names of the templates that one names. Jinja takes 0.1 s to load: it is asked once for a text."""
        digest = digest_of_bytes(text.encode(errors="surrogatepass"))
        for (row,) in self._asked("SELECT record FROM templates WHERE digest = ?", digest):
            return load(_REFERENCES, row, digest)
        from bulletin.render import references  # noqa: PLC0415 - as said

        found = references(name, text)
        if self._is_kept:
            with self._connection as connection:
                connection.execute("INSERT OR REPLACE INTO templates VALUES (?, ?)", (digest, sealed(found, digest)))
        return found

    def forget_references(self, texts: Iterable[str]) -> None:
        """Forget what is known of all templates but those with these texts."""
        kept = {digest_of_bytes(text.encode(errors="surrogatepass")) for text in texts}
        gone = [digest for (digest,) in self._asked("SELECT digest FROM templates") if digest not in kept]
        if gone and self._is_kept:
            with self._connection as connection:
                connection.executemany("DELETE FROM templates WHERE digest = ?", ((digest,) for digest in gone))

    def pages(self, output: str) -> dict[str, PageRecord]:
        rows = self._asked("SELECT path, record FROM pages WHERE output = ?", output)
        return {path: load(_PAGES, row, output, path) for path, row in rows}

    def pages_at(self, output: str, paths: Collection[str]) -> dict[str, PageRecord]:
        """Return the records of these pages alone, as far as they are known."""
        rows = self._asked_by_batches("SELECT path, record FROM pages WHERE output = ? AND path IN ({})", paths, output)
        return {path: load(_PAGES, row, output, path) for path, row in rows}

    def paths_at(self, output: str, path: str) -> list[str]:
        """Return the paths of pages at a path and above and below it, if small and large letters are the same."""
        above = [path[:at] for at, sign in enumerate(path) if sign == "/"]
        question = "SELECT path FROM pages WHERE output = ? AND (lower(path) IN ({}) OR lower(path) GLOB ?)"
        words = [word.lower() for word in (path, *above)]
        rows = self._asked(question.format(",".join("?" * len(words))), output, *words, f"{path.lower()}/*")
        return [found for (found,) in rows]

    def save_pages(self, output: str, records: Mapping[str, PageRecord], gone: Collection[str]) -> None:
        rows = ((output, path, sealed(record, output, path)) for path, record in records.items())
        with self._connection as connection:
            connection.executemany("INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", rows)
            connection.executemany("DELETE FROM pages WHERE output = ? AND path = ?", ((output, path) for path in gone))

    def last_build(self, output: str, kind: type[Report]) -> tuple[str, Report] | None:
        """Return the digest of what the last build of an output folder was made from but content/, and its report."""
        rows = self._asked("SELECT inputs, report FROM builds WHERE output = ?", output)
        return next(((inputs, load(Decoder(kind), row, output, inputs)) for inputs, row in rows), None)

    def save_build(self, output: str, inputs: str, report: object) -> None:
        """Keep the report of an output folder, and forget output folders that do not exist any more."""
        row = sealed(report, output, inputs)
        others = (other for (other,) in self._asked("SELECT output FROM builds") if other != output)
        gone = [(other,) for other in others if not Path(other).is_dir()]
        with self._connection as connection:
            connection.execute("INSERT OR REPLACE INTO builds VALUES (?, ?, ?)", (output, inputs, row))
            for table in ("builds", "pages", "parts"):
                connection.executemany(f"DELETE FROM {table} WHERE output = ?", gone)  # noqa: S608 - as listed

    def parts(self, output: str, names: Collection[str]) -> dict[str, bytes]:
        """Return what was kept for an output folder under these names, as far as it is known."""
        rows = self._asked_by_batches("SELECT name, record FROM parts WHERE output = ? AND name IN ({})", names, output)
        return {name: opened(row, output, name) for name, row in rows}

    def part(self, output: str, name: str, decoder: Decoder[Value]) -> Value:
        """Return what was kept for an output folder under a name; raise Damaged if there is nothing of its kind."""
        parts = self.parts(output, [name])
        if not parts:
            raise Damaged(name)
        return decoded(decoder, parts[name])

    def parts_below(self, output: str, beginning: str) -> dict[str, bytes]:
        """Return what was kept for an output folder under names with this beginning."""
        question = "SELECT name, record FROM parts WHERE output = ? AND name >= ? AND name < ?"
        rows = self._asked(question, output, beginning, beginning + _LAST)
        return {name: opened(row, output, name) for name, row in rows}

    def part_names(self, output: str, beginning: str) -> list[str]:
        """Return the names with this beginning under which something was kept for an output folder."""
        question = "SELECT name FROM parts WHERE output = ? AND name >= ? AND name < ?"
        return [name for (name,) in self._asked(question, output, beginning, beginning + _LAST)]

    def save_parts(self, output: str, parts: Mapping[str, bytes], *, are_all: bool) -> None:
        """Keep parts under their names; `are_all` says that no others are known any more."""
        rows = ((output, name, seal(part, (output, name)) + part) for name, part in parts.items())
        with self._connection as connection:
            if are_all:
                connection.execute("DELETE FROM parts WHERE output = ?", (output,))
            connection.executemany("INSERT OR REPLACE INTO parts VALUES (?, ?, ?)", rows)

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def _count_change(self, connection: sqlite3.Connection) -> None:
        """Count a change of sources: other builds find that what they know of them is out of date."""
        self.version += 1
        connection.execute(f"PRAGMA user_version = {(self._version() + 1) % _MOST_CHANGES:d}")

    def _asked_by_batches(self, question: str, words: Collection[str], *before: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a question about words, a few of which are put into its braces at a time."""
        remaining = iter(words)
        while batch := list(islice(remaining, _AT_ONCE)):
            yield from self._asked(question.format(",".join("?" * len(batch))), *before, *batch)

    def _asked(self, question: str, *words: str) -> list[Any]:
        try:
            return self._connection.execute(question, words).fetchall()
        except UnicodeDecodeError as fault:
            raise Damaged(str(fault)) from fault


def texts_in(file: Path, digests: Collection[str]) -> dict[str, str]:
    """Return the HTML of each digest from the file of a state that another process has open; raise as it would."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        return State(connection, None, is_new=False, is_kept=False).texts(digests)


def keep_texts_in(file: Path, texts: Mapping[str, str]) -> None:
    """Keep HTML, by its digest, in the file of a state that another process has open; raise Damaged if it cannot be."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(_HURRY)
        connection.executemany(_KEEP_TEXT, texts.items())


def _has_stamp(connection: sqlite3.Connection, stamp: str) -> bool:
    try:
        return bool(connection.execute("SELECT value FROM stamp").fetchone() == (stamp,))
    except (Damaged, UnicodeDecodeError):
        # sqlite3 raises UnicodeDecodeError if its own message quotes garbage from the file.
        return False


def _bytecode_beside(file: Path) -> Path:
    return file.with_name("templates")


def _renditions_beside(file: Path) -> Renditions:
    return Renditions(folder=file.with_name("pictures"))


def _is_its_digest(digest: str, html: str) -> bool:
    return digest == digest_of_bytes(html.encode())

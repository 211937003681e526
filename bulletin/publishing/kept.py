"""What a publication was made from: the sources of its items, and the settings and templates of the site.

An item that has an error is shown from them, and a review tells what differs from them. They are kept in the workshop
beside output/: texts in one SQLite file, pictures and attachments in a folder. What stands is known by a number that
each publication counts up. Its rows are written before it begins, and stand once `stand` says so, which is one of the
moves of its journal. After a rollback the number before stands again.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from msgspec import DecodeError, Struct
from msgspec.json import Decoder, encode

from bulletin.digests import digest_of, digest_of_bytes
from bulletin.files import is_link, read_regular, write_anew
from bulletin.problems import BuildFailed

_SCHEMA = (
    "CREATE TABLE items (path TEXT, since INTEGER, until INTEGER, item BLOB, PRIMARY KEY (path, since)) WITHOUT ROWID",
    "CREATE TABLE texts (digest TEXT PRIMARY KEY, data BLOB)",
    "CREATE TABLE seals (number INTEGER PRIMARY KEY, seal TEXT)",
)
_INDEXES = ("CREATE INDEX IF NOT EXISTS since ON items (since)", "CREATE INDEX IF NOT EXISTS until ON items (until)")
"""Without them each publication would look at the rows of all items to find those that go; older files have none."""
_ENDLESS = 1 << 62
"""The number at which a row ends that still stands."""
_MOST = 1 << 30
"""Numbers begin below it, since SQLite keeps them in 32 bits, which the clock will outgrow in 2038."""
_ERRNO = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_BUSY: errno.EBUSY,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_READONLY: errno.EACCES,
}
"""What the faults are called that are the disk's or its rights'; any other is one of reading or writing."""
_PRIMARY = 0xFF
"""The bits of a code of SQLite that tell the kind of fault."""
_TEXT = "SELECT data FROM texts WHERE digest = ?"
_PAGES = "PRAGMA page_size = 16384"
"""Of a new file; with SQLite's usual 4,096 bytes each text takes a page or two, and a fifth more time."""
_KEEP = "INSERT OR REPLACE INTO texts VALUES (?, ?)"


class Unreadable(Exception):  # noqa: N818 - it is an answer to whoever reads, not yet an error
    """Raised for a damaged file of kept sources."""


class KeptItem(Struct, frozen=True, kw_only=True, array_like=True):
    """What an item was published from, by the digests of the bytes: its source, the rules it was read by, its files.

    `files` are the pictures and attachments that it names, by their paths in content/. An older program wrote the first
    three fields alone.
    """

    source: str
    rules: str
    files: dict[str, str]
    past: tuple[str, ...] = ()
    """What the clock had done to it: the names of its moments that had passed, such as «expires»."""
    waits: bool = False
    """Whether its time had not come: it was approved with the others, but readers have not seen it."""


SETTINGS, PROGRAM, TEMPLATES = "settings.json", "program", "templates/"
"""What the texts are kept under that say how a publication was made; TEMPLATES is a folder of the site's own."""
BytesOf = Callable[[str, str], bytes]
"""Returns the bytes of the file or text at a path that has this digest, or others; raises BuildFailed."""
_ITEM = Decoder(KeptItem)
_AT_ONCE = 4000
"""Texts that are written at once, about 16 MB: those of a whole site would fill the memory."""
_NAMING = "SELECT 1 FROM items WHERE instr(item, ?) LIMIT 1"
_FEW = 5
"""Texts that are looked for in the rows of all items one by one."""
_AT_FILES = 71
"""Where the files of an item begin in its row: behind two digests."""


class KeptSources(Struct, frozen=True, kw_only=True):
    """The kept sources of one output folder. No connection is held, since publishers are sent to other processes."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "sources.sqlite"

    @property
    def _files(self) -> Path:
        return self.folder / "files"

    @property
    def folders(self) -> tuple[Path, Path]:
        """Where files are deleted that nothing names any more."""
        return self.folder, self._files

    def seal(self) -> str:
        """Return what differs whenever other sources stand; empty if none do."""
        with self._reading() as connection:
            return _seal(connection)

    def standing(self) -> int:
        """Return the number of what stands; 0 if nothing was kept yet, or if that cannot be read."""
        try:
            with self._reading() as connection:
                return _standing(connection)
        except Unreadable:
            return 0

    def items(self) -> dict[str, KeptItem]:
        """Return the items that readers have, by the path of the source."""
        return {path: item for path, item in self.carried().items() if not item.waits and not _is_of_site(path)}

    def waiting(self) -> dict[str, KeptItem]:
        """Return the items whose time had not come, by the path of the source."""
        return {path: item for path, item in self.carried().items() if item.waits}

    def site(self) -> dict[str, str]:
        """Return the digests of the texts that say how the publication was made: SETTINGS, PROGRAM, TEMPLATES."""
        return {path: item.source for path, item in self.carried().items() if _is_of_site(path)}

    def carried(self) -> dict[str, KeptItem]:
        """Return everything that stands, by path."""
        with self._reading() as connection:
            return _rows(connection)

    def text(self, digest: str) -> bytes | None:
        """Return the bytes of a source or of rules; None if they are lost or damaged."""
        return self.texts([digest]).get(digest)

    def texts(self, digests: Iterable[str]) -> dict[str, bytes]:
        """Return the bytes of texts, by digest; those that are lost or damaged are left out."""
        with self._reading() as connection:
            found = ((digest, _text(connection, digest)) for digest in digests)
            return {digest: data for digest, data in found if data is not None}

    def file(self, digest: str) -> Path:
        """Return where a picture or an attachment is kept."""
        return self._files / digest

    def has_file(self, digest: str) -> bool:
        """Tell whether a picture or an attachment is kept, and is whole."""
        data = read_regular(self.file(digest))
        return data is not None and digest_of_bytes(data) == digest

    def prepare(self, items: Mapping[str, KeptItem], bytes_of: BytesOf, oldest: int, *, are_all: bool = True) -> int:
        """Write what is to stand, and return its number; until `stand` is called with it nothing changes.

        `items` are those of a site, and its texts as `of_site` makes them; if they are not all, the others stand as
        they are, and Unreadable is raised if these are lost. What somebody saved since it was published
        is not kept: the next build publishes and keeps it. The oldest publication that can be rolled back brings back
        the number `oldest`.
        """
        try:
            return self._prepare(items, bytes_of, oldest, are_all=are_all)
        except Unreadable:
            if not are_all:
                raise
            # Whatever is damaged is of no use to anybody: everything is kept anew.
            self.discard()
            return self._prepare(items, bytes_of, oldest, are_all=True)

    def copy_from(self, other: KeptSources, oldest: int) -> int:
        """Prepare what stands elsewhere, as `prepare` does."""
        items = other.carried()
        # One connection for all: to open one for each of ten thousand texts takes seconds.
        with other._reading() as connection:
            return self.prepare(items, lambda _, digest: other._any(connection, digest), oldest)

    def any(self, digest: str) -> bytes:
        """Return the bytes of a text or a file; empty if they are lost."""
        with self._reading() as connection:
            return self._any(connection, digest)

    def _any(self, connection: sqlite3.Connection, digest: str) -> bytes:
        text = _text(connection, digest)
        return (read_regular(self.file(digest)) or b"") if text is None else text

    def _prepare(self, items: Mapping[str, KeptItem], bytes_of: BytesOf, oldest: int, *, are_all: bool) -> int:
        with self._reading() as connection:
            known = _rows(connection) if are_all else _rows_of(connection, items)
            now, seal = _standing(connection), _seal(connection)
        # A new file counts from the clock: no rollback to a number of a former file then finds rows of this one.
        now = now or int(time.time()) % _MOST
        texts: dict[str, bytes] = {}
        changed: dict[str, KeptItem] = {}
        for path, item in items.items():
            if item != known.get(path) and self._keep_texts(item, path, bytes_of, texts):
                changed[path] = item
            if len(texts) >= _AT_ONCE:
                self._write_texts(texts)
                texts.clear()
        ended = [path for path in known if path in changed or path not in items]
        if seal and not changed and not ended:
            return now
        rows = {path: encode(item) for path, item in changed.items()}
        with self._writing() as connection:
            gone = _forget_after(connection, now)
            connection.executemany(
                "UPDATE items SET until = ? WHERE path = ? AND until = ?", [(now + 1, path, _ENDLESS) for path in ended]
            )
            connection.executemany(
                "INSERT INTO items VALUES (?, ?, ?, ?)", ((path, now + 1, _ENDLESS, row) for path, row in rows.items())
            )
            connection.executemany(_KEEP, texts.items())
            # The one before is a part of it, so that it tells of all that stands.
            new = digest_of(seal, sorted(ended), sorted((path, row.decode()) for path, row in rows.items()))
            connection.execute("INSERT INTO seals VALUES (?, ?)", (now + 1, new))
            # Last, since a row that comes may name the text of one that goes.
            _forget_texts(connection, (*gone, *_forget_before(connection, min(oldest, now))))
            rows_of_all = connection.execute("SELECT item FROM items").fetchall() if self._files.is_dir() else []
        self._forget_files_but({digest for (row,) in rows_of_all for digest in _named(row)})
        return now + 1

    def stand(self, number: int) -> None:
        """Let stand what was prepared under this number, or what stood under it before."""
        try:
            if number != self.standing():
                with self._writing() as connection:
                    connection.execute(f"PRAGMA user_version = {number:d}")
        except Unreadable:
            # A journal must come to its end. The next build finds that nothing is kept, and keeps it.
            self.discard()

    def discard(self) -> None:
        """Forget everything."""
        self.database.unlink(missing_ok=True)

    def _keep_texts(self, item: KeptItem, path: str, bytes_of: BytesOf, texts: dict[str, bytes]) -> bool:
        """Add the texts of an item by their digests, once its files are kept; False if one of these is another now."""
        try:
            for file, digest in item.files.items():
                if not self.file(digest).exists() and not self._keep_file(bytes_of(file, digest), digest):
                    return False
            found = {digest: bytes_of(path, digest) for digest in (item.source, item.rules) if digest not in texts}
        except BuildFailed:
            return False
        if any(digest_of_bytes(data) != digest for digest, data in found.items()):
            return False
        texts.update(found)
        return True

    def _write_texts(self, texts: Mapping[str, bytes]) -> None:
        """Write texts before the items that name them: without these they are forgotten some day."""
        with self._writing() as connection:
            connection.executemany(_KEEP, texts.items())

    def _keep_file(self, data: bytes, digest: str) -> bool:
        if digest_of_bytes(data) != digest:
            return False
        file = self.file(digest)
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{digest}.new")
        write_anew(draft, data)
        draft.replace(file)
        return True

    def _forget_files_but(self, named: Collection[str]) -> None:
        for file in self._files.iterdir() if self._files.is_dir() else ():
            if file.name not in named:
                file.unlink()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection for reading alone; one without any rows if nothing was kept yet."""
        if is_link(self.database):
            raise Unreadable(str(self.database))
        is_there = self.database.exists()
        # Not `mode=ro`: a change that was cut off by a kill is taken back by whoever opens the file next.
        address = f"{self.database.absolute().as_uri()}?mode=rw" if is_there else ":memory:"
        with self._faults_told(), closing(sqlite3.connect(address, uri=is_there)) as connection:
            if not is_there:
                _begin(connection)
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection whose changes are made all together at its end; begin the file if there is none."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._faults_told(), closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute(_PAGES)
            connection.execute("BEGIN IMMEDIATE")
            if connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None:
                _begin(connection)
            for statement in _INDEXES:
                connection.execute(statement)
            yield connection

    @contextmanager
    def _faults_told(self) -> Iterator[None]:
        """Raise Unreadable for a damaged file, and OSError for one that is locked or has no room to grow."""
        try:
            yield
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode == sqlite3.SQLITE_ERROR:
                raise Unreadable(str(fault)) from fault
            number = _ERRNO.get(fault.sqlite_errorcode & _PRIMARY, errno.EIO)
            raise OSError(number, os.strerror(number), str(self.database)) from fault
        except (sqlite3.DatabaseError, DecodeError, UnicodeDecodeError) as fault:
            raise Unreadable(str(fault)) from fault


def of_site(texts: Mapping[str, bytes]) -> dict[str, KeptItem]:
    """Return the texts that say how a publication is made as `prepare` takes them; each is its own rules."""
    digests = {path: digest_of_bytes(data) for path, data in texts.items()}
    return {path: KeptItem(source=digest, rules=digest, files={}) for path, digest in digests.items()}


def _is_of_site(path: str) -> bool:
    return path in {SETTINGS, PROGRAM} or path.startswith(TEMPLATES)


def _begin(connection: sqlite3.Connection) -> None:
    for statement in _SCHEMA:
        connection.execute(statement)


def _text(connection: sqlite3.Connection, digest: str) -> bytes | None:
    row = connection.execute(_TEXT, (digest,)).fetchone()
    return row[0] if row and digest_of_bytes(row[0]) == digest else None


def _standing(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _seal(connection: sqlite3.Connection) -> str:
    rows = connection.execute("SELECT seal FROM seals WHERE number = ?", (_standing(connection),)).fetchall()
    return next((str(seal) for (seal,) in rows), "")


def _rows(connection: sqlite3.Connection) -> dict[str, KeptItem]:
    now = _standing(connection)
    rows = connection.execute("SELECT path, item FROM items WHERE since <= ? AND until > ?", (now, now))
    return {path: _ITEM.decode(row) for path, row in rows}


def _rows_of(connection: sqlite3.Connection, paths: Iterable[str]) -> dict[str, KeptItem]:
    now = _standing(connection)
    question = "SELECT path, item FROM items WHERE path = ? AND since <= ? AND until > ?"
    rows = (row for path in paths for row in connection.execute(question, (path, now, now)))
    return {path: _ITEM.decode(row) for path, row in rows}


def _named(row: bytes) -> tuple[str, ...]:
    # Most items name no file: they need not be decoded.
    return () if row.startswith(b"{}", _AT_FILES) else tuple(_ITEM.decode(row).files.values())


def _forget_after(connection: sqlite3.Connection, now: int) -> list[bytes]:
    """Forget what was prepared for a publication that was killed, and what was rolled back; return rows that go."""
    gone = [row for (row,) in connection.execute("SELECT item FROM items WHERE since > ?", (now,))]
    connection.execute("DELETE FROM items WHERE since > ?", (now,))
    connection.execute("UPDATE items SET until = ? WHERE until > ? AND until < ?", (_ENDLESS, now, _ENDLESS))
    connection.execute("DELETE FROM seals WHERE number > ?", (now,))
    return gone


def _forget_before(connection: sqlite3.Connection, oldest: int) -> list[bytes]:
    """Forget what no rollback brings back any more; return rows that go."""
    gone = [row for (row,) in connection.execute("SELECT item FROM items WHERE until <= ?", (oldest,))]
    connection.execute("DELETE FROM items WHERE until <= ?", (oldest,))
    connection.execute("DELETE FROM seals WHERE number < ?", (oldest,))
    return gone


def _forget_texts(connection: sqlite3.Connection, gone: Iterable[bytes]) -> None:
    """Forget the texts that only rows name that are gone."""
    texts = _texts_of(gone)
    if len(texts) > _FEW:
        named = _texts_of(row for (row,) in connection.execute("SELECT item FROM items"))
        texts = {digest for (digest,) in connection.execute("SELECT digest FROM texts")} - named
    else:
        # An edit lets few rows go: to look for their digests in those that stay takes a tenth of decoding these.
        texts = {one for one in texts if connection.execute(_NAMING, (one.encode(),)).fetchone() is None}
    connection.executemany("DELETE FROM texts WHERE digest = ?", [(one,) for one in texts])


def _texts_of(rows: Iterable[bytes]) -> set[str]:
    return {digest for item in map(_ITEM.decode, rows) for digest in (item.source, item.rules)}

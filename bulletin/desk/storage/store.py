"""The desk's storage: opens items, keeps what is typed, saves, deletes, brings back; loses nothing anybody wrote.

content/ remains the truth, and other programs write there too, at any moment. So a save names the text that it was
made from, and replaces no other:

1. the file that stands gets a second name among the versions, is looked at there, and its text becomes a version;
2. the new text is written to the disk, among the versions and, hidden, beside the file;
3. both change places in one step; what comes out of it is looked at once more. If another program has written in
   between, they change back.

A process killed between two steps leaves names of which the next change of the same item makes versions. So does the
second name of a replaced file: another program may have it open still, and go on writing to it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from msgspec import Struct

from bulletin.desk.storage import disk
from bulletin.desk.storage.changes import Actor, Change, What
from bulletin.desk.storage.places import item_file, parts_below_content
from bulletin.desk.storage.versions import Origin, Version, Versions
from bulletin.desk.storage.waiting import Waiting
from bulletin.desk.storage.working_copies import Elsewhere, WorkingCopies, WorkingCopy
from bulletin.digests import digest_of_bytes
from bulletin.files import read_regular
from bulletin.items import decode
from bulletin.model import Source
from bulletin.problems import BuildFailed, Refused, refuse
from bulletin.publishing import locked

DESK = ".desk"
"""The folder of a site that holds what the desk keeps: to be backed up, never served, not in git."""


class Opened(Struct, frozen=True, kw_only=True):
    """An item's file as it stands: its text with line ends and byte order mark, and the digest of its bytes."""

    path: str
    text: str
    digest: str


class Saved(Struct, frozen=True, kw_only=True):
    """The text stands in content/. `digest` is what the next save has to name; empty after a deletion."""

    path: str
    digest: str


class Conflict(Struct, frozen=True, kw_only=True):
    """Nothing was changed: another text stands there than was opened.

    `theirs` is that text, None if there is no file any more; `digest` is its own, to be named by a save that takes it
    into account. `base` is what was opened, None if nobody kept it.
    """

    path: str
    base: str | None
    mine: str
    theirs: str | None
    digest: str


_DAY = 24 * 60 * 60
"""Seconds."""
_OVERTAKEN = (FileExistsError, FileNotFoundError)
"""Another program has put a file where we were to put ours, or has taken ours away."""


def _tell_nobody(_: Change) -> None:
    pass


class Store:
    """What the desk of one site reads and writes. `on_change` hears of every change of content/, once it is done."""

    def __init__(
        self, root: Path, *, clock: Callable[[], float] = time.time, on_change: Callable[[Change], None] = _tell_nobody
    ) -> None:
        self.root = root
        self.folder = root / DESK
        self.versions = Versions(self.folder / "versions", clock)
        self._copies = WorkingCopies(self.folder / "working", clock)
        self.waiting = Waiting(root, self._copies.folder, clock)
        self._clock = clock
        self._on_change = on_change

    def check(self) -> None:
        """Raise OSError if nothing can be written into the desk's folder."""
        with self._locked():
            pass

    # Reading

    def open(self, path: str) -> Opened:
        """Return an item's file; raise Refused if there is none, BuildFailed if it holds no text in UTF-8."""
        data = read_regular(item_file(self.root, path))
        if data is None:
            refuse("desk-item-gone", found=path)
        try:
            text = data.decode()
        except UnicodeDecodeError:
            found = decode(path, data)
            raise BuildFailed(() if isinstance(found, Source) else found) from None
        return Opened(path=path, text=text, digest=digest_of_bytes(data))

    def saved(self, path: str, digest: str) -> tuple[float, Actor | None]:
        """Return when the text that stands was saved, and who saved it at the desk; None if another program did."""
        version = self.versions.with_digest(path, digest)
        if version and version.by:
            return version.at, version.by
        return item_file(self.root, path).stat().st_mtime, None

    def deleted(self) -> tuple[tuple[str, Version], ...]:
        """Return the items that are gone, each with its last version, by the latest; whoever has deleted them."""
        gone = [path for path in self.versions.paths() if not item_file(self.root, path).exists()]
        latest = [(path, self.versions.of(path)[0]) for path in gone]
        return tuple(sorted(latest, key=lambda pair: pair[1].name, reverse=True))

    # Working copies

    def copies(self) -> tuple[WorkingCopy, ...]:
        return self._copies.all()

    def garbled(self) -> tuple[str, ...]:
        """Return the names of working copies that nobody can read any more, in `.desk/working/`."""
        return self._copies.garbled()

    def copy(self, key: str) -> WorkingCopy | None:
        return self._copies.get(key)

    def keep(self, copy: WorkingCopy, after: str) -> WorkingCopy | Elsewhere:
        """Keep what somebody has typed, and what they began with as a version: see WorkingCopies.keep."""
        with self._locked():
            standing = self._readable(copy.path) if copy.path else None
            if standing is not None and digest_of_bytes(standing) == copy.opened:
                self.versions.ensure(copy.path, standing)
            return self._copies.keep(copy, after)

    def _readable(self, path: str) -> bytes | None:
        """Return what stands in a file; None if nobody can read it: what one types is kept all the same."""
        parts_below_content(path)
        try:
            return read_regular(item_file(self.root, path))
        except (Refused, OSError):
            return None

    def throw_away(self, key: str, state: str) -> bool:
        """Throw a working copy away; not if something was typed since it was in this state."""
        with self._locked():
            return self._copies.throw_away(key, state)

    def forget_versions(self, days: int) -> None:
        """Remove versions older than this number of days, 0 for none.

        The last one of an item stays, and those that a working copy was begun with.
        """
        if days and self.folder.is_dir():
            with self._locked():
                self.versions.forget(self._clock() - days * _DAY, {copy.opened for copy in self.copies()})

    # Changes

    def create(self, path: str, text: str, by: Actor) -> Saved | Conflict:
        """Write a new item; if there is a file of this name already, nothing is changed."""
        return self._create(path, text.encode(), by, "created")

    def save(self, path: str, text: str, opened: str, by: Actor) -> Saved | Conflict:
        """Replace the text with this digest; raise OSError if the disk does not take it, which changes nothing."""
        return self._replace(path, text.encode(), opened, by, "saved")

    def bring_back(self, path: str, version: str, opened: str, by: Actor) -> Saved | Conflict:
        """Make an old version the text of an item; `opened` is the digest of what stands, empty if it was deleted."""
        data = self.versions.read(path, version)
        return (
            self._replace(path, data, opened, by, "brought-back")
            if opened
            else self._create(path, data, by, "brought-back")
        )

    def delete(self, path: str, opened: str, by: Actor) -> Saved | Conflict:
        """Delete the item with this text; its last version remembers who did."""
        with self._locked():
            file, found = self._standing(path)
            if found is None or digest_of_bytes(found) != opened:
                return self._conflict(path, opened, "", found)
            try:
                with self._undone_if_it_fails(path, file, found, by, "deleted") as beside:
                    disk.move(file, beside)
                    if _digest(beside) != opened:
                        _put_back(beside, file)
            except _OVERTAKEN:
                return self._overtaken(path, file, opened, "")
            beside.unlink()
            return self._done(path, "deleted", by, opened, "")

    def _create(self, path: str, data: bytes, by: Actor, what: What) -> Saved | Conflict:
        with self._locked():
            file, found = self._standing(path)
            if found is not None:
                return self._conflict(path, "", data, found)
            try:
                with self._undone_if_it_fails(path, file, data, by, "saved") as beside:
                    file.parent.mkdir(parents=True, exist_ok=True)
                    disk.write_new(beside, data)
                    # Unlike a move, a second name never takes the place of a file that another program just made.
                    disk.name_also(beside, file)
            except FileExistsError:
                return self._overtaken(path, file, "", data)
            beside.unlink()
            return self._done(path, what, by, "", digest_of_bytes(data))

    def _replace(self, path: str, data: bytes, opened: str, by: Actor, what: What) -> Saved | Conflict:
        with self._locked():
            file, found = self._standing(path)
            if found == data:
                self.versions.unlink(path)
                return Saved(path=path, digest=digest_of_bytes(data))
            if found is None or digest_of_bytes(found) != opened:
                return self._conflict(path, opened, data, found)
            self.versions.ensure(path, found)
            try:
                with self._undone_if_it_fails(path, file, data, by, "saved") as beside:
                    disk.write_new(beside, data)
                    beside.chmod(file.stat().st_mode & 0o7777)
                    _exchange(file, beside, opened)
            except _OVERTAKEN:
                return self._overtaken(path, file, opened, data)
            self.versions.adopt(path, beside)
            return self._done(path, what, by, opened, digest_of_bytes(data))

    # Steps

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the desk's lock: of two who save at once, the second sees what the first has saved."""
        disk.make_private(self.folder)
        with locked(self.folder / "lock", lambda: None):
            yield

    def _standing(self, path: str) -> tuple[Path, bytes | None]:
        """Return an item's file and what is in it, which has a second name among the versions from now on."""
        file = item_file(self.root, path)
        self._tidy(path, file)
        return file, self.versions.link(path, file)

    def _tidy(self, path: str, file: Path) -> None:
        """Make versions of what was put aside.

        A killed process has left it, or another program had the replaced file open and went on writing to it.
        """
        for left in (self.versions.standing(path), _beside(file)):
            self.versions.adopt(path, left)

    @contextmanager
    def _undone_if_it_fails(self, path: str, file: Path, data: bytes, by: Actor, origin: Origin) -> Iterator[Path]:
        """Keep a text as a version and yield where to put files aside; if the disk refuses a step, undo all of them.

        The last step is the one that changes content/. What fails after that is left to the next change to tidy.
        """
        beside = _beside(file)
        version = None
        try:
            version = self.versions.add(path, data, by, origin)
            yield beside
        except OSError:
            if version:
                self.versions.withdraw(path, version)
            # Something else lies there if another program wrote meanwhile and could not be given its place back.
            if _digest(beside) == digest_of_bytes(data):
                beside.unlink()
            raise

    def _overtaken(self, path: str, file: Path, opened: str, mine: bytes | str) -> Conflict:
        """Return the conflict with a program that wrote while we did. What was put aside becomes versions."""
        self._tidy(path, file)
        return self._conflict(path, opened, mine, read_regular(file))

    def _conflict(self, path: str, opened: str, mine: bytes | str, theirs: bytes | None) -> Conflict:
        self.versions.unlink(path)
        base = self.versions.with_digest(path, opened)
        return Conflict(
            path=path,
            base=_text(self.versions.read(path, base.name)) if base else None,
            mine=_text(mine) if isinstance(mine, bytes) else mine,
            theirs=None if theirs is None else _text(theirs),
            digest="" if theirs is None else digest_of_bytes(theirs),
        )

    def _done(self, path: str, what: What, by: Actor, before: str, after: str) -> Saved:
        """Tell of a change: every change of content/ comes here."""
        self._on_change(Change(at=self._clock(), by=by, what=what, path=path, before=before, after=after))
        return Saved(path=path, digest=after)


def _exchange(file: Path, beside: Path, opened: str) -> None:
    """Let a new text and the text that was opened change places; if another stands there, raise one of _OVERTAKEN.

    Then they have changed back. Should a third text have come by then, it stays, and the second is beside.
    """
    placed, expected = _digest(beside), opened
    if disk.exchange(beside, file):
        while (came := _digest(beside)) != expected:
            placed, expected = came, placed
            disk.exchange(beside, file)
        if expected != opened:
            raise FileExistsError(file)
    elif _digest(file) == opened:
        # Without such a step another program has the moment between this look and the move to write unnoticed.
        disk.move(beside, file)
    else:
        raise FileExistsError(file)


def _put_back(beside: Path, file: Path) -> NoReturn:
    """Give a file that was moved aside its place again, unless another has come there; raise FileExistsError."""
    disk.name_also(beside, file)
    raise FileExistsError(file)


def _beside(file: Path) -> Path:
    """Return the hidden name beside a file under which texts are put aside, always the same for one file."""
    return file.with_name(f".{digest_of_bytes(file.name.encode())}.soan")


def _digest(file: Path) -> str:
    """Return the digest of a file; empty if there is none, or a link or a folder in its place."""
    data = read_regular(file)
    return "" if data is None else digest_of_bytes(data)


def _text(data: bytes) -> str:
    """Return a text to be shown: bytes that are no UTF-8 are shown as such."""
    return data.decode(errors="backslashreplace")

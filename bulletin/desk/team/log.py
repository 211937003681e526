"""What was done at the desk, by whom and when: `.desk/log.jsonl`, a line for each change, added and never changed.

At the first entry of a new year the file of the old one becomes `log-2026.jsonl`.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from threading import Lock
from typing import Literal
from urllib.parse import quote

import msgspec
from msgspec import Struct

from bulletin.desk.storage import DESK
from bulletin.desk.storage.changes import Actor, Change, What
from bulletin.desk.storage.disk import make_private
from bulletin.files import read_regular
from bulletin.model import CONTENT
from bulletin.problems import Language, say
from bulletin.publishing import locked
from bulletin.urls import DESK as DESK_URL

FILE = "log.jsonl"
ByCommand = Literal["user-added", "user-removed", "password-changed"]
"""What the command `user` does: it is noted with the name of the system's account that ran it."""
Did = Literal[
    What,
    ByCommand,
    "discarded",
    "published",
    "approved",
    "taken-back",
    "edition-made",
    "signed-in",
    "signed-out",
    "sign-in-failed",
]


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line: the time (ISO 8601 with the site's offset), who, what, and of a file its path and digests.

    `code` is that of the review that was published or approved, `to` the name of the target.
    A digest is empty where there was or is no file. `of` is the person whom something was done to. `by` is empty for
    who tried a name that no user has: what was typed there may be a password.
    """

    at: str
    by: str
    what: Did
    of: str = ""
    path: str = ""
    before: str = ""
    after: str = ""
    code: str = ""
    to: str = ""


class Log:
    """The log of one site, whose years are those of its time zone; several threads and programs may add to it.

    `on_refusal` hears of a disk that does not take an entry, since what it tells of is done by then.
    """

    def __init__(
        self,
        root: Path,
        zone: timezone,
        on_refusal: Callable[[OSError], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._file = root / DESK / FILE
        self._zone = zone
        self._on_refusal = on_refusal
        self._clock = clock
        self._waiting: deque[Entry] = deque()
        self._turn = Lock()

    def changed(self, change: Change) -> None:
        """Note a change of content/."""
        at, by = self._iso(change.at), change.by.name
        self._add(Entry(at=at, by=by, what=change.what, path=change.path, before=change.before, after=change.after))

    def did(  # noqa: PLR0913 - what an entry tells
        self, by: Actor, what: Did, *, path: str = "", of: str = "", code: str = "", to: str = ""
    ) -> None:
        """Note what somebody has done just now."""
        self._add(Entry(at=self._iso(self._clock()), by=by.name, what=what, of=of, path=path, code=code, to=to))

    def _iso(self, at: float) -> str:
        return datetime.fromtimestamp(at, self._zone).isoformat(timespec="seconds")

    def _add(self, entry: Entry) -> None:
        # Two threads would write one entry twice and the other never.
        with self._turn:
            self._waiting.append(entry)
            try:
                # With what a full disk has refused before.
                while self._waiting:
                    self._write(self._waiting[0])
                    self._waiting.popleft()
            except OSError as fault:
                self._on_refusal(fault)

    def _write(self, entry: Entry) -> None:
        make_private(self._file.parent)
        # The server and a command at the turn of a year: the second to rename would replace the old year by the new.
        with locked(self._file.with_name("log.lock"), lambda: None):
            self._turn_the_year(entry.at[:4])
            descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
            try:
                # A killed process may have left half a line: what follows begins a new one.
                begin = b"" if _ends_a_line(descriptor) else b"\n"
                os.write(descriptor, begin + msgspec.json.encode(entry) + b"\n")
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def _turn_the_year(self, year: str) -> None:
        first = next(_entries(self._file), None)
        if first and first.at[:4] < year:
            old = self._file.with_name(f"log-{first.at[:4]}.jsonl")
            if not old.exists():
                self._file.rename(old)

    def newest(self, count: int, start: int = 0) -> tuple[Entry, ...]:
        """Return entries of all years, newest first, `count` of them after the `start` newest."""
        found: list[Entry] = []
        for file in self._files():
            found += reversed(tuple(_entries(file)))
            if len(found) >= start + count:
                break
        return tuple(found[start : start + count])

    def _files(self) -> Iterator[Path]:
        yield self._file
        yield from sorted(self._file.parent.glob("log-*.jsonl"), reverse=True)


def _ends_a_line(descriptor: int) -> bool:
    if os.lseek(descriptor, 0, os.SEEK_END) == 0:
        return True
    os.lseek(descriptor, -1, os.SEEK_END)
    return os.read(descriptor, 1) == b"\n"


def _entries(file: Path) -> Iterator[Entry]:
    """Yield the entries of a file; a line that is torn is passed over, the others stand."""
    for line in (read_regular(file) or b"").splitlines():
        try:
            yield msgspec.json.decode(line, type=Entry)
        except msgspec.DecodeError:
            continue


class ShownEntry(Struct, frozen=True, kw_only=True):
    """An entry as the desk shows it: `day` and `clock` as people write them, what was done in words, an item's page.

    `of` is the person whom it was done to.
    """

    day: str
    clock: str
    by: str
    what: str
    of: str
    item: str
    """The title of the item, or its path if it is not there any more."""
    address: str
    code: str
    to: str


def shown_entry(entry: Entry, titles: Mapping[str, str], language: Language) -> ShownEntry:
    """Return an entry in the words of the desk; `titles` are those of the items, by path."""
    at = datetime.fromisoformat(entry.at)
    path = entry.path.removeprefix(f"{CONTENT}/")
    return ShownEntry(
        day=f"{at:%d/%m/%Y}",
        clock=f"{at:%H:%M}",
        by=entry.by or say("log-nobody", language),
        what=say(f"log-{entry.what}", language),
        of=entry.of,
        item=titles.get(entry.path, path),
        address=f"{DESK_URL}ban/{quote(path)}" if path else "",
        code=entry.code,
        to=entry.to,
    )

"""The record of what was sent to whom: `sent.jsonl`, a line before and a line after each mail, at once on the disk.

A process that is killed between the two leaves a mail of which nobody knows whether the server has taken it. It is not
sent again by itself: one mail less can be asked for, one too many cannot be called back.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct, field

from bulletin.files import read_regular, refuse_links
from bulletin.problems import BuildFailed, problem
from bulletin.publishing import locked

FILE = "sent.jsonl"

State = Literal["sending", "sent", "refused", "postponed", "kept"]
"""What became of a mail for an address. `kept`: the server went away before it had it all."""


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of the record: what became of an edition for an address, or the beginning of a new round."""

    edition: str
    at: datetime
    address: str = ""
    state: State | Literal["again"] = "again"
    said: str = ""
    """The server's own words."""


class Standing(Struct, kw_only=True):
    """How far an edition is sent: the last state of each address, in small letters; the number of rounds before."""

    states: dict[str, State] = field(default_factory=dict)
    rounds: int = 0

    def of(self, address: str) -> State | None:
        return self.states.get(address.casefold())


class Record:
    """The record of a site's editions, open to be written; one process has it at a time."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._entries = list(_entries(file))

    def standing(self, edition: str) -> Standing:
        """Return how far an edition is sent."""
        found = Standing()
        for entry in self._entries:
            if entry.edition != edition:
                continue
            if entry.state == "again":
                found = Standing(rounds=found.rounds + 1)
            else:
                found.states[entry.address.casefold()] = entry.state
        return found

    def add(self, entry: Entry) -> None:
        """Write a line, and return when it is on the disk."""
        with self.file.open("ab") as stream:
            stream.write(msgspec.json.encode(entry) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        self._entries.append(entry)


@contextmanager
def record(folder: Path) -> Iterator[Record]:
    """Yield the record in a folder, locked for us; raise BuildFailed if it is damaged."""
    file = folder / FILE
    refuse_links(file)
    with locked(folder / "sent.lock", lambda: None):
        _drop_torn_end(file)
        yield Record(file)


def _drop_torn_end(file: Path) -> None:
    """Cut off a line whose writer was killed: what it was to announce was not begun, or is in doubt without it too."""
    data = read_regular(file)
    if data and not data.endswith(b"\n"):
        with file.open("r+b") as stream:
            stream.truncate(data.rfind(b"\n") + 1)


def _entries(file: Path) -> Iterator[Entry]:
    for number, line in enumerate((read_regular(file) or b"").splitlines(), 1):
        try:
            yield msgspec.json.decode(line, type=Entry)
        except (msgspec.DecodeError, ValueError) as fault:
            raise BuildFailed((problem(str(file), number, "mail-record-damaged"),)) from fault

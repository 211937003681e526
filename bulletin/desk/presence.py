"""Who has an item open. It is a hint for colleagues and decides nothing, so memory is enough."""

from __future__ import annotations

import time
from collections.abc import Callable

from msgspec import Struct

from bulletin.desk.storage import Actor

PATIENCE = 40.0
"""Seconds after which a window that says nothing counts as closed."""


class Reader(Struct, frozen=True, kw_only=True):
    """Somebody who has an item open in one window; times are those of the clock."""

    by: Actor
    since: float
    seen: float


class Presence:
    """The windows in which items are open, as long as they say so."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._windows: dict[tuple[str, str], Reader] = {}

    def opened(self, path: str, window: str, by: Actor) -> None:
        """Note that a window shows an item, or still does."""
        now = self._clock()
        before = self._windows.get((path, window))
        self._windows[path, window] = Reader(by=by, since=before.since if before else now, seen=now)

    def closed(self, path: str, window: str) -> None:
        self._windows.pop((path, window), None)

    def others(self, path: str, window: str) -> tuple[Actor, ...]:
        """Return who else has an item open, first come first; somebody with two windows counts once."""
        latest = self._clock() - PATIENCE
        self._windows = {key: reader for key, reader in self._windows.items() if reader.seen >= latest}
        found = [reader for (at, other), reader in self._windows.items() if at == path and other != window]
        return tuple(dict.fromkeys(reader.by for reader in sorted(found, key=lambda reader: reader.since)))

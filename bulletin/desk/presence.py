"""Who has which item open, as far as open pages have told in the last minute."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from msgspec import Struct

AFTER = 45.0
"""Seconds after which a page that has said nothing counts as closed; pages speak up every twenty."""


class _Seat(Struct, kw_only=True):
    path: str
    copy: str
    who: str
    seen: float


class Presence:
    """The open pages of the desk. It is lost with the process, and pages speak up again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seats: dict[str, _Seat] = {}

    def enter(self, path: str, copy: str, seat: str, who: str) -> None:
        self._seats[seat] = _Seat(path=path, copy=copy, who=who, seen=self._clock())

    def leave(self, seat: str) -> None:
        self._seats.pop(seat, None)

    def holds(self, copy: str) -> bool:
        """Tell whether a page has this working copy open."""
        return any(seat.copy == copy for seat in self._open())

    def holders(self, path: str, but: str) -> Iterator[str]:
        """Yield who has an item open, each once, but for the page `but`."""
        seats = self._open()
        yield from dict.fromkeys(
            seat.who
            for name, seat in self._seats.items()
            if path and seat.path == path and name != but and seat in seats
        )

    def _open(self) -> list[_Seat]:
        now = self._clock()
        self._seats = {name: seat for name, seat in self._seats.items() if now - seat.seen < AFTER}
        return list(self._seats.values())

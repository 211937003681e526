"""Makes who guesses passwords wait, longer each time, and never shuts a name's owner out for good."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable

from msgspec import Struct

_OF_ADDRESS = 5
_OF_NAME = 10
"""Failures that cost no time: fingers slip."""
_LONGEST_OF_ADDRESS = 15 * 60.0
_LONGEST_OF_NAME = 60.0
"""Seconds. A name waits a minute at most, since strangers can make it wait."""
_MOST_KEYS = 10_000
_FORGOTTEN = 24 * 60 * 60.0
_NETWORK = 64
"""Bits of an IPv6 address that one household or office has for itself."""


class _Failures(Struct):
    count: int = 0
    last: float = 0.0


class Throttle:
    """Counts failures by address and by name; `clock` tells seconds.

    Where somebody has signed in from lately, the failures of others with that name do not matter.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: dict[tuple[str, str], _Failures] = {}
        self._at_home: dict[tuple[str, str], float] = {}

    def wait(self, name: str, address: str) -> float:
        """Return the seconds after which the next try is listened to; 0 for now."""
        name, address = name.casefold(), _network(address)
        waits = [self._left(("address", address), _OF_ADDRESS, _LONGEST_OF_ADDRESS)]
        if (name, address) not in self._at_home:
            waits.append(self._left(("name", name), _OF_NAME, _LONGEST_OF_NAME))
        return max(waits)

    def failed(self, name: str, address: str) -> None:
        """Note a wrong try that was listened to."""
        now = self._clock()
        for key in (("address", _network(address)), ("name", name.casefold())):
            known = self._failures.pop(key, _Failures())
            count = known.count if now - known.last < _FORGOTTEN else 0
            # The latest stands last, so that the oldest are forgotten first.
            self._failures[key] = _Failures(count + 1, now)
        _forget(self._failures)

    def succeeded(self, name: str, address: str) -> None:
        """Note that somebody signed in: what was wrong there before was theirs."""
        name, address = name.casefold(), _network(address)
        self._failures.pop(("address", address), None)
        self._failures.pop(("name", name), None)
        self._at_home[name, address] = self._clock()
        _forget(self._at_home)

    def _left(self, key: tuple[str, str], free: int, longest: float) -> float:
        known = self._failures.get(key)
        if known is None or known.count < free:
            return 0.0
        pause = min(2.0 ** min(known.count - free, 20), longest)
        return max(0.0, known.last + pause - self._clock())


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:  # noqa: PLR2004 - as people call it
        return str(ipaddress.ip_network((parsed, _NETWORK), strict=False))
    return str(parsed)


def _forget(known: dict[tuple[str, str], _Failures] | dict[tuple[str, str], float]) -> None:
    """Keep a bounded number, the latest."""
    while len(known) > _MOST_KEYS:
        del known[next(iter(known))]

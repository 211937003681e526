"""Names of files with the signatures that tell an unchanged one without reading it; many of them compared as bytes.

Run by its path, it looks at files beside a build (`build.output_files`): ready in 30 ms: it loads nothing of ours.
"""

from __future__ import annotations

import os
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import chain
from typing import NamedTuple

# In ns. A second change within one tick of the file system's clock leaves a file's times as they are, so equal times
# prove nothing until the tick has passed, or two ticks on a file system that counts whole seconds.
TICK, COARSE_TICK, SECOND = 20_000_000, 2_000_000_000, 1_000_000_000

NO_SIGNATURE = (-1, 0, 0, 0)
_MOST = (1 << 63) - 1
_WORTH_OPENING = 10
_LENGTH, _PARTS = 8, 4
"""Bytes of a number, and numbers of a signature."""
_SIZE = _PARTS * _LENGTH


class Signature(NamedTuple):
    """Metadata of which some part changes whenever a file's bytes do; times in ns.

    `number` is the inode. `changed` is the ctime, which no program can set back.
    """

    size: int
    modified: int
    changed: int
    number: int


def numbers_of(stat: os.stat_result) -> tuple[int, int, int, int]:
    """Return the numbers of a signature: where there are a hundred thousand, making them signatures takes a tenth."""
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino & _MOST


def signature(stat: os.stat_result) -> Signature:
    return Signature(*numbers_of(stat))


def settled(signature: Signature | None, seen: int) -> Signature | None:
    """Return a signature that was `seen` (ns) late enough to prove equal bytes later on; else None.

    On Windows always None: `changed` is the time of creation there, so an edit with its mtime set back goes unnoticed.
    """
    if signature is None or os.name == "nt":
        return None
    slack = COARSE_TICK if signature.changed % SECOND == 0 else TICK
    return signature if max(signature.modified, signature.changed) < seen - slack else None


@contextmanager
def looking_into(folder: str, count: int) -> Iterator[Callable[[str], os.stat_result]]:
    """Yield an `lstat` for so many paths from a folder: many take two thirds of the time if it is opened first."""
    if count < _WORTH_OPENING or os.stat not in os.supports_dir_fd:
        yield lambda path: os.lstat(f"{folder}/{path}")
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        yield lambda path: os.stat(path, dir_fd=opened, follow_symlinks=False)
    finally:
        os.close(opened)


class Listing(Mapping[str, Signature | None]):
    """Names with their signatures, None for a link or a pipe: four numbers each, until somebody asks for one.

    Two listings of the same names in the same order are compared as bytes: an archive has a hundred thousand.
    """

    def __init__(self, names: Iterable[str] = (), numbers: Sequence[int] = ()) -> None:
        self.names = list(names)
        try:
            self._numbers = array("q", numbers)
        except OverflowError:
            # A time after 2262 proves nothing, and is not in the past.
            self._numbers = array("q", [max(-_MOST, min(number, _MOST)) for number in numbers])

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.names)}

    def __getitem__(self, name: str) -> Signature | None:
        return self._at(self._places[name])

    def _at(self, place: int) -> Signature | None:
        size, *others = self._numbers[4 * place : 4 * place + 4]
        return None if size < 0 else Signature(size, *others)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def is_sure(self) -> bool:
        """Tell whether each name has a signature."""
        return -1 not in self._numbers[::4]

    def since(self, before: Listing) -> tuple[list[str], list[str], list[str]]:
        """Return the names of files that may have changed since, of new ones, and of those that are gone."""
        now, then = self._rows(), before._rows()
        changed = [name for name, row in then.items() if now.get(name, row) != row or row[0] < 0]
        return changed, [name for name in now if name not in then], [name for name in then if name not in now]

    def _rows(self) -> dict[str, tuple[int, ...]]:
        numbers = iter(self._numbers)
        return dict(zip(self.names, zip(*[numbers] * _PARTS, strict=True), strict=True))

    def settled(self, seen: int) -> Listing:
        """Return the listing with those signatures alone that prove anything, as `settled` tells."""
        newest = max(max(self._numbers[1::4], default=0), max(self._numbers[2::4], default=0))
        if newest < seen - COARSE_TICK and os.name != "nt":
            return self
        return listing_of({name: settled(self._at(place), seen) for place, name in enumerate(self.names)})

    def is_settled(self, seen: int) -> bool:
        """Tell whether all of its signatures prove something, as `settled` tells."""
        found = self.settled(seen)
        return found is self or found.packed() == self.packed()

    def packed(self) -> bytes:
        """Return it as bytes: how many those of the names are, the names, the numbers."""
        # A name in an old encoding need not be UTF-8: Python represents its odd bytes as surrogates.
        names = "\0".join((*self.names, "")).encode(errors="surrogatepass")
        return len(names).to_bytes(_LENGTH, sys.byteorder) + names + self._numbers.tobytes()

    def stands(self, look: Callable[[str], os.stat_result]) -> bool:
        """Tell whether all of these files and folders stand as they did; `look` is an `lstat` for their names."""
        try:
            # The folder itself has no name.
            return all(numbers_of(look(name or ".")) == row for name, row in self._rows().items())
        except OSError:
            return False


def listing_of(signatures: Mapping[str, Signature | None]) -> Listing:
    return Listing(signatures, list(chain.from_iterable(one or NO_SIGNATURE for one in signatures.values())))


def unpacked(packed: bytes) -> list[Listing]:
    """Return listings from their bytes, one behind the other; raise ValueError for others."""
    found: list[Listing] = []
    at = 0
    while at < len(packed):
        begin = at + _LENGTH
        end = begin + int.from_bytes(packed[at:begin], sys.byteorder)
        *names, rest = packed[begin:end].decode(errors="surrogatepass").split("\0")
        at = end + _SIZE * len(names)
        if rest or at > len(packed):
            raise ValueError(rest)
        numbers = array("q", packed[end:at])
        found.append(Listing(names, numbers))
    return found


if __name__ == "__main__":
    try:
        os.chdir(sys.argv[1])
    except OSError:
        sys.exit(1)
    sys.exit(not all(listing.stands(os.lstat) for listing in unpacked(sys.stdin.buffer.read())))

"""The checksum before each row of the state: SQLite does not notice a byte that changed on the disk."""

from __future__ import annotations

import sqlite3
from typing import TypeVar
from zlib import crc32

from msgspec import DecodeError
from msgspec.json import Decoder, encode

from bulletin.listing import Listing, unpacked

SIZE = 4
"""Bytes of a checksum."""
Value = TypeVar("Value")
Damaged = sqlite3.DatabaseError
"""Raised by any query of a damaged file, and by any change to one that is locked or has no room to grow."""


def sealed(value: object, *belongs_to: str) -> bytes:
    """Return a value as bytes with a checksum: SQLite does not notice a byte that changed on the disk."""
    written = encode(value)
    return seal(written, belongs_to) + written


def load(decoder: Decoder[Value], sealed: bytes, *belongs_to: str) -> Value:
    written = opened(sealed, *belongs_to)
    try:
        return decoder.decode(written)
    except DecodeError as fault:
        # A value of another shape with the right seal, which anybody can make.
        raise Damaged("shape") from fault


def decoded(decoder: Decoder[Value], part: bytes) -> Value:
    """Return what was kept as a part; raise Damaged if it is something else."""
    try:
        return decoder.decode(part)
    except DecodeError as fault:
        raise Damaged("part") from fault


def listings_in(part: bytes, count: int) -> list[Listing]:
    """Return the listings that were kept as a part; raise Damaged if it is something else."""
    try:
        found = unpacked(part)
    except ValueError as fault:
        raise Damaged("listing") from fault
    if len(found) != count:
        raise Damaged("listings")
    return found


def opened(sealed: bytes, *belongs_to: str) -> bytes:
    """Return the bytes behind their checksum."""
    # The column may hold no bytes at all.
    if isinstance(sealed, bytes) and sealed[:SIZE] == seal(sealed[SIZE:], belongs_to):
        return sealed[SIZE:]
    raise Damaged("seal")


def seal(written: bytes, belongs_to: tuple[str, ...]) -> bytes:
    return crc32(written, crc32("\0".join(belongs_to).encode())).to_bytes(SIZE, "big")

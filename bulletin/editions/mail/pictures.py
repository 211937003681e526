"""The pictures of a mail: made small enough for all of them to be in it; where that fails, the last are linked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bulletin.digests import digest_of_bytes
from bulletin.editions.mail.html_body import COLUMN, Shown
from bulletin.editions.mail.message import NOWHERE, Inline
from bulletin.images import Picture

WIDTHS = (2 * COLUMN, 800, COLUMN, 400)
"""Widths in pixels of a picture across the column, tried in turn: sharp on a dense screen, down to enough for a phone.

A picture beside another one is made half as wide.
"""
_FEW = 60
"""More pictures than this never fit at the two greatest widths, so these are not even made."""

Jpeg = Callable[[Picture, int], bytes]
"""Returns a picture as JPEG, no wider than so many pixels."""
Wanted = tuple[Picture, int]
"""A picture, and the pixels across which it is shown at most."""


class MailPictures:
    """The pictures of one mail by their urls, in no more bytes than there is `room` for.

    `address` writes that of a picture which is not in the mail.
    """

    def __init__(self, wanted: Sequence[Wanted], jpeg: Jpeg, address: Callable[[str], str], room: int) -> None:
        self._address = address
        self._inline = _fitting(_widest(wanted), jpeg, room)

    @property
    def inline(self) -> tuple[Inline, ...]:
        """The pictures that are in the mail; two of the same bytes are one."""
        return tuple({one.id: one for one in self._inline.values()}.values())

    def shown(self, picture: Picture, width: int) -> Shown:
        """Return where a picture is and how large it is shown; nothing is enlarged."""
        inline = self._inline.get(picture.url)
        source = f"cid:{inline.id}" if inline else self._address(picture.url)
        across = min(width, picture.width)
        height = max(1, (2 * picture.height * across + picture.width) // (2 * picture.width))
        return Shown(source=source, width=across, height=height)


def _widest(wanted: Sequence[Wanted]) -> list[Wanted]:
    """Return each picture once, in order, with the greatest width at which it is shown."""
    found: dict[str, Wanted] = {}
    for picture, width in wanted:
        known = found.get(picture.url)
        found[picture.url] = (picture, max(width, known[1] if known else 0))
    return list(found.values())


def _fitting(wanted: Sequence[Wanted], jpeg: Jpeg, room: int) -> dict[str, Inline]:
    """Return as many pictures as there is room for, by their urls: all in the greatest size in which all fit."""
    made: dict[str, Inline] = {}
    for across in WIDTHS if len(wanted) <= _FEW else WIDTHS[2:]:
        made = _made(wanted, jpeg, across, room)
        if len(made) == len(wanted):
            break
    return made


def _made(wanted: Sequence[Wanted], jpeg: Jpeg, across: int, room: int) -> dict[str, Inline]:
    """Return pictures, in order, up to the first for which there is no room."""
    made: dict[str, Inline] = {}
    left = room
    for picture, width in wanted:
        data = jpeg(picture, across * width // COLUMN)
        left -= len(data)
        if left < 0:
            break
        made[picture.url] = Inline(id=f"{digest_of_bytes(data)[:16]}@{NOWHERE}", jpeg=data)
    return made

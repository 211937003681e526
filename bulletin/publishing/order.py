"""The order of the moves: what is named is there before who names it, and goes after it.

Where files name each other (an item and its month), the list comes last and goes first: readers come to items by lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bulletin.publishing.changes import Changes
from bulletin.urls import Place, Turn, place_in_order, turn_of

Read = Callable[[str], bytes | None]

_REDIRECT_MARK = b'http-equiv="refresh"'
_BEGINNING = 2048
"""Bytes of a page in which the mark of a redirect must stand."""


def moves_of(changes: Changes, read_new: Read, read_old: Read) -> tuple[list[str], list[str]]:
    """Return the files to put in place and those to remove, each in their order.

    New files come before all changed ones, which may name them, and which name nothing that is not there by then.
    """
    puts = [*_in_order(changes.added, read_new), *_in_order(changes.changed, lambda _: None)]
    return puts, _in_order(changes.removed, read_old)[::-1]


def _in_order(paths: Iterable[str], read: Read) -> list[str]:
    """Return paths in the order in which their new files are put in place.

    `read` returns a file: an old address may look like that of an item, and its page follows the item it leads to.
    """

    def place(path: str) -> Place:
        turn = turn_of(path)
        if turn is Turn.ITEM and _REDIRECT_MARK in (read(path) or b"")[:_BEGINNING]:
            turn = Turn.REDIRECT
        return place_in_order(path, turn)

    return sorted(paths, key=place)

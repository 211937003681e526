"""Stable pagination: page 1 holds the oldest items, so new items never change a full page.

A list's own page shows its newest items, fewer than twice `size`; full pages of `size` items hold all that are older.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


def older_pages(count: int, size: int) -> int:
    """Return the number of full pages that a list of so many items has beside its own."""
    return max(0, count // size - 1)


def on_own_page(count: int, size: int) -> slice:
    """Return where the items of a list's own page stand in it (newest first), if it has so many."""
    return slice(0, count - older_pages(count, size) * size)


def on_page(count: int, size: int, number: int) -> slice:
    """Return where the items of a full page stand in a list (newest first) of so many."""
    end = count - (number - 1) * size
    return slice(end - size, end)


def changed_pages(before: Sequence[Item], after: Sequence[Item], size: int) -> list[int]:
    """Return the numbers of the full pages of a list that show other items than before."""
    known = older_pages(len(before), size)

    def is_other(number: int) -> bool:
        return number > known or before[on_page(len(before), size, number)] != after[on_page(len(after), size, number)]

    return [number for number in range(1, older_pages(len(after), size) + 1) if is_other(number)]

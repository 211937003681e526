"""Stable pagination: page 1 holds the oldest items, so new items never change a full page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from msgspec import Struct

Item = TypeVar("Item")


class Paged(Struct, Generic[Item], frozen=True, kw_only=True):
    """The newest items, for a list's own page, and full pages of the others: `older[0]` is page 1, with the oldest."""

    newest: tuple[Item, ...]
    older: tuple[tuple[Item, ...], ...]


def older_pages(count: int, size: int) -> int:
    """Return the number of full pages that a list of so many items has beside its own."""
    return max(0, count // size - 1)


def on_page(count: int, size: int, number: int) -> slice:
    """Return where the items of a full page stand in a list (newest first) of so many."""
    end = count - (number - 1) * size
    return slice(end - size, end)


def paged(items: Sequence[Item], size: int) -> Paged[Item]:
    """Split items (newest first): the newest size to 2*size-1 stay on the list's own page, the rest fill older pages.

    Fewer than twice `size` items all stay on the list's own page.
    """
    newest_count = len(items) - older_pages(len(items), size) * size
    older = [tuple(items[start : start + size]) for start in range(newest_count, len(items), size)]
    return Paged(newest=tuple(items[:newest_count]), older=tuple(reversed(older)))

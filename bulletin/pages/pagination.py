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


def paged(items: Sequence[Item], size: int) -> Paged[Item]:
    """Split items (newest first): the newest size to 2*size-1 stay on the list's own page, the rest fill older pages.

    Fewer than twice `size` items all stay on the list's own page.
    """
    full_pages = max(0, len(items) // size - 1)
    newest_count = len(items) - full_pages * size
    older = [tuple(items[start : start + size]) for start in range(newest_count, len(items), size)]
    return Paged(newest=tuple(items[:newest_count]), older=tuple(reversed(older)))

"""Stable paging: page 1 holds the oldest items, so that a full page never changes when new ones come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from msgspec import Struct

Item = TypeVar("Item")


class Paged(Struct, Generic[Item], frozen=True, kw_only=True):
    """A list's own page with its newest items, and its full pages: `older[0]` is page 1, with the oldest items."""

    newest: tuple[Item, ...]
    older: tuple[tuple[Item, ...], ...]


def paged(items: Sequence[Item], size: int) -> Paged[Item]:
    """Return items (newest first) in full pages of `size`, of which the newest size to 2*size-1 stay on the list's own.

    With fewer than twice `size` items there are no other pages.
    """
    full = max(0, len(items) // size - 1)
    newest = len(items) - full * size
    older = [tuple(items[start : start + size]) for start in range(newest, len(items), size)]
    return Paged(newest=tuple(items[:newest]), older=tuple(reversed(older)))

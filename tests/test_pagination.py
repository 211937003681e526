"""Full pages hold the oldest items and never change; the list's own page shows the newest."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from hypothesis import given
from hypothesis import strategies as st

from bulletin.pages.pagination import changed_pages, older_pages, on_own_page, on_page

COUNTS = st.integers(0, 300)
SIZES = st.integers(1, 25)


def own(items: Sequence[int], size: int) -> Sequence[int]:
    return items[on_own_page(len(items), size)]


def full(items: Sequence[int], size: int) -> list[Sequence[int]]:
    """Return the full pages of a list, page 1 first."""
    count = len(items)
    return [items[on_page(count, size, number)] for number in range(1, older_pages(count, size) + 1)]


@given(COUNTS, SIZES)
def test_every_item_stands_once_and_in_order(count: int, size: int) -> None:
    items = list(range(count, 0, -1))
    assert [*own(items, size), *(item for page in reversed(full(items, size)) for item in page)] == items


@given(COUNTS, SIZES)
def test_other_pages_are_full_and_the_own_one_is_neither_empty_nor_endless(count: int, size: int) -> None:
    assert all(len(page) == size for page in full(range(count), size))
    assert len(own(range(count), size)) < 2 * size
    assert len(own(range(count), size)) >= min(size, count)


@given(COUNTS, SIZES, st.integers(0, 60))
def test_new_items_leave_full_pages_as_they_were(count: int, size: int, more: int) -> None:
    before = full(range(count, 0, -1), size)
    assert full(range(count + more, 0, -1), size)[: len(before)] == before


def test_page_1_holds_the_oldest_items() -> None:
    assert full(range(45, 0, -1), 20) == [range(20, 0, -1)]
    assert own(range(45, 0, -1), 20) == range(45, 20, -1)


@given(st.lists(st.integers(0, 3)), st.lists(st.integers(0, 3)), SIZES)
def test_the_pages_that_changed_are_those_whose_items_did(before: list[int], after: list[int], size: int) -> None:
    pages = enumerate(zip_longest(full(before, size), full(after, size)), 1)
    assert changed_pages(before, after, size) == [number for number, (then, now) in pages if now not in (then, None)]

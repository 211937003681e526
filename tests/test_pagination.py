"""Full pages hold the oldest items and never change; the list's own page shows the newest."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bulletin.pages.pagination import paged

COUNTS = st.integers(0, 300)
SIZES = st.integers(1, 25)


@given(COUNTS, SIZES)
def test_every_item_stands_once_and_in_order(count: int, size: int) -> None:
    items = list(range(count, 0, -1))
    lists = paged(items, size)
    assert [*lists.newest, *(item for page in reversed(lists.older) for item in page)] == items


@given(COUNTS, SIZES)
def test_other_pages_are_full_and_the_own_one_is_neither_empty_nor_endless(count: int, size: int) -> None:
    lists = paged(range(count), size)
    assert all(len(page) == size for page in lists.older)
    assert len(lists.newest) < 2 * size
    assert len(lists.newest) >= min(size, count)


@given(COUNTS, SIZES, st.integers(0, 60))
def test_new_items_leave_full_pages_as_they_were(count: int, size: int, more: int) -> None:
    before = paged(range(count, 0, -1), size).older
    after = paged(range(count + more, 0, -1), size).older
    assert after[: len(before)] == before


def test_page_1_holds_the_oldest_items() -> None:
    lists = paged(range(45, 0, -1), 20)
    assert lists.older == (tuple(range(20, 0, -1)),)
    assert lists.newest == tuple(range(45, 20, -1))

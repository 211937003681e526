"""The items of a list whose number and days are known, and which are loaded only as they are asked for. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import overload

from bulletin.model import Article
from bulletin.urls import Month

Member = tuple[int, float, str, str]
"""An item by its sort key in lists, see `archive.newest_first`: the day comes first, the path of its file last."""
Members = tuple[Member, ...]


class Shelf(Sequence[Article]):
    """The items of a group, newest first."""

    def __init__(
        self, count: int, members: Callable[[], Members], articles: Callable[[Members], tuple[Article, ...]]
    ) -> None:
        self._count = count
        self._members = members
        self._articles = articles

    def newest_day(self, is_wanted: Callable[[date], bool]) -> date | None:
        """Return the newest day of an item that is wanted."""
        return next(filter(is_wanted, (date.fromordinal(-day) for day, *_ in self._members())), None)

    def months(self) -> Mapping[Month, int]:
        """Return the number of items in each month."""
        days = Counter(day for day, *_ in self._members())
        months: Counter[Month] = Counter()
        for day, count in days.items():
            when = date.fromordinal(-day)
            months[when.year, when.month] += count
        return months

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Article]:
        return iter(self[:])

    @overload
    def __getitem__(self, where: int) -> Article: ...
    @overload
    def __getitem__(self, where: slice) -> tuple[Article, ...]: ...
    def __getitem__(self, where: int | slice) -> Article | tuple[Article, ...]:
        members = self._members()
        return self._articles(members[where]) if isinstance(where, slice) else self._articles((members[where],))[0]


def months_of(articles: Iterable[Article]) -> Mapping[Month, int]:
    """Return the number of items in each month; those of a shelf need not be loaded for it."""
    if isinstance(articles, Shelf):
        return articles.months()
    return Counter((article.card.day.year, article.card.day.month) for article in articles)


def newest_day(articles: Iterable[Article], is_wanted: Callable[[date], bool] = lambda _: True) -> date | None:
    """Return the newest day of a list's items that is wanted; those of a shelf need not be loaded for it."""
    if isinstance(articles, Shelf):
        return articles.newest_day(is_wanted)
    return next(filter(is_wanted, (article.card.day for article in articles)), None)

"""The items that readers may see at a moment, in their order, with the indexes that pages are planned from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property, lru_cache
from itertools import chain
from typing import Literal, TypeVar

from msgspec import Struct

from bulletin.model import Article, Deal, Event
from bulletin.pages import deals as deals_of
from bulletin.pages.topics import Topic, gathered, slug_of, with_pages
from bulletin.problems import Problem, problem
from bulletin.urls import Month
from bulletin.vietnamese import Place, dates, provinces

Key = TypeVar("Key")
Value = TypeVar("Value")
Due = Literal["appears", "expires", "unpinned", "over", "forgotten"]
EVENTS_KEPT = 6
"""Months, beside that of its end, in which the calendar still shows an event that is over."""
UnitKey = tuple[str, int]
"""A unit's id and map: in the other map the same id is another territory."""
Tally = Mapping[UnitKey, int]
"""The number of items of each unit; those without a province stand under NATIONWIDE."""
NATIONWIDE: UnitKey = (provinces.NATIONWIDE.id, 0)


class Archive(Struct, frozen=True, kw_only=True, dict=True):
    """Published items, their deals, and indexes of both; every sequence is newest first."""

    now: datetime
    published: Sequence[Article]
    listed: Sequence[Article]
    """Published items that have not expired: an expired one keeps its page, but stands in no list."""
    pinned: tuple[Article, ...]
    """Listed items that are pinned at the moment."""
    by_place: Mapping[str, Sequence[Article]]
    by_month: Mapping[Month, Sequence[Article]]
    events: Sequence[Article]
    """Listed items with an event that the calendar shows, the one that begins first first."""
    category_names: tuple[str, ...]
    """Of published items, in the order of the newest of each."""
    categories: Mapping[str, Topic]
    """Listed items by the slug of their category; tags and authors in the same way."""
    tags: Mapping[str, Topic]
    """Those that have a page."""
    authors: Mapping[str, Topic]
    deals: tuple[Deal, ...]
    months: tuple[Month, ...]
    """Every month with items or deals. Expired items count, since their pages link to their month."""
    by_unit: Mapping[UnitKey, Sequence[Article]]
    """Listed items by unit; an item of a unit of the 63 also counts for that unit's successor in the 34."""
    tallies: Mapping[Month, Tally]
    """The listed items of each month, counted by unit."""
    next_due: datetime | None
    """The next moment at which a build of the same items would differ; None if there is none."""
    problems: tuple[Problem, ...]

    @cached_property
    def deals_by_place(self) -> Mapping[str, tuple[Deal, ...]]:
        return grouped((deal.place.id, deal) for deal in self.deals)

    @cached_property
    def deals_by_month(self) -> Mapping[Month, tuple[Deal, ...]]:
        return grouped(((deal.date.year, deal.date.month), deal) for deal in self.deals)

    @cached_property
    def deals_by_unit(self) -> Mapping[UnitKey, tuple[Deal, ...]]:
        return grouped((key, deal) for deal in self.deals for key in unit_keys((deal.place,)))

    @property
    def newest_day(self) -> date:
        """The day of the newest listed item; without items, the day of the build."""
        return self.listed[0].card.day if self.listed else self.now.date()

    @property
    def map_number(self) -> int:
        """The map on `newest_day`."""
        return provinces.map_number_on(self.newest_day)

    def all_categories(self, names: Iterable[str]) -> dict[str, Topic]:
        """Return the category of each slug: those with the settings' `names`, also without items, then all others.

        An item with errors is shown as it was last published, perhaps in a category that was deleted since.
        """
        found: dict[str, Topic] = {}
        for name in dict.fromkeys((*names, *self.category_names)):
            if key := slug_of(name):
                found.setdefault(key, self.categories.get(key) or Topic(name=name, articles=(), spellings=()))
        return found


def collect(articles: Iterable[Article], now: datetime, *, drafts: bool, waiting: bool = False) -> Archive:
    """Return what readers may see at `now`; a preview also asks for `drafts` and for items `waiting` for their time."""
    today = now.date()
    candidates = [article for article in articles if drafts or not article.card.draft]
    published = tuple(sorted((item for item in candidates if waiting or is_released(item, now)), key=newest_first))
    listed = tuple(article for article in published if not is_expired(article, now))
    # Expired items count here: a deal stays signed when the news about it expires.
    merged, problems = deals_of.merge(published)
    # Most items are out and have none of these dates, so time cannot change them.
    timed = [item for item in candidates if _is_timed(item, today)]
    months = {month_of(article) for article in published}
    months |= {(deal.date.year, deal.date.month) for deal in merged}
    return Archive(
        now=now,
        months=tuple(sorted(months, reverse=True)),
        published=published,
        listed=listed,
        pinned=tuple(article for article in listed if is_pinned(article, now)),
        by_place=grouped((place.id, article) for article in listed for place in article.card.places),
        by_month=(by_month := grouped((month_of(article), article) for article in listed)),
        events=tuple(sorted((item for item in listed if _is_in_calendar(item, now)), key=soonest_first)),
        category_names=tuple(dict.fromkeys(article.card.category for article in published)),
        categories=gathered((article.card.category, article) for article in listed),
        tags=with_pages(gathered((tag, article) for article in listed for tag in article.tags)),
        authors=gathered((author, article) for article in listed for author in article.authors),
        deals=merged,
        by_unit=grouped((key, article) for article in listed for key in unit_keys(article.card.places)),
        tallies={month: Counter(chain.from_iterable(map(tallied, of_month))) for month, of_month in by_month.items()},
        next_due=min((at for article in timed for at, _ in dues(article, now) if at > now), default=None),
        problems=(*problems, *_held_back(candidates, now)),
    )


def newest_first(article: Article) -> tuple[int, float, str, str]:
    """Return an item's sort key in lists: the newest day first, within a day the latest `publish`, then the title."""
    published = -article.publish.timestamp() if article.publish else 0.0
    return -article.card.day.toordinal(), published, article.order, article.source


def release(article: Article, now: datetime) -> datetime:
    """Return the moment from which readers see an item: midnight of its day, or `publish` if that is later."""
    begins = _midnight(article.card.day, now)
    return max(begins, article.publish) if article.publish else begins


def is_released(article: Article, now: datetime) -> bool:
    """Tell whether the moment of `release` has come."""
    return article.card.day <= now.date() and (article.publish is None or article.publish <= now)


def is_expired(article: Article, now: datetime) -> bool:
    return article.expires is not None and now >= _midnight(article.expires, now)


def is_pinned(article: Article, now: datetime) -> bool:
    return article.pinned_until is not None and now.date() <= article.pinned_until


def coming(articles: Iterable[Article], now: datetime) -> tuple[Article, ...]:
    """Return the items whose event is not over, the one that begins first first."""
    return tuple(sorted((article for article in articles if not is_over(article, now)), key=soonest_first))


def is_over(article: Article, now: datetime) -> bool:
    """Tell whether the event of an item is over; an item without one has none to come."""
    return article.event is None or article.event.when.over_at(now.tzinfo) <= now


def _is_in_calendar(article: Article, now: datetime) -> bool:
    return article.event is not None and now < _forgotten_at(article.event, now)


def _forgotten_at(event: Event, now: datetime) -> datetime:
    """Return the moment at which the calendar drops an event: it goes with all others of its month."""
    months = event.when.last.year * 12 + event.when.last.month + EVENTS_KEPT
    return _midnight(date(months // 12, months % 12 + 1, 1), now)


def soonest_first(article: Article) -> tuple[datetime, datetime, str, str]:
    assert article.event is not None
    when = article.event.when
    return when.begins_at(None), when.over_at(None), article.order, article.source


def _is_timed(article: Article, today: date) -> bool:
    if article.publish or article.expires or article.pinned_until or article.event:
        return True
    return article.card.day > today


def month_of(article: Article) -> Month:
    return article.card.day.year, article.card.day.month


def tallied(article: Article) -> tuple[UnitKey, ...]:
    """Return where an item counts in a tally."""
    return unit_keys(article.card.places) or (NATIONWIDE,)


@lru_cache(maxsize=4096)
def unit_keys(places: tuple[Place, ...]) -> tuple[UnitKey, ...]:
    """Return the units that places lie in, each once; a unit of the 63 is followed by its successor in the 34."""
    return tuple(dict.fromkeys(key for place in places for key in _unit_keys_of(place)))


@cache
def _unit_keys_of(place: Place) -> tuple[UnitKey, ...]:
    if place.map_number is None:
        return ()
    key = place.id, place.map_number
    if place.map_number != provinces.MAP_NUMBERS[0]:
        return (key,)
    return key, (provinces.successor(place.id), provinces.MAP_NUMBERS[-1])


def dues(article: Article, now: datetime) -> Iterator[tuple[datetime, Due]]:
    """Yield the moments, past and future, at which an item changes without an edit, each with the change."""
    yield release(article, now), "appears"
    if article.expires:
        yield _midnight(article.expires, now), "expires"
    if article.pinned_until and article.pinned_until != date.max:
        yield _midnight(article.pinned_until + timedelta(days=1), now), "unpinned"
    if article.event:
        yield article.event.when.over_at(now.tzinfo), "over"
        yield _forgotten_at(article.event, now), "forgotten"


def past(article: Article, now: datetime) -> tuple[Due, ...]:
    """Return what the clock has done to a published item by `now`; nothing to most."""
    if not (article.expires or article.pinned_until or article.event):
        return ()
    return tuple(due for at, due in dues(article, now) if due != "appears" and at <= now)


def _held_back(articles: Iterable[Article], now: datetime) -> Iterator[Problem]:
    """Yield a warning for each item dated after today, unless its `publish` shows that it is meant to wait."""
    for article in articles:
        is_expected = article.publish is not None and article.publish.date() >= article.card.day
        if article.card.day > now.date() and not is_expected:
            day, today = dates.short(article.card.day), dates.short(now.date())
            code = "held-back-invitation" if _comes_too_late(article) else "held-back"
            yield problem(article.source, article.date_line, code, "warning", found=day, today=today)


def _comes_too_late(article: Article) -> bool:
    """Tell whether readers would first hear of an event on its day: whoever dated the item meant that day."""
    return article.event.when.first <= article.card.day if article.event else article.invites


def _midnight(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(), now.tzinfo)


def grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, tuple[Value, ...]]:
    """Return the values of each key, in their order."""
    groups: dict[Key, list[Value]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}

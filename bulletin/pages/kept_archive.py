"""An archive of which a build has kept the groups: by their keys, so that items are loaded only as somebody asks.

A plan of some pages costs what these show, however many items there are. Pure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import overload

from msgspec import Struct

from bulletin.model import Article, Deal
from bulletin.pages.archive import Archive, UnitKey, fields_of_deals, newest_first, soonest_first, unit_keys
from bulletin.pages.item_page import RELATED
from bulletin.pages.topics import Topic
from bulletin.urls import Month
from bulletin.vietnamese import provinces

Member = tuple[int, float, str, str]
"""An item by its sort key in lists, see `archive.newest_first`; the path of its file stands at the end."""
Members = tuple[Member, ...]
_EVENTS, _PINNED = "events", "pinned"


class Kept(Struct, frozen=True, kw_only=True, array_like=True):
    """What is kept of an archive beside its groups.

    `counts` holds the number of members of each group, `units` that of the items of each unit, `titles` the titles of
    categories by their slugs, `months` those of published items.
    """

    counts: dict[str, int]
    units: tuple[tuple[UnitKey, int], ...]
    titles: dict[str, str]
    category_names: tuple[str, ...]
    months: tuple[Month, ...]
    deals: tuple[Deal, ...]
    next_due: datetime | None


def groups_of(archive: Archive) -> dict[str, Members]:
    """Return the members of each group of listed items, newest first, by the group's name."""
    keys = {article.source: newest_first(article) for article in archive.listed}

    def members(articles: Iterable[Article]) -> Members:
        return tuple([keys[article.source] for article in articles])

    groups = {of_month(month): members(articles) for month, articles in archive.by_month.items()}
    groups |= {of_place(place): members(articles) for place, articles in archive.by_place.items()}
    for name, topics in ((of_category, archive.categories), (of_tag, archive.tags), (of_author, archive.authors)):
        groups |= {name(slug): members(topic.articles) for slug, topic in topics.items()}
    groups |= {_EVENTS: members(archive.events), _PINNED: members(archive.pinned)}
    return {name: found for name, found in groups.items() if found}


def kept(archive: Archive, groups: Mapping[str, Members]) -> Kept:
    """Return what is kept of an archive beside its groups."""
    return Kept(
        counts={name: len(members) for name, members in groups.items()},
        units=tuple((unit, len(articles)) for unit, articles in archive.by_unit.items()),
        titles={slug: topic.title() for slug, topic in archive.categories.items()},
        category_names=archive.category_names,
        months=archive.months,
        deals=archive.deals,
        next_due=archive.next_due,
    )


class Groups:
    """The groups of an archive; `load` returns the members of one, `articles` the items of files with these paths."""

    def __init__(
        self,
        counts: Mapping[str, int],
        load: Callable[[str], Members],
        articles: Callable[[Collection[str]], Mapping[str, Article]],
    ) -> None:
        self.counts = dict(counts)
        self._load = load
        self._articles = articles
        self._loaded: dict[str, Members] = {}
        self.months = sorted((_month_named(name) for name in counts if name.startswith("month/")), reverse=True)
        """Those with listed items, newest first."""

    def members(self, name: str) -> Members:
        if name not in self._loaded:
            self._loaded[name] = self._load(name) if name in self.counts else ()
        return self._loaded[name]

    def has(self, article: Article) -> bool:
        """Tell whether an item is listed."""
        return newest_first(article) in self.members(of_month(month_of(article)))

    def shelf(self, name: str) -> Shelf:
        return Shelf(self.counts.get(name, 0), lambda: self.members(name), self.articles)

    def articles(self, members: Members) -> tuple[Article, ...]:
        paths = [source for *_, source in members]
        found = self._articles(paths)
        return tuple([found[path] for path in paths])

    def following(self, name: str, article: Article, count: int) -> Members:
        """Return the next older members of a group, `count` at most."""
        members = self.members(name)
        after = bisect_left(members, newest_first(article)) + 1
        return members[after : after + count]


class Shelf(Sequence[Article]):
    """The items of a group, newest first. Their number is known; they are loaded as they are asked for."""

    def __init__(
        self, count: int, members: Callable[[], Members], articles: Callable[[Members], tuple[Article, ...]]
    ) -> None:
        self._count = count
        self._members = members
        self._articles = articles

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


class _Everything(Shelf):
    """All listed items, which stand in the groups of their months."""

    def __init__(self, groups: Groups) -> None:
        names = list(map(of_month, groups.months))
        super().__init__(
            sum(groups.counts[name] for name in names),
            lambda: tuple(chain.from_iterable(map(groups.members, names))),
            groups.articles,
        )
        self._groups = groups

    def newest(self, count: int) -> tuple[Article, ...]:
        found: Members = ()
        for month in self._groups.months:
            if len(found) >= count:
                break
            found += self._groups.members(of_month(month))
        return self._groups.articles(found[:count])

    @overload
    def __getitem__(self, where: int) -> Article: ...
    @overload
    def __getitem__(self, where: slice) -> tuple[Article, ...]: ...
    def __getitem__(self, where: int | slice) -> Article | tuple[Article, ...]:
        if isinstance(where, slice) and where.start is None and where.stop is not None and where.stop >= 0:
            return self.newest(where.stop)
        return self.newest(1)[0] if where == 0 else super().__getitem__(where)


def archive_of(groups: Groups, known: Kept, now: datetime) -> Archive:
    """Return the archive that was kept, but for its items: they are loaded as somebody asks for them."""

    def shelves(kind: str) -> dict[str, Shelf]:
        return {name.removeprefix(kind): groups.shelf(name) for name in groups.counts if name.startswith(kind)}

    def topics(kind: str, titles: Mapping[str, str]) -> dict[str, Topic]:
        return {
            slug: Topic(name=titles.get(slug, ""), articles=articles, spellings=())
            for slug, articles in shelves(kind).items()
        }

    return Archive(
        now=now,
        published=(),
        listed=_Everything(groups),
        pinned=tuple(groups.shelf(_PINNED)),
        by_place=shelves(of_place("")),
        by_month={month: groups.shelf(of_month(month)) for month in groups.months},
        events=tuple(sorted(groups.shelf(_EVENTS), key=soonest_first)),
        category_names=known.category_names,
        categories=topics(of_category(""), known.titles),
        tags=topics(of_tag(""), {}),
        authors=topics(of_author(""), {}),
        months=known.months,
        by_unit={unit: _unit_shelf(unit, count, groups) for unit, count in known.units},
        next_due=known.next_due,
        problems=(),
        **fields_of_deals(known.deals),
    )


def _unit_shelf(unit: UnitKey, count: int, groups: Groups) -> Shelf:
    def members() -> Members:
        places = (unit[0], *provinces.predecessors(unit[0]))
        found = {member for place in places for member in groups.members(of_place(place))}
        articles = groups.articles(tuple(sorted(found)))
        return tuple(newest_first(article) for article in articles if unit in unit_keys(article.card.places))

    return Shelf(count, members, groups.articles)


class KeptNeighbours:
    """The neighbours of listed items: those that `item_page` finds in a whole archive."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups

    def newer(self, article: Article) -> Article | None:
        month = month_of(article)
        members = self._groups.members(of_month(month))
        if at := bisect_left(members, newest_first(article)):
            return self._one(members[at - 1 : at])
        newer = [other for other in self._groups.months if other > month]
        return self._one(self._groups.members(of_month(newer[-1]))[-1:]) if newer else None

    def older(self, article: Article) -> Article | None:
        month = month_of(article)
        if found := self._groups.following(of_month(month), article, 1):
            return self._one(found)
        older = [other for other in self._groups.months if other < month]
        return self._one(self._groups.members(of_month(older[0]))[:1]) if older else None

    def of_places(self, article: Article) -> tuple[Article, ...]:
        return self._groups.articles(self._just_older(article))

    def of_month(self, article: Article) -> tuple[Article, ...]:
        named = self._just_older(article)
        older = self._groups.following(of_month(month_of(article)), article, RELATED)
        return self._groups.articles(tuple(member for member in older if member not in named))

    def _just_older(self, article: Article) -> Members:
        groups = [of_place(place.id) for place in article.card.places]
        found = {member for name in groups for member in self._groups.following(name, article, RELATED)}
        return tuple(sorted(found)[:RELATED])

    def _one(self, members: Members) -> Article:
        return self._groups.articles(members)[0]


def of_month(month: Month) -> str:
    """Return the name of the group of a month's items."""
    return f"month/{month[0]}-{month[1]}"


def of_place(place: str) -> str:
    return f"place/{place}"


def of_category(slug: str) -> str:
    return f"category/{slug}"


def of_tag(slug: str) -> str:
    return f"tag/{slug}"


def of_author(slug: str) -> str:
    return f"author/{slug}"


def month_of(article: Article) -> Month:
    return article.card.day.year, article.card.day.month


def _month_named(name: str) -> Month:
    year, number = name.removeprefix("month/").split("-")
    return int(year), int(number)

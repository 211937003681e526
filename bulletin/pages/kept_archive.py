"""An archive of which a build has kept the groups: by their keys, so that items are loaded only as somebody asks.

A plan of some pages costs what these show, however many items there are. Pure.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import overload

from msgspec import Struct
from msgspec.structs import replace

from bulletin import urls
from bulletin.model import Article, Deal
from bulletin.pages.archive import (
    NATIONWIDE,
    Archive,
    Tally,
    UnitKey,
    grouped,
    month_of,
    newest_first,
    soonest_first,
    tallied,
    unit_keys,
)
from bulletin.pages.group_names import (
    EVENTS,
    EVERYTHING,
    PINNED,
    months_named,
    names_of,
    of_archived,
    of_author,
    of_category,
    of_month,
    of_place,
    of_tag,
    of_tellers,
)
from bulletin.pages.item_page import RELATED
from bulletin.pages.pagination import older_pages
from bulletin.pages.plan import Plan
from bulletin.pages.shelf import Member, Members, Shelf
from bulletin.pages.topics import Topic
from bulletin.urls import Month
from bulletin.vietnamese import provinces


class Kept(Struct, frozen=True, kw_only=True, array_like=True):
    """What is kept of an archive beside its groups.

    `counts` holds the number of members of each group, `tallies` those of the months by unit. `titles` and `firsts`
    hold the title and the newest member of each category, tag and author, by the names of their groups and in the order
    of their lists; `mixed` are those of them that items spell in several ways. `lists` are the urls of lists in the
    sitemap, `later` the paths that items will need which readers do not see yet, each with their file; `is_tangled` is
    that of the plan.
    """

    counts: dict[str, int]
    tallies: tuple[tuple[Month, tuple[tuple[UnitKey, int], ...]], ...]
    titles: dict[str, str]
    mixed: tuple[str, ...]
    firsts: dict[str, Member]
    lists: tuple[str, ...]
    later: dict[str, str]
    is_tangled: bool
    category_names: tuple[str, ...]
    months: tuple[Month, ...]
    deals: tuple[Deal, ...]
    next_due: datetime | None


def groups_of(archive: Archive) -> dict[str, Members]:
    """Return the members of each group, newest first, by the group's name."""
    keys = {article.source: newest_first(article) for article in archive.published}

    def members(articles: Iterable[Article]) -> Members:
        return tuple([keys[article.source] for article in articles])

    groups = {of_month(month): members(articles) for month, articles in archive.by_month.items()}
    groups |= {of_place(place): members(articles) for place, articles in archive.by_place.items()}
    for name, topics in ((of_category, archive.categories), (of_tag, archive.tags), (of_author, archive.authors)):
        groups |= {name(slug): members(topic.articles) for slug, topic in topics.items()}
    groups |= {EVENTS: members(archive.events), PINNED: members(archive.pinned)}
    listed = {article.source for article in archive.listed}
    archived = grouped((month_of(article), article) for article in archive.published if article.source not in listed)
    groups |= {of_archived(month): members(articles) for month, articles in archived.items()}
    told = [(mention.place.id, article) for article in archive.published for mention in article.mentions]
    tellers: dict[str, dict[Member, None]] = {}
    for place, article in told:
        tellers.setdefault(of_tellers(place), {})[keys[article.source]] = None
    groups |= {name: tuple(found) for name, found in tellers.items()}
    return {name: found for name, found in groups.items() if found}


def with_changes(known: Kept, changes: Collection[tuple[Article | None, Article]], groups: Groups) -> Kept:
    """Return what is kept once items have changed; the groups have them already."""
    tallies = {month: Counter(dict(units)) for month, units in known.tallies}
    named: list[str] = []
    for old, new in changes:
        tallies[month_of(new)].update(tallied(new))
        tallies[month_of(new)].subtract(tallied(old) if old else ())
        named += [name for name in names_of(new) if name in known.firsts]
    # Topics stand in the order of their newest items; those of one item in the order in which it names them.
    newest = {name: groups.members(name)[0] for name in named}
    moved = {name: first for name, first in newest.items() if first != known.firsts[name]}
    firsts = {**moved, **{name: first for name, first in known.firsts.items() if name not in moved}}
    names = {newest_first(new): names_of(new) for _, new in changes}
    firsts = dict(sorted(firsts.items(), key=lambda pair: (pair[1], _place(pair[0], names.get(pair[1], [])))))
    return replace(
        known,
        counts=groups.counts,
        tallies=_as_pairs(tallies),
        firsts=firsts,
        lists=_in_order(_in_order(known.lists, of_tag(""), urls.tag, firsts), of_author(""), urls.author, firsts),
    )


def _place(name: str, names: Sequence[str]) -> int:
    """Return the place of a name in the order in which an item names its groups; 0 if it names none of them."""
    return names.index(name) if name in names else 0


def _as_pairs(tallies: Mapping[Month, Tally]) -> tuple[tuple[Month, tuple[tuple[UnitKey, int], ...]], ...]:
    """Return tallies as JSON can hold them."""
    return tuple(
        (month, tuple((unit, count) for unit, count in units.items() if count)) for month, units in tallies.items()
    )


def _in_order(
    lists: tuple[str, ...], kind: str, url: Callable[[str], str], firsts: Mapping[str, Member]
) -> tuple[str, ...]:
    """Return the urls of lists with those of one kind of topics, which stand together, in the order of `firsts`."""
    topics = [url(name.removeprefix(kind)) for name in firsts if name.startswith(kind)]
    others, ordered = frozenset(topics), iter(topics)
    return tuple(next(ordered) if one in others else one for one in lists)


def kept(plan: Plan, groups: Mapping[str, Members]) -> Kept:
    """Return what is kept of a plan beside the groups of its archive."""
    archive = plan.archive
    kinds = ((of_category, archive.categories), (of_tag, archive.tags), (of_author, archive.authors))
    topics = {name(slug): topic for name, found in kinds for slug, topic in found.items()}
    return Kept(
        counts={name: len(members) for name, members in groups.items()},
        tallies=_as_pairs(archive.tallies),
        titles={name: topic.title() for name, topic in topics.items()},
        mixed=tuple(name for name, topic in topics.items() if len({*topic.spellings}) > 1),
        firsts={name: groups[name][0] for name in topics},
        lists=plan.lists,
        later=dict(plan.later),
        is_tangled=plan.is_tangled,
        category_names=archive.category_names,
        months=archive.months,
        deals=archive.deals,
        next_due=archive.next_due,
    )


class GroupChange(Struct, kw_only=True):
    """Which items of a group were changed, counted from the oldest: `at` these places, and all `since` a new one.

    `added` is the number of new items.
    """

    at: set[int]
    since: int | None = None
    added: int = 0

    def note(self, where: list[int], *, is_new: bool) -> None:
        self.at |= {*range(min(where), max(where) + 1)}
        if is_new:
            self.since = min(where[0], self.since if self.since is not None else where[0])
            self.added += 1


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
        self.changes: dict[str, GroupChange] = {}
        """What `put` has changed, by group; under EVERYTHING of all listed items."""
        self.moved: set[str] = set()
        """The groups of which the members, or their order, are others than before."""
        self.months = months_named(of_month, counts)
        """Those with listed items, newest first."""
        self.published_months = sorted({*self.months, *months_named(of_archived, counts)}, reverse=True)
        """Those with published items, newest first."""

    def members(self, name: str) -> Members:
        if name not in self._loaded:
            self._loaded[name] = self._load(name) if name in self.counts else ()
        return self._loaded[name]

    def put(self, old: Article | None, new: Article) -> None:
        """Put the new version of an item in the place of the old one, or a new item in its places.

        It stays in all groups that it was in.
        """
        older = sum(self.counts[of_month(month)] for month in self.months if month < month_of(new))
        names = [name for name in names_of(new) if name in self.counts]
        names += [name for name in (EVENTS, PINNED) if old and newest_first(old) in self.members(name)]
        for name in names:
            members = [*self.members(name)]
            change = self.changes.setdefault(name, GroupChange(at=set()))
            where: list[int] = []
            if old and (key := newest_first(old)) in members:
                where.append(len(members) - 1 - members.index(key))
                members.remove(key)
            insort(members, newest_first(new))
            where.append(len(members) - 1 - members.index(newest_first(new)))
            change.note(where, is_new=len(where) == 1)
            if (now := tuple(members)) != self._loaded[name]:
                self.moved.add(name)
            self._loaded[name] = now
            self.counts[name] = len(members)
            if name == of_month(month_of(new)):
                everything = self.changes.setdefault(EVERYTHING, GroupChange(at=set()))
                everything.note([older + index for index in where], is_new=len(where) == 1)

    def published(self, month: Month) -> tuple[Article, ...]:
        """Return all published items of a month, newest first."""
        return self.articles(tuple(sorted(self.members(of_month(month)) + self.members(of_archived(month)))))

    def has(self, article: Article) -> bool:
        """Tell whether an item is listed."""
        return newest_first(article) in self.members(of_month(month_of(article)))

    def page_numbers(self, name: str, size: int) -> list[int]:
        """Return the numbers of a list's full pages whose items `put` has changed."""
        if (change := self.changes.get(name)) is None:
            return []
        count = self._count(name)
        pages = older_pages(count, size)
        since = change.since if change.since is not None else count
        # A page that has just become full is new, though none of its items is.
        first = min(since // size, older_pages(count - change.added, size)) + 1
        numbers = {index // size + 1 for index in change.at} | {*range(first, pages + 1)}
        return sorted(number for number in numbers if number <= pages)

    def has_newer(self, name: str, count: int) -> bool:
        """Tell whether `put` has changed one of the newest members of a group, so many of them."""
        if (change := self.changes.get(name)) is None:
            return False
        # Each item that came later has moved the places of those before it by one.
        first = self._count(name) - count - change.added
        return any(at >= first for at in change.at)

    def has_newest(self, name: str, size: int) -> bool:
        """Tell whether `put` has changed the items that stand on a list's own page, and not on a full one."""
        if (change := self.changes.get(name)) is None:
            return False
        # One more item moves all that are newer.
        return bool(change.added) or max(change.at) >= size * older_pages(self._count(name), size)

    def around(self, name: str, article: Article, newer: int) -> Members:
        """Return an item, or where it was, with the next older member of a group and some newer ones."""
        members = self.members(name)
        at = bisect_left(members, newest_first(article))
        return members[max(0, at - newer) : at + 2]

    def _count(self, name: str) -> int:
        return sum(self.counts[of_month(one)] for one in self.months) if name == EVERYTHING else self.counts[name]

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

    def months(self) -> Mapping[Month, int]:
        return {month: self._groups.counts[of_month(month)] for month in self._groups.months}

    @overload
    def __getitem__(self, where: int) -> Article: ...
    @overload
    def __getitem__(self, where: slice) -> tuple[Article, ...]: ...
    def __getitem__(self, where: int | slice) -> Article | tuple[Article, ...]:
        if isinstance(where, slice):
            start, stop, _ = where.indices(len(self))
            return self._groups.articles(self._between(start, stop))
        return self[where : where + 1][0]

    def _between(self, start: int, stop: int) -> Members:
        """Return some members, from the groups of their months alone."""
        found: list[Member] = []
        before = 0
        for month in self._groups.months:
            name = of_month(month)
            count = self._groups.counts[name]
            if before < stop and start < before + count:
                found += self._groups.members(name)[max(0, start - before) : stop - before]
            before += count
        return tuple(found)


def archive_of(groups: Groups, known: Kept, now: datetime) -> Archive:
    """Return the archive that was kept, but for its items: they are loaded as somebody asks for them."""

    def shelves(kind: str) -> dict[str, Shelf]:
        return {name.removeprefix(kind): groups.shelf(name) for name in groups.counts if name.startswith(kind)}

    def topics(kind: str) -> dict[str, Topic]:
        return {
            name.removeprefix(kind): Topic(name=known.titles[name], articles=groups.shelf(name), spellings=())
            for name in known.firsts
            if name.startswith(kind)
        }

    units: Counter[UnitKey] = Counter()
    for _, of_units in known.tallies:
        units.update(dict(of_units))
    del units[NATIONWIDE]
    return Archive(
        now=now,
        published=(),
        listed=_Everything(groups),
        pinned=tuple(groups.shelf(PINNED)),
        by_place=shelves(of_place("")),
        by_month={month: groups.shelf(of_month(month)) for month in groups.months},
        events=tuple(sorted(groups.shelf(EVENTS), key=soonest_first)),
        category_names=known.category_names,
        categories=topics(of_category("")),
        tags=topics(of_tag("")),
        authors=topics(of_author("")),
        months=known.months,
        by_unit={unit: _UnitShelf(unit, count, groups) for unit, count in units.items()},
        tallies={month: dict(of_units) for month, of_units in known.tallies},
        next_due=known.next_due,
        problems=(),
        deals=known.deals,
    )


class _UnitShelf(Shelf):
    """The items of a unit, which stand in the groups of its provinces with those of other units."""

    def __init__(self, unit: UnitKey, count: int, groups: Groups) -> None:
        super().__init__(count, lambda: tuple(map(newest_first, self._found(self._near()))), groups.articles)
        self._unit = unit
        self._groups = groups

    def newest_day(self, is_wanted: Callable[[date], bool]) -> date | None:
        """Return the newest day as others do; no items are loaded but those of wanted days, up to one of the unit."""
        wanted = (member for member in self._near() if is_wanted(date.fromordinal(-member[0])))
        return next((article.card.day for article in self._found(wanted)), None)

    def _near(self) -> list[Member]:
        """Return the members of the provinces of which the unit has items, newest first."""
        places = (self._unit[0], *provinces.predecessors(self._unit[0]))
        return sorted({member for place in places for member in self._groups.members(of_place(place))})

    def _found(self, members: Iterable[Member]) -> Iterator[Article]:
        articles = (article for member in members for article in self._groups.articles((member,)))
        return (article for article in articles if self._unit in unit_keys(article.card.places))


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

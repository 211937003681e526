"""The deals of a bulletin and their totals: one for each agreement with a province, however many items tell of it.

Items tell of deals in their own words: a round-up names the month, an early item no amount. Which tellings are one deal
follows from their names or, without names, from days and amounts; in doubt there are two deals, and a warning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from heapq import merge as merged
from itertools import islice, pairwise

from msgspec import Struct, field
from msgspec.structs import replace

from bulletin.model import Article, Deal, Mention, Reference, Total
from bulletin.problems import Problem, problem
from bulletin.vietnamese import Amount, amounts, dates, provinces

SOON = timedelta(days=45)
"""Two deals of one province and amount that are no farther apart may be one whose date was mistaken."""
PLACES_NAMED = 5
"""Tellings that a warning names at most: six hundred of them, each naming all others, took a build twelve seconds."""
_NOTHING = Total(count=0, disclosed=0, dong=0, approximate=False)


class Telling(Struct, frozen=True, kw_only=True):
    """A deal as one item tells of it."""

    article: Article
    mention: Mention

    @property
    def where(self) -> str:
        return f"{self.article.source}:{self.mention.line}"

    @property
    def dong(self) -> int | None:
        return self.mention.amount.dong if self.mention.amount else None


class SharedDeal(Struct, frozen=True, kw_only=True):
    """A deal that several items tell of, with the path and line of each telling."""

    deal: Deal
    places: tuple[str, ...]


class Told(Struct, kw_only=True):
    """A deal in the making: all tellings of it; `key` is that of its name, empty if it has none.

    Tellings without a name come in groups of one date and amount, so the first stands for all of its group.
    """

    key: str = ""
    tellings: list[Telling] = field(default_factory=list)

    @property
    def days(self) -> list[dates.DealDate]:
        """The dates of the deal: its days if any are known, else its months."""
        told = [telling.mention.date for telling in self.tellings]
        return [when for when in told if when.day] or told

    @property
    def dongs(self) -> set[int]:
        return {telling.dong for telling in self.tellings if telling.dong is not None}

    @property
    def name(self) -> str:
        return self.tellings[0].mention.name

    def takes(self, groups: list[Told]) -> bool:
        """Tell whether groups that each fit this deal still do once the others have joined it.

        «10 tỷ» on two days both fit a deal of the month, and yet are two deals themselves. What the deal has no day or
        no amount for, the first to join it decides.
        """
        days = {when for group in groups for when in group.days if when.day}
        amounts_told = {dong for group in groups for dong in group.dongs}
        has_day = any(when.day for when in self.days)
        return (has_day or len(days) <= 1) and (bool(self.dongs) or len(amounts_told) <= 1)

    def deal(self) -> Deal:
        date = self._date()
        items = {Reference(title=one.article.card.title, url=one.article.card.url): None for one in self.tellings}
        return Deal(
            # Of a name that was used before and after the mergers: the province as it was on the deal's day.
            place=next(one.mention.place for one in self.tellings if one.mention.date == date),
            date=date,
            amount=self._amount(),
            name=self.name,
            items=tuple(items),
        )

    @property
    def counting(self) -> Telling:
        """The telling whose amount counts: with the latest correction, else of the latest item that names an amount."""
        disclosed = [telling for telling in self.tellings if telling.dong is not None]
        return max(disclosed or self.tellings, key=_latest)

    def _amount(self) -> Amount | None:
        """Return the amount that counts; of several wordings, «2.000 tỷ» and «gần 2.000 tỷ», the exact one."""
        counts = self.counting.mention.amount
        dong = counts.dong if counts else None
        wordings = [one.mention.amount for one in self.tellings if one.mention.amount and one.dong == dong]
        return next((wording for wording in wordings if wording.qualifier == "exact"), counts)

    def _date(self) -> dates.DealDate:
        """Return the first of the days; where amounts differ that of the telling that counts, if it names one.

        An item that tells of the deal again later moves it to no other month.
        """
        own, days = self.counting.mention.date, self.days
        return own if len(self.dongs) > 1 and own in days else min(days, key=lambda when: when.order)


class _Found(Struct, frozen=True, kw_only=True):
    """The numbers of the deals that a group fits: how many there are, and the first of them, in their order."""

    count: int
    first: tuple[int, ...]


class _Index:
    """Deals by what a group without a name is found by, so that each group need not be held against each deal.

    A day is also looked for under its month, which stands for a deal whose day nobody knows; an amount also under None,
    which stands for a deal whose amount nobody knows.
    """

    def __init__(self, deals: Iterable[Told]) -> None:
        self._numbers: dict[tuple[object, object], list[int]] = defaultdict(list)
        for number, deal in enumerate(deals):
            worth: list[object] = ["any", *(deal.dongs or (None,))]
            times = {key for when in deal.days for key in (when, ("any", when.year, when.month))}
            for key in ((time, dong) for time in times for dong in worth):
                self._numbers[key].append(number)

    def fitting(self, group: Told) -> _Found:
        """Return the deals that the group can be of: by date, and by amount if both have one."""
        telling = group.tellings[0]
        when, dong = telling.mention.date, telling.dong
        times = (when, replace(when, day=None)) if when.day else (("any", when.year, when.month),)
        worth = ("any",) if dong is None else (dong, None)
        # Each deal is in one of these lists: its dates either have days or have none, and likewise its amounts.
        lists = [self._numbers.get((time, dong), []) for time in times for dong in worth]
        return _Found(count=sum(map(len, lists)), first=tuple(islice(merged(*lists), PLACES_NAMED + 1)))


def merge(articles: Iterable[Article]) -> tuple[tuple[Deal, ...], tuple[Problem, ...]]:
    """Return the deals, newest first, and a warning for each telling that contradicts another or fits several deals."""
    deals, problems = gather(articles)
    return tuple(sorted((told.deal() for told in deals), key=newest_first)), tuple(problems)


def gather(articles: Iterable[Article]) -> tuple[list[Told], list[Problem]]:
    """Return the deals with all that is told of them, and the warnings; both in an order of the items' paths."""
    # By the province's id, which a merger does not change: a name counts before and after it.
    by_province: dict[str, list[Telling]] = defaultdict(list)
    for article in sorted(articles, key=lambda article: article.source):
        for mention in article.mentions:
            by_province[mention.place.id].append(Telling(article=article, mention=mention))
    deals: list[Told] = []
    problems: list[Problem] = []
    for tellings in by_province.values():
        own, ambiguous = _deals_of_province(tellings)
        deals += own
        problems += [*ambiguous, *_contradictions(own)]
    return deals, problems


def newest_first(deal: Deal) -> tuple[tuple[int, int, int], str, int, str]:
    year, month, day = deal.date.order
    return (-year, -month, -day), deal.place.id, deal.amount.dong if deal.amount else 0, deal.name


def _deals_of_province(tellings: list[Telling]) -> tuple[list[Told], list[Problem]]:
    """Return the deals of one province, and a warning for each telling of which nobody knows the deal."""
    named: dict[str, Told] = {}
    unnamed: dict[tuple[dates.DealDate, int | None], Told] = {}
    for telling in tellings:
        if key := telling.mention.key:
            named.setdefault(key, Told(key=key)).tellings.append(telling)
        else:
            unnamed.setdefault((telling.mention.date, telling.dong), Told()).tellings.append(telling)
    deals = [*named.values()]
    problems: list[Problem] = []
    # The surest first: what says less joins what says more.
    for vague in ((False, False), (True, False), (False, True), (True, True)):
        problems += _join(deals, [told for told in unnamed.values() if _vagueness(told.tellings[0]) == vague])
    return deals, problems


def _join(deals: list[Told], groups: list[Told]) -> Iterator[Problem]:
    """Add each group to the one deal that it fits, or else to the deals; yield a warning for each in doubt.

    What a group fits is found before any is added, so that the order of the items does not matter.
    """
    index = _Index(deals)
    joining: dict[int, list[Told]] = defaultdict(list)
    for group in groups:
        found = index.fitting(group)
        if found.count == 1:
            joining[found.first[0]].append(group)
            continue
        if found.count:
            yield _ambiguity(group, [deals[number] for number in found.first])
        deals.append(group)
    for number, joiners in joining.items():
        if deals[number].takes(joiners):
            deals[number].tellings += [telling for group in joiners for telling in group.tellings]
            continue
        for group in joiners:
            others = islice((other for other in joiners if other is not group), PLACES_NAMED + 1)
            yield _contest(group, deals[number], list(others))
        deals += joiners


def _vagueness(telling: Telling) -> tuple[bool, bool]:
    """Return whether the day is missing, and whether the amount is."""
    return telling.mention.date.day is None, telling.dong is None


def _is_same_time(one: dates.DealDate, other: dates.DealDate) -> bool:
    """Tell whether two dates are the same, or one is the month of the other."""
    is_same_month = (one.year, one.month) == (other.year, other.month)
    return is_same_month and (one.day == other.day or None in {one.day, other.day})


def _latest(telling: Telling) -> tuple[date, date, str]:
    corrected = max((correction.day for correction in telling.article.corrections), default=date.min)
    return corrected, telling.article.card.day, telling.article.source


def _ambiguity(group: Told, candidates: list[Told]) -> Problem:
    places = _places(candidates)
    return _doubt(group, "deal-ambiguous", others=places, cause=places)


def _contest(group: Told, deal: Told, rivals: list[Told]) -> Problem:
    where = deal.tellings[0].where
    return _doubt(group, "deal-contested", other_place=where, others=_places(rivals), cause=where)


def _doubt(group: Told, code: str, **words: str) -> Problem:
    telling = group.tellings[0]
    name, when = telling.mention.place.name, dates.show_deal_date(telling.mention.date)
    return problem(telling.article.source, telling.mention.line, code, "warning", name=name, date=when, **words)


def _places(deals: list[Told]) -> str:
    named = ", ".join(told.tellings[0].where for told in deals[:PLACES_NAMED])
    return named + (", …" if deals[PLACES_NAMED:] else "")


def _contradictions(deals: list[Told]) -> Iterator[Problem]:
    """Yield a warning for each deal whose tellings differ, and for deals of one date that may be one."""
    for told in deals:
        yield from _other_amounts(told)
        yield from _repetitions(told)
    by_date: dict[dates.DealDate, list[Told]] = defaultdict(list)
    for told in deals:
        if told.dongs:
            by_date[told.deal().date].append(told)
    for same in by_date.values():
        for other in same[1:]:
            if not (same[0].key and other.key) and same[0].dongs != other.dongs:
                name = other.counting.mention.place.name
                yield _difference(same[0].counting, other.counting, "deals-differ", name=name)


def _other_amounts(told: Told) -> Iterator[Problem]:
    """Yield a warning for each telling of a named deal with another amount than the one that counts."""
    counts = told.counting
    for telling in told.tellings:
        if telling.dong not in {None, counts.dong}:
            name, province = told.name, telling.mention.place.name
            yield _difference(counts, telling, "deal-amounts-differ", name=name, province=province)


def _repetitions(told: Told) -> Iterator[Problem]:
    """Yield a warning for each further telling by one item: its writer may have meant several deals.

    The compiled item has the same warning for entries that are alike by themselves, also while it is a draft.
    """
    seen: set[str] = set()
    for telling in told.tellings:
        if telling.article.source in seen:
            when = dates.show_deal_date(telling.mention.date)
            line, name = telling.mention.line, telling.mention.place.name
            path, cause = telling.article.source, f"{telling.article.source} {name} {when}"
            yield problem(path, line, "deal-twice-in-item", "warning", name=name, date=when, cause=cause)
        seen.add(telling.article.source)


def _difference(counts: Telling, other: Telling, code: str, **names: str) -> Problem:
    assert counts.mention.amount is not None
    assert other.mention.amount is not None
    return problem(
        other.article.source,
        other.mention.line,
        code,
        "warning",
        **names,
        date=dates.show_deal_date(other.mention.date),
        found=amounts.show(other.mention.amount),
        other=amounts.show(counts.mention.amount),
        other_place=counts.where,
        cause=counts.where,
    )


def shared(articles: Iterable[Article]) -> Iterator[SharedDeal]:
    """Yield the deals that several items tell of, newest first."""
    told_by_several = [told for told in gather(articles)[0] if len({one.article.source for one in told.tellings}) > 1]
    for told in sorted(told_by_several, key=lambda told: newest_first(told.deal())):
        yield SharedDeal(deal=told.deal(), places=tuple(telling.where for telling in told.tellings))


def near_twins(deals: Iterable[Told]) -> Iterator[tuple[Told, Told]]:
    """Yield the pairs of deals of one province and amount, not both named, on different days up to 45 days apart.

    A month that holds the day of the other was ambiguous, and has its warning.
    """
    by_amount: dict[tuple[str, int], list[Told]] = defaultdict(list)
    for told in deals:
        if told.counting.dong is not None:
            by_amount[told.counting.mention.place.id, told.counting.dong].append(told)
    for same in by_amount.values():
        ordered = sorted(same, key=lambda told: (told.deal().date.order, told.tellings[0].where))
        for earlier, later in pairwise(ordered):
            before, after = earlier.deal().date, later.deal().date
            is_near = after.last_day - before.last_day <= SOON and not _is_same_time(before, after)
            if is_near and not (earlier.key and later.key):
                yield earlier, later


def total(deals: Iterable[Deal]) -> Total:
    """Return the number of deals and what the disclosed ones add up to."""
    all_deals = tuple(deals)
    if not all_deals:
        return _NOTHING
    disclosed = [deal.amount for deal in all_deals if deal.amount is not None]
    return Total(
        count=len(all_deals),
        disclosed=len(disclosed),
        dong=sum(amount.dong for amount in disclosed),
        approximate=any(amount.qualifier != "exact" for amount in disclosed),
    )


def map_number_of(deals: Iterable[Deal], otherwise: date) -> int:
    """Return the map in which deals are shown: that of the newest deal's day or, without deals, of `otherwise`."""
    return provinces.map_number_on(max((deal.date.last_day for deal in deals), default=otherwise))

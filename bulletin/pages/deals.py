"""The deals of a bulletin and their totals: one for each agreement with a province, however many items tell of it.

Items tell of deals in their own words: a round-up names the month, an early item no amount. Which tellings are one deal
follows from their names or, without names, from days and amounts; in doubt there are two deals, and a warning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from msgspec import Struct, field

from bulletin.model import Article, Deal, Mention, Reference, Total
from bulletin.problems import Problem, problem
from bulletin.vietnamese import Amount, amounts, dates, provinces

SOON = timedelta(days=45)
"""Two deals of one province and amount that are no farther apart may be one whose date was mistaken."""
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
    """A deal in the making: all tellings of it; `key` is that of its name, empty if it has none."""

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

    def fits(self, telling: Telling) -> bool:
        """Tell whether a telling without a name can be of this deal: by date, and by amount if both have one."""
        if not any(_is_same_time(when, telling.mention.date) for when in self.days):
            return False
        return telling.dong is None or not self.dongs or telling.dong in self.dongs

    def deal(self) -> Deal:
        first, counts = self.tellings[0], self.counting
        items = {Reference(title=one.article.card.title, url=one.article.card.url): None for one in self.tellings}
        return Deal(
            place=counts.mention.place,
            date=self._date(),
            amount=self._amount(),
            name=first.mention.name,
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
        wordings = [
            one.mention.amount for one in self.tellings if one.mention.amount and one.dong == self.counting.dong
        ]
        return next((wording for wording in wordings if wording.qualifier == "exact"), counts)

    def _date(self) -> dates.DealDate:
        own = self.counting.mention.date
        return own if own in self.days else min(self.days, key=lambda when: when.order)


def merge(articles: Iterable[Article]) -> tuple[tuple[Deal, ...], tuple[Problem, ...]]:
    """Return the deals, newest first, and a warning for each telling that contradicts another or fits several deals."""
    deals, problems = gather(articles)
    return tuple(sorted((told.deal() for told in deals), key=newest_first)), tuple(problems)


def gather(articles: Iterable[Article]) -> tuple[list[Told], list[Problem]]:
    """Return the deals with all that is told of them, and the warnings; both in an order of the items' paths."""
    by_province: dict[tuple[str, int | None], list[Telling]] = defaultdict(list)
    for article in sorted(articles, key=lambda article: article.source):
        for mention in article.mentions:
            place = mention.place.id, mention.place.map_number
            by_province[place].append(Telling(article=article, mention=mention))
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
    """Return the deals of one province, and a warning for each telling that fits several of them."""
    named: dict[str, Told] = {}
    unnamed: dict[tuple[dates.DealDate, int | None], Told] = {}
    for telling in tellings:
        if key := telling.mention.key:
            named.setdefault(key, Told(key=key)).tellings.append(telling)
        else:
            unnamed.setdefault((telling.mention.date, telling.dong), Told()).tellings.append(telling)
    deals = [*named.values()]
    problems: list[Problem] = []
    # The surest first: what says less joins what says more. Within one round none is looked at by another, so that the
    # order of the items does not matter.
    for vague in ((False, False), (True, False), (False, True), (True, True)):
        alike = [told for told in unnamed.values() if _vagueness(told.tellings[0]) == vague]
        fitting = [[deal for deal in deals if deal.fits(told.tellings[0])] for told in alike]
        for told, candidates in zip(alike, fitting, strict=True):
            if len(candidates) == 1:
                candidates[0].tellings += told.tellings
                continue
            deals.append(told)
            if candidates:
                problems.append(_ambiguity(told, candidates))
    return deals, problems


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


def _ambiguity(told: Told, candidates: list[Told]) -> Problem:
    telling = told.tellings[0]
    return problem(
        telling.article.source,
        telling.mention.line,
        "deal-ambiguous",
        "warning",
        name=telling.mention.place.name,
        date=dates.show_deal_date(telling.mention.date),
        others=", ".join(candidate.tellings[0].where for candidate in candidates),
    )


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
                yield _difference(same[0].counting, other.counting, "deals-differ")


def _other_amounts(told: Told) -> Iterator[Problem]:
    """Yield a warning for each telling of a named deal with another amount than the one that counts."""
    for telling in told.tellings:
        if telling.dong not in {None, told.counting.dong}:
            yield _difference(told.counting, telling, "deal-amounts-differ")


def _repetitions(told: Told) -> Iterator[Problem]:
    """Yield a warning for each further telling by one item: its writer may have meant several deals."""
    seen: set[str] = set()
    for telling in told.tellings:
        if telling.article.source in seen:
            when = dates.show_deal_date(telling.mention.date)
            line, name = telling.mention.line, telling.mention.place.name
            yield problem(telling.article.source, line, "deal-twice-in-item", "warning", name=name, date=when)
        seen.add(telling.article.source)


def _difference(counts: Telling, other: Telling, code: str) -> Problem:
    assert counts.mention.amount is not None
    assert other.mention.amount is not None
    return problem(
        other.article.source,
        other.mention.line,
        code,
        "warning",
        name=other.mention.name or other.mention.place.name,
        date=dates.show_deal_date(other.mention.date),
        found=amounts.show(other.mention.amount),
        other=amounts.show(counts.mention.amount),
        other_place=counts.where,
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

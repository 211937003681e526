"""Deals and their totals: each (province, date, amount) is one deal, however many items mention it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from bulletin.model import Article, Deal, Mention, Reference, Total
from bulletin.problems import Problem, problem
from bulletin.vietnamese import Amount, Place, amounts, dates, provinces

_NOTHING = Total(count=0, disclosed=0, dong=0, approximate=False)
_Mentions = list[tuple[Article, Mention]]
"""Mentions of one province and date, each with its item, in the order of the items' paths."""


def merge(articles: Iterable[Article]) -> tuple[tuple[Deal, ...], tuple[Problem, ...]]:
    """Return the deals, newest first, and a warning for each province and date whose items name different amounts."""
    groups: dict[tuple[Place, dates.DealDate], _Mentions] = defaultdict(list)
    for article in sorted(articles, key=lambda article: article.source):
        for mention in article.mentions:
            groups[mention.place, mention.date].append((article, mention))
    deals: list[Deal] = []
    problems: list[Problem] = []
    for mentions in groups.values():
        merged = _deals_of(mentions)
        deals += merged
        if len(merged) > 1:
            problems.append(_contradiction(mentions))
    return tuple(sorted(deals, key=newest_first)), tuple(problems)


def newest_first(deal: Deal) -> tuple[tuple[int, int, int], str, int]:
    year, month, day = deal.date.order
    return (-year, -month, -day), deal.place.id, deal.amount.dong if deal.amount else 0


def _deals_of(mentions: _Mentions) -> list[Deal]:
    """Return the deals of one province and date: one for each amount in dong, or one without an amount."""
    first = mentions[0][1]
    by_dong: dict[int, Amount] = {}
    for _, mention in mentions:
        if mention.amount is not None:
            kept = by_dong.setdefault(mention.amount.dong, mention.amount)
            # «2.000 tỷ» in one item and «gần 2.000 tỷ» in another are one amount: the exact wording wins.
            if kept.qualifier != "exact" and mention.amount.qualifier == "exact":
                by_dong[mention.amount.dong] = mention.amount
    return [
        Deal(place=first.place, date=first.date, amount=amount, items=_items(mentions, amount))
        for amount in (by_dong.values() or [None])
    ]


def _items(mentions: _Mentions, amount: Amount | None) -> tuple[Reference, ...]:
    """Return the items that name this amount, and those that mention the deal without an amount."""
    items = {
        Reference(title=article.card.title, url=article.card.url): None
        for article, mention in mentions
        if mention.amount is None or (amount is not None and mention.amount.dong == amount.dong)
    }
    return tuple(items)


def _contradiction(mentions: _Mentions) -> Problem:
    (first, in_first), (second, in_second) = _first_two_amounts(mentions)
    assert in_first.amount is not None
    assert in_second.amount is not None
    return problem(
        second.source,
        in_second.line,
        "deals-differ",
        "warning",
        name=in_second.place.name,
        date=dates.show_deal_date(in_second.date),
        found=amounts.show(in_second.amount),
        other=amounts.show(in_first.amount),
        other_place=f"{first.source}:{in_first.line}",
    )


def _first_two_amounts(mentions: _Mentions) -> _Mentions:
    """Return the first mention of each of the first two amounts."""
    by_dong: dict[int, tuple[Article, Mention]] = {}
    for article, mention in mentions:
        if mention.amount is not None:
            by_dong.setdefault(mention.amount.dong, (article, mention))
    return list(by_dong.values())[:2]


def total(deals: Iterable[Deal]) -> Total:
    """Return the number of deals and the sum of the disclosed amounts."""
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

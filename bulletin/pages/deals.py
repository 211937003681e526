"""Deals: one (province, date, amount) however many items tell of it, and what they add up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from bulletin.model import Article, Deal, Mention, Reference, Total
from bulletin.problems import Problem, problem
from bulletin.vietnamese import Amount, Place, amounts, dates, provinces

_NOTHING = Total(count=0, disclosed=0, dong=0, approximate=False)


def merge(articles: Iterable[Article]) -> tuple[tuple[Deal, ...], tuple[Problem, ...]]:
    """Return the deals, newest first, and a warning for each pair of amounts that contradict each other."""
    told: dict[tuple[Place, dates.DealDate], list[tuple[Article, Mention]]] = defaultdict(list)
    for article in sorted(articles, key=lambda article: article.source):
        for mention in article.mentions:
            told[mention.place, mention.date].append((article, mention))
    deals: list[Deal] = []
    problems: list[Problem] = []
    for tellings in told.values():
        merged = _merge_one_day(tellings)
        deals += merged
        if len(merged) > 1:
            problems.append(_contradiction(tellings))
    return tuple(sorted(deals, key=newest_first)), tuple(problems)


def newest_first(deal: Deal) -> tuple[tuple[int, int, int], str, int]:
    year, month, day = deal.date.order
    return (-year, -month, -day), deal.place.id, deal.amount.dong if deal.amount else 0


def _merge_one_day(tellings: list[tuple[Article, Mention]]) -> list[Deal]:
    """Return the deals of one province and date: one for each amount, however its approximation is worded."""
    first = tellings[0][1]
    amounts: dict[int, Amount] = {}
    for _, mention in tellings:
        if mention.amount is not None:
            known = amounts.setdefault(mention.amount.dong, mention.amount)
            # «2.000 tỷ» in one item and «gần 2.000 tỷ» in another: the exact word is the better knowledge.
            if known.qualifier != "exact" and mention.amount.qualifier == "exact":
                amounts[mention.amount.dong] = mention.amount
    return [
        Deal(place=first.place, date=first.date, amount=amount, items=_items(tellings, amount))
        for amount in (amounts.values() or [None])
    ]


def _items(tellings: list[tuple[Article, Mention]], amount: Amount | None) -> tuple[Reference, ...]:
    """Return the items that tell of this amount, and those that tell of the deal without naming one."""
    items = {
        Reference(title=article.card.title, url=article.card.url): None
        for article, mention in tellings
        if mention.amount is None or (amount is not None and mention.amount.dong == amount.dong)
    }
    return tuple(items)


def _contradiction(tellings: list[tuple[Article, Mention]]) -> Problem:
    (first, told_first), (second, told_second) = _first_two_amounts(tellings)
    assert told_first.amount is not None
    assert told_second.amount is not None
    return problem(
        second.source,
        told_second.line,
        "deals-differ",
        "warning",
        name=told_second.place.name,
        date=dates.show_deal_date(told_second.date),
        found=amounts.show(told_second.amount),
        other=amounts.show(told_first.amount),
        other_place=f"{first.source}:{told_first.line}",
    )


def _first_two_amounts(tellings: list[tuple[Article, Mention]]) -> list[tuple[Article, Mention]]:
    found: dict[int, tuple[Article, Mention]] = {}
    for article, mention in tellings:
        if mention.amount is not None:
            found.setdefault(mention.amount.dong, (article, mention))
    return list(found.values())[:2]


def total(deals: Iterable[Deal]) -> Total:
    """Return how many deals there are and what the disclosed ones add up to."""
    all_deals = tuple(deals)
    if not all_deals:
        return _NOTHING
    amounts = [deal.amount for deal in all_deals if deal.amount is not None]
    return Total(
        count=len(all_deals),
        disclosed=len(amounts),
        dong=sum(amount.dong for amount in amounts),
        approximate=any(amount.qualifier != "exact" for amount in amounts),
    )


def edition_of(deals: Iterable[Deal], otherwise: date) -> int:
    """Return the edition that deals are shown in: that of the newest one, or of a day where there is none."""
    return provinces.edition_on(max((deal.date.last_day for deal in deals), default=otherwise))

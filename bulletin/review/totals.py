"""The numbers that readers know by heart: items, deals and sums, of all and of each province in each month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from bulletin.model import Article
from bulletin.pages import deals
from bulletin.review.values import Shown, TotalChange
from bulletin.vietnamese import Place, sort_key

Key = tuple[Place | None, tuple[int, int] | None]
ALL: Key = (None, None)


@dataclass(slots=True)
class _Numbers:
    items: int = 0
    deals: int = 0
    dong: int = 0
    approximate: bool = False


def changes(before: Iterable[Shown], after: Iterable[Shown]) -> tuple[TotalChange, ...]:
    """Return the numbers that move: that of all first, then those of provinces by name, the newest months first."""
    old, new = _numbers(before), _numbers(after)
    moved = [key for key in dict.fromkeys((*old, *new)) if old[key] != new[key]]
    return tuple(_change(key, old[key], new[key]) for key in sorted(moved, key=_order))


def _numbers(shown: Iterable[Shown]) -> Mapping[Key, _Numbers]:
    found: dict[Key, _Numbers] = defaultdict(_Numbers)
    articles = []
    for one in shown:
        articles.append(one.article)
        # An expired item stands in no list, but its deal stays signed.
        if "expires" not in one.past:
            for key in _keys_of(one.article):
                found[key].items += 1
    merged, _ = deals.merge(articles)
    for deal in merged:
        for key in (ALL, (deal.place, (deal.date.year, deal.date.month))):
            numbers = found[key]
            numbers.deals += 1
            if deal.amount:
                numbers.dong += deal.amount.dong
                numbers.approximate |= deal.amount.qualifier != "exact"
    return found


def _keys_of(article: Article) -> Iterator[Key]:
    day = article.card.day
    return chain((ALL,), ((place, (day.year, day.month)) for place in article.card.places))


def _change(key: Key, old: _Numbers, new: _Numbers) -> TotalChange:
    place, month = key
    return TotalChange(
        place=place,
        month=month,
        items=(old.items, new.items),
        deals=(old.deals, new.deals),
        dong=(old.dong, new.dong),
        approximate=old.approximate or new.approximate,
    )


def _order(key: Key) -> tuple[bool, str, int]:
    place, month = key
    return place is not None, sort_key(place.name) if place else "", -(month[0] * 12 + month[1]) if month else 0

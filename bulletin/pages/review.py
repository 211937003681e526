"""What an editor should look at again, although it may be right: told by `check`, and by no build. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta

from msgspec import Struct

from bulletin.model import Article
from bulletin.problems import Problem, problem
from bulletin.vietnamese import amounts, dates, slug

A_FEW_WORDS, ALMOST_ALL = 16, 0.9
"""Letters of a title, and the share of them in capitals: «VNPT, FPT, TP.HCM» is none."""
FAR_FROM_NAME = timedelta(days=14)
FAR = 300
"""Times the usual amount: a wrong unit is a thousand times, and what would be right need not be the usual itself."""
ENOUGH_OF_A_PROVINCE, ENOUGH_OF_ALL = 6, 12
"""Amounts, the one in question among them, below which nothing is usual."""
SOON = timedelta(days=3)
ALIKE = 0.8
"""Share of common words above which two titles say the same."""
AT_MOST_BEFORE = 100
"""Earlier items of a province that an item is held against: ten thousand on one day must not take all day."""
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _Entry(Struct, frozen=True, kw_only=True):
    """An item with the words of its title, and those of them that hold digits: «số 12» is not «số 13»."""

    article: Article
    words: frozenset[str]
    numbers: frozenset[str]


def warnings(articles: Sequence[Article]) -> Iterator[Problem]:
    """Yield what looks wrong in an item by itself, and what does beside others."""
    for article in articles:
        yield from _of_the_title(article)
        yield from _of_the_day(article)
    yield from _unusual_amounts(articles)
    yield from _double_entries(articles)


def _of_the_title(article: Article) -> Iterator[Problem]:
    title = article.card.title
    letters = [sign for sign in title if sign.isalpha()]
    if len(letters) >= A_FEW_WORDS and sum(map(str.isupper, letters)) > ALMOST_ALL * len(letters):
        yield problem(article.source, article.title_line, "title-in-capitals", "warning", found=title)


def _of_the_day(article: Article) -> Iterator[Problem]:
    """Yield a warning for a date far from that of the file's name: day and month, or the year, may be mistaken."""
    name = article.source.rpartition("/")[2]
    if not _DAY.match(name):
        return
    with suppress(ValueError):
        if abs(article.card.day - date.fromisoformat(name[:10])) > FAR_FROM_NAME:
            found = dates.short(article.card.day)
            yield problem(article.source, article.date_line, "date-far-from-name", "warning", found=found, name=name)


def _unusual_amounts(articles: Iterable[Article]) -> Iterator[Problem]:
    from statistics import median_low  # noqa: PLC0415 - 10 ms that only `check` pays

    told = [(article.source, one, one.amount) for article in articles for one in article.mentions if one.amount]
    # A deal that several items tell of is one amount.
    told_once = {(mention.place.id, str(mention.date), amount.dong) for _, mention, amount in told}
    by_place: dict[str, list[int]] = defaultdict(list)
    for place, _, dong in told_once:
        by_place[place].append(dong)
    usual_of = {place: median_low(own) for place, own in by_place.items() if len(own) >= ENOUGH_OF_A_PROVINCE}
    usual_of_all = median_low(dong for _, _, dong in told_once) if len(told_once) >= ENOUGH_OF_ALL else None
    for source, mention, amount in told:
        usual = usual_of.get(mention.place.id, usual_of_all)
        if usual is None:
            continue
        if amount.dong >= FAR * usual or amount.dong * FAR <= usual:
            found, common = amounts.show(amount), amounts.compact(usual)
            yield problem(source, mention.line, "amount-unusual", "warning", found=found, usual=common)


def _double_entries(articles: Iterable[Article]) -> Iterator[Problem]:
    by_place: dict[str, list[_Entry]] = defaultdict(list)
    for article in sorted(articles, key=lambda one: (one.card.day, one.source)):
        words = frozenset(slug(article.card.title).split("-"))
        numbers = frozenset(word for word in words if any(map(str.isdigit, word)))
        for place in article.card.places:
            by_place[place.id].append(_Entry(article=article, words=words, numbers=numbers))
    # Two items of several provinces meet in each of them.
    yield from dict.fromkeys(found for entries in by_place.values() for found in _doubles(entries))


def _doubles(entries: Sequence[_Entry]) -> Iterator[Problem]:
    for rank, later in enumerate(entries):
        for earlier in reversed(entries[max(0, rank - AT_MOST_BEFORE) : rank]):
            if later.article.card.day - earlier.article.card.day > SOON:
                break
            if _say_the_same(earlier, later):
                here, other = later.article, earlier.article.source
                yield problem(
                    here.source, here.title_line, "looks-double", "warning", found=here.card.title, other=other
                )
                break


def _say_the_same(one: _Entry, other: _Entry) -> bool:
    if one.article.card.title == other.article.card.title:
        return True
    common, all_words = one.words & other.words, one.words | other.words
    return one.numbers == other.numbers and len(common) > ALIKE * len(all_words)

"""Warnings about items that deserve a second look, though they may be right; only `check` gives them. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta

from msgspec import Struct

from bulletin.model import Article
from bulletin.pages.deals import Told, gather, near_twins
from bulletin.problems import Problem, problem
from bulletin.vietnamese import amounts, dates, slug

A_FEW_WORDS, ALMOST_ALL = 16, 0.9
"""Least number of letters, and share of capitals, in a title in capitals: «VNPT, FPT, TP.HCM» is too short."""
FAR_FROM_NAME = timedelta(days=14)
FAR = 300
"""Factor between a suspicious amount and the usual one: a wrong unit is 1,000, but the right amount may vary too."""
ENOUGH_OF_A_PROVINCE, ENOUGH_OF_ALL = 6, 12
"""Number of amounts, including the one in question, that it takes to say which amount is usual."""
SOON = timedelta(days=3)
ALIKE = 0.8
"""Share of words in common above which two titles say the same."""
AT_MOST_BEFORE = 100
"""Number of earlier items of a province that an item is compared with: 10,000 on one day must not take all day."""
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _Entry(Struct, frozen=True, kw_only=True):
    """An item with the words of its title, and those with digits, which must all agree: «số 12» is not «số 13»."""

    article: Article
    words: frozenset[str]
    numbers: frozenset[str]


def warnings(articles: Sequence[Article]) -> Iterator[Problem]:
    """Yield a warning for each thing that looks wrong, in an item by itself or compared with other items."""
    for article in articles:
        yield from _title_in_capitals(article)
        yield from _date_far_from_name(article)
    deals, _ = gather(articles)
    yield from _unusual_amounts(deals)
    yield from _near_twins(deals)
    yield from _double_entries(articles)


def _title_in_capitals(article: Article) -> Iterator[Problem]:
    title = article.card.title
    letters = [character for character in title if character.isalpha()]
    if len(letters) >= A_FEW_WORDS and sum(map(str.isupper, letters)) > ALMOST_ALL * len(letters):
        yield problem(article.source, article.title_line, "title-in-capitals", "warning", found=title)


def _date_far_from_name(article: Article) -> Iterator[Problem]:
    """Yield a warning for a date far from the one in the file's name: day and month swapped, or a wrong year."""
    name = article.source.rpartition("/")[2]
    if not _DAY.match(name):
        return
    with suppress(ValueError):
        if abs(article.card.day - date.fromisoformat(name[:10])) > FAR_FROM_NAME:
            day = dates.short(article.card.day)
            yield problem(article.source, article.date_line, "date-far-from-name", "warning", found=day, name=name)


def _unusual_amounts(deals: Sequence[Told]) -> Iterator[Problem]:
    from statistics import median_low  # noqa: PLC0415 - 10 ms that only `check` pays

    by_place: dict[str, list[int]] = defaultdict(list)
    for told in deals:
        if told.counting.dong is not None:
            by_place[told.counting.mention.place.id].append(told.counting.dong)
    usual_in = {place: median_low(sums) for place, sums in by_place.items() if len(sums) >= ENOUGH_OF_A_PROVINCE}
    all_sums = [dong for sums in by_place.values() for dong in sums]
    usual_of_all = median_low(all_sums) if len(all_sums) >= ENOUGH_OF_ALL else None
    for telling in (telling for told in deals for telling in told.tellings):
        source, mention, amount = telling.article.source, telling.mention, telling.mention.amount
        usual = usual_in.get(mention.place.id, usual_of_all)
        if amount is None or usual is None:
            continue
        if amount.dong >= FAR * usual or amount.dong * FAR <= usual:
            shown, usual_shown = amounts.show(amount), amounts.compact(usual)
            yield problem(source, mention.line, "amount-unusual", "warning", found=shown, usual=usual_shown)


def _near_twins(deals: Iterable[Told]) -> Iterator[Problem]:
    """Yield a warning for two deals that may be one whose date was mistaken."""
    for earlier, later in near_twins(deals):
        telling, other = later.counting, earlier.counting
        assert telling.mention.amount is not None
        # An amount that comes back each month is one question, not one for each month.
        cause = f"{telling.mention.place.id} {telling.dong}"
        yield problem(
            telling.article.source,
            telling.mention.line,
            "deal-near-twin",
            "warning",
            name=telling.mention.place.name,
            found=amounts.show(telling.mention.amount),
            days=str((later.deal().date.last_day - earlier.deal().date.last_day).days),
            other_place=other.where,
            cause=cause,
        )


def _double_entries(articles: Iterable[Article]) -> Iterator[Problem]:
    by_place: dict[str, list[_Entry]] = defaultdict(list)
    for article in sorted(articles, key=lambda article: (article.card.day, article.source)):
        words = frozenset(slug(article.card.title).split("-"))
        numbers = frozenset(word for word in words if any(map(str.isdigit, word)))
        for place in article.card.places:
            by_place[place.id].append(_Entry(article=article, words=words, numbers=numbers))
    # Two items that share several provinces are reported once.
    yield from dict.fromkeys(warning for entries in by_place.values() for warning in _doubles(entries))


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

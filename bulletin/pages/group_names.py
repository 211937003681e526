"""The names of the groups in which an archive is kept: of items with one month, province, category, tag or author."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from bulletin.model import Article
from bulletin.pages.archive import month_of
from bulletin.pages.topics import slug_of
from bulletin.urls import Month

EVERYTHING, EVENTS, PINNED = "", "events", "pinned"


def of_month(month: Month) -> str:
    """Return the name of the group of a month's items."""
    return f"month/{month[0]}-{month[1]}"


def of_archived(month: Month) -> str:
    """Return the name of the group of a month's published items that are in no list any more."""
    return f"archived/{month[0]}-{month[1]}"


def of_place(place: str) -> str:
    return f"place/{place}"


def of_category(slug: str) -> str:
    return f"category/{slug}"


def of_tag(slug: str) -> str:
    return f"tag/{slug}"


def of_author(slug: str) -> str:
    return f"author/{slug}"


def of_tellers(place: str) -> str:
    """Return the name of the group of published items that tell of deals with a province."""
    return f"tellers/{place}"


def names_of(article: Article) -> list[str]:
    """Return the names of the groups of an item, but those of its deals."""
    names = [of_month(month_of(article)), *(of_place(place.id) for place in article.card.places)]
    return names + [name for name, _ in named_topics(article)]


def named_topics(article: Article) -> Iterator[tuple[str, str]]:
    """Yield the names of the groups of an item's category, tags and authors, each with how the item spells it."""
    pairs = [(of_category, article.card.category)]
    pairs += [(of_tag, name) for name in article.tags] + [(of_author, name) for name in article.authors]
    yield from ((name_of(slug), name) for name_of, name in pairs if (slug := slug_of(name)))


def months_named(name_of: Callable[[Month], str], names: Iterable[str]) -> list[Month]:
    """Return the months that have a group of a kind, newest first."""
    kind = name_of((0, 0)).partition("/")[0]
    pairs = (name.partition("/")[2].split("-") for name in names if name.startswith(f"{kind}/"))
    return sorted(((int(year), int(month)) for year, month in pairs), reverse=True)

"""Categories, tags and authors: the items that share a name. Names with one slug are one. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from bulletin import urls
from bulletin.model import Article
from bulletin.vietnamese import slug

TAGGED = 2
"""A tag has its page from this item on: a page of one item would say no more than the item."""


class Topic(Struct, frozen=True, kw_only=True):
    """The items that share a name, newest first, and how each of them spells it; `name` is for one without items."""

    name: str
    articles: Sequence[Article]
    spellings: tuple[str, ...]

    def title(self, newer: int = 0) -> str:
        """Return the spelling of most items, the oldest of several; the `newer` newest items do not count."""
        # Items that come later change no full page of older ones, so these do not ask them.
        counts = Counter(reversed(self.spellings[newer:]))
        return max(counts, key=counts.__getitem__) if counts else self.name


@lru_cache(maxsize=1 << 16)
def slug_of(name: str) -> str:
    """Return the slug of a name; empty if it cannot have an address."""
    found = slug(name)
    return found if urls.has_page(found) else ""


def gathered(names: Iterable[tuple[str, Article]]) -> dict[str, Topic]:
    """Return the topic of each slug, from pairs of a name and an item that has it, the newest first."""
    pairs: dict[str, list[tuple[str, Article]]] = {}
    for name, article in names:
        if found := slug_of(name):
            pairs.setdefault(found, []).append((name, article))
    return {
        found: Topic(
            name=told[0][0], articles=tuple(article for _, article in told), spellings=tuple(name for name, _ in told)
        )
        for found, told in pairs.items()
    }


def with_pages(tags: Mapping[str, Topic]) -> dict[str, Topic]:
    """Return the tags that have a page."""
    return {found: topic for found, topic in tags.items() if len(topic.articles) >= TAGGED}

"""An item among its neighbours -> its page. Pure.

Of ten thousand pages few are rendered: a page is sketched first, and the view that its template is shown is made when
it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from bulletin.digests import digest_of
from bulletin.images import Picture
from bulletin.model import Article, Deal, Reference, Text
from bulletin.pages.archive import Archive, is_expired
from bulletin.pages.links import Resolved
from bulletin.pages.tables import month_reference
from bulletin.pages.views import ItemView, Page
from bulletin.urls import path_of

RELATED = 3


class ItemPage(Struct, frozen=True, kw_only=True):
    """The page of an item, by the parts that its view is made of.

    Both view and digest are made of these fields, so that a part can be in one only if it is in the other.
    """

    path: str
    article: Article
    links: tuple[str | Picture, ...]
    image: Picture | None
    is_archived: bool
    older: Article | None
    newer: Article | None
    of_places: tuple[Article, ...]
    of_month: tuple[Article, ...]

    @property
    def template(self) -> str:
        return "item.html"

    @property
    def texts(self) -> tuple[Text, ...]:
        return (self.article.body.text,)

    @property
    def is_linked(self) -> bool:
        """Whether another page must lead to it; an archived item stands in no list."""
        return not self.is_archived

    @property
    def view(self) -> ItemView:
        article = self.article
        return ItemView(
            card=article.card,
            text=article.body.text,
            links=self.links,
            image=self.image,
            image_alt=article.image_alt,
            authors=article.authors,
            tags=article.tags,
            corrections=article.corrections,
            deals=tuple(
                Deal(place=mention.place, date=mention.date, amount=mention.amount, items=())
                for mention in article.mentions
            ),
            is_archived=self.is_archived,
            month=month_reference((article.card.day.year, article.card.day.month)),
            older=_reference(self.older),
            newer=_reference(self.newer),
            of_places=tuple(other.card.brief for other in self.of_places),
            of_month=tuple(other.card.brief for other in self.of_month),
        )

    @property
    def digest(self) -> str:
        """The digest of what the view is made of: where that is the same, so is the view."""
        return digest_of(self.article.digest, *[_shown(getattr(self, name)) for name in _OTHER_PARTS])


_OTHER_PARTS = tuple(name for name in ItemPage.__struct_fields__ if name not in {"path", "article"})

SitePage = Page | ItemPage


def _shown(part: Any) -> Any:
    """Return what a page shows of one of its parts: of other items the digest of their brief cards."""
    if isinstance(part, Article):
        return part.brief
    if isinstance(part, tuple):
        return [_shown(one) for one in part]
    return part


def item_pages(archive: Archive, resolved: Mapping[str, Resolved]) -> list[ItemPage]:
    """Return the pages of all published items, newest first; `resolved` holds their links by their source."""
    neighbours = _Neighbours(archive)
    pages: list[ItemPage] = []
    for article in archive.published:
        found = resolved[article.source]
        pages.append(
            ItemPage(
                path=path_of(article.card.url),
                article=article,
                links=tuple(found.links),
                image=found.image,
                is_archived=is_expired(article, archive.now),
                older=neighbours.older(article),
                newer=neighbours.newer(article),
                of_places=neighbours.of_places(article),
                of_month=neighbours.of_month(article),
            )
        )
    return pages


class _Neighbours:
    """Who stands beside whom in the lists; an archived item stands in none."""

    def __init__(self, archive: Archive) -> None:
        self._listed = archive.listed
        self._rank = {article.source: rank for rank, article in enumerate(archive.listed)}
        self._of_places = self._just_before(archive.by_place.values())
        self._of_month = self._just_before(archive.by_month.values())

    def newer(self, article: Article) -> Article | None:
        rank = self._rank.get(article.source, 0)
        return self._listed[rank - 1] if rank else None

    def older(self, article: Article) -> Article | None:
        rank = self._rank.get(article.source, len(self._listed))
        return self._listed[rank + 1] if rank + 1 < len(self._listed) else None

    def of_places(self, article: Article) -> tuple[Article, ...]:
        return tuple([self._listed[rank] for rank in self._of_places.get(article.source, ())])

    def of_month(self, article: Article) -> tuple[Article, ...]:
        """Return those of its month that `of_places` does not name already."""
        named = self._of_places.get(article.source, ())
        return tuple([self._listed[rank] for rank in self._of_month.get(article.source, ()) if rank not in named])

    def _just_before(self, lists: Iterable[tuple[Article, ...]]) -> dict[str, list[int]]:
        """Return for each item the ranks of the few before it: later items leave them as they are.

        An item stands in several lists if it is of several provinces.
        """
        before: dict[str, list[int]] = {}
        for articles in lists:
            ranks = [self._rank[article.source] for article in articles]
            for position, article in enumerate(articles, 1):
                few = ranks[position : position + RELATED]
                others = before.get(article.source)
                before[article.source] = sorted({*others, *few})[:RELATED] if others else few
        return before


def _reference(article: Article | None) -> Reference | None:
    return Reference(title=article.card.title, url=article.card.url) if article else None

"""An item among its neighbours -> its page. Pure.

Of ten thousand pages few are rendered: a page is sketched first, and the view that its template is shown is made when
it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from bulletin.archive import Archive, is_expired
from bulletin.fingerprint import digest_of
from bulletin.links import Resolved
from bulletin.model import Article, Card, Deal, Page, Reference, Text, path_of
from bulletin.pictures import Picture
from bulletin.rows import month_reference
from bulletin.views import ItemView, texts_of

RELATED = 3


class ItemPage(Struct, frozen=True, kw_only=True):
    """A page like any other, by all that its view is made of."""

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
            of_places=_brief_cards(self.of_places),
            of_month=_brief_cards(self.of_month),
        )

    @property
    def digest(self) -> str:
        """The digest of what the view is made of: where that is the same, so is the view."""
        others = (self.older, self.newer, *self.of_places, None, *self.of_month)
        briefs = [other.brief if other else None for other in others]
        return digest_of(self.article.digest, self.links, self.image, self.is_archived, briefs)


SitePage = Page | ItemPage


def texts_on(page: SitePage) -> tuple[Text, ...]:
    """Return the texts that a page shows."""
    return (page.article.body.text,) if isinstance(page, ItemPage) else texts_of(page.view)


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


def _brief_cards(articles: Iterable[Article]) -> tuple[Card, ...]:
    """Return cards without summaries, which readers have met in the lists."""
    return tuple(replace(article.card, summary="") for article in articles)


def _reference(article: Article | None) -> Reference | None:
    return Reference(title=article.card.title, url=article.card.url) if article else None

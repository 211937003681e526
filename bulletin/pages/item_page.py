"""An item and its neighbours -> the item's page. Pure.

A build renders few of ten thousand pages, so a planned page holds only the parts of its view; the view itself is made
when it is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from bulletin import urls
from bulletin.digests import digest_of
from bulletin.images import Picture
from bulletin.model import Article, Deal, Reference, Text
from bulletin.pages.archive import Archive, is_expired
from bulletin.pages.links import ResolvedLinks
from bulletin.pages.tables import month_reference
from bulletin.pages.topics import slug_of
from bulletin.pages.views import ItemView, Page
from bulletin.urls import path_of

RELATED = 3
OTHERS_OF_DEAL = 10
"""Other items named beside a deal: were it told in six hundred, each of their pages would name all of them."""


class ItemPage(Struct, frozen=True, kw_only=True):
    """An item's page, as the parts that its view is made from.

    Both `view` and `digest` are made from these fields, so the view cannot show anything that the digest leaves out.
    """

    path: str
    article: Article
    links: tuple[str | Picture, ...]
    image: Picture | None
    authors: tuple[Reference, ...]
    """As the item spells them; the url is empty where there is no page of theirs."""
    tags: tuple[Reference, ...]
    is_archived: bool
    deals: tuple[Deal, ...]
    """The deals that the item tells of, each with the other items that do."""
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
        """Whether another page must link to it; no list links to an archived item."""
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
            authors=self.authors,
            tags=self.tags,
            event=article.event,
            corrections=article.corrections,
            deals=self.deals,
            is_archived=self.is_archived,
            month=month_reference((article.card.day.year, article.card.day.month)),
            older=_reference(self.older),
            newer=_reference(self.newer),
            of_places=tuple(other.card.brief for other in self.of_places),
            of_month=tuple(other.card.brief for other in self.of_month),
        )

    @property
    def digest(self) -> str:
        """The digest of the parts of the view: pages with equal digests have equal views.

        The brief digest says which picture the card has; that of the article was made before this was known.
        """
        own = self.article.digest, self.article.brief_digest
        return digest_of(*own, *[_digested(getattr(self, name)) for name in _OTHER_PARTS])


_OTHER_PARTS = tuple(name for name in ItemPage.__struct_fields__ if name not in {"path", "article"})

SitePage = Page | ItemPage


def _digested(part: Any) -> Any:
    """Return a part as it enters the digest: another item by the digest of its brief card, all that the page shows."""
    if type(part) is Article:
        return part.brief_digest
    if type(part) is tuple:
        return [one.brief_digest if type(one) is Article else one for one in part]
    return part


def item_pages(archive: Archive, resolved: Mapping[str, ResolvedLinks]) -> list[ItemPage]:
    """Return the pages of all published items, newest first; `resolved` holds each item's links, by its source."""
    neighbours = _Neighbours(archive)
    deals = deals_by_item(archive.deals)
    return [item_page(one, resolved[one.source], archive, neighbours, deals) for one in archive.published]


def item_page(
    article: Article,
    resolution: ResolvedLinks,
    archive: Archive,
    neighbours: Neighbours,
    deals: Mapping[str, Sequence[Deal]],
) -> ItemPage:
    """Return the page of a published item; `deals` holds those that items tell of, by their urls."""
    return ItemPage(
        path=path_of(article.card.url),
        article=article,
        links=tuple(resolution.links),
        image=resolution.image,
        authors=tuple([_named(name, urls.author, archive.authors) for name in article.authors]),
        tags=tuple([_named(name, urls.tag, archive.tags) for name in article.tags]),
        is_archived=is_expired(article, archive.now),
        deals=tuple(deals.get(article.card.url, ())),
        older=neighbours.older(article),
        newer=neighbours.newer(article),
        of_places=neighbours.of_places(article),
        of_month=neighbours.of_month(article),
    )


def _named(name: str, url: Callable[[str], str], known: Container[str]) -> Reference:
    """Return the page of an author or a tag by its name in an item; no url if it has none."""
    found = slug_of(name)
    return Reference(title=name, url=url(found) if found in known else "")


def deals_by_item(deals: Iterable[Deal]) -> dict[str, list[Deal]]:
    """Return the deals that each item tells of, by its url; each deal with the first of the other items alone."""
    by_item: dict[str, list[Deal]] = defaultdict(list)
    for deal in deals:
        for item in deal.items:
            others = islice((other for other in deal.items if other is not item), OTHERS_OF_DEAL)
            by_item[item.url].append(replace(deal, items=tuple(others)))
    return by_item


class Neighbours(Protocol):
    """The neighbours of an item in the lists: the next newer and older, and older ones of its provinces and month."""

    def newer(self, article: Article) -> Article | None: ...
    def older(self, article: Article) -> Article | None: ...
    def of_places(self, article: Article) -> tuple[Article, ...]: ...
    def of_month(self, article: Article) -> tuple[Article, ...]: ...


class _Neighbours:
    """The neighbours of items in the lists; an archived item is in no list and has none."""

    def __init__(self, archive: Archive) -> None:
        self._listed = archive.listed
        self._rank = {article.source: rank for rank, article in enumerate(archive.listed)}
        self._of_places = self._just_older(archive.by_place.values())
        self._of_month = self._just_older(archive.by_month.values())

    def newer(self, article: Article) -> Article | None:
        rank = self._rank.get(article.source, 0)
        return self._listed[rank - 1] if rank else None

    def older(self, article: Article) -> Article | None:
        rank = self._rank.get(article.source, len(self._listed))
        return self._listed[rank + 1] if rank + 1 < len(self._listed) else None

    def of_places(self, article: Article) -> tuple[Article, ...]:
        return tuple([self._listed[rank] for rank in self._of_places.get(article.source, ())])

    def of_month(self, article: Article) -> tuple[Article, ...]:
        """Return the older neighbours in its month that `of_places` does not return."""
        named = self._of_places.get(article.source, ())
        return tuple([self._listed[rank] for rank in self._of_month.get(article.source, ()) if rank not in named])

    def _just_older(self, lists: Iterable[Sequence[Article]]) -> dict[str, list[int]]:
        """Return by each item's source the ranks of the RELATED next older items in its lists.

        Newer items are left out, because each new one would change the page. An item of several provinces is in several
        lists.
        """
        older: dict[str, list[int]] = {}
        for articles in lists:
            ranks = [self._rank[article.source] for article in articles]
            for position, article in enumerate(articles, 1):
                in_this_list = ranks[position : position + RELATED]
                in_others = older.get(article.source)
                older[article.source] = sorted({*in_others, *in_this_list})[:RELATED] if in_others else in_this_list
        return older


def _reference(article: Article | None) -> Reference | None:
    return Reference(title=article.card.title, url=article.card.url) if article else None

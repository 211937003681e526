"""The pages that new words in some texts touch, and those alone, from an archive of which no more is loaded. Pure.

`plan` never looks into a text: it only decides where the text is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from bulletin.model import Article, Body
from bulletin.pages.archive import Archive
from bulletin.pages.feeds import ENTRIES, Feeds
from bulletin.pages.item_page import Neighbours, SitePage, deals_by_item, item_page
from bulletin.pages.links import ResolvedLinks
from bulletin.pages.search import texts_page
from bulletin.pages.topics import slug_of
from bulletin.settings import Settings


def is_same_but_for_words(old: Article, new: Article) -> bool:
    """Tell whether two versions of an item differ in the words of the text, and in nothing that a plan looks at."""
    return replace(new, body=old.body, digest=old.digest) == old and _have_same_links(old.body, new.body)


def _have_same_links(old: Body, new: Body) -> bool:
    """Tell whether two bodies have the same anchors and links. Lines may differ, since only problems name them."""
    old_links, new_links = ([(link.target, link.is_picture) for link in body.links] for body in (old, new))
    return old.ids == new.ids and old_links == new_links


def pages_of_texts(
    changed: Sequence[Article],
    archive: Archive,
    neighbours: Neighbours,
    settings: Settings,
    resolve: Callable[[Article], ResolvedLinks],
) -> Iterator[SitePage]:
    """Yield the pages that show the text of one of these listed items; `resolve` returns where an item's links lead."""
    urls = {article.card.url for article in changed}
    deals = deals_by_item(deal for deal in archive.deals if any(item.url in urls for item in deal.items))
    for article in changed:
        yield item_page(article, resolve(article), archive, neighbours, deals)
    months = {(article.card.day.year, article.card.day.month) for article in changed}
    yield from (texts_page(month, archive.by_month[month]) for month in sorted(months))
    yield from _feeds(changed, archive, settings, resolve)


def _feeds(
    changed: Sequence[Article], archive: Archive, settings: Settings, resolve: Callable[[Article], ResolvedLinks]
) -> Iterator[SitePage]:
    places = {place.id for article in changed for place in article.card.places}
    categories = {slug_of(article.card.category) for article in changed} - {""}

    def shows(articles: Sequence[Article]) -> bool:
        return any(article in changed for article in articles[:ENTRIES])

    feeds = Feeds(archive, settings, lambda article: tuple(resolve(article).links))
    if shows(archive.listed):
        yield feeds.of_site()
    yield from (feeds.of_province(place) for place in sorted(places) if shows(archive.by_place[place]))
    for slug in sorted(categories):
        if shows(archive.categories[slug].articles):
            yield feeds.of_category(slug, archive.categories[slug])

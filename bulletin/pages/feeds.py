"""Atom feeds and the sitemap: pages that programs read, with absolute urls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, time
from itertools import starmap
from urllib.parse import urlsplit

from bulletin import urls
from bulletin.images import Picture
from bulletin.model import Article
from bulletin.pages.archive import Archive, month_of, release
from bulletin.pages.tables import province_reference
from bulletin.pages.topics import Topic
from bulletin.pages.views import FeedEntry, FeedView, Page, SitemapEntry, SitemapView
from bulletin.settings import Settings
from bulletin.urls import Month, path_of
from bulletin.vietnamese import provinces

ENTRIES = 20
_SINCE = 2004
"""The year in every tag URI, and of an empty feed. Any will do, but programs know entries by it: never change it."""
WHOLE_SITEMAP = 2_000
"""Urls in one sitemap at most; a larger site gets an index and a file for each month: a new item changes one of them.

The protocol allows 50,000, but for a file of these an edit would load all items.
"""


def feed_urls(archive: Archive, settings: Settings) -> tuple[str, ...]:
    """Return the urls of all feeds: the site's, every province's and every category's."""
    of_provinces = map(urls.province, (*provinces.ids(), provinces.NATIONWIDE.id))
    of_categories = map(urls.category, archive.all_categories(settings.categories))
    return tuple(map(urls.feed, (urls.HOME, *of_provinces, *of_categories)))


class Feeds:
    """The feeds of an archive; `links` returns the resolved links of an item."""

    def __init__(
        self, archive: Archive, settings: Settings, links: Callable[[Article], tuple[str | Picture, ...]]
    ) -> None:
        self.archive = archive
        self.settings = settings
        self.links = links

    def pages(self) -> Iterator[Page]:
        """Yield the site's feed, each province's and each category's."""
        yield self.of_site()
        yield from map(self.of_province, (*provinces.ids(), provinces.NATIONWIDE.id))
        yield from starmap(self.of_category, self.archive.all_categories(self.settings.categories).items())

    def of_site(self) -> Page:
        return self._feed(urls.HOME, self.settings.title, self.archive.listed)

    def of_province(self, province: str) -> Page:
        title = f"{self.settings.title} · {province_reference(province, self.settings.nationwide_name).title}"
        return self._feed(urls.province(province), title, self.archive.by_place.get(province, ()))

    def of_category(self, slug: str, topic: Topic) -> Page:
        return self._feed(urls.category(slug), f"{self.settings.title} · {topic.title()}", topic.articles)

    def _feed(self, page: str, title: str, articles: Sequence[Article]) -> Page:
        entries = tuple(self._entry(article) for article in articles[:ENTRIES])
        # Atom requires `updated`; taken from the clock, it would change an empty feed with each build.
        when_empty = datetime(_SINCE, 1, 1, tzinfo=self.settings.zone)
        view = FeedView(
            id=tag(page, self.settings.base_url),
            title=title,
            url=urls.feed(page),
            page=page,
            updated=max((entry.updated for entry in entries), default=when_empty),
            entries=entries,
        )
        return Page(path=path_of(view.url), template="atom.xml", view=view)

    def _entry(self, article: Article) -> FeedEntry:
        corrected = [datetime.combine(correction.day, time(), self.settings.zone) for correction in article.corrections]
        published = release(article, self.archive.now)
        return FeedEntry(
            card=article.card,
            id=tag(article.card.url, self.settings.base_url),
            published=published,
            updated=max([published, *corrected]),
            authors=article.authors,
            event=article.event,
            text=article.body.text,
            links=self.links(article),
        )


def tag(url: str, base_url: str) -> str:
    """Return a tag URI (RFC 4151): the same for http and https, different for each bulletin on one host."""
    base = urlsplit(base_url)
    return f"tag:{base.hostname},{_SINCE}:{base.path.rstrip('/')}{url}"


def sitemap_pages(lists: Sequence[str], published: Iterable[Article]) -> Iterator[Page]:
    """Yield one sitemap of lists, by their urls, and items or, for a larger site, its parts and an index."""
    articles = list(published)
    if not is_in_parts(lists, len(articles)):
        yield _sitemap(urls.SITEMAP, [*map(_list_entry, lists), *map(_item_entry, articles)])
        return
    by_month: dict[Month, list[Article]] = {}
    for article in articles:
        by_month.setdefault(month_of(article), []).append(article)
    yield sitemap_of_lists(lists)
    yield from (sitemap_of_month(month, by_month[month]) for month in sorted(by_month))
    parts = [urls.SITEMAP_OF_LISTS, *map(urls.sitemap_of_month, sorted(by_month))]
    yield _sitemap(urls.SITEMAP, list(map(_list_entry, parts)), template="sitemap-index.xml")


def is_in_parts(lists: Sequence[str], count: int) -> bool:
    """Tell whether the sitemap of a site of `count` published items has parts."""
    return len(lists) + count > WHOLE_SITEMAP


def sitemap_of_lists(lists: Iterable[str]) -> Page:
    return _sitemap(urls.SITEMAP_OF_LISTS, list(map(_list_entry, lists)))


def sitemap_of_month(month: Month, of_month: Iterable[Article]) -> Page:
    return _sitemap(urls.sitemap_of_month(month), list(map(_item_entry, of_month)))


def _sitemap(url: str, entries: Sequence[SitemapEntry], template: str = "sitemap.xml") -> Page:
    return Page(path=path_of(url), template=template, view=SitemapView(entries=tuple(entries)))


def list_urls(lists: Iterable[Page]) -> tuple[str, ...]:
    """Return the urls of the lists that belong in a sitemap, in the order of `urls.KINDS`."""
    kinds = {page.path: urls.kind_of(page.path) for page in lists}
    paths = [path for path, kind in kinds.items() if kind.in_sitemap]
    paths.sort(key=lambda path: urls.KINDS.index(kinds[path]))
    return tuple(map(urls.url_of, paths))


def _list_entry(url: str) -> SitemapEntry:
    return SitemapEntry(url=url, changed=None)


def _item_entry(article: Article) -> SitemapEntry:
    days = [article.card.day, *(correction.day for correction in article.corrections)]
    return SitemapEntry(url=article.card.url, changed=max(days))

"""Atom feeds and the sitemap: pages that programs read, with absolute urls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, time
from itertools import starmap
from urllib.parse import urlsplit

from bulletin import urls
from bulletin.images import Picture
from bulletin.model import Article
from bulletin.pages.archive import Archive, release
from bulletin.pages.tables import province_reference
from bulletin.pages.topics import Topic
from bulletin.pages.views import FeedEntry, FeedView, Page, SitemapEntry, SitemapView
from bulletin.settings import Settings
from bulletin.urls import path_of
from bulletin.vietnamese import provinces

ENTRIES = 20
_SINCE = 2004
"""The year in every tag URI, and of an empty feed. Any will do, but programs know entries by it: never change it."""
MAX_SITEMAP = 50_000
"""The sitemap protocol's limit of urls in one file; a larger site gets an index and a file for each year."""


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
    """Yield one sitemap of lists, by their urls, and items or, for a site above MAX_SITEMAP, its parts and an index."""
    of_lists = [SitemapEntry(url=url, changed=None) for url in lists]
    by_year: dict[int, list[SitemapEntry]] = {}
    for article in published:
        by_year.setdefault(article.card.day.year, []).append(_item_entry(article))
    of_items = [entry for entries in by_year.values() for entry in entries]
    if len(of_lists) + len(of_items) <= MAX_SITEMAP:
        yield _sitemap(urls.SITEMAP, [*of_lists, *of_items])
        return
    parts = {urls.SITEMAP_OF_LISTS: of_lists}
    parts |= {urls.sitemap_of_year(year): by_year[year] for year in sorted(by_year)}
    yield from (_sitemap(url, entries) for url, entries in parts.items())
    index = [SitemapEntry(url=url, changed=None) for url in parts]
    yield _sitemap(urls.SITEMAP, index, template="sitemap-index.xml")


def sitemap_part(lists: Sequence[str], count: int, year: int, of_year: Iterable[Article]) -> Page | None:
    """Return the part for a year of the sitemap of a site of `count` published items; None if it is not in parts."""
    if len(lists) + count <= MAX_SITEMAP:
        return None
    return _sitemap(urls.sitemap_of_year(year), list(map(_item_entry, of_year)))


def _sitemap(url: str, entries: Sequence[SitemapEntry], template: str = "sitemap.xml") -> Page:
    return Page(path=path_of(url), template=template, view=SitemapView(entries=tuple(entries)))


def list_urls(lists: Iterable[Page]) -> tuple[str, ...]:
    """Return the urls of the lists that belong in a sitemap, in the order of `urls.KINDS`."""
    kinds = {page.path: urls.kind_of(page.path) for page in lists}
    paths = [path for path, kind in kinds.items() if kind.in_sitemap]
    paths.sort(key=lambda path: urls.KINDS.index(kinds[path]))
    return tuple(map(urls.url_of, paths))


def _item_entry(article: Article) -> SitemapEntry:
    days = [article.card.day, *(correction.day for correction in article.corrections)]
    return SitemapEntry(url=article.card.url, changed=max(days))

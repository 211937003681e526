"""Atom feeds and the sitemap: pages that programs read, with absolute urls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from urllib.parse import urlsplit

from bulletin import provinces
from bulletin.archive import Archive, release
from bulletin.model import Article, Page, path_of
from bulletin.pictures import Picture
from bulletin.provinces import NATIONWIDE
from bulletin.rows import month_url, province_reference, province_url, year_url
from bulletin.settings import Settings
from bulletin.views import FeedEntry, FeedView, SitemapEntry, SitemapView

ENTRIES = 20
FEED_PATHS = ("atom.xml", *(f"tinh/{province}/atom.xml" for province in (*provinces.ids(), NATIONWIDE.id)))
MAX_SITEMAP = 50_000
"""The sitemap protocol's limit of urls in a file; a larger site gets an index and a file a year."""


class Feeds:
    """The feeds of an archive; `links` holds, by its source, where an item's links lead."""

    def __init__(self, archive: Archive, settings: Settings, links: Mapping[str, tuple[str | Picture, ...]]) -> None:
        self.archive = archive
        self.settings = settings
        self.links = links

    def pages(self) -> Iterator[Page]:
        """Yield the site's feed and each province's."""
        yield self._feed("/", self.settings.title, self.archive.listed)
        for province in (*provinces.ids(), NATIONWIDE.id):
            title = f"{self.settings.title} · {province_reference(province).title}"
            yield self._feed(province_url(province), title, self.archive.by_place.get(province, ()))

    def _feed(self, page: str, title: str, articles: Sequence[Article]) -> Page:
        entries = tuple(self._entry(article) for article in articles[:ENTRIES])
        # A feed must say when it changed; the clock would make an empty one change with each build.
        never = datetime(2004, 1, 1, tzinfo=self.settings.zone)
        view = FeedView(
            id=tag(page, self.settings.base_url),
            title=title,
            url=f"{page}atom.xml",
            page=page,
            updated=max((entry.updated for entry in entries), default=never),
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
            text=article.body.text,
            links=self.links[article.source],
        )


def tag(url: str, base_url: str) -> str:
    """Return a tag URI (RFC 4151): the same for http and https, another for another bulletin of the host."""
    base = urlsplit(base_url)
    return f"tag:{base.hostname},2004:{base.path.rstrip('/')}{url}"


def sitemap_pages(archive: Archive) -> Iterator[Page]:
    """Yield the sitemap or, for a site beyond the protocol's limit, an index and its parts."""
    lists = _list_entries(archive)
    items = [_item_entry(article) for article in archive.published]
    if len(lists) + len(items) <= MAX_SITEMAP:
        yield _sitemap("sitemap.xml", "sitemap.xml", [*lists, *items])
        return
    yield _sitemap("sitemap-muc-luc.xml", "sitemap.xml", lists)
    parts = [SitemapEntry(url="/sitemap-muc-luc.xml", changed=None)]
    for year in sorted({article.card.day.year for article in archive.published}):
        path = f"sitemap-{year}.xml"
        of_year = [article for article in archive.published if article.card.day.year == year]
        yield _sitemap(path, "sitemap.xml", [_item_entry(article) for article in of_year])
        parts.append(SitemapEntry(url=f"/{path}", changed=None))
    yield _sitemap("sitemap.xml", "sitemap-index.xml", parts)


def _sitemap(path: str, template: str, entries: Sequence[SitemapEntry]) -> Page:
    return Page(path=path, template=template, view=SitemapView(entries=tuple(entries)))


def _list_entries(archive: Archive) -> list[SitemapEntry]:
    urls = ["/", "/tinh/", "/thang/", "/thoa-thuan/", "/tim-kiem/"]
    urls += [province_url(province) for province in (*provinces.ids(), NATIONWIDE.id)]
    urls += [year_url(year) for year in sorted({year for year, _ in archive.months})]
    urls += [month_url(month) for month in sorted(archive.months)]
    return [SitemapEntry(url=url, changed=None) for url in urls]


def _item_entry(article: Article) -> SitemapEntry:
    days = [article.card.day, *(correction.day for correction in article.corrections)]
    return SitemapEntry(url=article.card.url, changed=max(days))

"""The archive -> the search page and the files that it reads: titles by year, texts by month, and an index of both.

A new item changes only the files of its year and month, an edited text only the file of its month.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from bulletin import urls
from bulletin.model import Article
from bulletin.pages.archive import Archive
from bulletin.pages.feeds import tag
from bulletin.pages.views import (
    ExportEntry,
    ExportView,
    NoView,
    Page,
    PlaceNames,
    SearchFiles,
    SearchIndexView,
    TextEntry,
    TextsView,
    TitlesView,
)
from bulletin.settings import Settings
from bulletin.urls import Month, path_of
from bulletin.vietnamese import provinces


def search_pages(archive: Archive, settings: Settings) -> Iterator[Page]:
    """Yield the search page and its files, and all items in one file if the settings ask for an export."""
    yield Page(path=path_of(urls.SEARCH), template="search.html", view=NoView())
    files: list[SearchFiles] = []
    for year, in_year in groupby(sorted(archive.by_month, reverse=True), key=itemgetter(0)):
        months = tuple(in_year)
        yield titles_page(year, [article for month in months for article in archive.by_month[month]])
        yield from (texts_page(month, archive.by_month[month]) for month in months)
        texts = tuple(_relative_to_search(urls.search_texts(month)) for month in months)
        files.append(SearchFiles(year=year, titles=_relative_to_search(urls.search_titles(year)), texts=texts))
    index = SearchIndexView(places=tuple(_places(settings.nationwide_name)), files=tuple(files))
    yield Page(path=path_of(urls.SEARCH_INDEX), template="search-index.json", view=index)
    if settings.export_items:
        entries = (_export_entry(article, settings) for article in archive.listed)
        export = ExportView(entries=tuple(entries), base_url=settings.base_url)
        yield Page(path=path_of(urls.EXPORT), template="items.jsonl", view=export)


def titles_page(year: int, articles: Sequence[Article]) -> Page:
    """Return the file of the titles of a year, newest first."""
    view = TitlesView(cards=tuple(article.card for article in articles))
    return Page(path=path_of(urls.search_titles(year)), template="search-titles.json", view=view)


def texts_page(month: Month, articles: Sequence[Article]) -> Page:
    """Return the file of the texts of a month."""
    view = TextsView(entries=tuple(TextEntry(url=article.card.url, text=article.body.text) for article in articles))
    return Page(path=path_of(urls.search_texts(month)), template="search-texts.json", view=view)


def _relative_to_search(url: str) -> str:
    """Return a url relative to the search page."""
    return url.removeprefix(urls.SEARCH)


def _export_entry(article: Article, settings: Settings) -> ExportEntry:
    return ExportEntry(id=tag(article.card.url, settings.base_url), card=article.card, text=article.body.text)


def _places(nationwide_name: str) -> Iterator[PlaceNames]:
    for place in provinces.ids():
        yield PlaceNames(id=place, names=provinces.names(place))
    nationwide = provinces.NATIONWIDE.id
    yield PlaceNames(id=nationwide, names=tuple(dict.fromkeys((nationwide_name, *provinces.names(nationwide)))))

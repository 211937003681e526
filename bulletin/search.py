"""The archive -> what the search reads: the page itself, titles by year, texts by month, and the list of these files.

A new item changes the files of its own year and month alone, an edited text that of its month.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from bulletin import provinces
from bulletin.archive import Archive, Month
from bulletin.feeds import tag
from bulletin.model import Article, Page, path_of
from bulletin.provinces import NATIONWIDE
from bulletin.searchviews import (
    ExportEntry,
    ExportView,
    PlaceNames,
    SearchFiles,
    SearchIndexView,
    TextEntry,
    TextsView,
    TitlesView,
)
from bulletin.settings import Settings
from bulletin.views import NoView

URL = "/tim-kiem/"


def search_pages(archive: Archive, settings: Settings) -> Iterator[Page]:
    """Yield the search page and its files, and all items as one file where the settings ask for it."""
    yield Page(path=path_of(URL), template="search.html", view=NoView())
    files: list[SearchFiles] = []
    for year, in_year in groupby(sorted(archive.by_month, reverse=True), key=itemgetter(0)):
        months = tuple(in_year)
        yield _titles_page(year, [article for month in months for article in archive.by_month[month]])
        yield from (_texts_page(month, archive.by_month[month]) for month in months)
        files.append(SearchFiles(year=year, titles=_titles_name(year), texts=tuple(map(_texts_name, months))))
    index = SearchIndexView(places=_places(), files=tuple(files))
    yield Page(path=path_of(f"{URL}muc-luc.json"), template="search-index.json", view=index)
    if settings.export_items:
        entries = (_export_entry(article, settings) for article in archive.listed)
        export = ExportView(entries=tuple(entries), base_url=settings.base_url)
        yield Page(path="items.jsonl", template="items.jsonl", view=export)


def _titles_page(year: int, articles: Sequence[Article]) -> Page:
    view = TitlesView(cards=tuple(article.card for article in articles))
    return Page(path=path_of(URL + _titles_name(year)), template="search-titles.json", view=view)


def _texts_page(month: Month, articles: Sequence[Article]) -> Page:
    view = TextsView(entries=tuple(TextEntry(url=article.card.url, text=article.body.text) for article in articles))
    return Page(path=path_of(URL + _texts_name(month)), template="search-texts.json", view=view)


def _titles_name(year: int) -> str:
    return f"{year}.json"


def _texts_name(month: Month) -> str:
    return f"van-ban/{month[0]}-{month[1]:02}.json"


def _export_entry(article: Article, settings: Settings) -> ExportEntry:
    return ExportEntry(id=tag(article.card.url, settings.base_url), card=article.card, text=article.body.text)


def _places() -> tuple[PlaceNames, ...]:
    return tuple(PlaceNames(id=place, names=provinces.names(place)) for place in (*provinces.ids(), NATIONWIDE.id))

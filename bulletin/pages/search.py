"""The archive -> the search page and the files that it reads: titles, texts by month, and an index of both.

The titles of a year are one file or, if it has many items, several, and so are the texts of a month: the first hits
come with a small part of a large archive, and an edit costs no more than such a part. A new item changes only the file
that has its title, that of its text and the index, an edited text only the file that has it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from msgspec import Struct

from bulletin import urls
from bulletin.model import Article
from bulletin.pages.archive import Archive
from bulletin.pages.feeds import tag
from bulletin.pages.pagination import older_pages, on_own_page, on_page
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

MOST_TITLES = 2_000
"""Items in a file of titles, about 0.3 MB compressed; a month stays whole, however many it has."""
TEXTS = 100
"""Texts in each full file of a month's older items; the file of its newest ones has fewer than twice as many."""
ByMonth = Mapping[Month, Sequence[Article]]


class Stretch(Struct, frozen=True):
    """The months of a year, from the `first` to the `last`, whose titles are one file."""

    year: int
    first: int
    last: int

    @property
    def url(self) -> str:
        return urls.search_titles(self.year, self.first, self.last)

    def months(self, by_month: ByMonth) -> list[Month]:
        """Return those that have items, newest first."""
        months = ((self.year, number) for number in range(self.last, self.first - 1, -1))
        return [month for month in months if month in by_month]

    def parts(self, by_month: ByMonth) -> Iterator[Stretch]:
        """Yield what it is divided into, newest first: halves, as long as there are too many items in one file."""
        count = sum(len(by_month[month]) for month in self.months(by_month))
        if count > MOST_TITLES and self.first < self.last:
            middle = (self.first + self.last) // 2
            yield from Stretch(self.year, middle + 1, self.last).parts(by_month)
            yield from Stretch(self.year, self.first, middle).parts(by_month)
        elif count:
            yield self


def stretches(by_month: ByMonth) -> Iterator[Stretch]:
    """Yield the months of each file of titles, newest first; of the items, only their numbers are asked for.

    One more item divides a file into two at most, and leaves the others as they are.
    """
    for year in sorted({year for year, _ in by_month}, reverse=True):
        yield from Stretch(year, 1, 12).parts(by_month)


def search_pages(archive: Archive, settings: Settings) -> Iterator[Page]:
    """Yield the search page and its files, and all items in one file if the settings ask for an export."""
    yield Page(path=path_of(urls.SEARCH), template="search.html", view=NoView())
    yield from titles_pages(archive.by_month, archive.by_month)
    for month, articles in archive.by_month.items():
        yield newest_texts(month, articles)
        yield from older_texts(month, articles)
    yield index_page(archive.by_month, settings)
    if settings.export_items:
        entries = (_export_entry(article, settings) for article in archive.listed)
        export = ExportView(entries=tuple(entries), base_url=settings.base_url)
        yield Page(path=path_of(urls.EXPORT), template="items.jsonl", view=export)


def titles_pages(by_month: ByMonth, changed: Container[Month]) -> Iterator[Page]:
    """Yield the files with the titles of the changed months."""
    for stretch in stretches(by_month):
        months = stretch.months(by_month)
        if any(month in changed for month in months):
            cards = tuple(article.card for article in chain.from_iterable(by_month[month] for month in months))
            yield Page(path=path_of(stretch.url), template="search-titles.json", view=TitlesView(cards=cards))


def newest_texts(month: Month, articles: Sequence[Article]) -> Page:
    """Return the file of the texts of a month's newest items: all that no full file of older ones has."""
    return _texts(month, articles[on_own_page(len(articles), TEXTS)])


def older_texts(month: Month, articles: Sequence[Article], numbers: Iterable[int] | None = None) -> Iterator[Page]:
    """Yield the full files of the texts of a month's older items: all, or those with these `numbers`."""
    for number in _numbers(articles) if numbers is None else numbers:
        yield _texts(month, articles[on_page(len(articles), TEXTS, number)], number)


def _texts(month: Month, articles: Sequence[Article], number: int = 0) -> Page:
    view = TextsView(entries=tuple(TextEntry(url=article.card.url, text=article.body.text) for article in articles))
    return Page(path=path_of(urls.search_texts(month, number)), template="search-texts.json", view=view)


def _numbers(articles: Sequence[Article]) -> Sequence[int]:
    """Return the numbers of the full files of a month's texts, the newest first."""
    return range(older_pages(len(articles), TEXTS), 0, -1)


def index_page(by_month: ByMonth, settings: Settings) -> Page:
    """Return the index of the files; of the items, only their numbers are asked for."""
    files = tuple(_files(stretch, by_month) for stretch in stretches(by_month))
    view = SearchIndexView(places=tuple(_places(settings.nationwide_name)), files=files)
    return Page(path=path_of(urls.SEARCH_INDEX), template="search-index.json", view=view)


def _files(stretch: Stretch, by_month: ByMonth) -> SearchFiles:
    months = stretch.months(by_month)
    return SearchFiles(
        year=stretch.year,
        items=sum(len(by_month[month]) for month in months),
        titles=_relative_to_search(stretch.url),
        texts=tuple(
            _relative_to_search(urls.search_texts(month, number))
            for month in months
            for number in (0, *_numbers(by_month[month]))
        ),
    )


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

"""The archive -> the pages that show lists and numbers: one function for each kind of page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from bulletin import urls
from bulletin.model import Article, Card, Deal, Reference
from bulletin.pages import tables
from bulletin.pages.archive import Archive, unit_keys
from bulletin.pages.charts import Bars, Growth, Signing, growth, month_bars
from bulletin.pages.deals import map_number_of, total
from bulletin.pages.events import coming_events, event_pages
from bulletin.pages.pagination import older_pages, on_own_page, on_page
from bulletin.pages.shelf import months_of
from bulletin.pages.topics import Topic
from bulletin.pages.views import (
    DealsData,
    DealsView,
    Figures,
    FollowView,
    HomeView,
    MonthsView,
    MonthView,
    NoView,
    OlderDealsView,
    OlderView,
    Page,
    ProvincesView,
    ProvinceView,
    RegionRows,
    Row,
    TopicKind,
    TopicView,
    YearRows,
    YearView,
)
from bulletin.settings import Settings
from bulletin.urls import Month, path_of
from bulletin.vietnamese import provinces

ALL_TITLE = "Tất cả tin"
SECONDS = 3
"""Stories that stand beside each other below the lead story."""
MONTHS_ON_HOME = 12
EVENTS_ON_HOME = 3
DEALS_SHOWN = 30
"""Deals listed on the page of a province or month, which stays below 60 kB; the deals page leads to all deals."""
DEALS_ON_PAGE = 12
"""Deals on each page of older deals; the page of all has fewer than twice as many, and so stays below 60 kB."""
ITEMS_OF_MONTH = 16
"""Items on each page of a month's older items; its own page has fewer than twice as many, and so stays below 60 kB."""


def list_pages(archive: Archive, settings: Settings) -> Iterator[Page]:
    """Yield every page except those of items, the search, feeds and sitemaps; also the deals as data."""
    yield home_page(archive, settings)
    yield provinces_page(archive, settings.nationwide_name)
    for province in (*provinces.ids(), provinces.NATIONWIDE.id):
        yield from province_pages(province, archive, settings)
    yield months_page(archive)
    for year in sorted({month[0] for month in archive.months}):
        yield year_page(year, archive, settings.nationwide_name)
    for month in reversed(archive.months):
        yield from month_pages(month, archive, settings.nationwide_name)
    yield from all_topic_pages(archive, settings)
    yield from deals_pages(archive, settings)
    yield from event_pages(archive, settings)
    yield follow_page(archive, settings)
    yield Page(path=path_of(urls.NOT_FOUND), template="404.html", view=NoView())


def home_page(archive: Archive, settings: Settings) -> Page:
    newest = archive.listed[: settings.items_per_page]
    # Pinned items take half of the page at most, so that the other half is left for news.
    on_top = archive.pinned[: max(1, settings.items_per_page // 2)]
    pins = tuple(article.card.url for article in on_top)
    shown = list(dict.fromkeys(article.card for article in (*on_top, *newest)))[: settings.items_per_page]
    newest_month = archive.months[0] if archive.months else None
    view = HomeView(
        lead=shown[0] if shown else None,
        seconds=tuple(shown[1 : 1 + SECONDS]),
        groups=tables.groups_by_day(shown[1 + SECONDS :], pins),
        pins=pins,
        older=urls.ALL if len(archive.listed) > len(shown) else "",
        figures=figures(archive),
        coming=coming_events(archive)[:EVENTS_ON_HOME],
        month=tables.month_row(newest_month, archive) if newest_month else None,
        month_before=tables.month_row(_month_before(newest_month), archive) if newest_month else None,
        map=tables.map_of(archive, map_number_of(archive.deals, archive.newest_day)),
        months=tuple(tables.month_row(month, archive) for month in archive.months[:MONTHS_ON_HOME]),
    )
    return Page(path=path_of(urls.HOME), template="home.html", view=view)


def _month_before(month: Month) -> Month:
    year, number = month
    return (year, number - 1) if number > 1 else (year - 1, 12)


def figures(archive: Archive) -> Figures:
    """Return the numbers about all deals, with provinces counted in the map of the newest deal."""
    map_number = map_number_of(archive.deals, archive.newest_day)
    return Figures(
        signed=sum(1 for _, unit_map in archive.deals_by_unit if unit_map == map_number),
        of=len(provinces.units(map_number)),
        total=total(archive.deals),
        newest=archive.deals[0] if archive.deals else None,
    )


def provinces_page(archive: Archive, nationwide_name: str) -> Page:
    map_number = archive.map_number
    present = {unit.id for unit in provinces.units(map_number)}
    view = ProvincesView(
        map_number=map_number,
        map=tables.map_of(archive, map_number),
        regions=tuple(
            RegionRows(name=region.name, rows=tables.unit_rows(region.numeral, archive))
            for region in provinces.regions(map_number)
        ),
        nationwide=Row(
            page=tables.province_reference(provinces.NATIONWIDE.id, nationwide_name),
            items=len(archive.by_place.get(provinces.NATIONWIDE.id, ())),
            total=total(()),
        ),
        former=tuple(tables.province_reference(unit) for unit in provinces.ids() if unit not in present),
    )
    return Page(path=path_of(urls.PROVINCES), template="provinces.html", view=view)


def province_pages(
    province: str, archive: Archive, settings: Settings, numbers: Iterable[int] | None = None
) -> Iterator[Page]:
    """Yield a province's own page and the full pages of its older items: all, or those with these `numbers`."""
    articles = archive.by_place.get(province, ())
    deals = archive.deals_by_place.get(province, ())
    own = tables.province_reference(province, settings.nationwide_name)
    lists = _Lists(own, articles, settings.items_per_page)
    months = tables.month_rows(articles, deals)
    view = ProvinceView(
        name=own.title,
        url=own.url,
        feed=urls.feed(own.url),
        units=tuple(tables.unit_facts(unit, archive) for unit in tables.units(province)),
        deals=deals[:DEALS_SHOWN],
        deal_count=len(deals),
        bars=_bars(articles),
        calendar=tables.calendar(months),
        groups=tables.groups_by_month(lists.newest, articles),
        older=urls.older(own.url, lists.pages),
    )
    yield Page(path=path_of(own.url), template="province.html", view=view)
    yield from lists.older_pages(numbers)


def months_page(archive: Archive) -> Page:
    years = sorted({month[0] for month in archive.months}, reverse=True)
    view = MonthsView(
        bars=_bars(archive.listed),
        years=tuple(
            YearRows(
                row=tables.year_row(year, archive),
                months=tuple(tables.month_row(month, archive) for month in archive.months if month[0] == year),
            )
            for year in years
        ),
    )
    return Page(path=path_of(urls.MONTHS), template="months.html", view=view)


def year_page(year: int, archive: Archive, nationwide_name: str) -> Page:
    years = sorted({month[0] for month in archive.months})
    position = years.index(year)
    of_year = tables.of_months((month for month in archive.months if month[0] == year), archive)
    view = YearView(
        year=year,
        row=tables.year_row(year, archive),
        months=tuple(tables.month_row(month, archive) for month in reversed(archive.months) if month[0] == year),
        bars=month_bars({month: len(archive.by_month[month]) for month in archive.by_month if month[0] == year}),
        map=tables.map_of_year(year, of_year),
        provinces=tables.place_rows(of_year, nationwide_name),
        older=tables.year_reference(years[position - 1]) if position > 0 else None,
        newer=tables.year_reference(years[position + 1]) if position + 1 < len(years) else None,
    )
    return Page(path=path_of(urls.year(year)), template="year.html", view=view)


def month_pages(
    month: Month, archive: Archive, nationwide_name: str, numbers: Iterable[int] | None = None
) -> Iterator[Page]:
    """Yield a month's own page and, for a very full month, the pages of its older items, or those with `numbers`."""
    articles, deals = archive.by_month.get(month, ()), archive.deals_by_month.get(month, ())
    own = tables.month_reference(month)
    position = archive.months.index(month)
    lists = _Lists(own, articles, ITEMS_OF_MONTH)
    view = MonthView(
        row=tables.month_row(month, archive),
        year=tables.year_reference(month[0]),
        cards=lists.newest,
        groups=tables.groups_by_place(lists.newest, nationwide_name),
        older_cards=urls.older(own.url, lists.pages),
        deals=deals[:DEALS_SHOWN],
        provinces=tables.place_rows(tables.of_months([month], archive), nationwide_name),
        corrections=tuple(
            (Reference(title=article.card.title, url=article.card.url), correction)
            for article in articles
            for correction in article.corrections
        ),
        older=tables.month_reference(archive.months[position + 1]) if position + 1 < len(archive.months) else None,
        newer=tables.month_reference(archive.months[position - 1]) if position > 0 else None,
    )
    yield Page(path=path_of(own.url), template="month.html", view=view)
    yield from lists.older_pages(numbers)


def all_topic_pages(archive: Archive, settings: Settings) -> Iterator[Page]:
    """Yield the lists of all items, of each category, of each tag that several items have, and of each author."""
    size = settings.items_per_page
    yield from topic_pages("all", urls.ALL, everything(archive), size)
    for slug, topic in archive.all_categories(settings.categories).items():
        yield from topic_pages("category", urls.category(slug), topic, size)
    for slug, topic in archive.tags.items():
        yield from topic_pages("tag", urls.tag(slug), topic, size)
    for slug, topic in archive.authors.items():
        yield from topic_pages("author", urls.author(slug), topic, size)


def everything(archive: Archive) -> Topic:
    """Return all items as a topic."""
    return Topic(name=ALL_TITLE, articles=archive.listed, spellings=())


def topic_pages(
    kind: TopicKind, url: str, topic: Topic, size: int, numbers: Iterable[int] | None = None
) -> Iterator[Page]:
    """Yield a topic's own page and its older pages: all, or those with these `numbers`."""

    def as_of(number: int) -> Reference:
        return Reference(title=topic.title(newer=len(topic.articles) - number * size), url=url)

    lists = _Lists(as_of, topic.articles, size)
    view = TopicView(
        kind=kind,
        title=topic.title(),
        url=url,
        feed=urls.feed(url) if kind == "category" else "",
        items=len(topic.articles),
        groups=tables.groups_by_month(lists.newest, topic.articles),
        older=urls.older(url, lists.pages),
    )
    yield Page(path=path_of(url), template="topic.html", view=view)
    yield from lists.older_pages(numbers)


def deals_page(archive: Archive) -> Page:
    """Return the deals page, which also shows the items of each province."""
    map_number = map_number_of(archive.deals, archive.newest_day)
    signed = [unit for unit in provinces.units(map_number) if (unit.id, map_number) in archive.deals_by_unit]
    count = len(archive.deals)
    view = DealsView(
        figures=figures(archive),
        growth=_growth(archive.deals, map_number),
        map=tables.map_of(archive, map_number),
        provinces=tuple(tables.unit_row(unit, archive.newest_day, archive) for unit in signed),
        zones=tables.zones(archive.deals),
        years=tuple(sorted({deal.date.year for deal in archive.deals}, reverse=True)),
        rows=tuple(map(tables.deal_row, archive.deals[on_own_page(count, DEALS_ON_PAGE)])),
        older=urls.older(urls.DEALS, older_pages(count, DEALS_ON_PAGE)),
    )
    return Page(path=path_of(urls.DEALS), template="deals.html", view=view)


def deals_pages(archive: Archive, settings: Settings, numbers: Iterable[int] | None = None) -> Iterator[Page]:
    """Yield the deals page, the pages of older deals (all, or those with these `numbers`), and the deals as data."""
    yield deals_page(archive)
    count = len(archive.deals)
    for number in range(1, older_pages(count, DEALS_ON_PAGE) + 1) if numbers is None else numbers:
        rows = tuple(map(tables.deal_row, archive.deals[on_page(count, DEALS_ON_PAGE, number)]))
        older = OlderDealsView(number=number, rows=rows, older=urls.older(urls.DEALS, number - 1))
        yield Page(path=path_of(urls.older(urls.DEALS, number)), template="older-deals.html", view=older)
    data = DealsData(figures=figures(archive), deals=archive.deals, base_url=settings.base_url)
    yield Page(path=path_of(urls.DEALS_CSV), template="deals.csv", view=data)
    yield Page(path=path_of(urls.DEALS_JSON), template="deals.json", view=data)


def follow_page(archive: Archive, settings: Settings) -> Page:
    units = provinces.units(archive.map_number)
    present = {unit.id for unit in units}
    categories = archive.all_categories(settings.categories)
    view = FollowView(
        categories=tuple(Reference(title=topic.title(), url=urls.category(slug)) for slug, topic in categories.items()),
        provinces=tuple(
            Reference(title=unit.name_on(archive.newest_day), url=urls.province(unit.id)) for unit in units
        ),
        nationwide=tables.province_reference(provinces.NATIONWIDE.id, settings.nationwide_name),
        former=tuple(tables.province_reference(unit) for unit in provinces.ids() if unit not in present),
    )
    return Page(path=path_of(urls.FOLLOW), template="follow.html", view=view)


def _bars(articles: Iterable[Article]) -> Bars | None:
    return month_bars(months_of(articles))


def _growth(deals: Iterable[Deal], map_number: int) -> Growth | None:
    """Return the growth of the deals by units of one map; a unit of the 63 counts as its successor in the 34."""
    return growth(
        Signing(
            month=(deal.date.year, deal.date.month),
            unit=next((unit for unit, unit_map in unit_keys((deal.place,)) if unit_map == map_number), ""),
            dong=deal.amount.dong if deal.amount else 0,
        )
        for deal in deals
    )


class _Lists:
    """A list of items in pages: the newest cards for its own page, and the full pages of older ones, as asked for.

    `own` is the page of the list; of a topic, it is made for each older page by its number.
    """

    def __init__(self, own: Reference | Callable[[int], Reference], articles: Sequence[Article], size: int) -> None:
        self._own = own
        self._articles = articles
        self._size = size
        self.pages = older_pages(len(articles), size)

    @cached_property
    def newest(self) -> tuple[Card, ...]:
        return self._cards(on_own_page(len(self._articles), self._size))

    def older_pages(self, numbers: Iterable[int] | None = None) -> Iterator[Page]:
        """Yield the full pages of older items: all, or those with these numbers."""
        for number in range(1, self.pages + 1) if numbers is None else numbers:
            own = self._own(number) if callable(self._own) else self._own
            view = OlderView(
                title=own.title,
                number=number,
                newest=own,
                cards=self._cards(on_page(len(self._articles), self._size, number)),
                older=urls.older(own.url, number - 1),
            )
            yield Page(path=path_of(urls.older(own.url, number)), template="older.html", view=view)

    def _cards(self, where: slice) -> tuple[Card, ...]:
        return tuple([article.card for article in self._articles[where]])

"""Views, the values given to templates. A page depends on its view alone, so a view holds only what the page shows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from bulletin.digests import digest_of
from bulletin.images import Picture, Rendition
from bulletin.model import Card, Correction, Deal, Event, Reference, Text, Total
from bulletin.pages.charts import Bars, Growth
from bulletin.pages.tile_map import TileMap

TopicKind = Literal["all", "category", "tag", "author"]


class Row(Struct, frozen=True, kw_only=True, array_like=True):
    """A row in a table of provinces, months or years: its page, its number of items, the total of its deals."""

    page: Reference
    items: int
    total: Total


class Figures(Struct, frozen=True, kw_only=True, array_like=True):
    """All deals in numbers: `signed` of the `of` units of a map have signed; the total; the newest deal."""

    signed: int
    of: int
    total: Total
    newest: Deal | None


class Group(Struct, frozen=True, kw_only=True, array_like=True):
    """Cards under one heading, and the number of all its items; `page.url` is empty if the heading is no link."""

    page: Reference
    items: int
    cards: tuple[Card, ...]


class CalendarYear(Struct, frozen=True, kw_only=True, array_like=True):
    """A year's twelve months, None for those without items and deals."""

    year: Reference
    months: tuple[Row | None, ...]


class EventRow(Struct, frozen=True, kw_only=True, array_like=True):
    """An event, with the card of the item that tells of it."""

    card: Card
    event: Event


class HomeView(Struct, frozen=True, kw_only=True, array_like=True):
    """The newest items, pinned ones first, what takes place next, and numbers: of all deals, of the newest two months.

    `lead` and `seconds` stand on top; `groups` are the others, those of one day together. `pins` are the urls of the
    pinned, `older` that of all items if there are more of them.
    """

    lead: Card | None
    seconds: tuple[Card, ...]
    groups: tuple[Group, ...]
    pins: tuple[str, ...]
    older: str
    figures: Figures
    coming: tuple[EventRow, ...]
    month: Row | None
    month_before: Row | None
    map: TileMap
    months: tuple[Row, ...]


class ItemView(Struct, frozen=True, kw_only=True, array_like=True):
    """An item with its neighbours; `links` are the urls and pictures that the body's tokens stand for."""

    card: Card
    text: Text
    links: tuple[str | Picture, ...]
    image: Picture | None
    image_alt: str
    authors: tuple[Reference, ...]
    tags: tuple[Reference, ...]
    event: Event | None
    corrections: tuple[Correction, ...]
    deals: tuple[Deal, ...]
    is_archived: bool
    month: Reference
    older: Reference | None
    newer: Reference | None
    of_places: tuple[Card, ...]
    of_month: tuple[Card, ...]


class RegionRows(Struct, frozen=True, kw_only=True, array_like=True):
    """A region and its provinces."""

    name: str
    rows: tuple[Row, ...]


class ProvincesView(Struct, frozen=True, kw_only=True, array_like=True):
    """All provinces of the map of the newest item; for the 34, `former` are the provinces that no longer exist."""

    map_number: int
    map: TileMap
    regions: tuple[RegionRows, ...]
    nationwide: Row
    former: tuple[Reference, ...]


class UnitFacts(Struct, frozen=True, kw_only=True, array_like=True):
    """A unit of one map: its name and region, its successor or predecessors, its items and deals."""

    map_number: int
    full_name: str
    region: str
    became: Reference | None
    made_of: tuple[Reference, ...]
    items: int
    total: Total


class ProvinceView(Struct, frozen=True, kw_only=True, array_like=True):
    """A province: its newest items by month, its deals, and the units that have or had its id."""

    name: str
    url: str
    feed: str
    units: tuple[UnitFacts, ...]
    deals: tuple[Deal, ...]
    deal_count: int
    bars: Bars | None
    calendar: tuple[CalendarYear, ...]
    groups: tuple[Group, ...]
    older: str


class OlderView(Struct, frozen=True, kw_only=True, array_like=True):
    """A full page of a list's older items, with nothing newer than itself, so that no new item changes it."""

    title: str
    number: int
    newest: Reference
    cards: tuple[Card, ...]
    older: str


class TopicView(Struct, frozen=True, kw_only=True, array_like=True):
    """All items, or those of a category, a tag or an author, the newest by month; `feed` is empty if it has none."""

    kind: TopicKind
    title: str
    url: str
    feed: str
    items: int
    groups: tuple[Group, ...]
    older: str


class FollowView(Struct, frozen=True, kw_only=True, array_like=True):
    """What can be followed: categories, and the provinces of the map of the newest item; `former` are of the 63 alone.

    Each is named with its page, beside which its feed lies.
    """

    categories: tuple[Reference, ...]
    provinces: tuple[Reference, ...]
    nationwide: Reference
    former: tuple[Reference, ...]


class YearRows(Struct, frozen=True, kw_only=True, array_like=True):
    """A year and its months."""

    row: Row
    months: tuple[Row, ...]


class MonthsView(Struct, frozen=True, kw_only=True, array_like=True):
    """All months, newest first."""

    bars: Bars | None
    years: tuple[YearRows, ...]


class YearView(Struct, frozen=True, kw_only=True, array_like=True):
    """A year: its months, oldest first, and its provinces."""

    year: int
    row: Row
    bars: Bars | None
    months: tuple[Row, ...]
    map: TileMap
    provinces: tuple[Row, ...]
    older: Reference | None
    newer: Reference | None


class MonthView(Struct, frozen=True, kw_only=True, array_like=True):
    """A month: its newest items, also by province, its deals, its provinces."""

    row: Row
    year: Reference
    cards: tuple[Card, ...]
    groups: tuple[Group, ...]
    older_cards: str
    deals: tuple[Deal, ...]
    provinces: tuple[Row, ...]
    corrections: tuple[tuple[Reference, Correction], ...]
    older: Reference | None
    newer: Reference | None


class Zone(Struct, frozen=True, kw_only=True, array_like=True):
    """A region of one map, as a choice of the filter of deals; `key` is like «63-IV»."""

    key: str
    name: str


class DealRow(Struct, frozen=True, kw_only=True, array_like=True):
    """A deal with the key of its zone."""

    deal: Deal
    zone: str


class DealsView(Struct, frozen=True, kw_only=True, array_like=True):
    """The deals: their numbers, their growth, their provinces, and the newest of them."""

    figures: Figures
    growth: Growth | None
    map: TileMap
    provinces: tuple[Row, ...]
    zones: tuple[Zone, ...]
    years: tuple[int, ...]
    rows: tuple[DealRow, ...]
    older: str


class OlderDealsView(Struct, frozen=True, kw_only=True, array_like=True):
    """A full page of older deals, with nothing newer than itself, so that no new deal changes it."""

    number: int
    rows: tuple[DealRow, ...]
    older: str


class DealsData(Struct, frozen=True, kw_only=True, array_like=True):
    """All deals, for CSV and JSON."""

    figures: Figures
    deals: tuple[Deal, ...]
    base_url: str


class EventsView(Struct, frozen=True, kw_only=True, array_like=True):
    """What takes place, soonest first, and what did, newest first, by the title of its month; `more` are left out."""

    coming: tuple[tuple[str, tuple[EventRow, ...]], ...]
    past: tuple[tuple[str, tuple[EventRow, ...]], ...]
    more: int


class CalendarEntry(Struct, frozen=True, kw_only=True, array_like=True):
    """An event in the calendar, under an id that lasts; of two versions `changed` and `revision` tell the later one."""

    id: str
    card: Card
    event: Event
    begins: datetime | None
    ends: datetime | None
    changed: datetime
    revision: int


class CalendarView(Struct, frozen=True, kw_only=True, array_like=True):
    """The calendar to subscribe to."""

    title: str
    base_url: str
    entries: tuple[CalendarEntry, ...]


class FeedEntry(Struct, frozen=True, kw_only=True, array_like=True):
    """An item in a feed, with its text; `links` become absolute addresses, since a feed is read from anywhere."""

    card: Card
    id: str
    published: datetime
    updated: datetime
    authors: tuple[str, ...]
    event: Event | None
    text: Text
    links: tuple[str | Picture, ...]


class FeedView(Struct, frozen=True, kw_only=True, array_like=True):
    """The newest items of the site or of a province."""

    id: str
    title: str
    url: str
    page: str
    updated: datetime
    entries: tuple[FeedEntry, ...]


class SitemapEntry(Struct, frozen=True, kw_only=True, array_like=True):
    """A page, and the day of its last change if that is known."""

    url: str
    changed: date | None


class SitemapView(Struct, frozen=True, kw_only=True, array_like=True):
    """The pages in a sitemap or, for a sitemap index, the sitemaps in it."""

    entries: tuple[SitemapEntry, ...]


class RedirectView(Struct, frozen=True, kw_only=True, array_like=True):
    """The page at an old url, which redirects to the item."""

    title: str
    url: str


class NoView(Struct, frozen=True, kw_only=True, array_like=True):
    """The view of a page that shows nothing from items."""


class TitlesView(Struct, frozen=True, kw_only=True, array_like=True):
    """The items of some months, as far as the search knows them before it reads their texts."""

    cards: tuple[Card, ...]


class TextEntry(Struct, frozen=True, kw_only=True, array_like=True):
    """An item's text, by the item's url."""

    url: str
    text: Text


class TextsView(Struct, frozen=True, kw_only=True, array_like=True):
    """The texts of a month's items."""

    entries: tuple[TextEntry, ...]


class PlaceNames(Struct, frozen=True, kw_only=True, array_like=True):
    """The names that readers may use for a place; its title comes first."""

    id: str
    names: tuple[str, ...]


class SearchFiles(Struct, frozen=True, kw_only=True, array_like=True):
    """The search's files for some months, relative to the search page: their titles, and their texts, newest first."""

    year: int
    items: int
    """How many have their titles there: the page plans by it what it reads."""
    titles: str
    texts: tuple[str, ...]


class SearchIndexView(Struct, frozen=True, kw_only=True, array_like=True):
    """All places, in Vietnamese order, and all files, newest first."""

    places: tuple[PlaceNames, ...]
    files: tuple[SearchFiles, ...]


class ExportEntry(Struct, frozen=True, kw_only=True, array_like=True):
    """An item in the export for other programs."""

    id: str
    card: Card
    text: Text


class ExportView(Struct, frozen=True, kw_only=True, array_like=True):
    """All listed items, newest first, with their texts."""

    entries: tuple[ExportEntry, ...]
    base_url: str


VIEWS: tuple[type[Struct], ...] = (
    *(HomeView, ItemView, ProvincesView, ProvinceView, TopicView, OlderView, FollowView, MonthsView, YearView),
    *(MonthView, EventsView, CalendarView, DealsView, OlderDealsView, DealsData, FeedView, SitemapView, RedirectView),
    NoView,
    *(SearchIndexView, TitlesView, TextsView, ExportView),
)
"""All types of views; the process that renders a page reads its view by the name of the type."""


class Page(Struct, frozen=True, kw_only=True, array_like=True):
    """A file of output/ that is rendered: a pure function of its template, its view and texts, and the settings."""

    path: str
    template: str
    view: object

    @property
    def texts(self) -> tuple[Text, ...]:
        """The texts that the page shows."""
        if isinstance(self.view, ItemView):
            return (self.view.text,)
        if isinstance(self.view, FeedView | TextsView | ExportView):
            return tuple(entry.text for entry in self.view.entries)
        return ()

    @property
    def digest(self) -> str:
        """The digest of its view."""
        return digest_of(self.view)

    @property
    def is_linked(self) -> bool:
        """Whether another page must link to it; no page links to an old url, which readers have kept."""
        return not isinstance(self.view, RedirectView)


class AttachmentCopy(Struct, frozen=True, kw_only=True, array_like=True):
    """A file of output/ that is an unchanged copy of a file in content/."""

    path: str
    source: str


class PictureCopy(Struct, frozen=True, kw_only=True, array_like=True):
    """A file of output/ that is one rendition of a picture; `original` is the digest of the picture's bytes."""

    path: str
    original: str
    rendition: Rendition


Copy = AttachmentCopy | PictureCopy
"""A file of output/ that is copied, not rendered."""

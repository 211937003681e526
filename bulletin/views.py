"""What each template is shown. A page depends on nothing but its view, so a view holds no more than the page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bulletin.charts import Bars, Growth
from bulletin.deals import Total
from bulletin.model import Card, Correction, Deal, Reference, Text
from bulletin.tilemap import TileMap


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a table of provinces, months or years: where it leads, its items, its deals."""

    page: Reference
    items: int
    total: Total


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How far the deals have come: `signed` of the `of` units of an edition, up to the newest deal."""

    signed: int
    of: int
    total: Total
    newest: Deal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Items of a list that stand together, and how many there are of them; `page.url` is empty if it leads nowhere."""

    page: Reference
    items: int
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarYear:
    """A year's twelve months, None for those without items and deals."""

    year: Reference
    months: tuple[Row | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeView:
    """The newest items, pinned ones first, and the bulletin's numbers: those of its newest month and the one before."""

    lead: Card | None
    cards: tuple[Card, ...]
    figures: Figures
    month: Row | None
    month_before: Row | None
    map: TileMap
    months: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture by its url."""

    url: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """An item with its neighbours; `links` are the urls that the body's tokens stand for."""

    card: Card
    text: Text
    links: tuple[str, ...]
    image: Picture | None
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    corrections: tuple[Correction, ...]
    deals: tuple[Deal, ...]
    is_archived: bool
    month: Reference
    older: Reference | None
    newer: Reference | None
    of_places: tuple[Card, ...]
    of_month: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionRows:
    """A region's provinces."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvincesView:
    """All provinces of the edition that the newest item belongs to; if that is the 34, `former` are those that went."""

    edition: int
    map: TileMap
    regions: tuple[RegionRows, ...]
    nationwide: Row
    former: tuple[Reference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """A unit of one edition: what it is, what it became or was made of, its items and deals."""

    edition: int
    full_name: str
    region: str
    became: Reference | None
    made_of: tuple[Reference, ...]
    items: int
    total: Total


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvinceView:
    """A province: its newest items by month, its deals, and the units that bore its id."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderView:
    """A full page of a list's older items. It never changes again, so it knows nothing newer than itself."""

    title: str
    number: int
    newest: Reference
    cards: tuple[Card, ...]
    older: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRows:
    """A year's months."""

    row: Row
    months: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsView:
    """All months, newest first."""

    bars: Bars | None
    years: tuple[YearRows, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearView:
    """A year: its months in their order, its provinces."""

    year: int
    row: Row
    bars: Bars | None
    months: tuple[Row, ...]
    map: TileMap
    provinces: tuple[Row, ...]
    older: Reference | None
    newer: Reference | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthView:
    """A month: its newest items by province, its deals, its provinces."""

    row: Row
    year: Reference
    groups: tuple[Group, ...]
    older_cards: str
    deals: tuple[Deal, ...]
    provinces: tuple[Row, ...]
    corrections: tuple[tuple[Reference, Correction], ...]
    older: Reference | None
    newer: Reference | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A region of one edition, as a choice; `key` is «63-IV»."""

    key: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealRow:
    """A deal with the key of its zone."""

    deal: Deal
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealsView:
    """The deals: how far they have come, by province, and the newest of them."""

    figures: Figures
    growth: Growth | None
    map: TileMap
    provinces: tuple[Row, ...]
    zones: tuple[Zone, ...]
    years: tuple[int, ...]
    rows: tuple[DealRow, ...]
    older: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderDealsView:
    """A full page of older deals, which knows nothing newer than itself."""

    number: int
    rows: tuple[DealRow, ...]
    older: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealsData:
    """The deals as data."""

    figures: Figures
    deals: tuple[Deal, ...]
    base_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """An item in a feed: with its text, and links that are read from anywhere."""

    card: Card
    id: str
    published: datetime
    updated: datetime
    authors: tuple[str, ...]
    text: Text
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedView:
    """The newest items of the site or of a province."""

    id: str
    title: str
    url: str
    page: str
    updated: datetime
    entries: tuple[FeedEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapEntry:
    """A page, and the day of its last change where that is known."""

    url: str
    changed: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapView:
    """Pages for search engines; in an index, other sitemaps."""

    entries: tuple[SitemapEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectView:
    """An old url's page, which sends its readers on."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoView:
    """A page that shows nothing of the items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A file of content/, copied as it is."""

    source: str

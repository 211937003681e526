"""What tables, maps and grouped lists are made of: provinces, months and years with their items and deals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache

from bulletin import urls
from bulletin.model import Article, Card, Deal, Reference
from bulletin.pages.archive import Archive, unit_keys
from bulletin.pages.deals import total
from bulletin.pages.tile_map import Count, TileMap, tile_map
from bulletin.pages.views import CalendarYear, DealRow, Group, Row, UnitFacts, Zone
from bulletin.urls import Month
from bulletin.vietnamese import Place, dates, provinces

_SEVERAL = "Nhiều tỉnh, thành phố"


@cache
def province_reference(province: str) -> Reference:
    return Reference(title=_name(province), url=urls.province(province))


@cache
def month_reference(month: Month) -> Reference:
    return Reference(title=dates.month_title(*month), url=urls.month(month))


def year_reference(year: int) -> Reference:
    return Reference(title=f"Năm {year}", url=urls.year(year))


def unit_facts(unit: provinces.Unit, archive: Archive) -> UnitFacts:
    articles = archive.by_unit.get((unit.id, unit.edition), ())
    days = [article.card.day for article in articles if provinces.edition_on(article.card.day) == unit.edition]
    (region,) = (region for region in provinces.regions(unit.edition) if region.numeral == unit.region)
    is_new = unit.edition == provinces.EDITIONS[-1]
    return UnitFacts(
        edition=unit.edition,
        full_name=unit.full_name_on(max(days, default=unit.stages[0].since)),
        region=region.name,
        became=province_reference(unit.successor) if unit.successor else None,
        made_of=tuple(province_reference(old) for old in provinces.predecessors(unit.id)) if is_new else (),
        items=len(articles),
        total=total(archive.deals_by_unit.get((unit.id, unit.edition), ())),
    )


def unit_rows(region: str, archive: Archive) -> tuple[Row, ...]:
    units = (unit for unit in provinces.units(archive.edition) if unit.region == region)
    return tuple(unit_row(unit, archive.newest_day, archive) for unit in units)


def unit_row(unit: provinces.Unit, day: date, archive: Archive) -> Row:
    key = unit.id, unit.edition
    return Row(
        page=Reference(title=unit.name_on(day), url=urls.province(unit.id)),
        items=len(archive.by_unit.get(key, ())),
        total=total(archive.deals_by_unit.get(key, ())),
    )


def month_row(month: Month, archive: Archive) -> Row:
    return Row(
        page=month_reference(month),
        items=len(archive.by_month.get(month, ())),
        total=total(archive.deals_by_month.get(month, ())),
    )


def year_row(year: int, archive: Archive) -> Row:
    articles, deals = of_year(year, archive)
    return Row(page=year_reference(year), items=len(articles), total=total(deals))


def of_year(year: int, archive: Archive) -> tuple[list[Article], list[Deal]]:
    months = [month for month in archive.months if month[0] == year]
    articles = [article for month in months for article in archive.by_month.get(month, ())]
    return articles, [deal for month in months for deal in archive.deals_by_month.get(month, ())]


def month_rows(articles: Sequence[Article], deals: Sequence[Deal]) -> dict[Month, Row]:
    """Return the months in which a province has items or deals, newest first."""
    items = Counter((article.card.day.year, article.card.day.month) for article in articles)
    signed: dict[Month, list[Deal]] = defaultdict(list)
    for deal in deals:
        signed[deal.date.year, deal.date.month].append(deal)
    return {
        month: Row(page=month_reference(month), items=items[month], total=total(signed.get(month, ())))
        for month in sorted({*items, *signed}, reverse=True)
    }


def place_rows(articles: Sequence[Article], deals: Sequence[Deal]) -> tuple[Row, ...]:
    """Return the provinces in which a period has items or deals, in Vietnamese order, nationwide last.

    They are those of the period's newest day: before July 2025 of the 63, after of the 34, which took these in.
    """
    newest = _newest_day(articles, deals)
    if newest is None:
        return ()
    edition = provinces.edition_on(newest)
    counts = _counts(articles, deals, edition)
    rows = [
        Row(
            page=Reference(title=unit.name_on(newest), url=urls.province(unit.id)),
            items=counts[unit.id].items,
            total=counts[unit.id].total,
        )
        for unit in provinces.units(edition)
        if unit.id in counts
    ]
    nationwide = sum(provinces.NATIONWIDE in article.card.places for article in articles)
    if nationwide:
        rows.append(Row(page=province_reference(provinces.NATIONWIDE.id), items=nationwide, total=total(())))
    return tuple(rows)


def map_of(archive: Archive, edition: int) -> TileMap:
    """Return the map of all items and deals."""
    counts = {
        unit.id: Count(
            items=len(archive.by_unit.get((unit.id, edition), ())),
            total=total(archive.deals_by_unit.get((unit.id, edition), ())),
        )
        for unit in provinces.units(edition)
    }
    return tile_map(edition, archive.newest_day, counts)


def map_of_year(year: int, archive: Archive) -> TileMap:
    """Return the map of a year, in the edition of its newest day; all of its items may have expired."""
    articles, deals = of_year(year, archive)
    day = _newest_day(articles, deals) or date(year, 12, 31)
    edition = provinces.edition_on(day)
    return tile_map(edition, day, _counts(articles, deals, edition))


def _counts(articles: Sequence[Article], deals: Sequence[Deal], edition: int) -> dict[str, Count]:
    """Return what each unit of an edition has, without those that have nothing."""
    items: Counter[str] = Counter()
    for article in articles:
        for unit in _units_in(article.card.places, edition):
            items[unit] += 1
    signed: dict[str, list[Deal]] = defaultdict(list)
    for deal in deals:
        for unit in _units_in((deal.place,), edition):
            signed[unit].append(deal)
    return {unit: Count(items=items[unit], total=total(signed.get(unit, ()))) for unit in {*items, *signed}}


@lru_cache(maxsize=4096)
def _units_in(places: tuple[Place, ...], edition: int) -> tuple[str, ...]:
    return tuple(unit for unit, of in unit_keys(places) if of == edition)


def _newest_day(articles: Sequence[Article], deals: Sequence[Deal]) -> date | None:
    """Return the newest day of a period whose items and deals stand newest first; None if it has neither."""
    newest = [*(article.card.day for article in articles[:1]), *(deal.date.last_day for deal in deals[:1])]
    return max(newest, default=None)


def calendar(months: Mapping[Month, Row]) -> tuple[CalendarYear, ...]:
    """Return rows of months by year, newest year first."""
    return tuple(
        CalendarYear(year=year_reference(year), months=tuple(months.get((year, month)) for month in range(1, 13)))
        for year in sorted({year for year, _ in months}, reverse=True)
    )


def groups_by_month(cards: Sequence[Card], months: Mapping[Month, Row]) -> tuple[Group, ...]:
    """Return a province's cards by month, with the number of all its items of that month."""
    groups: dict[Month, list[Card]] = defaultdict(list)
    for card in cards:
        groups[card.day.year, card.day.month].append(card)
    return tuple(
        Group(page=months[month].page, items=months[month].items, cards=tuple(found)) for month, found in groups.items()
    )


def groups_by_place(cards: Sequence[Card]) -> tuple[Group, ...]:
    """Return a month's cards by province in Vietnamese order; then those of several provinces, then nationwide."""
    groups: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        groups[card.places[0].id if len(card.places) == 1 else ""].append(card)
    return tuple(
        Group(page=_group_page(place, found[0]), items=len(found), cards=tuple(found))
        for place, found in sorted(groups.items(), key=lambda group: _order()[group[0]])
    )


def _group_page(place: str, card: Card) -> Reference:
    if not place:
        return Reference(title=_SEVERAL, url="")
    return Reference(title=card.places[0].name, url=urls.province(place))


@cache
def _order() -> dict[str, int]:
    """Return the ranks of provinces as heads of groups, by id."""
    return {place: rank for rank, place in enumerate((*provinces.ids(), "", provinces.NATIONWIDE.id))}


def deal_row(deal: Deal) -> DealRow:
    return DealRow(deal=deal, zone=_zone(deal)[1])


def zones(deals: Iterable[Deal]) -> tuple[Zone, ...]:
    """Return the regions in which there are deals, of each in the edition of its day."""
    found = {_zone(deal) for deal in deals}
    names = {
        f"{edition}-{region.numeral}": region.name
        for edition in provinces.EDITIONS
        for region in provinces.regions(edition)
    }
    since = {provinces.EDITIONS[0]: "", provinces.EDITIONS[-1]: " (từ tháng 7/2025)"}
    return tuple(Zone(key=key, name=names[key] + since[edition]) for edition, key in sorted(found))


def _zone(deal: Deal) -> tuple[int, str]:
    """Return edition and key of a deal's region."""
    edition = deal.place.edition
    assert edition is not None
    return edition, f"{edition}-{provinces.unit(deal.place.id, edition).region}"


@cache
def units(province: str) -> tuple[provinces.Unit, ...]:
    """Return the units that bear an id, oldest edition first; none for nationwide."""
    return tuple(provinces.unit(province, edition) for edition in provinces.EDITIONS if province in _ids(edition))


def _ids(edition: int) -> frozenset[str]:
    return frozenset(unit.id for unit in provinces.units(edition))


@cache
def _name(province: str) -> str:
    return provinces.NATIONWIDE.name if province == provinces.NATIONWIDE.id else units(province)[0].stages[0].name

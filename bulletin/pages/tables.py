"""The contents of tables, maps and grouped lists: provinces, months and years with their items and deals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache

from msgspec import Struct

from bulletin import urls
from bulletin.model import Article, Card, Deal, Reference
from bulletin.pages.archive import NATIONWIDE, Archive, Tally, UnitKey, unit_keys
from bulletin.pages.deals import total
from bulletin.pages.shelf import months_of, newest_day
from bulletin.pages.tile_map import Count, TileMap, tile_map
from bulletin.pages.views import CalendarYear, DealRow, Group, Row, UnitFacts, Zone
from bulletin.urls import Month
from bulletin.vietnamese import Place, dates, provinces

_SEVERAL = "Nhiều tỉnh, thành phố"
_PINNED = "Tin ghim"


@cache
def province_reference(province: str, nationwide_name: str = "") -> Reference:
    """Return the page of a province or, under this name, that of the items without one."""
    name = nationwide_name if province == provinces.NATIONWIDE.id else units(province)[0].stages[0].name
    return Reference(title=name, url=urls.province(province))


@cache
def month_reference(month: Month) -> Reference:
    return Reference(title=dates.month_title(*month), url=urls.month(month))


def year_reference(year: int) -> Reference:
    return Reference(title=f"Năm {year}", url=urls.year(year))


def unit_facts(unit: provinces.Unit, archive: Archive) -> UnitFacts:
    articles = archive.by_unit.get((unit.id, unit.map_number), ())
    newest = newest_day(articles, lambda day: provinces.map_number_on(day) == unit.map_number)
    (region,) = (region for region in provinces.regions(unit.map_number) if region.numeral == unit.region)
    is_new = unit.map_number == provinces.MAP_NUMBERS[-1]
    return UnitFacts(
        map_number=unit.map_number,
        full_name=unit.full_name_on(newest or unit.stages[0].since),
        region=region.name,
        became=province_reference(unit.successor) if unit.successor else None,
        made_of=tuple(province_reference(old) for old in provinces.predecessors(unit.id)) if is_new else (),
        items=len(articles),
        total=total(archive.deals_by_unit.get((unit.id, unit.map_number), ())),
    )


def unit_rows(region: str, archive: Archive) -> tuple[Row, ...]:
    units = (unit for unit in provinces.units(archive.map_number) if unit.region == region)
    return tuple(unit_row(unit, archive.newest_day, archive) for unit in units)


def unit_row(unit: provinces.Unit, day: date, archive: Archive) -> Row:
    key = unit.id, unit.map_number
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
    found = of_months((month for month in archive.months if month[0] == year), archive)
    return Row(page=year_reference(year), items=found.items, total=total(found.deals))


class Period(Struct, frozen=True, kw_only=True):
    """The items of some months as numbers, their deals, and the newest day of both; None without any."""

    items: int
    tally: Tally
    deals: Sequence[Deal]
    newest: date | None


def of_months(months: Iterable[Month], archive: Archive) -> Period:
    """Return what stands in some months, the newest first. No item is looked at but the newest."""
    of_each = list(months)
    lists = [archive.by_month[month] for month in of_each if month in archive.by_month]
    deals = [deal for month in of_each for deal in archive.deals_by_month.get(month, ())]
    tally: Counter[UnitKey] = Counter()
    for month in of_each:
        tally.update(archive.tallies.get(month, {}))
    newest = [*map(newest_day, lists[:1]), *(deal.date.last_day for deal in deals[:1])]
    days = [day for day in newest if day]
    return Period(items=sum(map(len, lists)), tally=tally, deals=deals, newest=max(days, default=None))


def month_rows(articles: Sequence[Article], deals: Sequence[Deal]) -> dict[Month, Row]:
    """Return a row for each month in which a province has items or deals, newest first."""
    items = months_of(articles)
    signed: dict[Month, list[Deal]] = defaultdict(list)
    for deal in deals:
        signed[deal.date.year, deal.date.month].append(deal)
    return {
        month: Row(page=month_reference(month), items=items.get(month, 0), total=total(signed.get(month, ())))
        for month in sorted({*items, *signed}, reverse=True)
    }


def place_rows(period: Period, nationwide_name: str) -> tuple[Row, ...]:
    """Return a row for each province with items or deals in a period, in Vietnamese order, nationwide last.

    The provinces are those of the period's newest day: the 63 before July 2025, then the 34, which took the 63 in.
    """
    newest = period.newest
    if newest is None:
        return ()
    map_number = provinces.map_number_on(newest)
    counts = _counts(period, map_number)
    rows = [
        Row(
            page=Reference(title=unit.name_on(newest), url=urls.province(unit.id)),
            items=counts[unit.id].items,
            total=counts[unit.id].total,
        )
        for unit in provinces.units(map_number)
        if unit.id in counts
    ]
    if nationwide := period.tally.get(NATIONWIDE, 0):
        page = province_reference(provinces.NATIONWIDE.id, nationwide_name)
        rows.append(Row(page=page, items=nationwide, total=total(())))
    return tuple(rows)


def map_of(archive: Archive, map_number: int) -> TileMap:
    """Return the map of all items and deals."""
    counts = {
        unit.id: Count(
            items=len(archive.by_unit.get((unit.id, map_number), ())),
            total=total(archive.deals_by_unit.get((unit.id, map_number), ())),
        )
        for unit in provinces.units(map_number)
    }
    return tile_map(map_number, archive.newest_day, counts)


def map_of_year(year: int, of_year: Period) -> TileMap:
    """Return a year's map in the map of its newest day or, if all its items have expired, of 31 December."""
    day = of_year.newest or date(year, 12, 31)
    map_number = provinces.map_number_on(day)
    return tile_map(map_number, day, _counts(of_year, map_number))


def _counts(period: Period, map_number: int) -> dict[str, Count]:
    """Return the items and deals of each unit of a map that has any, by its id."""
    items = {unit: count for (unit, unit_map), count in period.tally.items() if unit_map == map_number}
    signed: dict[str, list[Deal]] = defaultdict(list)
    for deal in period.deals:
        for unit in _units_in((deal.place,), map_number):
            signed[unit].append(deal)
    return {unit: Count(items=items.get(unit, 0), total=total(signed.get(unit, ()))) for unit in {*items, *signed}}


@lru_cache(maxsize=4096)
def _units_in(places: tuple[Place, ...], map_number: int) -> tuple[str, ...]:
    return tuple(unit for unit, unit_map in unit_keys(places) if unit_map == map_number)


def calendar(months: Mapping[Month, Row]) -> tuple[CalendarYear, ...]:
    """Return the rows of months in years of twelve, newest year first."""
    return tuple(
        CalendarYear(year=year_reference(year), months=tuple(months.get((year, month)) for month in range(1, 13)))
        for year in sorted({year for year, _ in months}, reverse=True)
    )


def groups_by_month(cards: Sequence[Card], articles: Iterable[Article]) -> tuple[Group, ...]:
    """Return a list's newest cards by month, each month with the number of all its items, also on older pages."""
    counts = months_of(articles)
    groups: dict[Month, list[Card]] = defaultdict(list)
    for card in cards:
        groups[card.day.year, card.day.month].append(card)
    return tuple(
        Group(page=month_reference(month), items=counts[month], cards=tuple(in_month))
        for month, in_month in groups.items()
    )


def groups_by_day(cards: Sequence[Card], pins: Container[str]) -> tuple[Group, ...]:
    """Return the front page's cards by day, newest first; the pinned on top, whatever their days."""
    groups: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        groups[_PINNED if card.url in pins else dates.weekday_short(card.day)].append(card)
    return tuple(
        Group(page=Reference(title=title, url=""), items=len(of_day), cards=tuple(of_day))
        for title, of_day in groups.items()
    )


def groups_by_place(cards: Sequence[Card], nationwide_name: str) -> tuple[Group, ...]:
    """Return a month's cards by province in Vietnamese order; then those of several provinces, then nationwide."""
    groups: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        groups[card.places[0].id if len(card.places) == 1 else ""].append(card)
    return tuple(
        Group(page=_group_page(place, in_place[0], nationwide_name), items=len(in_place), cards=tuple(in_place))
        for place, in_place in sorted(groups.items(), key=lambda group: _group_ranks()[group[0]])
    )


def _group_page(place: str, card: Card, nationwide_name: str) -> Reference:
    if not place:
        return Reference(title=_SEVERAL, url="")
    if place == provinces.NATIONWIDE.id:
        return province_reference(place, nationwide_name)
    return Reference(title=card.places[0].name, url=urls.province(place))


@cache
def _group_ranks() -> dict[str, int]:
    """Return the ranks of groups by the ids of their provinces; the empty id is that of several provinces."""
    return {place: rank for rank, place in enumerate((*provinces.ids(), "", provinces.NATIONWIDE.id))}


def deal_row(deal: Deal) -> DealRow:
    return DealRow(deal=deal, zone=_zone(deal)[1])


def zones(deals: Iterable[Deal]) -> tuple[Zone, ...]:
    """Return the regions that have deals, each in the map of the deal's day."""
    present = {_zone(deal) for deal in deals}
    names = {
        f"{map_number}-{region.numeral}": region.name
        for map_number in provinces.MAP_NUMBERS
        for region in provinces.regions(map_number)
    }
    since = {provinces.MAP_NUMBERS[0]: "", provinces.MAP_NUMBERS[-1]: " (từ tháng 7/2025)"}
    return tuple(Zone(key=key, name=names[key] + since[map_number]) for map_number, key in sorted(present))


def _zone(deal: Deal) -> tuple[int, str]:
    """Return the map and the key of a deal's region."""
    map_number = deal.place.map_number
    assert map_number is not None
    return map_number, f"{map_number}-{provinces.unit(deal.place.id, map_number).region}"


@cache
def units(province: str) -> tuple[provinces.Unit, ...]:
    """Return the units with this id, that of the older map first; none for nationwide."""
    return tuple(
        provinces.unit(province, map_number) for map_number in provinces.MAP_NUMBERS if province in _ids(map_number)
    )


def _ids(map_number: int) -> frozenset[str]:
    return frozenset(unit.id for unit in provinces.units(map_number))

"""The lines of the tables: provinces, months and years with their items and deals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cache

from bulletin import dates, provinces
from bulletin.archive import Archive, Month, unit_keys
from bulletin.deals import total
from bulletin.model import Article, Deal, Reference
from bulletin.provinces import NATIONWIDE
from bulletin.registry import Unit
from bulletin.views import Row, UnitFacts


def province_url(province: str) -> str:
    return f"/tinh/{province}/"


def province_reference(province: str) -> Reference:
    return Reference(title=_name(province), url=province_url(province))


def month_url(month: Month) -> str:
    return f"/thang/{month[0]}-{month[1]:02}/"


def year_url(year: int) -> str:
    return f"/thang/{year}/"


@cache
def month_reference(month: Month) -> Reference:
    return Reference(title=dates.month_title(*month), url=month_url(month))


def year_reference(year: int) -> Reference:
    return Reference(title=f"Năm {year}", url=year_url(year))


def unit_facts(unit: Unit, archive: Archive) -> UnitFacts:
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


def unit_row(unit: Unit, day: date, archive: Archive) -> Row:
    key = unit.id, unit.edition
    return Row(
        page=Reference(title=unit.name_on(day), url=province_url(unit.id)),
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


def month_rows(articles: Sequence[Article], deals: Sequence[Deal]) -> tuple[Row, ...]:
    """Return the months in which a province has items or deals, newest first."""
    items = Counter((article.card.day.year, article.card.day.month) for article in articles)
    signed: dict[Month, list[Deal]] = defaultdict(list)
    for deal in deals:
        signed[deal.date.year, deal.date.month].append(deal)
    return tuple(
        Row(page=month_reference(month), items=items[month], total=total(signed.get(month, ())))
        for month in sorted({*items, *signed}, reverse=True)
    )


def place_rows(articles: Sequence[Article], deals: Sequence[Deal]) -> tuple[Row, ...]:
    """Return the provinces in which a period has items or deals, in Vietnamese order, nationwide last.

    They are those of the period's newest day: before July 2025 of the 63, after of the 34, which took these in.
    """
    days = [article.card.day for article in articles] + [deal.date.last_day for deal in deals]
    if not days:
        return ()
    newest = max(days)
    edition = provinces.edition_on(newest)
    items = Counter(unit for article in articles for unit, of in unit_keys(article.card.places) if of == edition)
    signed: dict[str, list[Deal]] = defaultdict(list)
    for deal in deals:
        for unit, of in unit_keys((deal.place,)):
            if of == edition:
                signed[unit].append(deal)
    rows = [
        Row(
            page=Reference(title=unit.name_on(newest), url=province_url(unit.id)),
            items=items[unit.id],
            total=total(signed.get(unit.id, ())),
        )
        for unit in provinces.units(edition)
        if unit.id in items or unit.id in signed
    ]
    nationwide = sum(NATIONWIDE in article.card.places for article in articles)
    if nationwide:
        rows.append(Row(page=province_reference(NATIONWIDE.id), items=nationwide, total=total(())))
    return tuple(rows)


@cache
def units(province: str) -> tuple[Unit, ...]:
    """Return the units that bear an id, oldest edition first; none for nationwide."""
    return tuple(provinces.unit(province, edition) for edition in provinces.EDITIONS if province in _ids(edition))


def _ids(edition: int) -> frozenset[str]:
    return frozenset(unit.id for unit in provinces.units(edition))


@cache
def _name(province: str) -> str:
    return NATIONWIDE.name if province == NATIONWIDE.id else units(province)[0].stages[0].name

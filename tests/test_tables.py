"""What grouped lists and calendars are made of."""

from __future__ import annotations

from datetime import datetime

from bulletin.model import Article, Card, Reference
from bulletin.pages.archive import collect
from bulletin.pages.deals import total
from bulletin.pages.tables import (
    calendar,
    deal_row,
    groups_by_month,
    groups_by_place,
    month_reference,
    zones,
)
from bulletin.pages.views import Row
from tests.builders import VIETNAM, article, deals


def told(name: str, **keys: str) -> Article:
    return article(path=f"content/{name}.md", title=name, **keys)


def cards(*items: Article) -> list[Card]:
    return [item.card for item in items]


def test_a_month_is_grouped_by_province_in_vietnamese_order_the_many_and_the_whole_country_last() -> None:
    found = groups_by_place(
        cards(
            told("a", province="Toàn quốc"),
            told("b", province="[Huế, Hà Nội]"),
            told("c", province="Đà Nẵng"),
            told("d", province="Cà Mau"),
            told("e", province="Đà Nẵng"),
        ),
        "Toàn quốc",
    )
    assert [(group.page.title, group.page.url, group.items) for group in found] == [
        ("Cà Mau", "/tinh/ca-mau/", 1),
        ("Đà Nẵng", "/tinh/da-nang/", 2),
        ("Nhiều tỉnh, thành phố", "", 1),
        ("Toàn quốc", "/tinh/toan-quoc/", 1),
    ]
    assert [card.title for card in found[1].cards] == ["c", "e"]


def test_a_province_is_grouped_by_month_with_the_number_of_all_its_items() -> None:
    items = [told("a", date="2016-12-25"), told("b", date="2016-12-01"), told("c", date="2016-10-01")]
    found = groups_by_month(cards(*items[:1], items[2]), items)
    assert [(group.page.title, group.items, len(group.cards)) for group in found] == [
        ("Tháng 12/2016", 2, 1),
        ("Tháng 10/2016", 1, 1),
    ]


def test_a_calendar_has_twelve_months_a_year_and_leaves_out_years_without_any() -> None:
    row = Row(page=month_reference((2016, 12)), items=1, total=total(()))
    newest, oldest = calendar({(2016, 12): row, (2013, 1): row})
    assert (newest.year, oldest.year.title) == (Reference(title="Năm 2016", url="/thang/2016/"), "Năm 2013")
    assert newest.months == (*[None] * 11, row)
    assert len(oldest.months) == 12


def test_zones_are_those_of_the_day_of_each_deal_newest_edition_first() -> None:
    listed = deals(("Kon Tum", "2016-12-01", "1 tỷ"), ("Hà Nội", "2016-12-02", "2 tỷ"))
    items = [told("a", province="Toàn quốc", deals=listed), told("b", date="2025-07-02", province="Huế", value="1 tỷ")]
    archive = collect(items, datetime(2026, 1, 1, tzinfo=VIETNAM), drafts=False)
    assert [(zone.key, zone.name) for zone in zones(archive.deals)] == [
        ("34-III", "Bắc Trung Bộ (từ tháng 7/2025)"),
        ("63-II", "Đồng bằng sông Hồng"),
        ("63-IV", "Tây Nguyên"),
    ]
    assert [deal_row(deal).zone for deal in archive.deals] == ["34-III", "63-II", "63-IV"]

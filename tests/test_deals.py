"""One deal is one (province, date, amount), however many items tell of it."""

from __future__ import annotations

from datetime import datetime

import pytest

from bulletin.model import Article, Deal, Total
from bulletin.pages.archive import Archive, collect
from bulletin.pages.deals import merge, total
from bulletin.pages.list_pages import figures
from bulletin.vietnamese import provinces
from tests.builders import VIETNAM, article, deals

TY = 10**9


def told(path: str, **keys: str) -> Article:
    return article(path=f"content/{path}.md", **keys)


def archive(*articles: Article) -> Archive:
    return collect(articles, datetime(2026, 1, 1, tzinfo=VIETNAM), drafts=False)


def amounts(found: tuple[Deal, ...]) -> list[int | None]:
    return [deal.amount.dong if deal.amount else None for deal in found]


def test_the_same_amount_told_twice_is_one_deal_linked_from_both() -> None:
    found, problems = merge([told("a", value="500 tỷ"), told("b", value="500.000 triệu")])
    assert amounts(found) == [500 * TY]
    assert [item.url for item in found[0].items] == ["/tin/2016/12/a/", "/tin/2016/12/b/"]
    assert problems == ()


def test_an_undisclosed_telling_is_of_the_deal_whose_amount_another_names() -> None:
    found, problems = merge([told("a", value="chưa công bố"), told("b", value="500 tỷ")])
    assert amounts(found) == [500 * TY]
    assert len(found[0].items) == 2
    assert problems == ()


def test_two_undisclosed_tellings_are_one_deal() -> None:
    assert amounts(merge([told("a", value="chưa công bố"), told("b", value="chưa công bố")])[0]) == [None]


def test_two_amounts_are_two_deals_and_a_warning_that_names_both_places() -> None:
    found, problems = merge([told("a", value="500 tỷ"), told("b", value="700 tỷ"), told("c", value="chưa công bố")])
    assert sorted(filter(None, amounts(found))) == [500 * TY, 700 * TY]
    assert all(len(deal.items) == 2 for deal in found)
    (warning,) = problems
    assert (warning.path, warning.line) == ("content/b.md", 5)
    assert (warning.severity, warning.code) == ("warning", "deals-differ")
    assert dict(warning.words)["other_place"] == "content/a.md:5"


def test_an_exact_word_is_better_knowledge_than_about() -> None:
    for first, second in (("gần 500 tỷ", "500 tỷ"), ("500 tỷ", "gần 500 tỷ")):
        found, problems = merge([told("a", value=first), told("b", value=second)])
        assert [deal.amount.qualifier for deal in found if deal.amount] == ["exact"]
        assert problems == ()


def test_another_day_or_another_province_is_another_deal() -> None:
    told_of = [
        told("a", value="500 tỷ"),
        told("b", value="500 tỷ", date="2016-12-26"),
        told("c", value="500 tỷ", province="Huế"),
    ]
    assert len(merge(told_of)[0]) == 3


def test_a_month_stands_after_its_last_day_and_the_newest_deal_first() -> None:
    listed = deals(("Huế", "2016-11", "chưa công bố"), ("Huế", "2016-11-30", "1 tỷ"), ("Huế", "2016-12-01", "2 tỷ"))
    found, _ = merge([told("a", deals=listed)])
    assert [str(deal.date) for deal in found] == ["2016-12-01", "2016-11", "2016-11-30"]


def test_the_order_of_the_items_makes_no_difference() -> None:
    told_of = [told(name, value=value) for name, value in (("a", "5 tỷ"), ("b", "chưa công bố"), ("c", "7 tỷ"))]
    assert merge(told_of) == merge(told_of[::-1])


def test_a_total_counts_the_undisclosed_apart_and_is_approximate_if_one_is() -> None:
    worths = {"Huế": "gần 2 tỷ", "Đà Nẵng": "3 tỷ", "Hà Nội": "chưa công bố"}
    listed = deals(*((name, "2016-12-01", worth) for name, worth in worths.items()))
    found, _ = merge([told("a", deals=listed)])
    assert total(found) == Total(count=3, disclosed=2, dong=5 * TY, approximate=True)
    assert total(found[:0]) == Total(count=0, disclosed=0, dong=0, approximate=False)


SEVEN = ("Hải Dương", "Phú Yên", "Đà Nẵng", "Bình Phước", "Hưng Yên", "Thái Nguyên", "Thừa Thiên Huế")


def test_seven_provinces_of_2016_are_seven_of_63() -> None:
    found = figures(archive(told("a", deals=deals(*((name, "2016-12-01", "1 tỷ") for name in SEVEN)))))
    assert (found.signed, found.of, found.total.dong) == (7, 63, 7 * TY)


def test_from_july_2025_on_the_63_roll_up_into_the_34() -> None:
    old = told("a", deals=deals(*((name, "2016-12-01", "1 tỷ") for name in (*SEVEN, "Bắc Kạn"))))
    new = told("b", province="Thái Nguyên", date="2025-07-01", value="2 tỷ")
    everything = archive(old, new)
    found = figures(everything)
    assert (found.signed, found.of, found.total.dong) == (7, 34, 10 * TY)
    rolled = everything.deals_by_unit["thai-nguyen", 34]
    assert sorted(deal.place.name for deal in rolled) == ["Bắc Kạn", "Thái Nguyên", "Thái Nguyên"]
    assert [deal.place.map_number for deal in everything.deals_by_unit["thai-nguyen", 63]] == [63]


def test_rolling_up_loses_no_dong() -> None:
    names = [unit.stages[0].name for unit in provinces.units(63)]
    everywhere = [(name, "2024-05-01", f"{number} tỷ") for number, name in enumerate(names, 1)]
    found = archive(told("a", date="2024-05-02", deals=deals(*everywhere)))
    sums = {
        map_number: sum(total(own).dong for (_, of), own in found.deals_by_unit.items() if of == map_number)
        for map_number in provinces.MAP_NUMBERS
    }
    assert sums == {63: 63 * 64 // 2 * TY, 34: 63 * 64 // 2 * TY}


def test_an_item_of_two_provinces_that_were_merged_counts_once_for_the_new_one() -> None:
    found = archive(told("a", province="[Hải Dương, Hải Phòng]", date="2024-05-02"))
    assert len(found.by_unit["hai-phong", 34]) == 1


@pytest.mark.parametrize("clock", ["2016-12-31", "2017-01-02"])
def test_a_deal_stays_signed_when_the_news_of_it_has_expired(clock: str) -> None:
    item = told("a", value="5 tỷ", expires="2017-01-01")
    found = collect([item], datetime.fromisoformat(clock).replace(tzinfo=VIETNAM), drafts=False)
    assert len(found.deals) == 1

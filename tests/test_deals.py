"""One deal is one agreement with one province, however many items tell of it, and in whatever words."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from itertools import permutations
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.model import Article, Deal, Total
from bulletin.pages import editorial
from bulletin.pages.archive import Archive, collect
from bulletin.pages.deals import gather, merge, near_twins, total
from bulletin.pages.list_pages import figures
from bulletin.problems import gathered
from bulletin.vietnamese import provinces
from tests.builders import VIETNAM, article, compiled, deals, item
from tests.sites import build, run, write

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
    found, problems = merge([told("a", value="500 tỷ"), told("b", value="700 tỷ")])
    assert amounts(found) == [500 * TY, 700 * TY]
    (warning,) = problems
    assert (warning.path, warning.line) == ("content/b.md", 5)
    assert (warning.severity, warning.code) == ("warning", "deals-differ")
    assert dict(warning.words)["other_place"] == "content/a.md:5"


ONE, OTHER, HIDDEN = {"value": "580 tỷ"}, {"value": "850 tỷ"}, {"value": "chưa công bố"}
FIRST, SECOND = ONE | {"deal": "Đợt 1"}, ONE | {"deal": "Đợt 2"}


def of_month(value: str = "580 tỷ", month: str = "2016-12", name: str = "~") -> dict[str, str]:
    """Return the keys of a round-up that tells of a deal of Thái Nguyên in a month."""
    return {"deals": f"[{{province: Thái Nguyên, date: {month}, value: {value}, name: {name}}}]"}


def counted(*tellings: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return each deal as «date amount name items», and the codes of the warnings, in whatever order items come."""
    items = [told(chr(ord("a") + number), **keys) for number, keys in enumerate(tellings)]
    results = set()
    for order in permutations(items):
        found, problems = merge(order)
        results.add((tuple(map(shown, found)), tuple(sorted(problem.code for problem in problems))))
    ((deals_found, codes),) = results
    return list(deals_found), list(codes)


def shown(deal: Deal) -> str:
    amount = str(deal.amount.dong // TY) if deal.amount else "?"
    return " ".join((str(deal.date), amount, deal.name or "-", str(len(deal.items))))


@pytest.mark.parametrize(
    ("tellings", "deals_found"),
    [
        # A month holds the day.
        ([ONE, of_month()], ["2016-12-25 580 - 2"]),
        ([ONE, of_month("chưa công bố")], ["2016-12-25 580 - 2"]),
        ([HIDDEN, of_month()], ["2016-12-25 580 - 2"]),
        ([HIDDEN, of_month("chưa công bố")], ["2016-12-25 ? - 2"]),
        ([ONE, of_month(month="2016-11")], ["2016-12-25 580 - 1", "2016-11 580 - 1"]),
        ([ONE, of_month("850 tỷ")], ["2016-12 850 - 1", "2016-12-25 580 - 1"]),
        ([of_month(), of_month("gần 580 tỷ")], ["2016-12 580 - 2"]),
        # The day of a deal is known once one telling names it: another day of the month is another deal.
        ([ONE, of_month(), HIDDEN | {"date": "2016-12-26"}], ["2016-12-26 ? - 1", "2016-12-25 580 - 2"]),
        # Names tell deals apart.
        ([FIRST, SECOND], ["2016-12-25 580 Đợt 1 1", "2016-12-25 580 Đợt 2 1"]),
        ([FIRST, OTHER | {"deal": "Đợt 2"}], ["2016-12-25 580 Đợt 1 1", "2016-12-25 850 Đợt 2 1"]),
        # And keep tellings together, whatever date or amount they have, however the name is spelt.
        ([FIRST, ONE | {"deal": "Đợt 1", "date": "2017-01-05"}], ["2016-12-25 580 Đợt 1 2"]),
        ([FIRST, ONE | {"deal": "Đợt 1", "date": "2017-01-05"}, FIRST], ["2016-12-25 580 Đợt 1 3"]),
        # Also before and after the mergers, in one province, with the place as it was on the day of the deal.
        ([FIRST | {"date": "2025-06-25"}, FIRST | {"date": "2025-07-05"}], ["2025-06-25 580 Đợt 1 2"]),
        (
            [of_month(month=month, name="Đợt 1") | {"date": "2025-07-31"} for month in ("2025-07", "2025-06")],
            ["2025-06 580 Đợt 1 2"],
        ),
        # Tellings that agree with days that a named deal has already.
        (
            [FIRST, HIDDEN | {"deal": "Đợt 1", "date": "2017-01-05"}, ONE, ONE | {"date": "2017-01-05"}],
            ["2016-12-25 580 Đợt 1 4"],
        ),
        ([FIRST, HIDDEN | {"deal": "ĐỢT  1", "date": "2017-01-05"}], ["2016-12-25 580 Đợt 1 2"]),
        # A telling without a name joins a named deal.
        ([FIRST, ONE], ["2016-12-25 580 Đợt 1 2"]),
        ([FIRST, of_month()], ["2016-12-25 580 Đợt 1 2"]),
        ([HIDDEN | {"deal": "Đợt 1"}, ONE], ["2016-12-25 580 Đợt 1 2"]),
    ],
)
def test_which_tellings_are_one_deal(tellings: list[dict[str, str]], deals_found: list[str]) -> None:
    assert counted(*tellings) == (deals_found, [])


@pytest.mark.parametrize(
    ("tellings", "deals_found", "codes"),
    [
        (
            [ONE, ONE | {"date": "2016-12-26"}, of_month()],
            ["2016-12 580 - 1", "2016-12-26 580 - 1", "2016-12-25 580 - 1"],
            ["deal-ambiguous"],
        ),
        (
            [ONE, OTHER, HIDDEN],
            ["2016-12-25 ? - 1", "2016-12-25 580 - 1", "2016-12-25 850 - 1"],
            ["deal-ambiguous", "deals-differ"],
        ),
        (
            [ONE, of_month("850 tỷ"), HIDDEN],
            ["2016-12 850 - 1", "2016-12-25 ? - 1", "2016-12-25 580 - 1"],
            ["deal-ambiguous"],
        ),
        (
            [FIRST, SECOND, ONE],
            ["2016-12-25 580 - 1", "2016-12-25 580 Đợt 1 1", "2016-12-25 580 Đợt 2 1"],
            ["deal-ambiguous"],
        ),
        ([FIRST, OTHER], ["2016-12-25 580 Đợt 1 1", "2016-12-25 850 - 1"], ["deals-differ"]),
        # What fits a deal and not each other is not all of that deal.
        (
            [HIDDEN | {"deal": "Đợt 1"}, ONE, OTHER],
            ["2016-12-25 ? Đợt 1 1", "2016-12-25 580 - 1", "2016-12-25 850 - 1"],
            ["deal-contested", "deal-contested", "deals-differ"],
        ),
        (
            [of_month(name="Đợt 1"), ONE, ONE | {"date": "2016-12-26"}],
            ["2016-12 580 Đợt 1 1", "2016-12-26 580 - 1", "2016-12-25 580 - 1"],
            ["deal-contested", "deal-contested"],
        ),
        (
            [of_month(), HIDDEN, HIDDEN | {"date": "2016-12-26"}],
            ["2016-12 580 - 1", "2016-12-26 ? - 1", "2016-12-25 ? - 1"],
            ["deal-contested", "deal-contested"],
        ),
        (
            [of_month("chưa công bố", name="Đợt 1"), ONE, OTHER | {"date": "2016-12-26"}],
            ["2016-12 ? Đợt 1 1", "2016-12-26 850 - 1", "2016-12-25 580 - 1"],
            ["deal-contested", "deal-contested"],
        ),
        (
            [FIRST | {"date": "2025-06-25"}, OTHER | {"date": "2025-07-05", "deal": "Đợt 1"}],
            ["2025-07-05 850 Đợt 1 2"],
            ["deal-amounts-differ"],
        ),
        (
            [FIRST, OTHER | {"deal": "Đợt 1", "date": "2016-12-26"}],
            ["2016-12-26 850 Đợt 1 2"],
            ["deal-amounts-differ"],
        ),
        (
            [FIRST, of_month("850 tỷ", "2016-11", name="Đợt 1")],
            ["2016-12-25 850 Đợt 1 2"],
            ["deal-amounts-differ"],
        ),
    ],
)
def test_in_doubt_there_are_two_deals_and_a_warning(
    tellings: list[dict[str, str]], deals_found: list[str], codes: list[str]
) -> None:
    assert counted(*tellings) == (deals_found, codes)


def test_of_two_amounts_the_one_with_the_latest_correction_counts() -> None:
    """Not that of the newest item: a round-up may repeat an amount that was corrected since."""
    corrected = OTHER | {"deal": "Đợt 1", "updated": "[{date: 2017-01-03, note: giá trị là 850 tỷ đồng}]"}
    newer = FIRST | {"date": "2016-12-31"}
    found, (warning,) = merge([told("a", **corrected), told("b", **newer)])
    assert amounts(found) == [850 * TY]
    assert (warning.path, warning.line, dict(warning.words)["other_place"]) == ("content/b.md", 5, "content/a.md:5")
    later = newer | {"updated": "[{date: 2017-01-04, note: xem lại}]"}
    assert amounts(merge([told("a", **corrected), told("b", **later)])[0]) == [580 * TY]


def test_an_ambiguous_telling_names_the_places_of_all_that_it_may_be_of() -> None:
    _, (warning,) = merge([told("a", **FIRST), told("b", **SECOND), told("c", **ONE)])
    assert (warning.path, warning.line) == ("content/c.md", 5)
    assert dict(warning.words)["others"] == "content/a.md:5, content/b.md:5"


def test_a_telling_whose_deal_another_may_be_names_both_places() -> None:
    _, problems = merge([told("a", **HIDDEN, deal="Đợt 1"), told("b", **ONE), told("c", **OTHER)])
    (warning,) = [one for one in problems if (one.path, one.code) == ("content/b.md", "deal-contested")]
    words = dict(warning.words)
    assert (warning.line, words["other_place"], words["others"]) == (5, "content/a.md:5", "content/c.md:5")


def test_other_amounts_of_a_deal_are_told_by_its_name_and_province() -> None:
    corrected = OTHER | {"deal": "Đợt 1", "updated": "[{date: 2017-01-03, note: giá trị là 850 tỷ đồng}]"}
    (warning,) = merge([told("a", **corrected), told("b", **FIRST)])[1]
    words = dict(warning.words)
    assert (words["name"], words["province"]) == ("Đợt 1", "Thái Nguyên")


def test_a_deal_shows_its_province_as_it_was_on_its_day() -> None:
    tellings = [told("a", **FIRST, date="2025-06-25"), told("b", **FIRST, date="2025-07-05")]
    ((deal,), _) = merge(tellings)
    assert (str(deal.date), deal.place.map_number) == ("2025-06-25", 63)


def test_two_entries_of_one_item_that_count_as_one_deal_are_warned_of() -> None:
    listed = deals(("Huế", "2016-11", "chưa công bố"), ("Huế", "2016-11-30", "1 tỷ"))
    found, (warning,) = merge([told("a", deals=listed)])
    assert amounts(found) == [TY]
    assert (warning.code, warning.line) == ("deal-twice-in-item", 6)


def test_names_hold_within_a_province_only() -> None:
    found, problems = merge([told("a", **FIRST), told("b", **FIRST, province="Huế")])
    assert (len(found), problems) == (2, ())


DAYS = st.sampled_from(["2025-07", "2025-07-25", "2025-07-26", "2025-06-30", "2025-06"])
VALUES = st.sampled_from(["1 tỷ", "2 tỷ", "chưa công bố"])
ENTRIES = st.tuples(st.sampled_from(["Huế", "Hà Nội"]), DAYS, VALUES, st.sampled_from(["~", "A", "B"]))


@given(st.lists(st.lists(ENTRIES, min_size=1, max_size=3), min_size=1, max_size=5))
def test_the_order_of_items_does_not_matter_and_nothing_is_lost(
    listings: list[list[tuple[str, str, str, str]]],
) -> None:
    items = []
    for number, entries in enumerate(listings):
        written = ", ".join(f"{{province: {a}, date: {b}, value: {c}, name: {d}}}" for a, b, c, d in entries)
        made = compiled(item(date="2025-07-31", deals=f"[{written}]"), f"content/{number}.md").article
        assert made is not None
        items.append(made)
    found, problems = merge(items)
    assert merge(reversed(items)) == (found, problems)
    mentions = [(one.card.url, mention) for one in items for mention in one.mentions]
    assert {deal.amount.dong for deal in found if deal.amount} <= {m.amount.dong for _, m in mentions if m.amount}
    linked = {(deal.place.id, reference.url) for deal in found for reference in deal.items}
    assert linked == {(mention.place.id, url) for url, mention in mentions}
    names = {(mention.place.id, mention.name) for _, mention in mentions if mention.name}
    assert sorted((deal.place.id, deal.name) for deal in found if deal.name) == sorted(names)


@given(st.lists(ENTRIES, min_size=1, max_size=8))
def test_tellings_that_contradict_each_other_are_of_one_deal_only_if_it_has_a_name(
    entries: list[tuple[str, str, str, str]],
) -> None:
    tellings = [
        told(str(n), deals=f"[{{province: {a}, date: {b}, value: {c}, name: {d}}}]", date="2025-07-31")
        for n, (a, b, c, d) in enumerate(entries)
    ]
    for deal in gather(tellings)[0]:
        unnamed = [telling.mention for telling in deal.tellings if not telling.mention.key]
        named = [telling.mention for telling in deal.tellings if telling.mention.key]
        days = {mention.date for mention in named if mention.date.day}
        assert len({mention.date for mention in unnamed if mention.date.day} - days) <= (not days)
        sums = {mention.amount.dong for mention in named if mention.amount}
        assert len({mention.amount.dong for mention in unnamed if mention.amount} - sums) <= (not sums)


def near(first: str, second: str, **keys: str) -> int:
    items = [told("a", **ONE, date=first), told("b", **ONE, date=second, **keys)]
    return len(list(near_twins(gather(items)[0])))


def test_equal_deals_within_45_days_are_asked_about() -> None:
    assert near("2016-12-01", "2016-12-02") == 1
    assert near("2016-12-01", "2017-01-15") == 1
    assert near("2016-12-01", "2017-01-16") == 0
    assert near("2016-12-01", "2016-12-01") == 0, "they are one deal"
    assert near("2016-12-01", "2016-12-20", deal="Đợt 2") == 1
    ambiguous = [told("a", **FIRST), told("b", **SECOND), told("c", **of_month())]
    assert list(near_twins(gather(ambiguous)[0])) == [], "that it fits both is told already"
    both = [told("a", **FIRST, date="2016-12-01"), told("b", **SECOND, date="2016-12-20")]
    assert list(near_twins(gather(both)[0])) == [], "different names are different deals"


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
    listed = deals(("Huế", "2016-11", "3 tỷ"), ("Huế", "2016-11-30", "1 tỷ"), ("Huế", "2016-12-01", "2 tỷ"))
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


def test_check_tells_which_deals_several_items_tell_of(tmp_path: Path) -> None:
    texts = {
        "a": item(value="580 tỷ"),
        "b": item(date="2016-12-31", **of_month()),
        "c": item(province="Huế", value="1 tỷ"),
    }
    root = write(tmp_path, {f"content/{name}.md": text for name, text in texts.items()})
    ran = run(root, "check", "--format", "json")
    assert (ran.code, ran.codes) == (0, [])
    (shared,) = ran.json["shared_deals"]
    assert shared == {
        "province": "thai-nguyen",
        "date": "2016-12-25",
        "value": 580 * TY,
        "deal": None,
        "places": ["content/a.md:5", "content/b.md:5"],
    }
    said = run(root, "check").out.replace("\xa0", " ")
    assert "Thái Nguyên · 25/12/2016 · 580 tỷ đồng (content/a.md:5, content/b.md:5)" in said


def test_the_page_of_an_item_says_which_others_tell_of_its_deals(tmp_path: Path) -> None:
    texts = {"a": item(title="Ký kết", value="580 tỷ"), "b": item(title="Tổng hợp", date="2016-12-31", **of_month())}
    root = write(tmp_path, {f"content/{name}.md": text for name, text in texts.items()})
    assert build(root).code == 0
    for name, other in (("a", "Tổng hợp"), ("b", "Ký kết")):
        page = (root / f"output/tin/2016/12/{name}/index.html").read_text("utf-8")
        assert f">{other}</a>.</p>" in page


# Many deals of one province: the work grows with their number, and one mend is asked for once.


def in_months(count: int, first: str = "a", **keys: str) -> list[Article]:
    """Return items on as many days, which begin anew every 28 months."""
    days = (f"20{number // 336 + 10}-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}" for number in range(count))
    return [told(f"{first}{number:04}", date=day, **keys) for number, day in enumerate(days)]


SHAPES: dict[str, tuple[Callable[[int], list[Article]], int]] = {
    "other amounts of one day": (lambda count: [told(f"a{n}", value=f"{n + 1} tỷ") for n in range(count)], 1),
    "one name, other amounts": (
        lambda count: [told(f"a{n:04}", value=f"{n + 1} tỷ", deal="Đợt 1") for n in range(count)],
        1,
    ),
    "a deal that all of them may be": (
        lambda count: [
            told("a", value="chưa công bố", deal="Đợt 1"),
            *(told(f"b{n:04}", value=f"{n + 1} tỷ") for n in range(count)),
        ],
        2,
    ),
    "names that each of them may have": (
        lambda count: (
            [told(f"{n:04}", value="chưa công bố", deal=f"Đợt {n}") for n in range(count)]
            + [told(f"b{n:04}", value=f"{n + 1} tỷ") for n in range(count)]
        ),
        2,
    ),
    "one deal told for years": (
        lambda count: in_months(count, value="5 tỷ", deal="Đợt 1") + in_months(count, "b", value="chưa công bố"),
        0,
    ),
}


def work(articles: list[Article]) -> int:
    """Return how many Python functions are called to find the deals, and what `check` says about them."""
    count = 0

    def see(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(see)
    try:
        found, _ = gather(articles)
        list(near_twins(found))
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_the_work_grows_with_the_number_of_deals_and_not_with_its_square(shape: str) -> None:
    make, _ = SHAPES[shape]
    assert work(make(160)) < 4 * 1.3 * work(make(40))


@pytest.mark.parametrize("shape", SHAPES)
def test_many_deals_with_one_doubt_are_one_warning_of_each_kind(shape: str) -> None:
    make, kinds = SHAPES[shape]
    warnings = merge(make(50))[1]
    assert len(gathered(warnings)) == kinds
    assert len({warning.code for warning in warnings}) == kinds
    assert max((len(text) for warning in warnings for _, text in warning.words), default=0) < 200


def test_an_amount_that_comes_back_each_month_is_one_question() -> None:
    year = [told(f"a{month:02}", date=f"2016-{month:02}-05", value="5 tỷ") for month in range(1, 13)]
    (question,) = gathered(editorial.warnings(year))
    assert (question.code, dict(question.words)["more"]) == ("deal-near-twin", "10")

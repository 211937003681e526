"""What readers see at a moment, and what a plan refuses: in memory, through the pages that are planned."""

from __future__ import annotations

from datetime import datetime

import pytest

from bulletin import urls
from bulletin.model import Article, Body, Content, Link, PartialItem, Text
from bulletin.pages import Plan, SitePage, plan, tables
from bulletin.pages.archive import collect
from bulletin.pages.feeds import feed_urls
from bulletin.pages.links import GuessBudget
from bulletin.pages.views import (
    DealsView,
    FeedView,
    HomeView,
    ItemView,
    MonthView,
    OlderView,
    ProvincesView,
    ProvinceView,
    YearView,
)
from bulletin.settings import Settings
from tests.builders import PICTURE, VIETNAM, article

NOW = "2017-01-31T08:00"


def planned(*items: Article | PartialItem, now: str = NOW, drafts: bool = False, files: str = "") -> Plan:
    pictures = {path: PICTURE for path in files.split() if path.endswith(".jpg")}
    content = Content(sources=tuple(item.source for item in items), files=frozenset(files.split()), pictures=pictures)
    return plan(items, content, Settings(), datetime.fromisoformat(now).replace(tzinfo=VIETNAM), drafts=drafts)


def page(found: Plan, path: str) -> SitePage:
    (wanted,) = [page for page in found.pages if page.path == path]
    return wanted


def codes(found: Plan) -> list[tuple[str, str]]:
    return [(problem.path.rpartition("/")[2], problem.code) for problem in found.problems]


def told(name: str, body: str = "Thân bài.\n", **keys: str) -> Article:
    return article(body, path=f"content/{name}.md", **keys)


def test_the_month_of_an_expired_item_keeps_its_page() -> None:
    found = planned(told("a", expires="2017-01-01"))
    assert page(found, "thang/2016-12/index.html")
    assert found.problems == ()


def test_a_link_to_a_month_holds_when_its_items_expire() -> None:
    found = planned(told("a", date="2016-10-01", expires="2017-01-01"), told("b", "[x](/thang/2016-10/)\n"))
    assert found.problems == ()


def test_two_items_of_one_url_are_told_before_their_day_comes() -> None:
    found = planned(told("x/a", publish="2017-02-10"), told("y/a"))
    assert codes(found) == [("a.md", "url-taken")]
    assert found.problems[0].path == "content/x/a.md", "the one that is not there yet is the one to mend"


def test_a_younger_item_does_not_take_an_older_one_s_url() -> None:
    found = planned(told("2016-12-30-a", date="2016-12-30"), told("2016-12-25-a"))
    assert [problem.path for problem in found.problems] == ["content/2016-12-30-a.md"]


def test_an_alias_does_not_take_an_item_s_url() -> None:
    found = planned(told("b", date="2016-12-01", aliases="[/tin/2016/12/a/]"), told("a"))
    assert [(problem.path, problem.line) for problem in found.problems] == [("content/b.md", 5)]


OF_SITE = (
    *("/tin/", "/tin/trang/2/", "/trang/1/", "/thang/", "/thang/2019/", "/thang/2019-02/", "/THANG/2019-02/"),
    *("/thang/2019-02/trang/1/", "/tinh/ca-mau/", "/tinh/kien-giang/", "/tinh/hue/atom.xml/", "/tim-kiem/2019.json/"),
    *("/tim-kiem/van-ban/2019-02.json/", "/sitemap-2019-05.xml/", "/items.jsonl/", "/thoa-thuan.csv/", "/assets/x/"),
    *("/lich/", "/lich.ics/", "/theo-doi/", "/chuyen-muc/ky-ket/", "/tu-khoa/5g/", "/nguoi-viet/an/", "/_soan/moi/"),
    *("/404.html", "/index.html", "/thoa-thuan/trang/1/"),
)
"""Addresses that no item has yet brought about, or that only other settings or another program will."""
FREE = ("/cu/", "/tin/2016/12/x/", "/tin/2019/02/x/", "/thang-2/", "/tinh.html", "/thang/12-2016/", "/bai/trang/1/")


@pytest.mark.parametrize("when", ["2017-01-30", "2017-02-10"])
def test_what_the_site_may_need_some_day_is_no_alias_today(when: str) -> None:
    for url in OF_SITE:
        assert codes(planned(told("a", publish=when, aliases=f"[{url}]"))) == [("a.md", "url-of-site")], url
    for url in FREE:
        assert codes(planned(told("a", publish=when, aliases=f"[{url}]"))) == [], url


def test_every_page_of_the_site_is_known_as_one() -> None:
    items = [
        told(f"a{number}", date=f"20{10 + number % 17}-0{1 + number % 9}-01", category="Ký kết", tags="[một, hai]")
        for number in range(90)
    ]
    pages = {page.path for page in planned(*items, now="2027-01-31").pages if not isinstance(page.view, ItemView)}
    assert len(pages) > 100
    assert [path for path in pages if not urls.is_of_site(path) and not urls.is_of_site(f"{path}/index.html")] == []


def test_old_urls_of_items_that_wait_are_told_before_their_day_comes() -> None:
    here, old = told("a", aliases="[/cu/]"), {"aliases": "[/cu/]", "publish": "2017-02-10"}
    assert codes(planned(here, told("b", **old))) == [("b.md", "url-taken")]
    assert codes(planned(told("b", **old), told("c", **old))) == [("c.md", "url-taken")]
    assert codes(planned(here, told("b", aliases="[/tin/2016/12/a/]", publish="2017-02-10"))) == [("b.md", "url-taken")]
    assert codes(
        planned(told("b", aliases="[/tin/2017/02/c/]"), told("c", date="2017-02-10", publish="2017-02-10"))
    ) == [("c.md", "url-taken")]
    assert codes(planned(here, told("b", aliases="[/cu/]", draft="true"))) == []


def test_files_of_items_that_wait_are_told_before_their_day_comes() -> None:
    waiting = told("x/b", "[x](tep.pdf)\n", publish="2017-02-10")
    here = told("a", aliases="[/tin/2016/12/b/tep.pdf/]")
    assert codes(planned(here, waiting, files="content/x/tep.pdf")) == [("b.md", "url-taken")]


def test_a_draft_is_no_target_for_an_item_that_only_waits() -> None:
    waiting = told("b", "[x](a.md)\n", publish="2017-02-10")
    assert codes(planned(told("a", draft="true"), waiting)) == [("b.md", "link-to-unpublished")]
    assert codes(planned(told("a", publish="2017-02-11"), waiting)) == []
    assert codes(planned(told("a", draft="true"), told("b", "[x](a.md)\n", draft="true"))) == []


FILES = "content/bao-cao.pdf content/le-ky.jpg"
WITH_FILES = "[x](bao-cao.pdf) ![Lễ ký kết](le-ky.jpg)\n"


@pytest.mark.parametrize("start", ["/", Settings().base_url, Settings().base_url.upper().replace("HTTPS", "http")])
@pytest.mark.parametrize("name", ["bao-cao.pdf", "bao-cao.pdf#page=3", "bao-cao.pdf?a=b", "le-ky.jpg"])
def test_a_file_beside_an_item_is_linked_by_its_address_too(start: str, name: str) -> None:
    found = planned(told("a", WITH_FILES), told("b", f"[x]({start}tin/2016/12/a/{name})\n"), files=FILES)
    assert found.problems == ()
    view = page(found, "tin/2016/12/b/index.html").view
    assert isinstance(view, ItemView)
    assert view.links == (f"/tin/2016/12/a/{name}",)


def test_a_file_that_nobody_publishes_is_no_target() -> None:
    linking = told("b", f"[x]({Settings().base_url}tin/2016/12/a/bao-cao.pdf)\n")
    assert codes(planned(told("a"), linking, files=FILES)) == [("b.md", "link-to-no-page")]
    assert codes(planned(told("a", WITH_FILES, draft="true"), linking, files=FILES)) == [("b.md", "link-to-no-page")]
    assert codes(planned(told("a", WITH_FILES, publish="2017-02-10"), linking, files=FILES)) == [
        ("b.md", "link-to-no-page")
    ]


@pytest.mark.parametrize("held", [{"publish": "2017-02-10"}, {"draft": "true"}])
def test_an_item_that_is_held_back_may_name_its_own_files(held: dict[str, str]) -> None:
    own = told("a", f"{WITH_FILES}[x]({Settings().base_url}tin/2016/12/a/bao-cao.pdf)\n", **held)
    assert codes(planned(own, files=FILES)) == []
    assert codes(planned(told("b", "[x](/tin/2016/12/a/bao-cao.pdf)\n", **held), own, files=FILES)) == []


def test_an_item_may_name_the_month_that_it_will_begin() -> None:
    assert codes(planned(told("a", "[x](/thang/2017-02/)\n", date="2017-02-10", publish="2017-02-10"))) == []


def test_links_of_an_item_with_errors_are_followed_all_the_same() -> None:
    body = Body(text=Text(digest="x"), ids=frozenset(), links=(Link(target="mat.md", line=9),))
    found = planned(PartialItem(source="content/a.md", body=body, image=None))
    assert [(problem.line, problem.code) for problem in found.problems] == [(9, "link-to-no-item")]


@pytest.mark.parametrize(("publish", "warned"), [("2017-01-01", True), ("2017-02-10", False), ("2017-02-11", False)])
def test_only_a_publish_of_its_day_or_later_makes_waiting_expected(publish: str, warned: bool) -> None:  # noqa: FBT001
    found = planned(told("a", date="2017-02-10", publish=publish))
    assert found.items == 0
    assert bool(found.problems) is warned


def test_a_year_that_knew_both_maps_is_shown_in_the_later_one() -> None:
    items = [
        told("a", province="Bắc Kạn", date="2025-03-01", value="1 tỷ"),
        told("b", date="2025-03-02", value="2 tỷ"),
        told("c", date="2025-08-01", value="4 tỷ"),
    ]
    view = page(planned(*items, now="2026-01-01"), "thang/2025/index.html").view
    assert isinstance(view, YearView)
    assert [(row.page.title, row.items, row.total.dong) for row in view.provinces] == [("Thái Nguyên", 3, 7 * 10**9)]


def test_a_month_names_provinces_as_they_were_called_then() -> None:
    for day, name in (("2016-12-25", "Thừa Thiên Huế"), ("2025-03-01", "Huế"), ("2025-08-01", "Huế")):
        view = page(planned(told("a", province="Huế", date=day), now="2026-01-01"), f"thang/{day[:7]}/index.html").view
        assert isinstance(view, MonthView)
        assert [row.page.title for row in view.provinces] == [name]


def test_the_way_from_month_to_month_passes_over_empty_ones() -> None:
    found = planned(*(told(name, date=f"2016-{month}-01") for name, month in (("a", "03"), ("b", "10"), ("c", "12"))))
    view = page(found, "thang/2016-10/index.html").view
    assert isinstance(view, MonthView)
    assert (view.older, view.newer) == (tables.month_reference((2016, 3)), tables.month_reference((2016, 12)))
    assert not [made for made in found.pages if made.path.startswith("thang/2016-11/")]


def test_the_overview_is_that_of_the_newest_item_and_names_the_units_that_are_no_more() -> None:
    before = page(planned(told("a")), "tinh/index.html").view
    after = page(planned(told("a"), told("b", date="2025-07-01"), now="2026-01-01"), "tinh/index.html").view
    assert isinstance(before, ProvincesView)
    assert isinstance(after, ProvincesView)
    assert (before.map_number, sum(len(region.rows) for region in before.regions)) == (63, 63)
    assert (after.map_number, sum(len(region.rows) for region in after.regions)) == (34, 34)
    assert "Hải Dương" in {reference.title for reference in after.former}


def test_pinned_items_leave_room_for_news() -> None:
    items = [told(f"{number:02}", title=f"Ghim {number}", pinned="true", date="2016-01-01") for number in range(25)]
    view = page(planned(*items, told("moi", title="Tin mới")), "index.html").view
    assert isinstance(view, HomeView)
    assert "Tin mới" in {card.title for group in view.groups for card in group.cards}
    # Those that do not stand on top stand together, and are marked.
    assert [(group.page.title, len(group.cards)) for group in view.groups] == [
        ("Tin ghim", 6),
        ("Chủ Nhật, 25/12/2016", 1),
        ("Thứ Sáu, 01/01/2016", 9),
    ]
    assert len(view.pins) == 10


def test_within_a_day_the_later_hour_is_newer_and_else_titles_stand_in_vietnamese_order() -> None:
    items = [
        told("a", title="Đà"),
        told("b", title="Dân"),
        told("c", title="Xa", publish="2016-12-25 15:00"),
        told("d", title="Ya", publish="2016-12-25 08:00"),
    ]
    view = page(planned(*items), "index.html").view
    assert isinstance(view, HomeView)
    assert view.lead is not None
    assert [card.title for card in (view.lead, *view.seconds)] == ["Xa", "Ya", "Dân", "Đà"]


def test_a_province_with_a_full_page_more_gets_it_and_that_page_knows_nothing_newer() -> None:
    items = [
        told(f"{number:02}", title=f"Tin {number:02}", date=f"2016-{1 + number // 28:02}-{1 + number % 28:02}")
        for number in range(41)
    ]
    found = planned(*items)
    own = page(found, "tinh/thai-nguyen/index.html").view
    oldest = page(found, "tinh/thai-nguyen/trang/1/index.html").view
    assert isinstance(own, ProvinceView)
    assert isinstance(oldest, OlderView)
    assert [(len(group.cards), group.items) for group in own.groups] == [(13, 13), (8, 28)]
    assert own.older == "/tinh/thai-nguyen/trang/1/"
    assert [card.title for card in oldest.cards][-1] == "Tin 00"
    assert oldest.older == ""


def test_related_items_are_those_just_before_and_none_is_named_twice() -> None:
    items = [told(f"{day:02}", title=f"Tin {day}", date=f"2016-12-{day:02}") for day in range(1, 10)]
    view = page(planned(*items), "tin/2016/12/05/index.html").view
    assert isinstance(view, ItemView)
    assert [card.title for card in view.of_places] == ["Tin 4", "Tin 3", "Tin 2"]
    assert view.of_month == ()
    assert (view.older, view.newer) != (None, None)


def test_without_items_there_is_a_site_that_says_so() -> None:
    found = planned()
    view = page(found, "thoa-thuan/index.html").view
    assert isinstance(view, DealsView)
    assert (view.figures.signed, view.figures.newest) == (0, None)
    assert found.problems == ()
    assert found.next_due is None


def test_every_feed_can_be_linked_to() -> None:
    items = [article(category="Ký kết")]
    feeds = {page.path for page in planned(*items).pages if type(page.view) is FeedView}
    archive = collect(items, datetime.fromisoformat(NOW).replace(tzinfo=VIETNAM), drafts=False)
    assert feeds == {urls.path_of(url) for url in feed_urls(archive, Settings())}
    assert "chuyen-muc/ky-ket/atom.xml" in feeds


@pytest.mark.parametrize("change", ["order", "dates", "drafts"])
def test_what_is_guessed_depends_on_no_order_and_no_date(monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    """Guesses run out: who gets the last one must not change with another item's day."""
    monkeypatch.setattr(GuessBudget.__init__, "__defaults__", (30,))

    def items(*, changed: bool) -> list[Article]:
        days = [9 - number if changed and change == "dates" else number + 1 for number in range(8)]
        are_drafts = changed and change == "drafts"
        listed = [
            told(
                f"tin-so-{number}",
                f"[x](tin-so-{number}x.md)\n",
                date=f"2016-12-{day:02}",
                draft="true" if are_drafts and number % 2 else "false",
            )
            for number, day in enumerate(days)
        ]
        return listed[::-1] if changed and change == "order" else listed

    before, after = (planned(*items(changed=changed)).problems for changed in (False, True))
    guessed = [dict(found.words)["near"] for found in before]
    assert {bool(guess) for guess in guessed} == {True, False}
    assert sorted(after) == sorted(before)

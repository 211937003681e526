"""The search as its readers meet it: in real Chromium, on 1,500 items among which a few are looked for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unicodedata import normalize
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from bench.items import write_items
from tests.browser import served
from tests.builders import item
from tests.sites import build, write
from tests.test_look import AXE, installed, violations

COUNT = int(os.environ.get("BULLETIN_SEARCH_ITEMS", "1100"))
NEEDLES = {
    # The newest of all, so that each comes first among the many of its kind.
    "2024-12-22-thai-nguyen": item(title="Thái Nguyên gõ cồng chiêng", date="2024-12-22"),
    "2024-12-23-da-nang": item(
        title="Đà Nẵng gõ cồng chiêng", date="2024-12-23", province="Đà Nẵng", category="Ký kết"
    ),
    "2024-12-24-khong-dau": item(title="Da Nang khong dau", date="2024-12-24", province="Toàn quốc"),
    "2024-12-25-bac-lieu": item(title="Bạc Liêu gõ cồng chiêng", date="2024-12-25", province="Bạc Liêu"),
    "2024-12-26-hoa-binh-1": item(title="Hoà Bình gõ cồng chiêng", date="2024-12-26", province="Hòa Bình"),
    "2024-12-27-hoa-binh-2": item(title="Hòa Bình đón xuân", date="2024-12-27", province="Hòa Bình"),
    "2024-12-28-hue": item(title="Thừa Thiên Huế gõ cồng chiêng", date="2024-12-28", province="Huế"),
    "2024-12-29-sai-gon": item(title="Gõ cồng chiêng ở phía nam", date="2024-12-29", province="TP. Hồ Chí Minh"),
    # Found by words of their own.
    "2024-12-21-gia-tri": item(
        "Họ ngắm *vầng trăng* khuyết.", title="Một dự án", date="2024-12-21", value="12.345 tỷ đồng", summary="Lớn."
    ),
    "2016-03-05-tom-tat": item(title="Một tin cũ", date="2016-03-05", summary="Khánh thành Nhà giàn giữa biển."),
    "2015-02-04-than-bai": item(
        f"{'Câu dẫn vào bài. ' * 30}\n\nHọ dựng **trạm** biến áp Sơn Trà trong ba tuần. {'Câu kết của bài. ' * 30}",
        title="Một tin cũ hơn",
        date="2015-02-04",
        summary="Không nói gì.",
    ),
    "2015-02-05-rai-rac": item(
        "Áp lực lớn khi trạm thu phí biến động. Sơn lại.", title="Rải rác", date="2015-02-05", summary="Không nói gì."
    ),
}
ROWS = [
    # What is typed, the title of the first hit.
    ("thai nguyen", "Thái Nguyên gõ cồng chiêng"),
    ("thái nguyen", "Thái Nguyên gõ cồng chiêng"),
    ("nguyen thai", "Thái Nguyên gõ cồng chiêng"),
    ("Thái Nguyên", "Thái Nguyên gõ cồng chiêng"),
    ("THAI NGUYEN", "Thái Nguyên gõ cồng chiêng"),
    (normalize("NFD", "Thái Nguyên"), "Thái Nguyên gõ cồng chiêng"),
    ("thai ngu", "Thái Nguyên gõ cồng chiêng"),
    ("da nang", "Da Nang khong dau"),
    ("da", "Da Nang khong dau"),
    ("đa", "Đà Nẵng gõ cồng chiêng"),
    ("đa nang", "Đà Nẵng gõ cồng chiêng"),
    ("Đà Nẵng", "Đà Nẵng gõ cồng chiêng"),
    ("đà nẵ", "Đà Nẵng gõ cồng chiêng"),
    ("bac", "Bạc Liêu gõ cồng chiêng"),
    ("bac lieu", "Bạc Liêu gõ cồng chiêng"),
    ("hòa binh", "Hòa Bình đón xuân"),
    ("hoà binh", "Hòa Bình đón xuân"),
    ("hoa binh go cong chieng", "Hoà Bình gõ cồng chiêng"),
    ("hòa bình gõ cồng chiêng", "Hoà Bình gõ cồng chiêng"),
    ("hoa binh", "Hòa Bình đón xuân"),
    ("hue", "Thừa Thiên Huế gõ cồng chiêng"),
    ("tphcm", "Gõ cồng chiêng ở phía nam"),
    ("sai gon", "Gõ cồng chiêng ở phía nam"),
    ("TP.HCM", "Gõ cồng chiêng ở phía nam"),
    ("thanh pho sai gon", "Gõ cồng chiêng ở phía nam"),
    ("tỉnh bạc liêu", "Bạc Liêu gõ cồng chiêng"),
    ("12.345 tỷ", "Một dự án"),
    ("12345 ty", "Một dự án"),
    ("nha gian", "Một tin cũ"),
    ("nhà già", "Một tin cũ"),
    ("tram bien ap", "Một tin cũ hơn"),
    ("Trạm biến áp", "Một tin cũ hơn"),
    ("bien ap son tr", "Một tin cũ hơn"),
    ("tram ap bien", "Rải rác"),
]
NOT_FOUND = [
    # What is typed, a title that must not be among the hits.
    ("thãi", "Thái Nguyên gõ cồng chiêng"),
    ("đa nang", "Da Nang khong dau"),
    ("bắc", "Bạc Liêu gõ cồng chiêng"),
    ("trâm biến áp", "Một tin cũ hơn"),
    ("huê", "Thừa Thiên Huế gõ cồng chiêng"),
]


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("search")
    write_items(root, COUNT)
    settings = {"pyproject.toml": '[tool.bulletin]\ncategories = ["Ký kết"]\n'}
    write(root, settings | {f"content/kim/{name}.md": text for name, text in NEEDLES.items()})
    ran = build(root, "--as-of", "2025-01-01")
    assert ran.code == 0, ran.out
    return root / "output"


@pytest.fixture(scope="module")
def address(output: Path) -> Iterator[str]:
    with served(output) as address:
        yield address


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A reader of the search page, with all that the browser asked for and complained of."""

    page: Page
    address: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, query: str = "") -> None:
        self.page.goto(f"{self.address}tim-kiem/{query}")
        self.wait()

    def wait(self) -> None:
        self.page.wait_for_selector("#_search[aria-busy=false]")

    def search(self, query: str) -> list[str]:
        """Type a query and return the titles of the hits."""
        self.page.fill("#_q", query)
        self.page.press("#_q", "Enter")
        self.wait()
        return self.titles()

    def titles(self) -> list[str]:
        return self.page.locator("#ket-qua li h2").all_inner_texts()

    def count(self) -> str:
        return self.page.inner_text("#_status")

    def texts(self) -> list[str]:
        """Return the months whose texts were asked for."""
        return [found[1] for url in self.asked if (found := re.search(r"van-ban/(.*)\.json", url))]

    def years(self) -> list[str]:
        """Return the years whose titles were asked for."""
        return [found[1] for url in self.asked if (found := re.search(r"tim-kiem/(\d{4})\.json", url))]

    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.page.url).query)


def opened(browser: Browser, address: str, **options: int | bool | str) -> Reader:
    width = int(options.pop("width", 1280))
    reader = Reader(page=browser.new_page(viewport={"width": width, "height": 900}, **options), address=address)  # type: ignore[arg-type]
    reader.page.on("request", lambda request: reader.asked.append(request.url))
    reader.page.on("pageerror", lambda error: reader.complaints.append(str(error)))
    reader.page.on("console", lambda message: reader.complaints.append(message.text))
    return reader


@pytest.fixture
def reader(chromium: Browser, address: str) -> Iterator[Reader]:
    found = opened(chromium, address)
    yield found
    found.page.close()


def test_the_needle_is_first_however_it_is_typed(reader: Reader) -> None:
    reader.open()
    first = {query: next(iter(reader.search(query)), "") for query, _ in ROWS}
    assert first == dict(ROWS)


def test_an_accent_that_was_typed_must_be_there(reader: Reader) -> None:
    reader.open()
    for query, title in NOT_FOUND:
        assert title not in reader.search(query), query


def test_results_come_while_one_types_from_the_first_letters_on(reader: Reader) -> None:
    reader.open()
    expect(reader.page.locator("#_status")).to_contain_text(f"{COUNT + len(NEEDLES):,} bài".replace(",", "."))
    reader.page.locator("#_q").press_sequentially("đà nẵng gõ", delay=20)
    expect(reader.page.locator("#ket-qua li")).to_have_count(1)
    assert reader.query() == {"q": ["đà nẵng gõ"]}
    assert reader.page.locator("#ket-qua mark").all_inner_texts()[0] == "Đà Nẵng gõ"


def test_the_place_in_the_text_is_shown_and_marked(reader: Reader) -> None:
    reader.open("?q=tram+bien+ap")
    hit = reader.page.locator("#ket-qua li").first
    expect(hit.locator("mark")).to_have_text(["trạm biến áp"])
    assert re.fullmatch("… .*dựng trạm biến áp Sơn Trà.* …", hit.locator(".summary").inner_text())
    assert "Sơn Trà" in hit.locator(".summary").inner_text()
    assert hit.locator(".meta").inner_text() == "Thái Nguyên · 04/02/2015"


def test_texts_are_read_newest_first_and_only_until_there_are_enough_hits(reader: Reader) -> None:
    reader.open()
    assert reader.texts() == []
    reader.search("thai nguyen")
    assert reader.texts() == []
    assert re.fullmatch(r"Có ít nhất \d+ bài cho «thai nguyen»\.", reader.count())
    expect(reader.page.locator("#_scope")).to_contain_text("toàn văn từ tháng 12/2024 về trước chưa tìm")
    reader.search("tài liệu kèm theo")
    some = reader.texts()
    assert some == sorted(some, reverse=True)
    assert some[0] == "2024-12"
    assert len(some) < 60
    reader.page.click("#_older")
    reader.wait()
    assert len(some) < len(reader.texts()) <= len(some) + 12
    expect(reader.page.locator("#_scope")).to_be_focused()
    reader.search("tram bien ap")
    assert len(set(reader.texts())) == len(reader.texts()) == 120
    assert reader.count() == "Có 2 bài cho «tram bien ap»."
    expect(reader.page.locator("#_scope")).to_have_text("Đã tìm trong tiêu đề, tóm tắt và toàn văn.")


def large(reader: Reader) -> None:
    """Let the index say that there are 3,000 items in each year, and open the page without a query."""

    def answer(route: Route) -> None:
        index = route.fetch().json()
        route.fulfill(json=index | {"files": [of | {"items": 3_000} for of in index["files"]]})

    reader.page.route("**/muc-luc.json", answer)


def test_of_a_large_bulletin_only_the_newest_years_are_read_until_there_is_a_hit(reader: Reader) -> None:
    large(reader)
    reader.open()
    assert reader.count() == "Gõ để tìm trong 30.000 bài."
    assert reader.years() == ["2024"]
    assert reader.page.locator("#_year option").all_inner_texts()[:3] == ["Mọi năm", "2024", "2023"]
    assert reader.search("nha gian") == []
    assert reader.years() == ["2024"]
    assert reader.count() == "Chưa thấy bài nào cho «nha gian»."
    scope, older = reader.page.locator("#_scope"), reader.page.locator("#_older")
    expect(scope).to_have_text("Tiêu đề và tóm tắt từ tháng 12/2023 về trước chưa tìm hết.")
    expect(older).to_have_text("Tìm tiếp trong các năm cũ hơn")
    older.click()
    reader.wait()
    assert reader.titles() == ["Một tin cũ"]
    assert reader.years() == [str(year) for year in range(2024, 2014, -1)]
    assert reader.texts() == []
    expect(older).to_have_text("Tìm tiếp trong toàn văn")
    assert reader.search("tram bien ap") == []
    older.click()
    reader.wait()
    assert reader.titles() == ["Một tin cũ hơn", "Rải rác"]


def test_of_a_large_bulletin_the_year_in_a_query_is_read_first(reader: Reader) -> None:
    large(reader)
    reader.open("?q=hà+giang+2019")
    assert reader.page.locator("#ket-qua time").first.inner_text().endswith("/2019")
    assert reader.years() == ["2019", "2024"]
    expect(reader.page.locator("#_older")).to_have_text("Tìm tiếp trong các năm khác")
    reader.page.select_option("#_year", "2017")
    reader.search("da nang")
    assert reader.years() == ["2019", "2024", "2017"]


def test_hits_of_older_years_do_not_move_what_the_reader_looks_at(reader: Reader) -> None:
    """Newer years have the words scattered, two titles of 2016 and 2015 have them together: these come first."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    reader.page.route("**/2016.json", hold)
    reader.page.goto(f"{reader.address}tim-kiem/?q=một+ti")
    expect(reader.page.locator("#_status")).to_have_text("Đang tìm trong các năm cũ hơn…")
    hits, used = reader.page.locator("#ket-qua li"), reader.page.locator("#ket-qua li:hover")
    hits.nth(4).hover()
    title, box, newest = used.inner_text(), used.bounding_box(), hits.first.inner_text()
    assert box is not None
    held[0].continue_()
    reader.wait()
    assert reader.titles()[:3] == ["Một tin cũ", "Một tin cũ hơn", newest.split("\n")[0]]
    assert used.inner_text() == title
    after = used.bounding_box()
    assert after is not None
    assert abs(after["y"] - box["y"]) < 2, "browsers scroll by whole pixels"


def test_more_hits_are_shown_on_demand_and_the_first_new_one_has_the_focus(reader: Reader) -> None:
    reader.open("?q=hoa+binh")
    assert len(reader.titles()) == 20
    reader.page.click("#_next")
    expect(reader.page.locator("#ket-qua li").nth(20)).to_be_attached()
    assert reader.page.evaluate("[...document.links].indexOf(document.activeElement) >= 0")
    assert reader.page.evaluate(
        "document.activeElement === document.querySelectorAll('#ket-qua li')[20].querySelector('a')"
    )


def test_filters_narrow_what_is_found_and_stand_in_the_address(reader: Reader) -> None:
    reader.open("?q=da+nang&tinh=da-nang&nam=2016")
    days = reader.page.locator("#ket-qua time").all_inner_texts()
    assert days
    assert all(day.endswith("/2016") for day in days)
    assert set(reader.page.locator("#ket-qua .place").all_inner_texts()) == {"Đà Nẵng"}
    assert reader.page.locator("#_year option:checked").inner_text() == f"2016 ({len(days)})"
    reader.page.select_option("#_year", "2024")
    reader.wait()
    assert reader.query() == {"q": ["da nang"], "tinh": ["da-nang"], "nam": ["2024"]}
    assert reader.titles()[0] == "Đà Nẵng gõ cồng chiêng"
    reader.page.select_option("#_category", "Ký kết")
    reader.wait()
    assert reader.titles() == ["Đà Nẵng gõ cồng chiêng"]
    assert reader.page.locator("#_category option").all_inner_texts() == ["Mọi chuyên mục", "Ký kết (1)"]
    reader.page.reload()
    reader.wait()
    assert reader.titles() == ["Đà Nẵng gõ cồng chiêng"]
    assert reader.page.input_value("#_category") == "Ký kết"


def test_filters_alone_list_what_they_leave_newest_first(reader: Reader) -> None:
    reader.open("?tinh=hue&nam=2024")
    assert reader.count() == "Không có bài nào."
    reader.open("?tinh=thua-thien-hue&nam=2024")
    assert reader.titles()[0] == "Thừa Thiên Huế gõ cồng chiêng"
    days = [day.split("/")[::-1] for day in reader.page.locator("#ket-qua time").all_inner_texts()]
    assert days == sorted(days, reverse=True)
    assert reader.count() == f"Có {len(days)} bài."
    assert reader.texts() == []


def test_back_and_forward_lead_through_the_queries(reader: Reader) -> None:
    reader.open("?q=hue")
    reader.search("bac lieu")
    assert reader.titles()[0] == "Bạc Liêu gõ cồng chiêng"
    reader.page.go_back()
    expect(reader.page.locator("#ket-qua li h2").first).to_have_text("Thừa Thiên Huế gõ cồng chiêng")
    assert reader.page.input_value("#_q") == "hue"
    reader.page.go_forward()
    expect(reader.page.locator("#ket-qua li h2").first).to_have_text("Bạc Liêu gõ cồng chiêng")
    reader.page.click("#ket-qua a >> nth=0")
    expect(reader.page.locator("h1")).to_have_text("Bạc Liêu gõ cồng chiêng")
    reader.page.go_back()
    expect(reader.page.locator("#ket-qua li h2").first).to_have_text("Bạc Liêu gõ cồng chiêng")


def test_keys_alone_lead_from_any_place_to_a_hit(reader: Reader) -> None:
    reader.open()
    reader.page.locator("h1").click()
    keys = reader.page.keyboard
    keys.press("/")
    keys.type("thai nguyen go cong chieng", delay=5)
    expect(reader.page.locator("#ket-qua li")).to_have_count(1)
    keys.press("ArrowDown")
    expect(reader.page.locator("#ket-qua a")).to_be_focused()
    keys.press("ArrowUp")
    expect(reader.page.locator("#_q")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Escape")
    expect(reader.page.locator("#_q")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(reader.page.locator("h1")).to_have_text("Thái Nguyên gõ cồng chiêng")


def test_nonsense_is_answered_with_what_would_find_something(reader: Reader) -> None:
    reader.open("?q=xyzzyq")
    assert reader.titles() == []
    assert reader.count() == "Không có bài nào cho «xyzzyq»."
    expect(reader.page.locator("#_advice")).to_have_text("Hãy gõ ít từ hơn, hoặc gõ không dấu.")
    reader.search("thãi nguyên gõ cồng chiêng")
    expect(reader.page.locator("#_advice button").first).to_have_text("thai nguyen go cong chieng (1 bài)")
    reader.page.locator("#_advice button").first.click()
    expect(reader.page.locator("#ket-qua li h2")).to_have_text(["Thái Nguyên gõ cồng chiêng"])
    reader.page.goto(f"{reader.address}tim-kiem/?q=bac+lieu+go+cong+chieng&nam=2015")
    reader.page.locator("#_advice button").click()
    expect(reader.page.locator("#ket-qua li h2")).to_have_text(["Bạc Liêu gõ cồng chiêng"])
    assert reader.query() == {"q": ["bac lieu go cong chieng"]}
    reader.page.goto(f"{reader.address}tim-kiem/?q=bắc+liêu+gõ+cồng+chiêng&nam=2015")
    reader.page.locator("#_advice button").nth(1).click()
    expect(reader.page.locator("#ket-qua li h2")).to_have_text(["Bạc Liêu gõ cồng chiêng"])
    reader.page.goto(f"{reader.address}tim-kiem/?q=vang+trang+khuyet&nam=2015")
    expect(reader.page.locator("#_advice button")).to_have_text(["Bỏ bộ lọc"])
    reader.page.locator("#_advice button").click()
    expect(reader.page.locator("#ket-qua li h2")).to_have_text(["Một dự án"])


def test_a_publication_behind_the_reader_s_back_costs_no_more_than_what_it_took_away(reader: Reader) -> None:
    """Titles of one publication, texts of the next: a month is gone, another knows an item that the titles do not."""
    reader.page.route("**/van-ban/2024-11.json", lambda route: route.fulfill(status=404))
    unknown = '{"/tin/2024/12/moi-hon/": "trạm biến áp"}'
    reader.page.route("**/van-ban/2024-12.json", lambda route: route.fulfill(body=unknown))
    reader.open()
    assert reader.search("tram bien ap")[0] == "Một tin cũ hơn"
    expect(reader.page.locator("#_missing")).to_be_visible()
    assert reader.count() == "Có ít nhất 2 bài cho «tram bien ap»."


HOLDING = """
(() => {
  const { fetch } = window, held = (window.held = []), now = performance.now.bind(performance);
  let later = 0;
  window.fetch = async (address, options) => {
    const answer = await fetch(address, options);
    if (window.isFree || !String(address).includes("van-ban")) return answer;
    const text = await answer.text();
    await new Promise((release) => held.push(release));
    return new Response(text);
  };
  // Each look at the clock finds it late, so that a search makes many pauses; in the first of them the texts arrive.
  performance.now = () => {
    if (window.isFree) held.forEach((release) => release());
    return now() + (later += 50);
  };
})();
"""


def test_texts_that_arrive_while_a_newer_search_is_half_done_are_searched_too(reader: Reader) -> None:
    reader.page.add_init_script(HOLDING)
    reader.open()
    reader.page.fill("#_q", "xyzzyq")
    # No `wait_for_function`: the policy of the page forbids it.
    reader.page.evaluate("new Promise((done) => setInterval(() => held.length === 4 && done(), 5))")
    reader.page.evaluate("window.isFree = true")
    assert reader.search("vang trang khuyet") == ["Một dự án"]


def test_without_its_data_the_page_says_so(reader: Reader) -> None:
    def fail(route: Route) -> None:
        route.abort()

    reader.page.route("**/2019.json", fail)
    reader.page.goto(f"{reader.address}tim-kiem/?q=hue")
    expect(reader.page.locator("#_broken")).to_be_visible()
    assert reader.titles()[0] == "Thừa Thiên Huế gõ cồng chiêng"


def test_no_query_breaks_the_page_or_its_content_security_policy(reader: Reader) -> None:
    reader.open()
    for query in (
        "<img src=x onerror=alert(1)>",
        "(((",
        "a" * 3_000,
        "\\",
        "%",
        "🎉",
        "e\u0301 \u0301",
        "da\u00a0nang",
    ):
        reader.search(query)
    assert [text for text in reader.complaints if "favicon" not in text and "404" not in text] == []


def test_axe_has_nothing_against_results_or_their_absence(chromium: Browser, address: str) -> None:
    axe = installed(AXE).read_text("utf-8")
    reader = opened(chromium, address, bypass_csp=True)
    for query in ("?q=da+nang&nam=2024", "?q=thãi+nguyên+gõ+cồng+chiêng"):
        reader.open(query)
        assert violations(reader.page, axe) == []
    reader.page.close()


def test_a_phone_shows_hits_without_scrolling(chromium: Browser, address: str) -> None:
    reader = opened(chromium, address, width=360, is_mobile=True, has_touch=True)
    reader.open()
    reader.search("da nang")
    first = reader.page.locator("#ket-qua li").first.bounding_box()
    assert first is not None
    assert first["y"] + first["height"] < 640
    assert reader.page.evaluate("document.documentElement.scrollWidth") == 360
    expect(reader.page.locator("#_q")).not_to_be_focused()
    reader.page.close()


def test_screen_readers_are_told_the_count_and_what_else_might_be_found(reader: Reader) -> None:
    reader.open()
    reader.page.evaluate(
        """() => {
          window.told = [];
          const tell = ([{ target }]) => told.push(target.textContent);
          for (const region of document.querySelectorAll("[role=status]")) {
            new MutationObserver(tell).observe(region, { childList: true, subtree: true, characterData: true });
          }
        }"""
    )
    reader.search("bac lieu go cong chieng")
    reader.search("bắc liêu gõ cồng chiêng")
    expect(reader.page.locator("#_advice")).to_contain_text("Thử tìm")
    # Each once, and not what a slow machine says meanwhile: its timer may ask before Enter does.
    told = [text for text in dict.fromkeys(reader.page.evaluate("told")) if text and "Đang tìm" not in text]
    assert told == [
        "Có 1 bài cho «bac lieu go cong chieng».",
        "Không có bài nào cho «bắc liêu gõ cồng chiêng».",
        "Thử tìm:bac lieu go cong chieng (1 bài)bac lieu go cong (1 bài)lieu go cong chieng (1 bài)",
    ]


def test_every_page_leads_to_the_search_without_a_script(chromium: Browser, address: str) -> None:
    reader = opened(chromium, address, java_script_enabled=False)
    reader.page.goto(f"{address}tin/2024/12/da-nang/")
    reader.page.fill("#_q", "da nang")
    reader.page.press("#_q", "Enter")
    reader.page.wait_for_url("**/tim-kiem/?q=da+nang")
    assert "Tìm kiếm cần JavaScript" in reader.page.inner_text("main")
    assert not reader.page.is_visible("select")
    reader.page.close()


def test_from_a_folder_the_page_says_what_it_lacks(chromium: Browser, tmp_path: Path) -> None:
    settings = '[tool.bulletin]\nlink_style = "file"\n'
    root = write(tmp_path, {"content/a.md": item(title="Huế gõ cồng chiêng"), "pyproject.toml": settings})
    assert build(root).code == 0
    page = chromium.new_page()
    page.goto((root / "output/index.html").as_uri())
    page.fill("#_q", "hue")
    page.press("#_q", "Enter")
    expect(page.locator("#_folder")).to_be_visible()
    assert not page.is_visible("#_broken")
    page.close()
    with served(root / "output") as address:
        reader = opened(chromium, address)
        reader.page.goto(f"{address}tim-kiem/index.html?q=hue")
        reader.wait()
        reader.page.click("#ket-qua a")
        assert reader.page.url.endswith("/tin/2016/12/a/index.html")
        reader.page.close()

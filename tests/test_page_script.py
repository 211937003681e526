"""What the page of an item shows beside its text, and what a script adds to every page, in real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from bulletin.items.markdown import minutes
from bulletin.items.markdown.convert import SYLLABLES_A_MINUTE
from tests.browser import served
from tests.builders import deals, item
from tests.sites import build, write

TITLE = "Ký & kết 100%: «Huế» + Đà Nẵng?"
URL = "https://bantin.example/noi-bo/tin/2016/12/mot/"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("script")
    listed = deals(("Huế", "2016-11", "chưa công bố"), ("Hà Nội", "2016-12-02", "gần 1,5 tỷ"))
    write(
        root,
        {
            "pyproject.toml": '[tool.bulletin]\nbase_url = "https://bantin.example/noi-bo/"\n',
            "content/mot.md": item("Một hai. " * 300, title=f"'{TITLE}'", author="[An, Bình]", value="gần 2 tỷ đồng"),
            "content/hai.md": item(title="Hai", value="gần 2 tỷ đồng"),
            "content/ba.md": item(title="Ba", province="Toàn quốc", deals=listed),
        },
    )
    assert build(root).code == 0
    with served(root / "output") as found:
        yield found


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=address)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda fault: faults.append(str(fault)))
    opened.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    yield opened
    context.close()
    assert [fault for fault in faults if "favicon" not in fault] == []


@pytest.mark.parametrize("path", ["", "tin/2016/12/mot/", "thang/", "thoa-thuan/", "tim-kiem/"])
def test_a_slash_leads_to_the_search_from_every_page(page: Page, path: str) -> None:
    page.goto(path)
    page.locator("h1").first.evaluate("heading => { heading.tabIndex = -1; heading.focus(); }")
    page.keyboard.press("/")
    expect(page.locator("#_q")).to_be_focused()
    page.keyboard.type("1/2")
    expect(page.locator("#_q")).to_have_value("1/2")


def test_a_slash_is_left_alone_in_other_fields_and_with_other_keys(page: Page) -> None:
    page.goto("thoa-thuan/")
    page.locator("select").first.focus()
    page.keyboard.press("/")
    expect(page.locator("select").first).to_be_focused()
    page.locator("a").first.focus()
    page.keyboard.press("Control+/")
    expect(page.locator("#_q")).not_to_be_focused()


def test_a_letter_to_others_has_title_and_address(page: Page) -> None:
    page.goto("tin/2016/12/mot/")
    letter = urlsplit(page.locator(".share a").get_attribute("href") or "")
    assert letter.scheme == "mailto"
    assert letter.query.isascii()
    assert parse_qs(letter.query, strict_parsing=True) == {"subject": [TITLE], "body": [f"{TITLE}\r\n{URL}"]}


@pytest.mark.parametrize("has_clipboard", [True, False])
def test_the_address_is_copied_also_where_there_is_no_tls(page: Page, *, has_clipboard: bool) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    if not has_clipboard:
        page.add_init_script(
            "window.read = navigator.clipboard.readText.bind(navigator.clipboard);"
            "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
        )
    page.goto("tin/2016/12/mot/")
    page.locator(".copy").click()
    expect(page.locator(".share [role=status]")).to_have_text("Đã chép.")
    expect(page.locator(".copy")).to_be_focused()
    assert page.evaluate("window.read ? read() : navigator.clipboard.readText()") == URL


def test_without_a_script_there_is_no_button_that_does_nothing(chromium: Browser, address: str) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("tin/2016/12/mot/")
    expect(page.locator(".share a")).to_be_visible()
    expect(page.locator(".copy")).to_be_hidden()
    context.close()


def test_who_wrote_it_and_how_long_it_takes_stands_above_the_text(page: Page) -> None:
    page.goto("tin/2016/12/mot/")
    assert page.locator(".item > header .byline").inner_text() == "An, Bình · 2\xa0phút đọc"
    page.goto("tin/2016/12/hai/")
    assert page.locator(".byline").inner_text() == "1\xa0phút đọc"


def test_the_deals_of_an_item_are_a_table_of_day_province_and_amount_as_told(page: Page) -> None:
    rows = "nodes => nodes.map(row => [...row.cells].map(cell => cell.innerText))"
    page.goto("tin/2016/12/mot/")
    assert page.locator(".item .deals tbody tr").evaluate_all(rows) == [
        ["25/12/2016", "Thái Nguyên", "gần\xa02\xa0tỷ\xa0đồng"]
    ]
    page.goto("tin/2016/12/ba/")
    assert page.locator(".item .deals tbody tr").evaluate_all(rows) == [
        ["02/12/2016", "Hà Nội", "gần\xa01,5\xa0tỷ\xa0đồng"],
        ["tháng 11/2016", "Thừa Thiên Huế", "chưa công bố"],
    ]


@pytest.mark.parametrize(("words", "expected"), [(1, 1), (SYLLABLES_A_MINUTE, 1), (10 * SYLLABLES_A_MINUTE, 10)])
def test_minutes_count_words_and_no_markup(words: int, expected: int) -> None:
    assert minutes('<p class="a b c">' + '<a href="x y">từ</a> ' * words) == expected

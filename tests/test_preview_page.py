"""The preview as editors meet it: the real command, seen in real Chromium while files are saved."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.builders import item
from tests.previews import Running, previewed
from tests.sites import write
from tests.test_look import AXE, installed

LONG = "\n\n".join(f"Đoạn {number}. " + "Các bên đã thống nhất nội dung hợp tác. " * 8 for number in range(40))
DEAL = "content/2016/2016-12-25-thai-nguyen.md"
LONG_URL, DEAL_URL = "tin/2016/12/dai/", "tin/2016/12/thai-nguyen/"


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = write(
        tmp_path_factory.mktemp("preview"),
        {
            "pyproject.toml": '[tool.bulletin]\ntitle = "Bản tin thử"\nbase_url = "https://bantin.example/noi-bo/"\n',
            "content/2016/2016-12-20-dai.md": item(LONG, title="Bài dài", date="2016-12-20"),
            DEAL: item(title="Bài thỏa thuận", value="gần 2.000 tỷ đồng"),
            "content/2016/2016-12-26-nhap.md": item(title="Bài nháp", date="2016-12-26", draft="true"),
            "content/2017/2017-02-01-hen.md": item(title="Bài hẹn", date="2017-02-01", publish="2017-02-01 08:00"),
        },
    )
    with previewed(root) as running:
        yield running


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page on which nothing may go wrong unseen."""
    context = chromium.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    context.close()
    assert faults == []


def save(preview: Running, path: str, text: str) -> None:
    (preview.root / path).write_text(text, encoding="utf-8")


def test_a_saved_item_is_shown_and_the_page_stays_where_it_was(preview: Running, page: Page) -> None:
    page.goto(preview.address + LONG_URL)
    expect(page.locator("aside.panel")).to_be_visible()
    page.evaluate("scrollTo(0, 1500)")
    save(preview, "content/2016/2016-12-20-dai.md", item(f"{LONG}\n\nCâu mới.", title="Bài dài", date="2016-12-20"))
    expect(page.locator(".text")).to_contain_text("Câu mới.")
    page.wait_for_function("scrollY === 1500")


def test_a_mistake_is_shown_with_its_line_and_goes_by_itself_once_mended(preview: Running, page: Page) -> None:
    page.goto(preview.address + DEAL_URL)
    save(preview, DEAL, item(title="Bài thỏa thuận", value="2,000 tỷ đồng"))
    problems = page.get_by_role("dialog")
    expect(problems).to_be_visible()
    expect(problems).to_contain_text(f"{DEAL}:5")
    expect(problems).to_contain_text("[amount-ambiguous-comma]")
    assert page.locator("h1").text_content() == "Bài thỏa thuận", "the last good page stays"
    save(preview, DEAL, item(title="Bài thỏa thuận", value="gần 2.000 tỷ đồng"))
    expect(problems).to_be_hidden()


def test_the_errors_can_be_closed_by_keyboard_and_shown_again(preview: Running, page: Page) -> None:
    page.goto(preview.address)
    save(preview, DEAL, item(title="Bài thỏa thuận", province="Thái Nguyen Xanh"))
    problems = page.get_by_role("dialog")
    expect(problems).to_be_visible()
    page.keyboard.press("Escape")
    expect(problems).to_be_hidden()
    page.get_by_role("button", name="xem lỗi").click()
    expect(problems).to_be_visible()
    page.keyboard.press("Enter")
    expect(problems).to_be_hidden()
    save(preview, DEAL, item(title="Bài thỏa thuận", value="gần 2.000 tỷ đồng"))
    expect(page.get_by_role("button", name="xem lỗi")).to_be_hidden()


def test_words_from_files_stay_words(preview: Running, page: Page) -> None:
    page.goto(preview.address)
    save(preview, DEAL, item(title="Bài thỏa thuận", province='"<img src=x onerror=alert(1)>"'))
    problems = page.get_by_role("dialog")
    expect(problems).to_contain_text("<img src=x onerror=alert(1)>")
    assert problems.locator("img").count() == 0
    save(preview, DEAL, item(title="Bài thỏa thuận", value="gần 2.000 tỷ đồng"))
    expect(problems).to_be_hidden()


def test_a_template_is_told_with_line_and_the_words_of_jinja(preview: Running, page: Page) -> None:
    page.goto(preview.address)
    write(preview.root, {"templates/item.html": '{% extends "base.html" %}\n{% block main %}\n{{ view.khong_co }}\n'})
    problems = page.get_by_role("dialog")
    expect(problems).to_contain_text("templates/item.html:3")
    expect(problems).to_contain_text("Unexpected end of template")
    (preview.root / "templates/item.html").unlink()
    expect(problems).to_be_hidden()


def test_settings_are_told_with_their_line(preview: Running, page: Page) -> None:
    page.goto(preview.address)
    good = (preview.root / "pyproject.toml").read_text("utf-8")
    save(preview, "pyproject.toml", good + "titel = 1\n")
    problems = page.get_by_role("dialog")
    expect(problems).to_contain_text("pyproject.toml:4")
    save(preview, "pyproject.toml", good.replace("Bản tin thử", "Bản tin mới"))
    expect(problems).to_be_hidden()
    expect(page.locator(".masthead .name")).to_have_text("Bản tin mới")


def test_ten_quick_saves_end_in_the_right_page(preview: Running, page: Page) -> None:
    page.goto(preview.address + LONG_URL)
    before = preview.said().count("đã dựng lại")
    for number in range(10):
        save(preview, "content/2016/2016-12-20-dai.md", item(f"Lần {number}.", title="Bài dài", date="2016-12-20"))
    expect(page.locator(".text")).to_have_text("Lần 9.")
    assert preview.said().count("đã dựng lại") - before < 10


def test_a_new_item_appears_and_a_deleted_one_goes_from_its_page_and_from_lists(
    preview: Running, page: Page, tmp_path: Path
) -> None:
    page.goto(preview.address)
    link = page.get_by_role("link", name="Bài chuyển đến", exact=True)
    # Moved in with an old time, as a file manager does.
    moved = (
        write(tmp_path, {"2016-12-24-moi.md": item(title="Bài chuyển đến", date="2016-12-24")}) / "2016-12-24-moi.md"
    )
    os.utime(moved, (1_000_000_000, 1_000_000_000))
    file = preview.root / "content/2016/2016-12-24-moi.md"
    shutil.move(moved, file)
    expect(page.locator("main").get_by_role("link", name="Bài chuyển đến").first).to_be_visible()
    expect(link.first).to_be_visible()
    page.goto(preview.address + "tin/2016/12/moi/")
    file.unlink()
    expect(page.locator("h1")).to_have_text("Không tìm thấy trang này")
    page.goto(preview.address)
    expect(link).to_have_count(0)


def test_a_page_that_shows_nothing_of_the_edited_item_offers_the_way_to_it(preview: Running, page: Page) -> None:
    page.goto(preview.address + "thang/2017/")
    page.evaluate("window.isSame = true")
    save(preview, "content/2016/2016-12-20-dai.md", item(f"{LONG}\n\nKhác.", title="Bài dài", date="2016-12-20"))
    offer = page.locator(".edited a")
    expect(offer).to_have_text("Bài dài")
    assert page.evaluate("window.isSame"), "nothing on this page has changed: it was not loaded again"
    offer.click()
    page.wait_for_url("**/tin/2016/12/dai/")
    expect(page.locator(".edited")).to_have_count(0)


def test_the_banner_says_when_where_and_how_much_in_words(preview: Running, page: Page) -> None:
    page.goto(preview.address + DEAL_URL)
    banner = page.locator("aside.panel")
    expect(banner).to_contain_text("Chủ Nhật, ngày 25 tháng 12 năm 2016")
    expect(banner).to_contain_text("gần\xa02.000\xa0tỷ\xa0đồng (gần hai nghìn tỷ đồng)")
    expect(banner.get_by_role("link", name="Thái Nguyên")).to_have_attribute("href", "/tinh/thai-nguyen/")
    expect(banner.get_by_role("link", name="Tháng 12/2016")).to_have_attribute("href", "/thang/2016-12/")


def test_drafts_and_scheduled_items_are_there_and_marked(preview: Running, page: Page) -> None:
    page.goto(preview.address + "tin/2016/12/nhap/")
    expect(page.locator("summary.draft")).to_have_text("bản nháp: người đọc chưa thấy bài này")
    page.goto(preview.address + "tin/2017/02/hen/")
    expect(page.locator("summary.waiting")).to_have_text("người đọc thấy bài này từ 08:00 01/02/2017")
    page.goto(preview.address)
    marked = page.locator("h2:has(a[href='tin/2017/02/hen/'])").first
    expect(marked).to_contain_text("đợi đến 08:00 01/02/2017")


def test_the_preview_of_every_state_is_accessible(preview: Running, chromium: Browser) -> None:
    axe = installed(AXE)
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(preview.address + DEAL_URL)
    expect(page.locator("aside.panel")).to_be_visible()
    found = violations(page, axe)
    save(preview, DEAL, item(title="Bài thỏa thuận", value="2,000 tỷ đồng"))
    expect(page.get_by_role("dialog")).to_be_visible()
    found += violations(page, axe)
    page.emulate_media(color_scheme="dark")
    found += violations(page, axe)
    page.keyboard.press("Escape")
    found += violations(page, axe)
    context.close()
    save(preview, DEAL, item(title="Bài thỏa thuận", value="gần 2.000 tỷ đồng"))
    assert found == []


def violations(page: Page, axe: Path) -> list[str]:
    page.add_script_tag(path=str(axe))
    found = page.evaluate("axe.run().then(result => result.violations)")
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]

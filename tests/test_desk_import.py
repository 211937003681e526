"""Files that people have already, at the desk: what was read is shown, and nothing is saved that nobody confirmed."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.builders import item
from tests.pictures import photo
from tests.previews import Running, previewed
from tests.sites import snapshot, write
from tests.test_desk_access import Client
from tests.test_look import AXE, installed, violations
from tests.word_files import link, paragraph, picture, styled, text, word
from tests.workbooks import xlsx

WORD = word(
    styled("Ký kết tại Thái Nguyên", "Tiu"),
    paragraph("Sáng 25/12/2016, hai bên ký thỏa thuận trị giá 2.000 tỷ đồng tại tỉnh Thái Nguyên."),
    f"<w:p>{picture('p1', 'Lễ ký kết')}</w:p>",
    files={"media/a.jpeg": photo(kind="JPEG")},
)
TWO_DAYS = word(
    styled("Ký kết tại Thái Nguyên", "Tiu"),
    paragraph("Sáng 25/12/2016, hai bên ký thỏa thuận."),
    paragraph("Sáng 26/12/2016, đoàn về."),
)
CHANGED = word(styled("Tin", "Tiu"), f'<w:p><w:ins w:id="1" w:author="Lan">{text("thêm")}</w:ins></w:p>')
DROP = """([name, data]) => {
  const given = new DataTransfer();
  given.items.add(new File([Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0))], name));
  const dropped = { bubbles: true, cancelable: true, dataTransfer: given };
  document.querySelector("main").dispatchEvent(new DragEvent("drop", dropped));
}"""
CONTENT = {"2016/a.md": item(title="Bài").encode()}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = write(tmp_path_factory.mktemp("desk"), {f"content/{path}": data for path, data in CONTENT.items()})
    with previewed(root) as running:
        yield running


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    """One page for all: nothing may go wrong on it unseen."""
    page = chromium.new_context(viewport={"width": 1360, "height": 900}).new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    yield page
    assert faults == []


def drop(page: Page, desk: Running, name: str, data: bytes, at: str = "") -> None:
    page.goto(f"{desk.address}_soan/{at}")
    page.evaluate(DROP, [name, b64encode(data).decode()])


def content(desk: Running) -> dict[str, bytes]:
    return snapshot(desk.root / "content")


def test_a_dropped_file_fills_the_form_and_its_pictures_land_when_it_is_saved(desk: Running, page: Page) -> None:
    drop(page, desk, "Tin Thái Nguyên.docx", WORD)
    page.wait_for_url("**/moi?ban=*")
    page.wait_for_selector("#than-bai [contenteditable=true]")
    expect(page.locator("#tu-tep")).to_contain_text("Tin Thái Nguyên.docx")
    assert page.input_value("[name=title]") == "Ký kết tại Thái Nguyên"
    assert page.input_value("input[name=date]") == "2016-12-25"
    expect(page.locator("[data-field=date] .read")).to_contain_text("Sáng 25/12/2016")
    shown = page.locator("#than-bai img[src]")
    assert shown.get_attribute("alt") == "Lễ ký kết"
    assert shown.evaluate("image => image.complete && image.naturalWidth") == 40
    assert content(desk) == CONTENT
    expect(page.frame_locator("#xem-truoc iframe").locator("img")).to_have_count(1)
    page.click("[data-do=save]")
    page.wait_for_url("**/bai/**")
    made = content(desk).keys() - CONTENT.keys()
    assert made == {"2016/2016-12-25-ky-ket-tai-thai-nguyen.md", "2016/tin-thai-nguyen-1.jpg"}


def test_where_a_file_says_two_things_people_choose(desk: Running, page: Page) -> None:
    before = content(desk)
    drop(page, desk, "hai-ngay.docx", TWO_DAYS, "nhap")
    page.wait_for_url("**/moi?ban=*")
    asked = page.locator("[data-field=date] .asked")
    expect(asked.locator("button")).to_have_text(["25/12/2016", "26/12/2016"])
    assert page.input_value("input[name=date]") == ""
    asked.locator("button").nth(1).click()
    assert page.input_value("input[name=date]") == "2016-12-26"
    expect(page.locator("[data-says=date]")).to_contain_text("26 tháng 12")
    page.wait_for_selector("#trang-thai[data-state=kept]")
    # Loaded again, the form goes on with what was chosen, and still says what was read.
    page.reload()
    assert page.input_value("input[name=date]") == "2016-12-26"
    expect(asked).to_have_count(1)
    page.click("[data-do=discard]")
    page.click("dialog [value=yes]")
    page.wait_for_url("**/_soan/")
    assert content(desk) == before


def test_tracked_changes_are_asked_about_and_a_bad_file_says_what_it_is(desk: Running, page: Page) -> None:
    drop(page, desk, "sua.docx", CHANGED)
    expect(page.locator("dialog [data-problem=intake-tracked-changes]")).to_contain_text("Lan")
    page.click("dialog [value=yes]")
    page.wait_for_url("**/moi?ban=*")
    expect(page.locator("#than-bai")).to_contain_text("thêm")
    drop(page, desk, "anh.docx", photo())
    expect(page.locator("dialog [data-problem=intake-unknown]")).to_contain_text("PNG")
    page.click("dialog button")


HEADINGS = ["Tỉnh/TP", "Ngày ký", "Giá trị (tỷ đồng)", "Tên thỏa thuận"]
TABLE = [["hue", "28/12/2016", 5, "Y tế số"], ["Phú Yên", "29/12/2016", 1.5]]


def test_a_spreadsheet_is_shown_before_anything_is_made_of_it(desk: Running, page: Page) -> None:
    before = content(desk)
    drop(page, desk, "bang.xlsx", xlsx([HEADINGS, *TABLE]))
    shown = page.locator("dialog .read-cells")
    heads = ["Dòng", "A · Tỉnh/TP", "B · Ngày ký", "C · Giá trị (tỷ đồng)", "D · Tên thỏa thuận"]
    expect(shown.locator("thead th")).to_have_text(heads)
    rows = shown.locator("tbody tr")
    expect(rows.nth(0)).to_contain_text("Thừa Thiên Huế ← hue")
    expect(rows.nth(1)).to_contain_text("một tỷ năm trăm triệu đồng ← 1,5")
    expect(page.locator("dialog")).to_contain_text("Tổng các giá trị đọc được: 6,5 tỷ đồng")
    page.click("dialog [value=no]")
    page.reload()
    expect(page.locator("main")).not_to_contain_text("bang")
    drop(page, desk, "bang.xlsx", xlsx([HEADINGS, *TABLE]), "nhap")
    page.click("dialog [value=yes]")
    page.wait_for_url("**/moi?ban=*")
    expect(page.locator("[name='deals.value'], [data-key=deals] input").first).to_be_attached()
    assert content(desk) == before


def test_a_mistake_in_a_spreadsheet_is_shown_with_its_cell(desk: Running, page: Page) -> None:
    drop(page, desk, "sai.xlsx", xlsx([HEADINGS, *TABLE, ["Huế", "30/02/2016", "2,000"]]))
    expect(page.locator("dialog [data-problem=date-day]")).to_contain_text("Sheet1, dòng 4, cột B «Ngày ký»")
    wrong = ["30/02/2016 (không đọc được)", "2,000 (không đọc được)"]
    expect(page.locator("dialog .read-cells .wrong")).to_have_text(wrong)
    assert violations(page, installed(AXE).read_text("utf-8")) == []
    expect(page.locator("dialog [value=yes]")).to_have_text("Đã hiểu")
    page.click("dialog [value=yes]")


def test_the_name_of_a_file_leads_nowhere(desk: Running) -> None:
    data = word(styled("Tin", "Tiu"), f"<w:p>{picture('p1')}</w:p>", files={"media/a.jpeg": photo(kind="JPEG")})
    before = {path for path in desk.root.parent.rglob("*") if ".desk" not in path.parts}
    client = Client(desk.port)
    for name in ("", "../../x.docx", "a/b.txt", "x" * 3000, "%00.txt"):
        assert client.send(f"tep?name={name}", data)[0] in {200, 400}
    assert {path for path in desk.root.parent.rglob("*") if ".desk" not in path.parts} == before


def test_links_to_other_files_are_not_opened(desk: Running) -> None:
    (desk.root / "mat.png").write_bytes(photo())
    outside = link("x", (desk.root / "mat.png").as_uri(), "image")
    data = word(styled("Tin", "Tiu"), f"<w:p>{text('a')}{picture('x')}</w:p>", links=outside)
    _, answer = Client(desk.port).send("tep?name=a.docx", data)
    assert [one["code"] for one in json.loads(answer)["problems"]] == ["intake-pictures-linked"]


def test_a_window_that_goes_on_with_a_copy_of_its_own_keeps_what_was_read(desk: Running) -> None:
    client = Client(desk.port)
    status, answer = client.send("tep?name=hai-ngay.docx", TWO_DAYS)
    assert status == 200
    address = json.loads(answer)["items"][0]["address"]

    def opened(address: str) -> dict[str, Any]:
        page = client.ask("GET", address, {})[1].decode()
        found = re.search('id="du-lieu">(.*?)</script>', page, re.DOTALL)
        assert found is not None
        return cast("dict[str, Any]", json.loads(found[1]))

    first = opened(address)
    sent = {key: first[key] for key in ("path", "copy", "after", "digest", "base")}
    copies = set()
    for title in ("Cửa sổ một", "Cửa sổ hai"):
        status, answer = client.post("giu", {**sent, "fields": {"title": title}})
        assert status == 200
        copies.add(json.loads(answer)["copy"])
    assert len(copies) == 2, "the second has not seen what the first has kept"
    for copy in copies:
        assert opened(f"/_soan/moi?ban={copy}")["incoming"] == first["incoming"]
        client.post("bo", {"copy": copy})

"""The desk as people use it: the real command, seen in real Chromium."""

from __future__ import annotations

import re
import shutil
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.builders import item
from tests.editor import OPENED, put_cursor
from tests.pictures import photo
from tests.previews import Running, command, previewed, started
from tests.sites import REPOSITORY, write
from tests.test_look import AXE, installed, violations
from tests.typing_replay import TEXT, Keyboard

BODY = "Đoạn một.\n\n## Đề mục\n\nĐoạn hai.\n\n- Ý một\n- Ý hai\n\n| Cột | Số |\n|---|---|\n| A | 1 |\n"
PLAIN = "content/2016/2016-12-25-thai-nguyen.md"
SETTINGS = '[tool.bulletin]\ntitle = "Bản tin thử"\nbase_url = "https://bantin.example/noi-bo/"\n'


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("desk")
    shutil.copytree(REPOSITORY / "content", root / "content")
    settings = (REPOSITORY / "pyproject.toml").read_text("utf-8")
    settings = settings.replace("[tool.bulletin]\n", '[tool.bulletin]\nnationwide_label = "Toàn công ty"\n')
    write(root, {"pyproject.toml": settings, PLAIN: item(BODY)})
    with previewed(root) as running:
        yield running


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1360, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which nothing may go wrong unseen."""
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    yield page
    assert faults == []


def opened(desk: Running, page: Page, path: str = PLAIN) -> Page:
    page.goto(f"{desk.address}_soan/bai/{path.removeprefix('content/')}")
    page.wait_for_selector(OPENED)
    return page


def stands(page: Page, state: str) -> None:
    expect(page.locator("#trang-thai")).to_have_attribute("data-state", state, timeout=15_000)


def text_of(desk: Running, path: str = PLAIN) -> str:
    return (desk.root / path).read_bytes().decode()


def save(page: Page) -> None:
    page.click("button[data-do=save]")
    stands(page, "saved")


@pytest.fixture
def fresh(desk: Running) -> Iterator[None]:
    """The plain item as it was in the beginning, and no working copy."""
    yield
    (desk.root / PLAIN).write_text(item(BODY), encoding="utf-8")
    for copy in (desk.root / ".desk" / "working").glob("*"):
        copy.unlink()


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("pause", [0, 10], ids=["at full speed", "paced"])
@pytest.mark.parametrize("way", ["replacing", "composing"])
def test_every_letter_that_is_typed_is_right(desk: Running, page: Page, way: str, pause: int) -> None:
    opened(desk, page)
    keyboard = Keyboard(page, way, pause)
    places = ("p >> nth=0", "h2", "li >> nth=1", "td >> nth=0")
    for place in places:
        put_cursor(page, place, "End")
        page.keyboard.type(" ")
        keyboard.type(TEXT)
        expect(page.locator(f"{OPENED} {place}")).to_contain_text(TEXT)
    page.focus("[name=title]")
    page.keyboard.press("End")
    keyboard.type(f" {TEXT}")
    expect(page.locator("[name=title]")).to_have_value(re.compile(TEXT))
    stands(page, "kept")
    save(page)
    assert text_of(desk).count(TEXT) == len(places) + 1


def test_opening_an_item_and_looking_around_changes_nothing(desk: Running, page: Page) -> None:
    for file in sorted((desk.root / "content").rglob("*.md")):
        before = file.read_bytes()
        opened(desk, page, file.relative_to(desk.root).as_posix())
        page.focus("[name=title]")
        page.keyboard.press("End")
        page.keyboard.type("x")
        stands(page, "kept")
        page.keyboard.press("Backspace")
        # All blocks were sent back, and the text that they make is that of the file.
        stands(page, "saved")
        assert file.read_bytes() == before


ADDRESSES = (
    *("_soan/", "_soan/moi", "_soan/xuat-ban", "_soan/da-xoa", "_soan/bai/2016/2016-12-31-tong-hop-thang-12.md"),
    "_soan/bai/2016/2016-11-30-ba-dia-phuong-dau-tien.md",
    "_soan/nhap",
    "_soan/an-pham?ky=2016-11",
    *("_soan/bai/2016/2016-12-25-thai-nguyen.md", "_soan/ban/2016/2016-12-25-thai-nguyen.md"),
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(desk: Running, page: Page, address: str) -> None:
    axe = installed(AXE).read_text("utf-8")
    page.goto(desk.address + address)
    if "bai/" in address or "moi" in address:
        page.wait_for_selector(OPENED)
        page.wait_for_selector("#than-bai .tools button")
    assert violations(page, axe) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_item_is_written_and_saved_with_the_keyboard_alone(desk: Running, page: Page) -> None:
    page.goto(f"{desk.address}_soan/")
    press = page.keyboard.press
    page.get_by_role("link", name="Viết bài mới").focus()
    press("Enter")
    page.wait_for_selector(OPENED)
    page.get_by_label("Tiêu đề").focus()
    page.keyboard.type("Viết bằng bàn phím")
    press("Tab")
    page.keyboard.type("da nang")
    press("Enter")
    press("Tab")
    page.keyboard.type("30/11/2016")
    press("Tab")
    press("Tab")
    page.keyboard.type("2 tỷ đồng")
    while not page.evaluate("document.activeElement.isContentEditable"):
        press("Tab")
    page.keyboard.type("Một câu.")
    press("Control+b")
    page.keyboard.type(" Đậm.")
    press("Control+s")
    page.wait_for_url("**/bai/**")
    stands(page, "saved")
    (file,) = (desk.root / "content").rglob("*viet-bang-ban-phim.md")
    assert file.read_text("utf-8") == (
        "---\ntitle: Viết bằng bàn phím\nprovince: Đà Nẵng\ndate: 30/11/2016\nvalue: 2 tỷ đồng\n---\n\n"
        "Một câu. **Đậm.**\n"
    )
    file.unlink()


@pytest.mark.usefixtures("fresh")
def test_what_is_wrong_stands_beside_its_field_and_is_not_saved(desk: Running, page: Page) -> None:
    opened(desk, page)
    before = text_of(desk)
    page.fill("[name=date]", "31/2/2016")
    page.fill("[name=province]", "Thái Nguyên Xanh")
    page.press("[name=province]", "Enter")
    expect(page.locator("#p-date [data-problem]")).to_have_count(1)
    expect(page.locator("#p-province [data-problem]")).to_have_count(1)
    page.click("button[data-do=save]")
    stands(page, "error")
    assert text_of(desk) == before
    page.reload()
    page.wait_for_selector(OPENED)
    expect(page.locator("[name=date]")).to_have_value("31/2/2016")


@pytest.mark.usefixtures("fresh")
def test_a_general_notice_is_called_as_readers_see_it(desk: Running, page: Page) -> None:
    opened(desk, page)
    page.click(".chips:has([name=province]) li button")
    page.fill("[name=province]", "toan c")
    expect(page.locator("#l-province li")).to_have_text(["Toàn công ty"])
    page.press("[name=province]", "Enter")
    expect(page.locator(".chips:has([name=province]) ul:first-child li")).to_have_text(["Toàn công ty×"])
    page.click("button[data-do=save]")
    stands(page, "saved")
    assert "\nprovince: Toàn quốc\n" in text_of(desk), "a header that goes on being right if the setting changes"


@pytest.mark.usefixtures("fresh")
def test_the_amount_is_answered_in_words_and_the_day_with_its_weekday(desk: Running, page: Page) -> None:
    opened(desk, page)
    page.fill("[name=value]", "2000 tỷ")
    expect(page.locator("[data-says=value]")).to_contain_text("hai nghìn tỷ đồng")
    page.fill("[name=value]", "20000 tỷ")
    expect(page.locator("[data-says=value]")).to_contain_text("hai mươi nghìn tỷ đồng")
    page.fill("[name=date]", "25/12/2016")
    expect(page.locator("[data-says=date]")).to_contain_text("Chủ Nhật")


@pytest.mark.usefixtures("fresh")
def test_the_real_page_beside_the_text_follows_it(desk: Running, page: Page) -> None:
    opened(desk, page)
    put_cursor(page, "p >> nth=0", "End")
    page.keyboard.type(" Câu vừa gõ.")
    expect(page.frame_locator("#xem-truoc iframe").locator("main .text")).to_contain_text("Câu vừa gõ.")


@pytest.mark.usefixtures("fresh")
def test_both_ways_of_writing_show_one_text(desk: Running, page: Page) -> None:
    opened(desk, page)
    page.click("button[data-tab=nguon]")
    expect(page.locator("textarea[name=body]")).to_have_value(BODY)
    page.fill("textarea[name=body]", BODY + "\n*[Nguồn]: gốc\n\nThêm **một** đoạn.\n")
    page.click("button[data-tab=soan]")
    expect(page.locator(f"{OPENED} strong")).to_have_text("một")
    save(page)
    assert text_of(desk).endswith(BODY + "\n*[Nguồn]: gốc\n\nThêm **một** đoạn.\n")


@pytest.mark.usefixtures("fresh")
def test_a_file_that_another_program_changed_is_not_overwritten(desk: Running, page: Page) -> None:
    opened(desk, page)
    put_cursor(page, "p >> nth=0", "End")
    page.keyboard.type(" Của tôi.")
    stands(page, "kept")
    theirs = text_of(desk).replace("Đoạn một.", "Đoạn một của họ.").replace("Đoạn hai.", "Đoạn hai của họ.")
    (desk.root / PLAIN).write_text(theirs, encoding="utf-8")
    page.click("button[data-do=save]")
    stands(page, "conflict")
    assert text_of(desk) == theirs
    choice = page.locator("#xung-dot fieldset")
    expect(choice).to_have_count(1)
    page.get_by_role("button", name="Lưu theo các lựa chọn").click()
    stands(page, "conflict")
    choice.get_by_label("Bản đang viết").check()
    page.get_by_role("button", name="Lưu theo các lựa chọn").click()
    stands(page, "saved")
    assert "Đoạn một. Của tôi." in text_of(desk)
    assert "Đoạn hai của họ." in text_of(desk), "what they alone have changed stays"


@pytest.mark.usefixtures("fresh")
def test_two_windows_on_one_item_lose_nothing(desk: Running, context: BrowserContext, page: Page) -> None:
    other = opened(desk, context.new_page())
    opened(desk, page)
    for window, words, place in ((page, " Một.", "p >> nth=0"), (other, " Hai.", "li >> nth=1")):
        put_cursor(window, place, "End")
        window.keyboard.type(words)
        stands(window, "kept")
    save(page)
    other.click("button[data-do=save]")
    stands(other, "conflict")
    expect(other.locator("#xung-dot")).to_contain_text("giữ được cả hai")
    other.get_by_role("button", name="Lưu cả hai").click()
    stands(other, "saved")
    assert "Đoạn một. Một." in text_of(desk)
    assert "- Ý hai Hai." in text_of(desk)


DROP = """(place, files) => {
    const data = new DataTransfer();
    const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    for (const [name, text] of files) data.items.add(new File([bytes(text)], name));
    const { left, top } = place.getBoundingClientRect();
    const where = { clientX: left + 2, clientY: top + 2 };
    place.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true, ...where }));
}"""
PASTE = """(place, [kind, text]) => {
    const data = new DataTransfer();
    data.setData(kind, text);
    place.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def drop(page: Page, place: str, **files: bytes) -> None:
    """Drop files, named by `name_ending`, onto a place of the text."""
    named = [(name.replace("_", "."), b64encode(data).decode()) for name, data in files.items()]
    page.locator(f"{OPENED} {place}").evaluate(DROP, named)


@pytest.fixture
def emptied(desk: Running) -> Iterator[None]:
    """No files beside the items afterwards but those of the beginning."""
    before = set((desk.root / "content").rglob("*"))
    yield
    for file in sorted(set((desk.root / "content").rglob("*")) - before, reverse=True):
        file.unlink() if file.is_file() else file.rmdir()


@pytest.mark.usefixtures("fresh", "emptied")
def test_pictures_that_are_dropped_at_once_are_asked_about_one_by_one(desk: Running, page: Page) -> None:
    opened(desk, page)
    put_cursor(page, "li >> nth=1")
    drop(page, "p >> nth=0", mot_png=photo(width=20, height=20), hai_png=photo(width=30, height=20))
    dialog = page.get_by_role("dialog", name="Ảnh này cho thấy gì?")
    dialog.get_by_role("button", name="Xong").click()
    expect(dialog).to_be_visible()
    dialog.get_by_label("Mô tả").fill("Lễ ký")
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Mô tả")).to_have_value("")
    dialog.get_by_label("Ảnh chỉ để trang trí").check()
    dialog.get_by_role("button", name="Xong").click()
    # Together, and in a paragraph of their own before the one that they were dropped onto: a gallery.
    expect(page.locator(f"{OPENED} p >> nth=0 >> .picture")).to_have_count(2)
    page.keyboard.type("Chữ sau ảnh. ")
    # Its words can be mended later, with the mouse or with the button.
    page.locator(f"{OPENED} .picture >> nth=1").click()
    page.get_by_role("button", name="Ảnh, tệp").click()
    dialog.get_by_label("Mô tả").fill("Toàn cảnh")
    page.keyboard.press("Enter")
    save(page)
    assert "\n![Lễ ký](mot.png)![Toàn cảnh](hai.png)\n\nChữ sau ảnh. Đoạn một.\n" in text_of(desk)


@pytest.mark.usefixtures("fresh", "emptied")
def test_a_click_on_the_picture_says_what_crops_must_keep(desk: Running, page: Page) -> None:
    write(desk.root, {"content/2016/to.png": photo(width=400, height=200)})
    opened(desk, page)
    page.fill("[name=image]", "to.png")
    page.fill("[name=image_alt]", "Lễ ký")
    page.get_by_role("button", name="Chọn trên ảnh").click()
    dialog = page.get_by_role("dialog", name="Bấm vào chỗ phải giữ")
    shown = dialog.locator("img")
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 400
    box = shown.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.1)
    dialog.get_by_role("button", name="Xong").click()
    expect(page.locator("[name=image_focus]")).to_have_value(re.compile(r"7[456]% (9|10|11)%"))
    save(page)
    assert re.search(r"\nimage_focus: 7[456]% (9|10|11)%\n", text_of(desk))


@pytest.mark.usefixtures("fresh", "emptied")
@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a_heic", b"\0\0\0\x18ftypheic" + b"\0" * 200, "trên iPhone"),
        ("a_jpg", b"%PDF-1.4\n", "đổi đuôi của tên thành .pdf"),
        ("a_exe", b"MZ\0\0", "bản tin không nhận"),
    ],
)
def test_a_file_that_is_not_taken_says_what_to_do(desk: Running, page: Page, name: str, data: bytes, told: str) -> None:
    opened(desk, page)
    drop(page, "p >> nth=0", **{name: data})
    dialog = page.get_by_role("dialog", name="Không nhận được tệp này")
    expect(dialog).to_contain_text(re.compile(re.escape(told), re.IGNORECASE))


def test_a_new_item_says_beside_each_field_what_is_missing(desk: Running, page: Page) -> None:
    axe = installed(AXE).read_text("utf-8")
    page.goto(f"{desk.address}_soan/moi")
    page.wait_for_selector(OPENED)
    page.click("button[data-do=save]")
    stands(page, "error")
    for key in ("title", "province", "date"):
        expect(page.locator(f"#p-{key} [data-problem]")).to_have_count(1)
    told = " ".join(page.locator("#bai .problems").all_inner_texts())
    assert not re.search(r"khóa|---|\b[a-z_]+: ", told), told
    assert violations(page, axe) == []
    page.get_by_role("button", name="Bỏ bản đang viết…").click()
    assert violations(page, axe) == []
    page.get_by_role("dialog").get_by_role("button", name="Bỏ bản đang viết").click()
    page.wait_for_url("**/_soan/")


@pytest.mark.usefixtures("fresh")
def test_cells_of_a_spreadsheet_fill_the_deals_without_their_head(desk: Running, page: Page) -> None:
    opened(desk, page)
    page.get_by_text("Nhiều thỏa thuận trong một bài").click()
    page.get_by_role("button", name="Thêm thỏa thuận").click()
    cells = "Tỉnh\tNgày ký\tGiá trị\nHải Dương\t05/12/2016\t1.200 tỷ đồng\nNam Định\t12/2016\tchưa công bố\n"
    page.locator("[data-key=deals] input >> nth=0").evaluate(PASTE, ["text/plain", cells])
    rows = page.locator("[data-key=deals] .row")
    expect(rows).to_have_count(2)
    expect(rows.first.get_by_label("Tỉnh")).to_have_value("Hải Dương")
    expect(rows.first.locator(".says")).to_contain_text("một nghìn hai trăm tỷ đồng")


@pytest.mark.usefixtures("fresh")
def test_what_word_has_written_is_pasted_without_its_styles(desk: Running, page: Page) -> None:
    opened(desk, page)
    put_cursor(page, "p >> nth=0", "End")
    styled = "<style>p{margin:0}</style><p class=MsoNormal style='color:red'>Dán <b style='mso-bidi:1'>đậm</b></p>"
    page.locator(OPENED).evaluate(PASTE, ["text/html", styled])
    expect(page.locator(f"{OPENED} strong")).to_have_text("đậm")


@pytest.mark.usefixtures("fresh")
def test_a_link_to_another_item_or_to_an_address_as_people_write_it(desk: Running, page: Page) -> None:
    opened(desk, page)
    put_cursor(page, "p >> nth=0", "End")
    page.get_by_role("button", name="Liên kết").click()
    page.get_by_label("Tìm bài trong bản tin").press_sequentially("hung yen tinh thu hai")
    page.get_by_role("button", name="Hưng Yên là tỉnh thứ hai").click()
    page.get_by_role("button", name="Chèn liên kết").click()
    put_cursor(page, "p >> nth=1")
    page.get_by_role("button", name="Liên kết").click()
    page.get_by_label("Địa chỉ", exact=True).fill("www.viettel.vn")
    page.get_by_role("button", name="Chèn liên kết").click()
    save(page)
    assert "(2016-12-21-hung-yen.md)" in text_of(desk)
    assert "Đoạn hai.[www.viettel.vn](https://www.viettel.vn)\n" in text_of(desk)


@pytest.mark.usefixtures("fresh")
def test_a_picture_that_is_not_there_is_told_beside_the_text(desk: Running, page: Page) -> None:
    opened(desk, page)
    page.click("button[data-tab=nguon]")
    page.fill("textarea[name=body]", "![Lễ ký](khong-co.jpg)\n")
    expect(page.locator(".problems[data-for=body] [data-problem=link-to-no-file]")).to_contain_text("Thả tệp vào bài")


@pytest.mark.usefixtures("fresh")
def test_the_hour_of_publication_is_answered_in_words(desk: Running, page: Page) -> None:
    opened(desk, page)
    page.locator("summary", has_text="Ít dùng").click()
    page.fill("[name=publish]", "01/12/2026 8h30")
    expect(page.locator("[data-says=publish]")).to_have_text("08:30, Thứ Ba, ngày 01 tháng 12 năm 2026")


@pytest.mark.usefixtures("fresh")
def test_the_time_of_an_event_is_answered_in_words(desk: Running, page: Page) -> None:
    opened(desk, page)
    page.locator("summary", has_text="Sự kiện").click()
    page.fill("[name=event]", "30/12/2016 8:00 – 11:30")
    expect(page.locator("[data-says=event]")).to_have_text("Thứ Sáu, 30/12/2016, 8 giờ – 11 giờ 30")
    page.fill("[name=event]", "30/12/2016 11:30 – 8:00")
    expect(page.locator(".problems[data-for=event] [data-problem=event-ends-first]")).to_contain_text("trước khi")
    page.fill("[name=event]", "")
    page.fill("[name=place]", "Huế")
    expect(page.locator(".problems[data-for=place] [data-problem=place-without-event]")).to_be_visible()


@pytest.mark.usefixtures("fresh")
def test_the_keyboard_leaves_a_text_that_ends_in_a_table(desk: Running, page: Page) -> None:
    opened(desk, page)
    put_cursor(page, "th >> nth=0")
    page.keyboard.press("Tab")
    page.keyboard.type("x")
    expect(page.locator(f"{OPENED} th >> nth=1")).to_have_text("x")
    for key, place in (("Tab", "[name=summary]"), ("Shift+Tab", "[data-do]")):
        put_cursor(page, "td >> nth=1", "Escape")
        page.keyboard.press(key)
        assert not page.evaluate("document.activeElement.isContentEditable"), key
        assert place != "[name=summary]" or page.evaluate("document.activeElement.name") == "summary"
    expect(page.locator(f"{OPENED} tr")).to_have_count(2)
    expect(page.locator("#h-than-bai")).to_contain_text("bấm Esc, rồi Tab")


@pytest.mark.usefixtures("fresh")
def test_all_of_a_long_title_is_seen_on_a_phone(desk: Running, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    opened(desk, page)
    title = page.locator("textarea[name=title]")
    low = title.evaluate("field => field.clientHeight")
    words = "Viettel và UBND tỉnh Thái Nguyên hợp tác xây dựng thành phố thông minh, chính quyền điện tử"
    title.fill(f"{words}\n")
    title.press("Enter")
    assert title.evaluate("field => field.clientHeight") > 2 * low
    assert title.evaluate("field => field.scrollHeight - field.clientHeight") <= 0
    save(page)
    assert f"title: {words}\n" in text_of(desk)


@pytest.mark.usefixtures("fresh")
def test_the_numbers_of_a_list_survive_opening_and_editing(desk: Running, page: Page) -> None:
    (desk.root / PLAIN).write_text(item("5. Một\n6. Hai\n9. Ba\n"), encoding="utf-8")
    opened(desk, page)
    put_cursor(page, "li >> nth=0", "End")
    page.keyboard.type(" thêm")
    put_cursor(page, "li >> nth=2", "End")
    page.keyboard.press("Enter")
    page.keyboard.type("Bốn")
    save(page)
    assert text_of(desk).endswith("5. Một thêm\n6. Hai\n9. Ba\n10. Bốn\n")


@pytest.mark.usefixtures("fresh")
def test_with_errors_the_page_beside_says_that_it_is_the_old_one(desk: Running, page: Page) -> None:
    opened(desk, page)
    old = page.locator("#trang-cu")
    expect(page.locator("#xem-truoc iframe")).to_be_visible()
    expect(old).to_be_hidden()
    page.fill("[name=date]", "31/2/2016")
    expect(old).to_be_visible()
    page.fill("[name=date]", "25/12/2016")
    expect(old).to_be_hidden()


@pytest.mark.usefixtures("fresh")
def test_what_befalls_the_file_is_told_while_one_writes(desk: Running, page: Page) -> None:
    opened(desk, page)
    told = page.locator("#so-phan [data-problem]")
    (desk.root / PLAIN).write_text(item("Của họ.", draft="true"), encoding="utf-8")
    page.fill("[name=title]", "Tên của tôi")
    expect(told).to_have_attribute("data-problem", "desk-fate-draft")
    (desk.root / PLAIN).write_text(item(BODY), encoding="utf-8")
    page.fill("[name=title]", "Tên của tôi nữa")
    expect(told).to_have_count(0)
    moved = desk.root / "content/2016/2016-12-25-ten-moi.md"
    (desk.root / PLAIN).rename(moved)
    for number in range(100):
        page.fill("[name=title]", f"Tên của tôi {number}")
        page.wait_for_timeout(200)
        if page.locator("[data-problem=desk-fate-moved]").count():
            break
    page.get_by_role("button", name="Viết tiếp ở tên mới").click()
    page.wait_for_url("**/bai/2016/2016-12-25-ten-moi.md?ban=*")
    page.wait_for_selector(OPENED)
    save(page)
    assert "title: Tên của tôi" in moved.read_text("utf-8")
    assert not (desk.root / PLAIN).exists()
    moved.unlink()


@pytest.mark.usefixtures("fresh")
def test_a_file_of_ones_own_machine_is_no_address(desk: Running, page: Page) -> None:
    opened(desk, page)
    put_cursor(page, "p >> nth=0")
    for address in ("D:\\tai-lieu\\a.pdf", "file:///home/a.pdf", "\\\\may-chu\\a.pdf"):
        page.get_by_role("button", name="Liên kết").click()
        page.get_by_label("Địa chỉ", exact=True).fill(address)
        page.get_by_role("button", name="Chèn liên kết").click()
        dialog = page.get_by_role("dialog", name="Người đọc không mở được địa chỉ này")
        expect(dialog).to_contain_text("thả tệp vào bài")
        page.keyboard.press("Escape")
    expect(page.locator(f"{OPENED} a")).to_have_count(0)


@pytest.mark.usefixtures("fresh")
def test_a_text_of_a_hundred_thousand_letters_is_typed_in_and_kept(desk: Running, page: Page) -> None:
    long = "\n\n".join(f"Đoạn {number} {'về việc ký kết giữa hai bên ' * 33}".strip() for number in range(110))
    (desk.root / PLAIN).write_text(item(f"{long}\n"), encoding="utf-8")
    assert len(long) > 100_000
    opened(desk, page)
    put_cursor(page, "p >> nth=50", "End")
    page.keyboard.type(" Thêm chữ.")
    save(page)
    # «End» leads to the end of a line on the screen, which may be amid the paragraph.
    assert text_of(desk).replace("Thêm chữ.", "", 1) == item(f"{long}\n")


def test_a_version_is_brought_back(desk: Running, page: Page) -> None:
    path = "content/2016/2016-12-20-cac-ban.md"
    write(desk.root, {path: item(title="Các bản", date="2016-12-20")})
    before = text_of(desk, path)
    opened(desk, page, path)
    page.fill("[name=title]", "Tên khác hẳn")
    save(page)
    page.get_by_role("link", name="Các bản đã lưu").click()
    expect(page.locator(".difference >> nth=0")).to_contain_text("Tên khác hẳn")
    # The first version adds each field; nobody has to read its header.
    expect(page.locator(".difference >> nth=1")).to_contain_text("Tiêu đề: Các bản")
    page.locator(".difference >> nth=1").get_by_role("button").click()
    page.get_by_role("dialog").get_by_role("button", name="Lấy lại").click()
    page.wait_for_url("**/bai/**")
    assert text_of(desk, path) == before
    (desk.root / path).unlink()


@pytest.mark.usefixtures("fresh")
def test_an_item_that_others_link_to_is_deleted_once_their_links_are_mended(desk: Running, page: Page) -> None:
    linking = "content/2016/2016-12-26-noi.md"
    text = item("Xem [bài trước](2016-12-25-thai-nguyen.md).", title="Bài nối", date="2016-12-26")
    write(desk.root, {linking: text})
    for _ in range(50):
        page.goto(f"{desk.address}_soan/?q=bai+noi")
        if page.locator(".rows li").count():
            break
        page.wait_for_timeout(200)
    opened(desk, page)
    page.click("button[data-do=delete]")
    page.get_by_role("dialog").get_by_role("button", name="Xóa bài").click()
    dialog = page.get_by_role("dialog", name="Bài khác còn dẫn đến bài này")
    expect(dialog).to_contain_text("Bài nối")
    assert (desk.root / PLAIN).exists()
    dialog.get_by_role("button", name="Gỡ liên kết rồi xóa").click()
    page.wait_for_url("**/_soan/")
    assert not (desk.root / PLAIN).exists()
    page.get_by_role("link", name="Bài đã xóa").click()
    page.locator(".row-title a", has_text=re.compile("^Tin$")).click()
    page.get_by_role("button", name="Lấy lại bản này").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Lấy lại").click()
    page.wait_for_url("**/bai/**")
    assert text_of(desk) == item(BODY)
    assert text_of(desk, linking).endswith("Xem bài trước.")
    (desk.root / linking).unlink()


def test_what_was_typed_outlives_the_server_and_the_browser(chromium: Browser, tmp_path: Path) -> None:
    """The server is killed while one types, and later the browser: at most the last two seconds may be gone."""
    root = write(tmp_path, {PLAIN: item(BODY), "pyproject.toml": SETTINGS})
    context = chromium.new_context()
    with previewed(root) as first:
        page = opened(first, context.new_page())
        put_cursor(page, "p >> nth=0", "End")
        page.keyboard.type(" Trước.")
        stands(page, "kept")
        first.process.kill()
        first.process.wait()
        page.keyboard.type(" Khi máy chủ tắt.")
        expect(page.locator("#trang-thai")).to_contain_text("Mất liên lạc")
        again = started(command(root, first.port), root / "again.log", "utf-8")
        try:
            stands(page, "kept")
            page.keyboard.type(" Sau.")
            stands(page, "kept")
            context.close()
            later = chromium.new_context()
            form = opened(first, later.new_page())
            expect(form.locator(OPENED)).to_contain_text("Trước. Khi máy chủ tắt. Sau.")
            assert text_of(first) == item(BODY)
            later.close()
        finally:
            again.kill()
            again.wait()


@pytest.mark.parametrize("address", ["_soan/bai/2016/2016-12-25-thai-nguyen.md", "_soan/moi"])
def test_what_the_browser_alone_has_is_offered_when_the_item_is_opened_again(
    chromium: Browser, tmp_path: Path, address: str
) -> None:
    root = write(tmp_path, {PLAIN: item(BODY), "pyproject.toml": SETTINGS})
    context = chromium.new_context()
    with previewed(root) as running:
        page = context.new_page()
        page.goto(running.address + address)
        page.wait_for_selector(OPENED)
        running.process.kill()
        running.process.wait()
        page.fill("[name=title]", "Tên chưa kịp gửi")
        expect(page.locator("#trang-thai")).to_contain_text("Mất liên lạc")
        page.close()
        again = started(command(root, running.port), root / "again.log", "utf-8")
        try:
            running.wait_for_answer()
            form = context.new_page()
            form.goto(running.address + address)
            form.get_by_role("dialog").get_by_role("button", name="Lấy lại").click()
            expect(form.locator("[name=title]")).to_have_value("Tên chưa kịp gửi")
            stands(form, "kept")
        finally:
            again.kill()
            again.wait()
            context.close()

"""A morning of three people at one desk, in real Chromium: two may publish, one may only write."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from bulletin.desk.team import Users
from tests.builders import item
from tests.editor import OPENED, put_cursor
from tests.people import PASSWORDS, with_users
from tests.previews import Running, previewed
from tests.sites import write
from tests.test_desk_page import save, stands

ITEMS = int(os.environ.get("BULLETIN_WALK", "3"))
BODY = "Đoạn một.\n\nĐoạn hai.\n\nĐoạn ba.\n"
PATH = "content/2016/a.md"
PEOPLE = {**PASSWORDS, "thu hà": "sông Hương, núi Ngự"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = with_users(write(tmp_path_factory.mktemp("walk"), {PATH: item(BODY, title="Bài chung")}))
    Users(root).add("thu hà", "publish", PEOPLE["thu hà"])
    with previewed(root) as running:
        yield running


@pytest.fixture(scope="module")
def people(desk: Running, chromium: Browser) -> Iterator[dict[str, Page]]:
    """Everybody signed in, each at a page of their own on which nothing may go wrong unseen."""
    with ExitStack() as contexts:
        pages, faults = {}, list[str]()
        for name, password in PEOPLE.items():
            page = contexts.enter_context(chromium.new_context(viewport={"width": 1280, "height": 900})).new_page()
            page.on("pageerror", lambda fault: faults.append(str(fault)))
            page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
            page.goto(f"{desk.address}_soan/")
            page.fill("#ten", name)
            page.fill("#mat-khau", password)
            page.keyboard.press("Enter")
            page.wait_for_url("**/_soan/")
            pages[name] = page
        yield pages
        assert faults == []


def at(desk: Running, page: Page, address: str = "bai/2016/a.md") -> Page:
    page.goto(f"{desk.address}_soan/{address}")
    page.wait_for_selector(OPENED)
    return page


def add(page: Page, paragraph: int, words: str) -> None:
    put_cursor(page, f"p >> nth={paragraph}", "End")
    page.keyboard.type(words)
    stands(page, "kept")


def test_three_people_write_at_once(desk: Running, people: dict[str, Page]) -> None:
    writers = [list(people.items())[number % len(people)] for number in range(ITEMS)]
    for number, (name, page) in enumerate(writers):
        at(desk, page, "moi")
        page.fill("[name=title]", f"Bài {number} của {name}")
        page.fill("[name=province]", "hue")
        page.press("[name=province]", "Enter")
        page.fill("[name=date]", "25/12/2016")
        put_cursor(page, "p")
        page.keyboard.type(f"Tin thứ {number}.")
        stands(page, "kept")
    # All of them stand unsaved; nobody's list opens what is another's unaware.
    _, (other, reader), *_ = people.items()
    with reader.context.new_page() as listed:
        listed.goto(f"{desk.address}_soan/")
        expect(listed.locator(".meta").filter(has_text="của lan").first).to_be_visible()
        expect(listed.locator(".meta").filter(has_text=f"của {other}")).to_have_count(0)
    for name, page in dict(reversed(writers)).items():
        page.click("button[data-do=save]")
        page.wait_for_url("**/bai/2016/**")
        expect(page.locator("#da-luu")).to_contain_text(f"{name} lưu lúc")
    entries = [json.loads(line) for line in (desk.root / ".desk/log.jsonl").read_text("utf-8").splitlines()]
    assert {entry["by"] for entry in entries if entry["what"] == "created"} == set(dict(writers))


def test_two_at_one_item_see_each_other_and_lose_nothing(desk: Running, people: dict[str, Page]) -> None:
    lan, ha = people["lan"], people["thu hà"]
    at(desk, lan)
    at(desk, ha)
    expect(ha.locator("#nguoi-khac")).to_have_text("lan cũng đang mở bài này.")
    add(lan, 0, " Của Lan.")
    add(ha, 0, " Của Hà.")
    save(lan)
    ha.click("button[data-do=save]")
    stands(ha, "conflict")
    expect(ha.locator("#xung-dot")).to_contain_text("Từ khi bạn mở bài, lan đã lưu bản khác")
    # While one chooses, the other saves again: the choice is between other versions then.
    add(lan, 0, " Hai lần.")
    save(lan)
    for words in ("Hai lần.", ""):
        ha.locator("#xung-dot").get_by_label("Bản đang viết").check()
        ha.get_by_role("button", name="Lưu theo các lựa chọn").click()
        if words:
            expect(ha.locator("#xung-dot")).to_contain_text(words)
    stands(ha, "saved")
    expect(ha.locator("#da-luu")).to_contain_text("thu hà lưu lúc")
    assert "Của Hà." in (desk.root / PATH).read_text("utf-8")
    ha.click("text=Các bản đã lưu")
    expect(ha.locator("section.difference h2").first).to_contain_text("thu hà")
    expect(ha.locator("main")).to_contain_text("Của Lan.")


def test_what_a_colleague_left_half_done_is_finished_in_a_copy(desk: Running, people: dict[str, Page]) -> None:
    lan, minh = people["lan"], people["minh"]
    at(desk, minh)
    add(minh, 2, " Minh viết dở.")
    minh.goto(f"{desk.address}_soan/")
    at(desk, lan)
    expect(lan.locator(OPENED)).not_to_contain_text("Minh viết dở.")
    lan.click("#tin-bao a:has-text('của minh')")
    expect(lan.locator(OPENED)).to_contain_text("Minh viết dở.")
    expect(lan.locator("#tin-bao")).to_contain_text("Đây là bản đang viết của minh")
    add(lan, 2, " Lan viết nốt.")
    save(lan)
    assert "Minh viết dở. Lan viết nốt." in (desk.root / PATH).read_text("utf-8")
    at(desk, minh)
    expect(minh.locator(OPENED)).to_contain_text("Minh viết dở.")
    # It is in the bulletin now; whoever tidies up is asked, by name.
    at(desk, lan)
    lan.click("#tin-bao a:has-text('của minh')")
    lan.click("button[data-do=discard-theirs]")
    expect(lan.get_by_role("dialog")).to_contain_text("Bỏ bản đang viết của minh?")
    lan.get_by_role("dialog").get_by_role("button", name="Bỏ bản đang viết").click()
    expect(lan.locator("#tin-bao")).to_be_empty()
    assert '"discarded"' in (desk.root / ".desk/log.jsonl").read_text("utf-8")


def test_who_may_only_write_is_not_offered_to_publish(desk: Running, people: dict[str, Page]) -> None:
    minh, lan = people["minh"], people["lan"]
    minh.goto(f"{desk.address}_soan/xuat-ban")
    expect(minh.locator("main")).to_contain_text("không được xuất bản")
    expect(minh.locator("button[data-do=publish]")).to_have_count(0)
    lan.goto(f"{desk.address}_soan/xuat-ban")
    with lan.expect_response("**/_/xuatban") as answered:
        lan.click("button[data-do=publish]")
    assert answered.value.ok
    assert "Bài chung" in (desk.root / "output/index.html").read_text("utf-8")
    minh.goto(f"{desk.address}_soan/nhat-ky")
    expect(minh.locator(".log li").first).to_contain_text("lan xuất bản cho người đọc")
    expect(minh.locator(".log li").first.locator("a")).to_have_count(0)
    expect(minh.locator(".log a").filter(has_text="Bài chung").first).to_be_visible()

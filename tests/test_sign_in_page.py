"""Signing in as people do, in real Chromium: with the keyboard, on a phone, and in the middle of writing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from bulletin.desk.team import Users
from tests.builders import item
from tests.people import PASSWORDS, with_users
from tests.previews import Running, previewed
from tests.sites import write
from tests.test_look import AXE, installed, violations
from tests.test_sign_in import PATH


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with previewed(with_users(write(tmp_path_factory.mktemp("team"), {PATH: item("Một đoạn.\n")}))) as running:
        yield running


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    yield context
    context.close()


def test_keyboard_alone_signs_in_and_out(desk: Running, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{desk.address}_soan/bai/2016/a.md")
    assert violations(page, installed(AXE).read_text("utf-8")) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.focus("#ten")
    for words in ("lan", "sai mật khẩu"):
        page.keyboard.type(words)
        page.keyboard.press("Tab" if words == "lan" else "Enter")
    expect(page.locator("[role=alert]")).to_contain_text("Tên hoặc mật khẩu chưa đúng")
    assert violations(page, installed(AXE).read_text("utf-8")) == []
    page.focus("#mat-khau")
    page.keyboard.type(PASSWORDS["lan"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/_soan/bai/2016/a.md")
    expect(page.locator(".person")).to_contain_text("lan")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto(f"{desk.address}_soan/nhat-ky")
    assert violations(page, installed(AXE).read_text("utf-8")) == []
    page.focus(".person button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/_soan/dang-nhap")


def test_what_is_typed_while_a_session_ends_is_kept_and_sent_after_signing_in_again(
    desk: Running, context: BrowserContext
) -> None:
    def sign_in(page_address: str, password: str) -> None:
        page = context.new_page()
        page.goto(f"{desk.address}{page_address}")
        page.fill("#ten", "minh")
        page.fill("#mat-khau", password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/_soan/")
        page.close()

    sign_in("_soan/", PASSWORDS["minh"])
    page = context.new_page()
    page.goto(f"{desk.address}_soan/bai/2016/a.md")
    page.wait_for_selector("#than-bai [contenteditable=true]")
    Users(desk.root).change_password("minh", "phố Hàng Đào 36")
    page.click("#than-bai p")
    page.keyboard.press("End")
    page.keyboard.type(" Viết khi phiên đã hết.")
    expect(page.locator("#trang-thai")).to_contain_text("Phiên làm việc đã hết")
    expect(page.locator("#trang-thai a")).to_have_attribute("target", "_blank")
    sign_in("_soan/", "phố Hàng Đào 36")
    expect(page.locator("#trang-thai")).to_have_attribute("data-state", "kept", timeout=15_000)
    page.click("button[data-do=save]")
    expect(page.locator("#trang-thai")).to_have_attribute("data-state", "saved", timeout=15_000)
    assert "Viết khi phiên đã hết." in (desk.root / PATH).read_text("utf-8")

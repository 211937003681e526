"""The page of publishing as people use it: an hour of an office is looked at, published and taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests import editorial_hour
from tests.previews import Running, previewed
from tests.sites import run
from tests.test_look import AXE, installed, violations

CABLE = "output/tin/2024/05/lao-cai-cap-treo/index.html"
PATIENCE = 30_000


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = editorial_hour.at_eight(tmp_path_factory.mktemp("hour"))
    assert run(root, "build", "--as-of", editorial_hour.AT_EIGHT).code == 0
    editorial_hour.until_nine(root)
    with previewed(root, "--as-of", editorial_hour.AT_NINE) as running:
        yield running


def test_an_hour_is_looked_at_published_and_taken_back(desk: Running, chromium: Browser) -> None:
    address = f"{desk.address}_soan/xuat-ban"
    context = chromium.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(address)
    for heading in ("Phải sửa trước", "Cần nhìn kỹ (2)", "Sẽ xuất hiện (6)", "Sẽ thay đổi (5)", "Sẽ rời bản tin (1)"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.locator("#xem-lai")).to_contain_text("Hà Nội, tháng 5/2024: 1 → 2 bài, 0 → 1 thỏa thuận, +1,5")
    expect(page.locator("#xem-lai ins", has_text="hai").first).to_be_visible()
    assert page.evaluate("[...document.images].map(image => image.naturalWidth)") == [320, 320]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert "2.000" not in (desk.root / CABLE).read_text("utf-8"), "nothing that readers see changes before"
    page.click("[data-do=publish]")
    expect(page.locator("#ket-qua")).to_have_attribute("data-state", "done", timeout=PATIENCE)
    expect(page.locator("#ket-qua")).to_contain_text("Đã xuất bản: người đọc đang có 12 bài")
    assert "2.000" in (desk.root / CABLE).read_text("utf-8")
    page.goto(address)
    expect(page.locator(".log li")).to_have_count(1)
    page.click("[data-do=undo]")
    page.click("#hoi button[value=yes]")
    expect(page.locator("#ket-qua")).to_contain_text("Đã trở lại lần xuất bản trước", timeout=PATIENCE)
    assert "2.000" not in (desk.root / CABLE).read_text("utf-8")
    page.goto(address)
    expect(page.get_by_role("heading", name="Sẽ xuất hiện (6)")).to_be_visible()
    expect(page.locator(".log li")).to_have_count(2)
    assert faults == []
    context.close()


def test_axe_finds_nothing_on_the_page_of_an_hour(desk: Running, chromium: Browser) -> None:
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{desk.address}_soan/xuat-ban")
    assert violations(page, installed(AXE).read_text("utf-8")) == []
    context.close()

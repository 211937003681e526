"""The desk as people use it: the real command, seen in real Chromium."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.builders import item
from tests.previews import Running, previewed
from tests.sites import REPOSITORY, write
from tests.test_look import AXE, installed, violations
from tests.typing_replay import TEXT, Keyboard

OPENED = "#than-bai [contenteditable=true]"
BODY = "Đoạn một.\n\n## Đề mục\n\nĐoạn hai.\n\n- Ý một\n- Ý hai\n\n| Cột | Số |\n|---|---|\n| A | 1 |\n"
PLAIN = "content/2016/2016-12-25-thai-nguyen.md"
SETTINGS = '[tool.bulletin]\ntitle = "Bản tin thử"\nbase_url = "https://bantin.example/noi-bo/"\n'


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("desk")
    shutil.copytree(REPOSITORY / "content", root / "content")
    write(root, {"pyproject.toml": (REPOSITORY / "pyproject.toml").read_text("utf-8"), PLAIN: item(BODY)})
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
    for copy in (desk.root / ".desk" / "copies").glob("*"):
        copy.unlink()


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("pause", [0, 10], ids=["at full speed", "paced"])
@pytest.mark.parametrize("way", ["replacing", "composing"])
def test_every_letter_that_is_typed_is_right(desk: Running, page: Page, way: str, pause: int) -> None:
    opened(desk, page)
    keyboard = Keyboard(page, way, pause)
    places = ("p >> nth=0", "h2", "li >> nth=1", "td >> nth=0")
    for place in places:
        page.click(f"{OPENED} {place}")
        page.keyboard.press("End")
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

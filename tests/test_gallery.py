"""Galleries and players in a real browser: what is opened, where keys and swipes lead, who has the focus."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import served
from tests.builders import item
from tests.pictures import photo, rays
from tests.sites import build, write
from tests.test_look import AXE, installed, violations

MOVIE = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(64)
BODY = """Mở đầu.

![Khán phòng](1.png "Khán phòng. Ảnh: Lan")
![Lễ ký](2.png)
![](3.png)

*Ảnh: Ban biên tập*

![Phim về buổi lễ](le.mp4)
"""
ITEM = "tin/2016/12/a/"
TAKEN = """image => image.decode().then(() => image.currentSrc.split("/").pop().replace(/\\.[0-9a-f]{8}/, ""))"""
"""The file that the browser chose for a picture."""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files: dict[str, str | bytes] = {f"content/{n}.png": photo(n, 120 * n, 80 * n) for n in (1, 2)}
    files |= {
        "content/3.png": rays(width=700, height=300),
        "content/c.md": item("Mở đầu.\n\n![Tia](3.png)\n*Ảnh: Lan*", title="Một", image="2.png", image_alt="Lễ ký"),
        "content/a.md": item(BODY, image="2.png", image_alt="Lễ ký"),
        "content/d.md": item("\n\nLời.\n\n".join(["![Tia](3.png)"] * 9), title="Chín", date="2016-12-02"),
        "content/b.md": item("[Phim](le.mp4)", title="Phim", image="1.png", image_alt="Khán phòng"),
        "content/le.mp4": MOVIE,
    }
    root = write(tmp_path_factory.mktemp("gallery"), files)
    assert build(root).codes == ["picture-without-alt"]
    return root / "output"


@pytest.fixture(scope="module")
def address(output: Path) -> Iterator[str]:
    with served(output) as found:
        yield found


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """Return an item's page as a reader has it, in which no rule of its policy is broken."""
    context = chromium.new_context(has_touch=True)
    page = context.new_page()
    broken: list[str] = []
    page.on("console", lambda message: broken.append(message.text) if "Content Security" in message.text else None)
    page.goto(address + ITEM)
    yield page
    context.close()
    assert broken == []


def shown(page: Page) -> tuple[str, str]:
    """Return the words and the place of the picture that is shown large."""
    viewer = page.locator("dialog.viewer")
    return viewer.locator("figcaption").inner_text(), viewer.locator(".place").inner_text()


def test_a_click_opens_a_picture_and_keys_lead_on_and_back(page: Page) -> None:
    links = page.locator("a.large")
    links.nth(1).click()
    assert shown(page) == ("Ảnh: Ban biên tập", "2/3")
    page.keyboard.press("ArrowLeft")
    assert shown(page) == ("Khán phòng. Ảnh: Lan", "1/3")
    page.keyboard.press("ArrowLeft")
    assert shown(page)[1] == "3/3", "behind the last comes the first"
    assert page.locator("dialog.viewer img").evaluate(TAKEN) == "3-png-700.avif", "the gallery shows the narrow one"
    assert links.nth(2).locator("img").evaluate(TAKEN) == "3-png-480.webp"
    page.keyboard.press("Escape")
    expect(page.locator("dialog.viewer")).to_be_hidden()
    expect(links.nth(1)).to_be_focused()


def test_a_picture_that_stands_alone_opens_too_and_leads_nowhere(page: Page, address: str) -> None:
    page.goto(f"{address}tin/2016/12/c/")
    links = page.locator("a.large")
    assert links.count() == 2, "at the head, and in the text"
    viewer = page.locator("dialog.viewer")
    for at, (words, taken) in enumerate([("Lễ ký", "2-png-240.webp"), ("Ảnh: Lan", "3-png-700.avif")]):
        links.nth(at).click()
        expect(viewer).to_be_visible()
        assert viewer.locator("figcaption").inner_text() == words
        assert viewer.locator("img").evaluate(TAKEN) == taken
        assert viewer.get_by_role("button").all_inner_texts() == ["×"]
        page.keyboard.press("Escape")
        expect(links.nth(at)).to_be_focused()


def test_a_picture_behind_many_is_shown_in_one_size_and_opens_in_the_best(page: Page, address: str) -> None:
    page.goto(f"{address}tin/2016/12/d/")
    for at, taken in ((7, "3-png-700.avif"), (8, "3-png-700.webp")):
        link = page.locator("a.large").nth(at)
        link.scroll_into_view_if_needed()
        assert link.locator("img").evaluate(TAKEN) == taken
        link.click()
        assert page.locator("dialog.viewer img").evaluate(TAKEN) == "3-png-700.avif"
        page.keyboard.press("Escape")


def test_the_focus_stays_with_the_picture_until_it_is_closed(page: Page) -> None:
    page.locator("a.large").first.focus()
    page.keyboard.press("Enter")
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement.closest('dialog') !== null || document.activeElement === document.body"
        )
    page.get_by_role("button", name="Ảnh sau").click()
    assert shown(page)[1] == "2/3"
    page.get_by_role("button", name="Đóng").click()
    expect(page.locator("a.large").first).to_be_focused()


@pytest.mark.parametrize(
    ("across", "down", "place"), [(-120, 10, "2/3"), (120, 0, "3/3"), (-20, 0, "1/3"), (-80, 90, "1/3")]
)
def test_a_swipe_leads_on(page: Page, across: int, down: int, place: str) -> None:
    page.locator("a.large").first.click()
    page.evaluate(
        """([across, down]) => {
          const target = document.querySelector("dialog.viewer img");
          const at = (x, y) => new Touch({ identifier: 1, target, clientX: x, clientY: y });
          const fire = (name, touches, changedTouches) =>
            target.dispatchEvent(new TouchEvent(name, { bubbles: true, touches, changedTouches }));
          fire("touchstart", [at(200, 200)], [at(200, 200)]);
          fire("touchend", [], [at(200 + across, 200 + down)]);
        }""",
        [across, down],
    )
    assert shown(page)[1] == place


def test_without_scripts_each_picture_is_a_link_to_the_large_one(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + ITEM)
    page.locator("a.large").nth(2).click()
    page.wait_for_url("**/3-png.jpg")
    context.close()


def test_axe_finds_nothing_while_a_picture_is_shown(chromium: Browser, address: str) -> None:
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(address + ITEM)
    page.locator("a.large").first.click()
    found = violations(page, installed(AXE).read_text("utf-8"))
    context.close()
    assert found == []


def test_an_item_s_picture_is_shown_once(page: Page, address: str) -> None:
    assert page.locator("main img[width]:not(.photo)").count() == 3, "the gallery shows it"
    page.goto(address + "tin/2016/12/b/")
    assert page.locator(".item picture").count() == 0, "the film shows it"
    poster = page.locator("video").get_attribute("poster") or ""
    assert page.request.get(page.url + poster if "/" not in poster else address + poster.replace("../", "")).ok
    assert page.locator("video").evaluate("video => [video.controls, video.preload, video.error]") == [
        True,
        "none",
        None,
    ]


def test_a_page_of_sixty_pictures_with_avif_stays_light(tmp_path: Path) -> None:
    words = "Đại biểu dự lễ ký kết thỏa thuận hợp tác"
    names = [f"le-ky-ket-{10 + number % 3}.png" for number in range(60)]
    shown = [f'![{words}]({name} "{words}. Ảnh: Lan")' for name in names]
    files: dict[str, str | bytes] = {f"content/{name}": rays(width=1600, height=200) for name in names}
    files |= {
        "content/a.md": item("\n\nMột câu giữa hai ảnh.\n\n".join(shown)),
        "content/b.md": item("\n".join(shown), title="Hai"),
    }
    root = write(tmp_path, files)
    assert build(root, "--jobs", "1").codes == []
    for name, whole, told in (("a", 8, 52), ("b", 0, 60)):
        page = (root / f"output/tin/2016/12/{name}/index.html").read_bytes()
        assert page.count(b' loading="lazy"') == page.count(b' height="200"') == 60
        assert (page.count(b"-1600."), page.count(b'data-wider="960a 1600a"')) == (whole, told)
        assert len(page) <= 30_000
        assert len(gzip.compress(page)) <= 10_000


def test_a_page_with_a_gallery_stays_light(output: Path) -> None:
    assets = [path for name in ("style", "theme", "gallery") for path in output.glob(f"assets/{name}.*")]
    assert len(assets) == 3
    assert sum(len(gzip.compress(path.read_bytes())) for path in assets) <= 20_000


def test_a_click_on_a_card_s_picture_opens_the_item_and_no_link_is_doubled(page: Page, address: str) -> None:
    for url, card in (("", ".lead.pictured"), ("tinh/thai-nguyen/", ".cards .pictured")):
        page.goto(address + url)
        shown = page.locator(card).first
        assert shown.locator(".photo").evaluate("image => image.decode().then(() => image.naturalWidth)") >= 120
        assert shown.get_by_role("link").count() == 2, "the title and the province"
        shown.scroll_into_view_if_needed()
        box = shown.locator(".photo").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_url("**/tin/2016/12/*/")


def test_a_hit_of_the_search_shows_its_picture(page: Page, address: str) -> None:
    page.goto(f"{address}tim-kiem/?q=phim")
    hit = page.locator("#ket-qua .pictured").first
    assert hit.locator(".photo").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert hit.locator(".photo").get_attribute("alt") in {"Lễ ký", "Khán phòng"}

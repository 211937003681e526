"""Hundreds of payloads through the desk, in Chromium, without the policy that would stop them: none may run.

They are pasted, stand in texts that are opened (known blocks, cards, the page beside the text), in titles, names and
words of pictures, and in all that a message quotes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from bulletin.characters import FORBIDDEN
from tests.builders import item
from tests.editor import OPENED
from tests.payloads import PLACES, batched, everything, placed
from tests.pictures import photo
from tests.previews import Running, previewed
from tests.sites import write
from tests.test_desk_page import DROP, PASTE
from tests.test_sanitising import ACT, Watch

COUNT = int(os.environ.get("BULLETIN_PAYLOADS", "60"))
AT_ONCE = 60
"""Payloads in one page."""
EVERY = everything()
STEP = max(1, len(EVERY) // COUNT)
PAYLOADS = [payload for payload in EVERY[::STEP] if not FORBIDDEN.search(payload)]
BATCHES = list(batched(PAYLOADS, AT_ONCE))
IMAGE, SCRIPT = "<img src=x onerror=alert(1)>", "\"'><script>alert(1)</script>"
PATH = "content/2016/a.md"

# What of the page is no text of an item, and may hold buttons and fields of its own.
FOREIGN = """(root) => [...document.querySelectorAll(root + " *")].filter((element) => {
  const names = element.getAttributeNames();
  return names.some((name) => name.startsWith("on") || name === "srcdoc")
    || /^(SCRIPT|IFRAME|OBJECT|EMBED|BASE|SVG|MATH|STYLE|LINK|META)$/i.test(element.tagName)
    || /^(javascript|vbscript|data):/i.test((element.getAttribute("href") ?? "").trim())
    || /^(javascript|vbscript|data:.*[^,]$)/i.test((element.getAttribute("src") ?? "").trim());
}).map((element) => element.outerHTML.slice(0, 200))"""


def body_of(number: int) -> str:
    """Return a text in which each payload of a batch stands in one of the places, one block beside the other."""
    places = list(PLACES)
    blocks = (placed(one, places[at % len(places)], at) for at, one in enumerate(BATCHES[number]))
    return "\n\n".join(blocks) + "\n"


def headed(number: int, some: Sequence[str]) -> str:
    """Return the keys of an item that hold payloads: some are refused, and quoted by a message."""
    one, two, three = (" ".join(payload.split()) for payload in some[:3]) if len(some) > 2 else (IMAGE, SCRIPT, IMAGE)
    keys = {
        "title": f"{one} {IMAGE}",
        "province": ["Huế", SCRIPT] if number % 2 else "Huế",
        "date": "2016-12-25",
        "summary": two,
        "author": [three, IMAGE],
        "tags": [IMAGE, two],
        "category": SCRIPT if number % 2 else None,
        "slug": f"tin-{number}",
        "image_alt": SCRIPT,
        "value": SCRIPT if number % 2 else None,
    }
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in keys.items() if value)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    texts = {
        f"content/2016/tin-{number}.md": f"---\n{headed(number, some)}---\n{body_of(number)}"
        for number, some in enumerate(BATCHES)
    }
    odd = {f"content/2016/{IMAGE.replace('/', '')}.png": photo(), "content/2016/khong.png": photo()}
    root = write(tmp_path_factory.mktemp("desk"), {**texts, **odd, PATH: item(title="Bài")})
    with previewed(root) as running:
        yield running


@contextmanager
def watched(chromium: Browser) -> Iterator[tuple[Page, Watch]]:
    watch = Watch()
    with watch.context(chromium, policy=False) as context:
        page = context.new_page()
        yield page, watch
    assert watch.events == []


def looked_at(page: Page, *roots: str) -> None:
    for root in roots:
        assert page.evaluate(FOREIGN, root) == []
        page.evaluate(ACT, root)
    page.wait_for_timeout(50)


def test_no_payload_that_is_pasted_runs(desk: Running, chromium: Browser) -> None:
    with watched(chromium) as (page, _):
        page.goto(f"{desk.address}_soan/bai/2016/a.md")
        page.wait_for_selector(OPENED)
        for some in BATCHES:
            # A comment or a tag that nothing closes must not hide those behind it, so each is pasted by itself too.
            pasted = "".join(f"<p>{payload}</p>" for payload in some)
            with page.expect_response("**/_/dan"):
                page.locator(OPENED).evaluate(PASTE, ["text/html", pasted])
            for payload in some[:: max(1, len(some) // 6)]:
                with page.expect_response("**/_/dan"):
                    page.locator(OPENED).evaluate(PASTE, ["text/html", payload])
            # What was copied in an editor of this kind is not sent to the server.
            page.locator(OPENED).evaluate(PASTE, ["text/html", f'<p data-pm-slice="0 0 []">{pasted}</p>'])
            page.wait_for_timeout(300)
            if page.locator("dialog[open]").count():
                page.keyboard.press("Escape")
            looked_at(page, OPENED)
            page.keyboard.press("Control+a")
            page.keyboard.press("Delete")


@pytest.mark.parametrize("number", range(len(BATCHES)))
def test_no_payload_that_is_opened_runs(desk: Running, chromium: Browser, number: int) -> None:
    with watched(chromium) as (page, _):
        page.goto(f"{desk.address}_soan/bai/2016/tin-{number}.md")
        page.wait_for_selector(OPENED)
        looked_at(page, "#than-bai .paper", "form .problems", "form .chips", "#tin-bao")
        frame = next((one for one in page.frames if "/xem/" in one.url), None)
        if frame:
            frame.wait_for_load_state()
            assert frame.evaluate(FOREIGN, "main") == []
            frame.evaluate(ACT, "main")
        for tab in ("nguon", "soan"):
            button = page.locator(f"button[data-tab={tab}]")
            button.evaluate("button => button.click()")
            expect(button).to_have_attribute("aria-pressed", "true")
        cards = page.get_by_role("button", name="Sửa", exact=True)
        if cards.count():
            cards.first.evaluate("button => button.click()")
            looked_at(page, "dialog")


def test_names_messages_conflicts_and_lists_show_payloads_as_text(desk: Running, chromium: Browser) -> None:
    with watched(chromium) as (page, _):
        page.goto(f"{desk.address}_soan/bai/2016/a.md")
        page.wait_for_selector(OPENED)
        page.fill("[name=title]", IMAGE)
        page.fill("[name=province]", SCRIPT)
        page.press("[name=province]", "Enter")
        page.fill("[name=value]", IMAGE)
        page.fill("[name=date]", SCRIPT)
        page.wait_for_selector("#p-date [data-problem]")
        page.locator(f"{OPENED} p >> nth=0").evaluate(DROP, [[f"{IMAGE.replace('/', '')}.exe", "TVo="]])
        page.wait_for_selector("dialog[open]")
        looked_at(page, "dialog", "form .problems", "form .chips")
        page.keyboard.press("Escape")
        theirs = item(f"Của họ {IMAGE}\n", title=f"Của họ {SCRIPT}")
        (desk.root / PATH).write_text(theirs, encoding="utf-8")
        page.fill("[name=date]", "25/12/2016")
        page.fill("[name=value]", "")
        page.get_by_role("button", name="Bỏ \"'").click()
        page.wait_for_function("document.getElementById('trang-thai').dataset.state === 'kept'")
        page.click("button[data-do=save]")
        page.wait_for_selector("#xung-dot fieldset")
        looked_at(page, "#xung-dot", "#so-phan")
        for address in (
            "_soan/",
            "_soan/?q=%3Cimg%20src=x%20onerror=alert(1)%3E",
            "_soan/xuat-ban",
            "_soan/ban/2016/a.md",
        ):
            page.goto(f"{desk.address}_soan/{address}")
            looked_at(page, "main")

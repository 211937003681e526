"""Hundreds of payloads in every place of an item, opened in Chromium: nothing runs, no other host is asked."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from lxml import etree
from playwright.sync_api import Browser, BrowserContext, Page, Route

from bulletin.characters import FORBIDDEN
from bulletin.items.markdown import close_links, convert
from bulletin.model import Body
from bulletin.problems import errors
from bulletin.vietnamese import clean, provinces
from tests.browser import served
from tests.payloads import HOST, PLACES, batched, everything, payloads, placed
from tests.pictures import photo
from tests.previews import previewed
from tests.sites import build, snapshot, write

PAYLOADS = everything()
# A file that holds such characters is refused as a whole.
WRITABLE = tuple(payload for payload in PAYLOADS if not FORBIDDEN.search(payload))
SOME = 24
"""Payloads in one item."""
ATOM = "{http://www.w3.org/2005/Atom}"
HOUSE_TEXT = "\"><script>alert(1)</script><img src=x onerror=alert(1)>' onmouseover='alert(1)"
JSON_LD = re.compile('<script type="application/ld\\+json">(.*?)</script>', re.DOTALL)

# Looks at every element below a node: what acts, loads or frames must not be there, except what is the page's own.
SCAN = """(root) => {
  const found = [];
  const bad = new Set(["IFRAME", "OBJECT", "EMBED", "APPLET", "BASE", "STYLE", "TEMPLATE", "MATH", "VIDEO", "AUDIO",
    "FRAME", "FRAMESET", "PORTAL", "MARQUEE", "FORM", "INPUT", "BUTTON", "SELECT", "TEXTAREA", "SCRIPT", "META", "LINK",
    "SVG", "DIALOG", "FONT", "MAP", "AREA"]);
  const schemes = new Set(["http:", "https:", "mailto:", "tel:"]);
  for (const element of document.querySelectorAll(root + ", " + root + " *")) {
    if (root !== "html" && bad.has(element.tagName.toUpperCase())) found.push(element.outerHTML.slice(0, 200));
    for (const { name, value } of element.attributes) {
      const isBad = /^(on|style$|srcdoc|form|ping|background|poster|action|xlink|xmlns|data$|dynsrc|lowsrc)/.test(name);
      const isOurs = root === "html" && (name === "action" || name === "xmlns");
      if (isBad && !isOurs) found.push(`${element.tagName} ${name}=${value.slice(0, 100)}`);
      if (name === "href" || name === "src") {
        const url = new URL(value, location.href);
        if (!schemes.has(url.protocol)) found.push(`${element.tagName} ${value.slice(0, 100)}`);
        if (element.tagName !== "A" && url.host !== location.host) found.push(`${element.tagName} ${url.href}`);
      }
    }
  }
  return found;
}"""
# Does with every element what a reader might do, but for following links to other pages.
ACT = """(root) => {
  const kinds = ["mouseover", "focus", "load", "error", "toggle", "animationstart", "begin"];
  for (const element of document.querySelectorAll(root + " *")) {
    if (element.attributes.length === 0) continue;
    for (const kind of kinds) element.dispatchEvent(new Event(kind));
    const link = element.closest("a");
    if (element.click && (!link || !link.hasAttribute("href") || link.getAttribute("href").startsWith("#"))) {
      if (!element.closest("form, button, summary")) element.click();
    }
  }
}"""


@dataclass
class Watch:
    """What happened on the pages of one context that must not happen."""

    events: list[str] = field(default_factory=list)

    def context(self, browser: Browser, *, policy: bool) -> BrowserContext:
        """Return a context, with the pages' Content-Security-Policy or without it, in which all is watched."""
        context = browser.new_context(bypass_csp=not policy)
        context.route("**/*", self._pass_or_stop)
        context.on("dialog", self._dialog)
        context.on("page", lambda page: page.on("popup", lambda popup: self.events.append(f"window {popup.url}")))
        return context

    def _pass_or_stop(self, route: Route) -> None:
        if urlsplit(route.request.url).hostname in {"127.0.0.1", None}:
            route.continue_()
            return
        self.events.append(f"request {route.request.url}")
        route.abort()

    def _dialog(self, dialog: Any) -> None:
        self.events.append(f"dialog {dialog.message}")
        dialog.dismiss()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """A payload in its place, and what the bulletin makes of it."""

    technique: str
    place: str
    payload: str
    body: Body
    html: str
    is_refused: bool

    @property
    def is_sound(self) -> bool:
        return not self.is_refused and all(link.target in {"/", "khong.png"} for link in self.body.links)

    @property
    def markdown(self) -> str:
        return placed(self.payload, self.place, number_of(self.payload))


def number_of(payload: str) -> int:
    return PAYLOADS.index(payload)


@pytest.fixture(scope="module")
def fragments() -> tuple[Fragment, ...]:
    """Return every payload as a block, in a paragraph, and in two more places in turn."""
    return tuple(_fragments())


def _fragments() -> Iterator[Fragment]:
    places = tuple(PLACES)
    for technique, group in payloads().items():
        for number, payload in enumerate(group):
            turn = 2 + 2 * number % (len(places) - 2)
            for place in (*places[:2], *places[turn : turn + 2]):
                text = placed(payload, place, number_of(payload))
                body, made, problems = convert("content/a.md", text, 1)
                yield Fragment(
                    technique=technique,
                    place=place,
                    payload=payload,
                    body=body,
                    html=made,
                    is_refused=any(errors(problems)),
                )


def closed(fragment: Fragment) -> str:
    """Return the HTML of a fragment as a page would hold it."""
    return close_links(fragment.html, lambda _: "#x", lambda _, attributes: f'<img src="khong.png"{attributes}>')


def test_the_payloads_are_several_hundred_of_many_techniques_in_every_place(fragments: Sequence[Fragment]) -> None:
    assert len(PAYLOADS) > 500
    assert len(payloads()) > 10
    assert {fragment.place for fragment in fragments} == set(PLACES)
    assert len({(fragment.technique, fragment.place) for fragment in fragments}) > 100


def test_without_sanitising_the_payloads_would_run(chromium: Browser, tmp_path: Path) -> None:
    """The alarm rings: what is watched for below happens on a page that is not ours."""
    rings = ("<script>alert(1)</script>", "<img src=khong.png onerror=alert(1)>", f"<img src={HOST}/a.png>")
    (tmp_path / "a.html").write_text("".join(rings), "utf-8")
    watch = Watch()
    with served(tmp_path) as address, watch.context(chromium, policy=False) as context:
        page = context.new_page()
        page.goto(f"{address}a.html")
        page.wait_for_timeout(200)
        assert page.evaluate(SCAN, "body")
    assert {event.split()[0] for event in watch.events} == {"dialog", "request"}


def test_no_payload_in_a_text_runs_although_no_policy_forbids_it(
    chromium: Browser, tmp_path: Path, fragments: Sequence[Fragment]
) -> None:
    """All that sanitising lets through, also of items that would be refused, in bare pages without a policy."""
    (tmp_path / "khong.png").write_bytes(photo())
    pages = list(batched(fragments, 400))
    for number, some in enumerate(pages):
        sections = "\n".join(f"<section>{closed(fragment)}</section>" for fragment in some)
        (tmp_path / f"{number}.html").write_text(f"<!doctype html><meta charset=utf-8><main>{sections}</main>", "utf-8")
    watch = Watch()
    with served(tmp_path) as address, watch.context(chromium, policy=False) as context:
        page = context.new_page()
        for number, some in enumerate(pages):
            page.goto(f"{address}{number}.html")
            # None has closed or opened what is not its own.
            assert page.locator("main > section").count() == len(some)
            assert page.locator("section").count() == len(some)
            assert page.evaluate(SCAN, "section") == []
            page.evaluate(ACT, "section")
            page.wait_for_timeout(50)
            assert page.url.partition("#")[0] == f"{address}{number}.html"
    assert watch.events == []


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, fragments: Sequence[Fragment]) -> Path:
    """Return a built site whose items hold the payloads in every key that takes a text, and in their bodies."""
    folder = tmp_path_factory.mktemp("hostile")
    files: dict[str, str | bytes] = {"content/khong.png": photo(), "content/sau.md": "", "pyproject.toml": _settings()}
    for number, some in enumerate(batched(WRITABLE, SOME)):
        bodies = [fragment.markdown for fragment in fragments if fragment.payload in some and fragment.is_sound]
        files[f"content/tin-{number}.md"] = _item(number, some, _publishable(bodies))
    files |= _files_with_odd_names()
    del files["content/sau.md"]
    write(folder, files)
    ran = build(folder, "--jobs", "1")
    assert ran.code == 0, [found for found in ran.json["problems"] if found["severity"] == "error"]
    return folder


def _publishable(bodies: Sequence[str]) -> list[str]:
    """Return those that can stand together in an item: without an error in it, and without one hiding another."""
    if _is_sound(bodies):
        return list(bodies)
    if len(bodies) == 1:
        return []
    half = len(bodies) // 2
    first, second = _publishable(bodies[:half]), _publishable(bodies[half:])
    return [*first, *second] if _is_sound([*first, *second]) else first


def _joined(bodies: Sequence[str]) -> str:
    return "\n\n".join(f"{body}\n\nmốc-{number}-\n" for number, body in enumerate(bodies))


def _is_sound(bodies: Sequence[str]) -> bool:
    """Tell whether an item with these texts is published, links lead somewhere, and what stands behind each is seen.

    A script that is not closed takes all that follows with it: such a payload is seen alone.
    """
    body, html, problems = convert("content/a.md", _joined(bodies), 1)
    return (
        not any(errors(problems))
        and all(link.target in {"/", "khong.png"} for link in body.links)
        and all(f"mốc-{number}-" in html for number in range(len(bodies)))
    )


def _item(number: int, some: Sequence[str], bodies: Sequence[str]) -> str:
    joined = clean(" ".join(some))
    header = {
        "title": joined,
        "province": "Huế",
        "date": "2016-12-25",
        "value": f"{number + 1} tỷ đồng",
        "summary": joined,
        "author": list(map(clean, some)),
        "tags": list(map(clean, some)),
        "image": "khong.png",
        "image_alt": joined,
        "category": HOUSE_TEXT,
        "updated": [{"date": "2016-12-26", "note": clean(text)} for text in some],
        "aliases": [f"/cu/{number}/"],
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in header.items()]
    return "\n".join(["---", *lines, "---", _joined(bodies)])


def _settings() -> str:
    table = {
        "title": HOUSE_TEXT,
        "tagline": HOUSE_TEXT,
        "organisation": HOUSE_TEXT,
        "categories": [HOUSE_TEXT],
        "menu": [HOUSE_TEXT],
        "nationwide_label": HOUSE_TEXT,
        "items_per_page": 5,
        "export_items": True,
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in table.items()]
    return "\n".join(["[tool.bulletin]", *lines, ""])


NAMES = (
    'a"><img src=x onerror=alert(1)>',
    "a' onclick='alert(1)",
    "<script>alert(1)<|script>",
    "=1+1",
    "javascript:alert(1)",
)


def _files_with_odd_names() -> dict[str, str | bytes]:
    links = []
    files: dict[str, str | bytes] = {}
    for number, name in enumerate(NAMES):
        stem = name.replace("/", "|")
        files[f"content/{stem}.png"] = photo(number + 1)
        files[f"content/{stem}.pdf"] = b"%PDF-"
        links += [f"![x]({quote(stem)}.png)", f"[x](./{quote(stem)}.pdf)"]
        files[f"content/{stem}.md"] = f'---\ntitle: "x {number}"\nprovince: Huế\ndate: 2016-12-24\n---\nMột.\n'
    files["content/ten.md"] = "---\ntitle: Tên\nprovince: Huế\ndate: 2016-12-23\n---\n" + "\n\n".join(links) + "\n"
    return files


def visits(output: Path) -> list[str]:
    """Return every page that shows a text of an item."""
    shown = [path for path in snapshot(output) if path.endswith(".html")]
    lists = ("tinh/hue/index", "tinh/hue/trang/1/", "thang/", "thoa-thuan/index", "index.html", "404.html", "cu/0/")
    return sorted(path for path in shown if path.startswith(("tin/", *lists)))


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without the policy"])
def test_no_payload_runs_on_any_page_of_the_site(chromium: Browser, root: Path, policy: bool) -> None:  # noqa: FBT001
    output = root / "output"
    watch = Watch()
    with served(output) as address, watch.context(chromium, policy=policy) as context:
        page = context.new_page()
        # What stands in the pages is the same: with the policy a fourth of them will do.
        found = {path: _offences(page, f"{address}{path}") for path in visits(output)[:: 4 if policy else 1]}
    assert {path: offence for path, offence in found.items() if offence} == {}
    assert watch.events == []


def _offences(page: Page, url: str) -> list[str]:
    page.goto(url, wait_until="load")
    if "/cu/" in url:
        page.wait_for_url("**/tin/**")
    offences: list[str] = page.evaluate(SCAN, "html")
    page.evaluate(ACT, "main")
    return offences


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without the policy"])
def test_deals_and_search_show_payloads_as_text(chromium: Browser, root: Path, policy: bool) -> None:  # noqa: FBT001
    watch = Watch()
    with served(root / "output") as address, watch.context(chromium, policy=policy) as context:
        page = context.new_page()
        page.goto(f"{address}thoa-thuan/")
        page.get_by_role("button", name="Bài viết").click()
        page.wait_for_function("() => document.querySelectorAll('#_table tbody tr').length > 30")
        page.locator("[name=year]").select_option("2016")
        page.wait_for_function("() => document.querySelector('.filter [role=status]').textContent.includes('trên')")
        assert page.evaluate(SCAN, "#_table tbody") == []
        page.evaluate(ACT, "#_table tbody")
        for query in (
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "'-alert(1)-'",
            "javascript:alert(1)",
        ):
            text = quote(query)
            page.goto(f"{address}tim-kiem/?q={text}&tinh={text}&nam={text}&chuyen-muc={text}")
            page.wait_for_function("() => /bài/.test(document.getElementById('_status').textContent)")
            page.goto(f"{address}tim-kiem/?q={text}")
            page.wait_for_selector("#ket-qua li")
            assert query in page.locator("#_status").inner_text()
            assert page.evaluate(SCAN, "#ket-qua") == []
            page.evaluate(ACT, "#ket-qua")
    assert watch.events == []


def test_nearly_all_of_the_payloads_stand_in_published_items(root: Path) -> None:
    bodies = [path.read_text("utf-8") for path in root.glob("content/tin-*.md")]
    # Those that would leave a hole, such as a script, are refused.
    assert sum(body.count("mốc-") for body in bodies) > 1_500


def test_structured_data_feeds_and_search_say_the_payloads_as_they_are(root: Path) -> None:
    output = root / "output"
    titles = {clean(" ".join(some)) for some in batched(WRITABLE, SOME)}
    data = [json.loads(JSON_LD.findall(page)[0]) for page in _items(output)]
    assert {record["headline"] for record in data} >= titles
    assert all(record["publisher"]["name"] == HOUSE_TEXT for record in data)
    feed = etree.parse(output / "atom.xml").getroot()
    assert feed.findtext(f"{ATOM}title") == HOUSE_TEXT
    assert {entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")} <= titles | {"Tên", "x 0"}
    assert {record["title"] for record in json.loads((output / "tim-kiem/2016.json").read_text("utf-8"))} >= titles
    lines = (output / "items.jsonl").read_text("utf-8").split("\n")[:-1]
    assert {json.loads(line)["title"] for line in lines} >= titles


def _items(output: Path) -> list[str]:
    return [path.read_text("utf-8") for path in output.glob("tin/*/*/*/index.html")]


def test_what_feeds_carry_runs_nowhere_either(chromium: Browser, root: Path, tmp_path: Path) -> None:
    feed = etree.parse(root / "output/atom.xml").getroot()
    contents = [entry.findtext(f"{ATOM}content") or "" for entry in feed.iter(f"{ATOM}entry")]
    assert len(contents) == 20
    texts = "".join(f"<section>{text}</section>" for text in contents).replace("http://localhost:8000/", "/")
    (tmp_path / "a.html").write_text(f"<!doctype html><meta charset=utf-8>{texts}", "utf-8")
    watch = Watch()
    with served(tmp_path) as address, watch.context(chromium, policy=False) as context:
        page = context.new_page()
        page.goto(f"{address}a.html")
        assert page.evaluate(SCAN, "section") == []
        page.evaluate(ACT, "section")
    assert watch.events == []


def test_no_cell_of_the_csv_is_a_formula(root: Path) -> None:
    """Nothing that an editor writes stands in it: ids, official names, days, whole numbers, fixed words, addresses."""
    text = (root / "output/thoa-thuan.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) > 30
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    for place in provinces.ids():
        assert all(name[0].isalpha() for name in provinces.names(place))


def test_files_with_odd_names_are_published_under_plain_ones(root: Path) -> None:
    odd = re.compile("[^A-Za-z0-9._/-]")
    assert [path for path in snapshot(root / "output") if odd.search(path)] == []


def test_the_preview_shows_payloads_as_text(chromium: Browser, tmp_path: Path) -> None:
    """Titles in the banner, in what was edited and in marks, names of files and all that an error quotes."""
    image, script = "<img src=x onerror=alert(1)>", "<script>alert(1)</script>"
    waiting = {"title": script + image, "province": "Huế", "date": "2016-12-25", "draft": "true", "author": [image]}
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in waiting.items()]
    path = f"content/{image}.md"
    root = write(tmp_path, {path: "\n".join(["---", *lines, "slug: a", "---", f"Một {image}\n"])})
    wrong = "\n".join(
        ["---", *lines, f"slug: '{image}'", f"category: '{script}'", f"'{image}': x", "---", "[x](<b>.md)"]
    )
    watch = Watch()
    with previewed(root) as running, watch.context(chromium, policy=False) as context:
        page = context.new_page()
        for address in ("", "tin/2016/12/a/"):
            page.goto(running.address + address)
            page.wait_for_selector("ban-tin-preview aside.panel", state="attached")
            # The map on the front page is our own.
            assert [one for one in page.evaluate(SCAN, "main") if not one.startswith("<svg role=")] == []
        (root / path).write_text(wrong, "utf-8")
        dialog = page.get_by_role("dialog")
        dialog.get_by_text(script).first.wait_for()
        assert dialog.locator("img, script").count() == 0
        (root / path).write_text("\n".join(["---", *lines, "slug: a", "---", f"Hai {image}\n"]), "utf-8")
        page.get_by_text("Hai").first.wait_for()
    assert watch.events == []

"""Awkward texts as titles, authors, tags, notes and bodies: pages stay valid, whole and in order."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Browser

from bulletin.vietnamese import clean
from tests.browser import served
from tests.builders import codes, compiled, headed
from tests.naughty import REFUSED, UNSEEN, naughty
from tests.sites import build, snapshot, write
from tests.test_pages import check_with_nu

TEXTS = tuple(text for group in naughty().values() for text in group)
CONTROLS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
NARROW = 360
PROVINCES = ("Huế", "Hà Nội", "Đà Nẵng", "Thái Nguyên", "Cần Thơ", "Cà Mau")


def quoted(text: str | Sequence[str]) -> str:
    return json.dumps(text, ensure_ascii=False)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return output/ of a site in which each text is a title, a summary, a body, and with others authors and tags."""
    files: dict[str, str | bytes] = {"pyproject.toml": "[tool.bulletin]\nitems_per_page = 60\n"}
    for number, text in enumerate(TEXTS):
        others = [clean(other) for other in TEXTS[number : number + 3]]
        # As code, so that no text is taken for Markdown; without what ends a line of code.
        body = f"`` {text.replace('`', '')} ``\n\n{' '.join(re.findall(chr(92) + 'w+', text))}\n"
        lines = (
            f"title: {quoted(text)}",
            f"summary: {quoted(text)}",
            f"province: {PROVINCES[number % len(PROVINCES)]}",
            f"date: 2016-{1 + number % 12:02}-12",
            f"value: {number + 1} tỷ",
            f"author: {quoted(others)}",
            f"tags: {quoted(others)}",
            f"updated: [{{date: 2016-12-13, note: {quoted(text)}}}]",
        )
        files[f"content/t{number}.md"] = headed(*lines, body=body)
    root = write(tmp_path_factory.mktemp("naughty"), files)
    ran = build(root, "--jobs", "1")
    assert ran.code == 0, [found for found in ran.json["problems"] if found["severity"] == "error"][:5]
    return root / "output"


def test_there_are_several_hundred_of_many_kinds() -> None:
    assert len(set(TEXTS)) > 300
    assert len(naughty()) == 9


def test_the_nu_html_checker_finds_no_error_in_awkward_texts(output: Path, tmp_path: Path) -> None:
    shown = ("tin/", "thang/2016", "index.html", "tinh/hue/")
    pages = {path: data for path, data in snapshot(output).items() if path.startswith(shown)}
    assert len(pages) > len(TEXTS) + 12
    assert check_with_nu(write(tmp_path, pages)) == ""


def test_feeds_and_sitemap_are_well_formed_and_say_the_titles(output: Path) -> None:
    titles = {clean(text) for text in TEXTS}
    for path in snapshot(output):
        if path.endswith(".xml"):
            feed = etree.parse(output / path).getroot()
            found = {entry.findtext("{*}title") for entry in feed.iter("{*}entry")}
            assert found <= titles, path


class _Texts(HTMLParser):
    """The text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_title_is_on_its_page_as_it_was_written_but_for_what_nobody_sees(output: Path) -> None:
    for number, text in enumerate(TEXTS):
        page = (output / f"tin/2016/{1 + number % 12:02}/t{number}/index.html").read_text("utf-8")
        assert clean(text) in _Texts(page).texts


def test_search_data_is_json_that_says_the_titles(output: Path) -> None:
    records = json.loads((output / "tim-kiem/2016.json").read_text("utf-8"))
    assert {record["title"] for record in records} == {clean(text) for text in TEXTS}


def test_no_page_scrolls_sideways_on_a_phone(chromium: Browser, output: Path) -> None:
    lists = [path for path in snapshot(output) if path.endswith("index.html") and not path.startswith("tin/")]
    longest = sorted(range(len(TEXTS)), key=lambda number: -len(TEXTS[number]))[:12]
    items = [f"tin/2016/{1 + number % 12:02}/t{number}/index.html" for number in longest]
    shown = [path for path in lists if path.startswith(("index", "thang/2016-", "tinh/hue/", "thoa-thuan/"))]
    with served(output) as address:
        context = chromium.new_context(viewport={"width": NARROW, "height": 740})
        page = context.new_page()
        wide = {}
        for path in (*shown, *items):
            page.goto(address + path)
            wide[path] = page.evaluate("document.documentElement.scrollWidth")
        context.close()
    assert {path: width for path, width in wide.items() if width > NARROW} == {}


def test_no_text_turns_its_neighbours_round(chromium: Browser, tmp_path: Path) -> None:
    """Each author, tag and title is a run of its own: what is written from right to left does not swap places."""
    hebrew, arabic = "שלום", "سلام"
    lines = (f"title: {hebrew}", "province: Huế", "date: 2016-12-25", f"author: [{hebrew}, {arabic}]", "value: 1 tỷ")
    other = ("title: Hai", "province: Huế", "date: 2016-12-25", "value: 1 tỷ", f"tags: [{arabic}, {hebrew}]")
    root = write(tmp_path, {"content/a.md": headed(*lines), "content/b.md": headed(*other)})
    assert build(root).code == 0
    with served(root / "output") as address:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(f"{address}tin/2016/12/a/")
        first, second = (page.locator(".authors bdi").nth(number).bounding_box() for number in (0, 1))
        assert first is not None
        assert second is not None
        assert first["x"] < second["x"]
        page.goto(f"{address}tin/2016/12/b/")
        assert page.locator(".tags bdi").all_inner_texts() == [arabic, hebrew]
        page.goto(f"{address}thoa-thuan/")
        assert page.locator(".told a").first.evaluate("link => getComputedStyle(link).unicodeBidi") == "isolate"
        context.close()


def test_signs_that_turn_the_text_round_are_taken_out_of_every_key(output: Path) -> None:
    for path, data in snapshot(output).items():
        if not path.startswith("tin/") and "van-ban" not in path and not path.endswith("atom.xml"):
            assert not CONTROLS.search(data.decode(errors="ignore")), path
    assert clean("a\u202eb\u2066c\u200fd") == "abcd"


def test_families_of_emoji_stay_together_and_words_do_not_fall_apart() -> None:
    assert clean("👩‍👩‍👧‍👦") == "👩‍👩‍👧‍👦"
    assert clean("🏳️‍🌈 ❤️‍🔥") == "🏳️‍🌈 ❤️‍🔥"
    assert clean("H\u200duế \u200dtin\u200d") == "Huế tin"


@pytest.mark.parametrize("written", REFUSED)
def test_what_no_page_can_hold_is_refused_at_its_line(written: str) -> None:
    done = compiled(headed(f'title: "Tin {written}"', "province: Huế", "date: 2016-12-25"))
    assert [(found.line, found.severity) for found in done.problems] == [(2, "error")]
    assert codes(done.problems)[0].startswith("yaml-")


@pytest.mark.parametrize("written", UNSEEN, ids=lambda text: text.encode("unicode_escape").decode())
def test_a_title_of_which_nothing_can_be_seen_is_none(written: str) -> None:
    done = compiled(headed(f'title: "{written}"', "province: Huế", "date: 2016-12-25"))
    assert codes(done.problems) == ["missing-title"]


def test_a_tower_of_marks_is_cut_where_no_script_goes_on() -> None:
    tower = "e" + "\u0301" * 60
    assert len(unicodedata.normalize("NFD", clean(tower))) <= 10
    for word in ("Ễ", "e\u0302\u0303\u0323", "ก็ กิ่", "हिन्दी"):
        assert clean(word) == unicodedata.normalize("NFC", word)

"""Addresses, and the kinds of files behind them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin import urls
from bulletin.urls import kind_of, path_of, url_of
from tests.sites import REPOSITORY

PATHS = {
    "index.html": "home",
    "tinh/index.html": "provinces",
    "tinh/hue/index.html": "province",
    "tinh/hue/trang/12/index.html": "older",
    "thang/2016-12/trang/1/index.html": "older",
    "thoa-thuan/trang/1/index.html": "older",
    "tin/index.html": "all",
    "tin/trang/3/index.html": "older",
    "chuyen-muc/ky-ket/index.html": "category",
    "chuyen-muc/ky-ket/trang/1/index.html": "older",
    "tu-khoa/trang/index.html": "tag",
    "tu-khoa/5g/trang/2/index.html": "older",
    "nguoi-viet/con_/index.html": "author",
    "thang/index.html": "months",
    "thang/2016/index.html": "year",
    "thang/2016-12/index.html": "month",
    "thoa-thuan/index.html": "deals",
    "lich/index.html": "events",
    "lich.ics": "calendar",
    "thoa-thuan.csv": "deals_data",
    "thoa-thuan.json": "deals_data",
    "theo-doi/index.html": "follow",
    "tim-kiem/index.html": "search",
    "tim-kiem/muc-luc.json": "search_index",
    "tim-kiem/2016.json": "search_data",
    "tim-kiem/van-ban/2016-12.json": "search_data",
    "tin/2016/12/a/index.html": "item",
    "tin/2016/12/a/le-ky.jpg": "attachment",
    "tin/2016/12/a/le-ky-480.01234567.webp": "versioned",
    "tin/2016/12/a/le-ky-480.01234567.webp.html": "redirect",
    "tin/2016/12/a/le-ky.webp": "attachment",
    "assets/style.01234567.css": "versioned",
    "assets/style.css": "attachment",
    "cu/bai.html": "redirect",
    "cu/bai.htm": "redirect",
    "cu/bai/index.html": "redirect",
    "atom.xml": "feed",
    "tinh/hue/atom.xml": "feed",
    "chuyen-muc/ky-ket/atom.xml": "feed",
    "sitemap.xml": "sitemap",
    "sitemap-2016-12.xml": "sitemap_part",
    "items.jsonl": "export",
    "404.html": "not_found",
    "a\nb": "attachment",
}


@pytest.mark.parametrize("path", PATHS)
def test_every_file_has_its_kind(path: str) -> None:
    assert kind_of(path).name == PATHS[path]


def test_every_kind_has_an_example_here() -> None:
    assert {kind.name for kind in urls.KINDS} == set(PATHS.values())


@pytest.mark.parametrize("path", PATHS)
def test_a_url_leads_to_its_file_and_back(path: str) -> None:
    assert path_of(url_of(path)) == path


@given(st.text("ab/.", min_size=1).filter(lambda path: not path.startswith("/") and "//" not in path))
def test_any_path_has_a_url_of_its_own(path: str) -> None:
    assert path_of(url_of(path)) == path or path.endswith("/")


def test_what_is_made_here_has_the_kind_that_it_is_meant_to_have() -> None:
    made = {
        "item": urls.item(date(2016, 12, 5), "a"),
        "province": urls.province("hue"),
        "month": urls.month((2016, 12)),
        "year": urls.year(2016),
        "all": urls.ALL,
        "category": urls.category("ky-ket"),
        "tag": urls.tag("trang"),
        "author": urls.author("con"),
        "older": urls.older(urls.province("hue"), 3),
        "feed": urls.feed(urls.province("hue")),
        "search_data": urls.search_titles(2016, 7, 12),
        "search_index": urls.SEARCH_INDEX,
        "events": urls.EVENTS,
        "calendar": urls.CALENDAR,
        "sitemap_part": urls.sitemap_of_month((2016, 12)),
        "export": urls.EXPORT,
        "not_found": urls.NOT_FOUND,
    }
    assert {name: kind_of(path_of(url)).name for name, url in made.items()} == {name: name for name in made}
    assert kind_of(path_of(urls.search_texts((2016, 12)))).name == "search_data"
    assert kind_of(path_of(urls.SITEMAP_OF_LISTS)).name == "sitemap_part"


def test_nothing_is_older_than_the_first_page() -> None:
    assert urls.older("/tinh/hue/", 0) == ""


def test_a_file_is_a_page_if_its_name_says_so() -> None:
    for path, name in PATHS.items():
        assert (kind_of(path).turn is urls.Turn.PAGE) is path.endswith((".html", ".htm")), name


@pytest.mark.parametrize("name", ["con", "CON", "aux.txt", "com1", "lpt9.tar.gz", "nul"])
def test_names_of_devices_are_known_with_any_ending(name: str) -> None:
    assert urls.is_device_name(name)


@pytest.mark.parametrize("name", ["con-duong", "com10", "congress", "a.con", ""])
def test_other_names_are_no_devices(name: str) -> None:
    assert not urls.is_device_name(name)


FOLDERS = "chuyen-muc|nguoi-viet|theo-doi|tin|tinh|thang|thoa-thuan|tim-kiem|trang|tu-khoa"
ADDRESS = re.compile(rf"(?:^|/)(?:{FOLDERS})/")
IN_TEMPLATE = re.compile(rf"""(?:link|absolute)\(\s*["']|["']/?(?:{FOLDERS})/""")


def literals(file: Path) -> Iterator[str]:
    """Yield the texts in a module, without its docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


def test_no_other_module_spells_an_address() -> None:
    package = REPOSITORY / "bulletin"
    others = [file for file in package.rglob("*.py") if file != package / "urls.py"]
    spelt = [(file.name, text) for file in others for text in literals(file) if ADDRESS.search(text)]
    assert spelt == []
    assert any(ADDRESS.search(text) for text in literals(package / "urls.py")), "or nothing is found"


def test_no_template_spells_an_address() -> None:
    templates = [file for file in (REPOSITORY / "templates").iterdir() if file.is_file()]
    assert [(file.name, IN_TEMPLATE.findall(file.read_text("utf-8"))) for file in templates] == [
        (file.name, []) for file in templates
    ]
    assert IN_TEMPLATE.search("link('/tinh/')")

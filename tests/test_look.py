"""How pages look and what they weigh: accessibility, narrow screens, style sheets, the printed page, hostile titles."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page, Route

from bulletin import urls
from bulletin.urls import kind_of, path_of
from bulletin.vietnamese import provinces
from tests.browser import served
from tests.builders import deals, item
from tests.pictures import photo
from tests.programs import missing, require
from tests.sites import REPOSITORY, build, write
from tests.test_pages import HOSTILE, RICH, check_with_nu

AXE = REPOSITORY / "node_modules/axe-core/axe.min.js"
STYLELINT = REPOSITORY / "node_modules/stylelint/bin/stylelint.mjs"
NAMES = tuple(unit.stages[0].name for unit in provinces.units(63))
SETTINGS = '[tool.bulletin]\ntitle = "Bản tin <A & B>"\ntagline = "Tin nội bộ"\ncategories = ["Ký kết"]\n'
CORRECTED = '\n  - date: 2016-12-28\n    note: "Sửa <tên> & chức danh"'
SECTIONS = "\n\n".join(f"## Mục {number}\n\nThân bài." for number in range(5))
WIDE = "| " + " | ".join(f"Cột {n}" for n in range(12)) + " |\n" + "|--" * 12 + "|\n" + "| giá trị dài " * 12 + "|\n"
EMPTY = (
    *("", "lich/", "theo-doi/", "tin/", "chuyen-muc/ky-ket/", "thang/", "thoa-thuan/", "tinh/ha-noi/", "tinh/"),
    "tim-kiem/?q=gi",
)
KINDS = (
    *("", "404.html", "tinh/", "tinh/ha-noi/", "tinh/ha-noi/trang/1/", "tinh/ca-mau/", "thang/", "thang/2016/"),
    *("lich/", "tin/", "tin/trang/1/", "chuyen-muc/ky-ket/", "tu-khoa/5g/", "nguoi-viet/an/"),
    *("thang/2016-12/", "thoa-thuan/", "thoa-thuan/trang/1/", "tin/2016/12/giau/", "tin/2016/12/chin/"),
    *("theo-doi/", "tin/2016/12/cu/", "tin/2016/12/moi/", "tin/2016/12/muc/", "tinh/toan-quoc/", "cu/"),
    *("tim-kiem/?q=chu", "tim-kiem/?q=khongco"),
)
OWN = ("script-src 'self'", "style-src 'self'", "img-src 'self' data:", "media-src 'self'")
POLICIES = {
    "; ".join(("default-src 'none'", *OWN, "font-src 'self'", "connect-src 'self'")),
    "default-src 'none'; img-src 'self'",
}


def hostile(number: int) -> str:
    """Return an item with a title that wants to break out, in one of 63 provinces; every third is a deal."""
    title = json.dumps(f"{HOSTILE[number % len(HOSTILE)]} {number}", ensure_ascii=False)
    value = {0: f"{number + 1} tỷ đồng", 3: "chưa công bố"}.get(number % 6)
    place = "Hà Nội" if number % 5 == 0 else NAMES[number % len(NAMES)]
    day = f"2016-{10 + number % 3}-{1 + number % 28:02}"
    return item(RICH, title=title, summary=title, province=place, date=day, value=value, author=f"[{title}]")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return output/ of a site of 300 hostile items, with every kind of page and every mark an item may bear."""
    files: dict[str, str | bytes] = {f"content/{n:03}.md": hostile(n) for n in range(300)}
    listed = deals(*((name, f"2016-12-{day:02}", "gần 1,5 tỷ") for day, name in enumerate(NAMES[:9], 1)))
    files |= {
        "content/le-ky.png": photo(width=1200, height=800),
        "content/giau.md": item(
            f"{RICH}\n\n{WIDE}",
            date="2016-12-31",
            updated=CORRECTED,
            category="Ký kết",
            tags="[5G, <b>]",
            author="An",
            image="le-ky.png",
            image_alt="Lễ",
        ),
        "content/chin.md": item(
            tags="[5g, riêng]", province=f"[{', '.join(NAMES[:9])}]", deals=listed, title="Một chữ dài " + "á" * 90
        ),
        "content/cu.md": item(expires="2017-01-01", title="Bài cũ"),
        "content/muc.md": item(SECTIONS, title="Bài dài", province="Toàn quốc", aliases="[/cu/]"),
        "content/moi.md": item(title="Kính mời", event="8h – 11h30 ngày 30/12/2016", place='Hội trường <A> & "B"'),
        "content/mo.md": item(title="Triển lãm", event="28/12/2016 – 02/01/2099", place="á" * 90),
        "pyproject.toml": SETTINGS,
    }
    root = write(tmp_path_factory.mktemp("look"), files)
    ran = build(root)
    assert ran.code == 0, [found for found in ran.json["problems"] if found["severity"] == "error"]
    return root / "output"


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return output/ of a site whose lists are as long as they get: titles of 90 characters, 3 kB of text, pictures."""
    others = cycle(name for name in NAMES if name != "Hà Nội")
    text = "\n\n".join("Các sở, ngành rà soát quy trình tiếp nhận phản ánh của người dân. " * 6 for _ in range(8))
    files: dict[str, str | bytes] = {
        "pyproject.toml": SETTINGS,
        "content/quang-canh-le-ky.png": photo(width=1200, height=800),
    }
    for number in range(657):
        title = f"Bài thứ {number}, " + "ký thỏa thuận hợp tác về dịch vụ công và thành phố thông minh " * 2
        # 31 items fill a month's page, 59 leave 39 on that of a province.
        place = "Hà Nội" if number % 11 == 0 and number < 59 * 11 else next(others)
        value = f"{number + 1} tỷ đồng" if (number % 3 == 0 and number < 636) or place == "Hà Nội" else None
        month = number // 31
        day = f"{2015 + month // 12}-{1 + month % 12:02}-{1 + number % 28:02}"
        names = {"title": title[:90].strip(), "province": place, "date": day, "value": value, "category": "Ký kết"}
        if month == 0 or place == "Hà Nội":
            # A crop for each item of the longest lists; of all, thousands of files would prove no more.
            names |= {"image": "quang-canh-le-ky.png", "author": "Nguyễn Thị An", "tags": "[5G, y tế]"}
            names |= {"image_alt": "Lãnh đạo tỉnh và doanh nghiệp trao biên bản hợp tác"}
        files[f"content/{number}.md"] = item(text, **names)
    root = write(tmp_path_factory.mktemp("full"), files)
    ran = build(root)
    assert ran.code == 0, [found for found in ran.json["problems"] if found["severity"] == "error"]
    return root / "output"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return output/ of a site without any item."""
    root = write(tmp_path_factory.mktemp("empty"), {"content/.keep": "", "pyproject.toml": SETTINGS})
    ran = build(root)
    assert ran.code == 0, [found for found in ran.json["problems"] if found["severity"] == "error"]
    return root / "output"


@pytest.fixture(scope="module")
def address(output: Path) -> Iterator[str]:
    with served(output) as found:
        yield found


def installed(file: Path) -> Path:
    """Return a file of node_modules; skip without it, as `require` does."""
    if not file.is_file():
        missing(f"{file.name} is not installed: npm ci")
    return file


def shown(file: Path, path: str) -> list[etree._Element]:
    """Return what an XPath finds on a page."""
    found: list[etree._Element] = etree.HTML(file.read_text("utf-8")).xpath(path)
    return found


def enter(page: Page, url: str) -> None:
    """Open a page and stay there, even if it sends its readers on; wait for what it looks up."""

    def stay(route: Route) -> None:
        if route.request.is_navigation_request() and route.request.url != url:
            route.fulfill(status=204)
        else:
            route.continue_()

    page.unroute_all()
    page.route("**/*", stay)
    answer = page.goto(url)
    assert answer is not None
    assert answer.ok, url
    if "?q=" in url:
        page.locator("#_status:not(:empty)").wait_for()


def violations(page: Page, axe: str) -> list[str]:
    """Return what axe finds on a page, wide in light colours and narrow in dark ones.

    Colours do not depend on the width, nor any other rule on the colours: to look at all four takes twice as long.
    """
    page.evaluate(axe)
    found: list[str] = []
    schemes: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (360, "dark"))
    for width, scheme in schemes:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        results = page.evaluate("axe.run({resultTypes: ['violations'], preload: false})")
        found += [
            f"{page.url} {width} {scheme} {rule['id']}: {node['html'][:150]}"
            for rule in results["violations"]
            for node in rule["nodes"][:3]
        ]
    return found


def test_axe_finds_nothing_on_any_kind_of_page(chromium: Browser, address: str, empty: Path) -> None:
    axe = installed(AXE).read_text("utf-8")
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    found: list[str] = []
    with served(empty) as nothing:
        for url in (*(address + kind for kind in KINDS), *(nothing + kind for kind in EMPTY)):
            enter(page, url)
            page.locator("summary").evaluate_all("all => all.forEach(one => one.click())")
            found += violations(page, axe)
    context.close()
    assert found == []


def test_every_kind_of_page_is_looked_at() -> None:
    """A new kind of page is held against axe, narrow screens and dark colours only if it is listed here."""
    looked_at = {kind_of(path_of(f"/{url.partition('?')[0]}")).name for url in KINDS}
    pages = {kind.name for kind in urls.KINDS if "html" in kind.paths}
    assert looked_at == pages


def test_axe_would_find_faint_text_and_a_picture_without_words(chromium: Browser, address: str) -> None:
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(address)
    page.add_style_tag(content=".summary { color: #ccc }")
    page.evaluate("document.querySelector('main').append(new Image())")
    found = violations(page, installed(AXE).read_text("utf-8"))
    context.close()
    assert any("color-contrast" in one for one in found)
    assert any("image-alt" in one for one in found)


def test_no_page_scrolls_sideways_at_320_px(chromium: Browser, address: str, empty: Path) -> None:
    page = chromium.new_page(viewport={"width": 320, "height": 640})
    wide = []
    with served(empty) as nothing:
        # Each of the hostile titles, too.
        items = [f"tin/2016/{10 + number % 3}/{number:03}/" for number in range(len(HOSTILE))]
        for url in (*(address + kind for kind in (*KINDS, *items)), *(nothing + kind for kind in EMPTY)):
            enter(page, url)
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > 320:
                wide.append((url, width))
    page.close()
    assert wide == []


def test_the_nu_html_checker_finds_no_error_on_300_hostile_items(output: Path) -> None:
    assert check_with_nu(output) == ""


def test_stylelint_finds_nothing_in_the_style_sheets() -> None:
    node = require("node")
    command = [node, str(installed(STYLELINT)), "templates/assets/*.css", "bulletin/preview/overlay/*.css"]
    command.append("bulletin/desk/static/*.css")
    done = subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8", cwd=REPOSITORY)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_colours_are_set_in_one_place() -> None:
    literal = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(|(?<![-\w])(?:black|white|red|gr[ae]y)(?![-\w])")
    css = {file.name: file.read_text("utf-8") for file in (REPOSITORY / "templates/assets").glob("*.css")}
    for name, text in css.items():
        # Rules without those of `:root`, which name the colours that all others use, and without comments.
        rules = re.sub(r"(?s)/\*.*?\*/|:root[^{}]*\{[^{}]*\}", "", text)
        assert literal.findall(rules) == [], name
    assert literal.search(css["style.css"]), "or this sees nothing"


def test_every_map_shows_both_archipelagos_with_their_parents_shade_and_page(output: Path, empty: Path) -> None:
    maps = 0
    for path in (*output.rglob("*.html"), *empty.rglob("*.html")):
        text = path.read_text("utf-8")
        if 'class="map' not in text:
            continue
        for drawn in etree.HTML(text).xpath("//figure[contains(@class, 'map')]/svg"):
            maps += 1
            tiles = {tile.xpath("string(title)").partition(":")[0]: tile for tile in drawn.xpath("a")}
            assert len(tiles) in {65, 36}, path
            assert "quần đảo Hoàng Sa và quần đảo Trường Sa" in drawn.get("aria-label")
            for name, parent in (("QĐ. Hoàng Sa (Đà Nẵng)", "Đà Nẵng"), ("QĐ. Trường Sa (Khánh Hòa)", "Khánh Hòa")):
                assert tiles[name].get("href") == tiles[parent].get("href"), path
                assert tiles[name].get("class") == tiles[parent].get("class") + " sea", path
    # Front page, provinces, deals and a year; without items there is no year.
    assert maps == 4 + 3


def test_the_front_page_compares_the_newest_month_with_the_one_before(tmp_path: Path) -> None:
    files = {"content/a.md": item(value="2 tỷ đồng"), "content/b.md": item(title="Hai", date="2016-10-02")}
    root = write(tmp_path, files)
    build(root)
    page = " ".join("".join(etree.HTML((root / "output/index.html").read_text("utf-8")).itertext()).split())
    assert "Tháng 12/2016: 1 bài, 1 thỏa thuận. Tháng liền trước: 0 bài, 0 thỏa thuận." in page
    before = (root / "output/index.html").read_bytes()
    assert build(root, "--as-of", "2017-09-09").json["written"] == 0, "the clock alone changes nothing"
    assert (root / "output/index.html").read_bytes() == before


def test_pages_weigh_no_more_than_a_poor_connection_bears(full: Path) -> None:
    for path in full.rglob("*.html"):
        data = path.read_bytes()
        is_item = kind_of(path.relative_to(full).as_posix()).name == "item"
        assert len(data) <= (30_000 if is_item else 60_000), (path, len(data))
        if is_item:
            assert len(gzip.compress(data)) <= 10_000, path
    # The fullest lists there can be, or one short of them.
    assert len(shown(full / "thang/2015-01/index.html", "//ul[@class='cards']/li[@class='pictured']")) == 31
    assert len(shown(full / "thang/2015-01/index.html", "//ul[@class='titles']/li")) == 31
    assert len(shown(full / "tinh/ha-noi/index.html", "//ul[@class='cards']/li[@class='pictured']")) == 39
    assert len(shown(full / "tinh/ha-noi/index.html", "//table[@class='deals']/tbody/tr")) == 30
    assert len(shown(full / "thoa-thuan/index.html", "//table[@id='_table']/tbody/tr")) == 23


def test_style_sheets_and_scripts_of_a_page_weigh_little(output: Path) -> None:
    weights = {path.name: len(gzip.compress(path.read_bytes())) for path in (output / "assets").iterdir()}
    for kind in KINDS:
        page = output / path_of("/" + kind.partition("?")[0])
        named = shown(page, "//link[@rel='stylesheet']/@href | //script/@src")
        assert len(named) > 1 or kind == "cu/"
        assert sum(weights[str(one).rpartition("/")[2]] for one in named) <= 20_000, kind


def test_the_chosen_scheme_is_remembered_and_nothing_flashes(chromium: Browser, address: str) -> None:
    context = chromium.new_context(color_scheme="light")
    page = context.new_page()
    page.goto(address)
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.get_by_role("button", name="Nền tối").click()
    dark = page.evaluate(background)
    assert dark != light
    page.goto(address + "tinh/")
    assert page.evaluate(background) == dark
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.get_by_role("button", name="Nền sáng").click()
    page.goto(address)
    assert page.evaluate("[document.documentElement.dataset.theme, localStorage.length]") == [None, 0]
    # What keeps it from flashing: the script stands before the style sheet and waits for nothing.
    head = page.content().partition("</head>")[0]
    assert head.index("assets/theme.") < head.index('rel="stylesheet"')
    assert not re.search(r"<script[^>]*theme[^>]*(?:defer|async)", head)
    context.close()


def test_nothing_jumps_while_a_page_is_made_ready(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 412, "height": 823})
    page.add_init_script(
        "window.shifts = 0;"
        "const add = (list) => { for (const one of list.getEntries()) shifts += one.value };"
        "new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });"
    )
    for kind in ("", "thoa-thuan/", "tin/2016/12/giau/"):
        page.goto(address + kind)
        page.wait_for_timeout(200)
        assert page.evaluate("shifts") == 0, kind
    page.close()


def test_the_deals_are_sorted_and_filtered_over_all_their_pages(chromium: Browser, address: str, output: Path) -> None:
    known = json.loads((output / "thoa-thuan.json").read_text("utf-8"))["deals"]
    page = chromium.new_page()
    page.goto(address + "thoa-thuan/")
    rows = page.locator("#_table tbody tr")
    assert rows.count() < len(known)
    page.get_by_role("button", name="Giá trị").click()
    page.wait_for_selector("th[aria-sort=descending]")
    assert rows.count() == len(known)
    dong = rows.evaluate_all("rows => rows.map(row => Number(row.dataset.dong ?? -1))")
    assert dong == sorted((deal["value"] or -1 for deal in known), reverse=True)
    page.get_by_role("button", name="Tỉnh, thành phố").click()
    page.wait_for_selector("th:nth-child(2)[aria-sort=ascending]")
    names = rows.evaluate_all("rows => rows.map(row => row.cells[1].textContent)")
    # NAMES stand in Vietnamese order.
    assert names == sorted(names, key=NAMES.index)
    page.get_by_label("Vùng").select_option(label="Tây Nguyên")
    page.get_by_text(re.compile(f"trên {len(known)} thỏa thuận")).wait_for()
    shown = page.locator("#_table tbody tr:not([hidden]) th").evaluate_all("cells => cells.map(c => c.textContent)")
    assert set(shown) <= {"Đắk Lắk", "Đắk Nông", "Gia Lai", "Kon Tum", "Lâm Đồng"}
    assert len(shown) == sum(deal["name"] in set(shown) for deal in known)
    # The sum is that of what is shown.
    ours = [deal for deal in known if deal["name"] in set(shown) and deal["value"]]
    total = f"{sum(deal['value'] for deal in ours) / 10**9:,.1f}".removesuffix(".0").translate(
        str.maketrans(",.", ".,")
    )
    about = "khoảng " if any(deal["qualifier"] != "exact" for deal in ours) else ""
    said = page.locator(".filter [role=status]").inner_text()
    assert said.endswith(f"; {len(ours)} có công bố, tổng {about}{total} tỷ đồng")
    # Links of rows from other pages lead where they led there.
    hrefs = page.locator("#_table a").evaluate_all("links => links.map(link => link.href)")
    page.close()
    for href in set(hrefs):
        assert (output / href.removeprefix(address) / "index.html").is_file(), href


def test_a_feed_that_is_clicked_says_what_it_is_and_shows_its_items(
    chromium: Browser, address: str, output: Path
) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 640})
    # Its style sheet stands at the address of the settings.
    page.route(
        "http://localhost:8000/assets/*",
        lambda route: route.fulfill(path=output / urlsplit(route.request.url).path[1:]),
    )
    page.goto(address + "chuyen-muc/ky-ket/atom.xml")
    look = "(selector, part) => getComputedStyle(document.querySelector(selector), part)"
    assert "Outlook" in page.evaluate(f"({look})('feed > title', '::after').content")
    assert page.evaluate(f"['entry > title', 'entry > content', 'id'].map((one) => ({look})(one).display)") == [
        *("block", "none", "none")
    ]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


def test_where_nothing_can_be_fetched_the_deals_of_the_page_are_sorted_and_that_is_said(
    chromium: Browser, address: str
) -> None:
    page = chromium.new_page()
    page.route("**/trang/**", lambda route: route.abort())
    page.goto(address + "thoa-thuan/")
    rows = page.locator("#_table tbody tr")
    count = rows.count()
    page.get_by_role("button", name="Giá trị").click()
    page.get_by_text(f"Chỉ xếp {count} thỏa thuận mới nhất của trang này").wait_for()
    assert rows.count() == count
    assert page.locator("#_older").is_visible(), "there is still a way to the others"
    page.close()


def test_without_scripts_every_deal_can_be_read(chromium: Browser, address: str, output: Path) -> None:
    known = json.loads((output / "thoa-thuan.json").read_text("utf-8"))["deals"]
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "thoa-thuan/")
    assert not page.locator(".filter").is_visible()
    assert not page.locator(".theme").is_visible()
    read = page.locator("#_table tbody tr").count()
    while page.get_by_role("link", name="Các thỏa thuận cũ hơn").count():
        page.get_by_role("link", name="Các thỏa thuận cũ hơn").click()
        read += page.locator("#_table tbody tr").count()
    assert read == len(known)
    context.close()


def test_a_printed_page_has_no_navigation_and_shows_where_its_links_lead(chromium: Browser, address: str) -> None:
    page = chromium.new_page(color_scheme="dark")
    page.goto(address + "thang/2016-12/")
    page.emulate_media(media="print")
    for gone in (".masthead nav", ".theme", ".trail", ".neighbours", ".footer"):
        assert not page.locator(gone).is_visible(), gone
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--title')").startswith('"Tháng')
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.close()


def test_every_page_forbids_scripts_and_styles_of_its_own(output: Path, empty: Path) -> None:
    found = set()
    for path in (*output.rglob("*.html"), *empty.rglob("*.html")):
        page = etree.HTML(path.read_text("utf-8"))
        (policy,) = page.xpath("/html/head/meta[@http-equiv='Content-Security-Policy']/@content")
        # What stands before it in the head is not bound by it.
        assert not page.xpath("//meta[@http-equiv='Content-Security-Policy']/preceding::*[self::script or self::link]")
        found.add(policy)
    assert found == POLICIES


def test_the_map_is_that_of_the_newest_day(tmp_path: Path) -> None:
    pages = ("index.html", "tinh/index.html", "thang/2025/index.html", "thoa-thuan/index.html")

    def tiles(page: str) -> int:
        return len(shown(root / "output" / page, "//figure[contains(@class, 'map')]//a"))

    root = write(tmp_path, {"content/a.md": item(province="Hải Dương", date="2025-06-30", value="2 tỷ đồng")})
    assert build(root, "--as-of", "2026-01-01").code == 0
    assert [tiles(page) for page in pages] == [63 + 2] * 4
    write(root, {"content/b.md": item(title="Hai", province="Hải Phòng", date="2025-07-01", value="3 tỷ đồng")})
    assert build(root, "--as-of", "2026-01-01").code == 0
    assert [tiles(page) for page in pages] == [34 + 2] * 4
    # Both are of the one that Hải Dương became a part of.
    (both,) = shown(root / "output/tinh/index.html", "//a[title[starts-with(., 'Hải Phòng:')]]/title/text()")
    assert both == "Hải Phòng: 2 thỏa thuận, tổng 5\xa0tỷ\xa0đồng"


def test_a_tile_is_reached_by_keyboard_and_shows_it(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    page.goto(address + "tinh/")
    page.locator("main a").first.focus()
    page.keyboard.press("Tab")
    focused = "document.activeElement"
    assert page.evaluate(f"{focused}.closest('.map') !== null")
    name = page.evaluate(f"{focused}.querySelector('title').textContent")
    assert page.get_by_role("link", name=name, exact=True).count() == 1
    assert page.evaluate(f"getComputedStyle({focused}.querySelector('rect')).strokeWidth") == "4px"
    shown = page.evaluate(
        f"[...{focused}.querySelectorAll('text')].filter(text => text.checkVisibility()).map(text => text.textContent)"
    )
    assert shown[0] == name.partition(":")[0], "the whole name, on a wide screen"
    assert shown[-1].replace("tổng", ", tổng") == name
    page.set_viewport_size({"width": 767, "height": 800})
    assert not page.locator(".map .name").first.is_visible()
    assert page.locator(".map .short").first.is_visible()
    page.locator(".map a").nth(9).hover()
    assert page.locator(".map a").nth(9).locator(".told").is_visible()
    page.close()


def test_tables_of_sums_are_in_billions_and_quiet_where_there_is_nothing(tmp_path: Path) -> None:
    files = {
        "content/a.md": item(province="Hà Nội", value="gần 2.000 tỷ đồng"),
        "content/b.md": item(title="Hai", province="Hà Nội", date="2016-12-26", value="1,55 tỷ đồng"),
        "content/c.md": item(title="Ba", province="Cà Mau", value="chưa công bố"),
    }
    root = write(tmp_path, files)
    assert build(root).code == 0
    rows = {
        row.xpath("string(th)"): (row.get("class"), [cell.text for cell in row.xpath("td")])
        for row in shown(root / "output/tinh/index.html", "//table/tbody/tr")
    }
    assert rows["Hà Nội"] == (None, ["2", "2", "2", "khoảng 2.002"])
    assert rows["Cà Mau"] == (None, ["1", "1", "0", "—"])
    assert rows["Lai Châu"] == ("nothing", ["0", "0", "0", "—"])


def test_what_a_province_became_repeats_no_number(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(province="Thái Nguyên", value="2 tỷ đồng")})
    path = root / "output/tinh/thai-nguyen/index.html"
    assert build(root).code == 0
    (told,) = ("".join(unit.itertext()) for unit in shown(path, "//p[@class='unit']"))
    assert told.startswith("Tỉnh Thái Nguyên (Trung du và miền núi phía Bắc): 1 bài, 1 thỏa thuận, ")
    assert told.endswith("; từ ngày 01/07/2025 gồm cả Bắc Kạn.")
    write(root, {"content/b.md": item(title="Hai", province="Bắc Kạn")})
    assert build(root).code == 0
    before, after = "".join(shown(path, "//p[@class='unit']")[0].itertext()).split("; ")
    assert "1 bài, 1 thỏa thuận" in before
    assert "gồm cả Bắc Kạn: 2 bài, 1 thỏa thuận" in after


def test_a_month_is_read_newest_first_or_by_province_without_a_script(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "thang/2016-12/")
    newest, placed = page.locator(".newest-first"), page.locator(".placed")
    assert (newest.is_visible(), placed.is_visible()) == (True, False)
    page.get_by_role("link", name="theo tỉnh, thành phố", exact=True).click()
    assert (newest.is_visible(), placed.is_visible()) == (False, True)
    assert page.locator(".order").is_visible()
    page.get_by_role("link", name="mới nhất trước", exact=True).click()
    assert (newest.is_visible(), placed.is_visible()) == (True, False)
    context.close()


def test_the_first_two_screens_of_a_phone_are_news(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 780})
    page.goto(address)
    top = "(selector) => document.querySelector(selector).getBoundingClientRect().top"
    assert page.evaluate(f"({top})('.lead h2')") < 780
    assert page.evaluate(f"({top})('.news')") < 2 * 780
    assert page.evaluate(f"({top})('.figures')") > page.evaluate(f"({top})('.stories > .older')") > 2 * 780
    page.close()


def test_growth_is_drawn_once_there_are_two_months_of_it(tmp_path: Path) -> None:
    page = tmp_path / "output/thoa-thuan/index.html"
    root = write(tmp_path, {"content/a.md": item(value="2 tỷ đồng")})
    assert build(root).code == 0
    assert shown(page, "//figure[contains(@class, 'steps')]") == [], "a single month fills its box and says nothing"
    write(root, {"content/b.md": item(title="Hai", date="2016-11-25", value="3 tỷ đồng")})
    assert build(root).code == 0
    assert len(shown(page, "//figure[contains(@class, 'steps')]")) == 2
    assert [cell.text for cell in shown(page, "//details//tbody/tr/td[1]")] == ["1", "1"], "the same province"

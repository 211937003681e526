"""Finished pages under the eyes of other programs: the Nu HTML checker, an XML parser, a CSV reader."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from bulletin.publishing.notice import NOTICE
from bulletin.urls import kind_of
from bulletin.vietnamese import clean
from tests.builders import deals, item
from tests.pictures import photo
from tests.programs import missing, require
from tests.sites import REPOSITORY, build, snapshot, write

NU = REPOSITORY / "node_modules/vnu-jar/build/dist/vnu.jar"
BRIEFLY = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""For programs of a few seconds: in that time Java's second compiler costs more than it saves."""
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = (
    "Tin & tin <b>đậm</b>",
    "</script><script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    "a' onmouseover='alert(1)",
    "]]> <!-- --> &amp; {{ 7 * 7 }}",
    "TIN " * 60,
    "𝄞 emoji 👩‍👩‍👧 và العربية",
)
RICH = """Mở đầu với *nghiêng*, **đậm**, `mã`, chú thích[^1] và HTML.

[TOC]

# Mục đầu

| Trái | Giữa | Phải |
|:--|:-:|--:|
| 1 | 2 | 3 |

## Mục nhỏ {: .noi-bat }

Từ
:   Định nghĩa

```python
x = "<b>"
```

- một
    - hai

![Lễ ký](le-ky.png "Lễ ký") [tệp](le-ky.png) [chỗ này](#muc-nho) [trang](/thoa-thuan/)

<div onclick="alert(1)">HTML <marquee>alert(1)</marquee> <a href="javascript:alert(1)">thô</a></div>

*[HTML]: Ngôn ngữ đánh dấu

[^1]: Chú thích.
"""


def every_kind_of_page() -> dict[str, str | bytes]:
    """Return the files of a site that has every kind of page, and titles that want to break out of them."""
    files: dict[str, str | bytes] = {"content/le-ky.png": photo(1, 1700, 900), "content/anh.jpg": photo(2)}
    for number, title in enumerate(HOSTILE):
        quoted = json.dumps(title, ensure_ascii=False)
        files[f"content/h{number}.md"] = item(
            RICH, title=quoted, summary=quoted, author=f"[{quoted}]", tags=f"[{quoted}]", province="Huế"
        )
    for number in range(45):
        files[f"content/{number:02}.md"] = item(title=f"Tin số {number}", date=f"2016-10-{1 + number % 28:02}")
    files["content/cu.md"] = item(expires="2017-01-01", pinned="true", image="anh.jpg", image_alt='Ảnh "lễ ký"')
    listed = deals(("Huế", "2016-11", "chưa công bố"), ("Hà Nội", "2016-12-02", "gần 1,5 tỷ"))
    files["content/nhieu.md"] = item(province="Toàn quốc", deals=listed, aliases="[/cu/, /cu.html]", category="Ký kết")
    files["content/moi.md"] = item(province="Thái Nguyên", date="2025-07-02", value="hơn 2.000 tỷ đồng")
    files["content/sua.md"] = item(updated='\n  - date: 2016-12-28\n    note: "Sửa <tên> & chức danh"', pinned="true")
    files["pyproject.toml"] = '[tool.bulletin]\ntitle = "Bản tin <A & B>"\ncategories = ["Ký kết"]\n'
    return files


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return output/ of a site that has every kind of page."""
    root = write(tmp_path_factory.mktemp("pages"), every_kind_of_page())
    ran = build(root, "--as-of", "2026-01-01", "--base-url", "https://bantin.example/noi-bo")
    assert ran.code == 0, ran.out
    return root / "output"


def check_with_nu(*folders: Path) -> str:
    """Return every error that the Nu HTML checker finds below the folders, a line each."""
    java = require("java")
    if not NU.is_file():
        missing("the Nu HTML checker is not installed: npm ci")
    command = [java, "-Xss2m", "-Xmx1g", *BRIEFLY, "-jar", str(NU), "--errors-only", "--skip-non-html", "--stdout"]
    command += map(str, folders)
    done = subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8")
    return done.stdout + done.stderr


def test_the_nu_html_checker_finds_no_error_on_any_kind_of_page(output: Path, tmp_path: Path) -> None:
    # Nor anywhere else but in a page with one, or it sees nothing.
    write(tmp_path, {"wrong.html": "<!doctype html><title>x</title><p><img src=x>", "notice.html": NOTICE})
    (found,) = check_with_nu(output, tmp_path).splitlines()
    assert "wrong.html" in found
    assert "alt" in found


def test_no_page_holds_a_script_a_handler_or_a_style_of_its_own(output: Path) -> None:
    for path, data in snapshot(output).items():
        if path.endswith(".html"):
            page = etree.HTML(data.decode())
            assert not page.xpath("//style | //iframe | //@style | //@*[starts-with(name(), 'on')]"), path
            for script in page.xpath("//script[not(@type='application/ld+json')]"):
                assert "assets/" in script.get("src"), path
                assert not script.text, path
            assert not page.xpath("//@href[starts-with(., 'javascript:')] | //@src[contains(., '//')]"), path
            assert page.xpath("//meta[@http-equiv='Content-Security-Policy']"), path


def test_every_page_has_one_h1_and_its_headings_leave_out_no_level(output: Path) -> None:
    for path, data in snapshot(output).items():
        page = etree.HTML(data.decode()) if path.endswith(".html") else None
        if page is None or page.xpath("//meta[@http-equiv='refresh']"):
            continue
        levels = [int(heading.tag[1]) for heading in page.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
        assert levels.count(1) == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), path


def feed(output: Path, path: str = "atom.xml") -> etree._Element:
    return etree.fromstring((output / path).read_bytes())


def test_the_feed_holds_the_newest_20_in_full_with_absolute_addresses(output: Path) -> None:
    entries = feed(output).findall(f"{ATOM}entry")
    assert len(entries) == 20
    assert entries[0].findtext(f"{ATOM}title") == "Tin"
    for entry in entries:
        content = etree.HTML(entry.findtext(f"{ATOM}content"))
        for address in content.xpath("//@href | //@src"):
            assert address.startswith("https://bantin.example/noi-bo/"), address


def test_a_feed_says_who_wrote_it_and_when_it_changed_with_the_offset(output: Path) -> None:
    for path in ("atom.xml", "tinh/thua-thien-hue/atom.xml", "tinh/ca-mau/atom.xml", "tinh/toan-quoc/atom.xml"):
        root = feed(output, path)
        for node in (root, *root.findall(f"{ATOM}entry")):
            assert datetime.fromisoformat(node.findtext(f"{ATOM}updated")).utcoffset() is not None
            assert node.findtext(f"{ATOM}id").startswith("tag:bantin.example,")
        assert root.find(f"{ATOM}author/{ATOM}name").text
        (own,) = root.xpath("a:link[@rel='self']/@href", namespaces={"a": ATOM[1:-1]})
        assert own == f"https://bantin.example/noi-bo/{path}"


def test_ids_of_entries_are_distinct_and_a_correction_is_an_update(output: Path) -> None:
    ids = [node.text for node in feed(output).iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    (corrected,) = [entry for entry in feed(output).findall(f"{ATOM}entry") if "/sua/" in entry.findtext(f"{ATOM}id")]
    assert corrected.findtext(f"{ATOM}published") == "2016-12-25T00:00:00+07:00"
    assert corrected.findtext(f"{ATOM}updated") == "2016-12-28T00:00:00+07:00"


def test_the_sitemap_names_every_item_and_every_address_in_it_is_a_page(output: Path) -> None:
    places = etree.fromstring((output / "sitemap.xml").read_bytes()).xpath("//*[local-name() = 'loc']/text()")
    base = "https://bantin.example/noi-bo/"
    assert all(place.startswith(base) for place in places)
    files = {(place.removeprefix(base) + "index.html") for place in places}
    assert all((output / file).is_file() for file in files)
    assert {path for path in snapshot(output) if re.fullmatch("tin/[0-9].*/index.html", path)} <= files
    assert "tin/index.html" in files


def test_the_csv_opens_in_excel_and_says_what_the_json_says(output: Path) -> None:
    data = (output / "thoa-thuan.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf"), "without a byte order mark Excel breaks every accent"
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    deals_of = json.loads((output / "thoa-thuan.json").read_text("utf-8"))["deals"]
    assert list(rows[0]) == ["province", "name", "date", "value", "deal", "qualifier", "items"]
    for row, deal in zip(rows, deals_of, strict=True):
        assert row["value"] == ("" if deal["value"] is None else str(deal["value"]))
        assert row["items"].split() == deal["items"]
        assert row["date"] == deal["date"]


def test_the_json_names_what_is_known_of_a_deal(output: Path) -> None:
    data = json.loads((output / "thoa-thuan.json").read_text("utf-8"))
    assert data["of"] == 34, "the newest deal is of July 2025"
    assert data["total"] == 2_001_500_000_000
    by_date = {deal["date"]: deal for deal in data["deals"]}
    assert by_date["2016-11"] == {
        "province": "thua-thien-hue",
        "name": "Thừa Thiên Huế",
        "date": "2016-11",
        "value": None,
        "deal": None,
        "qualifier": None,
        "items": ["https://bantin.example/noi-bo/tin/2016/12/nhieu/"],
    }
    assert by_date["2025-07-02"]["qualifier"] == "above"
    assert by_date["2016-12-02"]["qualifier"] == "about"


def test_an_approximate_amount_makes_the_total_approximate(output: Path) -> None:
    assert "khoảng\xa02.002\xa0tỷ\xa0đồng" in (output / "thoa-thuan/index.html").read_text("utf-8")


def test_lists_of_provinces_stand_in_vietnamese_order(output: Path) -> None:
    page = etree.HTML((output / "thang/2016-12/index.html").read_text("utf-8"))
    names = page.xpath("//section[@aria-labelledby='_provinces']//li/a/text()")
    assert names == ["Hà Nội", "Thái Nguyên", "Thừa Thiên Huế", "Toàn quốc"]


def test_a_province_says_what_it_became_in_2025(output: Path) -> None:
    page = etree.HTML((output / "tinh/hai-duong/index.html").read_text("utf-8"))
    assert "; từ ngày 01/07/2025 thuộc Hải Phòng." in "".join(page.itertext())


def test_every_item_says_what_it_is_as_structured_data_whatever_its_title(output: Path) -> None:
    headlines = set()
    for path in output.glob("tin/[0-9]*/**/index.html"):
        page = etree.HTML(path.read_text("utf-8"))
        if page.xpath("//meta[@http-equiv='refresh']"):
            continue
        (block,) = page.xpath("//script[@type='application/ld+json']/text()")
        found = json.loads(block)
        assert found["@type"] == "NewsArticle"
        assert found["url"] == page.xpath("string(//meta[@property='og:url']/@content)")
        assert found["url"].startswith("https://bantin.example/noi-bo/tin/")
        assert found["headline"] == page.xpath("string(//meta[@property='og:title']/@content)")
        assert found["datePublished"] == page.xpath("string(//meta[@property='article:published_time']/@content)")
        assert page.xpath("string(//meta[@property='og:site_name']/@content)") == "Bản tin <A & B>"
        assert datetime.fromisoformat(found["datePublished"]) <= datetime.fromisoformat(found["dateModified"])
        headlines.add(found["headline"])
    assert {clean(title) for title in HOSTILE} <= headlines


def test_a_long_text_gets_a_list_of_its_headings(tmp_path: Path) -> None:
    headings = "\n\n".join(f"## Mục *{number}* & {{{{ {number} }}}}[^1]\n\nThân." for number in range(1, 6))
    files = {
        "content/dai.md": item(headings + "\n\n[^1]: Chú thích."),
        "content/ngan.md": item("## Một\n\n## Hai\n\n## Ba", title="Ngắn"),
        "content/tu-lam.md": item("[TOC]\n\n## Một\n\n## Hai\n\n## Ba\n\n## Bốn", title="Tự làm"),
    }
    root = write(tmp_path, files)
    assert build(root).code == 0
    lists = {
        name: etree.HTML((root / f"output/tin/2016/12/{name}/index.html").read_text("utf-8")).xpath(
            "//nav[@class='contents']//a/text()"
        )
        for name in ("dai", "ngan", "tu-lam")
    }
    assert lists["dai"] == [f"Mục {number} & {{{{ {number} }}}}" for number in range(1, 6)]
    assert lists["ngan"] == lists["tu-lam"] == []


def test_a_correction_is_shown_on_its_item_and_in_its_month(output: Path) -> None:
    for path in ("tin/2016/12/sua/index.html", "thang/2016-12/index.html"):
        assert "Sửa &lt;tên&gt; &amp; chức danh" in (output / path).read_text("utf-8")


def test_every_file_of_a_whole_site_has_a_kind_of_its_own(output: Path) -> None:
    """A page whose kind is forgotten would pass for an old url, and data for an attachment: both are named here."""
    kinds = {path: kind_of(path).name for path in snapshot(output)}
    assert {path for path, kind in kinds.items() if kind == "redirect"} == {"cu/index.html", "cu.html"}
    beside_items = {path for path, kind in kinds.items() if kind == "attachment"}
    assert {path.rpartition(".")[2] for path in beside_items} == {"jpg"}
    assert all(path.startswith("tin/") for path in beside_items)

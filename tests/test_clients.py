"""What the bulletin writes for programs, read by programs that are not ours, and held against schemas."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path

import feedparser
import jsonschema
import pytest
from lxml import etree

from bulletin.pages import feeds
from bulletin.vietnamese import clean
from tests.builders import deals, item
from tests.pictures import photo
from tests.programs import require
from tests.sites import REPOSITORY, build, snapshot, write

SCHEMAS = REPOSITORY / "docs/schemas"
GRAMMARS = Path(__file__).parent / "schemas"
TITLE = 'Huế: «ký kết» <b>&</b> "trao đổi" =1+1; a, b'
BODY = "Mở đầu *nghiêng* [trang](/thoa-thuan/) [bài](b.md).\n\n![Lễ ký](le-ky.png)\n\n| a | b |\n|--:|---|\n| 1 | 2 |\n"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return output/ of a site with every kind of deal, and of item."""
    title = json.dumps(TITLE, ensure_ascii=False)
    listed = deals(
        ("Huế", "2016-11", "chưa công bố"),
        ("Hà Nội", "2016-12-02", "gần 1,5 tỷ"),
        ("Cà Mau", "2016-10-05", "tối thiểu 3 tỷ"),
    )
    files: dict[str, str | bytes] = {
        "pyproject.toml": '[tool.bulletin]\nexport_items = true\norganisation = "Ban <A> & B"\n',
        "content/le-ky.png": photo(),
        "content/a.md": item(BODY, title=title, province="Huế", value="2.000 tỷ đồng", author="[An, Bình]", tags="[x]"),
        "content/b.md": item(province="Toàn quốc", deals=listed),
        "content/e.md": item(province="Cần Thơ", value="9 tỷ", deal='Đợt 1, «khu A»; "thí điểm"', date="2016-12-03"),
        "content/c.md": item(value="trên 7 triệu đồng", updated="\n  - date: 2016-12-28\n    note: Sửa tên"),
        "content/d.md": item(province="[Huế, Đà Nẵng]", date="2016-12-01", publish="2016-12-01 08:30"),
        "content/cu.md": item(value="dưới 5 tỷ", expires="2017-01-01", date="2016-12-20"),
    }
    root = write(tmp_path_factory.mktemp("clients"), files)
    ran = build(root, "--jobs", "1", "--base-url", "https://bantin.example/noi-bo/")
    assert ran.code == 0, ran.out
    return root / "output"


def test_a_feed_reader_reads_every_feed_without_a_complaint(output: Path) -> None:
    for path in snapshot(output):
        if path.endswith("atom.xml"):
            feed = feedparser.parse((output / path).read_bytes())
            assert not feed.bozo, path
            assert (feed.version, feed.encoding) == ("atom10", "utf-8")


def test_a_feed_reader_shows_what_was_written(output: Path) -> None:
    feed = feedparser.parse((output / "atom.xml").read_bytes())
    assert feed.feed.author == "Ban <A> & B"
    entry = next(entry for entry in feed.entries if entry.link.endswith("/tin/2016/12/a/"))
    assert entry.title == clean(TITLE)
    assert [author.name for author in entry.authors] == ["An", "Bình"]
    assert [tag.label for tag in entry.tags] == ["Thừa Thiên Huế"]
    assert entry.published == "2016-12-25T00:00:00+07:00"
    (content,) = entry.content
    assert content.type == "text/html"
    assert '<a href="https://bantin.example/noi-bo/thoa-thuan/">' in content.value
    assert 'src="https://bantin.example/noi-bo/tin/2016/12/a/le-ky-png.jpg"' in content.value


def test_every_feed_keeps_the_grammar_of_rfc_4287(output: Path) -> None:
    grammar = etree.RelaxNG(etree.parse(GRAMMARS / "atom.rng"))
    feeds = [path for path in snapshot(output) if path.endswith("atom.xml")]
    assert len(feeds) > 60
    for path in feeds:
        assert grammar.validate(etree.parse(output / path)), (path, grammar.error_log)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("<published>", "<published>x"),
        ("<updated>2016", "<updated>16"),
        ('<content type="html">', '<content type="html"><p/>'),
        ('"application/atom+xml" href="https:', '"application/atom+xml" href="http//'),
        ("<generator>", "<x/><generator>"),
    ],
)
def test_the_grammar_would_find_a_fault(output: Path, right: str, wrong: str) -> None:
    text = (output / "atom.xml").read_text("utf-8")
    assert right in text
    grammar = etree.RelaxNG(etree.parse(GRAMMARS / "atom.rng"))
    assert not grammar.validate(etree.fromstring(text.replace(right, wrong, 1).encode()))


def test_the_sitemap_keeps_its_schema(output: Path) -> None:
    schema = etree.XMLSchema(etree.parse(GRAMMARS / "sitemap.xsd"))
    text = (output / "sitemap.xml").read_text("utf-8")
    assert schema.validate(etree.fromstring(text.encode())), schema.error_log
    for right, wrong in (("<lastmod>", "<lastmod>x"), ("<loc>https", "<loc>x"), ("</loc>", "</loc><x/>")):
        assert right in text
        assert not schema.validate(etree.fromstring(text.replace(right, wrong, 1).encode()))


def test_a_sitemap_in_parts_keeps_its_schema_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "WHOLE_SITEMAP", 10)
    write(tmp_path, {"content/a.md": item()})
    build(tmp_path)
    schema = etree.XMLSchema(etree.parse(GRAMMARS / "sitemap.xsd"))
    parts = {path.name: etree.parse(path) for path in (tmp_path / "output").glob("sitemap*.xml")}
    assert parts.keys() == {"sitemap.xml", "sitemap-muc-luc.xml", "sitemap-2016-12.xml"}
    assert parts["sitemap.xml"].getroot().tag.endswith("}sitemapindex")
    for part in parts.values():
        assert schema.validate(part), schema.error_log


def test_the_deals_keep_their_schema(output: Path) -> None:
    schema = json.loads((SCHEMAS / "thoa-thuan.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    data = json.loads((output / "thoa-thuan.json").read_text("utf-8"))
    assert list(validator.iter_errors(data)) == []
    assert {deal["qualifier"] for deal in data["deals"]} == {"exact", "about", "above", "below", "at_least", None}
    data["deals"][0] |= {"value": None, "qualifier": "exact"}
    assert not validator.is_valid(data)


def test_the_items_keep_their_schema_line_by_line(output: Path) -> None:
    schema = json.loads((SCHEMAS / "items.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    lines = (output / "items.jsonl").read_text("utf-8").removesuffix("\n").split("\n")
    assert len(lines) == 5
    for line in lines:
        assert list(validator.iter_errors(json.loads(line))) == []
    assert not validator.is_valid(json.loads(lines[0]) | {"amount": 1.5})


def expected(output: Path) -> list[list[str]]:
    data = json.loads((output / "thoa-thuan.json").read_text("utf-8"))
    columns = ["province", "name", "date", "value", "deal", "qualifier"]
    return [
        [*("" if deal[column] is None else str(deal[column]) for column in columns), " ".join(deal["items"])]
        for deal in data["deals"]
    ]


def test_python_reads_the_csv_as_excel_writes_it(output: Path) -> None:
    data = (output / "thoa-thuan.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    with (output / "thoa-thuan.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file, dialect="excel", strict=True)
    assert head == ["province", "name", "date", "value", "deal", "qualifier", "items"]
    assert rows == expected(output)
    assert csv.Sniffer().sniff(data.decode("utf-8-sig")).delimiter == ","
    assert b"\r\n" in data
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_libreoffice_reads_the_csv_cell_by_cell(output: Path, tmp_path: Path) -> None:
    """Converted to its own format and back, with other separators: what it understood, not what it passed on."""
    soffice, home = require("soffice"), (tmp_path / "home").as_uri()
    into = ["--outdir", str(tmp_path)]
    read = ["--infilter=CSV:44,34,76,1", "--convert-to", "ods", *into, str(output / "thoa-thuan.csv")]
    again = ["--convert-to", "csv:Text - txt - csv (StarCalc):59,34,76,1", *into, str(tmp_path / "thoa-thuan.ods")]
    for words in (read, again):
        command = [soffice, f"-env:UserInstallation={home}", "--headless", *words]
        subprocess.run(command, check=True, capture_output=True)
    text = (tmp_path / "thoa-thuan.csv").read_text("utf-8-sig")
    head, *rows = csv.reader(text.splitlines(), delimiter=";")
    assert head == ["province", "name", "date", "value", "deal", "qualifier", "items"]
    # It shows days as its language does; all else is as it was.
    assert [row[:2] + row[3:] for row in rows] == [row[:2] + row[3:] for row in expected(output)]

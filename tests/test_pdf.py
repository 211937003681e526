"""The PDF of an edition: what stands in it, that screen readers can read it, that no text is taken for code."""

from __future__ import annotations

import io
import json
import os
import random
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from bulletin.build.reading import ReadSite, read_site
from bulletin.editions.pdf import WORDS, pdf
from bulletin.editions.printed import blocks_of
from bulletin.editions.typesetting import Typeset, typeset
from bulletin.items.markdown import close_links
from bulletin.richtext import markup
from bulletin.vietnamese import clean
from tests.builders import compiled, headed, item
from tests.naughty import naughty
from tests.payloads import PLACES, everything, placed
from tests.pictures import photo
from tests.programs import require
from tests.sites import write
from tests.test_editions import made_of, request_of

TEXTS = tuple(text for group in naughty().values() for text in group)
EMPTY = {
    **dict.fromkeys(("title", "bulletin", "organisation", "description", "shown-address", "deals-in-words"), "a"),
    **dict.fromkeys(("numbers", "newest", "deals", "corrections"), ()),
    "address": "https://a/",
    "words": WORDS,
    "cover": None,
    "sum": None,
}
LIKE_CODE = (
    *(
        "#let x = 1",
        "#panic()",
        '#read("/etc/passwd")',
        '#include "data.json"',
        '#import "@preview/a:1.0.0"',
        "$a + b$",
    ),
    *("@nhan", "<nhan>", "// hết", "/* hết */", "= Đề mục", "- gạch", "+ số", "/ từ: nghĩa", "*đậm*", "_nghiêng_"),
    *(
        "`mã`",
        "[ngoặc]",
        "] [",
        "{ngoặc}",
        "\\#",
        "\\u{41}",
        "a ~ b",
        "a --- b",
        "a ... b",
        "a '' b",
        '"nháy"',
        "https://a.example/x",
    ),
)


def printed(root: Path, period: str = "2016-12", province: str = "") -> Typeset:
    """Return the PDF of an edition of a site."""

    def use(site: ReadSite) -> Typeset:
        return pdf(made_of(site, root, period, province).edition, site)

    return read_site(request_of(root), use)


def text_of(data: bytes, *options: str) -> str:
    """Return the text that comes out of a PDF."""
    found = subprocess.run(
        [require("pdftotext"), *options, "-", "-"], input=data, stdout=subprocess.PIPE, check=True, timeout=60
    )
    return found.stdout.decode()


def words_of(text: str) -> str:
    """Return a text without what only its lines are made of."""
    return re.sub(r"[\s\u200b\u2060]+", " ", text)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the PDF of a month with two deals, one of them told twice."""
    deals = "\n  - province: Huế\n    date: 2016-12-28\n    value: chưa công bố"
    names = {"organisation": "Ban Truyền thông", "base_url": "https://bantin.example/"}
    settings = "\n".join(["[tool.bulletin]", *(f'{key} = "{value}"' for key, value in names.items())])
    long = "Một câu dài hơn những câu khác. " * 60 + "\n\n"
    files: dict[str, str | bytes] = {
        "pyproject.toml": settings,
        "content/a.md": item(long * 4, title="Thỏa thuận 2.000 tỷ đồng tại Thái Nguyên", value="2.000 tỷ đồng"),
        "content/b.md": item(
            long, title="Thừa Thiên Huế là tỉnh thứ bảy", province="Huế", date="2016-12-28", value="chưa công bố"
        ),
        "content/c.md": item(title="Tổng hợp tháng 12", province="[Huế, Hà Nội]", deals=deals),
        "content/d.md": item(title="Ký kết mới là bước đầu", province="Toàn quốc"),
    }
    return printed(write(tmp_path_factory.mktemp("month"), files)).pdf


def test_it_tells_all_of_the_month(month: bytes) -> None:
    words = words_of(text_of(month)).replace("\u00a0", " ")
    for told in (
        *("Ban Truyền thông", "Bản tin", "Tháng 12/2016", "4 tin · 2 thỏa thuận · 2.000 tỷ đồng", "Mục lục"),
        *("Thỏa thuận 2.000 tỷ đồng tại Thái Nguyên", "Thái Nguyên · 25/12/2016 · 2.000 tỷ đồng", "Toàn quốc"),
        *("2 thỏa thuận, 1 có công bố giá trị, tổng 2.000 tỷ đồng.", "Tổng giá trị đã công bố", "chưa công bố"),
        "Trên trang bản tin: bantin.example/tin/2016/12/a",
    ):
        assert told in words, told


def test_the_contents_name_the_page_on_which_an_item_begins(month: bytes) -> None:
    pages = text_of(month, "-layout").split("\f")
    entries = re.findall(r"^ *(.*?)[ .\u2060]{4,}([0-9]+)$", pages[1], re.MULTILINE)
    # Four headings, four items, the deals.
    assert len(entries) == 9
    assert len({page for _, page in entries}) > 2
    for title, page in entries:
        assert words_of(title).strip() in words_of(pages[int(page) - 1]), title


def elements(node: Any) -> Iterator[Any]:
    """Yield the elements of a tagged PDF, in order."""
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child)


def test_it_is_tagged_as_pdf_ua_asks(tmp_path: Path) -> None:
    table = "| a | b |\n|---|--:|\n| 1 | 2 |\n"
    body = f"## Một\n\n#### Ba\n\n![Cầu](cau.png)\n\n![](nen.png)\n\n{table}\n[bài](a.md)[^1]\n\n[^1]: Nguồn\n"
    root = write(
        tmp_path,
        {
            "content/a.md": item(body, image="dau.png", image_alt="Lễ ký", value="5 tỷ"),
            **{f"content/{name}.png": photo(number) for number, name in enumerate(("cau", "nen", "dau"))},
        },
    )
    with pikepdf.open(io.BytesIO(printed(root).pdf)) as document:
        assert document.Root.Lang == "vi"
        assert bool(document.Root.MarkInfo.Marked)
        assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
        meta = document.open_metadata()
        assert meta["pdfuaid:part"] == "1"
        assert meta["dc:title"] == "Tháng 12/2016 · Bản tin"
        tags = list(elements(document.Root.StructTreeRoot))
        kinds = [str(tag.S)[1:] for tag in tags]
        assert {"Figure", "Table", "TH", "TD", "Link", "TOC", "TOCI", "L", "LI"} <= set(kinds)
        # The cover and the text; the picture without words is no element but decoration.
        assert [str(tag.Alt) for tag in tags if tag.S == "/Figure"] == ["Lễ ký", "Lễ ký", "Cầu"]
        levels = [int(kind[1]) for kind in kinds if re.fullmatch("H[1-6]", kind)]
        assert levels == [1, 1, 2, 3, 4, 1]
        assert all("/StructParents" in page for page in document.pages)


def test_no_text_is_taken_for_code(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {}
    for number, text in enumerate(LIKE_CODE):
        keys = {"title": text, "author": [text], "updated": [{"date": "2016-12-26", "note": text}]}
        lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items()]
        body = f"```\nkhối {text}\n```\n\n``trong dòng {text} ``\n"
        files[f"content/t{number}.md"] = headed(*lines, "province: Huế", "date: 2016-12-25", body=body)
    settings = '[tool.bulletin]\ntitle = "#panic() $a$"\norganisation = "*Ban* #x"\nbase_url = "https://a.example/"'
    made = printed(write(tmp_path, {**files, "pyproject.toml": settings}))
    words = words_of(text_of(made.pdf))
    assert made.unseen == ()
    assert "*Ban* #x #panic() $a$" in words
    for text in LIKE_CODE:
        for told in (text, f"Người viết: {text}", f"26/12/2016: {text}", f"khối {text}", f"trong dòng {text}"):
            assert words_of(told) in words, told


def test_three_hundred_awkward_texts_make_a_pdf(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {}
    for number, text in enumerate(TEXTS):
        body = f"`` {text.replace('`', '')} ``\n\n{' '.join(re.findall(chr(92) + 'w+', text))}\n"
        quoted, listed = json.dumps(text, ensure_ascii=False), json.dumps([clean(text)], ensure_ascii=False)
        files[f"content/t{number}.md"] = headed(
            f"title: {quoted}",
            f"province: {('Huế', 'Hà Nội', 'Đà Nẵng')[number % 3]}",
            f"date: 2016-12-{1 + number % 28}",
            f"value: {number + 1} tỷ",
            f"author: {listed}",
            f"updated: [{{date: 2016-12-30, note: {quoted}}}]",
            body=body,
        )
    made = printed(write(tmp_path, files))
    assert {"😀", "中"} <= set(made.unseen)
    words = words_of(text_of(made.pdf))
    plain = [text for text in naughty()["like code"] if text.isascii() and len(text) < 28]
    assert len(plain) > 50
    assert [text for text in plain if words_of(text).strip() not in words] == []


STRUCTURES = (
    *("- " * 30 + "sâu", "> " * 40 + "sâu", "\n\n".join("    " * level + "- a" for level in range(25))),
    *("|" + "a|" * 40 + "\n|" + "-|" * 40 + "\n|" + "b|" * 40, "1. a\n7. b", "<ol start=5><li value=9>x</ol>"),
    "<table>" + "<tr>" + "<td rowspan=9 colspan=7>x</td><th>y</th>" * 9 + "</tr>" * 3 + "</table>",
    "<table><caption>c</caption><tr><th rowspan=2>a</th><th>b</th></tr><tr><td>1</td></tr></table>",
    *("<table></table>", "<table><tr></tr><tr><td></td></tr></table>", "<dl><dt>a<dd>b<dd>c</dl>", "* * *\n\n---"),
    *(
        "<details><summary>x</summary>y</details>",
        "<ruby>漢<rt>Hán</rt></ruby>",
        "H<sub>2<sup>a<sub>b</sub></sup></sub>",
    ),
    *("###### a\n\n# b\n\n### c", "```\n" + "x" * 5000 + "\n```", "a" * 4000, "<b><u><s><i><u>x</u></i></s></u></b>"),
    "<ul><li><table><tr><td><ul><li>x</ul></td></tr></table></ul>",
)
BODIES = int(os.environ.get("BULLETIN_PAYLOADS", "60"))


def test_no_text_is_built_so_that_typst_refuses_it() -> None:
    wanted = [*STRUCTURES, *random.Random(1).sample(everything(), BODIES)]  # noqa: S311 - not for secrets
    blocks: list[Any] = []
    for number, payload in enumerate(wanted):
        place = [*PLACES][number % len(PLACES)] if number >= len(STRUCTURES) else "a block"
        made = compiled(headed("title: Bài", "province: Huế", "date: 2016-12-25", body=placed(payload, place, number)))
        html = close_links(made.html, lambda _: "https://a.example/", lambda _, words: f"<img{words}>")
        blocks += blocks_of(markup.tree(html), lambda _: None)
    item_data = {"id": "a", "title": "a", "meta": "a", "notes": [], "blocks": blocks, "corrections": []}
    data = {
        **EMPTY,
        "groups": [{"title": "a", "items": [{**item_data, "address": "https://a/", "shown-address": "a"}]}],
    }
    made_of_all = typeset("edition.typ", data, {}, datetime(2016, 12, 31, tzinfo=UTC))
    assert "sâu" in text_of(made_of_all.pdf)


def test_the_same_bytes_come_of_it_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files: dict[str, str | bytes] = {
        "content/a.md": item("![Cầu](cau.png)\n", value="5 tỷ"),
        "content/cau.png": photo(),
    }
    here = printed(write(tmp_path / "đây", files)).pdf
    root = write(tmp_path / "một nơi khác", files)
    monkeypatch.chdir(root)
    monkeypatch.setenv("TZ", "America/New_York")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert printed(root).pdf == here

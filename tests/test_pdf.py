"""The PDF of an edition: what stands in it, that screen readers can read it, that no text is taken for code."""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from bulletin.build.reading import ReadSite, read_site
from bulletin.editions.pdf import pdf
from bulletin.editions.typesetting import Typeset
from bulletin.vietnamese import clean
from tests.builders import headed, item
from tests.naughty import naughty
from tests.pictures import photo
from tests.programs import require
from tests.sites import sample_site, write
from tests.test_editions import made_of, request_of

TEXTS = tuple(text for group in naughty().values() for text in group)
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
def sample(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return printed(sample_site(tmp_path_factory.mktemp("sample"))).pdf


def test_it_tells_all_of_the_month(sample: bytes) -> None:
    words = words_of(text_of(sample))
    for told in (
        *("Ban Truyền thông", "Bản tin", "Tháng 12/2016", "6 tin · 4 thỏa thuận · 2.000 tỷ đồng", "Mục lục"),
        *("Thỏa thuận 2.000 tỷ đồng về thành phố thông minh tại Thái Nguyên", "Thừa Thiên Huế", "Toàn quốc"),
        *("4 thỏa thuận, 1 có công bố giá trị, tổng 2.000 tỷ đồng.", "Tổng giá trị đã công bố", "chưa công bố"),
    ):
        assert told in words.replace("\u00a0", " "), told


def test_the_contents_name_the_page_on_which_an_item_begins(sample: bytes) -> None:
    pages = text_of(sample, "-layout").split("\f")
    entries = re.findall(r"^ *(.*?)[ .\u2060]{4,}([0-9]+)$", pages[1], re.MULTILINE)
    assert len(entries) == 13
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

"""Items that are too much: each is refused by its counts before anything slow is done, and the others are checked."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from bulletin.items.decoding import MAX_BYTES
from bulletin.items.fields import MAX_LISTED
from bulletin.items.frontmatter import MAX_HEADER
from bulletin.items.markdown import convert
from bulletin.items.markdown.limits import MAX_HTML, MAX_UNCHECKED, excess
from bulletin.pages.links import GuessBudget
from bulletin.problems import show
from tests.builders import codes, compiled, headed, item, marks
from tests.sites import build, write

HEADER = ("title: Tin", "province: Huế", "date: 2016-12-25")

# Each shape took Python-Markdown, or the parser of its HTML, more than ten seconds or a gigabyte at this size.
SLOW = {
    "terms without words": ("a\n\n" + "\n: " * 40_000, "body-too-dense"),
    "a table whose rows are as long as its longest": (
        "|a|\n|-|\n" + "|x" * 5_000 + "|\n" + "|a|\n" * 5_000,
        "body-too-dense",
    ),
    "quotations in quotations": ("> " * 60_000, "body-too-nested"),
    "open brackets": ("[" * 100_000, "body-too-many-brackets"),
    "links": ("[a](b.md) " * 20_000, "body-too-many-brackets"),
    "footnotes": ("[^1] " * 20_000, "body-too-many-brackets"),
    "tags that never close": ("<a " * 20_000, "body-too-much-html"),
    "tags across paragraphs": ("<x y\n\n" * 20_000, "body-too-much-html"),
    "links as HTML": ("<a href=/>a</a> " * 12_000, "body-too-much-html"),
    "comments": ("<!--" * 20_000, "body-too-much-html"),
    "tags that every paragraph opens anew": (
        "<div><p>" + "".join(f"<b title={number}>" for number in range(2_000)) + "<p>a" * 2_000 + "</div>",
        "body-too-much-html",
    ),
    "lists in lists": ("- " * 800 + "a", "body-too-nested"),
    "a hundred thousand lists in lists": (" +" * 100_000, "body-too-nested"),
    "numbered lists in lists": ("1. " * 60_000, "body-too-nested"),
}


@pytest.mark.parametrize("shape", SLOW)
def test_a_text_that_would_take_minutes_is_refused_at_once(shape: str) -> None:
    body, code = SLOW[shape]
    assert codes(compiled(item(body)).problems) == [code]


def test_html_that_grows_beyond_all_measure_is_refused() -> None:
    body = "<div><p>" + "".join(f"<b title={number}>" for number in range(350)) + "<p>a" * 650 + "</div>"
    assert excess("a.md", body, 1) is None
    done = compiled(item(body))
    assert codes(done.problems) == ["body-too-long"]
    assert done.html == ""
    assert len(body) < MAX_UNCHECKED * 3 < MAX_HTML


def test_the_paragraph_that_is_too_much_is_named_by_its_line() -> None:
    body = "Một.\n\nHai *ba*.\n\n" + "*a" * 60_000 + "\n\nBốn.\n"
    assert marks(compiled(item(body)).problems) == [(10, "error", "body-too-dense")]


@pytest.mark.parametrize(
    "body",
    [
        "Một đoạn dài, có *chữ nghiêng*, **chữ đậm** và [liên kết](https://example.com/).\n\n" * 300,
        "- **Huế**: một dòng của danh sách dài, như thường thấy ở đây\n" * 400,
        "| Tỉnh | Ngày | Giá trị |\n|---|---|--:|\n" + "| Huế | 25/12/2016 | 1,5 tỷ đồng |\n" * 2_000,
        "## Mục\n\nĐoạn.\n\n" * 1_000,
        "    x = 1\n" * 5_000,
        "Dòng một<br>dòng hai.\n\n" * 500,
        "- **Huế**: một dòng của danh sách, theo www.a.vn và `x`\n" * 3_000,
        "".join(f"Câu có chú thích[^{n}].\n\n" for n in range(600))
        + "".join(f"[^{n}]: Nguồn {n}.\n" for n in range(600)),
        "Một câu có *chữ nghiêng*, `mã`, [số 1] và &amp;.\n" * 800,
    ],
    ids=["paragraphs", "a list", "a table", "headings", "code", "line breaks", "items", "notes", "a long paragraph"],
)
def test_a_long_but_honest_text_is_read(body: str) -> None:
    assert compiled(item(body)).problems == ()


def test_a_short_text_is_not_looked_at_whatever_it_holds() -> None:
    assert excess("a.md", "*" * MAX_UNCHECKED, 1) is None


def test_a_header_without_end_is_refused_at_once() -> None:
    done = compiled(headed(*HEADER, *("a: [" for _ in range(MAX_HEADER))))
    assert marks(done.problems) == [(1, "error", "header-too-long")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("tags: " + "[" * 10_000, "yaml-nested"),
        ("tags: " + "{a: " * 5_000, "yaml-nested"),
        ("tags: &a [x, x]", "yaml-special"),
        ("tags: [[[[[[a]]]]]]", "yaml-nested"),
        ("summary: <<: *a", "yaml-colon"),
    ],
)
def test_no_bomb_of_yaml_goes_off(line: str, code: str) -> None:
    assert code in codes(compiled(headed(*HEADER, line)).problems)


def test_a_line_without_end_does_not_fill_the_report() -> None:
    (found,) = compiled(headed(*HEADER, "tags: " + "[" * 10_000)).problems
    assert len(show(found, "vi")) < 1_500


def test_a_list_in_the_header_has_an_end() -> None:
    names = ", ".join(f"Huxế {number}" for number in range(MAX_LISTED + 1))
    assert "list-too-long" in codes(compiled(headed("title: Tin", f"province: [{names}]", "date: 2016-12-25")).problems)
    tags = ", ".join(str(number) for number in range(MAX_LISTED))
    assert compiled(headed(*HEADER, f"tags: [{tags}]")).problems == ()


def test_suggestions_end_before_they_take_long() -> None:
    guesses = GuessBudget(300)
    names = [f"tin-so-{number}.md" for number in range(100)]
    asked = [guesses.among("tin-so-7", names) for _ in range(4)]
    assert asked[0]
    assert asked[-1] == ()


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of few bytes that unpacks to as many pixels as it says."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compressobj(9)
    row = b"\0" * (1 + 3 * width)
    # Only the first rows are there: who unpacks the rest has believed the header already.
    data = b"".join(rows.compress(row) for _ in range(min(height, 50))) + rows.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return the problems of a site in which every item but two is too much."""
    files: dict[str, str | bytes] = {
        f"content/{number:02}.md": item(body) for number, (body, _) in enumerate(SLOW.values())
    }
    files |= {
        "content/5mb.md": item("Từ ngữ. " * 500_000),
        "content/anh.md": item("![Lễ ký](bom.png)"),
        "content/bom.png": bomb(50_000, 50_000),
        "content/sai.md": item(title=None),
        "content/tot.md": item(title="Bài tốt"),
    }
    root = write(tmp_path_factory.mktemp("limits"), files)
    ran = build(root, "--jobs", "1")
    assert ran.code == 1
    assert not (root / "output").exists()
    problems: list[dict[str, Any]] = ran.json["problems"]
    return problems


def test_one_item_too_many_keeps_no_other_from_being_checked(reported: list[dict[str, Any]]) -> None:
    found = {Path(problem["path"]).name: problem["code"] for problem in reported}
    wanted = {f"{number:02}.md": code for number, (_, code) in enumerate(SLOW.values())}
    wanted |= {"5mb.md": "file-too-big", "anh.md": "picture-too-large", "sai.md": "missing-title"}
    assert found == wanted


def test_what_is_too_much_is_said_in_both_languages(tmp_path: Path) -> None:
    root = write(tmp_path, {f"content/{number:02}.md": item(body) for number, (body, _) in enumerate(SLOW.values())})
    said = {language: build(root, "--lang", language).json["problems"] for language in ("vi", "en")}
    for vietnamese, english in zip(said["vi"], said["en"], strict=True):
        assert vietnamese["message"] != english["message"]
        assert vietnamese["hint"]
        assert english["hint"]
    assert str(MAX_BYTES // 1024) in json.dumps(build(write(tmp_path, {"content/a.md": b"a" * 10**6})).json)


def test_blank_lines_between_the_items_of_a_list_take_no_time() -> None:
    """Each was followed by a look at all that come after it: 10,000 of them took five seconds."""
    text = "- một" + "\n" * 30_000 + "- hai\n"
    _, html, problems = convert("content/a.md", text, 1)
    assert (html.count("<li>"), problems) == (2, ())

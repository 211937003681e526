"""A body is cut into blocks and put together again: nothing that was not touched changes by one byte."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bench.items import news
from bulletin.items.markdown import lines_of, read_apart
from bulletin.richtext.blocks import Block, Edit, apply, split
from bulletin.richtext.document import Blocks
from bulletin.richtext.html_reader import document_of
from bulletin.richtext.writer import bare
from bulletin.settings import LineBreaks
from tests.test_fast_path import MODES, NEWS
from tests.test_typed import CASES
from tests.typed_texts import TYPED

BODIES_COUNT = int(os.environ.get("BULLETIN_BODIES", "60"))
SAMPLE = [file.read_text(encoding="utf-8").split("---\n", 2)[2] for file in sorted(Path("content").rglob("*.md"))] + [
    news(number, 100).body for number in range(5)
]
ROWS = st.sampled_from([typed for typed, _, _ in CASES])
BODIES = st.builds(
    lambda parts, between, end, line_end: (between.join(parts) + end).replace("\n", line_end),
    st.lists(TYPED | NEWS | ROWS | ROWS, min_size=1, max_size=4),
    st.sampled_from(("\n\n", "\n\n", "\n", "\n\n\n")),
    st.sampled_from(("", "\n", "\n\n")),
    st.sampled_from(("\n", "\n", "\r\n")),
)


def text_of(blocks: tuple[Block, ...]) -> str:
    return "".join(block.lead + block.source + block.gap for block in blocks)


def untouched(blocks: tuple[Block, ...]) -> list[Edit]:
    return [("kept", number) for number in range(len(blocks))]


def read(body: str, line_breaks: LineBreaks = "auto") -> Blocks | None:
    """Return all that readers see of a body; None if it cannot be read."""
    reading = read_apart([body.replace("\r\n", "\n")], line_breaks)
    return reading and tuple(map(bare, document_of(reading.parts[0])))


def kinds(body: str) -> list[str]:
    return [(block.html or "<card")[1:].partition(">")[0].partition(" ")[0] for block in split(body)]


@pytest.mark.parametrize("body", SAMPLE)
def test_of_the_news_only_footnotes_are_cards(body: str) -> None:
    blocks = split(body)
    assert text_of(blocks) == body == apply(body, untouched(blocks))
    assert all(block.source.startswith("[^") for block in blocks if block.html is None)
    assert [block.source for block in blocks] == [
        "".join(lines_of(body)[block.first - 1 : block.last]).rstrip("\n") for block in blocks
    ]
    everything: list[Edit] = [
        ("kept", number) if block.html is None else ("html", block.html) for number, block in enumerate(blocks)
    ]
    assert read(apply(body, everything)) == read(body)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("A\n\n## B\nC\n\n- x\n- y\n\n1. a\n2. b\n", ["p", "h2", "p", "ul", "ol"]),
        ("Gồm:\n- A\n- B", ["p", "ul"]),
        ("Ông nói:\n- 5 độ", ["p"]),
        ("> a\n\n> b\n", ["blockquote"]),
        ("- A\n<!-- -->\n- B", ["ul", "ul"]),
        ("A\tB\n1\t2\nz", ["table", "p"]),
        ("```\na\n\nb\n```\nz\n\n---\n\n![x](a.jpg)", ["pre", "p", "hr", "p"]),
        ("A[^1]\n\n[^1]: x\n\nB", ["p", "card", "p"]),
        ("UBND tỉnh\n\n*[UBND]: Ủy ban nhân dân", ["p", "card"]),
        ("[a] và [b](b.md)\n\n[a]: a.md\n\n[b](b.md)", ["card", "card", "p"]),
        ("[Bản quyền]: TTXVN", ["card"]),
        ("[TOC]\n\n## Mục {#neo}\n\n## Mục", ["card", "card", "h2"]),
        ("A\n: b\n\n: c\n\nd\n{: .right }", ["card", "card"]),
        ("x\n\n<div>\n\nb\n\n</div>\n\nc", ["p", "card", "p"]),
        ("<details>\n<summary>S</summary>\n\na\n\n</details>", ["card"]),
        ("a\n\n<u>b</u> c\n\nd", ["p", "card", "p"]),
        ("<!-- -->\n", ["card"]),
        ("a <b>b\n\nc", ["card"]),
        ("<!-- ghi chú\n\n- x -->\n\nb", ["card", "p"]),
        ("1. A\n2. B\n4. C", ["ol"]),
        ("- A\n\n- ___", ["card"]),
        ("  \n\n", []),
        ("", []),
        ("a\n\n" + "[" * 3000, ["card"]),
        ("> " * 400 + "a", ["card"]),
    ],
)
def test_what_the_editor_knows_is_html_and_all_else_a_card(body: str, expected: list[str]) -> None:
    assert kinds(body) == expected
    assert text_of(split(body)) == (body if expected else "")
    assert apply(body, untouched(split(body))) == body


def test_addresses_stand_as_in_the_source_and_nothing_is_shown_unsanitised() -> None:
    body = '[x](../b.md#c "T") ![a](c.jpg)\n\n[y](javascript:alert(1))\n\n<script>alert(1)</script>'
    assert [block.html for block in split(body)] == [
        '<p><a href="../b.md#c" title="T">x</a> <img src="c.jpg" alt="a"></p>',
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("![](a.mp4)", '<p><a href="a.mp4">a.mp4</a></p>'),
        ("Nghe ![bài hát](b.MP3) này", '<p>Nghe <a href="b.MP3">bài hát</a> này</p>'),
        ("[![Lễ ký](a.mp4)](b.md)", '<p><a href="b.md">Lễ ký</a></p>'),
    ],
)
def test_a_film_typed_as_a_picture_is_the_link_that_readers_get(body: str, html: str) -> None:
    assert [block.html for block in split(body)] == [html]
    assert apply(body, [("kept", 0)]) == body
    assert read(apply(body, [("html", html)])) == read(body)


BODY = "\n# Đề\nMột.\n\n\n- a\n- b\n\n[TOC]\n\nHai   ba.\n- x\n- y\n"


@pytest.mark.parametrize(
    ("edited", "expected"),
    [
        ([("kept", 0), ("html", "<p>Mới</p>"), ("kept", 2), ("kept", 3), ("kept", 4), ("kept", 5)],
         "\n# Đề\nMới\n\n\n- a\n- b\n\n[TOC]\n\nHai   ba.\n- x\n- y\n"),
        ([("kept", 0), ("kept", 2), ("kept", 3), ("kept", 4), ("kept", 5)],
         "\n# Đề\n- a\n- b\n\n[TOC]\n\nHai   ba.\n- x\n- y\n"),
        ([("kept", 2), ("kept", 5)], "\n- a\n- b\n\n<!-- -->\n\n- x\n- y\n"),
        ([("kept", 4), ("kept", 0), ("source", "\n> trích\n\n")], "\nHai   ba.\n# Đề\n> trích\n"),
        ([("kept", 4), ("html", "<ul><li><p>một</p></li></ul>")], "\nHai   ba.\n\n- một\n"),
        ([("html", "<p></p>"), ("kept", 3), ("html", "<p>a</p><p>b</p>")], "\n[TOC]\n\na\n\nb\n"),
        ([], ""),
    ],
)  # fmt: skip
def test_blocks_are_added_moved_and_removed(edited: list[Edit], expected: str) -> None:
    assert apply(BODY, edited) == expected
    windows = apply(BODY.replace("\n", "\r\n"), edited)
    assert windows == expected.replace("\n", "\r\n")


@pytest.mark.parametrize(("body", "end"), [("a", ""), ("a\n", "\n"), ("a\n\n", "\n\n"), ("", "\n")])
def test_the_end_of_the_file_is_kept(body: str, end: str) -> None:
    assert apply(body, [("html", "<p>Huê\u0301</p>")]) == "Huế" + end


@settings(max_examples=BODIES_COUNT, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(BODIES, st.sampled_from(MODES))
@example("\n\nHuế</b>\n\n*[A]: \n5\n\nHuế\n*[A]: - – Phòng", "auto")
@example(">[l](m)\n\n[^2]: (b)\n>Tổng\n\nb[^2]", "auto")
@example("[a]: b.md\n[a]: c.md\n\n[a]", "none")
@example("+  a *a**b*\n2. \nA & B", "auto")
@example("Tổng\n\n- ___", "auto")
def test_whatever_a_body_holds_only_what_is_touched_changes(body: str, line_breaks: LineBreaks) -> None:
    blocks = split(body, line_breaks)
    assert text_of(blocks) == body or not blocks
    assert apply(body, untouched(blocks), line_breaks) == body
    for number, block in enumerate(blocks[:4]):
        if block.html is None:
            continue
        edited = untouched(blocks)
        edited[number] = ("html", block.html)
        new = apply(body, edited, line_breaks)
        assert new.startswith(text_of(blocks[:number]) + block.lead)
        assert new.endswith(block.gap + text_of(blocks[number + 1 :]))
        assert read(new, line_breaks) == read(body, line_breaks)

"""Plain news goes straight to HTML, and to the HTML that Python-Markdown makes of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.items import item
from bulletin.items.markdown import python_markdown
from bulletin.items.markdown.fast_path import html_of
from bulletin.items.markdown.python_markdown import markdown
from bulletin.settings import LineBreaks
from tests.sites import REPOSITORY
from tests.test_python_markdown import TEXTS
from tests.typed_texts import TYPED

TEXTS_COUNT = int(os.environ.get("BULLETIN_TEXTS", "400"))
MARKDOWN = markdown(quick=False)
MODES: tuple[LineBreaks, ...] = ("auto", "all", "none")

WORDS = st.sampled_from(
    (
        *(
            "Huế",
            "ký kết",
            "2.000 tỷ",
            "và",
            "a",
            "I",
            "R&D",
            "A & B",
            "AT&T;",
            "&amp;",
            "5 > 3",
            "“x”",
            "(b)",
            "Đà Nẵng,",
        ),
        *(
            "1.",
            "12",
            "3)",
            "-",
            "–",
            "#",
            "!",
            "x*y",
            "*",
            "**",
            "_",
            "a_b",
            "[",
            "]",
            "]:",
            ":",
            "|",
            "\xa0",
            "'",
            '"q"',
        ),
        *("=", "~", "~~~", "+", "^", "*[H", "e\u0301", "\u200b", "http://a.vn/b?c=1&d=2", "[^1]:", "___"),
    )
)
MARKS = st.sampled_from(
    (
        *("**đậm**", "*ng*", '**"a b"**', "**a\nb**", "*a*.", "(**x**)", "**x**y", "y**x**", "***z***", "**a *b* c**"),
        *("[lk](b.md)", "[a b](https://a.vn/x_y?z=1&t=2#k)", "[^1]", "[^2]", "[^a-b]", "![ảnh](c.jpg)", "[x](a(b).md)"),
        *(
            '![ảnh](c.jpg "Minh họa")',
            '![ảnh](c.jpg "R&D > 5, “x”")',
            '![a](c.jpg " t")',
            '![a](c.jpg "a \'b")',
            '![a](c.jpg  "t")',
        ),
        *(
            "[x][y]",
            "[x]",
            "[ ](b)",
            "[](b)",
            "[x]()",
            '[x](b "t")',
            "[a](b)[c](d)",
            "*a**b*",
            "[*a*](b)",
            "**[a](b)**",
        ),
        *("[a]: b", "** a**", "*a *", "[x](<b>)", "![a & b](c.png)", "[a > b](c)", "**a > b**", "__u__", "_u_", "\n"),
    )
)
PLAIN = st.sampled_from(("Huế", "ký kết", "2.000 tỷ", "Đà Nẵng,", "và", "R&D", "12", "“x”", "a."))
BEGINNINGS = st.sampled_from(("Tổng", "a", "“Đ", "**B**", "12 ", "*i* ", "[l](m) ", ""))
NICE = st.builds(lambda start, rest: " ".join((start, *rest)), BEGINNINGS, st.lists(PLAIN | MARKS, max_size=4))
ODD = st.lists(WORDS | MARKS, max_size=4).map(" ".join)
SIGNS = (
    *("", "", "", "## ", "### ", "- ", "- ", "* ", "1. ", "2. ", "> ", "[^1]: ", "[^2]: ", "[^a-b]: "),
    *("#", "##x ", "+ ", "10. ", ">", "- - ", "> - ", "| ", "[^1]:", "[1]: ", "*[H]: ", "===", "---", "***", ": ", " "),
)
LINES = st.builds(lambda sign, rest: sign + rest, st.sampled_from(SIGNS), NICE | ODD)
LISTED = st.builds(
    lambda sign, lines: "\n".join(sign + line for line in lines),
    st.sampled_from(SIGNS[3:14]),
    st.lists(NICE, min_size=1, max_size=3),
)
TABLES = st.builds(
    lambda rule, cells: "| a | {} |\n{}\n| {} | {} |\n| {} | |".format(cells[0], rule, *cells[1:]),
    st.sampled_from(("|---|---|", "|:--|--:|", "| :-: | - |", "|--|", "|- -|:|", "|-|-|-|")),
    st.lists(NICE | ODD, min_size=4, max_size=4),
)
BLOCKS = st.one_of(LINES, LISTED, TABLES, st.lists(LINES, min_size=1, max_size=3).map("\n".join))
NEWS = st.builds(
    lambda between, blocks: between.join(blocks),
    st.sampled_from(("\n\n", "\n\n", "\n\n\n", "\n")),
    st.lists(BLOCKS, min_size=1, max_size=5),
)


def is_true_to_markdown(text: str) -> bool:
    html = html_of(text, "auto")
    return html is None or html == MARKDOWN.reset().convert(text)


@settings(max_examples=TEXTS_COUNT)
@given(NEWS)
def test_what_is_taken_has_the_html_of_python_markdown(text: str) -> None:
    assert is_true_to_markdown(text)


@settings(max_examples=300)
@given(TEXTS)
def test_what_is_taken_of_any_markdown_has_its_html_too(text: str) -> None:
    assert is_true_to_markdown(text)


@settings(max_examples=TEXTS_COUNT, deadline=None)
@given(TYPED | NEWS, st.sampled_from(MODES))
def test_what_is_taken_is_read_as_it_was_typed(text: str, line_breaks: LineBreaks) -> None:
    fast = html_of(text, line_breaks)
    assert fast is None or (fast, []) == python_markdown.html_of(text, line_breaks)


def test_the_texts_of_the_measurements_are_taken() -> None:
    for number in range(200):
        text = item(number, 200)[1].split("---", 2)[2]
        assert html_of(text, "auto") == MARKDOWN.reset().convert(text)


@pytest.mark.parametrize("path", sorted((REPOSITORY / "content").rglob("*.md")), ids=lambda path: path.stem)
def test_the_sample_is_taken(path: Path) -> None:
    text = path.read_text("utf-8").split("---", 2)[2]
    assert html_of(text, "auto") == MARKDOWN.reset().convert(text)


@pytest.mark.parametrize(
    "text",
    [
        "Một đoạn\nhai dòng.",
        "“Trích” và (ngoặc), 12 điểm.",
        "**Đậm** và *nghiêng*, [liên kết](b.md), ![ảnh](c.jpg).",
        "R&D > 5",
        "## Đề mục\n\n### Đề mục\n\n## Đề mục",
        "- một\n- **hai**",
        "1. một\n2. hai",
        "> Lời trích.",
        "| a | b |\n|:--|--:|\n| 1 | *x* |",
        "Một.[^1] Hai.[^b]\n\n[^1]: Chú thích.\n[^b]: Nữa.",
        "---",
        "Một\n\n\n\nhai\n",
    ],
)
def test_the_plainest_forms_are_taken(text: str) -> None:
    assert html_of(text, "auto") == MARKDOWN.reset().convert(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "<b>thô</b>",
            "&lt;",
            "`mã`",
            "\\*",
            "{: .lop}",
            "    mã",
            "dòng  \nmới",
            "một\tcột",
            "a_b_c",
            "a*b",
            "**a *b***",
        ),
        *(
            "- một\n\n- hai",
            "- một\n    - hai",
            "> một\n\n> hai",
            "> - một",
            "Từ\n:   nghĩa",
            "[TOC]",
            "Đề\n==",
            "# **Đ**",
        ),
        *(
            "[x]: y",
            "[x](y 'z')",
            "Hai.[^2] Một.[^1]\n\n[^1]: a\n[^2]: b",
            "[^1]: không ai nhắc",
            "Hai lần[^1] nhắc[^1]",
        ),
        *("- x[^1]\n\n[^1]: a", "*[UBND]: Ủy ban", "~~~\nmã\n~~~", "|a|b|\n|-|-|\n|x|"),
    ],
)
def test_what_is_in_doubt_is_left_to_python_markdown(text: str) -> None:
    assert html_of(text, "auto") is None

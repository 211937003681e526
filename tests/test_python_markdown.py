"""The quick way through Python-Markdown says what the long way says."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

from bench.items import item
from bulletin.items.markdown.python_markdown import markdown
from bulletin.items.markdown.shortcuts import absent_signs
from tests.sites import REPOSITORY
from tests.typed_texts import TYPED

TEXTS_COUNT = int(os.environ.get("BULLETIN_TEXTS", "400"))
SLOW = markdown(quick=False)

WORDS = (
    "Huế",
    "ký kết",
    "2.000 tỷ",
    "HTML",
    "a_b_c",
    "x*y",
    "5 < 6",
    "&amp;",
    "http://a.vn",
    "Đà Nẵng",
    "và",
    "I",
    "\\*",
    "|",
)
MARKS = (
    *(
        "**đậm**",
        "*nghiêng*",
        "`mã`",
        "[liên kết](b.md)",
        "![ảnh](c.jpg)",
        "<b>thô</b>",
        "<https://a.vn>",
        "[^1]",
        "[x][1]",
    ),
    *("  \n", "\n", "{: .lop }", "{#neo}", "***", "__", "![", "[", "]", ")", "<div>", "</div>", "<!--", "-->"),
)
BEGINNINGS = (
    *(
        "# ",
        "## ",
        "- ",
        "* ",
        "1. ",
        "> ",
        "    ",
        "\t",
        ": ",
        "| ",
        "[^1]: ",
        "*[HTML]: ",
        "[1]: ",
        "```\n",
        "===",
        "---",
    ),
    *(
        "[TOC]",
        "| a | b |\n|:--|--:|\n| ",
        "a | b\n--|--\n",
        "Từ\n:   ",
        "~~~",
        "  ",
        "   ",
        "> - ",
        "- - ",
        "{: #x }\n",
    ),
)
PIECES = st.lists(st.sampled_from(WORDS + MARKS), max_size=6).map(" ".join)
LINES = st.builds(lambda beginning, rest: beginning + rest, st.sampled_from(("", "", "", *BEGINNINGS)), PIECES)
BLOCKS = st.lists(LINES, max_size=4).map("\n".join)
TEXTS = st.lists(BLOCKS, max_size=6).map("\n\n".join)


def both(text: str) -> tuple[str, str]:
    return quick(absent_signs(text)).reset().convert(text), SLOW.reset().convert(text)


@cache
def quick(absent: frozenset[str]) -> Markdown:
    return markdown(quick=True, absent=absent)


LEFT_OVER = re.compile("klzzwxh|wzxhzdk|[\x02\x03]")
"""What Python-Markdown puts in the place of what it has read, until the end."""


@settings(max_examples=TEXTS_COUNT)
@given(TEXTS)
def test_generated_markdown_gives_the_same_html(text: str) -> None:
    fast, slow = both(text)
    assert fast == slow
    assert not LEFT_OVER.search(fast)


@settings(max_examples=TEXTS_COUNT, deadline=None)
@given(TYPED)
def test_what_is_typed_gives_the_same_html(text: str) -> None:
    fast, slow = both(text)
    assert fast == slow
    assert not LEFT_OVER.search(fast)


@settings(max_examples=300)
@given(st.text("ab \n#*_-+=|:`~<>[](){}!\\\\&^.1\t", max_size=120))
def test_any_signs_give_the_same_html(text: str) -> None:
    fast, slow = both(text)
    assert fast == slow
    assert not LEFT_OVER.search(fast)


@pytest.mark.parametrize("path", sorted((REPOSITORY / "content").rglob("*.md")), ids=lambda path: path.stem)
def test_the_sample_gives_the_same_html(path: Path) -> None:
    fast, slow = both(path.read_text("utf-8").split("---", 2)[2])
    assert fast == slow


def test_the_texts_of_the_measurements_give_the_same_html() -> None:
    for number in range(300):
        fast, slow = both(item(number, 300)[1].split("---", 2)[2])
        assert fast == slow

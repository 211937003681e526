"""Brackets and quotation marks in the address of a link lose no word of the text behind it."""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bulletin.items.markdown import convert
from bulletin.items.markdown.python_markdown import markdown
from tests.test_typed import vanished

TEXTS_COUNT = int(os.environ.get("BULLETIN_TEXTS", "400"))
LEFT_OVER = re.compile("klzzwxh|wzxhzdk|[\x02\x03]")
PARTS = st.sampled_from(
    (
        *("[a](", "![a](", "[a]", "(", ")", "'", '"', "' ", '" ', "<", ">", "<a b.pdf>", "<Phòng TT.pdf>", "[", "]"),
        *("\\[", "\\]", "\\(", "\\)", "\\'", "[x](b.md)", '[x](b.md "t")', "[x](b.md 't')", "(b)", " ", "\n", "\n\n"),
        *("Huế", "ký kết", "b.md", "https://a.vn", "A & B", "*", "**", "`", "2. ", "+ ", "&lt;", "~~", "x *a**b*", "|"),
    )
)
LINKED = st.lists(PARTS, min_size=2, max_size=14).map("".join)


@pytest.mark.parametrize(
    ("typed", "html", "targets"),
    [
        ("[a](' (b", "<p>[a](' (b</p>", []),
        ("[a](' (b của Huế **đậm** nữa.", "<p>[a](' (b của Huế <strong>đậm</strong> nữa.</p>", []),
        ('![a](" (b cuối', '<p>![a](" (b cuối</p>', []),
        ("[a]('(b) c) d", '<p><a href="\x1a0\x1a">a</a> d</p>', ["'(b) c"]),
        ("[a](o'clock(1).md) b", '<p><a href="\x1a0\x1a">a</a> b</p>', ["o'clock(1).md"]),
        ("[a](b(1 'x') c", '<p><a href="\x1a0\x1a" title="x">a</a> c</p>', ["b(1"]),
        ("[a](b \"nói 'ừ' (nhé\") c", '<p><a href="\x1a0\x1a" title="nói \'ừ\' (nhé">a</a> c</p>', ["b"]),
        ("[a](<o'b (1.md>) c", '<p><a href="\x1a0\x1a">a</a> c</p>', ["o'b (1.md"]),
        ("[\\[x\\]](<a b.pdf>)", '<p><a href="\x1a0\x1a">[x]</a></p>', ["a b.pdf"]),
        ("[\\[x\\]](<Phòng TT.pdf>)", '<p><a href="\x1a0\x1a">[x]</a></p>', ["Phòng TT.pdf"]),
        ("[[x] y](<Phòng TT.pdf>)", '<p><a href="\x1a0\x1a">[x] y</a></p>', ["Phòng TT.pdf"]),
        (
            "![\\[x\\]](<Lễ ký.jpg>)",
            '<figure><a class="large" href="\x1a0\x1a"><img \x1a0\x1a alt="[x]"></a></figure>',
            ["Lễ ký.jpg"],
        ),
        ("![a]([x](b 't'))", '<p>![a](<a href="\x1a0\x1a" title="t">x</a>)</p>', ["b"]),
        ("![a](b 'c [x](d) e')", "<p>![a](b 'c <a href=\"\x1a0\x1a\">x</a> e')</p>", ["d"]),
    ],
)
def test_a_link_ends_where_its_bracket_is_closed(typed: str, html: str, targets: list[str]) -> None:
    body, found, problems = convert("content/a.md", typed, 1)
    assert (found, [link.target for link in body.links], problems) == (html, targets, ())


def test_words_in_angle_brackets_behind_no_link_are_shown() -> None:
    _, html, problems = convert("content/a.md", "x](<Phòng TT>) y", 1)
    assert (html, [found.code for found in problems]) == ("<p>x](&lt;Phòng TT&gt;) y</p>", ["not-a-tag"])


@settings(max_examples=TEXTS_COUNT, deadline=None)
@given(LINKED)
@example("[a](' (b")
@example("+  x *a**b*\n2. \nA & B")
@example('[a]("[x](b.md)')
def test_no_word_is_lost_and_no_placeholder_left(text: str) -> None:
    _, html, _ = convert("content/a.md", text, 1)
    assert not LEFT_OVER.search(html)
    assert vanished(text) == []


QUICK, SLOW = markdown(quick=True), markdown(quick=False)


@settings(max_examples=TEXTS_COUNT, deadline=None)
@given(LINKED)
def test_the_quick_way_reads_links_alike(text: str) -> None:
    assert QUICK.reset().convert(text) == SLOW.reset().convert(text)

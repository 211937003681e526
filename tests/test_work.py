"""The work of a text is counted where it is done: too much of it is refused, and on every machine alike."""

from __future__ import annotations

import os
import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.shapes import BEGINNINGS, FRAGMENTS, SIGNS, Shape
from bulletin.commands.leaks import _HEADER
from bulletin.commands.traces import phrases, phrases_in, sources_named
from bulletin.items.markdown import convert, limits
from bulletin.items.markdown.python_markdown import html_of
from bulletin.items.markdown.work import MAX_STEPS, TooMuchWork, Work
from tests.builders import compiled, item, marks

SHAPES = int(os.environ.get("BULLETIN_SHAPES", "12"))
LONG = 250_000


def long(fragment: str, length: int = LONG) -> str:
    return fragment * (length // len(fragment))


# What took minutes, or seconds, up to the limit of a file, each in another part of the reader. The steps of a text that
# is four times as long must be more than four times as many: sixteen times, beside those that grow with the text.
GROWING = {
    "terms in a quotation": ("> ", "http://a.b \n: -"),
    "terms below one another": ("a", "\n: b"),
    "tables of contents": ("", "[TOC]\n\n#  - a\n"),
    "lines of an item": ("- a\n", "b\n"),
    "fences that none closes": ("", "~~~x\n"),
    "fences with lists of lines": ('~~~hl_lines="', 'a"\n'),
    "ticks beside bars": ("|a|b|\n|-|-|\n|", "`a`|"),
    "ticks without a partner": ("", "``a `"),
    "brackets without a partner": ("", "[ "),
    "addresses without an end": ("", "[a]("),
    "entities in a paragraph": ("", "&amp; "),
    "emphasis in a paragraph": ("", "*x* y "),
    "emphasis in emphasis": ("**z ", "*x* y "),
    "attributes in a heading": ("## a", " {.left}"),
    "attributes in a cell": ("|a|b|\n|-|-|\n|", " {.left}"),
    "abbreviations in a paragraph": ("*[a]: b\n\n", "a "),
    "paragraphs beside an abbreviation": ("*[a]: b\n\na\n\n", "b\n\n"),
}


def steps(text: str) -> int:
    """Return the steps that are counted for a text; MAX_STEPS for one that is too much."""
    work = Work()
    try:
        html_of(text, "auto", work)
    except (TooMuchWork, RecursionError):
        return MAX_STEPS
    return work.steps


@pytest.mark.parametrize("shape", GROWING)
def test_work_that_grows_faster_than_the_text_is_counted(shape: str) -> None:
    beginning, fragment = GROWING[shape]
    few, many = (steps(beginning + long(fragment, length)) for length in (2_000, 8_000))
    assert many == MAX_STEPS or many > 5 * few


# Each took minutes before: were one of them read again from each of its signs on, this would never end.
READ = {
    "lines that begin with a tab": ("", "\tmột\n\n"),
    "items behind a tab": ("", "-\ta\n"),
    "one word without end": ("[a] ", "a"),
    "names before an @": ("`x` ", "a%"),
    "blanks in braces": ("{", " "),
    "blanks behind a reference": ("[a]: x", " "),
    "signs that close a heading": ("# a", "#"),
    "blanks in a heading": ("## a `x`", " "),
    "words that nothing ends striking out": ("`x` ", "~~a "),
    "braces": ("", "{a}"),
    "runs of ticks": ("", "`"),
    "attributes of a tag": ("<b ", "a='"),
}


@pytest.mark.parametrize("shape", READ)
def test_a_text_is_looked_through_once_not_from_each_of_its_signs_on(shape: str) -> None:
    beginning, fragment = READ[shape]
    _, html, problems = convert("a.md", beginning + long(fragment), 1)
    assert html or [found.code for found in problems] == ["body-too-dense"]


def test_equal_headings_and_references_are_counted_on_not_from_one() -> None:
    _, html, _ = convert("a.md", "# a\n\n" * 30_000, 1)
    assert html.count(' id="a_') == 29_999
    _, html, _ = convert("a.md", "x[^1] " * 1_900 + "\n\n[^1]: y\n", 1)
    assert 'id="fnref1900:1"' in html


def test_refusals_do_not_depend_on_what_was_read_before() -> None:
    dense = "**z " + long("*x* y ")
    first = convert("a.md", dense, 1)
    assert convert("a.md", "*x* `y`", 1)[1] == "<p><em>x</em> <code>y</code></p>"
    assert convert("a.md", dense, 1) == first


def test_the_part_that_is_too_much_is_named_by_its_line() -> None:
    body = "Một *hai*.\n\n" + "Năm " + long("&amp; ", 200_000) + "\n\nBốn.\n"
    assert marks(compiled(item(body)).problems) == [(8, "error", "body-too-dense")]


def test_a_long_address_on_each_line_is_found_at_its_line() -> None:
    body = "".join(f"Xem http://example.com/tin/{number} nhé.\n\n" for number in range(1_500))
    done, _, problems = convert("a.md", body, 1)
    assert problems == ()
    assert [link.line for link in done.links] == list(range(1, 3_000, 2))


# Whatever is typed

CALL = 50
"""Steps that a call of Python takes at least."""
READING = 4_000
"""Steps for each character that need not be counted: they grow with the text alone."""


def calls(text: str) -> int:
    """Return how many functions are called while a text is read: on every machine as many."""
    number = 0

    def see(_frame: FrameType, event: str, _arg: Any) -> None:
        nonlocal number
        number += event in {"call", "c_call"}

    sys.setprofile(see)
    try:
        convert("a.md", text, 1)
    finally:
        sys.setprofile(None)
    return number


@settings(max_examples=SHAPES, deadline=None, derandomize="BULLETIN_SHAPES" not in os.environ)
@given(
    st.sampled_from(BEGINNINGS),
    st.lists(st.sampled_from((*FRAGMENTS, *SIGNS)), min_size=1, max_size=3).map("".join),
    st.sampled_from(("", " ", "\n", "\n\n", "từ ngữ " * 8)),
    st.sampled_from((4_000, 8_000)),
)
def test_no_more_is_done_than_is_counted(beginning: str, fragment: str, between: str, length: int) -> None:
    text = Shape(beginning=beginning, fragment=fragment + between).text(length)
    if limits.excess("a.md", text, 1) is None:
        assert CALL * calls(text) <= READING * len(text) + steps(text)


# `check --leaks`


@pytest.mark.parametrize("text", ["a" + "\n" * 120_000 + "b", "- " + " " * LONG + "a:", long("- \n"), long("title:\n")])
def test_the_header_of_a_draft_is_found_however_many_lines_are_blank(text: str) -> None:
    assert all(len(found) == 2 for found in _HEADER.findall(text))


def test_words_are_found_however_often_they_begin_alike() -> None:
    hidden = " ".join(f"từ {number} a{number} b{number}" for number in range(20_000))
    shown = long("từ ") + "từ 7 a7 b7"
    assert set(phrases_in(shown, phrases(hidden))) == {("từ", "7", "a7", "b7")}


def test_names_of_sources_are_found_in_a_word_without_end() -> None:
    assert sources_named(long("a") + " tin.md, xtin.md", frozenset({"tin.md", "b.md"})) == {"tin.md"}

"""Signs of bold and italic words change how words look, never which there are."""

from __future__ import annotations

import html as entities
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.items.markdown.python_markdown import html_of

PIECES = st.sampled_from(("*", "**", "***", "_", "__", "___", " ", " ", "a", "b", "c", "đ", ".", "~~", "\\*"))


def shown(text: str) -> str:
    return entities.unescape(re.sub("<[^>]*>", "", html_of(text, "none")[0]))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a *i* *b* **đ*", "*a <em>i</em> <em>b</em> *<em>đ</em>"),
        ("*a *i* b_c *d* đ", "*a <em>i</em> b_c <em>d</em> đ"),
        ("*x *i* **** *H**đ*|", "*x <em>i</em> **** *H**đ*|"),
        ("*a **x *y* z_w** *v* đ", "*a <strong>x <em>y</em> z_w</strong> <em>v</em> đ"),
        ("***a** b* và **c**", "<em><strong>a</strong> b</em> và <strong>c</strong>"),
    ],
)
def test_a_sign_without_a_partner_takes_no_words_along(text: str, html: str) -> None:
    assert html_of(text, "none")[0] == f"<p>{html}</p>"


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=20).map("".join))
def test_every_letter_is_shown_as_often_as_it_was_typed(text: str) -> None:
    assert [shown(text).count(letter) for letter in "abcđ."] == [text.count(letter) for letter in "abcđ."]

"""A text -> its HTML, by the quicker of the two ways that can read it; raw, or sanitised."""

from __future__ import annotations

from functools import cache

import nh3

from bulletin.characters import FORBIDDEN
from bulletin.items.markdown import fast_path
from bulletin.items.markdown.html_tags import ALLOWED, ATTRIBUTES, with_brackets_shown
from bulletin.items.markdown.signs import Remark, Remarks
from bulletin.items.markdown.work import Work
from bulletin.settings import LineBreaks

WEB = {"http", "https"}
SCHEMES = WEB | {"mailto", "tel"}


def raw_html(text: str, line_breaks: LineBreaks, work: Work | None = None) -> tuple[str, list[Remark]]:
    """Return the HTML of a text and what is to be said of it.

    Raise RecursionError if it is nested too deeply, TooMuchWork if it takes more steps than `work` has left.
    """
    raw, remarks = _read(text, line_breaks, work)
    if "<" not in text:
        return raw, remarks
    raw, in_brackets = with_brackets_shown(raw)
    told = Remarks()
    for found in in_brackets:
        told.remark("not-a-tag", found)
    return raw, [*remarks, *told.all]


def _read(text: str, line_breaks: LineBreaks, work: Work | None) -> tuple[str, list[Remark]]:
    fast = fast_path.html_of(text, line_breaks)
    if fast is not None:
        return fast, []
    # Python-Markdown takes 50 ms to load, and most texts do not need it.
    from bulletin.items.markdown import python_markdown  # noqa: PLC0415

    return python_markdown.html_of(text, line_breaks, work)


def sanitised(raw: str) -> str:
    """Return the HTML with nothing in it but what `html_tags` allows, and no character that HTML cannot carry."""
    return FORBIDDEN.sub("", _cleaner().clean(raw))


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(tags=set(ALLOWED), attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)

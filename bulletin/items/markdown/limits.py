"""Limits on the Markdown in a text: beyond them converting it would take minutes, or its HTML would fill the memory.

The time that Python-Markdown and HTML parsers take grows with the square of certain counts, different for each. The
limits are counts too, not seconds, so that a text is refused on every machine or on none.
"""

from __future__ import annotations

import re

from bulletin.problems import Problem, problem

MAX_BRACKETS = 2_000
"""Number of `[` in a text: 20,000 take a minute."""
MAX_UNCHECKED = 4_000
"""Characters up to which no text is slow, whatever is in it: most news texts need no further check."""
MAX_WORK = 80_000_000
"""Number of Markdown's signs times the characters in which each is searched for: some seconds of work."""
MAX_REOPENED = 20_000_000
"""The same for tags that are reopened in every paragraph until they are closed: they make as many bytes of HTML."""
MAX_HTML = 2_000_000
"""Maximum characters of the HTML of a text."""

_INLINE = "*_`\\&<>!"
# A line that is a heading or a rule, whatever the lines around it are.
_HEADING = re.compile(" {0,3}(?:#|[=*_-][=*_ -]*$)")
_FORMATTING = re.compile("<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\\s/>])", re.IGNORECASE)
_ABBREVIATION = "*["
# Every sign that begins a list or a quotation opens a level of its own, on which the rest of the line is parsed again.
_NESTED = re.compile("(?:[ \t]*+(?:[-+*](?=[ \t])|>|[0-9]++[.])){40}")


def excess(path: str, text: str, first_line: int) -> Problem | None:
    """Return the problem of a text that exceeds a limit, at the line where the excess begins; else None."""
    if text.count("[") > MAX_BRACKETS:
        return problem(path, _line(first_line, text, "["), "body-too-many-brackets", limit=str(MAX_BRACKETS))
    if len(text) <= MAX_UNCHECKED:
        return None
    tags = text.count("<")
    if len(text) * tags > MAX_WORK or (tags and len(text) * len(_FORMATTING.findall(text)) > MAX_REOPENED):
        return problem(path, _line(first_line, text, "<"), "body-too-much-html")
    if nested := next(filter(_NESTED.match, text.split("\n")), ""):
        return problem(path, _line(first_line, text, nested), "body-too-nested")
    dense = _dense_part(text)
    return problem(path, _line(first_line, text, dense), "body-too-dense") if dense else None


def _dense_part(text: str) -> str:
    """Return the block of a text with too many signs, or `*[` for too many abbreviations; empty for any other text."""
    # An abbreviation is searched for in the whole text, any other sign only in its block, which ends at a blank line.
    if len(text) * text.count(_ABBREVIATION) > MAX_WORK:
        return _ABBREVIATION
    if len(text) * (_sign_count(text) + text.count("\n")) <= MAX_WORK:
        return ""
    blocks = [block.strip("\n") for block in text.split("\n\n")]
    return max(blocks, key=_work) if sum(map(_work, blocks)) > MAX_WORK else ""


def _line(first_line: int, text: str, part: str) -> int:
    return first_line + text.count("\n", 0, text.index(part))


def _work(block: str) -> int:
    headings = sum(1 for line in block.split("\n") if _HEADING.match(line))
    return len(block) * (_sign_count(block) + headings)


def _sign_count(text: str) -> int:
    # A bracket counts fivefold: the search for its partner goes letter by letter, which takes five times as long.
    return sum(map(text.count, _INLINE)) + 5 * text.count("[")

"""Limits on what a text holds, checked before any work is done: for parsers of HTML, whose work nobody can count.

Their time, and their memory, grow with the square of some counts. What Python-Markdown does is counted by `counted`.
"""

from __future__ import annotations

import re

from bulletin.problems import Problem, problem

MAX_BRACKETS = 2_000
"""Number of `[` in a text: 20,000 take a minute."""
MAX_UNCHECKED = 4_000
"""Characters up to which no text is slow, whatever is in it: most news texts need no further check."""
MAX_HTML_WORK = 80_000_000
"""Number of tags times the characters in which the end of each may be searched for: a second of work."""
MAX_REOPENED = 20_000_000
"""The same for tags that are reopened in every paragraph until they are closed: they make as many bytes of HTML."""
MAX_HTML = 2_000_000
"""Maximum characters of the HTML of a text."""

_FORMATTING = re.compile("<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\\s/>])", re.IGNORECASE)
# Every sign that begins a list or a quotation opens a level of its own, on which the rest of the line is parsed again.
_NESTED = re.compile("(?:[ \t]*+(?:[-+*](?=[ \t])|>|[0-9]++[.])){40}")


def excess(path: str, text: str, first_line: int) -> Problem | None:
    """Return the problem of a text that exceeds a limit, at the line where the excess begins; else None."""
    if text.count("[") > MAX_BRACKETS:
        return problem(path, _line(first_line, text, "["), "body-too-many-brackets", limit=str(MAX_BRACKETS))
    if len(text) <= MAX_UNCHECKED:
        return None
    tags = text.count("<")
    if len(text) * tags > MAX_HTML_WORK or (tags and len(text) * len(_FORMATTING.findall(text)) > MAX_REOPENED):
        return problem(path, _line(first_line, text, "<"), "body-too-much-html")
    if nested := next(filter(_NESTED.match, text.split("\n")), ""):
        return problem(path, _line(first_line, text, nested), "body-too-nested")
    return None


def _line(first_line: int, text: str, part: str) -> int:
    return first_line + text.count("\n", 0, text.index(part))

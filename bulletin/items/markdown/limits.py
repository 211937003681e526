"""How much Markdown a text may hold: beyond that, reading it would take minutes, or its HTML would fill the memory.

The time of Python-Markdown and of HTML parsers grows with the square of what they are given, each in its own way. What
bounds it are counts, not a clock: a text is refused on every machine or on none.
"""

from __future__ import annotations

import re

from bulletin.problems import Problem, problem

MAX_BRACKETS = 2_000
"""Signs `[` of a text: 20,000 take a minute."""
FREE = 4_000
"""Characters that no shape makes slow: most news texts are not looked at any closer."""
WORK = 80_000_000
"""Signs times the characters among which each of them is looked for: some seconds of steps."""
REOPENED = 20_000_000
"""The same of tags that are opened anew in every paragraph until they are closed: so many bytes of HTML come of it."""
MAX_HTML = 2_000_000
"""Characters of HTML that may become of a text."""

_INLINE = "*_`\\&<>!"
# A line of these is a heading or a rule, whatever stands around it.
_HEADING = re.compile(" {0,3}(?:#|[=*_-][=*_ -]*$)")
_FORMATTING = re.compile("<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\\s/>])", re.IGNORECASE)
_ABBREVIATION = "*["
# Each of the signs that begin lists and quotations is read on a level of its own, with all that follows it.
_NESTED = re.compile("(?:[ \t]*+(?:[-+*](?=[ \t])|>|[0-9]++[.])){40}")


def excess(path: str, text: str, first_line: int) -> Problem | None:
    """Return what a text has too much of, at the line where that begins; None for a text that can be read."""
    if text.count("[") > MAX_BRACKETS:
        return problem(path, _line(first_line, text, "["), "body-too-many-brackets", limit=str(MAX_BRACKETS))
    if len(text) <= FREE:
        return None
    tags = text.count("<")
    if len(text) * tags > WORK or (tags and len(text) * len(_FORMATTING.findall(text)) > REOPENED):
        return problem(path, _line(first_line, text, "<"), "body-too-much-html")
    if nested := next(filter(_NESTED.match, text.split("\n")), ""):
        return problem(path, _line(first_line, text, nested), "body-too-nested")
    dense = _too_dense(text)
    return problem(path, _line(first_line, text, dense), "body-too-dense") if dense else None


def _too_dense(text: str) -> str:
    """Return with what the part of a text begins that has more signs than can be read; empty for any other text."""
    # Abbreviations are looked for in all of a text, all other signs in their block: blank lines part it.
    if len(text) * text.count(_ABBREVIATION) > WORK:
        return _ABBREVIATION
    if len(text) * (_signs(text) + text.count("\n")) <= WORK:
        return ""
    blocks = [block.strip("\n") for block in text.split("\n\n")]
    return max(blocks, key=_work) if sum(map(_work, blocks)) > WORK else ""


def _line(first_line: int, text: str, found: str) -> int:
    return first_line + text.count("\n", 0, text.index(found))


def _work(block: str) -> int:
    headings = sum(1 for line in block.split("\n") if _HEADING.match(line))
    return len(block) * (_signs(block) + headings)


def _signs(text: str) -> int:
    # From each bracket on its partner is looked for letter by letter, which takes five times as long.
    return sum(map(text.count, _INLINE)) + 5 * text.count("[")

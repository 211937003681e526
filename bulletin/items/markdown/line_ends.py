"""Which line ends of a paragraph its writer meant: they are line ends for readers too."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bulletin.settings import LineBreaks

LEAST_WIDTH = 60
"""No paragraph counts as narrower: a line that was ended before this column was ended on purpose."""
LONG_WORD = 30
"""A longer word, such as an address, says nothing: it stands on a line of its own wherever it does not fit."""

# Speech, bullets and points of a list that HTML has no numbers for: each stands on a line of its own.
_OWN_LINE = re.compile(r"[–—•·]|(?:[A-Za-zĐđ]|\d{1,3})\)(?=\s)|[-*+](?=\s)|\d{1,3}\.(?=\s)")
_ATTRIBUTES_ALONE = re.compile(r"\{[^{}]*\}")
_MARK = re.compile(r"!?\[[^\[\]]*\]\([^()]*\)\S*")
_TWO_BLANKS = "  "


def with_line_ends(lines: Sequence[str], line_breaks: LineBreaks) -> list[str]:
    """Return the lines of a paragraph, those that end for readers too with two blanks, Markdown's sign for it."""
    bare = [line.strip(" ") for line in lines]
    width = max([LEAST_WIDTH, *(len(line) for line in bare if len(_first_word(line)) <= LONG_WORD)])
    return [
        line.removesuffix("\\") + _TWO_BLANKS if _is_meant(raw, line, below, width, line_breaks) else line
        for raw, line, below in zip(lines, bare, bare[1:], strict=False)
    ] + bare[-1:]


def _is_meant(raw: str, line: str, below: str, width: int, line_breaks: LineBreaks) -> bool:
    if _ATTRIBUTES_ALONE.fullmatch(below):
        return False
    if raw.endswith((_TWO_BLANKS, "\\")) or _OWN_LINE.match(below) or line_breaks == "all":
        return True
    word = len(_first_word(below))
    return line_breaks == "auto" and word <= LONG_WORD and len(line) + 1 + word <= width


def _first_word(line: str) -> str:
    """Return the first word; a link or a picture is one, since whoever wraps lines parts none."""
    mark = _MARK.match(line)
    return mark[0] if mark else line.partition(" ")[0]

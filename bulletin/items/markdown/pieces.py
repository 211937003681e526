"""A text -> its top blocks, each with its lines and its HTML.

Python-Markdown keeps no lines of the source. So the text is cut where `typed` sees a block begin, and read once more
with a mark between any two pieces: a cut holds if the HTML between the marks, joined, is the HTML of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bulletin.items.markdown import limits
from bulletin.items.markdown.definitions import used_definitions
from bulletin.items.markdown.figures import with_films_linked
from bulletin.items.markdown.reading import raw_html, sanitised
from bulletin.items.markdown.signs import Remarks
from bulletin.items.markdown.typed import Blocks
from bulletin.items.markdown.typed_tables import runs_of_cells
from bulletin.items.markdown.work import TooMuchWork, Work
from bulletin.settings import LineBreaks

# A letter begins it, so that the fast path may read it; U+001A is refused in every source.
_MARK = "M\x1a{}\x1a"
_MARKED = re.compile("<p>M\x1a([0-9]+)\x1a</p>")
_PLACEHOLDER = "\x02wzxhzdk:0\x03"
"""Stands for a block of lines that are read before all others, as Python-Markdown itself writes it."""
# A fence is all of its signs: trying fewer of them takes time that grows with the square of their number.
_TAKEN = re.compile(
    r"^(?P<fence>~{3,}+|`{3,}+)[^\n]*\n(?:.*?\n)??(?P=fence) *$|^ {0,3}<!--.*?--> *$", re.MULTILINE | re.DOTALL
)
# What is joined to the block before it, whatever is between them.
_JOINED = re.compile(r" {0,3}: {1,3}\S")
_QUOTED = re.compile(r" {0,3}>")
_NOTHING = re.compile(r"\s*(?:<!-- -->\s*)?")
"""Blank lines, and the empty comment that keeps apart two lists: they belong to no block."""
_MOST_PARTS = 40
"""A container of more parts is not looked for: the whole text is one piece then."""
_MOST_READINGS = 6
"""Texts whose cuts have not settled by then are one piece: each reading takes as long as the text is."""


class Piece(NamedTuple):
    """A top block: its lines from `first` up to before `end`, counted from 0, and its sanitised HTML.

    The HTML is None for a piece of a text that cannot be cut with certainty, and empty for one that shows nothing
    where it stands. The last line is not blank.
    """

    first: int
    end: int
    html: str | None


class Reading(NamedTuple):
    """Texts that were read as parts of one: the sanitised HTML of each, without footnotes; what was remarked upon."""

    parts: tuple[str, ...]
    remarked: tuple[str, ...]


def lines_of(text: str) -> list[str]:
    """Return the lines of a text as its file has them, each with its end, whichever of the three that is."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)


def pieces(text: str, line_breaks: LineBreaks) -> tuple[Piece, ...]:
    """Return the top blocks of a text, in order; none if it is blank."""
    lines = [unicodedata.normalize("NFC", line.rstrip("\r\n")) for line in lines_of(text)]
    filled = [number for number, line in enumerate(lines) if line.strip()]
    if not filled:
        return ()
    whole = Piece(filled[0], filled[-1] + 1, None)
    # Read first: what takes too much work to read is counted there, and nowhere below.
    read = read_apart(["\n".join(lines)], line_breaks)
    if read is None:
        return (whole,)
    try:
        spans = list(_spans(lines, line_breaks))
    except (RecursionError, TooMuchWork):
        return (whole,)
    if not spans:
        return (whole,)
    for _ in range(_MOST_READINGS):
        starts = [first for first, _ in spans]
        texts = ["\n".join(lines[at:to]) for at, to in zip(starts, [*starts[1:], len(lines)], strict=True)]
        apart = _read_marked(texts, line_breaks)
        if apart is None:
            break
        groups = _aligned(apart[0], read.parts[0])
        ends = [*(at for at, _ in groups[1:]), len(spans)]
        joined = [(spans[at][0], spans[to - 1][1]) for (at, _), to in zip(groups, ends, strict=True)]
        if all(html is not None for _, html in groups):
            return tuple(Piece(*span, html) for span, (_, html) in zip(joined, groups, strict=True))
        spans = joined if len(joined) < len(spans) else _widened(joined, [html is None for _, html in groups])
    return (whole,)


def read_apart(texts: Sequence[str], line_breaks: LineBreaks, work: Work | None = None) -> Reading | None:
    """Return how texts are read as one text, in which something stands between any two of them.

    None if one of them takes hold of the next, as an open tag does, if it is nested too deeply, or if it would take too
    long; `work` counts the steps of several readings together.
    """
    found = _read_marked(texts, line_breaks, work)
    if found is None or any(part is None for part in found[0]):
        return None
    return Reading(tuple(_shown(part or "") for part in found[0]), found[1])


def _shown(raw: str) -> str:
    """Return raw HTML sanitised; a film that was typed as a picture is the link that readers get."""
    return with_films_linked(sanitised(raw).strip())


def _read_marked(
    texts: Sequence[str], line_breaks: LineBreaks, work: Work | None = None
) -> tuple[list[str | None], tuple[str, ...]] | None:
    """Return the raw HTML of each text, None for one that ran on into the next, and what was remarked upon."""
    marked = "".join(f"{text}\n\n{_MARK.format(number)}\n\n" for number, text in enumerate(texts))
    if limits.excess("", marked, 1):
        return None
    try:
        raw, remarks = raw_html(marked, line_breaks, work)
    except (RecursionError, TooMuchWork):
        return None
    parts: list[str | None] = [None] * len(texts)
    start = 0
    for mark in _MARKED.finditer(raw):
        parts[int(mark[1])] = raw[start : mark.start()].strip("\n")
        start = mark.end()
    return (parts, tuple(remark.typed for remark in remarks)) if parts[-1] is not None else None


def _spans(lines: Sequence[str], line_breaks: LineBreaks) -> Iterator[tuple[int, int]]:
    """Yield the first line, and the line behind the last one, of each block that seems to stand by itself."""
    shown, origin = _prepared(lines)
    blocks = Blocks(used_definitions(shown, Remarks()), line_breaks, Remarks(), Work())
    before: tuple[int, int] | None = None
    for at, to in blocks.spans(shown):
        first, end = origin[at][0], origin[to - 1][1]
        if _NOTHING.fullmatch("\n".join(lines[first:end])):
            continue
        are_quoted = before and _QUOTED.match(lines[before[0]]) and _QUOTED.match(lines[first])
        if before and (are_quoted or _JOINED.match(shown[at])):
            before = (before[0], end)
            continue
        if before:
            yield before
        before = (first, end)
    if before:
        yield before


def _prepared(lines: Sequence[str]) -> tuple[list[str], list[tuple[int, int]]]:
    """Return lines as `typed` sees them, without code, comments and tabs, and for each the lines it stands for."""
    text = "\n".join(lines)
    runs = list(runs_of_cells(lines)) if "\t" in text else []
    for taken in _TAKEN.finditer(text):
        runs.append((text.count("\n", 0, taken.start()), text.count("\n", 0, taken.end()) + 1))
    shown: list[str] = []
    origin: list[tuple[int, int]] = []
    for start, end in [*sorted(runs), (len(lines), len(lines))]:
        done = origin[-1][1] if origin else 0
        shown += map(_without_tabs, lines[done:start])
        origin += [(number, number + 1) for number in range(done, start)]
        if done <= start < end:
            shown.append(_PLACEHOLDER)
            origin.append((start, end))
    return shown, origin


def _without_tabs(line: str) -> str:
    return line.expandtabs(4) if line.strip(" \t") else ""


def _aligned(parts: Sequence[str | None], whole: str) -> list[tuple[int, str | None]]:
    """Return the first part of each piece, with its HTML if that stands in the whole where it must.

    Parts that only together are a piece, such as the two tags of a container, are put together.
    """
    found: list[tuple[int, str | None]] = []
    position, at = 0, 0
    while at < len(parts):
        end, html = _piece_at(parts, at, whole, position)
        if html is None:
            # Where the parts and the whole agree again, the next piece begins.
            end, position = _next_agreement(parts, at + 1, whole, position)
        else:
            position += len(html)
        found.append((at, html))
        at = end
        position += len(whole[position:]) - len(whole[position:].lstrip())
    if whole[position:].strip():
        found[-1] = (found[-1][0], None)
    return found


def _piece_at(parts: Sequence[str | None], at: int, whole: str, position: int) -> tuple[int, str | None]:
    """Return the part behind the piece that begins with a part, and its HTML; None if no row of parts is one."""
    for end in range(at + 1, min(len(parts), at + _MOST_PARTS) + 1):
        if parts[end - 1] is None:
            continue  # it ran on into the next
        html = _shown("\n".join(part for part in parts[at:end] if part))
        if whole.startswith(html, position):
            return end, html
    return at + 1, None


def _next_agreement(parts: Sequence[str | None], at: int, whole: str, position: int) -> tuple[int, int]:
    """Return the first part, and its place, that stands somewhere in the rest of the whole."""
    for number in range(at, len(parts)):
        html = _shown(parts[number] or "")
        if html and (place := whole.find(html, position)) >= 0:
            return number, place
    return len(parts), len(whole)


def _widened(spans: Sequence[tuple[int, int]], is_doubtful: Sequence[bool]) -> list[tuple[int, int]]:
    """Return the spans, each doubtful one joined to both its neighbours."""
    joined: list[tuple[int, int]] = []
    for number, span in enumerate(spans):
        if joined and any(is_doubtful[number - 1 : number + 1]):
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
    return joined

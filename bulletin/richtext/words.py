"""Words of a document as readers see them: blanks, marks and line ends that nobody sees are not told apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby

from msgspec.structs import replace

from bulletin.richtext.document import (
    Block,
    Break,
    Code,
    Heading,
    Inline,
    Inlines,
    Listing,
    Mark,
    Paragraph,
    Quotation,
    Run,
    Table,
)

BLANKS = re.compile("[ \t\n\r\f]+")
# What no source may hold: control characters, separators of lines, halves of letters.
REFUSED = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffd-\uffff]")
_SEPARATORS = re.compile("[\u2028\u2029\x85\x0b]")


def shown(text: str, *, keep_lines: bool = False) -> str:
    text = unicodedata.normalize("NFC", text)
    if keep_lines:
        return REFUSED.sub("", _SEPARATORS.sub("\n", text))
    return REFUSED.sub("", _SEPARATORS.sub(" ", text))


def tidy(words: Iterable[Inline]) -> Inlines:
    """Return words as readers see them: single blanks, none at the ends of lines, runs of equal marks as one.

    Blanks at the edge of marked words are not marked: nobody sees it, and Markdown cannot say it.
    """
    lines: list[list[Inline]] = [[]]
    for inline in words:
        if isinstance(inline, Break):
            lines.append([])
        else:
            lines[-1].append(inline)
    tidied = [_trimmed(_unmarked_edges(_single_blanks(_merged(line)))) for line in lines]
    while tidied and not tidied[-1]:
        tidied.pop()
    while tidied and not tidied[0]:
        tidied.pop(0)
    return tuple(between(tidied, Break())) if tidied else ()


def _merged(line: Iterable[Inline]) -> list[Inline]:
    merged: list[Inline] = []
    for key, group in groupby(line, key=lambda inline: inline.marks if isinstance(inline, Run) else id(inline)):
        found = list(group)
        if isinstance(key, frozenset):
            text = unicodedata.normalize("NFC", "".join(run.text for run in found if isinstance(run, Run)))
            merged += [Run(text, key)] if text else []
        else:
            merged += found
    return merged


def _single_blanks(line: Iterable[Inline]) -> list[Inline]:
    single: list[Inline] = []
    is_behind_blank = False
    for inline in line:
        if not isinstance(inline, Run):
            single.append(inline)
            is_behind_blank = False
            continue
        text = BLANKS.sub(" ", inline.text)
        text = text[1:] if is_behind_blank and text.startswith(" ") else text
        if text:
            single.append(Run(text, inline.marks))
            is_behind_blank = text.endswith(" ")
    return single


def _unmarked_edges(line: list[Inline]) -> list[Inline]:
    for mark in sorted(
        {mark for inline in line for mark in inline.marks}, key=lambda mark: (mark != "code", str(mark))
    ):
        edged: list[Inline] = []
        # Code of two kinds, such as with a link and without, is written as two.
        for key, group in groupby(line, key=lambda inline: (mark in inline.marks, mark == "code" and inline.marks)):
            found = list(group)
            edged += _without_edges(found, mark) if key[0] else found
        line = _merged(edged)
    return line


def _without_edges(marked: list[Inline], mark: Mark) -> list[Inline]:
    before, after = _blank_edge(marked, mark), []
    if marked:
        after = [*reversed(_blank_edge(marked, mark, at_end=True))]
    return [*before, *marked, *after]


def _blank_edge(marked: list[Inline], mark: Mark, *, at_end: bool = False) -> list[Inline]:
    """Take the blanks off one end of marked words, and return them without the mark, from the edge inwards."""
    edge: list[Inline] = []
    at = -1 if at_end else 0
    while marked and isinstance(run := marked[at], Run):
        rest = run.text.rstrip() if at_end else run.text.lstrip()
        blank = run.text[len(rest) :] if at_end else run.text[: len(run.text) - len(rest)]
        if blank:
            edge.append(Run(blank, run.marks - {mark}))
        if rest:
            marked[at] = Run(rest, run.marks)
            break
        marked.pop(at)
    return edge


def _trimmed(line: list[Inline]) -> list[Inline]:
    while line and isinstance(line[0], Run):
        text = line[0].text.lstrip()
        line[0:1] = [Run(text, line[0].marks)] if text else []
        if text:
            break
    while line and isinstance(line[-1], Run):
        text = line[-1].text.rstrip()
        line[-1:] = [Run(text, line[-1].marks)] if text else []
        if text:
            break
    return line


def lines_of(block: Block) -> list[Inlines]:  # noqa: PLR0911 - one for each kind of block
    """Return the words of a block as lines of text, for a place where it cannot stand."""
    if isinstance(block, Paragraph):
        return [block.words]
    if isinstance(block, Heading):
        return [tuple(_marked(inline, "strong") for inline in block.words)]
    if isinstance(block, Code):
        return [(Run(line, frozenset({"code"})),) for line in block.text.split("\n") if line.strip()]
    if isinstance(block, Quotation):
        return [line for inner in block.blocks for line in lines_of(inner)]
    if isinstance(block, Table):
        rows = [block.head, *block.rows] if block.head else block.rows
        return [tidy(between([*row], Run(" · "))) for row in rows if any(row)]
    if isinstance(block, Listing):
        signs = [f"{number}. " for number in block.numbers] or ["• "] * len(block.items)
        lines = [[line for inner in item for line in lines_of(inner)] for item in block.items]
        return [
            tidy((Run(sign if number == 0 else ""), *line))
            for sign, item in zip(signs, lines, strict=True)
            for number, line in enumerate(item)
        ]
    return [(Run("---"),)]


def as_words(block: Block) -> list[Inline]:
    return between(lines_of(block), Break())


def between(parts: Sequence[Sequence[Inline]], inline: Inline) -> list[Inline]:
    words: list[Inline] = []
    for part in parts:
        words += [inline, *part] if words else part
    return words


def _marked(inline: Inline, mark: Mark) -> Inline:
    return replace(inline, marks=inline.marks | {mark}) if isinstance(inline, Run) else inline

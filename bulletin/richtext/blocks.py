"""The body of an item <-> the blocks that the rich editor shows: nothing that was not touched changes by one byte."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias

from bulletin.items.markdown import Piece, lines_of, pieces, read_apart
from bulletin.richtext.document import Blocks, html_of
from bulletin.richtext.html_reader import Unknown, document_of
from bulletin.richtext.writer import APART, is_read_as, markdown_of, written
from bulletin.settings import LineBreaks

Edit: TypeAlias = tuple[Literal["kept"], int] | tuple[Literal["html"], str] | tuple[Literal["source"], str]
"""One block of an edited text: the number of a block that was not touched, what the editor holds, or Markdown."""

# A line that defines something, or would if its name stood elsewhere: it must not change with other words.
_DEFINING = re.compile(r"^(?:[ >]|[-+*•·](?= )|[0-9]+[.](?= ))*\*?\[[^\]\n]+\] ?:", re.MULTILINE)
_PLACEHOLDER = "klzzwxh:"
"""What Python-Markdown leaves, seldom, of words that it has lost."""
_IDS = re.compile(' id="([^"]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A top block of a body.

    `lead`, `source` and `gap` of all blocks, joined, are the body, unless that is blank: it has no blocks then.
    """

    first: int
    """Its first line in the body, counted from 1."""
    last: int
    lead: str
    """The blank lines before the first block of a body; empty for any other."""
    source: str
    """Its lines as they stand in the file, without the end of the last."""
    gap: str
    """The line end behind it and the blank lines below it, with the empty comment that keeps lists apart."""
    html: str | None
    """What the editor is given; None for a card: a block that it does not know, or that is not certain."""


def split(body: str, line_breaks: LineBreaks = "auto") -> tuple[Block, ...]:
    """Return the top blocks of a body.

    A block has HTML only if its Markdown, written anew from that HTML, would be read just as it is now.
    """
    found = pieces(body, line_breaks)
    blocks = _cut(body, found)
    documents = _documents(blocks, found, line_breaks)
    return tuple(
        replace(block, html=html_of(document)) if document else block
        for block, document in zip(blocks, documents, strict=True)
    )


def apply(body: str, edited: Sequence[Edit], line_breaks: LineBreaks = "auto") -> str:
    """Return the body with these blocks in this order; those that were kept, and what is between them, as they were."""
    found = pieces(body, line_breaks)
    blocks = _cut(body, found)
    line_end = "\r\n" if body.count("\r\n") * 2 > body.count("\n") else "\n"
    joiner = _Joiner(blocks=blocks, line_end=line_end, line_breaks=line_breaks)
    parts = list(_parts(blocks, edited, line_breaks, line_end, _definitions(blocks, found)))
    if not parts:
        return "" if blocks else body
    text = (blocks[0].lead if blocks else "") + parts[0].text
    for before, part in pairwise(parts):
        text += joiner.gap(before, part) + part.text
    return text + (blocks[-1].gap if blocks else line_end)


def _cut(body: str, found: Sequence[Piece]) -> tuple[Block, ...]:
    lines = lines_of(body)
    starts = [*(piece.first for piece in found[1:]), len(lines)][: len(found)]
    blocks = []
    for number, (piece, below) in enumerate(zip(found, starts, strict=True)):
        text = "".join(lines[piece.first : piece.end])
        source = text.rstrip("\r\n")
        blocks.append(
            Block(
                first=piece.first + 1,
                last=piece.end,
                lead="" if number else "".join(lines[: piece.first]),
                source=source,
                gap=text[len(source) :] + "".join(lines[piece.end : below]),
                html=None,
            )
        )
    return tuple(blocks)


def _definitions(blocks: Sequence[Block], found: Sequence[Piece]) -> str:
    """Return the blocks that show nothing where they stand: they define footnotes, references, abbreviations."""
    return "\n\n".join(_normal(block.source) for block, piece in zip(blocks, found, strict=True) if piece.html == "")


def _documents(blocks: Sequence[Block], found: Sequence[Piece], line_breaks: LineBreaks) -> list[Blocks]:
    """Return what the editor may hold of each piece; nothing for a card."""
    definitions = _definitions(blocks, found)
    sources = [_normal(block.source) for block in blocks]
    documents = [_known(piece.html or "") for piece in found]
    for number, (source, document) in enumerate(zip(sources, documents, strict=True)):
        if document and (_DEFINING.search(source) or _refers(source, document, definitions, line_breaks)):
            documents[number] = ()
    anew = [written(document, line_breaks, definitions) for document in documents]
    for _ in blocks:
        texts = [text if document else source for text, document, source in zip(anew, documents, sources, strict=True)]
        reading = read_apart(texts, line_breaks)
        if reading is None:
            break
        changed = [number for number, piece in enumerate(found) if not _is_same(reading.parts[number], piece)]
        if not changed:
            return documents
        # The first has changed the others: the numbers of equal headings follow from those before them.
        doubtful = next((number for number in changed if documents[number]), None)
        if doubtful is None:
            break
        documents[doubtful] = ()
    return [()] * len(documents)


def _refers(source: str, document: Blocks, definitions: str, line_breaks: LineBreaks) -> bool:
    """Say whether a link of a block has its address from a definition: written anew it would leave that unused."""
    if not definitions or "[" not in source:
        return False
    return not is_read_as(source, document[0], line_breaks, silently=False)


def _known(html: str) -> Blocks:
    try:
        document = document_of(html, strictly=True)
    except Unknown:
        return ()
    return document if len(document) == 1 and _PLACEHOLDER not in html else ()


def _is_same(html: str, piece: Piece) -> bool:
    other = piece.html or ""
    return html == other or (_known(html) == _known(other) != () and _IDS.findall(html) == _IDS.findall(other))


def _normal(source: str) -> str:
    return unicodedata.normalize("NFC", re.sub("\r\n?", "\n", source))


class _Part(NamedTuple):
    """A block of the new body: its text, and which block of the old one it is, or stands in the place of."""

    text: str
    place: int | None
    is_kept: bool


def _parts(
    blocks: Sequence[Block], edited: Sequence[Edit], line_breaks: LineBreaks, line_end: str, definitions: str
) -> Iterator[_Part]:
    kept = {edit[1] for edit in edited if edit[0] == "kept"}
    place: int | None = -1
    for edit in edited:
        if edit[0] == "kept":
            place = edit[1]
            yield _Part(blocks[place].source, place, is_kept=True)
            continue
        is_next = place is not None and place + 1 < len(blocks) and place + 1 not in kept
        place = place + 1 if place is not None and is_next else None
        text = markdown_of(edit[1], line_breaks, definitions) if edit[0] == "html" else _without_edges(edit[1])
        if text:
            yield _Part(text.replace("\n", line_end), place, is_kept=False)


def _without_edges(source: str) -> str:
    return re.sub(r"\A(?:[^\S\n]*\n)+|\s+\Z", "", _normal(source))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Joiner:
    blocks: Sequence[Block]
    line_end: str
    line_breaks: LineBreaks

    def gap(self, before: _Part, part: _Part) -> str:
        """Return what stands between two blocks: what stood there, if it keeps them apart, else a blank line."""
        if before.is_kept and part.is_kept and before.place is not None and part.place == before.place + 1:
            return self.blocks[before.place].gap
        blank = self.line_end * 2
        for gap in (self._old_gap(before, part), blank):
            if gap and self._are_apart(before.text, gap, part.text):
                return gap
        apart = f"{blank}{APART}{blank}"
        return apart if self._are_apart(before.text, apart, part.text) else blank

    def _old_gap(self, before: _Part, part: _Part) -> str:
        if before.place is not None and before.place + 1 < len(self.blocks):
            return self.blocks[before.place].gap
        return self.blocks[part.place - 1].gap if part.place else ""

    def _are_apart(self, before: str, gap: str, after: str) -> bool:
        """Say whether two texts, one below the other, are read as each by itself."""
        together = read_apart([_normal(before + gap + after)], self.line_breaks)
        apart = read_apart([_normal(before), _normal(after)], self.line_breaks)
        if together is None or apart is None:
            return False
        return together.parts[0].split() == "\n".join(apart.parts).split()

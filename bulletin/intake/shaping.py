"""The blocks of a text from elsewhere -> those of an item: its title apart, and all else as its writer meant it. Pure.

Bold lines that are headings in all but name become headings, typed bullets lists, lines below pictures captions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, takewhile

from msgspec import Struct
from msgspec.structs import replace

from bulletin.richtext import lines_of, pasted, plain_text, tidy
from bulletin.richtext.document import (
    Block,
    Blocks,
    Break,
    Heading,
    Inline,
    Inlines,
    Link,
    Paragraph,
    Picture,
    Run,
    Table,
    mapped,
)
from bulletin.vietnamese import fold

LONGEST_TITLE = 200
_LONGEST_HEADING = 120
_LOOKED_AT = 12
"""Blocks in which a title is looked for: it stands at the top, below the letterhead if there is one."""
_FIRST_HEADING = 2
"""The highest level of a heading in a text: the title is above it."""
# What stands above the title of an official paper or a press release.
_LETTERHEAD = re.compile(
    r"cong hoa xa hoi chu nghia viet nam|doc lap\W+tu do\W+hanh phuc|so ?:.{0,40}|[\w .]{2,40}, ?(?:ngay )?\d.{0,40}"
    r"|thong cao bao chi|tin noi bo|ban tin(?: noi bo)?|tin bai|\W*"
)
_SENTENCE = re.compile(r"[.;,:]$")
_ENDED = re.compile(r"[.;,:!?…]$")
"""The end of a bold line that is no heading: a sentence, the question of an interview."""
_CAPTION = re.compile(r"(?:ảnh|hình)(?: \d+)?[:.] ?\S.*", re.IGNORECASE)
# What a news item has no use for: of the head of a paper all but its place and day.
_PAPER = re.compile(
    r"cong hoa xa hoi chu nghia viet nam|doc lap\W+tu do\W+hanh phuc|so ?:.{0,40}|thong cao bao chi|tin noi bo|tin bai"
)
_OF_STATE = re.compile("doc lap\\W+tu do\\W+hanh phuc")
_BOLD = frozenset({"strong"})
_REACHED = re.compile("(?:https?|mailto|tel):", re.IGNORECASE)
_ROMAN = re.compile(r"(?:phần )?[IVX]+[.)/ :]", re.IGNORECASE)


class Shape(Struct, frozen=True, kw_only=True):
    """A text as an item has it, its highest headings of the second level; and what was made or left out for that."""

    title: str
    """Empty if nothing stands out as one."""
    blocks: Blocks
    headings: Sequence[str]
    """Bold lines that became headings."""
    lists: int
    paper: Sequence[str]
    """What stood in the head of an official paper."""
    lost_links: Sequence[str]


def shaped(blocks: Blocks, named: str = "") -> Shape:
    """Return the shape of a text; `named` is what its file is called outside of the text."""
    headed, made = _headed(_joined_title(tuple(_captioned(_apart(blocks)))))
    title, below = _titled(headed, made, named)
    kept, paper = _without_paper(below)
    listed, lists = _listed(kept)
    linked, lost_links = _linked(listed)
    return Shape(
        title=title,
        blocks=tuple(pasted.shifted(linked)),
        headings=[line for line in made if line != title],
        lists=lists,
        paper=paper,
        lost_links=lost_links,
    )


# Pictures


def _apart(blocks: Blocks) -> Iterator[Block]:
    """Yield blocks with the pictures of each paragraph in one of their own: readers see a figure, or a gallery."""
    for block in blocks:
        if not isinstance(block, Paragraph) or not any(isinstance(word, Picture) for word in block.words):
            yield block
            continue
        for are_pictures, group in groupby(block.words, key=lambda word: isinstance(word, Picture)):
            words = tidy(group)
            if words or are_pictures:
                yield Paragraph(words)


def _captioned(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks with a line below a picture that says that it is its caption as the title of that picture."""
    before: Block | None = None
    for block in blocks:
        shown = before.words if isinstance(before, Paragraph) else ()
        if len(shown) == 1 and isinstance(shown[0], Picture) and isinstance(block, Paragraph):
            line = plain(block.words)
            if not shown[0].title and len(line) <= LONGEST_TITLE and _CAPTION.fullmatch(line):
                before = Paragraph((replace(shown[0], title=line),))
                continue
        if before is not None:
            yield before
        before = block
    if before is not None:
        yield before


# The title


def _joined_title(blocks: Blocks) -> Blocks:
    """Return blocks with a title that stands in capitals on several bold lines on one."""
    at = next((number for number, block in enumerate(blocks[:_LOOKED_AT]) if not _is_letterhead(block)), len(blocks))
    lines = list(takewhile(lambda block: _is_bold_line(block) and _is_shouted(block), blocks[at : at + 4]))
    if len(lines) < 2:  # noqa: PLR2004 - there is nothing to join
        return blocks
    words = tidy(word for line in lines if isinstance(line, Paragraph) for word in (*line.words, Run(" ", _BOLD)))
    return (*blocks[:at], Paragraph(words), *blocks[at + len(lines) :])


def _is_shouted(block: Block) -> bool:
    return isinstance(block, Paragraph) and plain(block.words).isupper()


def _titled(blocks: Blocks, made: Sequence[str], named: str) -> tuple[str, Blocks]:
    """Return the title of a text, empty if nothing stands out as one, and the blocks without it.

    `made` are the bold lines that became headings, `named` is what the file is called outside of its text.
    """
    at = _title_heading(blocks, made)
    if at is not None:
        heading = blocks[at]
        assert isinstance(heading, Heading)
        return plain(heading.words), blocks[:at] + blocks[at + 1 :]
    at = next((number for number, block in enumerate(blocks[:_LOOKED_AT]) if not _is_letterhead(block)), len(blocks))
    first = blocks[at] if at < len(blocks) else None
    if isinstance(first, Paragraph):
        before, title, below = _cut(first.words)
        if len(title) <= LONGEST_TITLE and not _SENTENCE.search(title):
            left = (Paragraph(words) for words in (before, below) if words)
            return title, (*blocks[:at], *left, *blocks[at + 1 :])
    return named, blocks


def _title_heading(blocks: Blocks, made: Sequence[str]) -> int | None:
    """Return the number of the heading that is the title; None if all are headings of sections."""
    levels = [block.level for block in blocks if isinstance(block, Heading)]
    for number, block in enumerate(blocks[:_LOOKED_AT]):
        if isinstance(block, Heading) and block.level == min(levels) and not _is_letterhead(block):
            line, above = plain(block.words), blocks[:number]
            # The first of several equal headings is a section, unless it stands at the very top; or below a text.
            is_alone = levels.count(block.level) == 1 and line not in made and not any(map(_is_text, above))
            return number if (is_alone or all(map(_is_letterhead, above))) and len(line) <= LONGEST_TITLE else None
    return None


def _is_text(block: Block) -> bool:
    """Tell whether a block is a text, and not a kicker or a date above a title."""
    return any(len(line := plain(words)) > plain_text.SHORT and line.endswith(".") for words in lines_of(block))


def _cut(words: Inlines) -> tuple[Inlines, str, Inlines]:
    """Return the lines above the first that is no letterhead, this line as plain text, and those below it."""
    lines = _lines(words)
    at = next(number for number, line in enumerate(lines) if not _LETTERHEAD.fullmatch(fold(plain(line))))
    return together(lines[:at]), plain(lines[at]), together(lines[at + 1 :])


def _lines(words: Inlines) -> list[Inlines]:
    return [tuple(line) for is_end, line in groupby(words, key=lambda word: isinstance(word, Break)) if not is_end]


def together(lines: Sequence[Inlines]) -> Inlines:
    return tidy(word for line in lines for word in (*line, Break()))


def _is_letterhead(block: Block) -> bool:
    """Tell whether a block stands above the title: the name of the state, a number, a place with a day."""
    if isinstance(block, Table):
        return True
    lines = [line for words in lines_of(block) for line in _lines(words)]
    return all(_LETTERHEAD.fullmatch(fold(plain(line))) for line in lines)


def _without_paper(blocks: Blocks) -> tuple[Blocks, list[str]]:
    """Return blocks without the head of an official paper, and what stood there."""
    kept: list[Block] = []
    paper: list[str] = []
    for number, block in enumerate(blocks):
        lines = [fold(plain(line)) for words in lines_of(block) for line in _lines(words)]
        is_table = isinstance(block, Table) and any(map(_OF_STATE.search, lines))
        if number < _LOOKED_AT and lines and (is_table or all(map(_PAPER.fullmatch, lines))):
            paper += (plain(words) for words in lines_of(block))
        else:
            kept.append(block)
    return tuple(kept), paper


def plain(words: Inlines) -> str:
    """Return words as plain text on one line."""
    return " ".join("".join(word.text if isinstance(word, Run) else " " for word in words).split(" ")).strip()


# Headings


def _headed(blocks: Blocks) -> tuple[Blocks, list[str]]:
    """Return the blocks with bold lines made headings that are some in all but name, and these lines."""
    bold = [_is_bold_line(block) for block in blocks]
    lines = [plain(block.words) for block in blocks if isinstance(block, Paragraph) and _is_bold_line(block)]
    has_roman = any(map(_ROMAN.match, lines))
    made: list[Block] = []
    named: list[str] = []
    level = _FIRST_HEADING
    for number, block in enumerate(blocks):
        level = block.level + 1 if isinstance(block, Heading) else level
        if isinstance(block, Paragraph) and bold[number] and _heads(bold, number):
            line = plain(block.words)
            is_below = has_roman and not _ROMAN.match(line)
            made.append(Heading(min(6, level + is_below), pasted.not_bold(block.words)))
            named.append(line)
        else:
            made.append(block)
    return tuple(made), named


def _is_bold_line(block: Block) -> bool:
    """Tell whether a paragraph is one line, bold throughout, that ends no sentence."""
    if not isinstance(block, Paragraph) or _is_letterhead(block):
        return False
    line = plain(block.words)
    is_bold = all(isinstance(word, Run) and "strong" in word.marks for word in block.words if _has_letters(word))
    return is_bold and len(line) <= _LONGEST_HEADING and not _ENDED.search(line)


def _has_letters(word: object) -> bool:
    return not isinstance(word, Break) and not (isinstance(word, Run) and not word.text.strip())


def _heads(bold: Sequence[bool], number: int) -> bool:
    """Tell whether a text stands below a bold line, or below the next: a name at the end of a text heads nothing."""
    below = bold[number + 1 : number + 3]
    return bool(below) and not all(below)


# Lists and links


def _listed(blocks: Blocks) -> tuple[Blocks, int]:
    """Return blocks with paragraphs that begin with the sign of a list as lists, and how many lists were made."""
    made: list[Block] = []
    count = 0
    for is_item, group in groupby(
        blocks, key=lambda block: isinstance(block, Paragraph) and plain_text.has_sign(block.words)
    ):
        found = list(group)
        listings = plain_text.listings(found) if is_item else None
        made += listings or found
        count += len(listings or ())
    return tuple(made), count


def _linked(blocks: Blocks) -> tuple[Blocks, list[str]]:
    """Return blocks without links to what only another site or a computer has, and where these led; words stay."""
    lost: list[str] = []

    def without(words: Inlines) -> Inlines:
        return tidy(map(kept, words))

    def kept(word: Inline) -> Inline:
        dead = [mark for mark in word.marks if isinstance(mark, Link) and not _REACHED.match(mark.href)]
        lost.extend(mark.href for mark in dead)
        return replace(word, marks=word.marks.difference(dead)) if dead else word

    return tuple(mapped(block, without) for block in blocks), lost

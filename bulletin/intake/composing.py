"""What a reader found of a text -> an item to be confirmed: its title apart, bold lines as headings, proposals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct, field

from bulletin.intake import values
from bulletin.intake.proposals import proposed
from bulletin.intake.values import Document, Found, Given, Passage, Proposal, Wishes, quoted
from bulletin.problems import Problem, problem
from bulletin.richtext import lines_of, pasted, tidy, written, written_apart
from bulletin.richtext.document import Block, Blocks, Break, Heading, Inlines, Paragraph, Picture, Run, Table
from bulletin.settings import LineBreaks
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
_ENDED = re.compile(r"[.;,:!…]$")
_ROMAN = re.compile(r"(?:phần )?[IVX]+[.)/ :]", re.IGNORECASE)


class Text(Struct, frozen=True, kw_only=True):
    """A text as its reader found it: its blocks, the footnotes that these refer to by name, its pictures."""

    blocks: Blocks
    title: str = ""
    """What the file itself calls it, outside of its text; empty if it does not say."""
    notes: Mapping[str, Blocks] = field(default_factory=dict)
    pictures: tuple[values.Picture, ...] = ()
    problems: tuple[Problem, ...] = ()


def composed(given: Given, text: Text, wishes: Wishes) -> Found:
    """Return the item that a text makes, with what was changed for it among the problems."""
    blocks, lines = _headed(tuple(_apart(text.blocks)))
    title, rest = _titled(blocks, text.title)
    problems = list(text.problems)
    if named := [line for line in lines if line != title]:
        found = quoted(named)
        problems.append(problem(given.name, 1, "intake-headings-made", "warning", count=str(len(named)), found=found))
    body, passages = _body(tuple(pasted.shifted(rest)), text.notes, wishes)
    proposals = [Proposal(field="title", value=title, sentence=title, place="")] if title else []
    proposals += proposed(title, passages, wishes)
    document = Document(body=body, pictures=text.pictures, proposals=tuple(proposals))
    return Found(documents=(document,), problems=tuple(problems))


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


# The title


def _titled(blocks: Blocks, named: str) -> tuple[str, Blocks]:
    """Return the title of a text, empty if nothing stands out as one, and the blocks without it."""
    at = _title_heading(blocks)
    if at is not None:
        heading = blocks[at]
        assert isinstance(heading, Heading)
        return _plain(heading.words), blocks[:at] + blocks[at + 1 :]
    at = next((number for number, block in enumerate(blocks[:_LOOKED_AT]) if not _is_letterhead(block)), len(blocks))
    first = blocks[at] if at < len(blocks) else None
    if isinstance(first, Paragraph):
        before, title, below = _cut(first.words)
        if len(title) <= LONGEST_TITLE and not _ENDED.search(title):
            left = (Paragraph(words) for words in (before, below) if words)
            return title, (*blocks[:at], *left, *blocks[at + 1 :])
    return named, blocks


def _title_heading(blocks: Blocks) -> int | None:
    """Return the number of the heading that is the title; None if all are headings of sections."""
    levels = [block.level for block in blocks if isinstance(block, Heading)]
    for number, block in enumerate(blocks[:_LOOKED_AT]):
        if isinstance(block, Heading) and block.level == min(levels) and not _is_letterhead(block):
            # The first of several equal headings is a section, unless it stands at the very top.
            is_alone = levels.count(block.level) == 1 or all(map(_is_letterhead, blocks[:number]))
            return number if is_alone and len(_plain(block.words)) <= LONGEST_TITLE else None
    return None


def _cut(words: Inlines) -> tuple[Inlines, str, Inlines]:
    """Return the lines above the first that is no letterhead, this line as plain text, and those below it."""
    lines = _lines(words)
    at = next(number for number, line in enumerate(lines) if not _LETTERHEAD.fullmatch(fold(_plain(line))))
    return _together(lines[:at]), _plain(lines[at]), _together(lines[at + 1 :])


def _lines(words: Inlines) -> list[Inlines]:
    return [tuple(line) for is_end, line in groupby(words, key=lambda word: isinstance(word, Break)) if not is_end]


def _together(lines: Sequence[Inlines]) -> Inlines:
    return tidy(word for line in lines for word in (*line, Break()))


def _is_letterhead(block: Block) -> bool:
    """Tell whether a block stands above the title: the name of the state, a number, a place with a day."""
    if isinstance(block, Table):
        return True
    lines = [line for words in lines_of(block) for line in _lines(words)]
    return all(_LETTERHEAD.fullmatch(fold(_plain(line))) for line in lines)


def _plain(words: Inlines) -> str:
    """Return words as plain text on one line."""
    return " ".join("".join(word.text if isinstance(word, Run) else " " for word in words).split(" ")).strip()


# Headings


def _headed(blocks: Blocks) -> tuple[Blocks, list[str]]:
    """Return the blocks with bold lines made headings that are some in all but name, and these lines."""
    bold = [_is_bold_line(block) for block in blocks]
    lines = [_plain(block.words) for block in blocks if isinstance(block, Paragraph) and _is_bold_line(block)]
    has_roman = any(map(_ROMAN.match, lines))
    made: list[Block] = []
    named: list[str] = []
    level = _FIRST_HEADING
    for number, block in enumerate(blocks):
        level = block.level + 1 if isinstance(block, Heading) else level
        if isinstance(block, Paragraph) and bold[number] and _heads(bold, number):
            line = _plain(block.words)
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
    line = _plain(block.words)
    is_bold = all(isinstance(word, Run) and "strong" in word.marks for word in block.words if _has_letters(word))
    return is_bold and len(line) <= _LONGEST_HEADING and not _ENDED.search(line)


def _has_letters(word: object) -> bool:
    return not isinstance(word, Break) and not (isinstance(word, Run) and not word.text.strip())


def _heads(bold: Sequence[bool], number: int) -> bool:
    """Tell whether a text stands below a bold line, or below the next: a name at the end of a text heads nothing."""
    below = bold[number + 1 : number + 3]
    return bool(below) and not all(below)


# The body


def _body(blocks: Blocks, notes: Mapping[str, Blocks], wishes: Wishes) -> tuple[str, tuple[Passage, ...]]:
    """Return the Markdown of a text, and what stands in it, passage by passage."""
    line_breaks = wishes.rules.line_breaks
    defined = [f"[^{name}]: {_note(note, line_breaks)}" for name, note in notes.items()]
    definitions = "\n\n".join(defined)
    passages: list[Passage] = []
    body = ""
    for block, text in zip(blocks, written_apart(blocks, line_breaks, definitions), strict=True):
        first = body.count("\n") + len(text) - len(text.lstrip("\n")) + 1
        passages += (Passage(text=_plain(line), line=first) for line in lines_of(block))
        body += text
    return "\n\n".join(part for part in (body, definitions) if part) + "\n", tuple(passages)


def _note(note: Blocks, line_breaks: LineBreaks) -> str:
    """Return a footnote on one line: further paragraphs of it stand behind a line end."""
    words = _together([line for block in note for line in lines_of(block)])
    return written([Paragraph(words)], line_breaks).replace("\n", "\n    ")

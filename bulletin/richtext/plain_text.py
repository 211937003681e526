"""Plain text -> the blocks that its writer meant, as a careful sub-editor would set them, and what was changed for it.

Signs at the beginnings of lines are lists, tabs are tables, lines that a program has broken are joined again. Short
lines (times, places, names) stay lines. Not a letter, blank or quotation mark within a line is touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, takewhile

from msgspec import Struct

from bulletin.richtext.document import Block, Break, Inline, Inlines, Listing, Paragraph, Run, Table
from bulletin.richtext.pasted import settled
from bulletin.richtext.words import between, tidy

_BULLET = re.compile(r"[ \t\xa0]*(?:[•●▪◦·‣∙○■□♦✓➢➤][ \t\xa0]*|[-–—*+o][ \t\xa0]+)(?=\S)")
_SPOKEN = re.compile(r"[–—-].*[?!]\W*$")
_NUMBER = re.compile(r"[ \t\xa0]*\(?([0-9]{1,2})[.)][ \t\xa0]+(?=\S)")
SHORT = 60
"""Letters of a line that its writer has ended: times, places, names, verses."""
_WIDEST = 100
"""Letters of the longest line that a program has broken: mail programs end lines at 72 to 80, some at 98."""
_FILLED = 0.7
"""Part of the longest line that a broken line fills at least; the last of a paragraph may be shorter."""


class Read(Struct, frozen=True, kw_only=True):
    """The blocks of a plain text; how many lists and tables were made of it, and how many line ends were joined."""

    blocks: tuple[Block, ...]
    lists: int
    tables: int
    joined: int

    @property
    def is_changed(self) -> bool:
        return bool(self.lists or self.tables or self.joined)


def read(text: str) -> Read:
    """Return what a plain text holds."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n\n")
    reader = _Reader()
    blocks = [block for part in _parts(lines.split("\n")) for block in reader.part(part)]
    return Read(blocks=tuple(blocks), lists=reader.lists, tables=reader.tables, joined=reader.joined)


def _parts(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield lines that belong together: blank lines part them, but for those between items of one list."""
    part: list[str] = []
    is_blank = False
    for line in lines:
        if not line.strip():
            is_blank = True
            continue
        if is_blank and part and not (_kind(line) == _kind(part[-1]) in {"number", "bullet"}):
            yield part
            part = []
        part.append(line)
        is_blank = False
    if part:
        yield part


class _Reader:
    def __init__(self) -> None:
        self.lists = self.tables = self.joined = 0

    def part(self, lines: Sequence[str]) -> Iterator[Block]:
        """Yield the blocks of lines that belong together."""
        for kind, group in groupby(lines, key=_kind):
            found = list(group)
            if kind == "cells" and len(found) > 1 and len({line.count("\t") for line in map(str.strip, found)}) == 1:
                self.tables += 1
                yield _table(found)
            elif kind == "number" and _is_counted(found):
                self.lists += 1
                yield _list(found, _NUMBER, int(_number(found[0])))
            elif kind == "bullet" and len(found) > 1:
                self.lists += 1
                yield _list(found, _BULLET, None)
            else:
                yield from self._paragraphs(found)

    def _paragraphs(self, lines: Sequence[str]) -> Iterator[Block]:
        if len(lines) > 1 and _are_broken(lines):
            self.joined += len(lines) - 1
            yield Paragraph(tidy([Run(" ".join(line.strip(" \t") for line in lines))]))
            return
        for is_short, group in groupby(lines, key=lambda line: len(line.strip()) <= SHORT):
            words: list[list[Inline]] = [[Run(line)] for line in group]
            for paragraph in [between(words, Break())] if is_short else words:
                yield Paragraph(tidy(paragraph))


def _kind(line: str) -> str:
    sign = _NUMBER.match(line) or _BULLET.match(line)
    if "\t" in line[sign.end() if sign else 0 :].strip():
        return "cells"
    return "number" if _NUMBER.match(line) else "bullet" if sign else ""


def has_sign(words: Inlines) -> bool:
    """Tell whether a paragraph of another program begins with the sign of a list that somebody typed."""
    return bool(_kind(_text(words)))


def listings(paragraphs: Sequence[Block]) -> list[Block] | None:
    """Return paragraphs that all begin with typed signs as lists; None if some of them are no items of one.

    A dash before each of several sentences that ask or exclaim is speech.
    """
    texts = [_text(block.words) if isinstance(block, Paragraph) else "" for block in paragraphs]
    groups = [(kind, list(group)) for kind, group in groupby(range(len(texts)), key=lambda at: _kind(texts[at]))]
    made: list[Block] = []
    for kind, places in groups:
        found = [texts[at] for at in places]
        is_list = _is_counted(found) if kind == "number" else kind == "bullet" and len(found) > 1
        if not is_list or any(_SPOKEN.match(text) for text in found):
            return None
        sign = _NUMBER if kind == "number" else _BULLET
        items = tuple((_without_sign(paragraphs[at], sign),) for at in places)
        made.append(Listing(int(_number(found[0])) if kind == "number" else None, items))
    return made


def _text(words: Inlines) -> str:
    """Return the words of a paragraph before its first picture or line end."""
    return "".join(word.text for word in takewhile(lambda word: isinstance(word, Run), words) if isinstance(word, Run))


def _without_sign(block: Block, sign: re.Pattern[str]) -> Block:
    assert isinstance(block, Paragraph)
    first, *others = block.words
    found = sign.match(_text(block.words))
    assert isinstance(first, Run)
    assert found
    return Paragraph(tidy([Run(first.text[found.end() :], first.marks), *others]))


def _number(line: str) -> str:
    found = _NUMBER.match(line)
    return found[1] if found else ""


def _is_counted(lines: Sequence[str]) -> bool:
    """Tell whether lines count on from the first: «1)», «2)»; not «25. 12.» and «7. 1.»."""
    numbers = [int(_number(line)) for line in lines]
    return len(lines) > 1 and numbers == list(range(numbers[0], numbers[0] + len(lines)))


def _are_broken(lines: Sequence[str]) -> bool:
    """Tell whether a program has ended these lines because they were full."""
    widths = [len(line.strip()) for line in lines]
    widest = max(widths)
    return SHORT < widest <= _WIDEST and all(width >= _FILLED * widest for width in widths[:-1])


def _list(lines: Sequence[str], sign: re.Pattern[str], start: int | None) -> Listing:
    return Listing(start, tuple((Paragraph(tidy([Run(sign.sub("", line, count=1))])),) for line in lines))


def _table(lines: Sequence[str]) -> Block:
    rows = tuple(tuple(tidy([Run(cell)]) for cell in line.strip().split("\t")) for line in lines)
    return settled(Table(("",) * len(rows[0]), None, rows))

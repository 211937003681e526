"""A document, or the editor's HTML -> Markdown that the bulletin's reader reads back as the same.

People read the source, so nothing is escaped without need: a block is written as plainly as possible and read at once;
if it is read as something else it is written more carefully, in a few steps (`_Manner`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, takewhile
from typing import NamedTuple

from msgspec.structs import replace

from bulletin.items.markdown import Work, read_apart
from bulletin.richtext.document import (
    HIGHEST_NUMBER,
    Block,
    Blocks,
    Break,
    Code,
    Heading,
    Inline,
    Inlines,
    Link,
    Listing,
    Mark,
    Note,
    Paragraph,
    Picture,
    Quotation,
    Run,
    Table,
    mapped,
    words_in,
)
from bulletin.richtext.html_reader import Unknown, document_of
from bulletin.richtext.words import lines_of, tidy
from bulletin.settings import LineBreaks

APART = "<!-- -->"
"""Stands between two lists, or quotations, that the reader would join."""
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"“”«»]+|[\w.%+-]+@[\w.-]+")
_BRACKETS = re.compile(r"\[([^\[\]]+)(?=\])")
_DEFINED = re.compile(r"^[^\[\]\n]*\[([^\[\]\n]+)\] ?:", re.MULTILINE)
_SIGN = re.compile(r"[\\`*_{}\[\]()>#+.!|<&~:=@•·-]")
# Signs that no backslash escapes.
_ENTITIES = {"<": "&lt;", "&": "&amp;"} | {sign: f"&#{ord(sign)};" for sign in "~:=•·"}
# A bracket with a backslash keeps the reader from seeing a link around it.
_ENTITIES_EVERYWHERE = _ENTITIES | {sign: f"&#{ord(sign)};" for sign in "@[]"}
# Signs that may mean something, where they do. A star or a line between letters or blanks, or alone in brackets, is one
# for the reader too.
_CAREFUL = re.compile(
    r"\\(?=[\\`*_{}\[\]()>#+.!|-]|$)|`|(?<!\w)\*|\*(?!\w)|(?<![^\W_])_|_(?![^\W_])|!(?=\[)"
    r"|[\[{]|<(?=[A-Za-zÀ-ỹ/!?])|~(?=~)|&(?=#?\w+;)"
)
_CAREFUL_START = re.compile(r"[-+*>•·](?=\s|$)|[•·>=]|(?<=\d)\.(?=\s|$)|#(?=#* |#+\w)|:(?=\s)|[-_]{3}")
_NUMBER = re.compile(r"\d{1,3}(?=\.(?:\s|$))")


class _Manner(NamedTuple):
    """How carefully a block is written: the plainest manner that is read back as the same is taken."""

    signs: str
    """«plain»: as they are; «careful»: escaped where one may mean something; «all»: escaped everywhere."""
    line_end: str = "\\\n"
    bracketed: bool = False
    """Addresses are links in brackets: behind a word or another address the reader sees none by itself."""
    tags: bool = False
    """Marks are written as tags of HTML: Markdown has no sign for bold words within a word."""


_MANNERS = (
    _Manner("plain", "\n"),
    _Manner("plain"),
    _Manner("careful", "\n"),
    _Manner("careful"),
    _Manner("careful", bracketed=True),
    _Manner("careful", tags=True),
    _Manner("careful", bracketed=True, tags=True),
    _Manner("all"),
    _Manner("all", tags=True),
)
_SIGNS_OF = {"strong": "**", "em": "*", "s": "~~"}
_TAGS_OF = {"strong": "strong", "em": "em", "s": "del", "sub": "sub", "sup": "sup", "code": "code"}


def markdown_of(text: str, line_breaks: LineBreaks = "auto", definitions: str = "") -> str:
    """Return the Markdown of the editor's HTML, without a line end behind it; empty if it shows nothing.

    `definitions` are the lines of the item that define footnotes, references and abbreviations: words in brackets
    may mean one of them.
    """
    return written(document_of(text), line_breaks, definitions)


def written(blocks: Iterable[Block], line_breaks: LineBreaks = "auto", definitions: str = "") -> str:
    """Return the Markdown of a document; see `markdown_of`."""
    return "".join(written_apart(tuple(blocks), line_breaks, definitions))


def written_apart(whole: Blocks, line_breaks: LineBreaks = "auto", definitions: str = "") -> list[str]:
    """Return the Markdown of each block, with what keeps it apart from the block before in front of it."""
    # Of all blocks together: each may be read in several manners, and one alone may take as long as a text may take.
    work = Work()
    together = _read_together(whole, line_breaks, definitions, work)
    texts: list[str] = []
    for number, block in enumerate(whole):
        gap = f"\n\n{APART}\n\n" if number and _are_joined(whole[number - 1], block) else "\n\n"
        text = together.get(number) or _block(block, line_breaks, definitions, work)
        texts.append(gap + text if any(texts) else text)
    return texts


def _read_together(blocks: Sequence[Block], line_breaks: LineBreaks, definitions: str, work: Work) -> dict[int, str]:
    """Return the text of each block that some manner writes rightly, by number; plainest manner first.

    All blocks are read at once: each alone, a paste of a thousand paragraphs would take seconds.
    """
    found: dict[int, str] = {}
    for manner in _MANNERS:
        left = [number for number in range(len(blocks)) if number not in found]
        texts = ["\n".join(_Writer(manner).lines(blocks[number])) for number in left]
        noted = _noted("\n\n".join(texts), [blocks[number] for number in left], definitions)
        reading = read_apart([*texts, noted], line_breaks, work) if left else None
        if reading is None:
            break
        found |= {
            number: text
            for number, text, html in zip(left, texts, reading.parts, strict=False)
            if not any(typed in text for typed in reading.remarked) and _shows(html, blocks[number])
        }
    return found


def is_read_as(  # noqa: PLR0913 - what reading depends on
    text: str,
    block: Block,
    line_breaks: LineBreaks,
    definitions: str = "",
    work: Work | None = None,
    *,
    silently: bool = True,
) -> bool:
    """Say whether Markdown is read as one block that readers cannot tell from this one; `silently`: without a remark.

    Footnotes that the definitions lack are there all the same.
    """
    reading = read_apart([text, _noted(text, [block], definitions)], line_breaks, work)
    if reading is None or (silently and any(typed in text for typed in reading.remarked)):
        return False
    return _shows(reading.parts[0], block)


def _shows(html: str, block: Block) -> bool:
    """Say whether HTML shows readers one block, and what they cannot tell from this one."""
    try:
        found = document_of(html, strictly=True)
    except Unknown:
        return False
    is_same = [bare(other) for other in found] == [bare(block)]
    return is_same and not _bare_links([block]) - _bare_links(found)


def _noted(text: str, blocks: Iterable[Block], definitions: str) -> str:
    """Return the definitions that a text needs, and one of each footnote that they lack."""
    needed = _needed(definitions, text)
    names = {word.name for block in blocks for word in words_in(block) if isinstance(word, Note)}
    return needed + "".join(f"\n\n[^{name}]: x" for name in sorted(names) if f"[^{name}]:" not in needed)


def _needed(definitions: str, text: str) -> str:
    """Return the definitions whose name stands in brackets in a text: all of them would take long."""
    brackets = {" ".join(name.lower().split()) for name in _BRACKETS.findall(text)} if definitions else set()
    return "\n\n".join(
        part
        for part in definitions.split("\n\n")
        if any(" ".join(name.lower().split()) in brackets for name in _DEFINED.findall(part))
    )


def _block(block: Block, line_breaks: LineBreaks, definitions: str, work: Work) -> str:
    flattened = _flattened(block)
    tried: set[str] = set()
    for form in dict.fromkeys((block, flattened)):
        for manner in _MANNERS:
            text = "\n".join(_Writer(manner).lines(form))
            if text not in tried and is_read_as(text, form, line_breaks, definitions, work):
                return text
            tried.add(text)
    return "\n".join(_Writer(_MANNERS[-1]).lines(flattened))


def _are_joined(before: Block, block: Block) -> bool:
    if isinstance(before, Listing) and isinstance(block, Listing):
        return (before.start is None) == (block.start is None)
    return isinstance(before, Quotation) and isinstance(block, Quotation)


class _Writer:
    """Writes blocks as lines, in one manner."""

    def __init__(self, manner: _Manner) -> None:
        self._manner = manner

    def lines(self, block: Block) -> list[str]:
        if isinstance(block, Paragraph):
            return self._paragraph(block.words)
        if isinstance(block, Heading):
            return [self._heading(block)]
        if isinstance(block, Listing):
            return self._list(block)
        if isinstance(block, Quotation):
            return self._quotation(block)
        if isinstance(block, Table):
            return self._table(block)
        return _code(block) if isinstance(block, Code) else ["---"]

    def blocks(self, blocks: Blocks) -> list[str]:
        lines: list[str] = []
        for number, block in enumerate(blocks):
            if number:
                lines += ["", APART, ""] if _are_joined(blocks[number - 1], block) else [""]
            lines += self.lines(block)
        return lines

    def _heading(self, heading: Heading) -> str:
        words = self._on_one_line(heading.words)
        if self._manner.signs != "plain":
            words = re.sub(r"\\?#$", "&#35;", words)  # signs at the end of a heading close it
        return f"{'#' * heading.level} {words}"

    def _paragraph(self, words: Inlines) -> list[str]:
        parts = [list(part) for is_end, part in groupby(words, key=lambda word: isinstance(word, Break)) if not is_end]
        return self._manner.line_end.join(self._started(self._words(part)) for part in parts).split("\n")

    def _list(self, listing: Listing) -> list[str]:
        lines: list[str] = []
        for number, item in enumerate(listing.items):
            sign = "- " if listing.start is None else f"{self._number(listing, number)}. "
            first, *others = self._item(item)
            lines.append(sign + first)
            lines += [f"{' ' * len(sign)}{line}" if line else "" for line in others]
        return lines

    def _number(self, listing: Listing, number: int) -> int:
        """Return the number of an item: the same for all where they would pass the highest that the reader knows."""
        numbers = listing.numbers
        return numbers[number if max(numbers) <= HIGHEST_NUMBER else 0]

    def _item(self, blocks: Blocks) -> list[str]:
        lines: list[str] = []
        for number, block in enumerate(blocks):
            # A list right below the words of its item needs no blank line.
            is_below_words = number == 1 and isinstance(block, Listing)
            if number and not is_below_words:
                lines += ["", APART, ""] if _are_joined(blocks[number - 1], block) else [""]
            lines += self.lines(block)
        return lines

    def _quotation(self, quotation: Quotation) -> list[str]:
        lines = self.blocks(quotation.blocks)
        if re.match(r"[0-9=]", lines[0]):
            lines.insert(0, "")  # «> 90%» is no quotation
        return [f"> {line}" if line else ">" for line in lines]

    def _table(self, table: Table) -> list[str]:
        rules = {"": "---", "left": ":---", "center": ":---:", "right": "---:"}
        head = table.head or ((),) * len(table.alignments)
        rule = [rules[alignment] for alignment in table.alignments]
        return [_row(self._cells(head)), _row(rule), *(_row(self._cells(row)) for row in table.rows)]

    def _cells(self, row: Sequence[Inlines]) -> list[str]:
        return [self._on_one_line(words, is_cell=True) for words in row]

    # Words

    def _on_one_line(self, words: Inlines, *, is_cell: bool = False) -> str:
        parts = [list(part) for is_end, part in groupby(words, key=lambda word: isinstance(word, Break)) if not is_end]
        return "<br>".join(self._words(part, is_cell=is_cell) for part in parts)

    def _words(self, words: Sequence[Inline], *, is_cell: bool = False) -> str:
        text, at = "", 0
        while at < len(words):
            mark = _longest_mark(words, at)
            if mark is None:
                part, end = self._inline(words[at], is_cell=is_cell), at + 1
            else:
                marked = list(takewhile(lambda word: mark in word.marks, words[at:]))  # noqa: B023 - used at once
                inner = [replace(word, marks=word.marks - {mark}) for word in marked]
                part, end = self._marked(mark, inner, is_cell=is_cell), at + len(marked)
            # «Mời xem!» and a link behind it would be a picture.
            text = re.sub(r"(?<!\\)!$", r"\\!", text) + part if part.startswith("[") else text + part
            at = end
        return text

    def _marked(self, mark: Mark, words: Sequence[Inline], *, is_cell: bool) -> str:
        if mark == "code" and not self._manner.tags:
            return _ticked("".join(word.text for word in words if isinstance(word, Run)))
        inner = self._words(words, is_cell=is_cell)
        if isinstance(mark, Link):
            shown = "".join(word.text for word in words if isinstance(word, Run))
            is_bare = not self._manner.bracketed and self._manner.signs != "all"
            if is_bare and not mark.title and mark.href in _addresses_of(shown):
                return shown
            return f"[{inner}]({self._target(mark.href, mark.title)})"
        if mark in _SIGNS_OF and not self._manner.tags:
            return f"{_SIGNS_OF[mark]}{inner}{_SIGNS_OF[mark]}"
        return f"<{_TAGS_OF[mark]}>{inner}</{_TAGS_OF[mark]}>"

    def _inline(self, word: Inline, *, is_cell: bool) -> str:
        if isinstance(word, Note):
            return f"[^{word.name}]"
        if isinstance(word, Picture):
            return f"![{self._label(word.alt)}]({self._target(word.src, word.title)})"
        if not isinstance(word, Run):
            return ""
        text = self._escaped(word.text)
        return re.sub(r"(?<!\\)\|", r"\\|", text) if is_cell else text

    def _label(self, text: str) -> str:
        if self._manner.signs == "plain":
            return text
        return re.sub(r"[\\`*_\[\]<>&{}~|!]", lambda sign: f"&#{ord(sign[0])};", text)

    def _target(self, address: str, title: str) -> str:
        if re.search(r"[\s()<>]", address):
            address = f"<{address.replace('<', '%3C').replace('>', '%3E')}>"
        if not title:
            return address
        return f'{address} "{self._label(title).replace(chr(34), "&quot;")}"'

    def _escaped(self, text: str) -> str:
        if self._manner.signs == "plain":
            return text
        if self._manner.signs == "all":
            # An address is text then, too: it would take all that is written right behind it, even a picture.
            return _SIGN.sub(lambda sign: _ENTITIES_EVERYWHERE.get(sign[0], f"\\{sign[0]}"), text)
        out, done = "", 0
        for address in _ADDRESS.finditer(text):
            out += _careful(text[done : address.start()]) + address[0]
            done = address.end()
        return out + _careful(text[done:])

    def _started(self, line: str) -> str:
        """Return a line, with its first sign escaped if it would begin something."""
        if self._manner.signs == "plain":
            return line
        if number := _NUMBER.match(line):
            return f"{number[0]}\\{line[number.end() :]}"
        return _escape(start) + line[start.end() :] if (start := _CAREFUL_START.match(line)) else line


def _careful(text: str) -> str:
    """Return a text with a backslash before each sign that may mean something; a bracket does if one closes it."""
    # Looked for from each bracket, the one that closes it would take for ever in a text of nothing else.
    last = {"[": text.rfind("]"), "{": text.rfind("}")}
    return _CAREFUL.sub(lambda sign: sign[0] if sign.start() > last.get(sign[0][0], len(text)) else _escape(sign), text)


def _escape(sign: re.Match[str]) -> str:
    return _ENTITIES.get(sign[0][0], f"\\{sign[0][0]}") + sign[0][1:]


def _longest_mark(words: Sequence[Inline], at: int) -> Mark | None:
    """Return the mark that goes on for most words from here; None if there is none. Code goes inside all others."""

    def length(mark: Mark) -> tuple[bool, int, bool, str]:
        reach = sum(1 for _ in takewhile(lambda word: mark in word.marks, words[at:]))
        return mark != "code", reach, isinstance(mark, Link), str(mark)

    return max(words[at].marks, key=length, default=None)


def _ticked(text: str) -> str:
    ticks = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    edge = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{edge}{text}{edge}{ticks}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _code(block: Code) -> list[str]:
    longest = max((len(run) for run in re.findall("^`+", block.text, re.MULTILINE)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence + block.language, *block.text.removesuffix("\n").split("\n"), fence]


def _addresses_of(text: str) -> set[str]:
    """Return the addresses to which these words lead when they stand in the text without any mark."""
    if not _ADDRESS.fullmatch(text):
        return set()
    return {text, f"https://{text}", f"mailto:{text}"}


def bare(block: Block) -> Block:
    """Return a block without the links that the reader makes by itself, of addresses in the text."""
    return mapped(block, _bare_words)


def _bare_links(blocks: Iterable[Block]) -> Counter[str]:
    """Count the links that `bare` leaves out: those of the editor must be links for readers as well."""
    return Counter(
        mark.href
        for block in blocks
        for word in words_in(block)
        if isinstance(word, Run)
        for mark in word.marks
        if isinstance(mark, Link) and _is_bare(mark, word.text)
    )


def _bare_words(words: Inlines) -> Inlines:
    return tidy(
        replace(word, marks=frozenset(mark for mark in word.marks if not _is_bare(mark, word.text)))
        if isinstance(word, Run)
        else word
        for word in words
    )


def _is_bare(mark: Mark, text: str) -> bool:
    return isinstance(mark, Link) and not mark.title and mark.href in _addresses_of(text)


def _flattened(block: Block) -> Block:
    """Return a block in which lists and quotations hold nothing but paragraphs and lists, and numbers follow."""
    if isinstance(block, Listing):
        return replace(block, items=tuple(tuple(_simple(item)) for item in block.items), jumps=())
    if isinstance(block, Quotation):
        return Quotation(tuple(_simple(block.blocks)))
    return block


def _simple(blocks: Blocks) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Listing):
            yield _flattened(block)
        else:
            yield from (Paragraph(words) for words in lines_of(block))

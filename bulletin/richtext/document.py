"""What the rich editor can hold: blocks of words, marks, pictures and references to footnotes; from HTML and to it.

Two documents are equal if readers see the same: how the HTML was spelt (`b` or `strong`, a paragraph in each cell or
none, blanks at the edge of bold words) is gone when a document has been read.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

ALIGNMENTS = ("center", "left", "right")
HIGHEST_NUMBER = 999
"""The reader takes no greater number for that of an item: «2024. Thành lập» is text."""
NOTE = "data-note"
"""The attribute of a `sup` that stands for a reference to a footnote: its name."""


class Link(Struct, frozen=True):
    """A mark of words or pictures: where they lead."""

    href: str
    title: str = ""


Mark: TypeAlias = str | Link


class Run(Struct, frozen=True):
    """Words with the same marks: `strong`, `em`, `s`, `code`, `sub`, `sup` and a link."""

    text: str
    marks: frozenset[Mark] = frozenset()


class Picture(Struct, frozen=True):
    """A picture among words; of marks it may have a link alone."""

    src: str
    alt: str = ""
    title: str = ""
    marks: frozenset[Mark] = frozenset()


class Note(Struct, frozen=True):
    """A reference to the footnote of this name."""

    name: str
    marks: frozenset[Mark] = frozenset()


class Break(Struct, frozen=True):
    """The end of a line within a paragraph."""

    marks: frozenset[Mark] = frozenset()


Inline: TypeAlias = Run | Picture | Note | Break
Inlines: TypeAlias = tuple[Inline, ...]


class Paragraph(Struct, frozen=True):
    words: Inlines


class Heading(Struct, frozen=True):
    level: int
    words: Inlines


class Listing(Struct, frozen=True):
    """A list: of bullets, or with the number that it begins with. An item begins with a paragraph.

    `jumps` holds each item, counted from 0, whose number is not the next one, with that number.
    """

    start: int | None
    items: tuple[Blocks, ...]
    jumps: tuple[tuple[int, int], ...] = ()

    @property
    def numbers(self) -> list[int]:
        """The number of each item; of bullets none."""
        jumps = dict(self.jumps)
        found: list[int] = []
        for index in range(0 if self.start is None else len(self.items)):
            found.append(jumps.get(index, found[-1] + 1 if found else self.start or 0))
        return found

    @property
    def is_beyond_reader(self) -> bool:
        """Whether the reader would take its numbers for text: greater ones are only known where each is the next."""
        return bool(self.jumps) and max(self.numbers) > HIGHEST_NUMBER


class Quotation(Struct, frozen=True):
    blocks: Blocks


class Table(Struct, frozen=True):
    """Rows of equally many cells; `alignments` holds one of `ALIGNMENTS`, or nothing, for each column."""

    alignments: tuple[str, ...]
    head: tuple[Inlines, ...] | None
    rows: tuple[tuple[Inlines, ...], ...]


class Code(Struct, frozen=True):
    """Lines of code; the text ends with a line end."""

    language: str
    text: str


class Rule(Struct, frozen=True):
    pass


Block: TypeAlias = Paragraph | Heading | Listing | Quotation | Table | Code | Rule
Blocks: TypeAlias = tuple[Block, ...]


def mapped(block: Block, change: Callable[[Inlines], Inlines]) -> Block:
    """Return a block with all words in it changed, line by line and cell by cell."""
    if isinstance(block, Paragraph | Heading):
        return replace(block, words=change(block.words))
    if isinstance(block, Listing):
        return replace(block, items=tuple(tuple(mapped(inner, change) for inner in item) for item in block.items))
    if isinstance(block, Quotation):
        return Quotation(tuple(mapped(inner, change) for inner in block.blocks))
    if isinstance(block, Table):
        head = tuple(map(change, block.head)) if block.head is not None else None
        return replace(block, head=head, rows=tuple(tuple(map(change, row)) for row in block.rows))
    return block


def words_in(block: Block) -> list[Inline]:
    """Return all words, pictures and references in a block, in order."""
    found: list[Inline] = []

    def take(words: Inlines) -> Inlines:
        found.extend(words)
        return words

    mapped(block, take)
    return found


def html_of(blocks: Iterable[Block]) -> str:
    """Return the HTML that the editor is given: what `document_of` reads back as the same blocks."""
    return "".join(map(_block_html, blocks))


def _block_html(block: Block) -> str:  # noqa: PLR0911 - one for each kind of block
    if isinstance(block, Paragraph):
        return f"<p>{_words_html(block.words)}</p>"
    if isinstance(block, Heading):
        return f"<h{block.level}>{_words_html(block.words)}</h{block.level}>"
    if isinstance(block, Quotation):
        return f"<blockquote>{html_of(block.blocks)}</blockquote>"
    if isinstance(block, Table):
        return _table_html(block)
    if isinstance(block, Code):
        language = f' class="language-{html.escape(block.language)}"' if block.language else ""
        return f"<pre><code{language}>{html.escape(block.text.removesuffix(chr(10)), quote=False)}</code></pre>"
    if isinstance(block, Listing):
        tag = "ul" if block.start is None else "ol"
        start = f' start="{block.start}"' if block.start not in {None, 1} else ""
        jumps = dict(block.jumps)
        values = (f' value="{jumps[index]}"' if index in jumps else "" for index in range(len(block.items)))
        items = "".join(f"<li{value}>{html_of(item)}</li>" for value, item in zip(values, block.items, strict=True))
        return f"<{tag}{start}>{items}</{tag}>"
    return "<hr>"


def _table_html(table: Table) -> str:
    rows = [("td", row) for row in table.rows]
    if table.head is not None:
        rows.insert(0, ("th", table.head))
    lines = ""
    for tag, row in rows:
        cells = ""
        for words, alignment in zip(row, table.alignments, strict=True):
            name = f' class="{alignment}"' if alignment else ""
            cells += f"<{tag}{name}><p>{_words_html(words)}</p></{tag}>"
        lines += f"<tr>{cells}</tr>"
    return f"<table><tbody>{lines}</tbody></table>"


_ORDER = ("strong", "em", "s", "sub", "sup", "code")
"""Marks from the outermost to the innermost."""


def _words_html(words: Inlines) -> str:
    return "".join(map(_inline_html, words))


def _inline_html(inline: Inline) -> str:
    if isinstance(inline, Break):
        return "<br>"
    if isinstance(inline, Note):
        name = html.escape(inline.name)
        return f'<sup {NOTE}="{name}">{name}</sup>'
    if isinstance(inline, Picture):
        title = f' title="{html.escape(inline.title)}"' if inline.title else ""
        text = f'<img src="{html.escape(inline.src)}" alt="{html.escape(inline.alt)}"{title}>'
    else:
        text = html.escape(inline.text, quote=False)
    for name in reversed(_ORDER):
        text = f"<{name}>{text}</{name}>" if name in inline.marks else text
    for mark in inline.marks:
        if isinstance(mark, Link):
            title = f' title="{html.escape(mark.title)}"' if mark.title else ""
            text = f'<a href="{html.escape(mark.href)}"{title}>{text}</a>'
    return text

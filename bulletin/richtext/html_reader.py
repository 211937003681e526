"""HTML -> the document that it holds; the HTML of an editor, of a program that something is pasted from, or our own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bulletin.richtext.document import (
    ALIGNMENTS,
    HIGHEST_NUMBER,
    NOTE,
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
    Rule,
    Run,
    Table,
)
from bulletin.richtext.markup import INLINE, Node, parse
from bulletin.richtext.words import BLANKS, REFUSED, as_words, lines_of, shown, tidy

MARKS = {
    "b": "strong",
    "code": "code",
    "del": "s",
    "em": "em",
    "i": "em",
    "s": "s",
    "strike": "s",
    "strong": "strong",
    "sub": "sub",
    "sup": "sup",
}
_LINKED = {"http", "https", "mailto", "tel"}
_SCHEME = re.compile("([A-Za-z][A-Za-z0-9+.-]*):")
_FOOTNOTE = re.compile("fnref[0-9]*:(.+)")
_HEADING = re.compile("h([1-6])")
_NUMBER = re.compile("[0-9]{1,9}")
_MOST_SPANNED, _WIDEST = 20_000, 500
"""Places of a table that cells may span besides their own, and columns behind which none spans any."""
_LANGUAGE = re.compile(r"language-([\w#.+-]+)")


class Unknown(Exception):  # noqa: N818 - not an error
    """Raised for HTML that holds what no document can; its text is the tag, or the attribute."""


def document_of(text: str, *, strictly: bool = False) -> Blocks:
    """Return the blocks that HTML holds. What no document can hold is left out, its words are kept.

    `strictly`: raise Unknown instead; only abbreviations are left out all the same, since their words are marked again
    wherever they are read.
    """
    return blocks_of(parse(text), strictly=strictly)


def blocks_of(root: Node, *, strictly: bool = False) -> Blocks:
    """Return the blocks that a tree holds; see `document_of`."""
    return _Reader(strictly=strictly).blocks(root.children)


class _Reader:
    def __init__(self, *, strictly: bool) -> None:
        self._strictly = strictly

    def _refuse(self, what: str) -> None:
        if self._strictly:
            raise Unknown(what)

    def _check(self, node: Node, *known: str) -> None:
        for name in node.attributes:
            if name not in known:
                self._refuse(f"{node.tag} {name}")

    # Blocks

    def blocks(self, children: Sequence[Node | str]) -> Blocks:
        found: list[Block] = []
        loose: list[Node | str] = []
        for child in children:
            if isinstance(child, str) or (child.tag in INLINE and not _holds_blocks(child)):
                loose.append(child)
                continue
            found += self._paragraphs(loose)
            loose = []
            found += self._block(child)
        return (*found, *self._paragraphs(loose))

    def _paragraphs(self, children: Sequence[Node | str]) -> list[Block]:
        """Return words as paragraphs: two line ends part two of them, as a blank line of the source does."""
        words = self._inlines(children, frozenset())
        parts: list[list[Inline]] = [[]]
        for number, inline in enumerate(words):
            if isinstance(inline, Break) and any(isinstance(near, Break) for near in words[number + 1 : number + 2]):
                self._refuse("br br")
                parts.append([])
            parts[-1].append(inline)
        return [Paragraph(tidied) for part in parts if (tidied := tidy(part))]

    def _block(self, node: Node) -> Sequence[Block]:  # noqa: PLR0911 - one for each kind of block
        if heading := _HEADING.fullmatch(node.tag):
            # The reader makes the id out of the words.
            self._check(node, "id")
            words = tidy(self._inlines(node.children, frozenset()))
            return [Heading(int(heading[1]), words)] if words else []
        if node.tag == "p" and not _holds_blocks(node):
            self._check(node)
            return self._paragraphs(node.children)
        if node.tag in {"ul", "ol"}:
            return self._list(node)
        if node.tag == "blockquote":
            self._check(node)
            inner = self.blocks(node.children)
            return [Quotation(inner)] if inner else []
        if node.tag == "table":
            return self._table(node)
        if node.tag == "pre":
            return self._code(node)
        if node.tag == "hr":
            self._check(node)
            return [Rule()]
        self._refuse(node.tag)
        return self.blocks(node.children)

    def _list(self, node: Node) -> Sequence[Block]:
        self._check(node, *(("start",) if node.tag == "ol" else ()))
        start = node.attributes.get("start", "1")
        number = int(start) if re.fullmatch("[0-9]{1,9}", start) else 1
        items: list[Blocks] = []
        numbers: dict[int, int] = {}
        for child in node.children:
            if isinstance(child, Node) and child.tag == "li":
                self._check(child, *(("value",) if node.tag == "ol" else ()))
                blocks = self.blocks(child.children)
                if not blocks or not isinstance(blocks[0], Paragraph):
                    self._refuse("li")
                _add_item(items, blocks)
                if _NUMBER.fullmatch(child.attributes.get("value", "")) and items:
                    numbers[len(items) - 1] = int(child.attributes["value"])
            elif isinstance(child, Node) and child.tag in {"ul", "ol"}:
                # Some programs write a list of the second level beside the items, not in one of them.
                self._refuse(f"{node.tag} in {child.tag}")
                _add_item(items, self.blocks([child]))
            else:
                _add_item(items, self.blocks([child]))
        if not items:
            return []
        listing = _numbered(number, items, numbers) if node.tag == "ol" else Listing(None, tuple(items))
        if (listing.start or 0) > HIGHEST_NUMBER or listing.is_beyond_reader:
            # Whoever begins a line with a year means no list, though an editor makes one.
            self._refuse("ol start")
            return [Paragraph(words) for words in lines_of(listing)]
        return [listing]

    def _code(self, node: Node) -> Sequence[Block]:
        self._check(node)
        inner = node.elements()[0] if len(node.elements()) == 1 and node.elements()[0].tag == "code" else None
        if inner is not None:
            self._check(inner, "class")
        language = _LANGUAGE.fullmatch(inner.attributes.get("class", "") if inner is not None else "")
        lines = [line.expandtabs(4).rstrip(" ") for line in shown(node.text(), keep_lines=True).split("\n")]
        text = "\n".join(lines).strip("\n")
        return [Code(language[1] if language else "", text + "\n")] if text.strip() else []

    # Tables

    def _table(self, node: Node) -> Sequence[Block]:
        self._check(node)
        before = [block for child in node.elements() if child.tag == "caption" for block in self.blocks(child.children)]
        if before:
            self._refuse("caption")
        filled = _filled([[cell for cell in row.elements() if cell.tag in {"td", "th"}] for row in _rows_of(node)])
        if not filled or not filled[0]:
            return before
        cells = [[self._cell(cell) if cell else ((), "") for cell in row] for row in filled]
        columns = list(zip(*cells, strict=True))
        alignments = tuple(map(self._alignment, columns))
        has_head = all(cell is None or cell.tag == "th" for cell in filled[0])
        plain = [tuple(words for words, _ in row) for row in cells]
        if not any(any(row) for row in plain):
            return before
        head = plain.pop(0) if has_head else None
        return [*before, Table(alignments, head if head and any(head) else None, tuple(plain))]

    def _cell(self, cell: Node) -> tuple[Inlines, str]:
        self._check(cell, "class")
        classes = cell.attributes.get("class", "").split()
        if any(name not in ALIGNMENTS for name in classes):
            self._refuse("class")
        named = [*classes, cell.style("text-align"), cell.attributes.get("align", "").lower()]
        alignment = next((name for name in named if name in ALIGNMENTS), "")
        words: list[Inline] = []
        for block in self.blocks(cell.children):
            words += [Break(), *as_words(block)] if words else as_words(block)
        return tidy(words), alignment

    def _alignment(self, column: Sequence[tuple[Inlines, str]]) -> str:
        """Return the alignment of a column: that of all its cells, but for a head that Excel leaves to the left."""
        if self._strictly and len({alignment for _, alignment in column}) > 1:
            raise Unknown("class")
        body = {alignment for words, alignment in column[1:] if words} or {column[0][1]}
        return body.pop() if len(body) == 1 else ""

    # Words

    def _inlines(self, children: Sequence[Node | str], marks: frozenset[Mark]) -> list[Inline]:
        found: list[Inline] = []
        for child in children:
            if isinstance(child, str):
                found.append(Run(shown(child), marks))
            else:
                found += self._element(child, marks)
        return found

    def _element(self, node: Node, marks: frozenset[Mark]) -> list[Inline]:
        if node.tag == "br":
            self._check(node)
            return [Break()]
        if node.tag == "img":
            return self._picture(node, marks)
        if node.tag == "a":
            return self._link(node, marks)
        if node.tag == "sup" and (name := _note_name(node)):
            return [Note(name)]
        if node.tag in MARKS:
            self._check(node)
            return self._inlines(node.children, marks | {MARKS[node.tag]})
        if node.tag != "abbr":
            self._refuse(node.tag)
        return self._inlines(node.children, marks)

    def _picture(self, node: Node, marks: frozenset[Mark]) -> list[Inline]:
        self._check(node, "src", "alt", "title")
        src = node.attributes.get("src", "").strip()
        if not src or _SCHEME.match(src):
            self._refuse("img src")
            return []
        alt, title = (_line(node.attributes.get(name, "")) for name in ("alt", "title"))
        return [Picture(_address(src), alt, title, frozenset(mark for mark in marks if isinstance(mark, Link)))]

    def _link(self, node: Node, marks: frozenset[Mark]) -> list[Inline]:
        self._check(node, "href", "title")
        href = _address(node.attributes.get("href", ""))
        scheme = _SCHEME.match(href)
        others = frozenset(mark for mark in marks if not isinstance(mark, Link))
        if not href or (scheme and scheme[1].lower() not in _LINKED):
            self._refuse("a href")
            return self._inlines(node.children, marks)
        return self._inlines(node.children, others | {Link(href, _line(node.attributes.get("title", "")))})


def _line(text: str) -> str:
    return BLANKS.sub(" ", shown(text)).strip()


def _address(text: str) -> str:
    return BLANKS.sub(" ", REFUSED.sub("", text)).strip()


def _note_name(node: Node) -> str:
    """Return the name of the footnote that a `sup` refers to, in our HTML or in the reader's; empty for any other."""
    made = _FOOTNOTE.fullmatch(node.attributes.get("id", ""))
    name = node.attributes.get(NOTE, made[1] if made else "").strip()
    return name if re.fullmatch(r"[^\[\]\s\\]+", name) else ""


def _holds_blocks(node: Node) -> bool:
    return any(inner.tag not in INLINE for inner in node.walk() if inner is not node)


def _add_item(items: list[Blocks], blocks: Blocks) -> None:
    """Add an item; what has no words of its own goes on the item before it, for no source can say «an empty item»."""
    if not blocks:
        return
    if isinstance(blocks[0], Listing):
        if items:
            items[-1] += blocks
        else:
            for number, item in enumerate(blocks[0].items):
                items.append(item if number < len(blocks[0].items) - 1 else item + blocks[1:])
    elif isinstance(blocks[0], Paragraph):
        items.append(blocks)
    else:
        items.append(_begun(blocks))


def _numbered(start: int, items: Sequence[Blocks], numbers: Mapping[int, int]) -> Listing:
    """Return a list in which some items have numbers of their own: told are only those that do not follow."""
    first = numbers.get(0, start)
    jumps: list[tuple[int, int]] = []
    expected = first + 1
    for index in range(1, len(items)):
        number = numbers.get(index, expected)
        if number != expected:
            jumps.append((index, number))
        expected = number + 1
    return Listing(first, tuple(items), tuple(jumps))


def _begun(blocks: Blocks) -> Blocks:
    first = [Paragraph(words) for words in lines_of(blocks[0])]
    return (*first, *blocks[1:])


def _rows_of(node: Node) -> Iterator[Node]:
    for child in node.elements():
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from _rows_of(child)


def _filled(rows: Sequence[Sequence[Node]]) -> list[list[Node | None]]:
    """Return rows of equally many cells: None for a missing one, and where a cell spans more than its first place."""
    filled: list[list[Node | None]] = []
    spanned: dict[tuple[int, int], None] = {}
    for number, row in enumerate(rows):
        line: list[Node | None] = []
        for cell in row:
            while (number, len(line)) in spanned:
                line.append(None)
            # A cell spans no rows that are not there; and of a table of nothing but spans nobody sees the rest.
            wide, high = _span(cell, "colspan"), min(_span(cell, "rowspan"), len(rows) - number)
            if len(spanned) > _MOST_SPANNED or len(line) > _WIDEST:
                wide = high = 1
            at = len(line)
            spanned |= {(number + down, at + right): None for down in range(1, high) for right in range(wide)}
            line += [cell, *[None] * (wide - 1)]
        filled.append(line)
    width = max(map(len, filled), default=0)
    return [row + [None] * (width - len(row)) for row in filled if row]


def _span(cell: Node, name: str) -> int:
    value = cell.attributes.get(name, "1")
    return max(1, min(100, int(value))) if re.fullmatch("[0-9]{1,4}", value) else 1

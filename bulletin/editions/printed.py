"""The tree of an item's HTML -> blocks for Typst, as data that JSON can hold: nothing in it is ever read as code.

A block or an inline is a list that begins with its kind: ["p", [inlines]], ["image", file, alt, width, [caption]]; text
is a string. `edition.typ` knows every kind. It walks this tree with functions that call themselves, and Typst allows
eighty calls within each other: so what is nested deeper than anybody writes is drawn flat.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from bulletin.richtext import markup

Node = markup.Node
Typeset = Any
"""A block or an inline: a string, or a list of its kind and its parts."""
Show = Callable[[Node], Typeset | None]
"""Returns a picture as a block, by its element; None for one that is not to be shown."""

MOST_LEVELS = 6
"""Blocks within each other: a list in a list in a quotation in a list."""
_DEEPEST_HEADING = 4
"""PDF has six levels of headings: the province and the title of the item stand above those of a text."""
_LONGEST_WORD = 28
_BREAK = "\u200b"
_MARKS = {
    "b": "strong",
    "cite": "emph",
    "code": "code",
    "del": "strike",
    "dfn": "emph",
    "em": "emph",
    "i": "emph",
    "ins": "underline",
    "kbd": "code",
    "mark": "highlight",
    "s": "strike",
    "samp": "code",
    "small": "small",
    "strong": "strong",
    "sub": "sub",
    "sup": "sup",
    "u": "underline",
    "var": "emph",
}
_INLINE = markup.INLINE | {"rp", "rt", "ruby"}
_LINES = {"strike", "underline"}
_SIGNS = {"q": ("«", "»"), "rt": (" (", ")")}
_LEFT_OUT = {"audio", "col", "colgroup", "rp", "video"}
_BLANKS = re.compile("[ \t\r\n\f]+")
_LONG_WORD = re.compile(rf"[^\s\u200b]{{{_LONGEST_WORD + 1},}}")
_HEADING = re.compile("h([1-6])")
_SIDES = ("left", "center", "right")


def blocks_of(root: Node, show: Show) -> list[Typeset]:
    """Return the blocks of an item's text; its headings are counted from 1."""
    return _Writer(show).blocks(root.children, MOST_LEVELS)


class _Writer:
    def __init__(self, show: Show) -> None:
        self._show = show
        self._level = 0

    def blocks(self, children: Sequence[Node | str], levels: int) -> list[Typeset]:
        """Return children as blocks; words between blocks are a paragraph."""
        found: list[Typeset] = []
        loose: list[Node | str] = []
        for child in children:
            if isinstance(child, str) or (child.tag in _INLINE and not _holds_block(child)):
                loose.append(child)
                continue
            found += self._paragraph(loose)
            loose = []
            found += self._block(child, levels)
        return found + self._paragraph(loose)

    def _paragraph(self, children: Sequence[Node | str]) -> list[Typeset]:
        words = _tidy(self.inlines(children))
        return [["p", words]] if words else []

    def _block(self, node: Node, levels: int) -> list[Typeset]:  # noqa: C901, PLR0911 - one for each kind of block
        if node.tag in _LEFT_OUT or _is_aid(node):
            return []
        if heading := _HEADING.fullmatch(node.tag):
            return self._heading(int(heading[1]) - 1, node)
        if node.tag == "hr":
            return [["rule"]]
        if node.tag == "img":
            return [shown] if (shown := self._show(node)) else []
        if node.tag == "figure":
            return self._figure(node, levels)
        if node.tag == "pre":
            return [["pre", breakable(node.text().rstrip("\n"))]] if node.text().strip() else []
        if node.tag == "p" or levels <= 0:
            return self._flat(node.children, levels)
        if node.tag == "table":
            return self._table(node, levels)
        if node.tag in {"ul", "ol"}:
            return self._list(node, levels)
        if node.tag == "dl":
            return self._definitions(node, levels)
        if node.tag == "summary":
            return [["p", [["strong", words]]]] if (words := _tidy(self.inlines(node.children))) else []
        if "footnote" in _classes(node):
            # The line above them is that of the paper.
            return [["notes", self.blocks([one for one in node.elements() if one.tag != "hr"], levels)]]
        inner = self.blocks(node.children, levels - (node.tag == "blockquote"))
        return [["quote", inner]] if node.tag == "blockquote" and inner else inner

    def _heading(self, level: int, node: Node) -> list[Typeset]:
        """Return a heading; h2 is the highest in a text, and PDF/UA knows no level that the one above is missing of."""
        words = _tidy(self.inlines(node.children))
        if not words:
            return []
        self._level = max(1, min(level, self._level + 1, _DEEPEST_HEADING))
        return [["heading", self._level, words]]

    def _flat(self, children: Sequence[Node | str], levels: int) -> list[Typeset]:
        """Return a paragraph, and what stands in it although it is a block."""
        if any(isinstance(child, Node) and (child.tag not in _INLINE or _holds_block(child)) for child in children):
            return self.blocks(children, max(0, levels - 1)) if levels > 0 else self._paragraph(_words_of(children))
        return self._paragraph(children)

    def _figure(self, node: Node, levels: int) -> list[Typeset]:
        caption = next((child for child in node.elements() if child.tag == "figcaption"), None)
        words = _tidy(self.inlines(caption.children)) if caption else []
        inner = [child for child in node.elements() if child is not caption]
        if "gallery" in node.attributes.get("class", "").split():
            cells = [cell for child in inner for cell in self.blocks([child], levels)]
            return [["gallery", cells, words]] if cells else []
        pictures = [shown for child in inner for one in child.walk() if one.tag == "img" and (shown := self._show(one))]
        if len(pictures) == 1:
            return [[*pictures[0][:-1], words]]
        others = pictures or self.blocks([child for child in inner if child.tag not in _LEFT_OUT], levels)
        return [*others, *([["p", words]] if words else [])]

    def _list(self, node: Node, levels: int) -> list[Typeset]:
        items: list[Typeset] = []
        for child in node.children:
            if isinstance(child, str) and not child.strip():
                continue
            is_item = isinstance(child, Node) and child.tag == "li"
            inner = self.blocks(child.children if is_item else [child], levels - 1)  # type: ignore[union-attr]
            number = child.attributes.get("value", "") if isinstance(child, Node) else ""
            if inner:
                items.append([int(number) if re.fullmatch("[0-9]{1,6}", number) else None, inner])
        if node.tag == "ul":
            return [["list", [inner for _, inner in items]]] if items else []
        start = node.attributes.get("start", "1")
        return [["enum", int(start) if re.fullmatch("[0-9]{1,6}", start) else 1, items]] if items else []

    def _definitions(self, node: Node, levels: int) -> list[Typeset]:
        found: list[Typeset] = []
        for child in _unwrapped(node):
            inner = self.blocks(child.children, levels - 1)
            if child.tag == "dt":
                found.append(["term", _tidy(self.inlines(child.children))])
            elif inner:
                found.append(["definition", inner])
        return found

    def _table(self, node: Node, levels: int) -> list[Typeset]:
        rows = [row for row in node.walk() if row.tag == "tr"]
        cells = [[cell for cell in row.elements() if cell.tag in {"td", "th"}] for row in rows]
        grid = _placed(cells)
        if not grid:
            return []
        columns = max(column + wide for _, column, _, wide, _ in grid)
        head = next((number for number, row in enumerate(cells) if not all(_is_head(cell) for cell in row)), len(cells))
        # A heading that reaches into the rows below cannot be repeated on the next page.
        head = 0 if any(row < head < row + high for row, _, high, _, _ in grid) or head == len(cells) else head
        placed = [
            [row, column, high, wide, _side(cell), _is_head(cell), self.blocks(cell.children, min(levels - 1, 1))]
            for row, column, high, wide, cell in grid
        ]
        caption = next((_tidy(self.inlines(one.children)) for one in node.elements() if one.tag == "caption"), [])
        return [["table", columns, head, placed, caption]]

    def inlines(self, children: Sequence[Node | str], levels: int = MOST_LEVELS) -> list[Typeset]:
        """Return children as inlines; a block among them as its words."""
        found: list[Typeset] = []
        for child in children:
            if isinstance(child, str):
                found.append(breakable(_BLANKS.sub(" ", child)))
            elif child.tag == "br":
                found.append(["br"])
            elif child.tag == "wbr":
                found.append(_BREAK)
            elif child.tag == "img":
                found += [["inline", *shown[1:4]]] if (shown := self._show(child)) else []
            elif child.tag not in _LEFT_OUT and not _is_back_reference(child):
                found += self._inline(child, levels)
        return found

    def _inline(self, node: Node, levels: int) -> list[Typeset]:
        if levels <= 0 or node.tag == "code":
            words = breakable(_BLANKS.sub(" ", node.text()))
            return [["code", words]] if node.tag == "code" and words.strip() else [words]
        inner = self.inlines(node.children, levels - 1)
        if node.tag in _SIGNS:
            before, after = _SIGNS[node.tag]
            return [before, *inner, after]
        if not any(_says_something(one) for one in inner):
            return inner
        if node.tag == "a" and node.attributes.get("href") and "footnote-ref" not in _classes(node):
            return [["link", address_of(node.attributes["href"]), inner]]
        mark = _MARKS.get(node.tag, "")
        if mark in _LINES:
            inner = _without_lines(inner)
        return [[mark, inner]] if mark else inner


def _without_lines(inlines: list[Typeset]) -> list[Typeset]:
    """Return inlines without lines under or through them: in PDF/UA no text has two."""
    bare: list[Typeset] = []
    for one in inlines:
        if isinstance(one, str) or not isinstance(one[-1], list):
            bare.append(one)
            continue
        inner = _without_lines(one[-1])
        bare += inner if one[0] in _LINES else [[*one[:-1], inner]]
    return bare


def breakable(text: str) -> str:
    """Return a text whose long words may be parted: Typst would let an address run out of the page."""
    return _LONG_WORD.sub(lambda word: _BREAK.join(re.findall(f".{{1,{_LONGEST_WORD}}}", word[0])), text)


def address_of(url: str) -> str:
    """Return an address in ASCII: a sign in it that no font has must not be taken out of it."""
    return quote(url, safe="%/:?#[]@!$&'()*+,;=~-._")


def _is_aid(node: Node) -> bool:
    """Tell whether a block helps on a screen alone: the list of what is on the page."""
    return node.tag == "div" and "toc" in _classes(node)


def _is_back_reference(node: Node) -> bool:
    return "footnote-backref" in _classes(node)


def _classes(node: Node) -> list[str]:
    return node.attributes.get("class", "").split()


def _holds_block(node: Node) -> bool:
    return any(inner.tag not in _INLINE for inner in node.walk() if inner is not node)


def _words_of(children: Sequence[Node | str]) -> list[Node | str]:
    return [" ".join(child if isinstance(child, str) else child.text() for child in children)]


def _unwrapped(node: Node) -> list[Node]:
    """Return the terms and definitions of a list, also those that HTML allows to stand in groups."""
    return [one for child in node.elements() for one in (child.elements() if child.tag == "div" else [child])]


def _says_something(inline: Typeset) -> bool:
    return bool(inline.strip()) if isinstance(inline, str) else True


def _tidy(inlines: list[Typeset]) -> list[Typeset]:
    """Return inlines without blanks and line ends at both ends; empty if nothing is left."""
    start, end = 0, len(inlines)
    while start < end and (inlines[start] == ["br"] or not _says_something(inlines[start])):
        start += 1
    while end > start and (inlines[end - 1] == ["br"] or not _says_something(inlines[end - 1])):
        end -= 1
    return inlines[start:end]


def _placed(rows: Sequence[Sequence[Node]]) -> list[tuple[int, int, int, int, Node]]:
    """Return each cell with its row, column, height and width, as HTML places them; no cell reaches below the table."""
    taken: set[tuple[int, int]] = set()
    placed: list[tuple[int, int, int, int, Node]] = []
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            high = min(_span(cell, "rowspan"), len(rows) - row)
            wide = _span(cell, "colspan")
            while any((row, column + one) in taken for one in range(1, wide)):
                wide -= 1
            taken |= {(row + down, column + across) for down in range(high) for across in range(wide)}
            placed.append((row, column, high, wide, cell))
            column += wide
    return placed


def _span(cell: Node, name: str) -> int:
    text = cell.attributes.get(name, "")
    return min(int(text), 50) if re.fullmatch("[1-9][0-9]{0,3}", text) else 1


def _is_head(cell: Node) -> bool:
    return cell.tag == "th"


def _side(cell: Node) -> str:
    return next((side for side in _SIDES if side in _classes(cell)), "left")

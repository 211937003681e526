"""What is pasted from other programs -> clean HTML that the rich editor can hold, and what of it was lost.

Word, Excel, LibreOffice, Google Docs, Word Online and web pages each write HTML of their own. What they have in common
is read by `html_reader`; here stands what is special: lists that Word writes as paragraphs, bold words that are a
style, headings that are a class, cells with tabs between.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from bulletin.richtext.document import (
    Block,
    Blocks,
    Heading,
    Inlines,
    Link,
    Listing,
    Mark,
    Paragraph,
    Picture,
    Run,
    Table,
    html_of,
    mapped,
)
from bulletin.richtext.html_reader import blocks_of
from bulletin.richtext.markup import Node, parse
from bulletin.richtext.words import tidy

_CONDITIONAL = re.compile(r"<!--\[if.*?<!\[endif\]-->", re.DOTALL | re.IGNORECASE)
_FRAGMENT = re.compile(r"<!--\s*StartFragment\s*-->(.*)<!--\s*EndFragment\s*-->", re.DOTALL)
_LEVEL = re.compile(r"\blevel([1-9])\b")
_HEADING = re.compile(r"(?:heading|tiêu đề|đề mục)\W*([1-6])\b", re.IGNORECASE)
_NUMBER = re.compile(r"([0-9]{1,3})\.")
_FIGURE = re.compile(r"[-+−–(]?[0-9][0-9., \xa0]*%?\)?")
_LETTERED = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
# A picture of these lies on the computer, on the web or in the program that was copied from: there is none to show.
_ELSEWHERE = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:|//|$)")
_BOLD = {"bold", "bolder", "600", "700", "800", "900"}
_LIGHT = {"normal", "lighter", "300", "400", "500"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """Blocks that the editor can hold; how many pictures among them lay elsewhere, and were left out."""

    blocks: Blocks
    pictures_lost: int

    @property
    def html(self) -> str:
        return html_of(self.blocks)


def cleaned(text: str) -> Pasted:
    """Return what the HTML of another program holds, as the editor may hold it.

    A picture that is no file beside the item is left out: one of the web, of the disk, of the clipboard.
    """
    fragment = _FRAGMENT.search(text)
    # Excel marks the rows alone: what is in them is no table without the tag around them.
    is_whole = fragment is None or ("<tr" in fragment[1] and "<table" not in fragment[1])
    root = parse(_CONDITIONAL.sub("", text if is_whole or fragment is None else fragment[1]))
    lost = _drop_unseen(root)
    for node in list(root.walk()):
        _restyle(node)
    _nest_lists(root)
    blocks = _joined(settled(block) for block in blocks_of(root))
    return Pasted(blocks=tuple(shifted(blocks)), pictures_lost=lost)


def table_of(text: str) -> str | None:
    """Return the table that a text with tabs holds, as Excel copies its cells, as HTML; None for any other text."""
    lines = [line for line in text.splitlines() if line.strip()]
    # A quote at the beginning of a cell may be one of Excel's, around a cell of several lines, or just a quote.
    for rows in (list(csv.reader(io.StringIO(text), dialect="excel-tab")), [line.split("\t") for line in lines]):
        filled = [row for row in rows if any(cell.strip() for cell in row)]
        if filled and len(filled[0]) > 1 and len({len(row) for row in filled}) == 1:
            cells = tuple(tuple(tidy([Run(cell)]) for cell in row) for row in filled)
            return html_of([settled(Table(("",) * len(cells[0]), None, cells))])
    return None


# What nobody sees, and pictures


def _drop_unseen(node: Node) -> int:
    """Take out what is hidden, and pictures that lie elsewhere; return the number of these pictures."""
    lost = 0
    kept: list[Node | str] = []
    for child in node.children:
        if isinstance(child, Node):
            if child.style("display") == "none" or child.style("mso-hide") == "all":
                continue
            if child.tag == "img" and _ELSEWHERE.match(child.attributes.get("src", "").strip()):
                lost += 1
                continue
            lost += _drop_unseen(child)
        kept.append(child)
    node.children = kept
    return lost


# Styles


def _restyle(node: Node) -> None:
    """Make tags of the styles that mean one: bold, italic and struck words, headings."""
    if node.tag == "p" and (level := _heading_level(node)):
        node.become(f"h{level}")
        return
    if node.tag in {"b", "strong"} and node.style("font-weight") in _LIGHT:
        node.tag = "span"  # Google Docs wraps all that is copied so
    if node.tag in {"i", "em"} and node.style("font-style") == "normal":
        node.tag = "span"
    if node.tag in {"span", "font", "a"}:
        for mark in _marks_of(node):
            inner = Node(mark)
            inner.children, node.children = node.children, [inner]


def _heading_level(node: Node) -> int:
    """Return the level of a paragraph that is a heading by its style, its class or its role; 0 for any other."""
    if node.attributes.get("role") == "heading":
        return _level(node.attributes.get("aria-level", "1"))
    named = _HEADING.search(f"{node.style('mso-style-name')} {node.attributes.get('class', '')}")
    if named:
        return int(named[1])
    if "msotitle" in node.attributes.get("class", "").lower():
        return 1
    return _level(node.style("mso-outline-level"))


def _level(text: str) -> int:
    return int(text) if re.fullmatch("[1-6]", text) else 0


def _marks_of(node: Node) -> list[str]:
    decoration = node.style("text-decoration") + node.style("text-decoration-line")
    signs = {
        "strong": node.style("font-weight") in _BOLD,
        "em": node.style("font-style") in {"italic", "oblique"},
        "s": "line-through" in decoration,
        "sup": node.style("vertical-align") == "super",
        "sub": node.style("vertical-align") == "sub",
    }
    return [mark for mark, is_meant in signs.items() if is_meant]


# Lists


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """An item that says its level itself, instead of standing in a list in a list."""

    level: int
    sign: str
    """What stands before it: «1.», «a)», or any bullet."""
    children: list[Node | str]


def _nest_lists(node: Node, *, is_below_letters: bool = False) -> None:
    """Make lists of paragraphs and single items that are lists by their style alone; give letters to lettered ones."""
    _unwrap_single_lists(node)
    children: list[Node | str] = []
    entries: list[_Entry] = []
    for child in node.children:
        entry = _entry(child) if isinstance(child, Node) else None
        if entry:
            entries.append(entry)
        elif not entries or not isinstance(child, str) or child.strip():
            children += [*_lists(entries), child]
            entries = []
            if isinstance(child, Node):
                kind = _kind_of_letters(child)
                _nest_lists(child, is_below_letters=is_below_letters or bool(kind))
                if kind:
                    _letter(child, kind, is_below_letters=is_below_letters)
    node.children = [*children, *_lists(entries)]


def _unwrap_single_lists(node: Node) -> None:
    """Take out the box and the list around each item, as Word in a browser writes them."""
    children: list[Node | str] = []
    for child in node.children:
        inner = child.elements() if isinstance(child, Node) else []
        is_box = isinstance(child, Node) and child.tag == "div" and inner and all(map(_is_levelled, inner))
        children += inner if is_box else [child]
    node.children = children


def _is_levelled(node: Node) -> bool:
    items = node.elements()
    return node.tag in {"ul", "ol"} and len(items) == 1 and "data-aria-level" in items[0].attributes


def _entry(node: Node) -> _Entry | None:
    if _is_levelled(node):
        item = node.elements()[0]
        sign = f"{node.attributes.get('start', '1')}." if node.tag == "ol" else "•"
        return _Entry(level=_level(item.attributes["data-aria-level"]) or 1, sign=sign, children=item.children)
    level = _LEVEL.search(node.style("mso-list"))
    if node.tag not in {"p", "div"} or level is None:
        return None
    return _Entry(level=int(level[1]), sign=_take_sign(node), children=node.children)


def _take_sign(node: Node) -> str:
    """Take what Word has written for the bullet or the number out of a paragraph, and return it."""
    for parent in node.walk():
        for child in parent.elements():
            if child.style("mso-list") == "ignore":
                parent.children.remove(child)
                return child.text().replace("\xa0", " ").strip()
    return ""


def _lists(entries: list[_Entry]) -> list[Node | str]:
    """Return entries as lists in lists. One that counts with letters, «a)», keeps its sign as words of a paragraph.

    Below another such one it keeps it as words of a bullet, since no paragraph stands within another.
    """
    top = Node("")
    open_lists: list[tuple[int, Node]] = []
    lettered_above: list[int] = []
    for entry in entries:
        while open_lists and open_lists[-1][0] > entry.level:
            open_lists.pop()
        while lettered_above and lettered_above[-1] >= entry.level:
            lettered_above.pop()
        number = _NUMBER.fullmatch(entry.sign)
        is_lettered = not number and re.search(r"\w[.)]$", entry.sign)
        words = [f"{entry.sign} ", *entry.children] if is_lettered else list(entry.children)
        if is_lettered and not lettered_above:
            lettered_above.append(entry.level)
            while open_lists and open_lists[-1][0] >= entry.level:
                open_lists.pop()
            item = Node("p")
            item.children = words
            _place(top, open_lists).children.append(item)
            continue
        tag = "ol" if number else "ul"
        if not open_lists or open_lists[-1][0] < entry.level or not _is_next(open_lists[-1][1], tag, number):
            if open_lists and open_lists[-1][0] == entry.level:
                open_lists.pop()
            parent = _place(top, open_lists)
            open_lists.append((entry.level, Node(tag, {"start": number[1]} if number else {})))
            parent.children.append(open_lists[-1][1])
        item = Node("li")
        item.children = words
        open_lists[-1][1].children.append(item)
    return top.children


def _is_next(listing: Node, tag: str, number: re.Match[str] | None) -> bool:
    """Say whether an item goes on with a list: one with another number than is due begins a new one."""
    due = int(listing.attributes.get("start", "1")) + len(listing.children)
    return listing.tag == tag and (number is None or int(number[1]) == due)


def _place(top: Node, open_lists: list[tuple[int, Node]]) -> Node:
    """Return where a list of a deeper level belongs: in the last item of the list that is open."""
    return open_lists[-1][1].elements()[-1] if open_lists else top


def _kind_of_letters(node: Node) -> str:
    """Return how a list counts if it does so with letters or Roman figures; empty for any other element."""
    kind = _LETTERED.get(node.attributes.get("type", ""), "") or node.style("list-style-type")
    items = [child for child in node.elements() if child.tag == "li"]
    kind = kind or (items[0].style("list-style-type") if items else "")
    return kind if node.tag == "ol" and kind.replace("latin", "alpha") in _LETTERED.values() else ""


def _letter(node: Node, kind: str, *, is_below_letters: bool) -> None:
    """Make paragraphs of a list that counts with letters, below another one bullets: Markdown knows no such list."""
    items = [child for child in node.elements() if child.tag == "li"]
    start = int(node.attributes["start"]) if re.fullmatch("[0-9]{1,3}", node.attributes.get("start", "")) else 1
    node.become("ul" if is_below_letters else "div")
    for number, item in enumerate(items, start):
        words = next((inner for inner in item.elements() if inner.tag == "p"), item)
        words.children.insert(0, f"{_letters(number, kind)}. ")
        if not is_below_letters:
            item.become("div")


def _letters(number: int, kind: str) -> str:
    """Return a number as these programs show it: «c», «iii»; without the «đ», which they do not count with."""
    text = ""
    if "roman" in kind:
        for value, sign in _ROMAN:
            text += sign * (number // value)
            number %= value
    else:
        while number > 0:
            number, rest = divmod(number - 1, 26)
            text = chr(ord("a") + rest) + text
    return text.upper() if kind.startswith("upper") else text


# Blocks


def settled(block: Block) -> Block:
    """Return a block as the bulletin has it: no links within the page it is from, tables with a head."""
    block = mapped(block, _without_anchors)
    if isinstance(block, Heading):
        return mapped(block, not_bold)
    return _with_head(block) if isinstance(block, Table) else block


def _without_anchors(words: Inlines) -> Inlines:
    return tidy(
        replace(word, marks=frozenset(mark for mark in word.marks if not _is_anchor(mark)))
        if isinstance(word, Run | Picture)
        else word
        for word in words
    )


def _is_anchor(mark: Mark) -> bool:
    return isinstance(mark, Link) and mark.href.startswith("#")


def not_bold(words: Inlines) -> Inlines:
    return tidy(replace(word, marks=word.marks - {"strong"}) if isinstance(word, Run) else word for word in words)


def _with_head(table: Table) -> Block:
    """Return a table whose first row is its head, as the reader takes it, and whose figures stand to the right."""
    if table.head is None and len(table.rows) == 1 and len(table.rows[0]) == 1:
        return Paragraph(table.rows[0][0])  # a box around a text
    head, rows = table.head, table.rows
    if head is None and len(rows) > 1 and not all(map(_is_figure, rows[0])):
        head, rows = rows[0], rows[1:]
    alignments = tuple(
        alignment or ("right" if _are_figures(column) else "")
        for alignment, column in zip(table.alignments, zip(*rows, strict=True), strict=True)
    )
    return Table(alignments, head, rows)


def _are_figures(column: tuple[Inlines, ...]) -> bool:
    filled = [words for words in column if words]
    return bool(filled) and all(map(_is_figure, filled))


def _is_figure(words: Inlines) -> bool:
    return len(words) == 1 and isinstance(words[0], Run) and _FIGURE.fullmatch(words[0].text) is not None


def _joined(blocks: Iterable[Block]) -> list[Block]:
    """Return blocks with lists put together that follow each other: some programs write a list for each item."""
    joined: list[Block] = []
    for block in blocks:
        before = joined[-1] if joined else None
        if isinstance(before, Listing) and isinstance(block, Listing) and _goes_on(before, block):
            jumps = tuple((len(before.items) + index, number) for index, number in block.jumps)
            together = replace(before, items=before.items + block.items, jumps=before.jumps + jumps)
            if not together.is_beyond_reader:
                joined[-1] = together
                continue
        joined.append(block)
    return joined


def _goes_on(before: Listing, after: Listing) -> bool:
    if before.start is None or after.start is None:
        return before.start == after.start
    return after.start == before.numbers[-1] + 1


def shifted(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield blocks, the highest of their headings an h2, which is the highest in a text of the bulletin."""
    highest = min((block.level for block in blocks if isinstance(block, Heading)), default=2)
    for block in blocks:
        yield replace(block, level=min(6, block.level - highest + 2)) if isinstance(block, Heading) else block

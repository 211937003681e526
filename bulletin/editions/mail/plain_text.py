"""The tree of an item's text -> plain text for a mail: lines of 78 columns, links as numbers that are listed below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bulletin.editions.mail.story import classes
from bulletin.richtext import markup

WIDTH = 78
_LEAST = 20
"""Columns that a line has, however deep in lists and quotations it stands."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BREAK = "\x1e"
"""Stands for a line end that was meant; no text of an item holds it."""


class Links:
    """The links of a mail, numbered from 1; `taken` yields those since it was last asked."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._new: list[str] = []

    def number(self, address: str) -> int:
        if address not in self._numbers:
            self._numbers[address] = len(self._numbers) + 1
            self._new.append(address)
        return self._numbers[address]

    def taken(self) -> list[str]:
        """Return the lines of the links that were not listed yet. Addresses are never broken."""
        lines = [f"[{self._numbers[address]}] {address}" for address in self._new]
        self._new = []
        return lines


def lines_of(root: markup.Node, links: Links, width: int = WIDTH) -> list[str]:
    """Return a text as lines, with a blank line between its blocks and none at its ends."""
    lines: list[str] = []
    for block in _blocks(root, links, width):
        if block:
            lines += ["", *block] if lines else block
    return lines


def wrapped(text: str, width: int = WIDTH, first: str = "", rest: str = "") -> list[str]:
    """Return text as lines of so many columns; `first` begins the first line, `rest` all others."""
    lines: list[str] = []
    longest = max(_LEAST, width - max(len(first), len(rest)))
    for part in text.split(_BREAK):
        line = ""
        begin = rest if lines else first
        for word in _words(part, longest):
            if line and len(begin) + len(line) + 1 + len(word) > width:
                lines.append(begin + line)
                line, begin = "", rest
            line = f"{line} {word}" if line else word
        if line:
            lines.append(begin + line)
    return lines


def underlined(title: str, sign: str) -> list[str]:
    """Return a heading with a line of the sign below it."""
    lines = wrapped(title)
    return [*lines, sign * max(map(len, lines), default=0)]


def table(rows: Sequence[Sequence[str]], *, has_head: bool, width: int = WIDTH) -> list[str]:
    """Return a table: side by side if the columns fit, else each row as «heading: cell» lines."""
    count = max(map(len, rows), default=0)
    full = [[*row, *[""] * (count - len(row))] for row in rows]
    widths = [max(len(row[at]) for row in full) for at in range(count)]
    if sum(widths) + 3 * (count - 1) <= width:
        shown = [" | ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip() for row in full]
        return [*shown[:1], "-" * len(" | ".join("-" * size for size in widths)), *shown[1:]] if has_head else shown
    heads = full[0] if has_head else [""] * count
    lines: list[str] = []
    for row in full[1:] if has_head else full:
        if lines:
            lines.append("")
        for head, cell in zip(heads, row, strict=True):
            if cell:
                lines += wrapped(f"{head}: {cell}" if head else cell, width, "", "  ")
    return lines


def _words(text: str, width: int) -> Iterator[str]:
    """Yield words; one that is longer than a line in parts, unless it is an address."""
    for word in text.split():
        if len(word) <= width or "://" in word:
            yield word
        else:
            yield from (word[at : at + width] for at in range(0, len(word), width))


def _blocks(node: markup.Node, links: Links, width: int) -> Iterator[list[str]]:
    """Yield each block of a node as lines; words that stand among blocks are one as well."""
    loose: list[markup.Node | str] = []
    for child in node.children:
        if isinstance(child, str) or (child.tag in markup.INLINE and not _holds_blocks(child)):
            loose.append(child)
            continue
        yield wrapped(_inline(loose, links), width)
        loose = []
        yield from _block(child, links, width)
    yield wrapped(_inline(loose, links), width)


def _holds_blocks(node: markup.Node) -> bool:
    return any(one.tag not in markup.INLINE for one in node.walk() if one is not node)


def _block(node: markup.Node, links: Links, width: int) -> Iterator[list[str]]:
    if node.tag in {"ul", "ol"}:
        yield _list(node, links, width)
    elif node.tag == "blockquote":
        yield [f"> {line}".rstrip() for line in lines_of(node, links, max(_LEAST, width - 2))]
    elif node.tag == "pre":
        yield [part for line in node.text().strip("\n").split("\n") for part in _chopped(line, width)]
    elif node.tag == "table":
        caption = [line for part in node.elements() if part.tag == "caption" for line in _lines(part, links, width)]
        rows = [row for row in node.walk() if row.tag == "tr"]
        cells = [[_inline(cell.children, links).replace(_BREAK, " ") for cell in row.elements()] for row in rows]
        has_head = bool(rows) and all(cell.tag == "th" for cell in rows[0].elements())
        yield [*caption, *table(cells, has_head=has_head, width=width)]
    elif node.tag == "hr":
        yield ["* * *"]
    elif node.tag in _HEADINGS:
        lines = _lines(node, links, width)
        yield [*lines, "-" * max(map(len, lines), default=0)]
    elif node.tag == "dd":
        yield [f"    {line}".rstrip() for line in lines_of(node, links, max(_LEAST, width - 4))]
    elif node.tag in {"p", "summary", "figcaption", "dt"} and not _holds_blocks(node):
        yield _lines(node, links, width)
    else:
        yield from _blocks(node, links, width)


def _lines(node: markup.Node, links: Links, width: int) -> list[str]:
    return wrapped(_inline(node.children, links), width)


def _chopped(line: str, width: int) -> Iterable[str]:
    inner = max(_LEAST, width - 4)
    return [f"    {line[at : at + inner]}".rstrip() for at in range(0, len(line), inner)] or [""]


def _list(node: markup.Node, links: Links, width: int) -> list[str]:
    number = _whole(node.attributes.get("start", "")) or 1
    lines: list[str] = []
    for item in node.elements():
        number = _whole(item.attributes.get("value", "")) or number
        mark = f"{number}. " if node.tag == "ol" else "- "
        inner = lines_of(item, links, max(_LEAST, width - len(mark)))
        lines += [f"{' ' * len(mark) if at else mark}{line}".rstrip() for at, line in enumerate(inner or [""])]
        number += 1
    return lines


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _inline(parts: Iterable[markup.Node | str], links: Links) -> str:
    return "".join(part if isinstance(part, str) else _word(part, links) for part in parts)


def _word(node: markup.Node, links: Links) -> str:
    """Return an element among words as text."""
    if node.tag == "br":
        return _BREAK
    if node.tag == "img":
        alt = node.attributes.get("alt", "").strip()
        return f" [Ảnh: {alt}] " if alt else ""
    inner = _inline(node.children, links)
    if node.tag == "a":
        return _link(node, inner, links)
    return inner


def _link(node: markup.Node, inner: str, links: Links) -> str:
    address = node.attributes.get("href", "")
    bare = inner.strip()
    if not address or not bare or bare == address or address.removeprefix("mailto:") == bare:
        return inner
    if "footnote-ref" in classes(node):
        return f" (chú thích {bare})"
    # The picture of a gallery leads to itself.
    return inner if "large" in classes(node) else f"{inner} [{links.number(address)}]"

"""The tree of an item's text -> HTML that mail programs show, Outlook with the engine of Word among them.

Word knows tables, paragraphs and lists, and of their sizes whole numbers in attributes. So pictures side by side and
quotations become tables; what has no place in a mail (players, folded parts) becomes words and links.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from msgspec import Struct

from bulletin.editions.mail.story import classes
from bulletin.images import Picture
from bulletin.richtext import markup

COLUMN = 552
"""Pixels of width that text and pictures have."""
CELL = 270
"""Pixels of width of a picture beside another one."""
_GAP = COLUMN - 2 * CELL
_STEP = 24
"""Pixels by which lists and quotations are narrower than what they stand in."""
_LEAST = 120

_INLINE = "b bdi br cite code del dfn em i ins kbd mark q s samp small strong sub sup u var"
_PASSED = frozenset({*_INLINE.split(), "p", "pre", "ul"})
"""Tags that are written as they are, without attributes."""
_DROPPED = frozenset({"audio", "video", "col", "colgroup", "rp", "rt", "wbr"})
"""Tags that mail programs do not show, with all that is in them."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LINES = frozenset({"dt", "summary", "caption", "figcaption"})
_BLOCKS = _HEADINGS | {"p", "ul", "ol", "table", "div", "figure", "blockquote", "pre", "dl", "hr", "details"}


class Shown(Struct, frozen=True, kw_only=True):
    """A picture in a mail: where it is, and how large it is shown, in pixels."""

    source: str
    width: int
    height: int


Show = Callable[[Picture, int], Shown]
"""Returns a picture shown no wider than so many pixels."""


class BodyWriter:
    """Writes the text of an item; `pictures` are those of the text by their addresses, `show` places them."""

    def __init__(self, pictures: dict[str, Picture], show: Show) -> None:
        self._pictures = pictures
        self._show = show
        self._writers: dict[str, Callable[[markup.Node, int], str]] = {
            "a": self._link,
            "abbr": self._abbreviation,
            "blockquote": self._quotation,
            "figure": self._figure,
            "hr": lambda _node, _width: '<p class="rule">* * *</p>',
            "img": self._image,
            "li": self._entry,
            "ol": self._numbered,
            "table": self._table,
        }

    def write(self, root: markup.Node) -> str:
        """Return the HTML of a text."""
        return self._all(root.children, COLUMN).strip()

    def _all(self, parts: Iterable[markup.Node | str], width: int) -> str:
        return "".join(escape(part, quote=False) if isinstance(part, str) else self._one(part, width) for part in parts)

    def _one(self, node: markup.Node, width: int) -> str:
        if node.tag in _DROPPED:
            return ""
        if writer := self._writers.get(node.tag):
            return writer(node, width)
        inner = self._all(node.children, width)
        if node.tag in _PASSED:
            return "<br>" if node.tag == "br" else f"<{node.tag}>{inner}</{node.tag}>"
        if node.tag in _HEADINGS:
            # Below the item's title, which is an h3.
            return f"<h4>{inner}</h4>"
        if node.tag in _LINES or (node.tag == "dd" and _is_flat(node)):
            return f'<p class="{node.tag}">{inner}</p>'
        # Blocks of words that a mail has no other name for become paragraphs; of all else, what is in it.
        return f"<p>{inner}</p>" if node.tag in {"div", "details"} and _is_flat(node) and inner.strip() else inner

    def _quotation(self, node: markup.Node, width: int) -> str:
        inner = self._all(node.children, width - _STEP)
        table = f'<table role="presentation" class="quote" width="{width}" {_PLAIN}>'
        return f'{table}<tr><td class="quote">{inner}</td></tr></table>'

    def _numbered(self, node: markup.Node, width: int) -> str:
        start = node.attributes.get("start", "")
        opened = f'<ol start="{start}">' if _is_number(start) else "<ol>"
        return f"{opened}{self._all(node.children, width)}</ol>"

    def _entry(self, node: markup.Node, width: int) -> str:
        number = node.attributes.get("value", "")
        opened = f'<li value="{number}">' if _is_number(number) else "<li>"
        return f"{opened}{self._all(node.children, max(_LEAST, width - _STEP))}</li>"

    def _abbreviation(self, node: markup.Node, width: int) -> str:
        return f'<span title="{escape(node.attributes.get("title", ""))}">{self._all(node.children, width)}</span>'

    def _image(self, node: markup.Node, width: int) -> str:
        picture = self._pictures.get(node.attributes.get("src", ""))
        if picture is None:
            return escape(node.attributes.get("alt", ""), quote=False)
        shown = self._show(picture, width)
        # One that is as wide as the column takes the width of a small screen.
        name = "wide" if shown.width > CELL else "half"
        return (
            f'<img class="{name}" src="{escape(shown.source)}" width="{shown.width}" height="{shown.height}" '
            f'alt="{escape(node.attributes.get("alt", ""))}" border="0">'
        )

    def _link(self, node: markup.Node, width: int) -> str:
        inner = self._all(node.children, width)
        address = node.attributes.get("href", "")
        if "footnote-ref" in classes(node) or not address:
            # Several items have footnotes of these numbers: their names would lead to another item's.
            return inner
        return f'<a href="{escape(address)}">{inner}</a>'

    def _figure(self, node: markup.Node, width: int) -> str:
        if "gallery" in classes(node):
            return self._gallery(node, width)
        shown = [part for part in node.children if not isinstance(part, markup.Node) or part.tag != "figcaption"]
        caption = [part for part in node.elements() if part.tag == "figcaption"]
        inner = self._all(shown, width).strip()
        name = "captioned" if caption else "picture"
        return (f'<p class="{name}">{inner}</p>' if inner else "") + self._all(caption, width)

    def _gallery(self, node: markup.Node, width: int) -> str:
        """Return pictures two by two; a table of Word's has no cell of a width that is not said."""
        cell = min(CELL, max(_LEAST, (width - _GAP) // 2))
        figures = [part for part in node.elements() if part.tag == "figure"]
        caption = [part for part in node.elements() if part.tag == "figcaption"]
        rows = "".join(
            f'<tr><td class="cell" width="{cell}" valign="top">{self._figure(left, cell)}</td>'
            f'<td class="gap" width="{_GAP}">&nbsp;</td>'
            f'<td class="cell" width="{cell}" valign="top">'
            f"{self._figure(right[0], cell) if right else '&nbsp;'}</td></tr>"
            for left, *right in (figures[at : at + 2] for at in range(0, len(figures), 2))
        )
        table = f'<table role="presentation" class="gallery" width="{2 * cell + _GAP}" {_PLAIN}>{rows}</table>'
        return table + self._all(caption, width)

    def _table(self, node: markup.Node, width: int) -> str:
        caption = [part for part in node.elements() if part.tag == "caption"]
        rows = [row for row in node.walk() if row.tag == "tr"]
        written = "".join(f"<tr>{''.join(self._cell(cell, width) for cell in row.elements())}</tr>" for row in rows)
        return f'{self._all(caption, width)}<table class="data" width="{width}" {_DATA}>{written}</table>'

    def _cell(self, cell: markup.Node, width: int) -> str:
        told = ((name, cell.attributes.get(name, "")) for name in ("colspan", "rowspan"))
        spans = "".join(f' {name}="{value}"' for name, value in told if _is_number(value))
        align = next((side for side in ("right", "center") if side in classes(cell)), "left")
        tag = "th" if cell.tag == "th" else "td"
        return f'<{tag}{spans} align="{align}" valign="top">{self._all(cell.children, max(_LEAST, width // 3))}</{tag}>'


_PLAIN = 'border="0" cellpadding="0" cellspacing="0"'
_DATA = 'border="1" cellpadding="6" cellspacing="0"'


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_flat(node: markup.Node) -> bool:
    """Tell whether an element holds words alone, no blocks."""
    return not any(part.tag in _BLOCKS for part in node.walk() if part is not node)

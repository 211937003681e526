"""HTML of any origin -> a tree of the tags that the desk may look at.

nh3 reads it as browsers do, closes what is open, and takes out scripts, styles, comments, handlers and whatever else is
not listed here. So the small parser behind it sees only tags that are in order.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import nh3

_INLINE = "a abbr b bdi big br cite code del dfn em font i img ins kbd label mark q s samp small span strike strong sub"
_INLINE += " sup time tt u var wbr"
_BLOCKS = "address article aside blockquote body caption center col colgroup dd details div dl dt figcaption figure"
_BLOCKS += " footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead"
_BLOCKS += " tr ul"
_HIDDEN = "applet audio canvas head iframe math noembed noframes noscript object script select style svg template"
_HIDDEN += " textarea title video xml"
INLINE = frozenset(_INLINE.split())
_KNOWN = INLINE | frozenset(_BLOCKS.split())
_DEEPEST = 60
"""Levels of elements in each other; nothing that anybody writes has more, and functions that call themselves end."""
_VOID = frozenset({"br", "col", "hr", "img", "wbr"})

_ATTRIBUTES = {
    "*": {"align", "aria-level", "class", "data-note", "id", "lang", "role", "style", "title"},
    "a": {"href"},
    "details": {"open"},
    "img": {"alt", "src"},
    "li": {"data-aria-level", "value"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
# Of a pasted picture its address says whether there is one to be had at all: it is never shown from there.
_SCHEMES = {"http", "https", "mailto", "tel", "file", "data", "blob", "cid"}


class Node:
    """An element, or the root, whose tag is empty."""

    def __init__(self, tag: str, attributes: dict[str, str] | None = None) -> None:
        self.tag = tag
        self.attributes = attributes or {}
        self.children: list[Node | str] = []

    def become(self, tag: str, **attributes: str) -> None:
        self.tag, self.attributes = tag, attributes

    def elements(self) -> list[Node]:
        return [child for child in self.children if isinstance(child, Node)]

    def walk(self) -> Iterator[Node]:
        """Yield this element and all in it, in order."""
        yield self
        for child in self.elements():
            yield from child.walk()

    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def style(self, name: str) -> str:
        """Return a property of the element's own style, in small letters; empty if it has none."""
        for declaration in html.unescape(self.attributes.get("style", "")).split(";"):
            key, _, value = declaration.partition(":")
            if key.strip().lower() == name:
                return value.strip().lower()
        return ""


def parse(text: str) -> Node:
    """Return the root of what HTML holds."""
    reader = _Reader()
    reader.feed(_cleaner().clean(text))
    reader.close()
    return reader.root


def tree(sanitised: str) -> Node:
    """Return the root of HTML that the sanitiser has written, with every tag and attribute of it."""
    reader = _Reader()
    reader.feed(sanitised)
    reader.close()
    return reader.root


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        if len(self._open) > _DEEPEST and tag not in _VOID:
            self._open.append(self._open[-1])  # its words count, the tag does not
            return
        self._open[-1].children.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_KNOWN),
        clean_content_tags=set(_HIDDEN.split()),
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )

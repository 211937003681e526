"""An item as a mail tells it: a short text whole, of a long one the beginning; as a tree, for forms to be made of."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from bulletin.editions.edition import EditionItem
from bulletin.editions.tree import nodes, pictures
from bulletin.images import Picture
from bulletin.richtext import markup

SHORT = 200
"""Syllables of a text that is told whole: less than a minute's reading."""
BEGINNING = 100
"""Syllables at least that are told of a longer one; the paragraph in which they end is told to its end."""
LONGEST_PARAGRAPH = 220
"""Syllables of a paragraph that is cut within: nobody else would end it."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_NO_WORDS = frozenset({"toc", "footnote-backref"})


class Story(Struct, frozen=True, kw_only=True):
    """An item with its number in the mail (from 1), the picture at its head if it has one, and the tree of its text.

    `pictures` are those of the tree by their addresses.
    """

    number: int
    item: EditionItem
    head: Picture | None
    root: markup.Node
    is_whole: bool
    pictures: dict[str, Picture]


def story(number: int, item: EditionItem, address: Callable[[str], str]) -> Story:
    """Return an item as a mail tells it; `address` writes the absolute address of a url."""
    root = nodes(item, address)
    _drop(root)
    is_whole = _syllables(root) <= SHORT
    if not is_whole:
        _cut(root)
    known = pictures(item, address)
    shown = {node.attributes.get("src", "") for node in root.walk() if node.tag == "img"}
    head = item.image if item.image and address(item.image.url) not in shown else None
    in_text = {source: picture for source, picture in known.items() if source in shown}
    return Story(number=number, item=item, head=head, root=root, is_whole=is_whole, pictures=in_text)


def classes(node: markup.Node) -> frozenset[str]:
    return frozenset(node.attributes.get("class", "").split())


def _drop(node: markup.Node) -> None:
    """Take out what leads nowhere in a mail: tables of contents, ways back from footnotes."""
    node.children = [one for one in node.children if not isinstance(one, markup.Node) or not classes(one) & _NO_WORDS]
    for child in node.elements():
        _drop(child)


def _cut(root: markup.Node) -> None:
    """Leave the beginning of a text: whole blocks, none of them a heading that has nothing below it."""
    kept: list[markup.Node | str] = []
    told = 0
    for block in root.children:
        if told >= BEGINNING or (isinstance(block, markup.Node) and "footnote" in classes(block)):
            break
        length = _syllables(block)
        if told + length > LONGEST_PARAGRAPH and told:
            break
        kept.append(block if length <= LONGEST_PARAGRAPH else _first_words(block))
        told += length
    while kept and (isinstance(kept[-1], str) or kept[-1].tag in _HEADINGS):
        kept.pop()
    root.children = kept
    _drop_marks(root)


def _first_words(block: markup.Node | str) -> markup.Node:
    words = _text(block).split()
    paragraph = markup.Node("p")
    paragraph.children = [" ".join(words[:BEGINNING]) + "…"]
    return paragraph


def _drop_marks(node: markup.Node) -> None:
    """Take out the marks of footnotes, which stand at the end of the text that is not told."""
    node.children = [one for one in node.children if not isinstance(one, markup.Node) or not _is_mark(one)]
    for child in node.elements():
        _drop_marks(child)


def _is_mark(node: markup.Node) -> bool:
    return node.tag == "sup" and any("footnote-ref" in classes(child) for child in node.elements())


def _syllables(part: markup.Node | str) -> int:
    return len(_text(part).split())


def _text(part: markup.Node | str) -> str:
    return part if isinstance(part, str) else part.text()

"""The text of an item as HTML that can be read anywhere, and as the tree from which forms are written."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from bulletin.editions.edition import EditionItem
from bulletin.images import Picture
from bulletin.items.markdown import close_links
from bulletin.richtext import markup

Address = Callable[[str], str]
"""Returns the absolute address of a url of the site."""


def closed(item: EditionItem, address: Address) -> str:
    """Return the HTML of an item, every link with its absolute address, and of every picture that of its JPEG."""

    def link(number: int) -> str:
        found = item.links[number]
        # The link of a gallery leads to the picture at its largest.
        url = found.url if isinstance(found, Picture) else found
        return address(url) if url.startswith("/") else url

    def picture(number: int, attributes: str) -> str:
        shown = item.links[number]
        assert isinstance(shown, Picture)
        source = escape(address(shown.url))
        return f'<img src="{source}"{attributes} width="{shown.width}" height="{shown.height}">'

    return close_links(item.html, link, picture)


def nodes(item: EditionItem, address: Address) -> markup.Node:
    """Return the root of the tree of an item's HTML, closed."""
    return markup.tree(closed(item, address))


def pictures(item: EditionItem, address: Address) -> dict[str, Picture]:
    """Return the pictures in an item's text, by the addresses that they have in its tree."""
    return {address(link.url): link for link in item.links if isinstance(link, Picture)}

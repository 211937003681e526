"""Links between items: who links to one, taking such links out, and the items that a link may lead to. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote, unquote

from bulletin.desk import listing
from bulletin.desk.exchange import Linkable
from bulletin.model import CONTENT, Compiled
from bulletin.pages import links

_LINK = re.compile(r"(?<!!)\[(?P<words>[^\[\]]*)\]\((?P<address>[^()\s]+)(?:\s+\"[^\"]*\")?\)")


def linking_to(path: str, sources: Mapping[str, Compiled]) -> Iterator[str]:
    """Yield the paths of the items that link to one."""
    for source, compiled in sources.items():
        item = compiled.article or compiled.unfinished
        if item and source != path and path in links.wanted_files(item, (".md",)):
            yield source


def without_links(source: str, text: str, path: str) -> str:
    """Return the text of the item `source` without its links to another item; their words stay."""
    folder = posixpath.dirname(source)

    def words(link: re.Match[str]) -> str:
        address = unquote(link["address"].partition("#")[0])
        start = CONTENT if address.startswith("/") else folder
        return link["words"] if posixpath.normpath(f"{start}/{address}") == path else link[0]

    return _LINK.sub(words, text)


def linkable(path: str, folder: str, sources: Mapping[str, Compiled]) -> Linkable:
    """Return an item with its link from an item in this folder."""
    compiled = sources.get(path)
    article = compiled.article if compiled else None
    return Linkable(
        title=article.card.title if article else path,
        link=quote(posixpath.relpath(path, folder)),
        address=listing.address_of(path),
    )

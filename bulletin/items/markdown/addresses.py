"""Where the address of a link or a picture ends, where Python-Markdown itself would lose the words behind it.

A quotation mark in an address may begin a title, in which brackets do not count. If none ends there, Python-Markdown
counts brackets after all, but takes an opening one for a closing one: the link then ends before it begins, and is read
again until the text is gone.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import IMAGE_LINK_RE, LINK_RE, ImageInlineProcessor, LinkInlineProcessor
from markdown.util import INLINE_PLACEHOLDER_RE

_BRACKET = re.compile("[()]")
_QUOTED = re.compile("[\"']")
Found = tuple[str, str | None, int, bool]


class Addresses(Extension):
    """Reads the addresses of links and pictures."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        md.inlinePatterns.register(_Link(LINK_RE, md), "link", 160)
        md.inlinePatterns.register(_Picture(IMAGE_LINK_RE, md), "image_link", 150)


class _Link(LinkInlineProcessor):
    def getLink(self, data: str, index: int) -> Found:  # noqa: N802 - Python-Markdown's name
        return _mended(self, data, index, super().getLink(data, index))


class _Picture(ImageInlineProcessor):
    def getLink(self, data: str, index: int) -> Found:  # noqa: N802 - Python-Markdown's name
        return _mended(self, data, index, super().getLink(data, index))


def _mended(pattern: LinkInlineProcessor, data: str, start: int, found: Found) -> Found:
    """Return what was found behind the words of a link; with its brackets counted if no title ends in it."""
    address, title, end, is_closed = found
    opening = pattern.RE_LINK.match(data, start)
    if opening is None:
        return found
    is_in_brackets = opening[1] is not None
    if (
        title is None
        and not is_in_brackets
        and not (is_closed and start < end and not _QUOTED.search(data, start, end))
    ):
        end = _closing(data, start)
        address = pattern.unescape(data[start + 1 : end - 1]).strip()
        is_closed = end > start
    # What a link within an address leads to would be lost.
    return address, title, end, is_closed and not _holds_a_link(pattern, data[start:end])


def _closing(data: str, start: int) -> int:
    """Return where the bracket that opens at `start` has been closed; `start` if it never is."""
    depth = 0
    for bracket in _BRACKET.finditer(data, start):
        depth += 1 if bracket[0] == "(" else -1
        if depth == 0:
            return bracket.end()
    return start


def _holds_a_link(pattern: LinkInlineProcessor, text: str) -> bool:
    stashed = pattern.md.treeprocessors["inline"].stashed_nodes  # type: ignore[attr-defined]  # the stubs lack it
    nodes = (stashed.get(name) for name in INLINE_PLACEHOLDER_RE.findall(text))
    return any(isinstance(node, Element) and node.tag in {"a", "img"} for node in nodes)

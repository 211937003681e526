"""Python-Markdown with the same output in about half the time, through its public extension API.

News text is mostly plain: paragraphs without a sign of Markdown in them. Python-Markdown still tries every block
processor on each block and every inline pattern on each text. A property test compares the output with and without.
"""

from __future__ import annotations

import html
import re
from functools import cache
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.extensions.toc import TocTreeprocessor, remove_fnrefs, render_inner_html, strip_tags, unique
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

# Every sign that can begin an inline pattern, two blanks at the end of a line, and the mark of stashed text (STX).
_INLINE = re.compile("[\\\\`\\[<&*_@\x02]|~~|://|www[.]|  \n")
# A line that begins with a letter begins no list, heading, quotation, table, definition, reference or code.
_PLAIN_LINES = re.compile(r"[^\W\d_].*(?>(?:\n[^\W\d_].*)*)")
_ABBREVIATION = "*["
_TABLE_OF_CONTENTS = "[TOC]"


# Processors and patterns that cannot change a text in which none of their signs occurs. Escapes, entities and tables
# are not among them: reading a text as it was typed makes new ones.
_SIGNS_OF = {
    "abbr": (_ABBREVIATION,),
    "attr_list": ("{",),
    "autolink": ("<",),
    "automail": ("<",),
    "backtick": ("`",),
    "count-attributes": ("{",),
    "footnote": ("[^",),
    "html": ("<",),
    "html_block": ("<", "&"),
    "image_link": ("![",),
    "image_reference": ("![",),
    "link": ("[",),
    "reference": ("[",),
    "short_image_ref": ("![",),
    "short_reference": ("[",),
}
_SIGNS = frozenset(sign for signs in _SIGNS_OF.values() for sign in signs)


def absent_signs(text: str) -> frozenset[str]:
    """Return the signs of Markdown that do not occur in a text."""
    return frozenset(sign for sign in _SIGNS if sign not in text)


class Shortcuts(Extension):
    """Takes plain text past the steps that cannot change it, and removes those that only absent signs would need."""

    def __init__(self, absent: frozenset[str]) -> None:
        super().__init__()
        self._unneeded = [name for name, signs in _SIGNS_OF.items() if absent.issuperset(signs)]

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        md.parser.blockprocessors.register(_PlainParagraph(md.parser), "plain-paragraph", 1000)
        md.treeprocessors.register(_PlainText(md), "plain-text", 1000)
        # Called a hundred times for each text, with only ten different tags.
        md.is_block_level = cache(md.is_block_level)  # type: ignore[method-assign]
        for registry in (md.preprocessors, md.inlinePatterns, md.treeprocessors, md.parser.blockprocessors):
            for name in self._unneeded:
                registry.deregister(name, strict=False)


class _PlainParagraph(BlockProcessor):
    """Makes a paragraph of a block whose lines all begin with a letter."""

    def test(self, parent: Element, block: str) -> bool:
        del parent
        # Within a list a paragraph may belong to the item before it.
        return not self.parser.state.isstate("list") and _PLAIN_LINES.fullmatch(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        SubElement(parent, "p").text = blocks.pop(0)


class _PlainText(Treeprocessor):
    """Marks text without any sign of inline Markdown as atomic, so that no pattern is tried on it."""

    def run(self, root: Element) -> None:
        # Abbreviations are not replaced in atomic text: a text that may define some is left unmarked.
        if any(_ABBREVIATION in line for line in _lines(self.md)):
            return
        for element in root.iter():
            if element.text and not _INLINE.search(element.text):
                element.text = AtomicString(element.text)


class HeadingIds(TocTreeprocessor):
    """Gives headings their ids; a table of contents is made only for a text that asks for one."""

    def run(self, doc: Element) -> None:
        is_requested = any(_TABLE_OF_CONTENTS in line for line in _lines(self.md))
        if is_requested or any("data-toc-label" in element.attrib for element in doc.iter()):
            super().run(doc)
            return
        used = {element.attrib["id"] for element in doc.iter() if "id" in element.attrib}
        # Without counters, unique() would count from one again for each of a thousand equal headings.
        counters: dict[str, int] = {}
        for heading in doc.iter():
            if self.header_rgx.match(heading.tag) and "id" not in heading.attrib:
                name = _plain_text(heading) or html.unescape(
                    strip_tags(render_inner_html(remove_fnrefs(heading), self.md))
                )
                name = unique(self.slugify(name, self.sep), used, counters)  # type: ignore[call-arg]  # the stubs are older
                heading.set("id", name)


def _plain_text(heading: Element) -> str:
    """Return the text of a heading that is only plain text; empty for any other, whose text is known once rendered."""
    is_plain = len(heading) == 0 and isinstance(heading.text, AtomicString) and not _INLINE.search(heading.text)
    return heading.text or "" if is_plain else ""


def _lines(md: Markdown) -> list[str]:
    lines: list[str] = md.lines  # type: ignore[attr-defined]  # the stubs lack it
    return lines

"""Python-Markdown with the same output in about half the time, through its public extension API.

News text is mostly plain: paragraphs without a sign of Markdown in them. Python-Markdown still tries every block
processor on each block and every inline pattern on each text. A property test holds the output against that without.
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

# Every sign with which an inline pattern begins, two blanks at a line's end, and the mark of what was stashed.
_INLINE = re.compile("[\\\\`\\[<&*_\x02]|  \n")
# Lines that begin with a letter begin no list, heading, quotation, table, definition, reference or code.
_PLAIN_LINES = re.compile(r"[^\W\d_].*(?:\n[^\W\d_].*)*+")
_ABBREVIATION = "*["
_TABLE_OF_CONTENTS = "[TOC]"


# What can do nothing to a text in which none of its signs occurs.
_SIGNS_OF = {
    "abbr": (_ABBREVIATION,),
    "attr_list": ("{",),
    "autolink": ("<",),
    "automail": ("<",),
    "backtick": ("`",),
    "entity": ("&",),
    "escape": ("\\",),
    "footnote": ("[^",),
    "html": ("<",),
    "html_block": ("<", "&"),
    "image_link": ("![",),
    "image_reference": ("![",),
    "link": ("[",),
    "reference": ("[",),
    "short_image_ref": ("![",),
    "short_reference": ("[",),
    "table": ("|",),
    "unescape": ("\\",),
}
_SIGNS = frozenset(sign for signs in _SIGNS_OF.values() for sign in signs)


def absent_signs(text: str) -> frozenset[str]:
    """Return the signs of Markdown that a text does without."""
    return frozenset(sign for sign in _SIGNS if sign not in text)


class Shortcuts(Extension):
    """Takes plain text past all that cannot concern it, and leaves out what only absent signs would need."""

    def __init__(self, absent: frozenset[str]) -> None:
        super().__init__()
        self._needless = [name for name, signs in _SIGNS_OF.items() if absent.issuperset(signs)]

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        md.parser.blockprocessors.register(_PlainParagraph(md.parser), "plain-paragraph", 1000)
        md.treeprocessors.register(_PlainText(md), "plain-text", 1000)
        # Asked a hundred times for each text, of ten tags.
        md.is_block_level = cache(md.is_block_level)  # type: ignore[method-assign]
        for registry in (md.preprocessors, md.inlinePatterns, md.treeprocessors, md.parser.blockprocessors):
            for name in self._needless:
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
    """Marks text without any sign of inline Markdown, so that no pattern is tried on it."""

    def run(self, root: Element) -> None:
        # Abbreviations are looked for in every text that is not marked.
        if any(_ABBREVIATION in line for line in _lines(self.md)):
            return
        for element in root.iter():
            if element.text and not _INLINE.search(element.text):
                element.text = AtomicString(element.text)


class HeadingIds(TocTreeprocessor):
    """Gives headings their ids; a table of contents is made only for a text that asks for one."""

    def run(self, doc: Element) -> None:
        asked_for = any(_TABLE_OF_CONTENTS in line for line in _lines(self.md))
        if asked_for or any("data-toc-label" in element.attrib for element in doc.iter()):
            super().run(doc)
            return
        used = {element.attrib["id"] for element in doc.iter() if "id" in element.attrib}
        # Without them each of a thousand equal headings would be counted from one on.
        counters: dict[str, int] = {}
        for heading in doc.iter():
            if self.header_rgx.match(heading.tag) and "id" not in heading.attrib:
                name = _plain_text(heading) or html.unescape(
                    strip_tags(render_inner_html(remove_fnrefs(heading), self.md))
                )
                name = unique(self.slugify(name, self.sep), used, counters)  # type: ignore[call-arg]  # its stubs are older
                heading.set("id", name)


def _plain_text(heading: Element) -> str:
    """Return the text of a heading that holds nothing else; empty for any other, which must be rendered to be read."""
    is_plain = len(heading) == 0 and isinstance(heading.text, AtomicString) and not _INLINE.search(heading.text)
    return heading.text or "" if is_plain else ""


def _lines(md: Markdown) -> list[str]:
    lines: list[str] = md.lines  # type: ignore[attr-defined]  # its stubs do not know it
    return lines

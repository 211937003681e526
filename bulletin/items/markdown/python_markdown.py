"""The Markdown that items are written in: Python-Markdown with these extensions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension, TocTreeprocessor
from markdown.treeprocessors import Treeprocessor

from bulletin.items.markdown.extensions import AsTyped
from bulletin.items.markdown.fast_path import BACKLINK_TITLE
from bulletin.items.markdown.shortcuts import HeadingIds, Shortcuts, absent_signs
from bulletin.items.markdown.signs import Remark
from bulletin.settings import LineBreaks
from bulletin.vietnamese import slug


def html_of(text: str, line_breaks: LineBreaks) -> tuple[str, list[Remark]]:
    """Return the HTML of a text and what is to be said of it; raise RecursionError if it is nested too deeply."""
    converter, as_typed = _converter(line_breaks, absent_signs(text))
    try:
        return converter.reset().convert(text), as_typed.remarks.all
    except RecursionError:
        # The converter stopped half-way, and what it has stored about this text would spoil the next.
        _converter.cache_clear()
        raise


@cache
def _converter(line_breaks: LineBreaks, absent: frozenset[str]) -> tuple[Markdown, AsTyped]:
    as_typed = AsTyped(line_breaks)
    return _markdown(as_typed, Shortcuts(absent)), as_typed


def markdown(line_breaks: LineBreaks = "auto", *, quick: bool, absent: frozenset[str] = frozenset()) -> Markdown:
    """Return a converter. `quick` does not change the output for a text in which the `absent` signs do not occur."""
    return _markdown(AsTyped(line_breaks), Shortcuts(absent) if quick else None)


def _markdown(as_typed: AsTyped, shortcuts: Shortcuts | None) -> Markdown:
    return Markdown(
        extensions=[
            "abbr",
            "attr_list",
            "def_list",
            "fenced_code",
            # No text holds the sign for the place of the footnotes: they stand at its end.
            FootnoteExtension(BACKLINK_TITLE=BACKLINK_TITLE, PLACE_MARKER="\x1a"),
            TableExtension(use_align_attribute=True),
            _Toc(HeadingIds if shortcuts else TocTreeprocessor),
            _Alignment(),
            as_typed,
            *([shortcuts] if shortcuts else []),
        ],
        output_format="html",
    )


class _Toc(TocExtension):
    """A table of contents on request, and ids from our own slugs: Python-Markdown turns «Đà Nẵng» into `a-nang`."""

    def __init__(self, processor: type[TocTreeprocessor]) -> None:
        self.TreeProcessorClass = processor
        super().__init__(slugify=lambda title, _: slug(title) or "muc")


class _Alignment(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        md.treeprocessors.register(_AlignmentAsClass(md), "alignment", 0)


class _AlignmentAsClass(Treeprocessor):
    """Writes a table's alignment as a class: the pages' Content-Security-Policy blocks style attributes."""

    def run(self, root: Element) -> None:
        for cell in _cells(root):
            if alignment := cell.attrib.pop("align", ""):
                cell.set("class", f"{cell.get('class', '')} {alignment}".strip())


def _cells(root: Element) -> Iterator[Element]:
    yield from root.iter("th")
    yield from root.iter("td")

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

from bulletin.items.markdown.addresses import Addresses
from bulletin.items.markdown.counted import Counted
from bulletin.items.markdown.extensions import AsTyped
from bulletin.items.markdown.fast_path import BACKLINK_TITLE
from bulletin.items.markdown.shortcuts import HeadingIds, Shortcuts, absent_signs
from bulletin.items.markdown.signs import Remark
from bulletin.items.markdown.work import TooMuchWork, Work
from bulletin.settings import LineBreaks
from bulletin.vietnamese import slug


def html_of(text: str, line_breaks: LineBreaks, work: Work | None = None) -> tuple[str, list[Remark]]:
    """Return the HTML of a text and what is to be said of it.

    Raise RecursionError if it is nested too deeply, TooMuchWork if it takes more steps than `work` has left.
    """
    converter, as_typed, counted = _converter(line_breaks, absent_signs(text))
    converter.reset()
    counted.work = work or counted.work
    try:
        return converter.convert(text), as_typed.remarks.all
    except (RecursionError, TooMuchWork):
        # The converter stopped half-way, and what it has stored about this text would spoil the next.
        _converter.cache_clear()
        raise


@cache
def _converter(line_breaks: LineBreaks, absent: frozenset[str]) -> tuple[Markdown, AsTyped, Counted]:
    counted = Counted()
    as_typed = AsTyped(line_breaks, counted)
    return _markdown(as_typed, counted, Shortcuts(absent)), as_typed, counted


def markdown(line_breaks: LineBreaks = "auto", *, quick: bool, absent: frozenset[str] = frozenset()) -> Markdown:
    """Return a converter. `quick` does not change the output for a text in which the `absent` signs do not occur."""
    counted = Counted()
    return _markdown(AsTyped(line_breaks, counted), counted, Shortcuts(absent) if quick else None)


def _markdown(as_typed: AsTyped, counted: Counted, shortcuts: Shortcuts | None) -> Markdown:
    return Markdown(
        extensions=[
            "abbr",
            "attr_list",
            "def_list",
            "fenced_code",
            # No text holds this sign for the place of the footnotes: they stand at its end. `pieces` has its own.
            _Footnotes(BACKLINK_TITLE=BACKLINK_TITLE, PLACE_MARKER="\x1a\x1a"),
            TableExtension(use_align_attribute=True),
            _Toc(HeadingIds if shortcuts else TocTreeprocessor),
            _Alignment(),
            Addresses(),
            as_typed,
            counted,
            *([shortcuts] if shortcuts else []),
        ],
        output_format="html",
    )


class _Footnotes(FootnoteExtension):
    """Numbers the references to a footnote one after another: counted from one each time, 2,000 would take seconds."""

    def unique_ref(self, reference: str, found: bool = False) -> str:  # noqa: FBT001, FBT002 - Python-Markdown's own
        if not found:
            return reference
        number = self.found_refs[reference] = self.found_refs.get(reference, 0) + 1
        return reference if number == 1 else reference.replace("fnref", f"fnref{number}", 1)


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

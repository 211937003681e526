"""What Python-Markdown is told of text as people type it: one extension, through its public API."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.fenced_code import FencedBlockPreprocessor
from markdown.extensions.sane_lists import SaneOListProcessor, SaneUListProcessor
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from bulletin.items.markdown.counted import Counted
from bulletin.items.markdown.definitions import used_definitions
from bulletin.items.markdown.emphasis import Emphasis
from bulletin.items.markdown.signs import Remarks
from bulletin.items.markdown.typed import Blocks
from bulletin.items.markdown.typed_tables import with_tables
from bulletin.settings import LineBreaks

_NUMBER = re.compile(r"^ {0,3}([0-9]+)\. ", re.MULTILINE)
# The name before an @ is looked for once in «a%b+c»: from each of its signs, a long one would take for ever.
_BARE = (
    r"(?<![\w@/.:-])(?:((?:https?://|www\.(?=\w))[^\s<>\"“”«»\x02\x03]+)"
    r"|(?<![%+])[%+]*([A-Za-z0-9][A-Za-z0-9._%+-]*+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?![\w@])))"
)
_STRUCK = r"(?<!~)~~(?![\s~])"
_STRUCK_END = re.compile(r"(?<![\s~])~~(?!~)")
_BEHIND = ".,;:!?…'*_~]})"
_OPENING = {")": "(", "]": "[", "}": "{"}
_CONTAINER = re.compile(r"</?(?:div|details)(?:\s(?:[^\"'<>]|\"[^\"]*\"|'[^']*')*)?>", re.IGNORECASE)
# Other programs read Markdown within a tag only if it has this attribute: here it says nothing.
_MARKDOWN_ATTRIBUTE = re.compile(r"\smarkdown(?:=(?:[\"']?)(?:1|block|span)[\"']?)?(?=[\s>])", re.IGNORECASE)
_CONTAINERS = re.compile(
    rf"^ {{0,3}}(?:{_CONTAINER.pattern}[ ]*)+|</(?:div|details)>[ ]*$", re.IGNORECASE | re.MULTILINE
)


class AsTyped(Extension):
    """Reads texts as people mean them; `remarks` are those on the text that was converted last."""

    def __init__(self, line_breaks: LineBreaks, counted: Counted) -> None:
        super().__init__()
        self._line_breaks = line_breaks
        self.counted = counted
        self.remarks = Remarks()

    def reset(self) -> None:
        self.remarks = Remarks()

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        md.registerExtension(self)
        # Before tabs become blanks; after code, before HTML; after both.
        md.preprocessors.register(_Cells(md), "cells", 35)
        md.preprocessors.register(_Fences(md, self), "fenced_code_block", 25)
        md.preprocessors.register(_Containers(md), "containers", 22)
        md.preprocessors.register(_Typed(md, self, self._line_breaks), "typed", 15)
        md.parser.blockprocessors.register(_Numbered(md.parser), "olist", 40)
        md.parser.blockprocessors.register(SaneUListProcessor(md.parser), "ulist", 30)
        md.inlinePatterns.register(Emphasis(md), "em_strong", 60)
        # Below links, addresses in angle brackets and HTML, above entities and emphasis.
        md.inlinePatterns.register(_BareAddress(_BARE, md), "bare-address", 85)
        md.inlinePatterns.register(_Struck(_STRUCK, md), "struck", 45)
        md.treeprocessors.register(_Finish(md), "typed", 5)


class _Cells(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return with_tables(lines) if any("\t" in line for line in lines) else lines


class _Fences(FencedBlockPreprocessor):
    """Keeps what is typed behind a fence as text: made a number, as programs that colour code want it, it fails."""

    def __init__(self, md: Markdown, extension: AsTyped) -> None:
        super().__init__(md, {"lang_prefix": "language-"})
        self._extension = extension

    def handle_attrs(self, attrs: Iterable[tuple[str, str | None]]) -> tuple[str, list[str], dict[str, str]]:
        """Return the id, the classes and all other attributes, which sanitising takes out and tells of."""
        pairs = [(name, value or name) for name, value in attrs]
        classes = [value for name, value in pairs if name == "."]
        others = {name: value for name, value in pairs if name not in {"id", "."}}
        if others.pop("use_pygments", ""):
            self._extension.remarks.remark("attribute-dropped", "use_pygments")
        return dict(pairs).get("id", ""), classes, others


class _Containers(Preprocessor):
    """Puts the tags of `<div>` and `<details>` out of the way, so that what stands between them is read as Markdown."""

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        return _CONTAINERS.sub(self._stored, text).split("\n") if "<" in text else lines

    def _stored(self, tags: re.Match[str]) -> str:
        bare = (_MARKDOWN_ATTRIBUTE.sub("", tag) for tag in _CONTAINER.findall(tags[0]))
        return "\n\n" + "\n\n".join(map(self.md.htmlStash.store, bare)) + "\n\n"


class _Typed(Preprocessor):
    def __init__(self, md: Markdown, extension: AsTyped, line_breaks: LineBreaks) -> None:
        super().__init__(md)
        self._extension = extension
        self._line_breaks = line_breaks

    def run(self, lines: list[str]) -> list[str]:
        remarks = self._extension.remarks
        used = used_definitions(lines, remarks)
        return Blocks(used, self._line_breaks, remarks, self._extension.counted.work).rewritten(lines)


class _Numbered(SaneOListProcessor):
    """Keeps the number with which each item was typed, for `_Finish`."""

    LAZY_OL = True  # the number that a list begins with is kept like all others

    def run(self, parent: Element, blocks: list[str]) -> None:
        numbers = _NUMBER.findall(blocks[0])
        super().run(parent, blocks)
        last = self.lastChild(parent)
        items = list(parent if last is None or last.tag != "ol" else last)
        for item, number in zip(items[-len(numbers) :], numbers, strict=False):
            item.set("value", str(int(number)))


class _BareAddress(InlineProcessor):
    """Makes a link of an address that stands in the text, without the full stop, bracket or comma behind it."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown's name; its stubs are narrower
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        del data
        group = m.lastindex or 0
        address = _trimmed(m[group])
        if address in {"http://", "https://", "www"}:
            return None, None, None
        link = Element("a")
        before = "https://" if address.startswith("www.") else "" if "://" in address else "mailto:"
        link.set("href", before + address)
        link.text = AtomicString(address)
        return link, m.start(group), m.start(group) + len(address)


class _Struck(InlineProcessor):
    """Strikes out what stands between `~~` and `~~`."""

    def __init__(self, pattern: str, md: Markdown) -> None:
        super().__init__(pattern, md)
        self._open_from: tuple[str, int] = ("", 0)

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown's name; its stubs are narrower
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        # Behind a sign that nothing closes no other one is closed: looked for from each, the end would take for ever.
        text, start = self._open_from
        end = None if m.end() > start and data is text else _STRUCK_END.search(data, m.end() + 1)
        if end is None:
            self._open_from = data, m.start()
            return None, None, None
        struck = Element("del")
        struck.text = data[m.end() : end.start()]
        return struck, m.start(), end.end()


def _trimmed(address: str) -> str:
    """Return an address without what follows it in the sentence; a bracket that it opened itself is its own."""
    while address and address[-1] in _BEHIND:
        opening = _OPENING.get(address[-1])
        if opening and address.count(opening) >= address.count(address[-1]):
            break
        address = address[:-1]
    return address


class _Finish(Treeprocessor):
    """Gives lists the numbers they were typed with; drops the head of a table that has no words."""

    def run(self, root: Element) -> None:
        for numbered in root.iter("ol"):
            _number(numbered)
        for table in root.iter("table"):
            head = table.find("thead")
            if head is not None and not any("".join(cell.itertext()).strip() or len(cell) for cell in head.iter("th")):
                table.remove(head)


def _number(numbered: Element) -> None:
    """Write only numbers that a browser would not count itself; a list of nothing but «1.» is counted, as ever."""
    numbers = [int(item.attrib.pop("value")) for item in numbered if "value" in item.attrib]
    if not numbers or len(numbers) != len(numbered):
        return
    if numbers[0] != 1:
        numbered.set("start", str(numbers[0]))
    if len(set(numbers)) == 1:
        return
    for item, (before, number) in zip(list(numbered)[1:], pairwise(numbers), strict=True):
        if number != before + 1:
            item.set("value", str(number))

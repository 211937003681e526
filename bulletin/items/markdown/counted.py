"""Python-Markdown with its work counted, through its public API, wherever that can grow faster than the text.

Each figure is about the most nanoseconds that the thing named took one core, in the longest and oddest texts.
`python -m bench.shapes` compares what was counted with the time that it took.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.extensions.abbr import AbbrTreeprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from bulletin.items.markdown.work import Work

_ROUND = 20_000
"""A block, and what is made of it."""
_SIGN = 60
"""A character of a block, in which each kind of block is looked for."""
_LINE = 150
"""A line of a block, which may be the row of a table."""
_QUEUED = 5
"""A block that waits behind another one, and is moved along with all others."""
_COPIED = 1
"""Characters that are copied in a nanosecond, of texts that no cache holds."""
_MATCH = 15_000
"""A match of an inline pattern, and what is made of it."""
_LOOKED_AT = 100
"""A character that is looked at one by one: for the partner of a bracket or of a tick."""
_SEARCHED = 10
"""A character of a text that is searched once more for each sign that may begin something."""
_SIBLING = 15
"""An element that is passed on the way to another one with the same parent."""

_ELEMENT = 12_000
"""An element, whose text every pattern is tried on, and the HTML that is written of it."""
_HEADING = 60_000
"""A heading, whose words are written once more for its id."""
_ENTRY = 8_000
"""An element of a table of contents, each time that it is shown."""

_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_FENCE = re.compile(r"^(?P<sign>~{3,}|`{3,})[ ]*+(?P<words>.*)", re.MULTILINE)
_QUOTE_AT_END = re.compile("[\"'] *$", re.MULTILINE)
_TICKS = re.compile("`+")
_LISTED = re.compile(" {0,3}(?:[-*+]|[0-9]+[.]) ")
_BLANKS = re.compile(" {32,}")


class Counted(Extension):
    """Counts the work of each text; to be registered behind all other extensions. `work` is that of the next text."""

    def __init__(self) -> None:
        super().__init__()
        self.work = Work()

    def reset(self) -> None:
        self.work = Work()

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        md.registerExtension(self)
        md.preprocessors.register(_Ticks(md, self), "count-ticks", 26)
        md.parser.blockprocessors.register(_Rounds(md.parser, self), "count-rounds", 2000)
        # Before inline patterns are tried, and before attributes are read.
        md.treeprocessors.register(_Elements(md, self), "count-elements", 21)
        md.treeprocessors.register(_Attributes(md, self), "count-attributes", 9)
        md.treeprocessors.register(_Abbreviations(md, self), "abbr", 7)
        _count_contents(md.treeprocessors["toc"], self)
        for pattern in md.inlinePatterns:
            _count_matches(pattern, self)


class _Ticks(Preprocessor):
    """Counts code: from each sign that none closes, all the text behind it is searched; each fence is cut out."""

    def __init__(self, md: Markdown, counted: Counted) -> None:
        super().__init__(md)
        self._counted = counted

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        # One that is closed is found soon, so only the last of each length is looked for in vain; by three patterns.
        self._counted.work.spend(3 * _SEARCHED * len(set(_TICKS.findall(text))) * len(text), "`")
        fences = list(_FENCE.finditer(text))
        last = {fence["sign"]: fence.start() for fence in fences if not fence["words"]}
        # A quotation mark at the end of a line may end the list of lines to be marked, and the code begin below it.
        ends = len(_QUOTE_AT_END.findall(text)) if any("hl_lines" in fence["words"] for fence in fences) else 0
        for fence in fences:
            is_closed = last.get(fence["sign"], -1) > fence.start()
            searched = (len(text) - fence.start()) * (ends + (not is_closed))
            self._counted.work.spend(_SEARCHED * searched + len(text) // _COPIED, fence[0])
        return lines


class _Rounds(BlockProcessor):
    """Counts the rounds of the block parser: in each, a block is looked at, and its beginning taken off."""

    def __init__(self, parser: Any, counted: Counted) -> None:
        super().__init__(parser)
        self._counted = counted

    def test(self, parent: Element, block: str) -> bool:
        del parent, block
        return True

    def run(self, parent: Element, blocks: list[str]) -> bool:
        del parent
        block = blocks[0]
        lines = block.count("\n")
        self._counted.work.spend(_ROUND + _SIGN * len(block) + _LINE * lines + _QUEUED * len(blocks), block)
        if lines and _LISTED.match(block):
            # An item is copied for each line that is added to it.
            self._counted.work.spend(lines * len(block) // _COPIED // 8, block)
        if lines and "`" in block:
            self._counted.work.spend(_SIBLING * _pairs(block), block)
        return False  # it is for other processors to take the block


def _pairs(block: str) -> int:
    """Return how often rows are looked through: for the partner of each tick, and for code around each bar."""
    head, rule, *rows = block.split("\n")
    counts = ((row.count("`"), row.count("|")) for row in (head, *(() if rule.strip("|:- ") else rows)))
    return sum(ticks * (ticks + bars) for ticks, bars in counts)


def _count_matches(pattern: Any, counted: Counted) -> None:
    """Have a pattern count its matches and what it looks at; for each match all the text is copied."""
    handle = pattern.handleMatch

    def handle_match(match: re.Match[str], data: str) -> Any:
        counted.work.spend(_MATCH + len(data) // _COPIED, data)
        found = handle(match, data)
        if isinstance(found[0], Element):
            counted.work.spend(_SIBLING * sum(len(element) ** 2 for element in found[0].iter()), data)
        return found

    pattern.handleMatch = handle_match
    for name, looked_at in _LOOKS.items():
        if hasattr(pattern, name):
            setattr(pattern, name, _counting(getattr(pattern, name), looked_at, counted))


def _counting(method: Callable[[Any, Any], Any], looked_at: Callable[[Any, Any, Any], int], counted: Counted) -> Any:
    def count(first: Any, second: Any) -> Any:
        found = method(first, second)
        counted.work.spend(_LOOKED_AT * looked_at(first, second, found), first if isinstance(first, str) else second)
        return found

    return count


def _in_ticks(start: int, text: str, found: tuple[int, int | None]) -> int:
    return (len(text) if found[1] is None else found[1]) - start


def _in_brackets(_data: str, index: int, found: tuple[str, int, bool]) -> int:
    return found[1] - index


def _in_address(data: str, index: int, found: tuple[str, str | None, int, bool]) -> int:
    if not data.startswith("(", index):
        return 0
    *_, end, is_closed = found
    # A quotation mark begins a title, which may end anywhere: the end of the link is looked for in all the text.
    is_titled = not is_closed or any(sign in data[index:end] for sign in "'\"")
    return (len(data) if is_titled else end) - index


_LOOKS: dict[str, Callable[[Any, Any, Any], int]] = {
    "find_code_spans": _in_ticks,
    "getText": _in_brackets,
    "getLink": _in_address,
}
"""The methods of patterns that look at one character after another, with the number of characters that they did."""


class _Elements(Treeprocessor):
    """Counts elements: cells of tables, items of lists."""

    def __init__(self, md: Markdown, counted: Counted) -> None:
        super().__init__(md)
        self._counted = counted

    def run(self, root: Element) -> None:
        tags = Counter(element.tag for element in root.iter())
        headings = sum(tags[tag] for tag in _HEADINGS)
        self._counted.work.spend(_ELEMENT * tags.total() + _HEADING * headings, next(root.itertext(), ""))


class _Attributes(Treeprocessor):
    """Counts lists of attributes: from each brace, and each blank before one, a line is read to its end."""

    def __init__(self, md: Markdown, counted: Counted) -> None:
        super().__init__(md)
        self._counted = counted

    def run(self, root: Element) -> None:
        for element in root.iter():
            for text in (element.text, element.tail):
                if text and "{" in text:
                    blanks = sum(len(run) ** 2 for run in _BLANKS.findall(text))
                    self._counted.work.spend(_SEARCHED * (text.count("{") * len(text) + blanks), text)


def _count_contents(toc: Any, counted: Counted) -> None:
    """Have a table of contents counted: it is put at each of its markers, which are looked for among all elements."""
    replace = toc.replace_marker

    def replace_marker(root: Element, contents: Element) -> None:
        elements = list(root.iter())
        markers = sum(1 for element in elements if element.text and element.text.strip() == toc.marker)
        for_each = _ENTRY * sum(1 for _ in contents.iter()) + _SIBLING * len(elements)
        counted.work.spend(markers * for_each, toc.marker)
        replace(root, contents)

    toc.replace_marker = replace_marker


class _Abbreviations(AbbrTreeprocessor):
    """Counts abbreviations: at each word all are tried, and for each one found the text before it is copied."""

    def __init__(self, md: Markdown, counted: Counted) -> None:
        defined = md.treeprocessors["abbr"]
        assert isinstance(defined, AbbrTreeprocessor)
        super().__init__(md, defined.abbrs)
        self._counted = counted

    def iter_element(self, el: Element, parent: Element | None = None) -> None:
        assert self.RE is not None
        for text in (el.text, el.tail):
            if text:
                found = len(self.RE.findall(text))
                copied = found * len(text) // _COPIED
                self._counted.work.spend(_SEARCHED * len(self.abbrs) * len(text) + _MATCH * found + copied, text)
        if parent is not None and el.tail:
            self._counted.work.spend(_SIBLING * len(parent), el.tail)
        super().iter_element(el, parent)

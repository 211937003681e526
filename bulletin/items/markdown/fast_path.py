"""Markdown as news is mostly written, straight to the HTML that Python-Markdown makes of it, in a sixth of the time.

Paragraphs, headings, lists, quotations, tables, footnotes and rules, each in its plainest form, with bold, italic,
links and pictures. A text that holds anything else, or anything in doubt, is Python-Markdown's: it says what Markdown
is, and property tests hold this module to it, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import chain, count

from msgspec import Struct, field

from bulletin.vietnamese import slug

BACKLINK_TITLE = "Quay lại chú thích {} trong bài"

# Code, HTML, escapes, attribute lists, marks of what is stashed; code by indentation, a break at a line's end.
_UNUSUAL = ("\\", "`", "<", "{", "\t", "\x02", "\x03", "\n ", " \n")
_ENTITY = re.compile("&[#A-Za-z0-9]+;")
_BLANK_LINES = re.compile("\n{2,}")

# What begins no list, heading, quotation, table, definition, reference or code. «1.» begins a list.
_START = r'(?:[^\W\d_]|\*{1,2}[^\W\d_]|!?\[[^\W\d_]|["“«(]|\d++(?![.\d]))'
_LINES = re.compile(rf"{_START}.*+(?:\n{_START}.*+)*+")
_HEADING = re.compile(r"(#{1,6})(?!#) *([^#*\[\]_!&\n]+)")
_BULLETS = re.compile(rf"[-*+] +{_START}.*+(?:\n[-*+] +{_START}.*+)*+")
_NUMBERS = re.compile(rf"\d++\. +{_START}.*+(?:\n\d++\. +{_START}.*+)*+")
_MARKER = re.compile(r"^(?:[-*+]|\d++\.) +", re.MULTILINE)
_QUOTATION = re.compile(rf"> {_START}.*+(?:\n> {_START}.*+)*+")
_TABLE = re.compile(r"\|.*\|\n\|(?: *:?-+:? *\|)+(?:\n\|.*\|)+")
_NOTES = re.compile(rf"\[\^[0-9A-Za-z-]+\]: +{_START}.*+(?:\n\[\^[0-9A-Za-z-]+\]: +{_START}.*+)*+")
_NOTE = re.compile(r"\[\^([0-9A-Za-z-]+)\]: +(.*)")
_RULE = re.compile(r"-{3,}|\*{3,}")
_CELL_START = {"-": ">", ":-": ' class="left">', "-:": ' class="right">', ":-:": ' class="center">'}

_URL = "[A-Za-z0-9_/:.?=%#~+,;@&-]+"
_SIGN = re.compile(r"[*_\[\]]")
# Within a mark there is no other; beside it stands no letter, where Python-Markdown has rules of its own.
_WITHIN = r"[^\s*_\[\]](?:[^*_\[\]]*[^\s*_\[\]])?"
_MARK = re.compile(
    # What stands before is looked at last: what a mark begins with must come first, or every letter is tried.
    rf"\*\*(?<![\w*]\*\*)(?P<strong>{_WITHIN})\*\*(?![\w*])"
    rf"|\*(?<![\w*]\*)(?P<em>{_WITHIN})\*(?![\w*])"
    rf'|!\[(?P<alt>[^*_\[\]"\n]+)\]\((?P<source>{_URL})\)'
    rf"|\[(?P<words>[^\^*_\[\]][^*_\[\]]*)\]\((?P<address>{_URL})\)"
    r"|\[\^(?P<note>[0-9A-Za-z-]+)\]"
)


def html_of(text: str) -> str | None:
    """Return the HTML of a text; None if it holds anything that this module leaves to Python-Markdown."""
    if any(sign in text for sign in _UNUSUAL) or _ENTITY.search(text):
        return None
    try:
        return _Writer().html(_BLANK_LINES.split(text.strip("\n")))
    except _InDoubt:
        return None


class _InDoubt(Exception):  # noqa: N818 - nothing is wrong
    """Something that is Python-Markdown's to convert."""


class _Writer(Struct, kw_only=True):
    """What one text has held so far: ids of headings, footnotes in the order of their references and as defined."""

    ids: set[str] = field(default_factory=set)
    referred: list[str] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)

    def html(self, blocks: Sequence[str]) -> str:
        written: list[str] = []
        before = ""
        for block in blocks:
            kind, one = self._block(block)
            # Lists, and quotations, that follow each other are one to Python-Markdown.
            if kind == before and kind in {"list", "quotation"}:
                raise _InDoubt
            # Footnotes are taken out first: they part nothing.
            before = before if kind == "notes" else kind
            written.append(one)
        # It numbers them by their references and lists them as they are defined: alike only in one order.
        if self.referred != list(self.notes):
            raise _InDoubt
        if self.notes:
            written.append(self._footnotes())
        return "\n".join(one for one in written if one)

    def _block(self, block: str) -> tuple[str, str]:
        """Return a block's kind and HTML."""
        if _LINES.fullmatch(block):
            return "paragraph", f"<p>{self._inline(block, can_refer=True)}</p>"
        for kind, pattern, write in _KINDS:
            if found := pattern.fullmatch(block):
                return kind, write(self, found)
        raise _InDoubt

    def heading(self, found: re.Match[str]) -> str:
        level, words = len(found[1]), found[2].strip()
        return f'<h{level} id="{self.own_id(slug(words) or "muc")}">{_escaped(words)}</h{level}>'

    def own_id(self, name: str) -> str:
        """Return the name, with a number from the second on that has it."""
        numbered = (f"{name}_{number}" for number in count(1))
        own = next(one for one in chain((name,), numbered) if one not in self.ids)
        self.ids.add(own)
        return own

    def list(self, found: re.Match[str]) -> str:
        tag = "ol" if found[0][0].isdigit() else "ul"
        items = "\n".join(f"<li>{self._inline(line)}</li>" for line in _MARKER.sub("", found[0]).split("\n"))
        return f"<{tag}>\n{items}\n</{tag}>"

    def quotation(self, found: re.Match[str]) -> str:
        words = found[0].removeprefix("> ").replace("\n> ", "\n")
        return f"<blockquote>\n<p>{self._inline(words)}</p>\n</blockquote>"

    def rule(self, _found: re.Match[str]) -> str:
        return "<hr>"

    def table(self, found: re.Match[str]) -> str:
        head, rule, *rows = (line[1:-1].split("|") for line in found[0].split("\n"))
        starts = [_CELL_START[re.sub("[ -]+", "-", cell.strip())] for cell in rule]
        body = "\n".join(self._row(row, "td", starts) for row in rows)
        return f"<table>\n<thead>\n{self._row(head, 'th', starts)}\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>"

    def _row(self, cells: Sequence[str], tag: str, starts: Sequence[str]) -> str:
        if len(cells) != len(starts):
            raise _InDoubt
        written = "\n".join(
            f"<{tag}{start}{self._inline(cell.strip(' '))}</{tag}>" for cell, start in zip(cells, starts, strict=True)
        )
        return f"<tr>\n{written}\n</tr>"

    def define(self, found: re.Match[str]) -> str:
        for name, words in _NOTE.findall(found[0]):
            if name in self.notes:
                raise _InDoubt
            self.notes[name] = self._inline(words)
        return ""

    def _footnotes(self) -> str:
        items = "".join(
            f'<li id="fn:{name}">\n<p>{words}&#160;<a class="footnote-backref" href="#fnref:{name}"'
            f' title="{BACKLINK_TITLE.format(number)}">&#8617;</a></p>\n</li>\n'
            for number, (name, words) in enumerate(self.notes.items(), 1)
        )
        return f'<div class="footnote">\n<hr>\n<ol>\n{items}</ol>\n</div>'

    def _inline(self, text: str, *, can_refer: bool = False) -> str:
        """Return a line or more as HTML; only paragraphs are read in the order in which footnotes are numbered."""
        words = _escaped(text)
        if not _SIGN.search(words):
            return words
        if _SIGN.search(_MARK.sub("", words)):
            raise _InDoubt
        return _MARK.sub(lambda mark: self._mark(mark, can_refer=can_refer), words)

    def _mark(self, mark: re.Match[str], *, can_refer: bool) -> str:
        kind = mark.lastgroup
        if kind in {"strong", "em"}:
            return f"<{kind}>{mark[kind]}</{kind}>"
        if kind == "address":
            return f'<a href="{mark["address"]}">{mark["words"]}</a>'
        if kind == "source":
            return f'<img alt="{mark["alt"]}" src="{mark["source"]}">'
        name = mark["note"]
        if not can_refer or name in self.referred:
            raise _InDoubt
        self.referred.append(name)
        return f'<sup id="fnref:{name}"><a class="footnote-ref" href="#fn:{name}">{len(self.referred)}</a></sup>'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace(">", "&gt;") if "&" in text or ">" in text else text


_KINDS: tuple[tuple[str, re.Pattern[str], Callable[[_Writer, re.Match[str]], str]], ...] = (
    ("heading", _HEADING, _Writer.heading),
    ("list", _BULLETS, _Writer.list),
    ("quotation", _QUOTATION, _Writer.quotation),
    ("table", _TABLE, _Writer.table),
    ("list", _NUMBERS, _Writer.list),
    ("notes", _NOTES, _Writer.define),
    ("rule", _RULE, _Writer.rule),
)

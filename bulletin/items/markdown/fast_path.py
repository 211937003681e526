"""The Markdown of most news -> the HTML that Python-Markdown would make from it, in a sixth of the time.

It knows paragraphs, headings, lists, quotations, tables, footnotes and rules, each in its plainest form, with bold,
italic, links and pictures. A text with anything else, or anything doubtful, is left to Python-Markdown. That defines
what Markdown is: property tests compare both outputs byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec import Struct, field

from bulletin.items.markdown.line_ends import with_line_ends
from bulletin.settings import LineBreaks
from bulletin.vietnamese import slug

BACKLINK_TITLE = "Quay lại chú thích {} trong bài"

# Signs of escapes, code, HTML, attribute lists, stashed text (STX, ETX), indented code, breaks at the end of a line.
_UNUSUAL = ("\\", "`", "<", "{", "\t", "\x02", "\x03", "\n ", " \n")
_ENTITY = re.compile("&[#A-Za-z0-9]+;")
# Not "\n{2,}": what begins with the same two signs each time is found five times as fast.
_BLANK_LINES = re.compile("\n\n+")

# Signs that `_MARK` does not know, though they need no partner: struck words, addresses that stand in the text.
_STANDALONE = ("~~", "://", "www.", "@")
_TARGET = re.compile(r"\]\([^()\n]*\)")

# The start of a line that begins no list (as «1.» does), heading, quotation, table, definition, reference or code.
_START = r'(?:[^\W\d_]|\*{1,2}[^\W\d_]|!?\[[^\W\d_]|["“«(]|\d++(?![.\d]))'
_LINES = re.compile(rf"{_START}.*+(?>(?:\n{_START}.*+)*)")
_HEADING = re.compile(r"(#{1,6})(?!#)(?: +|(?<=##)(?=[^\W\d_]))([^#*\[\]_!&\n]+)")
_BULLETS = re.compile(rf"([-*+]) +{_START}.*+(?>(?:\n\1 +{_START}.*+)*)")
_NUMBERS = re.compile(rf"\d++\. +{_START}.*+(?>(?:\n\d++\. +{_START}.*+)*)")
_NUMBER = re.compile(r"^([0-9]+)\. ", re.MULTILINE)
_QUOTATION = re.compile(rf"> (?![0-9]){_START}.*+(?>(?:\n> {_START}.*+)*)")
_TABLE = re.compile(r"\|.*\|\n\|(?: *:?-+:? *\|)+(?:\n\|.*\|)+")
_NOTES = re.compile(rf"\[\^[0-9A-Za-z-]+\]: +{_START}.*+(?>(?:\n\[\^[0-9A-Za-z-]+\]: +{_START}.*+)*)")
_NOTE = re.compile(r"\[\^([0-9A-Za-z-]+)\]: +(.*)")
_RULE = re.compile(r"-{3,}|\*{3,}")
_CELL_START = {"-": ">", ":-": ' class="left">', "-:": ' class="right">', ":-:": ' class="center">'}

_URL = "[A-Za-z0-9_/:.?=%#~+,;@&-]+"
# A mark contains no other and is next to no letter, because Python-Markdown has rules of its own for both.
_WITHIN = r"[^\s*_\[\])](?:[^*_\[\]]*[^\s*_\[\]])?"
_TITLE = r"""[^\s*_\[\]()"'](?:[^*_\[\]()"'\n]*[^\s*_\[\]()"'])?"""
_MARK = re.compile(
    # The look-behind comes after the sign that begins a mark: if it came first, it would be tried at every letter.
    rf"\*\*(?<![\w*]\*\*)(?P<strong>{_WITHIN})\*\*(?![\w*])"
    rf"|\*(?<![\w*]\*)(?P<em>{_WITHIN})\*(?![\w*])"
    rf'|!\[(?P<alt>[^*_\[\]"\n]+)\]\((?P<source>{_URL})(?: "(?P<title>{_TITLE})")?\)'
    rf"|\[(?<!!\[)(?P<words>[^\^*_\[\]][^*_\[\]]*)\]\((?P<address>{_URL})\)"
    r"|\[\^(?P<note>[0-9A-Za-z-]+)\]"
)


def html_of(text: str, line_breaks: LineBreaks) -> str | None:
    """Return the HTML of a text; None if it contains anything that is left to Python-Markdown."""
    if any(sign in text for sign in _UNUSUAL) or text.endswith(" ") or _ENTITY.search(text):
        return None
    if _has_standalone(text):
        return None
    try:
        return _Writer(line_breaks=line_breaks).html(_BLANK_LINES.split(text.strip("\n")))
    except _Doubtful:
        return None


def _has_standalone(text: str) -> bool:
    """Say whether words are struck, or an address stands in the text itself."""
    if "~~" in text or "www." in text or "@" in text:
        return any(sign in _TARGET.sub("]", text) for sign in _STANDALONE)
    # Counting is quicker than looking at each: nearly all addresses are those of links.
    return "://" in text and text.count("://") != text.count("](https://") + text.count("](http://")


class _Doubtful(Exception):  # noqa: N818 - not an error
    """Raised for a text that is left to Python-Markdown."""


class _Writer(Struct, kw_only=True):
    """Writes the HTML of one text.

    `ids` are those of headings so far, `numbers` the last number that each of their names has got, `referred` the names
    of footnotes in the order of their references, `notes` the HTML of footnotes by name, in the order of definitions.
    """

    line_breaks: LineBreaks
    ids: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)
    referred: list[str] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)

    def html(self, blocks: Sequence[str]) -> str:
        parts: list[str] = []
        previous = ""
        for block in blocks:
            kind, part = self._block(block)
            # Python-Markdown joins a list to the list before it, and a quotation to the quotation before it.
            if kind == previous and kind in {"list", "quotation"}:
                raise _Doubtful
            # Python-Markdown removes the definitions of footnotes first, so they do not separate two lists.
            previous = previous if kind == "notes" else kind
            parts.append(part)
        # Python-Markdown numbers footnotes by their references but lists them by their definitions: orders must agree.
        if self.referred != list(self.notes):
            raise _Doubtful
        if self.notes:
            parts.append(self._footnotes())
        return "\n".join(part for part in parts if part)

    def _block(self, block: str) -> tuple[str, str]:
        """Return a block's kind and HTML."""
        if _LINES.fullmatch(block):
            return "paragraph", f"<p>{self._paragraph(block, can_refer=True)}</p>"
        for kind, pattern, write in _KINDS:
            if match := pattern.fullmatch(block):
                return kind, write(self, match)
        raise _Doubtful

    def heading(self, match: re.Match[str]) -> str:
        level, words = len(match[1]), match[2].strip()
        return f'<h{level} id="{self.unused_id(slug(words) or "muc")}">{_escaped(words)}</h{level}>'

    def unused_id(self, name: str) -> str:
        """Return the name as an id; from its second use on with a number."""
        unused = name
        while unused in self.ids:
            # Counted on: counted from one each time, a thousand equal headings would take as long as a million.
            self.numbers[name] = self.numbers.get(name, 0) + 1
            unused = f"{name}_{self.numbers[name]}"
        self.ids.add(unused)
        return unused

    def list(self, match: re.Match[str]) -> str:
        tag = "ol" if match[0][0].isdigit() else "ul"
        if tag == "ol" and [int(number) for number in _NUMBER.findall(match[0])] != list(
            range(1, match[0].count("\n") + 2)
        ):
            raise _Doubtful  # it does not count from one
        lines = (line.partition(" ")[2].lstrip(" ") for line in match[0].split("\n"))
        items = "\n".join(f"<li>{self._inline(line)}</li>" for line in lines)
        return f"<{tag}>\n{items}\n</{tag}>"

    def quotation(self, match: re.Match[str]) -> str:
        words = match[0].removeprefix("> ").replace("\n> ", "\n")
        return f"<blockquote>\n<p>{self._paragraph(words)}</p>\n</blockquote>"

    def rule(self, _match: re.Match[str]) -> str:
        return "<hr>"

    def table(self, match: re.Match[str]) -> str:
        head, rule, *rows = (line[1:-1].split("|") for line in match[0].split("\n"))
        if not any(map(str.strip, head)):
            raise _Doubtful
        starts = [_CELL_START[re.sub("[ -]+", "-", cell.strip())] for cell in rule]
        body = "\n".join(self._row(row, "td", starts) for row in rows)
        return f"<table>\n<thead>\n{self._row(head, 'th', starts)}\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>"

    def _row(self, cells: Sequence[str], tag: str, starts: Sequence[str]) -> str:
        if len(cells) != len(starts):
            raise _Doubtful
        cells_html = "\n".join(
            f"<{tag}{start}{self._inline(cell.strip(' '))}</{tag}>" for cell, start in zip(cells, starts, strict=True)
        )
        return f"<tr>\n{cells_html}\n</tr>"

    def define(self, match: re.Match[str]) -> str:
        for name, words in _NOTE.findall(match[0]):
            if name in self.notes:
                raise _Doubtful
            self.notes[name] = self._inline(words)
        return ""

    def _footnotes(self) -> str:
        items = "".join(
            f'<li id="fn:{name}">\n<p>{words}&#160;<a class="footnote-backref" href="#fnref:{name}"'
            f' title="{BACKLINK_TITLE.format(number)}">&#8617;</a></p>\n</li>\n'
            for number, (name, words) in enumerate(self.notes.items(), 1)
        )
        return f'<div class="footnote">\n<hr>\n<ol>\n{items}</ol>\n</div>'

    def _paragraph(self, text: str, *, can_refer: bool = False) -> str:
        if "\n" not in text:
            return self._inline(text, can_refer=can_refer)
        ended = "\n".join(with_line_ends(text.split("\n"), self.line_breaks))
        return self._inline(ended, can_refer=can_refer).replace("  \n", "<br>\n")

    def _inline(self, text: str, *, can_refer: bool = False) -> str:
        """Return lines as HTML; `can_refer` only in paragraphs: elsewhere footnotes are numbered in another order."""
        words = _escaped(text)
        if not _has_sign(words):
            return words
        if _has_sign(_MARK.sub("", words)):
            raise _Doubtful
        return _MARK.sub(lambda mark: self._mark(mark, can_refer=can_refer), words)

    def _mark(self, mark: re.Match[str], *, can_refer: bool) -> str:
        kind = mark.lastgroup
        if kind in {"strong", "em"}:
            return f"<{kind}>{mark[kind]}</{kind}>"
        if "\n" in mark[0]:
            raise _Doubtful  # a line end has no place in a link
        if kind == "address":
            return f'<a href="{mark["address"]}">{mark["words"]}</a>'
        if kind in {"source", "title"}:
            title = f' title="{mark["title"]}"' if mark["title"] else ""
            return f'<img alt="{mark["alt"]}" src="{mark["source"]}"{title}>'
        name = mark["note"]
        if not can_refer or name in self.referred:
            raise _Doubtful
        self.referred.append(name)
        return f'<sup id="fnref:{name}"><a class="footnote-ref" href="#fn:{name}">{len(self.referred)}</a></sup>'


def _has_sign(text: str) -> bool:
    # Four looks for one sign take a fifth of the time that an expression takes for all of them.
    return "*" in text or "[" in text or "_" in text or "]" in text


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

"""Text as people type it -> Markdown that says the same unmistakably: blocks apart, lists indented, signs escaped.

It sees a text without its code and raw HTML, of which Python-Markdown has left placeholders. What readers see of a
text is decided here and in `signs`; Python-Markdown reads the result by its own rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bulletin.items.markdown.definitions import FOOTNOTE
from bulletin.items.markdown.line_ends import with_line_ends
from bulletin.items.markdown.signs import Remarks, meant
from bulletin.items.markdown.typed_tables import is_table, table
from bulletin.items.markdown.work import Work
from bulletin.settings import LineBreaks

_MARKER = re.compile(
    r"(?P<indent> *)(?:(?P<sign>[-*+])(?= )|(?P<dot>[•·])(?=.)|(?P<number>\d{1,3})\.(?= )) *(?P<words>\S.*)"
)
_WHOLE_DATE = re.compile(r" *\d{1,2}\. ?\d{1,2}\. ?\d{4}(?!\d)")
_SIGNED_HEADING = re.compile(r"(#{2,6})[^\W\d_].*|#{1,6} +(?!#+ *$)\S.*")
_OPENING = re.compile("#+ *")
_RULE = re.compile(r"(?:(?:- {0,2}){3,}|(?:_ {0,2}){3,}|(?:\* {0,2}){3,})")
_UNDERLINE = re.compile(r"=+ *")
_QUOTED = re.compile(r">(?! *[0-9=])")
_TERM = re.compile(r": {1,3}(?P<words>\S.*)")
_PLACEHOLDER = re.compile("\x02wzxhzdk:[0-9]+\x03")
_TASK = re.compile(r"^\[([ xX])\] (?=\S)")
_BOXES = {" ": "☐ ", "x": "☑ ", "X": "☑ "}
_LINE_START = re.compile(r"[-+*=#>]|[0-9]+(?=\.(?: |$))|:(?= )|\|(?=[|: ]*$)")
_ENTITIES = {":": "&#58;", "=": "&#61;"}
_DEFINING = re.compile(r"\*?\[(?=[^\]\n]*\] ?:)")
# Python-Markdown looks beyond a bracket, and beyond the line, for the colon that makes it a definition.
_DEFINING_BEYOND = re.compile(r"^(?:\*\[[^\\]*?|\[[^\[\]]*|\[\^[^\]]*)\] ?:", re.MULTILINE)
_INDENT = "    "
_DEEPER = 2
"""Blanks from which a line stands deeper than a list: one more or less is a slip."""


class _Marker(NamedTuple):
    """What begins an item of a list: where, as a bullet, a `+` or a number, and the words behind it."""

    indent: int
    kind: str
    sign: str
    words: str


def _marker(line: str) -> _Marker | None:
    match = _MARKER.fullmatch(line)
    if match is None or _WHOLE_DATE.match(line) or _RULE.fullmatch(line.strip(" ")):
        return None
    indent, words = len(match["indent"]), match["words"]
    if match["number"]:
        return _Marker(indent, "number", f"{match['number']}. ", words)
    return _Marker(indent, "plus" if match["sign"] == "+" else "bullet", "- ", words)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


class Blocks:
    """Rewrites the lines of one text; `used` are those that define something for it, which no reader is shown."""

    def __init__(self, used: frozenset[str], line_breaks: LineBreaks, remarks: Remarks, work: Work) -> None:
        self._used = used
        self._line_breaks = line_breaks
        self._remarks = remarks
        # The lines that define each footnote so far.
        self._notes: dict[str, list[str]] = {}
        self._work = work
        # The footnotes within the one that is being rewritten; none within the text itself.
        self._inner_notes: list[str] | None = None

    def rewritten(self, lines: Sequence[str], *, in_item: bool = False) -> list[str]:
        """Return the lines of a text or, `in_item`, of an item of a list, in which one line below text is a list."""
        out: list[str] = []
        at = 0
        while at < len(lines):
            if not lines[at].strip(" "):
                out.append("")
                at += 1
                continue
            joins = self._joins(lines[at], out, in_item=in_item)
            block, at = self._block(lines, at, in_item=in_item)
            if out and out[-1] and not joins:
                out.append("")
            out += block
        return out

    def spans(self, lines: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield the first line, and the line behind the last one, of each block that stands by itself."""
        at = 0
        while at < len(lines):
            end = self._block(lines, at, in_item=False)[1] if lines[at].strip(" ") else at
            if end > at:
                yield at, end
            at = max(end, at + 1)

    def _joins(self, line: str, out: Sequence[str], *, in_item: bool) -> bool:
        """Say whether a block belongs to what is right above it; between other blocks Markdown needs a blank line."""
        return _TERM.match(line.strip(" ")) is not None or (
            # A list right below the text of its item.
            in_item and _marker(line) is not None and bool(out) and _marker(out[-1]) is None
        )

    def _block(self, lines: Sequence[str], at: int, *, in_item: bool) -> tuple[list[str], int]:
        """Return the block that begins at a line, rewritten, and the line behind it."""
        line = lines[at].strip(" ")
        if _marker(lines[at]):
            return self._list(lines, at)
        kind = self._kind(lines, at)
        if kind == "":
            return self._paragraph(lines, at, in_item=in_item)
        if kind == "line":
            return [line], at + 1
        if kind == "heading":
            return [self._heading(line)], at + 1
        return self._with_lines(kind, lines, at, in_item=in_item)

    def _with_lines(self, kind: str, lines: Sequence[str], at: int, *, in_item: bool) -> tuple[list[str], int]:
        line = lines[at].strip(" ")
        if kind == "quotation":
            return self._quotation(lines, at)
        if kind == "table":
            return table(lines, at, self._remarks, self._work)
        mark = _TERM.match(line) or FOOTNOTE.match(line)
        assert mark is not None
        body, end = self._container(lines, at, line[mark.start("words") :])
        if kind == "term":
            return _indented(":   ", self.rewritten(body)), end
        if not any(words.strip(" ") for words in body):
            return self._paragraph(lines, at, in_item=in_item)
        self._notes[mark[1]] = [line]
        return self._footnote(mark[1], body), end

    def _footnote(self, name: str, body: Sequence[str]) -> list[str]:
        """Return a footnote and, behind it, those that were typed in it: Markdown would show these nowhere."""
        before, self._inner_notes = self._inner_notes, []
        words = self.rewritten(body)
        inner, self._inner_notes = self._inner_notes, before
        if any(words):
            note = _indented(f"[^{name}]: ", words)
        else:
            del self._notes[name]
            note = [self._text([f"[^{name}]:"])]
        if before is None:
            return [*note, *inner]
        before += ["", *note, *inner]
        return []

    def _kind(self, lines: Sequence[str], at: int) -> str:
        """Return what begins at a line, whatever stands above it; empty for text, and for a list."""
        line = lines[at].strip(" ")
        if _PLACEHOLDER.fullmatch(line) or _RULE.fullmatch(line) or line in self._used:
            return "line"
        kinds = (
            ("heading", _SIGNED_HEADING.fullmatch(line)),
            ("quotation", _QUOTED.match(line)),
            ("footnote", (note := FOOTNOTE.match(line)) and note[1] not in self._notes),
            ("term", _TERM.match(line)),
            ("table", is_table(lines, at)),
        )
        return next((kind for kind, begins in kinds if begins), "")

    def _begins(self, lines: Sequence[str], at: int, *, in_item: bool) -> bool:
        """Say whether a line below text begins a block of its own."""
        if not lines[at].strip(" ") or self._kind(lines, at):
            return True
        return _marker(lines[at]) is not None and (in_item or self._goes_on(lines, at))

    def _goes_on(self, lines: Sequence[str], at: int) -> bool:
        """Say whether a list goes on below its first line: a single «- 5 độ» within a text begins none."""
        first = _indent(lines[at])
        for number in range(at + 1, len(lines)):
            line = lines[number]
            if _marker(line):
                return True
            if not line.strip(" ") or _indent(line) < first + _DEEPER:
                return False
        return False

    def _paragraph(self, lines: Sequence[str], at: int, *, in_item: bool) -> tuple[list[str], int]:
        end = at + 1
        while end < len(lines) and not self._begins(lines, end, in_item=in_item):
            end += 1
            if _UNDERLINE.fullmatch(lines[end - 1].strip(" ")) and end == at + 2:
                return [self._text([lines[at]]), lines[end - 1].strip(" ")], end
        block = lines[at:end]
        if end < len(lines) and _TERM.match(lines[end].strip(" ")):
            # The terms of a list of definitions, each on its line.
            return self._shown(line.strip(" ") for line in block).split("\n"), end
        return self._text(block).split("\n"), end

    def _text(self, lines: Sequence[str]) -> str:
        return self._shown(with_line_ends(lines, self._line_breaks))

    def _shown(self, lines: Iterable[str]) -> str:
        text = _DEFINING_BEYOND.sub(_without_colon, "\n".join(map(self._started, lines)))
        return meant(text, self._remarks)

    def _started(self, line: str) -> str:
        """Return a line of text, with an escape where its first sign would begin something."""
        if (note := FOOTNOTE.match(line)) and (earlier := self._notes.get(note[1])):
            # The first one counts.
            found = sum(line in other for other in earlier)
            self._remarks.refuse("footnote-twice", f"[^{note[1]}]", typed=line.rstrip(" "), earlier=found)
            earlier.append(line)
        if defining := _DEFINING.match(line):
            # Markdown would also take the address from the line below.
            return defining[0].replace("*", "\\*").replace("[", "\\[", 1) + line[defining.end() :]
        match = _LINE_START.match(line)
        if match is None or (match[0] == "*" and not line.startswith("* ")):
            return line
        sign, rest = match[0], line[match.end() :]
        if sign.isdigit():
            return f"{sign}\\{rest}"
        return _ENTITIES.get(sign, "\\" + sign) + rest

    def _heading(self, line: str) -> str:
        opening = _OPENING.match(line)
        assert opening is not None
        title, attributes = _without_attributes(line[opening.end() :])
        words = title.rstrip("#")
        # «## Ngôn ngữ C#»: only signs behind a blank close a heading.
        kept = "" if words.endswith(" ") else "\\#" * (len(title) - len(words))
        return meant(f"{opening[0]}{words.rstrip()}{kept}{attributes}", self._remarks, swallows_at_end=True)

    def _quotation(self, lines: Sequence[str], at: int) -> tuple[list[str], int]:
        end = at
        while end < len(lines) and (
            lines[end].strip(" ").startswith(">") or (end > at and not self._begins(lines, end, in_item=True))
        ):
            end += 1
        inner = [re.sub("^ *> ?", "", line) for line in lines[at:end]]
        return [f"> {line}".rstrip() if not line else f"> {line}" for line in self.rewritten(inner)], end

    def _container(self, lines: Sequence[str], at: int, words: str) -> tuple[list[str], int]:
        """Return what is in a footnote or a definition: its words, the lines below them, what is indented by four."""
        body, end, is_apart = [words], at + 1, False
        while end < len(lines):
            line = lines[end]
            if not line.strip(" "):
                is_apart = True
            elif line.startswith(_INDENT):
                line = line.removeprefix(_INDENT)
                is_apart = False
            elif is_apart or self._begins(lines, end, in_item=False) or _is_term(lines, end):
                break
            body.append(line)
            end += 1
        while not body[-1].strip(" ") and len(body) > 1:
            body.pop()
            end -= 1
        return body, end

    def _list(self, lines: Sequence[str], at: int) -> tuple[list[str], int]:
        """Return a list and all that is in it, each level indented by four."""
        first = _marker(lines[at])
        assert first is not None
        items: list[tuple[str, list[str]]] = []
        end = at
        while end < len(lines):
            line = lines[end]
            marker = _marker(line)
            if not line.strip(" "):
                # All blank lines at once: looked for again from each, what stands below would take for ever.
                below = next((number for number in range(end, len(lines)) if lines[number].strip(" ")), len(lines))
                if not self._belongs(lines[below : below + 1], first):
                    break
                items[-1][1].extend([""] * (below - end))
                end = below
                continue
            if marker and abs(marker.indent - first.indent) <= 1 and marker.kind == first.kind:
                items.append((marker.sign, [marker.words]))
            elif marker and marker.kind == "plus" and marker.indent >= first.indent:
                # The second level of offices: «+» stands below «-», indented or not.
                items[-1][1].append(_INDENT + line)
            elif _indent(line) >= first.indent + _DEEPER:
                items[-1][1].append(line[first.indent :])
            elif marker or not lines[end - 1].strip(" ") or self._begins(lines, end, in_item=True):
                break
            else:
                items[-1][1].append(line.strip(" "))
            end += 1
        out: list[str] = []
        before: list[str] = []
        for sign, body in items:
            # An item of several blocks would swallow the mark of the next one.
            if "" in before and before[-1]:
                out.append("")
            before = _indented(sign, self._item(body))
            out += before
        return out, end

    def _belongs(self, below: Sequence[str], first: _Marker) -> bool:
        """Say whether the line below blank ones, if there is one, belongs to the list before them."""
        if not below:
            return False
        marker = _marker(below[0])
        if marker and abs(marker.indent - first.indent) <= 1:
            return marker.kind in {first.kind, "plus"}
        return _indent(below[0]) >= first.indent + _DEEPER

    def _item(self, body: list[str]) -> list[str]:
        words = _TASK.sub(lambda task: _BOXES[task[1]], body[0], count=1)
        deep = min((_indent(line) for line in body[1:] if _indent(line) >= _DEEPER), default=0)
        return self.rewritten(
            [words, *(line[deep:] if _indent(line) >= deep else line for line in body[1:])], in_item=True
        )


def _is_term(lines: Sequence[str], at: int) -> bool:
    """Say whether a line is a term, because its definition stands below: it goes on with no definition above it."""
    return any(_TERM.match(line.strip(" ")) for line in lines[at + 1 : at + 2])


def _without_colon(defining: re.Match[str]) -> str:
    return defining[0][:-1] + _ENTITIES[":"]


def _without_attributes(title: str) -> tuple[str, str]:
    """Return a heading's words and the list of attributes at their end, with the blanks before it."""
    brace = title.rfind("{")
    if brace < 1 or title[brace - 1] != " " or title.find("}", brace) != len(title) - 1:
        return title, ""
    words = title[:brace].rstrip(" ")
    return words, title[len(words) :]


def _indented(mark: str, body: Sequence[str]) -> list[str]:
    """Return a block behind the mark that begins it; its first paragraph goes on at the margin."""
    out = [mark + (body[0] if body else "")]
    is_first = True
    for line in body[1:]:
        is_first = is_first and line != "" and _marker(line) is None
        out.append(line if is_first or not line else _INDENT + line)
    return out

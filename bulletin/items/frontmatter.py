"""The header of an item: text -> nodes that know their lines. Every scalar stays text: YAML is not asked for types.

python-frontmatter says where the header is. The YAML is read event by event, because the ready loaders guess (`2.000`
becomes 2.0), let the last of two equal keys win, drop tags in silence and forget the lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

import yaml
from frontmatter.default_handlers import YAMLHandler
from msgspec import Struct

from bulletin.items.decoding import FORBIDDEN
from bulletin.model import Source
from bulletin.problems import Problem, problem
from bulletin.vietnamese import clean

# The C parser is 20 times as fast; a PyYAML without it reads the same, but for tabs after a colon, which it refuses.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_HANDLER = YAMLHandler()
_MISSING = frozenset({"", "~", "null"})
_MAX_DEPTH = 4
MAX_HEADER = 32_000
"""Characters: room for three hundred deals; each line that is wrong costs a suggestion of what is right."""
_QUOTED_STYLES = frozenset("'\"|>")
_SPECIAL = tuple("-?:,[]{}#&*!|>%@`")
_SMART_DASHES = re.compile(r"\s*-*[—–−][—–−-]*[ \t]*(?:\n|$)")
_COMMENT = re.compile(r"\s+#|#")


class Scalar(Struct, frozen=True, kw_only=True):
    """A cleaned text (no invisible characters, single blanks); `cut` if YAML cut a comment off its end."""

    text: str
    line: int
    cut: bool


class Listing(Struct, frozen=True, kw_only=True):
    """A list of nodes."""

    items: tuple[Node, ...]
    line: int


class Entry(Struct, frozen=True, kw_only=True):
    """A key with its value; the value is None where nothing, `~` or `null` is written."""

    key: str
    line: int
    value: Node | None
    cut: bool


class Mapping(Struct, frozen=True, kw_only=True):
    """Keys and values as written: keys in lower case, neither unique nor known yet.

    `unread` are the keys whose lines are no YAML: a problem was reported, and they are not missing besides.
    """

    entries: tuple[Entry, ...]
    line: int
    unread: frozenset[str] = frozenset()


Node: TypeAlias = Scalar | Listing | Mapping


class Document(Struct, frozen=True, kw_only=True):
    """An item's header and body; `body_line` is the line of the file on which the body begins."""

    header: Mapping
    body: str
    body_line: int


class _Unreadable(Exception):  # noqa: N818 - raised and caught here
    """Header text that is no YAML, or YAML that an item must not use."""

    def __init__(self, code: str, line: int, found: str) -> None:
        super().__init__(code, line, found)
        self.code = code
        self.line = line
        self.found = found


def parse(source: Source) -> tuple[Document | None, tuple[Problem, ...]]:
    """Return the document, None if it has no header that can be read, and every problem of the header's syntax."""
    if code := _boundary_fault(source.text):
        return None, (problem(source.path, 1, code),)
    header, body = _HANDLER.split(source.text)
    if len(header) > MAX_HEADER:
        return None, (problem(source.path, 1, "header-too-long", limit=str(MAX_HEADER)),)
    assert _HANDLER.FM_BOUNDARY is not None
    opening = _HANDLER.FM_BOUNDARY.match(source.text)
    assert opening is not None
    first_line = source.text.count("\n", 0, opening.end()) + 1
    mapping, problems = _read_all(source.path, header, first_line)
    body_line = source.text.count("\n", 0, len(source.text) - len(body)) + 1
    return Document(header=mapping, body=body, body_line=body_line), problems


def _boundary_fault(text: str) -> str:
    if not text.strip():
        return "file-empty"
    if not _HANDLER.detect(text):
        if _HANDLER.detect(text.lstrip()):
            return "header-not-first"
        return "header-smart-dash" if _SMART_DASHES.match(text) else "header-missing"
    try:
        _HANDLER.split(text)
    except ValueError:
        return "header-not-closed"
    return ""


def _read_all(path: str, header: str, first_line: int) -> tuple[Mapping, tuple[Problem, ...]]:
    try:
        return Mapping(entries=tuple(_read(header, first_line)), line=1), ()
    except _Unreadable:
        # One bad line makes YAML give up on all: read key by key, so that every bad one is named.
        entries: list[Entry] = []
        problems: list[Problem] = []
        unread: set[str] = set()
        for line, chunk in _chunks(header, first_line):
            try:
                entries += _read(chunk, line)
            except _Unreadable as fault:
                faults = _faults_of_lines(chunk, line) or [fault]
                problems += [problem(path, fault.line, fault.code, found=fault.found) for fault in faults]
                unread.add(clean(chunk.partition(":")[0]).lower())
        return Mapping(entries=tuple(entries), line=1, unread=frozenset(unread)), tuple(problems)


def _chunks(header: str, first_line: int) -> Iterator[tuple[int, str]]:
    """Yield each key with the lines that belong to it, and its line."""
    start, chunk = first_line, ""
    for number, line in enumerate(header.splitlines(keepends=True), first_line):
        if chunk.strip() and not line.startswith((" ", "\t", "\n", "-", "#", "]", "}")):
            yield start, chunk
            start, chunk = number, ""
        chunk += line
    if chunk.strip():
        yield start, chunk


def _faults_of_lines(chunk: str, first_line: int) -> list[_Unreadable]:
    """Return the lines of an unreadable entry that are wrong in themselves: of a list all, else the first."""
    lines = chunk.split("\n")
    faults: list[_Unreadable] = []
    for number, line in enumerate(lines, first_line):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            faults.append(_Unreadable("yaml-tab", number, line.strip()))
            continue
        try:
            list(_read(line.strip().removeprefix("- "), number))
        except _Unreadable as fault:
            # A text alone is right behind a dash, and nowhere else.
            if fault.code != "yaml-line" or not line.strip().startswith("- "):
                faults.append(fault)
    is_list = any(line.lstrip().startswith("- ") for line in lines)
    return faults if is_list else faults[:1]


def _read(text: str, first_line: int) -> Iterator[Entry]:
    """Yield the entries of a header's text; raise _Unreadable at the first thing that cannot be used."""
    lines = text.split("\n")
    reader = _Reader(lines, first_line, yaml.parse(text, Loader=_LOADER))
    try:
        node = reader.document()
    except yaml.YAMLError as fault:
        line = fault.problem_mark.line if isinstance(fault, yaml.MarkedYAMLError) and fault.problem_mark else 0
        raise _Unreadable(*_diagnosis(lines, line, first_line)) from fault
    if node is None:
        return
    if not isinstance(node, Mapping):
        raise _Unreadable(*_diagnosis(lines, node.line - first_line, first_line))
    yield from node.entries


def _diagnosis(lines: list[str], at: int, first_line: int) -> tuple[str, int, str]:
    """Return the code, the line and the words that tell an editor why YAML cannot read these lines."""
    start = next((i for i, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")), 0)
    at = max(0, min(at, len(lines) - 1))
    tabbed = next((i for i in (start, at) if "\t" in lines[i]), None)
    if tabbed is not None:
        return "yaml-tab", first_line + tabbed, lines[tabbed].strip()
    key, colon, rest = lines[start].partition(":")
    value = rest.strip()
    reasons = {
        "yaml-line": not colon or not key.strip(),
        "yaml-space": bool(rest) and not rest.startswith(" "),
        "yaml-quotes": value.startswith(("'", '"')),
        "yaml-special": value.startswith(_SPECIAL),
        "yaml-colon": ": " in value or value.endswith(":"),
    }
    code = next((code for code, is_so in reasons.items() if is_so), "")
    if code:
        return code, first_line + start, lines[start].strip()
    return "yaml-syntax", first_line + at, lines[at].strip() or lines[start].strip()


class _Reader:
    """Builds nodes from YAML events; refuses what an item must not use."""

    def __init__(self, lines: list[str], first_line: int, events: Iterator[yaml.Event]) -> None:
        self.lines = lines
        self.first_line = first_line
        self.events = events

    def document(self) -> Node | None:
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return None
        node = self.node(next(self.events), 0)
        next(self.events)
        extra = next(self.events)
        if not isinstance(extra, yaml.StreamEndEvent):
            raise _Unreadable("yaml-syntax", self.line(extra), self.raw(extra))
        return node

    def node(self, event: yaml.Event, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise _Unreadable("yaml-special", self.line(event), self.raw(event))
        if depth > _MAX_DEPTH:
            raise _Unreadable("yaml-nested", self.line(event), self.raw(event))
        if isinstance(event, yaml.ScalarEvent):
            # A double-quoted text can spell out, as "\\x07", what no file may hold.
            if FORBIDDEN.search(event.value):
                raise _Unreadable("yaml-escape", self.line(event), self.raw(event))
            return Scalar(text=clean(event.value), line=self.line(event), cut=self.is_cut(event))
        if isinstance(event, yaml.SequenceStartEvent):
            items = tuple(self.node(item, depth + 1) for item in self.until(yaml.SequenceEndEvent))
            return Listing(items=items, line=self.line(event))
        entries = tuple(self.entry(key, depth + 1) for key in self.until(yaml.MappingEndEvent))
        return Mapping(entries=entries, line=self.line(event))

    def entry(self, event: yaml.Event, depth: int) -> Entry:
        key = self.node(event, depth)
        if not isinstance(key, Scalar):
            raise _Unreadable("yaml-syntax", self.line(event), self.raw(event))
        value = self.node(next(self.events), depth)
        missing = (
            value.text.lower() in _MISSING if isinstance(value, Scalar) else value == Listing(items=(), line=value.line)
        )
        cut = isinstance(value, Scalar) and value.cut
        return Entry(key=key.text.lower(), line=key.line, value=None if missing else value, cut=cut)

    def until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        while not isinstance(event := next(self.events), end):
            yield event

    def is_cut(self, event: yaml.ScalarEvent) -> bool:
        """Tell whether a comment follows on the line: «title: Tin #1» is «Tin» for YAML."""
        end = _mark(event.end_mark)
        rest = self.lines[end.line][end.column :] if end.line < len(self.lines) else ""
        return event.style not in _QUOTED_STYLES and bool(_COMMENT.match(rest))

    def line(self, event: yaml.Event) -> int:
        return self.first_line + int(_mark(event.start_mark).line)

    def raw(self, event: yaml.Event) -> str:
        return self.lines[self.line(event) - self.first_line].strip()


def _mark(mark: Any) -> Any:
    assert mark is not None, "events of a text have marks"
    return mark

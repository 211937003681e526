"""The front matter of an item (its header): text -> nodes with line numbers. Every scalar stays text.

python-frontmatter finds the header. Its YAML is read event by event, because PyYAML's loaders guess types (`2.000`
becomes 2.0), let the last of two equal keys win, drop tags silently and forget line numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, TypeAlias

import yaml
from frontmatter.default_handlers import YAMLHandler
from msgspec import Struct

from bulletin.characters import FORBIDDEN
from bulletin.model import Source
from bulletin.problems import CURLY_QUOTES, Problem, named_signs, problem
from bulletin.vietnamese import clean

# The C parser is 20 times as fast. Without it PyYAML reads the same, but refuses tabs after a colon.
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_HANDLER = YAMLHandler()
_MISSING = frozenset({"", "~", "null"})
_MAX_DEPTH = 4
MAX_HEADER = 32_000
"""Maximum characters, enough for three hundred deals. Each wrong line takes the time of a suggestion."""
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
    """A key with its value; the value is None if it is empty, `~`, `null` or `[]`."""

    key: str
    line: int
    value: Node | None
    cut: bool


class Mapping(Struct, frozen=True, kw_only=True):
    """Keys and values as written. Keys are in lower case, but may be unknown or occur twice.

    `unread` holds the keys whose lines are not YAML: that was reported, so they must not be reported as missing.
    """

    entries: tuple[Entry, ...]
    line: int
    unread: frozenset[str] = frozenset()


Node: TypeAlias = Scalar | Listing | Mapping


class Document(Struct, frozen=True, kw_only=True):
    """The header and the body of an item; lines are those of the file: where the body begins, where the header ends."""

    header: Mapping
    body: str
    body_line: int
    end_line: int


class _Unreadable(Exception):  # noqa: N818 - raised and caught here
    """Raised for a header that is not YAML, or uses YAML that items must not use."""

    def __init__(self, code: str, line: int, found: str) -> None:
        super().__init__(code, line, found)
        self.code = code
        self.line = line
        self.words: dict[str, str] = {}
        self.words.update(found=found, odd=named_signs(sign for sign in found if sign in CURLY_QUOTES))


def parse(source: Source) -> tuple[Document | None, tuple[Problem, ...]]:
    """Return the document (None if it has no readable header) and every problem in the header's syntax."""
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
    closing = _HANDLER.FM_BOUNDARY.search(source.text, opening.end())
    assert closing is not None
    end_line = source.text.count("\n", 0, closing.start()) + 1
    return Document(header=mapping, body=body, body_line=body_line, end_line=end_line), problems


def is_missing(text: str) -> bool:
    """Tell whether a key with this text has no value, in quotation marks or not."""
    return text.lower() in _MISSING


def keys_in_body(document: Document, known: Collection[str]) -> tuple[str, ...]:
    """Return the known keys with which the body begins, line by line, if the header has none of them.

    They stand there if a line of --- was typed, or left, before the header's end.
    """
    header = {entry.key for entry in document.header.entries} | document.header.unread
    keys: list[str] = []
    for line in document.body.lstrip().split("\n"):
        name, colon, _ = line.partition(":")
        # Most bodies begin with a paragraph, which takes as long to clean as all of the header.
        if colon and line[:1].strip() and (key := clean(name).lower()) in known and key not in header:
            keys.append(key)
        elif not line.startswith((" ", "-")) or _HANDLER.detect(line):
            break
    return tuple(keys)


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
        # YAML gives up at the first bad line. Read key by key, so that every bad line is reported.
        entries: list[Entry] = []
        problems: list[Problem] = []
        unread: set[str] = set()
        for line, chunk in _chunks(header, first_line):
            try:
                entries += _read(chunk, line)
            except _Unreadable as fault:
                faults = _faults_of_lines(chunk, line) or [fault]
                problems += [problem(path, fault.line, fault.code, **fault.words) for fault in faults]
                unread.add(clean(chunk.partition(":")[0]).lower())
        return Mapping(entries=tuple(entries), line=1, unread=frozenset(unread)), tuple(problems)


def _chunks(header: str, first_line: int) -> Iterator[tuple[int, str]]:
    """Yield, for each key, its line number and the text of all its lines."""
    start, chunk = first_line, ""
    for number, line in enumerate(header.splitlines(keepends=True), first_line):
        if chunk.strip() and not line.startswith((" ", "\t", "\n", "-", "#", "]", "}")):
            yield start, chunk
            start, chunk = number, ""
        chunk += line
    if chunk.strip():
        yield start, chunk


def _faults_of_lines(chunk: str, first_line: int) -> list[_Unreadable]:
    """Return the lines of an unreadable entry that are wrong when read alone: all in a list, else only the first."""
    lines = chunk.split("\n")
    faults: list[_Unreadable] = []
    for number, line in enumerate(lines, first_line):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            faults.append(_Unreadable("yaml-tab", number, line.strip()))
            continue
        try:
            list(_read(line.strip().removeprefix("- "), number))
        except _Unreadable as fault:
            # A text without a key is right after a dash, and nowhere else.
            if fault.code != "yaml-line" or not line.strip().startswith("- "):
                faults.append(fault)
    is_list = any(line.lstrip().startswith("- ") for line in lines)
    return faults if is_list else faults[:1]


def _read(text: str, first_line: int) -> Iterator[Entry]:
    """Yield the entries of a header's text; raise _Unreadable at the first fault."""
    lines = text.split("\n")
    reader = _Reader(lines, first_line, yaml.parse(text, Loader=LOADER))
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


def _diagnosis(lines: list[str], stop: int, first_line: int) -> tuple[str, int, str]:
    """Return the code, line and text of the fault that best explains why YAML stopped at `lines[stop]`."""
    start = next((i for i, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")), 0)
    stop = max(0, min(stop, len(lines) - 1))
    tabbed = next((i for i in (start, stop) if "\t" in lines[i]), None)
    if tabbed is not None:
        return "yaml-tab", first_line + tabbed, lines[tabbed].strip()
    key, colon, rest = lines[start].partition(":")
    value = rest.strip()
    reasons = {
        "curly-quotes": value.startswith(tuple(CURLY_QUOTES)) or value.endswith(tuple(CURLY_QUOTES)),
        "yaml-line": not colon or not key.strip(),
        "yaml-space": bool(rest) and not rest.startswith(" "),
        "yaml-quotes": value.startswith(("'", '"')),
        "yaml-special": value.startswith(_SPECIAL),
        "yaml-colon": ": " in value or value.endswith(":"),
    }
    code = next((code for code, applies in reasons.items() if applies), "")
    if code:
        return code, first_line + start, lines[start].strip()
    return "yaml-syntax", first_line + stop, lines[stop].strip() or lines[start].strip()


class _Reader:
    """Builds nodes from YAML events; raises _Unreadable for YAML that items must not use."""

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
            # A double-quoted text can spell out, as "\\x07", a character that no file may have.
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
        missing = is_missing(value.text) if isinstance(value, Scalar) else value == Listing(items=(), line=value.line)
        cut = isinstance(value, Scalar) and value.cut
        return Entry(key=key.text.lower(), line=key.line, value=None if missing else value, cut=cut)

    def until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        while not isinstance(event := next(self.events), end):
            yield event

    def is_cut(self, event: yaml.ScalarEvent) -> bool:
        """Tell whether a comment follows on the line: YAML reads «title: Tin #1» as «Tin»."""
        end = mark(event.end_mark)
        rest = self.lines[end.line][end.column :] if end.line < len(self.lines) else ""
        return event.style not in _QUOTED_STYLES and bool(_COMMENT.match(rest))

    def line(self, event: yaml.Event) -> int:
        return self.first_line + int(mark(event.start_mark).line)

    def raw(self, event: yaml.Event) -> str:
        return self.lines[self.line(event) - self.first_line].strip()


def mark(found: Any) -> Any:
    """Return where an event of YAML is."""
    assert found is not None, "events of a text have marks"
    return found

"""The text of an item taken apart, and with other values under some keys, not another byte changed.

The editor works on the text of the file as it is: with its line ends, comments, quotation marks and its order. YAML
tells where each value begins and ends; only that stretch is written anew, or in a list of several lines only the
entries that differ. A comment stays unless it stands inside of what is replaced or taken away, or on such a line:
nobody can tell whether a comment above a key is about that key alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple, TypeAlias

import yaml
from msgspec import Struct

from bulletin.items import frontmatter
from bulletin.items.article import CORRECTION_KEYS, DEAL_KEYS, DEAL_NAME, KEYS
from bulletin.items.decoding import decode
from bulletin.items.header_writer import listing, scalar
from bulletin.model import Source
from bulletin.problems import Problem, Refused, problem, problem_at, refuse
from bulletin.vietnamese import clean

Row: TypeAlias = Mapping[str, str]
Value: TypeAlias = str | bool | Sequence[str] | Sequence[Row] | None
"""What a key is to hold: a text, a flag, a list of texts, a list of rows (deals, corrections), or nothing."""


class _Row(Struct, frozen=True):
    """An entry of `deals` or `updated`: keys with their values, in their customary order and without empty ones."""

    pairs: tuple[tuple[str, _Meaning], ...]


_Meaning: TypeAlias = "str | _Row | tuple[_Meaning, ...]"
"""A value as the reader understands it."""

_ALONE = frozenset({"province", "author", "aliases"})
"""Keys whose list of one is written, and read, as a text."""
_FLAGS = frozenset({"draft", "pinned"})
"""Keys of which «True» says the same as `true`."""
ROW_KEYS = tuple(dict.fromkeys((*DEAL_KEYS, DEAL_NAME, *CORRECTION_KEYS)))
"""The keys of a row of `deals` or `updated`, in their customary order."""
_LIMITS = frozenset({"header-too-long", "file-too-big"})
_BREAK = re.compile("\r\n|\r|\n")
_BLANKS = " \t\r\n"


class _Edit(NamedTuple):
    """Characters of the header that give way to others."""

    start: int
    end: int
    text: str


class _Piece(Struct, frozen=True, kw_only=True):
    """A value as it stands in the header's text: from where to where, in which column, and its parts.

    `is_open` tells of a list or a mapping that it is written over several lines, without brackets.
    """

    start: int
    end: int
    column: int
    is_open: bool = False
    text: str | None = None
    items: tuple[_Piece, ...] = ()
    pairs: tuple[tuple[_Piece, _Piece], ...] = ()

    @property
    def is_missing(self) -> bool:
        return self.text is not None and frontmatter.is_missing(self.text)

    @property
    def meaning(self) -> _Meaning:
        if self.text is not None:
            return self.text
        if self.pairs:
            filled = ((key, value) for key, value in self.pairs if not value.is_missing)
            return _row((str(key.meaning).lower(), value.meaning) for key, value in filled)
        return tuple(item.meaning for item in self.items)


class ItemText(Struct, frozen=True, kw_only=True):
    """The text of an item: what its header holds, key by key, and the text below the header.

    `head` and `body` are the whole text, with line ends and byte order mark. A value is a text, a list of texts or a
    list of rows, as `edit_header` takes it; a key without a value is left out.
    """

    values: Mapping[str, str | list[str] | list[dict[str, str]]]
    head: str
    body: str


def read_item(path: str, text: str) -> ItemText | tuple[Problem, ...]:
    """Return the header's values and the body of an item, or the reader's problems with its header."""
    document = _read(path, text)
    if not isinstance(document, frontmatter.Document):
        return document
    ends = [match.end() for match in _BREAK.finditer(text)]
    end = ends[document.end_line - 1] if len(ends) >= document.end_line else len(text)
    values = {key: _as_value(meaning) for key, meaning in _meanings(document).items() if meaning is not None}
    return ItemText(values=values, head=text[:end], body=text[end:])


def _as_value(meaning: _Meaning) -> str | list[str] | list[dict[str, str]]:
    """Return a value as `edit_header` takes it; what no key can hold, such as a list in a list, becomes a text."""
    if isinstance(meaning, str):
        return meaning
    items = meaning if isinstance(meaning, tuple) else (meaning,)
    rows = [{key: _as_text(value) for key, value in item.pairs} for item in items if isinstance(item, _Row)]
    return rows if len(rows) == len(items) else [_as_text(item) for item in items]


def _as_text(meaning: _Meaning) -> str:
    if isinstance(meaning, str):
        return meaning
    if isinstance(meaning, _Row):
        return ", ".join(f"{key}: {_as_text(value)}" for key, value in meaning.pairs)
    return ", ".join(map(_as_text, meaning))


def edit_header(path: str, text: str, changes: Mapping[str, Value]) -> str | tuple[Problem, ...]:
    """Return the whole text of an item with other values under some keys, or the problems that keep it from that.

    `text` is the file as it is, with its line ends and its byte order mark. None, or a text or list with nothing in
    it, takes a key away with its lines. A new key gets its customary place: behind the nearest that comes before it in
    KEYS. A value that the reader finds there already leaves every byte as it is. An empty file gets a header.
    """
    wanted = {key: _wanted(key, value) for key, value in changes.items()}
    bare = text.removeprefix("\ufeff")
    if not bare.strip() and any(wanted.values()):
        text = f"{text.removesuffix(bare)}---\n---\n\n{bare}"
    # What is taken away goes last, so that a new key finds its place by all that were there.
    for key in sorted(wanted, key=lambda key: (wanted[key] is None, _place(key, KEYS))):
        edited = _with(path, text, key, wanted[key])
        if not isinstance(edited, str):
            return edited
        text = edited
    return text


def _wanted(key: str, value: Value) -> _Meaning | None:
    """Return a value as the reader will understand it; None if nothing is left of it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return clean(value) or None
    items = tuple(clean(item) if isinstance(item, str) else _row_of(item) for item in value)
    filled: tuple[_Meaning, ...] = tuple(item for item in items if item not in ("", _Row(())))
    return _plain(key, filled) or None


def _row_of(row: Row) -> _Row:
    cleaned = ((key, clean(text)) for key, text in row.items())
    return _row((key, text) for key, text in cleaned if text)


def _row(pairs: Iterable[tuple[str, _Meaning]]) -> _Row:
    return _Row(tuple(sorted(pairs, key=lambda pair: (_place(pair[0], ROW_KEYS), pair[0]))))


def _place(key: str, order: Sequence[str]) -> int:
    return order.index(key) if key in order else len(order)


def _plain(key: str, meaning: _Meaning | None) -> _Meaning | None:
    """Return the one spelling of what can be written in two ways: a list of one as a text, a flag in small letters."""
    if key in _ALONE and isinstance(meaning, tuple) and len(meaning) == 1:
        return meaning[0]
    return meaning.lower() if key in _FLAGS and isinstance(meaning, str) else meaning


def _with(path: str, text: str, key: str, wanted: _Meaning | None) -> str | tuple[Problem, ...]:
    """Return a text with one key changed, or the reader's problems with it before or afterwards."""
    before = _read(path, text)
    if not isinstance(before, frontmatter.Document):
        return before
    lines = [entry.line for entry in before.header.entries if entry.key == key]
    if len(lines) > 1:
        return (problem(path, lines[1], "duplicate-key", found=key, first=str(lines[0])),)
    if key not in KEYS and wanted is not None:
        raise KeyError(key)
    known = _meanings(before)
    if _plain(key, known.get(key)) == wanted and not (lines and key not in KEYS):
        return text
    line = lines[0] if lines else 1
    try:
        edited = _rewritten(text, before.end_line, key, wanted)
    except Refused as refused:
        return (problem_at(refused, path, line),)
    expected = {name: value for name, value in known.items() if name != key} | ({key: wanted} if wanted else {})
    faults = _faults(path, edited, expected)
    return edited if faults is None else faults or (problem(path, line, "header-not-editable", found=key),)


def _faults(path: str, edited: str, expected: Mapping[str, _Meaning | None]) -> tuple[Problem, ...] | None:
    """Return None if the reader finds what is expected, else the limits that the text goes beyond, if it does.

    Without any, the header has letters that mean something else to YAML once they are composed.
    """
    after = _read(path, edited)
    if isinstance(after, frontmatter.Document):
        return None if _meanings(after) == expected else ()
    return tuple(found for found in after if found.code in _LIMITS)


def _read(path: str, text: str) -> frontmatter.Document | tuple[Problem, ...]:
    source = decode(path, text.encode(errors="surrogatepass"))
    if not isinstance(source, Source):
        return source
    document, problems = frontmatter.parse(source)
    return problems if document is None or problems else document


def _meanings(document: frontmatter.Document) -> dict[str, _Meaning | None]:
    return {entry.key: _meaning(entry.value) if entry.value else None for entry in document.header.entries}


def _meaning(node: frontmatter.Node) -> _Meaning:
    if isinstance(node, frontmatter.Scalar):
        return node.text
    if isinstance(node, frontmatter.Listing):
        return tuple(_meaning(item) for item in node.items)
    return _row((entry.key, _meaning(entry.value)) for entry in node.entries if entry.value)


# The text of the header


def _rewritten(text: str, end_line: int, key: str, wanted: _Meaning | None) -> str:
    """Return the text of a file with a key of its header changed; raise Refused if that cannot be written."""
    ends = [match.end() for match in _BREAK.finditer(text)]
    start, end = ends[0], ends[end_line - 2]
    header, line_end = text[start:end], (_BREAK.search(text) or [""])[0]
    root = _root(header)
    if not root.is_open:
        refuse("header-not-editable", found=key)
    edits = _edits(header, root, {key: wanted}, KEYS, line_end)
    # What comes later is replaced first; of two texts for one place the first stands first.
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end))[::-1]:
        header = header[: edit.start] + edit.text + header[edit.end :]
    return text[:start] + header + text[end:]


def _root(header: str) -> _Piece:
    """Return the mapping of a header that the reader has read without a problem; an empty one if nothing is in it."""
    events = iter(yaml.parse(header, Loader=frontmatter.LOADER))
    next(events)
    if isinstance(next(events), yaml.StreamEndEvent):
        return _Piece(start=0, end=0, column=0, is_open=True)
    return _piece(header, next(events), events)


def _piece(header: str, event: yaml.Event, events: Iterator[yaml.Event]) -> _Piece:
    start, column = frontmatter.mark(event.start_mark).index, frontmatter.mark(event.start_mark).column
    if isinstance(event, yaml.ScalarEvent):
        # A text over several lines ends, for YAML, where the next key begins.
        end = start + len(header[start : frontmatter.mark(event.end_mark).index].rstrip(_BLANKS))
        return _Piece(start=start, end=end, column=column, text=clean(event.value))
    items: list[_Piece] = []
    while not isinstance(inner := next(events), (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
        items.append(_piece(header, inner, events))
    is_open = not getattr(event, "flow_style", True)
    end = items[-1].end if is_open else frontmatter.mark(inner.end_mark).index
    if isinstance(event, yaml.SequenceStartEvent):
        return _Piece(start=start, end=end, column=column, is_open=is_open, items=tuple(items))
    pairs = tuple(zip(items[::2], items[1::2], strict=True))
    return _Piece(start=start, end=end, column=column, is_open=is_open, pairs=pairs)


def _line_start(header: str, at: int) -> int:
    return max(header.rfind("\n", 0, at), header.rfind("\r", 0, at)) + 1


def _line_end(header: str, at: int) -> int:
    match = _BREAK.search(header, at)
    return match.end() if match else len(header)


def _rest(header: str, at: int) -> str:
    """Return what stands behind a value on its line: nothing, blanks, or a comment."""
    return header[at : _line_end(header, at)].rstrip("\r\n")


# The edits


def _edits(
    header: str, mapping: _Piece, changes: Mapping[str, _Meaning | None], order: Sequence[str], line_end: str
) -> Iterator[_Edit]:
    """Yield the edits that change some keys of a mapping; new keys stand by this order."""
    names = [str(key.meaning).lower() for key, _ in mapping.pairs]
    present = dict(zip(names, mapping.pairs, strict=True))
    # What stands above a key of a row goes with it, as above an entry of a list.
    above = {} if order is KEYS else dict(zip(names[1:], mapping.pairs[:-1], strict=True))
    indent = " " * mapping.column
    for name, wanted in changes.items():
        if name not in present:
            earlier = [key for key in order[: order.index(name)] if key in present] if wanted else []
            at = _line_end(header, _end(present[earlier[-1]])) if earlier else 0
            if wanted:
                yield _Edit(at, at, _lines(indent, name, wanted, line_end))
            continue
        key, value = present[name]
        lines = _line_start(header, key.start), _line_end(header, _end((key, value)))
        if wanted is None:
            yield _Edit(_line_end(header, _end(above[name])) if name in above else lines[0], lines[1], "")
        elif value.is_open and value.items and isinstance(wanted, tuple):
            yield from _edits_of_list(header, value, wanted, line_end)
        elif value.is_open or _has_rows(wanted):
            yield _Edit(*lines, _lines(indent, header[key.start : key.end], wanted, line_end))
        else:
            gap = " " if header[value.start - 1] == ":" else ""
            yield _Edit(value.start, value.end, gap + _inline(wanted, "key: ", _rest(header, value.end)))


def _end(pair: tuple[_Piece, _Piece]) -> int:
    return max(piece.end for piece in pair)


def _has_rows(meaning: _Meaning) -> bool:
    return isinstance(meaning, tuple) and any(isinstance(item, _Row) for item in meaning)


def _inline(meaning: _Meaning, before: str, after: str) -> str:
    return listing(map(str, meaning)) if isinstance(meaning, tuple) else scalar(str(meaning), before, after)


def _lines(indent: str, key: str, wanted: _Meaning, line_end: str) -> str:
    """Return the lines of a new entry."""
    if isinstance(wanted, tuple) and _has_rows(wanted):
        items = (f"{indent}  - {_item(item, f'{indent}    ', line_end)}" for item in wanted)
        return "".join(f"{line}{line_end}" for line in (f"{indent}{key}:", *items))
    return f"{indent}{key}: {_inline(wanted, 'key: ', '')}{line_end}"


def _item(item: _Meaning, indent: str, line_end: str) -> str:
    """Return an entry of a list as it stands behind its dash."""
    if isinstance(item, _Row):
        return f"{line_end}{indent}".join(f"{name}: {scalar(str(text))}" for name, text in item.pairs)
    return scalar(str(item), "key:\n  - ")


def _edits_of_list(header: str, found: _Piece, wanted: tuple[_Meaning, ...], line_end: str) -> Iterator[_Edit]:
    """Yield the edits that make a list over several lines another one: entries that stay keep every byte."""
    matcher = SequenceMatcher(None, [item.meaning for item in found.items], wanted, autojunk=False)
    for tag, first, last, wanted_first, wanted_last in matcher.get_opcodes():
        if tag == "equal":
            continue
        at = _line_end(header, found.items[last - 1].end) if last else _line_start(header, found.start)
        for index, new in zip_longest(range(first, last), wanted[wanted_first:wanted_last]):
            if index is None:
                indent = " " * found.column
                yield _Edit(at, at, f"{indent}- {_item(new, f'{indent}  ', line_end)}{line_end}")
            elif new is None:
                # Left behind, a comment above the entry would seem to be about the next one, or about the next key.
                above = found.items[index - 1].end if index else None
                start = _line_start(header, found.start) if above is None else _line_end(header, above)
                yield _Edit(start, _line_end(header, found.items[index].end), "")
            else:
                yield from _edits_of_item(header, found.items[index], new, line_end)


def _edits_of_item(header: str, old: _Piece, new: _Meaning, line_end: str) -> Iterator[_Edit]:
    before, after = (dict(item.pairs) if isinstance(item, _Row) else {} for item in (old.meaning, new))
    first = str(old.pairs[0][0].meaning).lower() if old.pairs else ""
    if old.is_open and first in after:
        names = tuple(after)
        changes = {name: after.get(name) for name in (*names, *before) if before.get(name) != after.get(name)}
        # The first key shares its line with the dash: no other can stand before it.
        yield from _edits(header, old, changes, (first, *(name for name in names if name != first)), line_end)
    elif isinstance(new, str):
        yield _Edit(old.start, old.end, scalar(new, "key:\n  - ", _rest(header, old.end)))
    else:
        yield _Edit(old.start, old.end, _item(new, " " * old.column, line_end))

"""The form of an item: its text -> the values of the fields, and what was typed into them -> its text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct, field

from bulletin.desk import blocks
from bulletin.items import KEYS, decode, edit_header, frontmatter
from bulletin.model import Source
from bulletin.problems import Language, Problem, Refused, hint, message
from bulletin.settings import LineBreaks
from bulletin.vietnamese import amounts, dates, provinces

Value: TypeAlias = str | bool | list[str | dict[str, str]] | None
_LINE_END = re.compile("\r\n|\r|\n")
BODY = "body"
"""The name of the field that holds the text of the item."""
_FLAGS = ("draft",)


CopyName = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]
"""The name of a working copy, as the desk makes it."""


class Unfit(Exception):  # noqa: N818 - as Refused
    """Raised for a form that no page of ours sends: it names a block that the opened text has not."""


class Block(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A block of a text as the browser sends it: one that was kept, by its number, or HTML, or Markdown."""

    kept: Annotated[int, Meta(ge=0)] | None = None
    html: str | None = None
    source: str | None = None


class Typed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands in a form: the text that it was opened with, and what was changed since.

    `path` is that of the item's file, empty for a new item; `copy` names the working copy, `after` its state when it was kept last; `digest` is that of the
    file as it was opened. `fields` holds the keys that have other values now. `blocks` or `text` is the body, if it was
    opened; `whole` says that `text` is the whole file, header and all, since its header cannot be read.
    """

    copy: CopyName
    path: str = ""
    digest: str = ""
    after: str = ""
    base: str = ""
    whole: bool = False
    fields: dict[str, Value] = field(default_factory=dict)
    blocks: list[Block] | None = None
    text: str | None = None


class ShownProblem(Struct, frozen=True, kw_only=True):
    """A problem beside its field: `row` is the entry of a list that it is about, or -1."""

    field: str
    row: int
    severity: str
    code: str
    message: str
    hint: str


def values(text: str) -> dict[str, Value] | None:
    """Return what stands under each key, as it is written; None if the header cannot be read whole."""
    document = _document(text)
    if document is None or len({entry.key for entry in document.header.entries}) < len(document.header.entries):
        return None
    found = {entry.key: _value(entry.value) for entry in document.header.entries if entry.value}
    for key in _FLAGS:
        if key in found:
            found[key] = str(found[key]).lower() == "true"
    return found


def body_of(text: str) -> str:
    """Return the body of an item, byte for byte; the whole text if it has no header."""
    document = _document(text)
    return text if document is None else text[_body_start(text, document) :]


def text_of(typed: Typed, line_breaks: LineBreaks) -> str | tuple[Problem, ...]:
    """Return the text of the item that a form stands for, or what keeps it from being written."""
    if typed.whole:
        return _with_line_ends_of(typed.base, typed.text or "")
    edited = edit_header(typed.path, typed.base, typed.fields) if typed.fields else typed.base
    if not isinstance(edited, str):
        return edited
    document = _document(edited)
    start = _body_start(edited, document) if document else 0
    header, body = edited[:start], edited[start:]
    written = _body(typed, body, line_breaks)
    # The last line of a file may end without a line end: a body must not stand on the line that ends the header.
    gap = "" if not written or not header or header.endswith(("\n", "\r")) else _with_line_ends_of(edited, "\n")
    return header + gap + written


def _body(typed: Typed, body: str, line_breaks: LineBreaks) -> str:
    if typed.text is not None:
        written = _with_line_ends_of(body, typed.text)
        # A text area shows every line end as the same one: what was not touched keeps its own.
        return body if _plain_lines(written) == _plain_lines(body) else written
    if typed.blocks is None:
        return body
    # The blank lines of a body without a word belong to the header.
    lead = "" if body.strip() else body
    try:
        return lead + blocks.apply(body, [_edit(block) for block in typed.blocks], line_breaks)
    except IndexError as fault:
        raise Unfit from fault


def _edit(block: Block) -> blocks.Edit:
    if block.kept is not None:
        return "kept", block.kept
    return ("html", block.html) if block.html is not None else ("source", block.source or "")


def shown(problems: Sequence[Problem], text: str, language: Language) -> list[ShownProblem]:
    """Return the problems of a text, each with the field that it is about; without a field if none is."""
    document = _document(text)
    return [_shown(one, document, language) for one in problems]


def shown_on_list(problems: Iterable[Problem], language: Language) -> tuple[ShownProblem, ...]:
    """Return problems as the list of items shows them, where there are no fields."""
    return tuple(_shown(one, None, language) for one in problems)


def _shown(one: Problem, document: frontmatter.Document | None, language: Language) -> ShownProblem:
    key, row = _place(one, document) if document else ("", -1)
    return ShownProblem(
        field=key,
        row=row,
        severity=one.severity,
        code=one.code,
        message=message(one, language),
        hint=hint(one, language),
    )


def _place(one: Problem, document: frontmatter.Document) -> tuple[str, int]:
    """Return the key, and the entry of its list, that a problem is about."""
    if one.line >= document.body_line:
        return BODY, -1
    named = dict(one.words).get("key", "")
    before = [entry for entry in document.header.entries if entry.line <= one.line]
    if one.code.startswith("missing-") and named in KEYS and one.line < 2:  # noqa: PLR2004 - no line of a key
        return named, -1
    entry = max(before, key=lambda each: each.line, default=None)
    if entry is None or entry.key not in KEYS:
        return "", -1
    items = entry.value.items if isinstance(entry.value, frontmatter.Listing) else ()
    rows = [number for number, item in enumerate(items) if isinstance(item, frontmatter.Mapping)]
    row = max((number for number in rows if items[number].line <= one.line), default=-1)
    return entry.key, row


def says(text: str, unit: str, today: date) -> dict[str, str | list[str]]:
    """Return the answers beside the fields: the day in words, amounts in words, places as they are read, their map."""
    found = values(text) or {}
    day = day_of(found.get("date"))
    answers: dict[str, str | list[str]] = {"map": str(provinces.map_number_on(day or today))}
    if day:
        answers["date"] = f"{dates.weekday_short(day).partition(',')[0]}, {dates.long(day)}"
    if worth := _amount_in_words(found.get("value"), unit):
        answers["value"] = worth
    if places := _places(found.get("province"), day or today):
        answers["province"] = places
    deals = found.get("deals")
    if isinstance(deals, list):
        answers["deals"] = [_amount_in_words(row.get("value"), unit) for row in deals if isinstance(row, dict)]
    for key in ("expires", "publish"):
        if when := day_of(found.get(key)):
            answers[key] = dates.weekday_short(when).partition(",")[0] + ", " + dates.long(when)
    return answers


def day_of(text: Value) -> date | None:
    """Return the day that a field names; None if it names none."""
    with suppress(Refused):
        return dates.parse(text) if isinstance(text, str) else None
    return None


def _amount_in_words(text: Value, unit: str) -> str:
    if not isinstance(text, str) or amounts.is_undisclosed(text):
        return ""
    with suppress(Refused):
        amount = amounts.parse(text, unit)
        return f"{amounts.show(amount)} ({amounts.in_words(amount)})" if amount else ""
    return ""


def _places(names: Value, day: date) -> str:
    """Return the official names of places that were written otherwise."""
    listed = [names] if isinstance(names, str) else names if isinstance(names, list) else []
    told = []
    for name in listed:
        with suppress(Refused):
            place = provinces.resolve(str(name), day).place
            if place.name != name:
                told.append(place.name)
    return ", ".join(told)


def _value(node: frontmatter.Node | None) -> Value:
    if isinstance(node, frontmatter.Scalar):
        return node.text
    if isinstance(node, frontmatter.Listing):
        rows = [_row(item) for item in node.items if isinstance(item, frontmatter.Mapping)]
        return rows or [item.text for item in node.items if isinstance(item, frontmatter.Scalar)]
    return [_row(node)] if node else None


def _row(node: frontmatter.Mapping) -> dict[str, str]:
    return {entry.key: entry.value.text for entry in node.entries if isinstance(entry.value, frontmatter.Scalar)}


def _document(text: str) -> frontmatter.Document | None:
    """Return the header and the body of a text; None if the header cannot be read whole."""
    source = decode("", text.encode(errors="surrogatepass"))
    if not isinstance(source, Source):
        return None
    document, problems = frontmatter.parse(source)
    return None if problems else document


def _body_start(text: str, document: frontmatter.Document) -> int:
    """Return where the body begins: at the line behind the one that ends the header."""
    ends = [match.end() for match in _LINE_END.finditer(text)]
    return ends[document.end_line - 1] if document.end_line <= len(ends) else len(text)


def _plain_lines(text: str) -> str:
    return _LINE_END.sub("\n", text)


def _with_line_ends_of(original: str, text: str) -> str:
    """Return a text with the line ends of another one, which is what its file has."""
    found = _LINE_END.search(original)
    return _LINE_END.sub(found[0] if found else "\n", text)

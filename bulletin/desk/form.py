"""The form of an item: its text -> the values of the fields, and what was typed into them -> its text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any, TypeAlias, cast

from msgspec import Meta, Struct, field

from bulletin.items import KEYS, MAX_LISTED, ItemText, edit_header, read_item
from bulletin.problems import Language, Problem, Refused, hint, message
from bulletin.richtext import Edit, apply
from bulletin.settings import LineBreaks
from bulletin.vietnamese import amounts, dates, fold, periods, provinces

Value: TypeAlias = str | bool | list[str | dict[str, str]] | None
_KEY = re.compile(r"([A-Za-z_]+)[ \t]*:")
_ENTRY = re.compile(r"[ \t]*-(?:[ \t]|$)")
_LINE_END = re.compile("\r\n|\r|\n")
BODY = "body"
"""The name of the field that holds the text of the item."""
_FLAGS = ("draft",)
_ROWS = ("deals", "updated")
_NO_FIELDS = "---\n---\n\n"


COPY_NAME = r"^[0-9a-f]{16}\Z"
CopyName = Annotated[str, Meta(pattern=COPY_NAME)]
"""The name of a working copy, as the desk makes it."""


class Unfit(Exception):  # noqa: N818 - as Refused
    """Raised for a form that no page of ours sends: it names a key that no item has, or a block that is not there."""


class Block(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A block of a text as the browser sends it: one that was kept, by its number, or HTML, or Markdown."""

    kept: Annotated[int, Meta(ge=0)] | None = None
    html: str | None = None
    source: str | None = None


class Typed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands in a form: the text that it was opened with, and what was changed since.

    `path` is that of the item's file, empty for a new item; `digest` is that of the file as it was opened. `copy` names
    the working copy, `after` is its state when it was kept last. `fields` holds the keys that have other values now.
    `blocks` or `text` is the body, if it was opened; `whole` says that `text` is the whole file, header and all, since
    its header cannot be read.
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
    item = read_item("", text)
    if not isinstance(item, ItemText):
        return None
    # A list of texts, or of rows, is both to the browser.
    found: dict[str, Value] = {key: cast("Value", value) for key, value in item.values.items()}
    return found | {key: str(found[key]).lower() == "true" for key in _FLAGS if key in found}


def is_blank(text: str) -> bool:
    """Tell whether the text of an item says nothing: no key of its header has a value, and there is no body."""
    return values(text) == {} and not body_of(text).strip()


def body_of(text: str) -> str:
    """Return the body of an item, byte for byte; the whole text if its header cannot be read."""
    item = read_item("", text)
    return item.body if isinstance(item, ItemText) else text


def text_of(typed: Typed, line_breaks: LineBreaks) -> str | tuple[Problem, ...]:
    """Return the text of the item that a form stands for, or what keeps it from being written."""
    if typed.whole:
        return _with_line_ends_of(typed.base, typed.text or "")
    if not typed.fields.keys() <= set(KEYS):
        raise Unfit
    edited = (
        edit_header(typed.path, typed.base, cast("Mapping[str, Any]", typed.fields)) if typed.fields else typed.base
    )
    if not isinstance(edited, str):
        return edited
    if not edited and not typed.path:
        # A new item in which nobody has filled a field: what is missing is told beside each.
        edited = _NO_FIELDS
    item = read_item(typed.path, edited)
    header, body = (item.head, item.body) if isinstance(item, ItemText) else ("", edited)
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
        return lead + apply(body, [_edit(block) for block in typed.blocks], line_breaks)
    except IndexError as fault:
        raise Unfit from fault


def _edit(block: Block) -> Edit:
    if block.kept is not None:
        return "kept", block.kept
    return ("html", block.html) if block.html is not None else ("source", block.source or "")


def shown(problems: Sequence[Problem], text: str, language: Language) -> list[ShownProblem]:
    """Return the problems of a text, each with the field that it is about; without a field if none is."""
    lines = _LINE_END.split(text)
    return [_shown(one, *_place(one, lines), language) for one in problems]


def shown_on_list(problems: Iterable[Problem], language: Language) -> tuple[ShownProblem, ...]:
    """Return problems as the list of items shows them, where there are no fields."""
    return tuple(_shown(one, "", -1, language) for one in problems)


def _shown(one: Problem, key: str, row: int, language: Language) -> ShownProblem:
    return ShownProblem(
        field=key,
        row=row,
        severity=one.severity,
        code=one.code,
        message=spoken(message(one, language)),
        hint=spoken(hint(one, language, in_form=True)),
    )


def spoken(sentence: str) -> str:
    """Return a sentence of the catalogue as it stands by itself on a page, and not behind the name of a file."""
    return sentence[:1].upper() + sentence[1:]


def told(one: Problem, language: Language) -> str:
    """Return what is wrong and how to mend it, where a page has one line for both."""
    (found,) = shown_on_list([one], language)
    return ". ".join(part for part in (found.message, found.hint) if part)


def _place(one: Problem, lines: Sequence[str]) -> tuple[str, int]:
    """Return the key, and the entry of its list, that a problem is about: by its line, even in a broken header."""
    end = next((number for number, line in enumerate(lines[1:], 2) if line.rstrip() == "---"), 0)
    if end and one.line > end:
        return BODY, -1
    key, row = "", -1
    for line in lines[1 : one.line]:
        if match := _KEY.match(line):
            key, row = match[1].lower(), -1
        elif _ENTRY.match(line):
            row += 1
    named = dict(one.words).get("key", "")
    # What a row of deals lacks is told beside the row, though the item has a field of that name as well.
    if one.code.startswith("missing-") and named in KEYS and key not in _ROWS:
        return named, -1
    return (key, row) if key in KEYS else ("", -1)


def says(text: str, unit: str, today: date) -> dict[str, str | list[str]]:
    """Return the answers beside the fields: the day in words, amounts in words, places as they are read, their map."""
    found = values(text) or {}
    day = day_of(found.get("date"))
    answers: dict[str, str | list[str]] = {"map": str(provinces.map_number_on(day or today))}
    if day:
        answers["date"] = _in_words(day)
    if worth := _amount_in_words(found.get("value"), unit):
        answers["value"] = worth
    if places := _places(found.get("province"), day or today):
        answers["province"] = places
    if lacking := _places_of_deals(found, day or today):
        answers["places-of-deals"] = lacking
    deals = found.get("deals")
    if isinstance(deals, list):
        answers["deals"] = [_amount_in_words(row.get("value"), unit) for row in deals if isinstance(row, dict)]
    if when := _period_in_words(found.get("event")):
        answers["event"] = when
    for key in ("expires", "publish"):
        if moment := _moment_of(found.get(key)):
            clock = f"{moment:%H:%M}, " if (moment.hour, moment.minute) != (0, 0) else ""
            answers[key] = clock + _in_words(moment.date())
    return answers


def _in_words(day: date) -> str:
    return f"{dates.weekday_short(day).partition(',')[0]}, {dates.long(day)}"


def _period_in_words(text: Value) -> str:
    with suppress(Refused):
        return spoken(periods.in_words(periods.parse(text))) if isinstance(text, str) else ""
    return ""


def _moment_of(text: Value) -> datetime | None:
    with suppress(Refused):
        return dates.parse_moment(text, UTC) if isinstance(text, str) else None
    return None


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
    # A longer list is an error, and each unknown name takes a search among all.
    for name in listed[:MAX_LISTED]:
        with suppress(Refused):
            place = provinces.resolve(str(name), day).place
            if place.name != name:
                told.append(place.name)
    return ", ".join(told)


def _places_of_deals(found: Mapping[str, Value], day: date) -> list[str]:
    """Return the places of the deals that the item does not name, which it must."""
    deals, named = found.get("deals"), found.get("province")
    listed = named if isinstance(named, list) else [named]
    known = {place for name in listed[:MAX_LISTED] if (place := _place_on(name, day))}
    lacking: dict[str, None] = {}
    for deal in deals[:MAX_LISTED] if isinstance(deals, list) else ():
        place = _place_on(deal.get("province"), day) if isinstance(deal, dict) else ""
        if place and place not in known:
            lacking[place] = None
    return list(lacking)


def _place_on(name: object, day: date) -> str:
    """Return the official name of a place on a day; empty if it is none."""
    with suppress(Refused):
        return provinces.resolve(name, day).place.name if isinstance(name, str) and name.strip() else ""
    return ""


def _plain_lines(text: str) -> str:
    return _LINE_END.sub("\n", text)


def _with_line_ends_of(original: str, text: str) -> str:
    """Return a text with the line ends of another one, which is what its file has."""
    found = _LINE_END.search(original)
    return _LINE_END.sub(found[0] if found else "\n", text)


class Chosen(Struct, frozen=True, kw_only=True):
    """A place that can be chosen: the maps that have it, and the beginnings by which it is found, without accents.

    `label` is what readers see in place of its name.
    """

    name: str
    keys: list[str]
    maps: list[int]
    label: str


@cache
def choices(nationwide_label: str) -> list[Chosen]:
    """Return every place that can be chosen, by map, with the beginnings by which it is found."""
    whole = provinces.NATIONWIDE
    label = nationwide_label or whole.name
    keys = [fold(name) for name in dict.fromkeys((label, whole.name, "Cả nước"))]
    chosen = [Chosen(name=whole.name, keys=keys, maps=list(provinces.MAP_NUMBERS), label=label)]
    for number in provinces.MAP_NUMBERS:
        for unit in provinces.units(number):
            names = (*(stage.name for stage in unit.stages), *unit.aliases)
            keys = [fold(name) for name in names]
            name = unit.stages[-1].name
            chosen.append(Chosen(name=name, keys=keys, maps=[number], label=name))
    return chosen

"""What differs between two texts of an item, in readers' words. Pure.

A text is compared field by field and paragraph by paragraph. Where its header cannot be read, all of it counts as
paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

from msgspec import Struct

from bulletin.items import KEYS, ROW_KEYS, ItemText, read_item
from bulletin.problems import Language, Refused, say
from bulletin.vietnamese import amounts, dates, nfc, periods

Kind = Literal["kept", "removed", "added", "changed"]
Lines: TypeAlias = tuple[str, ...]
NAMED = tuple(dict.fromkeys((*KEYS, *ROW_KEYS)))
"""The keys that have names in readers' words."""

_TOKEN = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_ALIKE = 0.4
"""From 0 to 1: paragraphs that are less alike are two, not one that was changed."""
_MOST_PAIRS = 2_500
_MOST_TOKENS = 4_000_000
"""Pairs of paragraphs, and of words in them, beyond which looking closer would take seconds."""


class FieldChange(Struct, frozen=True, kw_only=True):
    """A key of the header with what it said before and after, as readers see it; no lines where it was missing."""

    key: str
    before: Lines
    after: Lines


class Part(Struct, frozen=True, kw_only=True):
    """Some words of a paragraph."""

    kind: Kind
    text: str


class BlockChange(Struct, frozen=True, kw_only=True):
    """A paragraph that was kept, removed or added as a whole, or changed in some of its parts."""

    kind: Kind
    parts: tuple[Part, ...]


class Difference(Struct, frozen=True, kw_only=True):
    """What differs between two texts: the fields that do, and all paragraphs in the order in which they stand."""

    fields: tuple[FieldChange, ...]
    blocks: tuple[BlockChange, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether readers see no difference."""
        return not self.fields and all(block.kind == "kept" for block in self.blocks)


def name_of(key: str, language: Language) -> str:
    """Return how people call a key of the header: «tiêu đề»."""
    return say(f"field-{key}", language) if key in NAMED else key


# Two texts

NO_FIELDS = "---\n---\n"


def difference(path: str, before: str, after: str) -> Difference:
    """Return what differs between two texts of an item."""
    # The first version of an item adds all its fields.
    old, new = taken_apart(path, before or NO_FIELDS, after)
    return Difference(
        fields=_field_changes(old, new),
        blocks=tuple(block_changes(paragraphs(old.body), paragraphs(new.body))),
    )


def field_changes(path: str, before: str, after: str) -> tuple[FieldChange, ...]:
    """Return what differs between the headers of two texts of an item."""
    return _field_changes(*taken_apart(path, before, after))


def _field_changes(old: ItemText, new: ItemText) -> tuple[FieldChange, ...]:
    shown = shown_values(old), shown_values(new)
    keys = [key for key in dict.fromkeys((*NAMED, *shown[0], *shown[1])) if shown[0].get(key) != shown[1].get(key)]
    return tuple(FieldChange(key=key, before=shown[0].get(key, ()), after=shown[1].get(key, ())) for key in keys)


def taken_apart(path: str, *texts: str) -> list[ItemText]:
    """Return the texts in parts; if the header of one cannot be read, all of them as bodies alone."""
    found = [read_item(path, text) for text in texts]
    read = [item for item in found if isinstance(item, ItemText)]
    return read if len(read) == len(texts) else [ItemText(values={}, head="", body=text) for text in texts]


def shown_values(item: ItemText) -> dict[str, Lines]:
    """Return what the header says, key by key, as readers see it."""
    return {key: shown(key, value) for key, value in item.values.items()}


def shown(key: str, value: str | Sequence[str] | Sequence[Mapping[str, str]]) -> Lines:
    """Return a value as readers see it: the rows of a list as lines, days with their weekday, amounts in words."""
    if isinstance(value, str):
        return (_said(key, value),)
    rows = [item for item in value if not isinstance(item, str)]
    if rows:
        return tuple(" · ".join(_said(f"{key}.{name}", text) for name, text in row.items()) for row in rows)
    return (", ".join(str(item) for item in value),)


def _said(key: str, text: str) -> str:
    """Return a text in the words of readers, or as it stands where it is no day or amount."""
    try:
        return _WORDS[key](text) if key in _WORDS else text
    except Refused:
        return text


def _day(text: str) -> str:
    return dates.weekday_short(dates.parse(text))


def _moment(text: str) -> str:
    moment = dates.parse_moment(text, UTC)
    return f"{dates.weekday_short(moment.date())}, {moment:%H:%M}"


def _amount(text: str) -> str:
    amount = None if amounts.is_undisclosed(text) else amounts.parse(text)
    return f"{amounts.show(amount)} ({amounts.in_words(amount)})" if amount else text


def _flag(text: str) -> str:
    answers = {"true": "có", "false": "không"}
    return answers[text.lower()] if text.lower() in answers else _day(text)


_WORDS: Mapping[str, Callable[[str], str]] = {
    "date": _day,
    "expires": _day,
    "updated.date": _day,
    "publish": _moment,
    "event": lambda text: periods.in_words(periods.parse(text)),
    "value": _amount,
    "deals.value": _amount,
    "deals.date": lambda text: dates.show_deal_date(dates.parse_day_or_month(text)),
    "draft": _flag,
    "pinned": _flag,
}


def paragraphs(body: str) -> Lines:
    """Cut a body at its blank lines, which stay with the paragraph above; a fence of code is one paragraph."""
    found: list[str] = []
    fence, ended = "", True
    for line in _LINE.findall(body):
        is_blank = not line.strip()
        if found and (is_blank or fence or not ended):
            found[-1] += line
        else:
            found.append(line)
        mark = _FENCE.match(line)
        if fence:
            fence = "" if line.strip().startswith(fence) and not line.strip().strip(fence[0]) else fence
        elif mark:
            fence = mark[1]
        ended = is_blank and not fence
    return tuple(found)


def words_of(paragraph: str) -> str:
    """Return what counts of a paragraph when two are compared: not how its lines end, nor the blank lines below."""
    return nfc("\n".join(line.rstrip() for line in paragraph.splitlines()).strip("\n"))


def block_changes(old: Lines, new: Lines) -> Iterator[BlockChange]:
    """Yield what became of each paragraph, or of each sentence, in the order in which they stand."""
    before, after = list(map(words_of, old)), list(map(words_of, new))
    for tag, first, last, new_first, new_last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (_whole("kept", text) for text in after[new_first:new_last] if text)
        else:
            yield from _replaced(before[first:last], after[new_first:new_last])


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[BlockChange]:
    """Yield the changes between paragraphs none of which was kept: those that are alike are the same, changed."""
    left, right = 0, 0
    for at, place in (*_pairs(old, new), (len(old), len(new))):
        yield from (_whole("removed", text) for text in old[left:at] if text)
        yield from (_whole("added", text) for text in new[right:place] if text)
        if at < len(old):
            yield BlockChange(kind="changed", parts=tuple(_parts(old[at], new[place])))
        left, right = at + 1, place + 1


def _whole(kind: Kind, text: str) -> BlockChange:
    return BlockChange(kind=kind, parts=(Part(kind=kind, text=text),))


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return which old paragraph became which new one, in order, so that together they are as alike as can be."""
    if len(old) * len(new) > _MOST_PAIRS:
        return []
    best: list[list[tuple[float, list[tuple[int, int]]]]] = [[(0.0, [])] * (len(new) + 1)]
    for row, text in enumerate(old):
        line: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
        for column, other in enumerate(new):
            likeness = _likeness(text, other)
            score, pairs = best[row][column]
            paired = (score + likeness, [*pairs, (row, column)]) if likeness >= _ALIKE else (0.0, [])
            line.append(max(best[row][column + 1], line[column], paired, key=lambda entry: entry[0]))
        best.append(line)
    return best[-1][-1][1]


def _likeness(text: str, other: str) -> float:
    tokens, others = text.split(), other.split()
    matcher = SequenceMatcher(None, tokens, others, autojunk=False)
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE or _is_too_long(tokens, others):
        return 0.0
    return matcher.ratio()


def _is_too_long(tokens: Sequence[str], others: Sequence[str]) -> bool:
    return len(tokens) * len(others) > _MOST_TOKENS


def _parts(old: str, new: str) -> Iterator[Part]:
    """Yield the words of a changed paragraph: kept, removed, added."""
    tokens, others = _TOKEN.findall(old), _TOKEN.findall(new)
    bare = [token.strip() for token in tokens], [token.strip() for token in others]
    for tag, first, last, new_first, new_last in SequenceMatcher(None, *bare, autojunk=False).get_opcodes():
        removed, added = "".join(tokens[first:last]), "".join(others[new_first:new_last])
        if tag == "equal":
            yield Part(kind="kept", text=added)
            continue
        if removed:
            yield Part(kind="removed", text=removed)
        if added:
            yield Part(kind="added", text=added)

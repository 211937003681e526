"""What was read of a file, before anybody has confirmed it: texts, pictures, and proposals for the keys of the header.

Every reader of the room is a module with `read(given, wishes) -> Found`, which raises Refused for a file that cannot be
read: `plain_text`, `web_page`, `word`, `spreadsheets`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from bulletin.problems import Problem
from bulletin.settings import ItemRules

RowsAs: TypeAlias = Literal["deals", "items"]
Proposed: TypeAlias = str | tuple[str, ...] | Mapping[str, str]
DEALS = "deals"
_QUOTED, _NAMED = 60, 5
"""Letters of a text, and how many texts, that a sentence quotes."""


class Given(Struct, frozen=True, kw_only=True):
    """A file as it was given: its name, without a folder, and its bytes. No other file is opened."""

    name: str
    data: bytes


class Wishes(Struct, frozen=True, kw_only=True):
    """What decides how a file is read, besides its bytes."""

    rules: ItemRules
    today: date
    """The day at the site: «sáng 25/12» is the nearest such day up to it."""
    accept_changes: bool = False
    """Read tracked changes as if they had been accepted."""
    rows_as: RowsAs = "deals"
    """What the rows of a spreadsheet are: deals of one item, or an item each."""


class Passage(Struct, frozen=True, kw_only=True):
    """A paragraph, heading, item of a list or row of a table, as readers see it: no marks of Markdown."""

    text: str
    line: int
    """Where it begins in the body, from 1."""


class Proposal(Struct, frozen=True, kw_only=True):
    """A value for a key, as the header takes it; for `deals` one row of it: `province`, `date`, `value`, `name`.

    A list, as of provinces, is a tuple.

    Several different proposals for one key, other than `deals`, contradict each other: people choose.
    """

    field: str
    value: Proposed
    sentence: str
    """The sentence that it was read from; of a spreadsheet the cell."""
    place: str
    """Where that stands, for people: «dòng 3», «trang Sheet1, ô C4»."""


class Picture(Struct, frozen=True, kw_only=True):
    """A picture of a text: the clean name by which the body shows it, which may change where it lands."""

    name: str
    data: bytes


class Document(Struct, frozen=True, kw_only=True):
    """An item to be confirmed: its body as Markdown, the pictures that it shows, and what its header may be."""

    body: str
    pictures: tuple[Picture, ...] = ()
    proposals: tuple[Proposal, ...] = ()


class Cell(Struct, frozen=True, kw_only=True):
    """A cell of a spreadsheet: what stands in it, the key that it is read for, and what it was read as, in words."""

    sheet: str
    row: int
    column: str
    """As the program shows it: «C»."""
    heading: str
    field: str
    written: str
    read: str


class Found(Struct, frozen=True, kw_only=True):
    """What a file holds; an error among the problems means that nothing may be made of it."""

    documents: tuple[Document, ...]
    cells: tuple[Cell, ...] = ()
    total: str = ""
    """The sum of the amounts of a spreadsheet, to be held against its own: «33.262,5 tỷ đồng»; empty without any."""
    problems: tuple[Problem, ...] = ()
    """With the file's name as their path: what is lost, what was changed, what is doubtful."""


def chosen(proposals: Iterable[Proposal]) -> dict[str, str | list[str] | list[Mapping[str, str]]]:
    """Return the value of each key for which one thing alone is proposed, and all rows of `deals`."""
    values: dict[str, str | list[str] | list[Mapping[str, str]]] = {}
    for key, found in by_field(proposals).items():
        alone = {one.value for one in found if isinstance(one.value, str | tuple)}
        if key == DEALS:
            values[key] = [one.value for one in found if isinstance(one.value, Mapping)]
        elif len(alone) == 1:
            value = alone.pop()
            values[key] = value if isinstance(value, str) else list(value)
    return values


def in_words(proposal: Proposal) -> str:
    """Return what is proposed, as people read it: a day as «25/12/2016»."""
    value = proposal.value
    if proposal.field == "date" and isinstance(value, str):
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    parts = value.values() if isinstance(value, Mapping) else value
    return value if isinstance(value, str) else " · ".join(parts)


def by_field(proposals: Iterable[Proposal]) -> dict[str, list[Proposal]]:
    """Return proposals by the key that they are for, in their order."""
    found: dict[str, list[Proposal]] = {}
    for one in proposals:
        found.setdefault(one.field, []).append(one)
    return found


def renamed(text: str, names: Mapping[str, str]) -> str:
    """Return Markdown with pictures under other names: those that they got where they landed."""
    return re.sub(r"(?<=\]\()[\w.-]+(?=[) ])", lambda found: names.get(found[0], found[0]), text)


def quoted(texts: Iterable[str]) -> str:
    """Return the beginnings of the first texts, by which people find them again."""
    listed = list(dict.fromkeys(" ".join(text.split()) for text in texts))
    shown = [f"«{text[:_QUOTED].rstrip()}…»" if len(text) > _QUOTED else f"«{text}»" for text in listed[:_NAMED]]
    return ", ".join(shown) + (", …" if len(listed) > _NAMED else "")

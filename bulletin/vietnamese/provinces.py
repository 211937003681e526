"""Provinces and centrally run cities, the 63 until June 2025 and the 34 since: which one a text names on a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import NoReturn

from msgspec import Struct

from bulletin.problems import refuse
from bulletin.vietnamese import place_names
from bulletin.vietnamese.place_names import (
    Phrases,
    Spelling,
    Spellings,
    initials,
    key_of,
    words_of,
    words_of_other,
    words_of_unit,
)
from bulletin.vietnamese.registry import Island, Region, Unit, registry
from bulletin.vietnamese.text import clean, clip, nearest, sort_key

__all__ = [
    "MAP_NUMBERS",
    "NATIONWIDE",
    "Island",
    "Place",
    "Region",
    "Resolved",
    "Unit",
    "ids",
    "islands",
    "map_number_on",
    "named_in",
    "names",
    "predecessors",
    "regions",
    "resolve",
    "successor",
    "unit",
    "units",
]

MAP_NUMBERS = _OLD, _NEW = 63, 34
_NATIONWIDE_NAMES = ("Toàn quốc", "Cả nước")
_QUOTES = "“”„‟‘’‚‛«»"
# A dash does not separate names: «Bà Rịa - Vũng Tàu» is one.
_BETWEEN_NAMES = re.compile(r"[,;/]|\s(?:và|va|&)\s", re.IGNORECASE)
_MAX_QUOTED = 60


class Place(Struct, frozen=True, kw_only=True, array_like=True):
    """The place of an item's news: a unit under its name on that day, or the whole country (`map` is None)."""

    id: str
    map_number: int | None
    name: str


NATIONWIDE = Place(id="toan-quoc", map_number=None, name=_NATIONWIDE_NAMES[0])


class Resolved(Struct, frozen=True, kw_only=True, array_like=True):
    """The place that a text names; `misspelt` deserves a warning, `folded` (no accents, or tones moved) does not."""

    place: Place
    spelling: Spelling


def map_number_on(day: date) -> int:
    """Return the map that holds on a day: 63 or 34."""
    return _NEW if day >= registry().maps[_NEW].since else _OLD


def units(map_number: int) -> tuple[Unit, ...]:
    """Return the units of an map, in the Vietnamese order of their first names."""
    return registry().maps[map_number].units


def unit(unit_id: str, map_number: int) -> Unit:
    """Return the unit; raise KeyError if the map has none with that id."""
    return _by_id(map_number)[unit_id]


def regions(map_number: int) -> tuple[Region, ...]:
    """Return the six regions of an map, I to VI."""
    return registry().maps[map_number].regions


def islands(map_number: int) -> tuple[Island, ...]:
    """Return Hoàng Sa and Trường Sa, which every map of the map shows."""
    return registry().maps[map_number].islands


def successor(id_in_63: str) -> str:
    """Return the id in the 34 of the unit that includes the whole of a unit of the 63; raise KeyError."""
    return _successors()[id_in_63]


def predecessors(id_in_34: str) -> tuple[str, ...]:
    """Return the ids in the 63 of the units that a unit of the 34 was made from, in the order of their names."""
    return tuple(old for old, new in _successors().items() if new == id_in_34)


@cache
def ids() -> tuple[str, ...]:
    """Return the ids of both maps, each once, in the Vietnamese order of their names."""
    names = {unit.id: unit.stages[0].name for unit in (*units(_OLD), *units(_NEW))}
    return tuple(sorted(names, key=lambda unit_id: sort_key(names[unit_id])))


@cache
def names(unit_id: str) -> tuple[str, ...]:
    """Return all names of an id in either map: its first name, its later ones, its aliases."""
    return tuple(
        dict.fromkeys(name for map_number in MAP_NUMBERS for name, named in _names(map_number) if named == unit_id)
    )


def resolve(text: str, day: date) -> Resolved:
    """Return the place that a text names on a day; raise Refused with the reason and, if there is one, the remedy."""
    match = _match(text, map_number_on(day))
    if match is None:
        _refuse(text, day)
    unit_id, spelling = match
    return Resolved(place=_place(unit_id, day), spelling=spelling)


def named_in(title: str, day: date) -> tuple[Place, ...]:
    """Return the units that a title names by capitalised, fully accented words, each once, in the title's order."""
    return tuple(_place(unit_id, day) for unit_id in place_names.ids_in(title, _phrases(map_number_on(day))))


@lru_cache(maxsize=4096)
def _match(text: str, map_number: int) -> tuple[str, Spelling] | None:
    cleaned = clean(text)
    return _spellings(map_number).match(cleaned) if cleaned == cleaned.strip(_QUOTES) else None


def _place(unit_id: str, day: date) -> Place:
    if unit_id == NATIONWIDE.id:
        return NATIONWIDE
    named = unit(unit_id, map_number_on(day))
    return Place(id=named.id, map_number=named.map_number, name=named.name_on(day))


def _refuse(text: str, day: date) -> NoReturn:
    cleaned = clean(text)
    clipped = clip(cleaned, _MAX_QUOTED)
    bare = cleaned.strip(_QUOTES + " ")
    if bare != cleaned:
        refuse("province-quotes", found=clipped, name=clip(bare, _MAX_QUOTED))
    listed = _listed(cleaned, day)
    if listed:
        refuse("province-several", found=clipped, listed=f"[{', '.join(listed)}]")
    words = words_of_unit(cleaned)
    _refuse_gone(key_of(words), day)
    # Both keys are tried, because words_of_other takes the beginning of «Vũng Tàu» for the title «vùng».
    for key in (key_of(words), key_of(words_of_other(cleaned))):
        _refuse_other(clipped, key, day)
    refuse("unknown-province", found=clipped, near=_quoted(_near(" ".join(words), day)))


def _refuse_gone(key: str, day: date) -> None:
    """Refuse a unit that no longer exists on that day, and name the unit that it became part of."""
    former = next((former for former in registry().former if key_of(words_of(former.name)) == key), None)
    if former:
        name, into, since = former.name, former.into, former.since
    elif key in _spellings(_OLD).misspelt:
        old = unit(_spellings(_OLD).misspelt[key], _OLD)
        name, into, since = old.stages[0].name, successor(old.id), registry().maps[_NEW].since
    else:
        return
    home = unit(into, map_number_on(day))
    refuse(
        "province-gone",
        name=name,
        into=home.name_on(day),
        full=_in_a_sentence(home, day),
        day=f"{since:%d}",
        month=f"{since:%m}",
        year=f"{since:%Y}",
    )


def _refuse_other(clipped: str, key: str, day: date) -> None:
    """Refuse a known name that is no unit's: that of a town, an island or a region, or initials."""
    map_number = map_number_on(day)
    if key in _homes():
        home = unit(_homes()[key] if map_number == _OLD else successor(_homes()[key]), map_number)
        refuse("province-place", found=clipped, name=home.name_on(day), full=_in_a_sentence(home, day))
    if key in _region_keys():
        refuse("province-region", found=clipped)
    for known in (units(map_number), units(_OLD)):
        meant = [name for name in (unit.name_on(day) for unit in known) if initials(name) == key]
        if meant:
            refuse("province-shorthand", found=clipped, near=_quoted(meant))


def _listed(text: str, day: date) -> list[str]:
    """Return the names in a text that consists of several names; empty for any other text."""
    parts = [part for part in _BETWEEN_NAMES.split(text) if part.strip()]
    matches = [_match(part, map_number_on(day)) or _match(part, _OLD) for part in parts]
    known = [match[0] for match in matches if match]
    return [_called(unit_id, day) for unit_id in known] if len(known) == len(parts) > 1 else []


def _near(text: str, day: date) -> list[str]:
    """Return up to three names of units that a text resembles, in any of their spellings."""
    ids_by_name = dict((*_names(_OLD), *_names(map_number_on(day))))
    similar = nearest(text, ids_by_name, n=9)
    return list(dict.fromkeys(_called(ids_by_name[name], day) for name in similar))[:3]


def _called(unit_id: str, day: date) -> str:
    """Return the name of a unit on a day; if it no longer exists then, the last name that it had."""
    exists = unit_id == NATIONWIDE.id or unit_id in _by_id(map_number_on(day))
    return _place(unit_id, day).name if exists else unit(unit_id, _OLD).name_on(day)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"«{name}»" for name in names)


def _in_a_sentence(unit: Unit, day: date) -> str:
    full = unit.full_name_on(day)
    return full[0].lower() + full[1:]


@cache
def _by_id(map_number: int) -> Mapping[str, Unit]:
    return {unit.id: unit for unit in units(map_number)}


@cache
def _successors() -> Mapping[str, str]:
    return {unit.id: unit.successor for unit in units(_OLD) if unit.successor}


@cache
def _names(map_number: int) -> tuple[tuple[str, str], ...]:
    """Return every accepted name with its id."""
    unit_names = [(stage.name, unit.id) for unit in units(map_number) for stage in unit.stages]
    aliases = [(alias, unit.id) for unit in units(map_number) for alias in unit.aliases]
    return (*((name, NATIONWIDE.id) for name in _NATIONWIDE_NAMES), *unit_names, *aliases)


@cache
def _spellings(map_number: int) -> Spellings:
    return place_names.spellings(_names(map_number))


@cache
def _phrases(map_number: int) -> Phrases:
    of_units = [(name, unit_id) for name, unit_id in _names(map_number) if unit_id != NATIONWIDE.id]
    return place_names.phrases(of_units, registry().homonyms)


@cache
def _homes() -> Mapping[str, str]:
    """Return, by the key of each town and island, the id in the 63 of the unit that it lies in."""
    towns = {key_of(words_of(town)): home for home, towns in registry().towns.items() for town in towns}
    return towns | {key_of(words_of(island.name)): island.parent for island in islands(_OLD)}


@cache
def _region_keys() -> frozenset[str]:
    of_maps = (region.name for map_number in (_OLD, _NEW) for region in regions(map_number))
    return frozenset(key_of(words_of(name)) for name in (*of_maps, *registry().regions))

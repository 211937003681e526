"""Provinces and centrally run cities, the 63 until June 2025 and the 34 since: which one a text names on a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import NoReturn

from msgspec import Struct

from bulletin.problems import CURLY_QUOTES, named_signs, refuse
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
from bulletin.vietnamese.text import MAX_QUOTED, clean, clip, fold, nearest, sort_key

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
# What people write for news of the whole company or country, folded, as the first words of a text.
_MEANT_NATIONWIDE = tuple(
    tuple(phrase.split())
    for phrase in (
        *("tru so", "hoi so", "van phong", "tap doan", "tong cong ty", "cong ty me", "ban lanh dao", "noi bo"),
        *("toan cong ty", "toan tap doan", "toan tong cong ty", "toan he thong", "toan nganh", "toan dan"),
        *("trung uong", "chinh phu", "quoc hoi", "bo", "quoc gia", "viet nam", "dat nuoc", "khap ca nuoc"),
        *("tat ca", "nhieu tinh", "cac dia phuong", "nhieu dia phuong", "cac don vi", "63 tinh", "34 tinh"),
        *("viettel", "headquarters", "nationwide", "vietnam"),
    )
)
_QUOTES = f"{CURLY_QUOTES}«»"
# A dash does not separate names: «Bà Rịa - Vũng Tàu» is one.
_BETWEEN_NAMES = re.compile(r"[,;/]|\s(?:và|va|&)\s", re.IGNORECASE)


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
    """Return the units of a map, in the Vietnamese order of their first names."""
    return registry().maps[map_number].units


def unit(unit_id: str, map_number: int) -> Unit:
    """Return the unit; raise KeyError if the map has none with that id."""
    return _by_id(map_number)[unit_id]


def regions(map_number: int) -> tuple[Region, ...]:
    """Return the six regions of a map, I to VI."""
    return registry().maps[map_number].regions


def islands(map_number: int) -> tuple[Island, ...]:
    """Return Hoàng Sa and Trường Sa, which every map shows."""
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


def resolve(text: str, day: date, *, of_deal: bool = False) -> Resolved:
    """Return the place that a text names on a day; raise Refused with the reason and, if there is one, the remedy.

    The remedy for the province `of_deal` is one province, never a list or the whole country.
    """
    match = _match(text, map_number_on(day))
    if match is None:
        _refuse(text, day, of_deal=of_deal)
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


def _refuse(text: str, day: date, *, of_deal: bool) -> NoReturn:
    cleaned = clean(text)
    clipped = clip(cleaned, MAX_QUOTED)
    bare = cleaned.strip(_QUOTES + " ")
    if bare != cleaned:
        odd = named_signs(sign for sign in cleaned if sign in _QUOTES)
        refuse("province-quotes", found=clipped, odd=odd, name=clip(bare, MAX_QUOTED))
    if several := _several(cleaned, day):
        if of_deal:
            refuse("deal-province-several", found=clipped)
        refuse("province-several", found=clipped, listed=_listed(several, day))
    words = words_of_unit(cleaned)
    _refuse_gone(key_of(words), day)
    # Both keys are tried, because words_of_other takes the beginning of «Vũng Tàu» for the title «vùng».
    for key in (key_of(words), key_of(words_of_other(cleaned))):
        _refuse_other(clipped, key, day, of_deal=of_deal)
    near = _meant_nationwide(cleaned, day) or _near(" ".join(words), day)
    offered = _offered((unit_id for unit_id in near if not of_deal or unit_id != NATIONWIDE.id), day)
    if of_deal and not offered:
        refuse("deal-province-unknown", found=clipped)
    refuse("unknown-province", found=clipped, near=offered)


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


def _refuse_other(clipped: str, key: str, day: date, *, of_deal: bool) -> None:
    """Refuse a known name that is no unit's: that of a town, an island or a region, or initials."""
    map_number = map_number_on(day)
    if key in _homes():
        home = unit(_homes()[key] if map_number == _OLD else successor(_homes()[key]), map_number)
        refuse("province-place", found=clipped, name=home.name_on(day), full=_in_a_sentence(home, day))
    if key in _region_keys():
        if of_deal:
            refuse("deal-province-region", found=clipped)
        refuse("province-region", found=clipped)
    for known in (units(map_number), units(_OLD)):
        meant = [unit.id for unit in known if initials(unit.name_on(day)) == key]
        if meant:
            refuse("province-shorthand", found=clipped, near=_offered(meant, day))


def _several(text: str, day: date) -> list[str]:
    """Return the ids in a text that consists of several names; empty for any other text."""
    parts = [part for part in _BETWEEN_NAMES.split(text) if part.strip()]
    matches = [_match(part, map_number_on(day)) or _match(part, _OLD) for part in parts]
    known = [match[0] for match in matches if match]
    return known if len(known) == len(parts) > 1 else []


def _listed(unit_ids: Iterable[str], day: date) -> str:
    """Return the names as the list that is right on a day, and what became of those units that are gone by then."""
    former = _former_by_name(unit_ids, day)
    became = [f"{', '.join(gone)} → {name}" for name, gone in former.items() if gone]
    return f"[{', '.join(former)}]" + (f" ({'; '.join(became)})" if became else "")


def _meant_nationwide(text: str, day: date) -> list[str]:
    """Return the id of the whole country if a text begins with words for it, after those of the units that it names."""
    words = tuple(map(fold, words_of(text)))
    if not any(words[: len(phrase)] == phrase for phrase in _MEANT_NATIONWIDE):
        return []
    return [*place_names.ids_in(text, _phrases(map_number_on(day))), NATIONWIDE.id]


def _near(text: str, day: date) -> list[str]:
    """Return the ids of names that a text resembles, in any of their spellings, also those of units that are gone."""
    ids_by_name = dict((*_names(_OLD), *_names(map_number_on(day))))
    return [ids_by_name[name] for name in nearest(text, ids_by_name, n=9)]


def _offered(unit_ids: Iterable[str], day: date) -> str:
    """Return up to three names that may be written on a day; after each the units that became part of it by then."""
    former = _former_by_name(unit_ids, day).items()
    offered = (f"«{name}» ({', '.join(gone)} → {name})" if gone else f"«{name}»" for name, gone in former)
    return ", ".join(list(offered)[:3])


def _former_by_name(unit_ids: Iterable[str], day: date) -> Mapping[str, list[str]]:
    """Return the names that units have on a day, or that they became part of; with each the units that are gone."""
    former: dict[str, list[str]] = {}
    for unit_id in dict.fromkeys(unit_ids):
        is_gone = unit_id != NATIONWIDE.id and unit_id not in _by_id(map_number_on(day))
        gone = former.setdefault(_place(successor(unit_id) if is_gone else unit_id, day).name, [])
        if is_gone:
            gone.append(unit(unit_id, _OLD).name_on(day))
    return former


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

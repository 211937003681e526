"""Provinces and centrally run cities: the 63 up to June 2025, the 34 since; what a text means by one on a day."""

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
    "EDITIONS",
    "NATIONWIDE",
    "Island",
    "Place",
    "Region",
    "Resolved",
    "Unit",
    "edition_on",
    "ids",
    "islands",
    "named_in",
    "names",
    "predecessors",
    "regions",
    "resolve",
    "successor",
    "unit",
    "units",
]

EDITIONS = _OLD, _NEW = 63, 34
_NATIONWIDE_NAMES = ("Toàn quốc", "Cả nước")
_QUOTES = "“”„‟‘’‚‛«»"
# Not a dash: «Bà Rịa - Vũng Tàu» is one name.
_BETWEEN_NAMES = re.compile(r"[,;/]|\s(?:và|va|&)\s", re.IGNORECASE)
_LONGEST_SHOWN = 60


class Place(Struct, frozen=True, kw_only=True, array_like=True):
    """Where an item's news happened: a unit under its name of that day, or the whole country."""

    id: str
    edition: int | None
    name: str


NATIONWIDE = Place(id="toan-quoc", edition=None, name=_NATIONWIDE_NAMES[0])


class Resolved(Struct, frozen=True, kw_only=True, array_like=True):
    """The place a text names; `misspelt` deserves a warning, `folded` (no accents, or tones elsewhere) does not."""

    place: Place
    spelling: Spelling


def edition_on(day: date) -> int:
    """Return 63 or 34."""
    return _NEW if day >= registry().editions[_NEW].since else _OLD


def units(edition: int) -> tuple[Unit, ...]:
    """Return the units in the Vietnamese order of their (first) names."""
    return registry().editions[edition].units


def unit(unit_id: str, edition: int) -> Unit:
    """Return the unit; raise KeyError where the edition has none of that id."""
    return _by_id(edition)[unit_id]


def regions(edition: int) -> tuple[Region, ...]:
    """Return the six regions, I to VI."""
    return registry().editions[edition].regions


def islands(edition: int) -> tuple[Island, ...]:
    """Return Hoàng Sa and Trường Sa, which every map of the edition shows."""
    return registry().editions[edition].islands


def successor(id_in_63: str) -> str:
    """Return the id in the 34 of the unit that took the whole of this one in."""
    return _successors()[id_in_63]


def predecessors(id_in_34: str) -> tuple[str, ...]:
    """Return the ids in the 63 of the units that this one was made of, in the order of their names."""
    return tuple(old for old, new in _successors().items() if new == id_in_34)


@cache
def ids() -> tuple[str, ...]:
    """Return the ids of both editions, each once, in the Vietnamese order of their names."""
    names = {unit.id: unit.stages[0].name for unit in (*units(_OLD), *units(_NEW))}
    return tuple(sorted(names, key=lambda unit_id: sort_key(names[unit_id])))


@cache
def names(unit_id: str) -> tuple[str, ...]:
    """Return all that an id is called in either edition: the name it had first, its later ones, its aliases."""
    return tuple(dict.fromkeys(name for edition in EDITIONS for name, found in _names(edition) if found == unit_id))


def resolve(text: str, day: date) -> Resolved:
    """Return the place a text names on a day; raise Refused with the reason and, where there is one, the remedy."""
    matched = _match(text, edition_on(day))
    if matched is None:
        _refuse(text, day)
    unit_id, spelling = matched
    return Resolved(place=_place(unit_id, day), spelling=spelling)


def named_in(title: str, day: date) -> tuple[Place, ...]:
    """Return the units a title names by capitalised, fully accented words, each once, in the title's order."""
    return tuple(_place(unit_id, day) for unit_id in place_names.ids_in(title, _phrases(edition_on(day))))


@lru_cache(maxsize=4096)
def _match(text: str, edition: int) -> tuple[str, Spelling] | None:
    shown = clean(text)
    return _spellings(edition).match(shown) if shown == shown.strip(_QUOTES) else None


def _place(unit_id: str, day: date) -> Place:
    if unit_id == NATIONWIDE.id:
        return NATIONWIDE
    found = unit(unit_id, edition_on(day))
    return Place(id=found.id, edition=found.edition, name=found.name_on(day))


def _refuse(text: str, day: date) -> NoReturn:
    shown = clean(text)
    found = clip(shown, _LONGEST_SHOWN)
    bare = shown.strip(_QUOTES + " ")
    if bare != shown:
        refuse("province-quotes", found=found, name=clip(bare, _LONGEST_SHOWN))
    listed = _listed(shown, day)
    if listed:
        refuse("province-several", found=found, listed=f"[{', '.join(listed)}]")
    words = words_of_unit(shown)
    _refuse_gone(key_of(words), day)
    # Both keys, for «Vũng Tàu» does not begin with «vùng».
    for key in (key_of(words), key_of(words_of_other(shown))):
        _refuse_other(found, key, day)
    refuse("unknown-province", found=found, near=_quoted(_near(" ".join(words), day)))


def _refuse_gone(key: str, day: date) -> None:
    """Refuse a unit that is no more on that day, naming what it went into."""
    former = next((former for former in registry().former if key_of(words_of(former.name)) == key), None)
    if former:
        name, into, since = former.name, former.into, former.since
    elif key in _spellings(_OLD).misspelt:
        old = unit(_spellings(_OLD).misspelt[key], _OLD)
        name, into, since = old.stages[0].name, successor(old.id), registry().editions[_NEW].since
    else:
        return
    home = unit(into, edition_on(day))
    refuse(
        "province-gone",
        name=name,
        into=home.name_on(day),
        full=_in_a_sentence(home, day),
        day=f"{since:%d}",
        month=f"{since:%m}",
        year=f"{since:%Y}",
    )


def _refuse_other(found: str, key: str, day: date) -> None:
    """Refuse what is known, but is no unit: a town or an island, a region, initials."""
    edition = edition_on(day)
    if key in _homes():
        home = unit(_homes()[key] if edition == _OLD else successor(_homes()[key]), edition)
        refuse("province-place", found=found, name=home.name_on(day), full=_in_a_sentence(home, day))
    if key in _region_keys():
        refuse("province-region", found=found)
    for known in (units(edition), units(_OLD)):
        meant = [name for name in (unit.name_on(day) for unit in known) if initials(name) == key]
        if meant:
            refuse("province-shorthand", found=found, near=_quoted(meant))


def _listed(text: str, day: date) -> list[str]:
    """Return the names in a text that holds several and nothing else."""
    parts = [part for part in _BETWEEN_NAMES.split(text) if part.strip()]
    matches = [_match(part, edition_on(day)) or _match(part, _OLD) for part in parts]
    known = [match[0] for match in matches if match]
    return [_called(unit_id, day) for unit_id in known] if len(known) == len(parts) > 1 else []


def _near(text: str, day: date) -> list[str]:
    """Return up to three names that a text is like, or another spelling of which it is like."""
    ids_by_name = dict((*_names(_OLD), *_names(edition_on(day))))
    found = nearest(text, ids_by_name, n=9)
    return list(dict.fromkeys(_called(ids_by_name[name], day) for name in found))[:3]


def _called(unit_id: str, day: date) -> str:
    """Return the name of a unit that there is on a day, or was."""
    there_is = unit_id == NATIONWIDE.id or unit_id in _by_id(edition_on(day))
    return _place(unit_id, day).name if there_is else unit(unit_id, _OLD).name_on(day)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"«{name}»" for name in names)


def _in_a_sentence(unit: Unit, day: date) -> str:
    full = unit.full_name_on(day)
    return full[0].lower() + full[1:]


@cache
def _by_id(edition: int) -> Mapping[str, Unit]:
    return {unit.id: unit for unit in units(edition)}


@cache
def _successors() -> Mapping[str, str]:
    return {unit.id: unit.successor for unit in units(_OLD) if unit.successor}


@cache
def _names(edition: int) -> tuple[tuple[str, str], ...]:
    """Return every accepted spelling with its id."""
    own = [(stage.name, unit.id) for unit in units(edition) for stage in unit.stages]
    others = [(alias, unit.id) for unit in units(edition) for alias in unit.aliases]
    return (*((name, NATIONWIDE.id) for name in _NATIONWIDE_NAMES), *own, *others)


@cache
def _spellings(edition: int) -> Spellings:
    return place_names.spellings(_names(edition))


@cache
def _phrases(edition: int) -> Phrases:
    of_units = [(name, unit_id) for name, unit_id in _names(edition) if unit_id != NATIONWIDE.id]
    return place_names.phrases(of_units, registry().homonyms)


@cache
def _homes() -> Mapping[str, str]:
    """Return the ids in the 63 by the keys of the towns and islands that lie in them."""
    towns = {key_of(words_of(town)): home for home, towns in registry().towns.items() for town in towns}
    return towns | {key_of(words_of(island.name)): island.parent for island in islands(_OLD)}


@cache
def _region_keys() -> frozenset[str]:
    own = (region.name for edition in (_OLD, _NEW) for region in regions(edition))
    return frozenset(key_of(words_of(name)) for name in (*own, *registry().regions))

"""The shape of provinces.json: units in two editions, the archipelagos, and names near to a unit's that are no unit.

An id means a territory only together with its edition: `thai-nguyen` of the 34 holds Bắc Kạn too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pkgutil import get_data
from typing import Any, Literal

from msgspec import Struct

from bulletin.vietnamese.text import sort_key

Kind = Literal["province", "city"]
Tile = tuple[int, int]

_TITLES: Mapping[Kind, str] = {"province": "Tỉnh", "city": "Thành phố"}


class Stage(Struct, frozen=True, kw_only=True):
    """What a unit is called, and what it is, from a day on."""

    since: date
    name: str
    kind: Kind


class Unit(Struct, frozen=True, kw_only=True):
    """A province or centrally run city of one edition."""

    id: str
    edition: int
    region: str
    "Numeral of its region, I to VI."
    tile: Tile
    "Column and row in the edition's map."
    aliases: tuple[str, ...]
    successor: str | None
    "Id in the 34 of what a unit of the 63 went into as a whole; None in the 34."
    stages: tuple[Stage, ...]
    "Oldest first; the first holds for the days before it too."

    def name_on(self, day: date) -> str:
        return self._stage_on(day).name

    def kind_on(self, day: date) -> Kind:
        return self._stage_on(day).kind

    def full_name_on(self, day: date) -> str:
        return f"{_TITLES[self.kind_on(day)]} {self.name_on(day)}"

    def _stage_on(self, day: date) -> Stage:
        if len(self.stages) == 1:
            return self.stages[0]
        return next((stage for stage in reversed(self.stages) if stage.since <= day), self.stages[0])


class Region(Struct, frozen=True, kw_only=True):
    """A region of one edition; its numeral may name another one in the other edition."""

    numeral: str
    name: str


class Island(Struct, frozen=True, kw_only=True):
    """An archipelago: on every map, in no list and no count."""

    id: str
    name: str
    label: str
    parent: str
    "Id of the unit whose value it shows."
    tile: Tile


class Edition(Struct, frozen=True, kw_only=True):
    """The units of one time, in the Vietnamese order of their (first) names."""

    since: date
    units: tuple[Unit, ...]
    regions: tuple[Region, ...]
    islands: tuple[Island, ...]


class Former(Struct, frozen=True, kw_only=True):
    """A unit that was no more when the first edition began."""

    name: str
    into: str
    "Id, in both editions, of the unit that it went into."
    since: date


class Registry(Struct, frozen=True, kw_only=True):
    """All that is known of places."""

    editions: Mapping[int, Edition]
    towns: Mapping[str, tuple[str, ...]]
    "Towns and islands that are no units, by the id in the 63 of the unit they lie in."
    regions: tuple[str, ...]
    "Names of regions that belong to no edition."
    former: tuple[Former, ...]
    homonyms: tuple[str, ...]
    "Names that begin as a unit's or are a unit's, and mostly mean something else."


@cache
def registry() -> Registry:
    """Return the registry of this package."""
    data = get_data(__package__, "provinces.json")
    assert data is not None
    raw = json.loads(data)
    return Registry(
        editions={int(number): _edition(raw, number) for number in raw["editions"]},
        towns={home: tuple(towns) for home, towns in raw["towns"].items()},
        regions=tuple(raw["regions"]),
        former=tuple(
            Former(name=one["name"], into=one["into"], since=date.fromisoformat(one["from"])) for one in raw["former"]
        ),
        homonyms=tuple(raw["homonyms"]),
    )


def _edition(raw: Mapping[str, Any], number: str) -> Edition:
    own = raw["editions"][number]
    since = date.fromisoformat(own["from"])
    units = (_unit(unit, int(number), since) for unit in own["units"])
    return Edition(
        since=since,
        units=tuple(sorted(units, key=lambda unit: sort_key(unit.stages[0].name))),
        regions=tuple(Region(numeral=numeral, name=name) for numeral, name in own["regions"].items()),
        islands=tuple(_island(island, number) for island in raw["islands"]),
    )


def _unit(raw: Mapping[str, Any], edition: int, since: date) -> Unit:
    first = Stage(since=since, name=raw["name"], kind=raw["kind"])
    later = (
        Stage(since=date.fromisoformat(change["from"]), name=change.get("name", first.name), kind=change["kind"])
        for change in raw.get("changes", ())
    )
    return Unit(
        id=raw["id"],
        edition=edition,
        region=raw["region"],
        tile=_tile(raw["tile"]),
        aliases=tuple(raw.get("aliases", ())),
        successor=raw.get("became"),
        stages=(first, *later),
    )


def _island(raw: Mapping[str, Any], edition: str) -> Island:
    return Island(
        id=raw["id"], name=raw["name"], label=raw["label"], parent=raw["parent"], tile=_tile(raw["tiles"][edition])
    )


def _tile(raw: list[int]) -> Tile:
    column, row = raw
    return column, row

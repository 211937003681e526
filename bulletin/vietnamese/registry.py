"""The structure of provinces.json: units in two maps, the archipelagos, and other names of places.

An id identifies a territory only together with its map: `thai-nguyen` of the 34 includes Bắc Kạn.
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
    """The name and kind of a unit from a day on."""

    since: date
    name: str
    kind: Kind


class Unit(Struct, frozen=True, kw_only=True):
    """A province or centrally run city of one map."""

    id: str
    map_number: int
    region: str
    "Numeral of its region, I to VI."
    tile: Tile
    "Column and row in the map's map."
    aliases: tuple[str, ...]
    successor: str | None
    "Id in the 34 of the unit that includes the whole of a unit of the 63; None for a unit of the 34."
    stages: tuple[Stage, ...]
    "Oldest first; the first also holds for the days before it."

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
    """A region of one map; the same numeral may mean another region in the other map."""

    numeral: str
    name: str


class Island(Struct, frozen=True, kw_only=True):
    """An archipelago: shown on every map, but in no list and in no count of units."""

    id: str
    name: str
    label: str
    parent: str
    "Id of the unit whose value its tile shows."
    tile: Tile


class ProvinceMap(Struct, frozen=True, kw_only=True):
    """The units that exist from a day on, in the Vietnamese order of their first names."""

    since: date
    units: tuple[Unit, ...]
    regions: tuple[Region, ...]
    islands: tuple[Island, ...]


class Former(Struct, frozen=True, kw_only=True):
    """A unit that no longer existed when the first map began."""

    name: str
    into: str
    "Id, the same in both maps, of the unit that it became part of."
    since: date


class Registry(Struct, frozen=True, kw_only=True):
    """Everything that provinces.json says about places."""

    maps: Mapping[int, ProvinceMap]
    towns: Mapping[str, tuple[str, ...]]
    "Towns and islands that are no units, by the id in the 63 of the unit that they lie in."
    regions: tuple[str, ...]
    "Names of regions that belong to no map."
    former: tuple[Former, ...]
    homonyms: tuple[str, ...]
    "Names that equal a unit's name or begin with it, but mostly mean something else."


@cache
def registry() -> Registry:
    """Return the registry, read from provinces.json."""
    data = get_data(__package__, "provinces.json")
    assert data is not None
    raw = json.loads(data)
    return Registry(
        maps={int(number): _map(raw, number) for number in raw["maps"]},
        towns={home: tuple(towns) for home, towns in raw["towns"].items()},
        regions=tuple(raw["regions"]),
        former=tuple(
            Former(name=old["name"], into=old["into"], since=date.fromisoformat(old["from"])) for old in raw["former"]
        ),
        homonyms=tuple(raw["homonyms"]),
    )


def _map(raw: Mapping[str, Any], number: str) -> ProvinceMap:
    map_number = raw["maps"][number]
    since = date.fromisoformat(map_number["from"])
    units = (_unit(unit, int(number), since) for unit in map_number["units"])
    return ProvinceMap(
        since=since,
        units=tuple(sorted(units, key=lambda unit: sort_key(unit.stages[0].name))),
        regions=tuple(Region(numeral=numeral, name=name) for numeral, name in map_number["regions"].items()),
        islands=tuple(_island(island, number) for island in raw["islands"]),
    )


def _unit(raw: Mapping[str, Any], map_number: int, since: date) -> Unit:
    first = Stage(since=since, name=raw["name"], kind=raw["kind"])
    later = (
        Stage(since=date.fromisoformat(change["from"]), name=change.get("name", first.name), kind=change["kind"])
        for change in raw.get("changes", ())
    )
    return Unit(
        id=raw["id"],
        map_number=map_number,
        region=raw["region"],
        tile=_tile(raw["tile"]),
        aliases=tuple(raw.get("aliases", ())),
        successor=raw.get("became"),
        stages=(first, *later),
    )


def _island(raw: Mapping[str, Any], map_number: str) -> Island:
    return Island(
        id=raw["id"], name=raw["name"], label=raw["label"], parent=raw["parent"], tile=_tile(raw["tiles"][map_number])
    )


def _tile(raw: list[int]) -> Tile:
    column, row = raw
    return column, row

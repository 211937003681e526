"""The tile map: a tile for each unit about where it lies, in up to four shades; every map shows both archipelagos."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from bulletin.model import Total
from bulletin.pages.deals import total
from bulletin.vietnamese import provinces

MAX_STEPS = 4
_SHADES: Mapping[int, tuple[int, ...]] = {0: (), 1: (3,), 2: (2, 4), 3: (1, 2, 4), 4: (1, 2, 3, 4)}
"""The shades by number of steps: fewer steps use shades that are further apart."""
_LONGEST_LABEL = 5
_LONGEST_LINE = 8
"""Letters that stand beside one another on a tile of a wide screen; a longer name has two lines."""
_NOTE_COLUMNS = 4
"""Columns at the left that what is told of a tile needs: west of the coast there is room for it."""

Measure = Literal["deals", "items"]


class Count(Struct, frozen=True, kw_only=True):
    """The items and deals of a unit."""

    items: int
    total: Total


class Tile(Struct, frozen=True, kw_only=True):
    """The tile of a unit or, with its parent's numbers, of an archipelago; `shade` is 0 if `value` is."""

    unit: str
    """Id of the unit whose page the tile links to."""
    name: str
    label: str
    lines: tuple[str, ...]
    """The whole name on one or two lines."""
    column: int
    row: int
    count: Count
    value: int
    shade: int
    is_archipelago: bool


class Step(Struct, frozen=True, kw_only=True):
    """A range of values, both ends included, that has one shade, 1 to 4."""

    shade: int
    least: int
    most: int


class TileMap(Struct, frozen=True, kw_only=True):
    """A map of one map, its tiles from north to south; it counts deals or, as long as there are none, items."""

    measure: Measure
    columns: int
    rows: int
    note_row: int
    """The first of the rows that are free at the left, where the map tells of one tile."""
    tiles: tuple[Tile, ...]
    steps: tuple[Step, ...]


NOTHING = Count(items=0, total=total(()))


def tile_map(map_number: int, day: date, counts: Mapping[str, Count]) -> TileMap:
    """Return a map with the names of a day; `counts` has unit ids as keys and may leave out units."""
    measure: Measure = "deals" if any(count.total.count for count in counts.values()) else "items"
    values = {unit: count.total.count if measure == "deals" else count.items for unit, count in counts.items()}
    steps = steps_of(values.values())
    tiles = []
    for unit, name, label, (column, row), is_archipelago in _placements(map_number, day):
        value = values.get(unit, 0)
        tiles.append(
            Tile(
                unit=unit,
                name=name,
                label=label,
                lines=lines_of(name),
                column=column,
                row=row,
                count=counts.get(unit, NOTHING),
                value=value,
                shade=next((step.shade for step in steps if step.least <= value <= step.most), 0),
                is_archipelago=is_archipelago,
            )
        )
    rows = 1 + max(tile.row for tile in tiles)
    return TileMap(
        measure=measure,
        columns=1 + max(tile.column for tile in tiles),
        rows=rows,
        note_row=_note_row({tile.row for tile in tiles if tile.column < _NOTE_COLUMNS}, rows),
        tiles=tuple(sorted(tiles, key=lambda tile: (tile.row, tile.column))),
        steps=steps,
    )


def steps_of(values: Iterable[int]) -> tuple[Step, ...]:
    """Return up to four ranges that cover all values above 0: one for each value or, for more values, quartiles."""
    ascending = sorted(value for value in values if value > 0)
    starts = sorted(set(ascending))
    if len(starts) > MAX_STEPS:
        starts = sorted({ascending[len(ascending) * quarter // MAX_STEPS] for quarter in range(MAX_STEPS)})
    ends = [max(value for value in ascending if value < after) for _, after in pairwise(starts)] + ascending[-1:]
    shades = _SHADES[len(starts)]
    return tuple(
        Step(shade=shade, least=least, most=most) for shade, least, most in zip(shades, starts, ends, strict=True)
    )


@cache
def labels(names: tuple[str, ...]) -> dict[str, str]:
    """Return for each name a label that fits on a tile: its initials or, if another name shares them, more of it."""
    chosen: dict[str, str] = {}
    for shorten in (_initials, _last_word, _first_word):
        shortened = {name: shorten(name) for name in names if name not in chosen}
        uses = Counter(shortened.values())
        chosen |= {name: label for name, label in shortened.items() if uses[label] == 1 or shorten is _first_word}
    return chosen


@cache
def lines_of(name: str) -> tuple[str, ...]:
    """Return a name on the lines of its tile; that of an archipelago without its province: «QĐ.», «Hoàng Sa»."""
    if name.startswith(_ARCHIPELAGO):
        return (_ARCHIPELAGO, name.removeprefix(_ARCHIPELAGO).partition("(")[0].strip())
    if len(name) <= _LONGEST_LINE:
        return (name,)
    words = name.split()
    halves = ((" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words)))
    return min(halves, key=lambda lines: max(map(len, lines)))


def _note_row(taken: AbstractSet[int], rows: int) -> int:
    """Return the first of the most rows one below another that are not taken."""
    free = (
        (first, next(row for row in range(first, rows + 1) if row in taken or row == rows)) for first in range(rows)
    )
    return max(free, key=lambda run: (run[1] - run[0], -run[0]))[0]


def _initials(name: str) -> str:
    words = _words(name)
    return "".join(word[0] for word in words) if len(words) > 1 else name


def _last_word(name: str) -> str:
    *others, last = _words(name)
    return ("".join(word[0] for word in others) + last)[:_LONGEST_LABEL]


def _first_word(name: str) -> str:
    first, *others = _words(name)
    return first + "".join(word[0] for word in others)


def _words(name: str) -> list[str]:
    return name.replace("-", " ").split()


_ARCHIPELAGO = "QĐ."
_Placement = tuple[str, str, str, tuple[int, int], bool]
"""Unit id, name, label, (column, row), whether it is an archipelago."""


def _placements(map_number: int, day: date) -> Iterable[_Placement]:
    """Yield the placement of every unit, then of both archipelagos, each with the id of its parent unit."""
    units = provinces.units(map_number)
    label_of = labels(tuple(unit.name_on(day) for unit in units))
    for unit in units:
        yield unit.id, unit.name_on(day), label_of[unit.name_on(day)], unit.tile, False
    for island in provinces.islands(map_number):
        yield island.parent, island.label, _last_word(island.name), island.tile, True

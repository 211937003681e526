"""Hugo with pages equal to Bản tin's: the same lists, tables, charts, metas, feeds and data files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.generators import hugo
from bench.generators.protocol import Generator
from bench.items import LAST_DAY, News
from bench.tools import REPOSITORY, install_python_tools
from bulletin.pages.tile_map import Tile, tile_map
from bulletin.vietnamese import provinces

MAP = provinces.map_number_on(LAST_DAY)
NEW_MAP = provinces.MAP_NUMBERS[-1]
NATIONWIDE = provinces.NATIONWIDE


def _furnish(site: Path) -> None:
    shutil.copytree(REPOSITORY / "templates" / "assets", site / "static" / "assets")
    for unit, header in _provinces():
        folder = site / "content" / "provinces" / unit
        folder.mkdir()
        _write(folder / "_index.md", header)
    data = site / "data"
    data.mkdir()
    _write(data / "provinces.json", _order())
    _write(data / "aliases.json", {unit: provinces.names(unit) for unit in provinces.ids()})
    _write(data / "map.json", _map())


def _write(file: Path, value: object) -> None:
    # Front matter may be JSON too.
    file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _provinces() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the id of each province and the header of its page."""
    for unit in provinces.units(MAP):
        yield unit.id, _header_of(unit)
    for unit in provinces.units(NEW_MAP):
        if unit.id not in _ids(MAP):
            yield unit.id, _header_of(unit) | {"is_new": True, "later": {"made_of": provinces.predecessors(unit.id)}}
    yield NATIONWIDE.id, {"title": NATIONWIDE.name}


def _header_of(unit: provinces.Unit) -> dict[str, Any]:
    header = {
        "title": unit.name_on(LAST_DAY),
        "full_name": unit.full_name_on(LAST_DAY),
        "region": _region(unit),
        "zone": f"{unit.map_number}-{unit.region}",
    }
    if unit.successor and unit.successor != unit.id:
        header["became"] = unit.successor
    elif unit.successor:
        header |= _later(unit, provinces.unit(unit.successor, NEW_MAP))
    return header


def _later(unit: provinces.Unit, new: provinces.Unit) -> dict[str, Any]:
    """Return what a province that kept its name became in July 2025; nothing if it stayed as it was."""
    others = [one for one in provinces.predecessors(new.id) if one != unit.id]
    full_name = new.full_name_on(new.stages[0].since)
    if not others and full_name == unit.full_name_on(LAST_DAY):
        return {}
    later: dict[str, Any] = {"made_of": others}
    if full_name != unit.full_name_on(LAST_DAY):
        later["full_name"] = full_name
    if _region(new) != _region(unit):
        later["region"] = _region(new)
    return {"later": later}


def _region(unit: provinces.Unit) -> str:
    return next(one.name for one in provinces.regions(unit.map_number) if one.numeral == unit.region)


def _ids(map_number: int) -> list[str]:
    return [unit.id for unit in provinces.units(map_number)]


def _order() -> dict[str, Any]:
    """Return the provinces in the order of their names, and those of each region."""
    regions = [
        {
            "name": region.name,
            "zone": f"{MAP}-{region.numeral}",
            "units": [unit.id for unit in provinces.units(MAP) if unit.region == region.numeral],
        }
        for region in provinces.regions(MAP)
    ]
    return {"order": [*provinces.ids(), NATIONWIDE.id], "units": len(provinces.units(MAP)), "regions": regions}


def _map() -> dict[str, Any]:
    """Return the tiles with their places in hundredths of the map."""
    drawn = tile_map(MAP, LAST_DAY, {})
    tiles = [_tile(tile, drawn.columns, drawn.rows) for tile in drawn.tiles]
    return {"note": _part(drawn.note_row + 1, drawn.rows), "tiles": tiles}


def _tile(tile: Tile, columns: int, rows: int) -> dict[str, Any]:
    return {
        "unit": tile.unit,
        "name": tile.name,
        "label": tile.label,
        "lines": tile.lines,
        "archipelago": tile.is_archipelago,
        "x": _part(tile.column + 0.04, columns),
        "y": _part(tile.row + 0.03, rows),
        "middle": _part(tile.column + 0.5, columns),
        "top": _part(tile.row, rows),
        "bottom": _part(tile.row + 1, rows),
    }


def _part(numerator: float, denominator: int) -> str:
    return f"{1000 * numerator // denominator / 10:g}%"


def _header(news: News) -> str:
    place = provinces.resolve(news.province, news.day).place.id
    lines = [
        f"title: {json.dumps(news.title, ensure_ascii=False)}",
        f"provinces: [{place}]",
        f'months: ["{news.day:%Y-%m}"]',
        f'years: ["{news.day:%Y}"]',
    ]
    if news.value:
        lines.append("deal: true")
        billions = news.value.partition(" ")[0]
        lines += [f"dong: {billions}000000000"] if billions.isdecimal() else []
    return "---\n" + "\n".join(lines) + "\n---\n"


HUGO_EQUAL = Generator(
    name="hugo-equal",
    install=install_python_tools,
    version=hugo.HUGO.version,
    furnish=_furnish,
    command=hugo.HUGO.command,
    items="content/tin",
    header=_header,
    template="layouts/baseof.html",
    output="public",
)

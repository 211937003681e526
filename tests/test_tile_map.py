"""The tile map: its tiles, their labels, and the steps of its shades."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.model import Total
from bulletin.pages.tile_map import MAX_STEPS, Count, labels, lines_of, steps_of, tile_map
from bulletin.vietnamese import provinces

DAYS = {63: date(2016, 12, 25), 34: date(2025, 7, 2)}


def count(deals: int, items: int = 1) -> Count:
    return Count(items=items, total=Total(count=deals, disclosed=0, dong=0, approximate=False))


@pytest.mark.parametrize("map_number", DAYS)
def test_every_unit_and_both_archipelagos_have_a_place_of_their_own(map_number: int) -> None:
    found = tile_map(map_number, DAYS[map_number], {})
    assert len({(tile.column, tile.row) for tile in found.tiles}) == map_number + 2
    assert {tile.name for tile in found.tiles if tile.is_archipelago} == {
        "QĐ. Hoàng Sa (Đà Nẵng)",
        "QĐ. Trường Sa (Khánh Hòa)",
    }
    assert {tile.shade for tile in found.tiles} == {0}
    assert all(tile.column < found.columns and tile.row < found.rows for tile in found.tiles)


@pytest.mark.parametrize("map_number", DAYS)
def test_an_archipelago_has_the_shade_and_the_page_of_its_parent(map_number: int) -> None:
    found = tile_map(map_number, DAYS[map_number], {"da-nang": count(3), "khanh-hoa": count(1)})
    for island, parent in (("QĐ. Hoàng Sa (Đà Nẵng)", "da-nang"), ("QĐ. Trường Sa (Khánh Hòa)", "khanh-hoa")):
        tiles = [tile for tile in found.tiles if tile.unit == parent]
        assert island in {tile.name for tile in tiles}
        assert len({(tile.shade, tile.value) for tile in tiles}) == 1
        assert tiles[0].shade > 0


def test_before_there_are_deals_the_map_shows_items() -> None:
    assert tile_map(63, DAYS[63], {"hue": count(0, items=2)}).measure == "items"
    assert tile_map(63, DAYS[63], {"ha-noi": count(0, items=2), "ca-mau": count(1)}).measure == "deals"


@pytest.mark.parametrize("map_number", DAYS)
def test_labels_are_short_and_no_two_are_the_same(map_number: int) -> None:
    names = tuple(unit.name_on(DAYS[map_number]) for unit in provinces.units(map_number))
    found = labels(names)
    assert len(set(found.values())) == len(found) == map_number
    assert max(map(len, found.values())) <= 5
    assert found["Hồ Chí Minh"] == "HCM"


@pytest.mark.parametrize("map_number", DAYS)
def test_whole_names_stand_on_two_lines_at_most(map_number: int) -> None:
    for tile in tile_map(map_number, DAYS[map_number], {}).tiles:
        assert len(tile.lines) <= 2
        assert max(map(len, tile.lines)) <= 9
        assert " ".join(tile.lines) in tile.name
    assert lines_of("Bà Rịa - Vũng Tàu") == ("Bà Rịa -", "Vũng Tàu")
    assert lines_of("QĐ. Hoàng Sa (Đà Nẵng)") == ("QĐ.", "Hoàng Sa")


@pytest.mark.parametrize("map_number", DAYS)
def test_what_is_told_of_a_tile_stands_where_no_tile_is(map_number: int) -> None:
    found = tile_map(map_number, DAYS[map_number], {})
    beside = [tile for tile in found.tiles if found.note_row <= tile.row < found.note_row + 5]
    assert min(tile.column for tile in beside) >= 4


def test_few_values_have_a_step_each() -> None:
    assert [(step.shade, step.least, step.most) for step in steps_of([0, 1, 1, 7])] == [(2, 1, 1), (4, 7, 7)]
    assert steps_of([0, 0]) == ()


@given(st.lists(st.integers(0, 10**6)))
def test_steps_hold_every_value_once_in_rising_shades(values: list[int]) -> None:
    steps = steps_of(values)
    assert len(steps) <= MAX_STEPS
    assert [step.shade for step in steps] == sorted({step.shade for step in steps})
    for value in filter(None, values):
        assert sum(step.least <= value <= step.most for step in steps) == 1

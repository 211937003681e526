"""The geometry of charts."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bulletin.pages.charts import HEIGHT, SLOT, Signing, growth, month_bars, ticks_to
from bulletin.urls import Month

MONTHS = st.tuples(st.integers(2000, 2030), st.integers(1, 12))


def signing(year: int, month: int, unit: str = "hue", dong: int = 0) -> Signing:
    return Signing(month=(year, month), unit=unit, dong=dong)


def bars_of(path: str) -> list[tuple[int, int]]:
    """Return left edge and height of every bar in a path."""
    return [(int(x), int(height)) for x, height in re.findall(r"M(\d+) 100v-(\d+)h8v\2z", path)]


def test_nothing_has_no_bars_and_no_growth() -> None:
    assert month_bars({}) is None
    assert month_bars({(2016, 12): 0}) is None
    assert growth([]) is None


def test_bars_stand_in_the_slots_of_whole_years_and_the_highest_is_full() -> None:
    bars = month_bars({(2016, 12): 4, (2018, 1): 1})
    assert bars is not None
    assert (bars.years, bars.width) == ((2016, 2017, 2018), 36 * SLOT)
    assert bars_of(bars.path) == [(11 * SLOT + 1, HEIGHT), (24 * SLOT + 1, HEIGHT // 4)]
    assert (bars.highest, bars.peak) == (4, (2016, 12))


def test_a_single_item_beside_ten_thousand_is_still_seen() -> None:
    bars = month_bars({(2016, 1): 10_000, (2016, 2): 1})
    assert bars is not None
    assert bars_of(bars.path)[1][1] == 2


@given(st.dictionaries(MONTHS, st.integers(1, 10**6), min_size=1))
def test_every_month_has_a_bar_within_the_box(counts: dict[Month, int]) -> None:
    bars = month_bars(counts)
    assert bars is not None
    found = bars_of(bars.path)
    assert len(found) == len(counts)
    assert all(0 <= x < bars.width and 0 < height <= HEIGHT for x, height in found)


def test_growth_counts_a_province_once_and_every_deal() -> None:
    found = growth([signing(2016, 11, "hue"), signing(2016, 12, "hue", 500), signing(2016, 12, "da-nang", 1500)])
    assert found is not None
    assert [(period.last, period.deals, period.units, period.dong) for period in found.periods] == [
        ((2016, 11), 1, 1, 0),
        ((2016, 12), 3, 2, 2000),
    ]
    assert found.units == "M0 100V50H10V0H20"
    assert (found.units_axis.ticks, found.units_axis.end) == ((0, 1, 2), 0)
    assert [(mark.at, mark.month, mark.is_year) for mark in found.marks] == [
        (0, (2016, 11), False),
        (500, (2016, 12), False),
    ]
    assert found.dong == "M0 100V100H10V0H20"


def test_growth_without_amounts_draws_provinces_alone() -> None:
    found = growth([signing(2016, 11)])
    assert found is not None
    assert found.dong == ""


def test_ten_years_are_told_in_quarters_up_to_the_newest_month() -> None:
    found = growth([signing(2015, 2), signing(2024, 11)])
    assert found is not None
    assert len(found.periods) == 40
    assert found.periods[0].last == (2015, 3)
    assert found.periods[-1].last == (2024, 11)
    assert [(mark.at, mark.month) for mark in found.marks] == [
        (100, (2016, 1)),
        (300, (2018, 1)),
        (500, (2020, 1)),
        (700, (2022, 1)),
        (900, (2024, 1)),
    ]


@given(st.lists(st.builds(Signing, month=MONTHS, unit=st.sampled_from("abc"), dong=st.integers(0, 10**15)), min_size=1))
def test_growth_never_falls_and_ends_with_the_sums(signings: list[Signing]) -> None:
    found = growth(signings)
    assert found is not None
    assert len(found.periods) <= 40
    dong = [period.dong for period in found.periods]
    assert dong == sorted(dong)
    last = found.periods[-1]
    assert (last.deals, last.dong) == (len(signings), sum(signing.dong for signing in signings))
    assert last.units == len({signing.unit for signing in signings})
    assert last.last == max(signing.month for signing in signings)


@given(st.integers(1, 10**16))
def test_a_scale_has_few_steps_of_round_numbers_and_reaches_the_highest_value(highest: int) -> None:
    ticks = ticks_to(highest)
    step = ticks[1]
    assert ticks == tuple(range(0, ticks[-1] + 1, step))
    assert 2 <= len(ticks) <= 5
    assert ticks[-2] < highest <= ticks[-1]
    assert str(step).rstrip("0") in {"1", "2", "5"}


@given(st.lists(st.builds(Signing, month=MONTHS, unit=st.just("a"), dong=st.just(1)), min_size=1))
def test_dates_below_a_chart_are_few_and_lie_within_it(signings: list[Signing]) -> None:
    found = growth(signings)
    assert found is not None
    assert 1 <= len(found.marks) <= 7
    places = [mark.at for mark in found.marks]
    assert places == sorted(set(places))
    assert places[0] >= 0
    assert places[-1] <= 900
    assert all(mark.month[1] == 1 for mark in found.marks if mark.is_year)

"""The geometry of charts: numbers -> SVG paths, which templates draw beside a table of the same numbers.

A chart's box is 100 units high, with the value 0 at the bottom; its width grows with the data, and the page stretches
it. Coordinates are whole numbers only, since these come out the same on every machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from bulletin.urls import Month

HEIGHT = 100
SLOT = 10
"""Width of one month or period, in units of the box."""
_GAP = 2
_MONTHS = 12
_MAX_PERIODS = 40
_PERIOD_LENGTHS = (1, 3, 6, 12, 24, 60, 120)  # months


class Bars(Struct, frozen=True, kw_only=True):
    """A bar for each month of whole years, all in one path."""

    years: tuple[int, ...]
    width: int
    path: str
    highest: int
    peak: Month
    """The first month that reaches `highest`."""


class Signing(Struct, frozen=True, kw_only=True):
    """The part of a deal that growth is computed from; `dong` is 0 if its amount is undisclosed."""

    month: Month
    unit: str
    dong: int


class Period(Struct, frozen=True, kw_only=True):
    """Running totals at the end of the month `last`: deals, units that have signed, disclosed dong."""

    last: Month
    deals: int
    units: int
    dong: int


class Growth(Struct, frozen=True, kw_only=True):
    """Running totals over at most 40 periods of equal length.

    `units` and `dong` are paths from the left edge to the right one; `dong` is empty if no amount is disclosed.
    """

    periods: tuple[Period, ...]
    width: int
    units: str
    dong: str


def month_bars(counts: Mapping[Month, int]) -> Bars | None:
    """Return bars from January of the first year to December of the last; None if all counts are 0."""
    if not any(counts.values()):
        return None
    years = tuple(range(min(counts)[0], max(counts)[0] + 1))
    highest = max(counts.values())
    bars = []
    for position, month in enumerate((year, number) for year in years for number in range(1, _MONTHS + 1)):
        if count := counts.get(month, 0):
            height = _height(count, highest)
            bars.append(f"M{position * SLOT + _GAP // 2} {HEIGHT}v-{height}h{SLOT - _GAP}v{height}z")
    return Bars(
        years=years,
        width=len(years) * _MONTHS * SLOT,
        path="".join(bars),
        highest=highest,
        peak=min(month for month, count in counts.items() if count == highest),
    )


def growth(signings: Iterable[Signing]) -> Growth | None:
    """Return the running totals, in the shortest periods that need at most 40 steps; None without any signing."""
    ordered = sorted(signings, key=lambda signing: signing.month)
    if not ordered:
        return None
    first, last = _months_since_0(ordered[0].month), _months_since_0(ordered[-1].month)
    lengths = (months for months in _PERIOD_LENGTHS if last // months - first // months < _MAX_PERIODS)
    length = next(lengths, _PERIOD_LENGTHS[-1])
    by_period: dict[int, list[Signing]] = defaultdict(list)
    for signing in ordered:
        by_period[_months_since_0(signing.month) // length].append(signing)
    periods: list[Period] = []
    units: set[str] = set()
    deals = dong = 0
    for number in range(first // length, last // length + 1):
        in_period = by_period.get(number, [])
        units |= {signing.unit for signing in in_period}
        deals += len(in_period)
        dong += sum(signing.dong for signing in in_period)
        year, month_index = divmod(min((number + 1) * length - 1, last), _MONTHS)
        periods.append(Period(last=(year, month_index + 1), deals=deals, units=len(units), dong=dong))
    return Growth(
        periods=tuple(periods),
        width=len(periods) * SLOT,
        units=_steps([period.units for period in periods]),
        dong=_steps([period.dong for period in periods]) if dong else "",
    )


def _steps(totals: Sequence[int]) -> str:
    """Return running totals as a step line, from the bottom of the left edge to the right edge."""
    heights = [_height(value, totals[-1]) for value in totals]
    return f"M0 {HEIGHT}" + "".join(
        f"V{HEIGHT - height}H{(position + 1) * SLOT}" for position, height in enumerate(heights)
    )


def _height(value: int, highest: int) -> int:
    """Return the height of a value in the box: at least 2 for any value above 0, so that it can be seen."""
    return max(2, HEIGHT * value // highest) if value else 0


def _months_since_0(month: Month) -> int:
    """Return the number of months since January of the year 0."""
    return month[0] * _MONTHS + month[1] - 1

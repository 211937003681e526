"""The geometry of charts: numbers -> SVG paths, which templates draw beside a table of the same numbers.

A chart's box is 100 units high, with the value 0 at the bottom; its width grows with the data, and the page stretches
it. Coordinates are whole numbers only, since these come out the same on every machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count

from msgspec import Struct

from bulletin.urls import Month

HEIGHT = 100
SLOT = 10
"""Width of one month or period, in units of the box."""
_GAP = 2
_MONTHS = 12
_MAX_PERIODS = 40
_PERIOD_LENGTHS = (1, 3, 6, 12, 24, 60, 120)  # months
_MOST_STEPS = 4
"""Lines of a scale above 0: more of them would be read as a grid, not as values."""
_MOST_MARKS = 6
"""Dates below a chart on a telephone."""
_LAST_MARK = 900
"""In thousandths of the width; behind it the words of a mark would leave the chart."""


class Bars(Struct, frozen=True, kw_only=True):
    """A bar for each month of whole years, all in one path."""

    years: tuple[int, ...]
    width: int
    path: str
    ticks: tuple[int, ...]
    """The values of the scale, from 0 to the height of the box, in equal steps."""
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


class Axis(Struct, frozen=True, kw_only=True):
    """The scale of a line: its values, as in `Bars`, and how far below the top the line ends, in hundredths."""

    ticks: tuple[int, ...]
    end: int


class Mark(Struct, frozen=True, kw_only=True):
    """A date below a chart: where the period begins, in thousandths of the width, and a month or January of a year."""

    at: int
    month: Month
    is_year: bool


class Growth(Struct, frozen=True, kw_only=True):
    """Running totals over at most 40 periods of equal length.

    `units` and `dong` are paths from the left edge to the right one; `dong` is empty if no amount is disclosed.
    """

    periods: tuple[Period, ...]
    width: int
    units: str
    dong: str
    units_axis: Axis
    dong_axis: Axis
    marks: tuple[Mark, ...]


def month_bars(counts: Mapping[Month, int]) -> Bars | None:
    """Return bars from January of the first year to December of the last; None if all counts are 0."""
    if not any(counts.values()):
        return None
    years = tuple(range(min(counts)[0], max(counts)[0] + 1))
    highest = max(counts.values())
    ticks = ticks_to(highest)
    bars = []
    for position, month in enumerate((year, number) for year in years for number in range(1, _MONTHS + 1)):
        if items := counts.get(month, 0):
            height = _height(items, ticks[-1])
            bars.append(f"M{position * SLOT + _GAP // 2} {HEIGHT}v-{height}h{SLOT - _GAP}v{height}z")
    return Bars(
        years=years,
        width=len(years) * _MONTHS * SLOT,
        path="".join(bars),
        ticks=ticks,
        highest=highest,
        peak=min(month for month, items in counts.items() if items == highest),
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
        units_axis=_axis(len(units)),
        dong_axis=_axis(dong),
        marks=tuple(_marks(first // length * length, length * len(periods))),
    )


def ticks_to(highest: int) -> tuple[int, ...]:
    """Return the values of a scale from 0 to the first that reaches `highest`, in steps of 1, 2, 5, 10, 20..."""
    steps = (factor * 10**power for power in count() for factor in (1, 2, 5))
    step = next(step for step in steps if step * _MOST_STEPS >= highest)
    return tuple(range(0, highest + step, step))


def _axis(last: int) -> Axis:
    ticks = ticks_to(last)
    return Axis(ticks=ticks, end=HEIGHT - _height(last, ticks[-1]))


def _marks(first: int, months: int) -> Iterator[Mark]:
    """Yield up to six dates within so many months from the month `first` since the year 0."""
    step = next(length for length in (*_PERIOD_LENGTHS, months) if length * _MOST_MARKS >= months)
    for month in range(-(-first // step) * step, first + months, step):
        at = (month - first) * 1000 // months
        if at <= _LAST_MARK:
            yield Mark(at=at, month=(month // _MONTHS, month % _MONTHS + 1), is_year=step % _MONTHS == 0)


def _steps(totals: Sequence[int]) -> str:
    """Return running totals as a step line, from the bottom of the left edge to the right edge."""
    highest = ticks_to(totals[-1])[-1]
    heights = [_height(value, highest) for value in totals]
    return f"M0 {HEIGHT}" + "".join(
        f"V{HEIGHT - height}H{(position + 1) * SLOT}" for position, height in enumerate(heights)
    )


def _height(value: int, highest: int) -> int:
    """Return the height of a value in the box: at least 2 for any value above 0, so that it can be seen."""
    return max(2, HEIGHT * value // highest) if value else 0


def _months_since_0(month: Month) -> int:
    """Return the number of months since January of the year 0."""
    return month[0] * _MONTHS + month[1] - 1

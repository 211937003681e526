"""The geometry of charts: numbers -> paths in boxes of whole units, which templates draw and tables tell again.

A box is 100 high with 0 at its foot; its width grows with what it shows, and the page stretches it. Whole numbers
only: they are the same on every machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from bulletin.urls import Month

HEIGHT = 100
SLOT = 10
"""Width of a month or period."""
_GAP = 2
_MONTHS = 12
_MOST_PERIODS = 40
_PERIODS = (1, 3, 6, 12, 24, 60, 120)


class Bars(Struct, frozen=True, kw_only=True):
    """Months of whole years as bars, in one path."""

    years: tuple[int, ...]
    width: int
    path: str
    highest: int
    peak: Month
    """The first month of the highest number."""


class Signing(Struct, frozen=True, kw_only=True):
    """A deal, as far as growth is made of it; `dong` is 0 for one without an amount."""

    month: Month
    unit: str
    dong: int


class Period(Struct, frozen=True, kw_only=True):
    """What stood at the end of a month: deals, units that have signed, their dong."""

    last: Month
    deals: int
    units: int
    dong: int


class Growth(Struct, frozen=True, kw_only=True):
    """Running sums as steps: at most 40 periods of one length, each path from the left edge to the right one."""

    periods: tuple[Period, ...]
    width: int
    units: str
    dong: str


def month_bars(counts: Mapping[Month, int]) -> Bars | None:
    """Return the bars from January of the first year to December of the last; None where there is nothing."""
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
    """Return how the sums grew, in the shortest periods that are few enough; None without any signing."""
    ordered = sorted(signings, key=lambda signing: signing.month)
    if not ordered:
        return None
    first, last = _number(ordered[0].month), _number(ordered[-1].month)
    length = next((size for size in _PERIODS if last // size - first // size < _MOST_PERIODS), _PERIODS[-1])
    by_period: dict[int, list[Signing]] = defaultdict(list)
    for signing in ordered:
        by_period[_number(signing.month) // length].append(signing)
    periods: list[Period] = []
    signed: set[str] = set()
    deals = dong = 0
    for number in range(first // length, last // length + 1):
        found = by_period.get(number, [])
        signed |= {signing.unit for signing in found}
        deals += len(found)
        dong += sum(signing.dong for signing in found)
        end = divmod(min((number + 1) * length - 1, last), _MONTHS)
        periods.append(Period(last=(end[0], end[1] + 1), deals=deals, units=len(signed), dong=dong))
    return Growth(
        periods=tuple(periods),
        width=len(periods) * SLOT,
        units=_steps([period.units for period in periods]),
        dong=_steps([period.dong for period in periods]) if dong else "",
    )


def _steps(sums: Sequence[int]) -> str:
    """Return the outline of running sums, from the foot of the left edge to the right one."""
    heights = [_height(value, sums[-1]) for value in sums]
    return f"M0 {HEIGHT}" + "".join(
        f"V{HEIGHT - height}H{(position + 1) * SLOT}" for position, height in enumerate(heights)
    )


def _height(value: int, highest: int) -> int:
    """Return a height in the box; what is there at all is seen."""
    return max(2, HEIGHT * value // highest) if value else 0


def _number(month: Month) -> int:
    """Return the months since the year 0."""
    return month[0] * _MONTHS + month[1] - 1

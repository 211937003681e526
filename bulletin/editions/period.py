"""The days that an edition covers, as they are typed: «2016-12», «2016-W51», «2016-12-01..2016-12-15»."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from bulletin.problems import refuse
from bulletin.vietnamese import dates

Series = Literal["month", "week", "days"]
"""Editions of one series follow each other: who is sent months is told what was corrected since the last month."""

_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_WEEK = re.compile(r"([0-9]{4})-?[Ww]([0-9]{1,2})")
_DAYS = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})")


class EditionPeriod(Struct, frozen=True, kw_only=True, array_like=True):
    """From the first day to the last one, which it includes; `name` stands in names of files, `title` on the pages."""

    series: Series
    first: date
    last: date
    name: str
    title: str

    def holds(self, when: dates.DealDate) -> bool:
        """Tell whether a deal's day is one of these days; of a deal that names its month alone, all of the month."""
        return self.first <= date(when.year, when.month, when.day or 1) and when.last_day <= self.last


def parse_period(text: str) -> EditionPeriod:
    """Return the period; raise Refused."""
    typed = text.strip()
    if month := _MONTH.fullmatch(typed):
        return _month(typed, int(month[1]), int(month[2]))
    if week := _WEEK.fullmatch(typed):
        return _week(typed, int(week[1]), int(week[2]))
    days = _DAYS.fullmatch(typed)
    if days is None:
        refuse("edition-period", found=typed)
    return _days(typed, *days.groups())


def _month(typed: str, year: int, month: int) -> EditionPeriod:
    _check_year(typed, year)
    if not 1 <= month <= 12:  # noqa: PLR2004 - months
        refuse("edition-month", found=typed)
    last = date(year, month, monthrange(year, month)[1])
    return EditionPeriod(
        series="month",
        first=date(year, month, 1),
        last=last,
        name=f"{year}-{month:02}",
        title=dates.month_title(year, month),
    )


def _week(typed: str, year: int, week: int) -> EditionPeriod:
    _check_year(typed, year)
    try:
        first = date.fromisocalendar(year, week, 1)
    except ValueError:
        # 28 December is always in the last week of its year.
        weeks = date(year, 12, 28).isocalendar().week
        refuse("edition-week", found=typed, year=str(year), weeks=str(weeks))
    last = first + timedelta(days=6)
    title = f"Tuần {week}/{year} ({_in_words(first, last)})"
    return EditionPeriod(series="week", first=first, last=last, name=f"{year}-W{week:02}", title=title)


def _days(typed: str, begins: str, ends: str) -> EditionPeriod:
    try:
        first, last = date.fromisoformat(begins), date.fromisoformat(ends)
    except ValueError:
        refuse("edition-day", found=typed)
    _check_year(typed, first.year)
    _check_year(typed, last.year)
    if last < first:
        refuse("edition-backwards", found=typed, turned=f"{ends}..{begins}")
    return EditionPeriod(
        series="days", first=first, last=last, name=f"{first}--{last}", title=f"Ngày {_in_words(first, last)}"
    )


def _in_words(first: date, last: date) -> str:
    """Return «25/12/2016», «19 – 25/12/2016», «28/11 – 04/12/2016» or «28/12/2020 – 03/01/2021»."""
    if first == last:
        return dates.short(first)
    shared = 0 if first.year != last.year else 1 if first.month != last.month else 2
    begins = "/".join(dates.short(first).split("/")[: 3 - shared])
    return f"{begins} – {dates.short(last)}"


def _check_year(typed: str, year: int) -> None:
    if not dates.MIN_YEAR <= year <= dates.MAX_YEAR:
        refuse("edition-year", found=typed, first=str(dates.MIN_YEAR), last=str(dates.MAX_YEAR))

"""Dates: what editors write -> days, months and moments, and these -> what readers see.

The day comes before the month, as the press writes it; only a year of four digits in front turns the order round.
Nothing is cut off silently: `2016-12-24T18:00Z` is the 25th in Vietnam.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timezone
from typing import NoReturn

from msgspec import Struct

from bulletin.problems import refuse
from bulletin.vietnamese.text import clean, clip, fold

MIN_YEAR, MAX_YEAR = 2004, 2099


class DealDate(Struct, frozen=True, kw_only=True, array_like=True):
    """The day of a deal or, where `day` is None, its month; as text `2016-12-25` or `2016-11`."""

    year: int
    month: int
    day: int | None

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}" + (f"-{self.day:02d}" if self.day else "")

    @property
    def order(self) -> tuple[int, int, int]:
        """Sort key: a month stands behind its last day."""
        return self.year, self.month, self.day or 32

    @property
    def last_day(self) -> date:
        """The day itself or the last one of the month: it decides which provinces there are."""
        return date(self.year, self.month, self.day or monthrange(self.year, self.month)[1])


_SHOWN = 60
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_MONTHS_A_YEAR = 12
_PADDED_MONTHS = (1, 2)
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")

_DAYS = (
    re.compile(r"(?P<year>[0-9]{4})([-/])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})"),
    re.compile(r"(?P<day>[0-9]{1,2})([-/.])(?P<month>[0-9]{1,2})\2(?P<year>[0-9]{4}|[0-9]{2})"),
    re.compile(
        r"(?:ngay )?(?P<day>[0-9]{1,2}) (?:thang|thg) (?P<month>[0-9]{1,2})(?:,? nam|,) (?P<year>[0-9]{4}|[0-9]{2})"
    ),
)
_MONTHS = (
    re.compile(r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})"),
    re.compile(r"(?:thang )?(?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})"),
    re.compile(r"(?:thang|thg) (?P<month>[0-9]{1,2})(?:,? nam|,) (?P<year>[0-9]{4})"),
)
_YEARS = (re.compile(r"(?:nam )?[0-9]{4}"),)
_DAYS_OF_NO_YEAR = (
    re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}"),
    re.compile(r"(?:ngay )?[0-9]{1,2} (?:thang|thg) [0-9]{1,2}"),
)
_QUOTES = re.compile("[\"'`´“”„‟‘’‚‛«»‹›]")
_TIME = re.compile(r"[0-9]:[0-9]{2}|(?<![0-9])[0-9]{1,2} ?(?:h|gio)(?![a-z])")

_MOMENT = re.compile(r"(?P<day>.+?)(?:,? (?:luc )?|t)(?P<clock>[0-9]{1,2} ?(?::|h|gio).*)")
_OFFSET = re.compile(r"(?:z|(?:utc|gmt|\+).*|[0-9]-[0-9]{2}:?[0-9]{2})$")
_CLOCKS = (
    re.compile(r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"),
    re.compile(r"(?P<hour>[0-9]{1,2}) ?(?:h|gio)(?: ?(?P<minute>[0-9]{1,2})(?: phut)?)?(?P<second>)"),
)


def parse(text: str) -> date:
    """Return the day; raise Refused."""
    found = clean(text)
    return _day(found, _plain(found))


def parse_day_or_month(text: str) -> DealDate:
    """Return the day or the month; raise Refused."""
    found = clean(text)
    plain = _plain(found)
    if match := _match(_MONTHS, plain):
        return DealDate(year=_year(found, match), month=_month(found, match), day=None)
    if _match(_YEARS, plain):
        _refuse("date-no-month", found)
    day = _day(found, plain)
    return DealDate(year=day.year, month=day.month, day=day.day)


def parse_moment(text: str, offset: timezone) -> datetime:
    """Return when clocks of this offset show the text; a day alone is its beginning; raise Refused."""
    found = clean(text)
    plain = _plain(found)
    moment = _MOMENT.fullmatch(plain)
    day, clock = (moment["day"], moment["clock"]) if moment else (plain, "0:00")
    if _TIME.search(day) and not _match(_DAYS, day):
        _refuse("date-clock", found)
    return datetime.combine(_day(found, day), _time(found, clock), offset)


def short(day: date) -> str:
    """Return «05/01/2016»."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def long(day: date) -> str:
    """Return «ngày 25 tháng 12 năm 2016», padded as decree 30/2020/NĐ-CP wants it: days below 10, months 1 and 2."""
    month = f"0{day.month}" if day.month in _PADDED_MONTHS else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def weekday_short(day: date) -> str:
    """Return «Chủ Nhật, 25/12/2016»."""
    return f"{_WEEKDAYS[day.weekday()]}, {short(day)}"


def month_title(year: int, month: int) -> str:
    """Return «Tháng 12/2016»."""
    return f"Tháng {month}/{year}"


def month_words(year: int, month: int) -> str:
    """Return «tháng 12 năm 2016», for a sentence."""
    return f"tháng {month} năm {year}"


def show_deal_date(when: DealDate) -> str:
    """Return «25/12/2016» or «tháng 11/2016»."""
    return short(when.last_day) if when.day else f"tháng {when.month}/{when.year}"


def _plain(found: str) -> str:
    return fold(found).translate(_DASHES)


def _match(forms: tuple[re.Pattern[str], ...], plain: str) -> re.Match[str] | None:
    return next((match for form in forms if (match := form.fullmatch(plain))), None)


def _day(found: str, plain: str) -> date:
    match = _match(_DAYS, plain) or _refuse_form(found, plain)
    year, day = _year(found, match), int(match["day"])
    month = _month(found, match)
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        right = short(date(year, month, last))
        _refuse("date-day", found, day=str(day), month=f"{month}/{year}", last=str(last), right=right)
    return date(year, month, day)


def _year(found: str, match: re.Match[str]) -> int:
    if len(match["year"]) == len("16"):
        _refuse("date-short-year", found)
    year = int(match["year"])
    if not MIN_YEAR <= year <= MAX_YEAR:
        _refuse("date-year", found, first=str(MIN_YEAR), last=str(MAX_YEAR))
    return year


def _month(found: str, match: re.Match[str]) -> int:
    month = int(match["month"])
    if not 1 <= month <= _MONTHS_A_YEAR:
        _refuse("date-month", found, month=str(month), right=_swapped(match))
    return month


def _swapped(match: re.Match[str]) -> str:
    """Return the date whose day and month were written in the American order; empty if there is none."""
    fields = match.groupdict()
    try:
        return short(date(int(fields["year"]), int(fields["day"]), int(fields["month"])))
    except (KeyError, ValueError):
        return ""


def _time(found: str, clock: str) -> time:
    if _OFFSET.search(clock):
        _refuse("date-offset", found)
    match = _match(_CLOCKS, clock) or _refuse("date-clock", found)
    try:
        return time(int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError:
        _refuse("date-clock", found)


def _refuse_form(found: str, plain: str) -> NoReturn:
    if _QUOTES.search(found):
        _refuse("date-quotes", found)
    if _TIME.search(plain):
        _refuse("date-time", found)
    if _match((*_MONTHS, *_YEARS), plain):
        _refuse("date-no-day", found)
    if _match(_DAYS_OF_NO_YEAR, plain):
        _refuse("date-no-year", found)
    _refuse("date-syntax", found)


def _refuse(code: str, found: str, **words: str) -> NoReturn:
    refuse(code, found=clip(found, _SHOWN), **words)

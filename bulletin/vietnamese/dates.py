"""Dates: an editor's text -> days, months and moments, and these -> the text that readers see.

The day comes before the month, as in the press; only after a leading year of four digits the month comes first. No part
of a text is dropped silently: `2016-12-24T18:00Z` is the 25th in Vietnam.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timezone
from typing import NoReturn

from msgspec import Struct

from bulletin.problems import named_signs, refuse
from bulletin.vietnamese.text import DASHES, MAX_QUOTED, clean, clip, fold

MIN_YEAR, MAX_YEAR = 2004, 2099


class DealDate(Struct, frozen=True, kw_only=True, array_like=True):
    """The day of a deal or, if `day` is None, only its month; as text `2016-12-25` or `2016-11`."""

    year: int
    month: int
    day: int | None

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}" + (f"-{self.day:02d}" if self.day else "")

    @property
    def order(self) -> tuple[int, int, int]:
        """Sort key: a month sorts after its last day."""
        return self.year, self.month, self.day or 32

    @property
    def last_day(self) -> date:
        """The day itself or the last day of the month: it decides which provinces exist."""
        return date(self.year, self.month, self.day or monthrange(self.year, self.month)[1])


_MONTHS_IN_YEAR = 12
_PADDED_MONTHS = (1, 2)
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")

_DAY_FORMS = (
    re.compile(r"(?P<year>[0-9]{4})([-/])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})"),
    re.compile(r"(?P<day>[0-9]{1,2})([-/.])(?P<month>[0-9]{1,2})\2(?P<year>[0-9]{4}|[0-9]{2})"),
    re.compile(
        r"(?:ngay )?(?P<day>[0-9]{1,2}) (?:thang|thg) (?P<month>[0-9]{1,2})(?:,? nam|,) (?P<year>[0-9]{4}|[0-9]{2})"
    ),
)
_MONTH_FORMS = (
    re.compile(r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})"),
    re.compile(r"(?:thang )?(?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})"),
    re.compile(r"(?:thang|thg) (?P<month>[0-9]{1,2})(?:,? nam|,) (?P<year>[0-9]{4})"),
)
_YEAR_FORMS = (re.compile(r"(?:nam )?[0-9]{4}"),)
_FORMS_WITHOUT_YEAR = (
    re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}"),
    re.compile(r"(?:ngay )?[0-9]{1,2} (?:thang|thg) [0-9]{1,2}"),
)
_QUOTES = re.compile("[\"'`´“”„‟‘’‚‛«»‹›]")
_TIME = re.compile(r"[0-9]:[0-9]{2}|(?<![0-9])[0-9]{1,2} ?(?:h|gio)(?![a-z])")

_MOMENT = re.compile(r"(?P<day>.+?)(?:,? (?:luc )?|t)(?P<clock>[0-9]{1,2} ?(?::|h|gio).*)")
_OFFSET = re.compile(r"(?:z|(?:utc|gmt|\+).*|[0-9]-[0-9]{2}:?[0-9]{2})$")
_CLOCK_FORMS = (
    re.compile(r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"),
    re.compile(r"(?P<hour>[0-9]{1,2}) ?(?:h|gio)(?: ?(?P<minute>[0-9]{1,2})(?: phut)?)?(?P<second>)"),
)


def parse(text: str) -> date:
    """Return the day; raise Refused."""
    cleaned = clean(text)
    return _day(cleaned, _plain(cleaned))


def parse_day_or_month(text: str) -> DealDate:
    """Return the day or the month; raise Refused."""
    cleaned = clean(text)
    plain = _plain(cleaned)
    if match := _match(_MONTH_FORMS, plain):
        return DealDate(year=_year(cleaned, match), month=_month(cleaned, match), day=None)
    if _match(_YEAR_FORMS, plain):
        _refuse("date-no-month", cleaned)
    day = _day(cleaned, plain)
    return DealDate(year=day.year, month=day.month, day=day.day)


def parse_moment(text: str, offset: timezone) -> datetime:
    """Return the moment that a text names in a time zone; a day alone means its first moment; raise Refused."""
    cleaned = clean(text)
    plain = _plain(cleaned)
    moment = _MOMENT.fullmatch(plain)
    day, clock = (moment["day"], moment["clock"]) if moment else (plain, "0:00")
    if _TIME.search(day) and not _match(_DAY_FORMS, day):
        _refuse("date-clock", cleaned)
    return datetime.combine(_day(cleaned, day), _time(cleaned, clock), offset)


def short(day: date) -> str:
    """Return «05/01/2016»."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def long(day: date) -> str:
    """Return «ngày 25 tháng 12 năm 2016», zero-padded as decree 30/2020/NĐ-CP says: days below 10, months 1, 2."""
    month = f"0{day.month}" if day.month in _PADDED_MONTHS else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def weekday_short(day: date) -> str:
    """Return «Chủ Nhật, 25/12/2016»."""
    return f"{_WEEKDAYS[day.weekday()]}, {short(day)}"


def weekday(number: int) -> str:
    """Return «thứ Hai» for 0 to «Chủ Nhật» for 6, for use within a sentence."""
    return _WEEKDAYS[number].replace("Thứ", "thứ")


def month_title(year: int, month: int) -> str:
    """Return «Tháng 12/2016»."""
    return f"Tháng {month}/{year}"


def month_words(year: int, month: int) -> str:
    """Return «tháng 12 năm 2016», for use within a sentence."""
    return f"tháng {month} năm {year}"


def show_deal_date(when: DealDate) -> str:
    """Return «25/12/2016» or «tháng 11/2016»."""
    return short(when.last_day) if when.day else f"tháng {when.month}/{when.year}"


def _plain(text: str) -> str:
    return fold(text).translate(DASHES)


def _match(forms: tuple[re.Pattern[str], ...], plain: str) -> re.Match[str] | None:
    return next((match for form in forms if (match := form.fullmatch(plain))), None)


def _day(text: str, plain: str) -> date:
    match = _match(_DAY_FORMS, plain) or _refuse_form(text, plain)
    year, day = _year(text, match), int(match["day"])
    month = _month(text, match)
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        right = short(date(year, month, last))
        _refuse("date-day", text, day=str(day), month=f"{month}/{year}", last=str(last), right=right)
    return date(year, month, day)


def _year(text: str, match: re.Match[str]) -> int:
    if len(match["year"]) == len("16"):
        _refuse("date-short-year", text)
    year = int(match["year"])
    if not MIN_YEAR <= year <= MAX_YEAR:
        _refuse("date-year", text, first=str(MIN_YEAR), last=str(MAX_YEAR))
    return year


def _month(text: str, match: re.Match[str]) -> int:
    month = int(match["month"])
    if not 1 <= month <= _MONTHS_IN_YEAR:
        _refuse("date-month", text, month=str(month), right=_swapped(match))
    return month


def _swapped(match: re.Match[str]) -> str:
    """Return the date with day and month swapped, for a month written first, as in America; empty if invalid."""
    fields = match.groupdict()
    try:
        return short(date(int(fields["year"]), int(fields["day"]), int(fields["month"])))
    except (KeyError, ValueError):
        return ""


def _time(text: str, clock: str) -> time:
    if _OFFSET.search(clock):
        _refuse("date-offset", text)
    match = _match(_CLOCK_FORMS, clock) or _refuse("date-clock", text)
    try:
        return time(int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError:
        _refuse("date-clock", text)


def _refuse_form(text: str, plain: str) -> NoReturn:
    if quotes := _QUOTES.findall(text):
        _refuse("date-quotes", text, odd=named_signs(quotes))
    if _TIME.search(plain):
        _refuse("date-time", text)
    if _match((*_MONTH_FORMS, *_YEAR_FORMS), plain):
        _refuse("date-no-day", text)
    if _match(_FORMS_WITHOUT_YEAR, plain):
        _refuse("date-no-year", text)
    _refuse("date-syntax", text)


def _refuse(code: str, found: str, **words: str) -> NoReturn:
    refuse(code, found=clip(found, MAX_QUOTED), **words)

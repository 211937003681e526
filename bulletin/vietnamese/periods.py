"""Periods: when an event takes place, as people type it -> days and times, and these -> the text that readers see.

It is a day, a day with a time, or from one of either to another: «30/12/2016 8:00 – 11:30», «8 giờ ngày 30/12/2016»,
«28 – 30/12/2016». The days are read as in `dates`; what one end leaves out is that of the other.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NoReturn

from msgspec import Struct

from bulletin.problems import Refused, refuse
from bulletin.vietnamese import dates
from bulletin.vietnamese.text import DASHES, MAX_QUOTED, clean, clip, fold


class Period(Struct, frozen=True, kw_only=True, array_like=True):
    """From the first day to the last one, which it includes; `begins` and `ends` are times of these days, if known."""

    first: date
    last: date
    begins: time | None
    ends: time | None

    @property
    def has_end(self) -> bool:
        """Whether anybody knows its end: of what begins at eight, nobody knows when on the same day it ends."""
        return self.ends is not None or self.begins is None or self.first < self.last

    def begins_at(self, zone: tzinfo | None) -> datetime:
        """Return the moment of its beginning: the first of its first day if no time is known."""
        return datetime.combine(self.first, self.begins or time(), zone)

    def over_at(self, zone: tzinfo | None) -> datetime:
        """Return the moment at which it is over: the end of its last day if no time is known."""
        if self.ends:
            return datetime.combine(self.last, self.ends, zone)
        return datetime.combine(self.last, time(), zone) + timedelta(days=1)


class _End(Struct, frozen=True):
    """One end of a period as it was typed, folded; what is left out is empty."""

    clock: str = ""
    weekday: str = ""
    day: str = ""


_PARTS_OF_DAY = ("sang", "trua", "chieu", "toi")
_PART = re.compile(
    r"(?:(?P<clock>[0-9]{1,2}(?::[0-9]{2}(?::00)?| ?(?:h|g|gio)(?: ?[0-9]{1,2}(?![0-9/.-])(?: ?phut)?| ruoi)?)"
    rf"(?:,? (?:{'|'.join(_PARTS_OF_DAY)})(?![a-z]))?)"
    r"|(?P<day>[0-9]{1,4}([-/.])[0-9]{1,2}\3[0-9]{1,4}"
    r"|[0-9]{1,2} (?:thang|thg) [0-9]{1,2}(?:(?:,? nam|,) [0-9]{2,4})?"
    r"|[0-9]{1,2}(?:[-/.][0-9]{1,2})?)"
    r"|(?P<weekday>thu ?(?:hai|ba|tu|nam|sau|bay|[2-7])|t[2-7](?!:)|chu nhat|cn)"
    r"|tu|vao|luc|ngay|t(?=[0-9])|[ ,()]+)(?:(?<=[ ,()t])|(?![0-9a-z])|(?=t[0-9]))"
)
_SEPARATOR = re.compile(r" ?(?:->|-|→|\.\.+|~) ?| (?:den(?: het)?|toi) ")
# «8-11h»: the unit behind the second hour is that of the first as well.
_BARE_HOUR = re.compile(r"(?<![0-9/.:hgo-])(?<![hgo] )([0-9]{1,2})(?= ?(?:-|den) ?[0-9]{1,2} ?(?:h|g|gio)(?![a-z]))")
_PARTS_OF_CLOCK = re.compile(r"([0-9]+)(?::| ?(?:h|g|gio) ?)?(ruoi|[0-9]*)(?::00)?(?: ?phut)?,? ?([a-z]*)")
_NOON = 12
_LAST_OF_AFTERNOON = 6


def parse(text: str) -> Period:
    """Return the period; raise Refused."""
    cleaned = clean(text)
    plain = _BARE_HOUR.sub(r"\1h", fold(cleaned).translate(DASHES))
    try:
        period = _period(plain, cleaned)
    except Refused as refused:
        if refused.code in {"date-syntax", "date-time"}:
            _refuse("event-syntax", cleaned)
        # What was typed is repeated as it was typed, accents and all.
        refuse(refused.code, **{**refused.words, "found": clip(cleaned, MAX_QUOTED)})
    if period.ends and not period.begins:
        _refuse("event-no-begin", cleaned)
    if (period.last, period.ends or time.max) <= (period.first, period.begins or time()):
        _refuse("event-ends-first", cleaned)
    return period


def in_words(period: Period) -> str:
    """Return «thứ Sáu, 30/12/2016, 8 giờ – 11 giờ 30», or both days with their times."""
    begins, ends = (_clock_in_words(clock) if clock else "" for clock in (period.begins, period.ends))
    if period.first == period.last:
        clocks = "\xa0– ".join(clock for clock in (begins, ends) if clock)
        return ", ".join(part for part in (_weekday_short(period.first), clocks) if part)
    days = ((begins, _weekday_short(period.first)), (ends, _weekday_short(period.last)))
    return "\xa0– ".join(" ".join(part for part in day if part) for day in days)


def machine_readable(period: Period, zone: tzinfo | None = None) -> tuple[str, str]:
    """Return begin and end in ISO 8601: days alone where no time is known, without a zone if none is given."""
    begins = period.begins_at(zone).isoformat(timespec="minutes") if period.begins else period.first.isoformat()
    ends = period.over_at(zone).isoformat(timespec="minutes") if period.ends else period.last.isoformat()
    return begins, ends


def _period(plain: str, text: str) -> Period:
    if (whole := _end(plain)) and whole.day:
        day = _day_of(whole, whole.day, text)
        return Period(first=day, last=day, begins=_clock(whole.clock), ends=None)
    for separator in _SEPARATOR.finditer(plain):
        begin, end = _end(plain[: separator.start()]), _end(plain[separator.end() :])
        if begin and end and (begin.day or end.day):
            first, last = _days(begin, end, text)
            return Period(first=first, last=last, begins=_first_clock(begin, end, text), ends=_clock(end.clock))
    # What is no whole day is refused in its own words.
    dates.parse(plain)
    return _refuse("event-syntax", text)


def _end(plain: str) -> _End | None:
    """Return the parts of one end, in whatever order they stand; None if it has others, or neither day nor time."""
    found: dict[str, str] = {}
    at = 0
    while at < len(plain):
        part = _PART.match(plain, at)
        if part is None or part.lastgroup in found:
            return None
        if part.lastgroup:
            found[part.lastgroup] = part[part.lastgroup]
        at = part.end()
    return _End(**found) if found.keys() - {"weekday"} else None


def _days(begin: _End, end: _End, text: str) -> tuple[date, date]:
    """Return both days; of an end that leaves out its day, month or year, with those of the other."""
    if _is_whole(end.day):
        last = _day_of(end, end.day, text)
        return _day_of(begin, _completed(begin.day, last), text), last
    first = _day_of(begin, begin.day, text)
    return first, _day_of(end, _completed(end.day, first), text)


def _is_whole(day: str) -> bool:
    return len(re.findall("[0-9]+", day)) == len(("day", "month", "year"))


def _completed(day: str, other: date) -> str:
    numbers = re.findall("[0-9]+", day)
    if _is_whole(day):
        return day
    known = [other.day, other.month, other.year]
    return "/".join([*numbers, *map(str, known[len(numbers) :])])


def _day_of(end: _End, text: str, whole: str) -> date:
    day = dates.parse(text)
    if end.weekday and _weekday_number(end.weekday) != day.weekday():
        wrong, right = (dates.weekday(number) for number in (_weekday_number(end.weekday), day.weekday()))
        _refuse("date-weekday", whole, day=dates.short(day), wrong=wrong, right=right)
    return day


_NAMES = ("hai", "ba", "tu", "nam", "sau", "bay", "nhat")


def _weekday_number(word: str) -> int:
    """Return 0 for Monday, which is «thứ Hai», to 6 for Sunday."""
    if word.endswith(_NAMES):
        return next(number for number, name in enumerate(_NAMES) if word.endswith(name))
    return int(word[-1]) - 2 if word[-1].isdigit() else len(_NAMES) - 1


def _first_clock(begin: _End, end: _End, text: str) -> time | None:
    """Return the time of a beginning; refuse «2 giờ – 4 giờ chiều», in which it may be 2 or 14."""
    clock = _clock(begin.clock)
    if clock and not _part_of_day(begin.clock) and _hour(clock.hour, _part_of_day(end.clock)) != clock.hour:
        _refuse("event-syntax", text)
    return clock


def _part_of_day(clock: str) -> str:
    return next((part for part in _PARTS_OF_DAY if clock.endswith(part)), "")


def _clock(text: str) -> time | None:
    if not text:
        return None
    match = _PARTS_OF_CLOCK.fullmatch(text)
    assert match is not None, text
    minute = 30 if match[2] == "ruoi" else int(match[2] or 0)
    try:
        return time(_hour(int(match[1]), match[3]), minute)
    except ValueError:
        refuse("date-clock", found=text)


def _hour(hour: int, part_of_day: str) -> int:
    """Return the hour of 24: «2 giờ chiều» is 14, «7 giờ tối» 19, «1 giờ trưa» 13."""
    is_later = {"chieu": hour <= _LAST_OF_AFTERNOON, "toi": hour < _NOON, "trua": hour <= _LAST_OF_AFTERNOON}
    return hour + _NOON if is_later.get(part_of_day) else hour


def _weekday_short(day: date) -> str:
    return f"{dates.weekday(day.weekday())}, {dates.short(day)}"


def _clock_in_words(clock: time) -> str:
    return f"{clock.hour}\xa0giờ" + (f"\xa0{clock.minute:02d}" if clock.minute else "")


def _refuse(code: str, found: str, **words: str) -> NoReturn:
    refuse(code, found=clip(found, MAX_QUOTED), **words)

"""The events as a calendar that people subscribe to (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from bulletin.pages.views import CalendarEntry, CalendarView
from bulletin.vietnamese import provinces

_MOST_OCTETS = 75
_ASKED_AGAIN = "PT1H"
_HEAD = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ban tin//Su kien//VI", "CALSCALE:GREGORIAN", "METHOD:PUBLISH")
# The standard wants a component; where nothing takes place, the one that says nothing.
_EMPTY = (
    *("BEGIN:VTIMEZONE", "TZID:UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000"),
    *("TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE"),
)
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


def calendar_ics(view: CalendarView) -> str:
    """Return the calendar, with times in UTC: a program shows them in the zone of its reader, and needs no table."""
    lines = [
        *_HEAD,
        # The standard's name, and the one that Outlook, Apple and Google read.
        *(f"{name}:{_text(view.title)}" for name in ("NAME", "X-WR-CALNAME")),
        f"REFRESH-INTERVAL;VALUE=DURATION:{_ASKED_AGAIN}",
        f"X-PUBLISHED-TTL:{_ASKED_AGAIN}",
        *(line for entry in view.entries for line in _event(entry, view.base_url)),
        *(() if view.entries else _EMPTY),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def folded(line: str) -> str:
    """Return a content line in pieces of at most 75 octets, each but the first behind a blank; no letter is cut."""
    pieces, piece, octets = [], "", 0
    for character in line:
        size = len(character.encode())
        if octets + size > _MOST_OCTETS:
            pieces.append(piece)
            piece, octets = " ", 1
        piece += character
        octets += size
    return "\r\n".join([*pieces, piece])


def _event(entry: CalendarEntry, base_url: str) -> Iterator[str]:
    card, address = entry.card, base_url + entry.card.url[1:]
    names = ", ".join(place.name for place in card.places if place.id != provinces.NATIONWIDE.id)
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(entry.id)}"
    yield f"DTSTAMP:{_moment(entry.changed)}"
    yield f"SEQUENCE:{entry.revision}"
    yield from _times(entry)
    yield f"SUMMARY:{_text(card.title)}"
    if place := entry.event.place or names:
        yield f"LOCATION:{_text(place)}"
    description = "\n\n".join(part for part in (card.summary, address) if part)
    yield f"DESCRIPTION:{_text(description)}"
    yield f"URL:{address}"
    if card.category:
        yield f"CATEGORIES:{_text(card.category)}"
    # What the company announces does not make every reader busy.
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _times(entry: CalendarEntry) -> Iterator[str]:
    """Yield begin and end. A whole day ends with the beginning of the next; an end that nobody knows is left out."""
    when = entry.event.when
    if entry.begins is None:
        yield f"DTSTART;VALUE=DATE:{_day(when.first)}"
        yield f"DTEND;VALUE=DATE:{_day(when.last + timedelta(days=1))}"
        return
    yield f"DTSTART:{_moment(entry.begins)}"
    if entry.ends:
        yield f"DTEND:{_moment(entry.ends)}"


def _text(text: str) -> str:
    return text.translate(_ESCAPES)


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"

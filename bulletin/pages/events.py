"""The archive -> what takes place: the page of events, the calendar to subscribe to, the next ones for home."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from itertools import groupby
from urllib.parse import urlsplit

from bulletin import urls
from bulletin.model import Article
from bulletin.pages.archive import Archive, is_over
from bulletin.pages.views import CalendarEntry, CalendarView, EventRow, EventsView, Page
from bulletin.settings import Settings
from bulletin.urls import path_of
from bulletin.vietnamese import dates

COMING_SHOWN, PAST_SHOWN = 50, 30
"""Events on the page, which stays below 60 kB; the calendar has them all."""


def event_pages(archive: Archive, settings: Settings) -> Iterator[Page]:
    """Yield the page of events and the calendar."""
    coming, past = coming_events(archive), _past_events(archive)
    view = EventsView(
        coming=_by_month(coming[:COMING_SHOWN]),
        past=_by_month(past[:PAST_SHOWN]),
        more=len(coming[COMING_SHOWN:]),
    )
    yield Page(path=path_of(urls.EVENTS), template="events.html", view=view)
    calendar = CalendarView(
        title=f"{settings.title} · Sự kiện",
        base_url=settings.base_url,
        entries=tuple(_calendar_entry(article, settings) for article in archive.events),
    )
    yield Page(path=path_of(urls.CALENDAR), template="events.ics", view=calendar)


def coming_events(archive: Archive) -> tuple[EventRow, ...]:
    """Return the events that are not over, the one that begins first first."""
    return _rows(article for article in archive.events if not is_over(article, archive.now))


def _past_events(archive: Archive) -> tuple[EventRow, ...]:
    return _rows(article for article in reversed(archive.events) if is_over(article, archive.now))


def _rows(articles: Iterable[Article]) -> tuple[EventRow, ...]:
    return tuple(EventRow(card=article.card.brief, event=article.event) for article in articles if article.event)


def _by_month(rows: Sequence[EventRow]) -> tuple[tuple[str, tuple[EventRow, ...]], ...]:
    months = groupby(rows, key=lambda row: (row.event.when.first.year, row.event.when.first.month))
    return tuple((dates.month_title(*month), tuple(of_month)) for month, of_month in months)


def _calendar_entry(article: Article, settings: Settings) -> CalendarEntry:
    assert article.event is not None
    base = urlsplit(settings.base_url)
    changed = max([article.card.day, *(correction.day for correction in article.corrections)])
    when, zone = article.event.when, settings.zone
    return CalendarEntry(
        id=f"{base.path}{article.card.url[1:]}".strip("/") + f"@{base.hostname}",
        card=article.card,
        event=article.event,
        begins=when.begins_at(zone) if when.begins else None,
        ends=when.over_at(zone) if when.begins and when.has_end else None,
        changed=datetime.combine(changed, time(), zone),
        revision=len(article.corrections),
    )

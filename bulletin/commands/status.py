"""`status`: shows which items wait, which will change by themselves, and whether a build is due. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from bulletin.build import Inspection, inspect
from bulletin.commands.calls import Answer, Call, request_of
from bulletin.commands.report import count
from bulletin.model import Article, PartialItem
from bulletin.pages import archive
from bulletin.problems import Language, say

Reason = Literal["nothing-known", "changed", "moment"]
_LINES_SHOWN = 20


class _Event(Struct, frozen=True, kw_only=True):
    """A change that will happen to an item by itself, and when."""

    at: datetime
    what: archive.Due
    article: Article


class _Status(Struct, frozen=True, kw_only=True):
    """The state of the site; events soonest first. `reasons` tell why a build is due, and are empty if none is."""

    items: int
    drafts: tuple[Article, ...]
    events: tuple[_Event, ...]
    broken: tuple[str, ...]
    reasons: tuple[Reason, ...]
    last: datetime | None


def run(call: Call) -> Answer:
    """Report what waits; the answer is due if a build would now publish something other than the last build did."""
    request = request_of(call)
    status = _status(inspect(request.root, request.output, request.settings), call.now)
    return Answer(data=_data(status), lines=tuple(_lines(status, call.language)), is_due=bool(status.reasons))


def _status(inspection: Inspection, now: datetime) -> _Status:
    compiled = inspection.compiled
    articles = [item for item in compiled.items if isinstance(item, Article)]
    finished = [article for article in articles if not article.card.draft]
    events = (
        _Event(at=at, what=what, article=article)
        for article in finished
        for at, what in archive.dues(article, now)
        if at > now
    )
    broken = {item.source for item in compiled.items if isinstance(item, PartialItem)}
    broken |= {problem.path for problem in compiled.problems if problem.severity == "error"}
    return _Status(
        items=len(inspection.folder.content.sources),
        drafts=tuple(article for article in articles if article.card.draft),
        events=tuple(sorted(events, key=lambda event: (event.at, event.article.source))),
        broken=tuple(sorted(broken)),
        reasons=tuple(_reasons(inspection, now)),
        last=inspection.last.at if inspection.last else None,
    )


def _reasons(inspection: Inspection, now: datetime) -> Iterator[Reason]:
    if inspection.last is None:
        yield "nothing-known"
        return
    if not inspection.is_as_built:
        yield "changed"
    due = inspection.last.report.next_due
    if due and due <= now:
        yield "moment"


def _data(status: _Status) -> dict[str, object]:
    next_due = status.events[0].at if status.events else None
    return {
        "due": bool(status.reasons),
        "reasons": status.reasons,
        "last_build": status.last.isoformat() if status.last else None,
        "next_due": next_due.isoformat() if next_due else None,
        "items": status.items,
        "drafts": [_item(article) for article in status.drafts],
        "scheduled": [_event(event) for event in status.events if event.what == "appears"],
        "expiring": [_event(event) for event in status.events if event.what == "expires"],
        "pinned": [_event(event) for event in status.events if event.what == "unpinned"],
        "broken": status.broken,
    }


def _item(article: Article) -> Mapping[str, str]:
    return {"path": article.source, "title": article.card.title}


def _event(event: _Event) -> Mapping[str, str]:
    return {**_item(event.article), "at": event.at.isoformat()}


def _lines(status: _Status, language: Language) -> Iterator[str]:
    drafts = [f"{article.source}: {article.card.title}" for article in status.drafts]
    yield from _group(drafts, say("status-drafts", language, count=count(len(drafts), language)), language)
    for what in ("appears", "expires", "unpinned"):
        events = [_line_of(event) for event in status.events if event.what == what]
        yield from _group(events, say(f"status-{what}", language, count=count(len(events), language)), language)
    broken = say("status-broken", language, count=count(len(status.broken), language))
    yield from _group(status.broken, broken, language)
    yield from (say(f"due-{reason}", language) for reason in status.reasons)
    if not status.reasons:
        yield say("status-nothing-due", language)
    if status.events:
        yield say("summary-due", language, due=_moment(status.events[0].at))


def _group(lines: Sequence[str], heading: str, language: Language) -> Iterator[str]:
    if lines:
        yield heading
        yield from (f"  {line}" for line in lines[:_LINES_SHOWN])
        if len(lines) > _LINES_SHOWN:
            yield f"  {say('status-more', language, count=count(len(lines) - _LINES_SHOWN, language))}"


def _line_of(event: _Event) -> str:
    return f"{_moment(event.at)}  {event.article.source}: {event.article.card.title}"


def _moment(at: datetime) -> str:
    return f"{at:%H:%M %d/%m/%Y}"

"""`status`: what waits, what will go by itself, and whether a build is due. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from bulletin.build import Inspection, inspect
from bulletin.commands.calls import Answer, Call, request_of
from bulletin.commands.report import count
from bulletin.model import Article, Unfinished
from bulletin.pages import archive
from bulletin.problems import Language, say

Reason = Literal["nothing-known", "changed", "moment"]
_SHOWN = 20


class _Event(Struct, frozen=True, kw_only=True):
    """What will happen to an item by itself, and when."""

    at: datetime
    what: archive.Due
    article: Article


class _Status(Struct, frozen=True, kw_only=True):
    """What there is to say; events soonest first. `reasons` tell why a build is due, and are empty if none is."""

    items: int
    drafts: tuple[Article, ...]
    events: tuple[_Event, ...]
    broken: tuple[str, ...]
    reasons: tuple[Reason, ...]
    last: datetime | None


def run(call: Call) -> Answer:
    """Say what waits; the answer is due if a build would now publish something else than the last one did."""
    request = request_of(call)
    status = _status(inspect(request.root, request.output, request.settings), call.now)
    return Answer(data=_data(status), lines=tuple(_lines(status, call.language)), is_due=bool(status.reasons))


def _status(found: Inspection, now: datetime) -> _Status:
    articles = [item for item in found.compiled.items if isinstance(item, Article)]
    finished = [article for article in articles if not article.card.draft]
    events = (
        _Event(at=at, what=what, article=one) for one in finished for at, what in archive.dues(one, now) if at > now
    )
    broken = {item.source for item in found.compiled.items if isinstance(item, Unfinished)}
    broken |= {problem.path for problem in found.compiled.problems if problem.severity == "error"}
    return _Status(
        items=len(found.folder.content.sources),
        drafts=tuple(article for article in articles if article.card.draft),
        events=tuple(sorted(events, key=lambda event: (event.at, event.article.source))),
        broken=tuple(sorted(broken)),
        reasons=tuple(_reasons(found, now)),
        last=found.last.at if found.last else None,
    )


def _reasons(found: Inspection, now: datetime) -> Iterator[Reason]:
    if found.last is None:
        yield "nothing-known"
        return
    if not found.is_as_built:
        yield "changed"
    due = found.last.report.next_due
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
        events = [_shown(event) for event in status.events if event.what == what]
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
        yield from (f"  {line}" for line in lines[:_SHOWN])
        if len(lines) > _SHOWN:
            yield f"  {say('status-more', language, count=count(len(lines) - _SHOWN, language))}"


def _shown(event: _Event) -> str:
    return f"{_moment(event.at)}  {event.article.source}: {event.article.card.title}"


def _moment(at: datetime) -> str:
    return f"{at:%H:%M %d/%m/%Y}"

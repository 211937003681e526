"""`status`: shows which items wait, which will change by themselves, and whether a build is due. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, get_args

from msgspec import Struct

from bulletin.build import Inspection, inspect
from bulletin.commands.calls import Answer, Call, request_of
from bulletin.commands.report import count
from bulletin.model import Article, PartialItem
from bulletin.pages import archive
from bulletin.problems import Language, say
from bulletin.targets import target_of
from bulletin.vietnamese import periods

Reason = Literal["nothing-known", "changed", "moment"]
Listed = Literal["appears", "expires", "unpinned"]
_LINES_SHOWN = 20


class _Change(Struct, frozen=True, kw_only=True):
    """A change that will happen to an item by itself, and when."""

    at: datetime
    what: archive.Due
    article: Article


class _Status(Struct, frozen=True, kw_only=True):
    """The state of the site, what is to come soonest first. `reasons` tell why a build is due; empty if none is."""

    items: int
    drafts: tuple[Article, ...]
    changes: tuple[_Change, ...]
    events: tuple[Article, ...]
    """The items that tell of something that is not over, whether readers see them yet or not."""
    broken: tuple[str, ...]
    reasons: tuple[Reason, ...]
    last: datetime | None


def run(call: Call) -> Answer:
    """Report what waits; the answer is due if a build would now publish something other than the last build did."""
    request = request_of(call)
    places = [(request.output, request.settings)]
    if call.settings.targets and not call.options.output:
        targets = [target_of(call.settings, call.root, one.name) for one in call.settings.targets]
        places = [(target.known_as, target.settings(request.settings)) for target in targets]
    status = _status([inspect(call.root, place, settings) for place, settings in places], call.now)
    return Answer(data=_data(status), lines=tuple(_lines(status, call.language)), is_due=bool(status.reasons))


def _status(inspections: Sequence[Inspection], now: datetime) -> _Status:
    """Return the state of a site, by looks at it that differ in where it was published."""
    inspection, lasts = inspections[0], [one.last.at for one in inspections if one.last]
    compiled = inspection.compiled
    articles = [item for item in compiled.items if isinstance(item, Article)]
    finished = [article for article in articles if not article.card.draft]
    changes = (
        _Change(at=at, what=what, article=article)
        for article in finished
        for at, what in archive.dues(article, now)
        if at > now
    )
    broken = {item.source for item in compiled.items if isinstance(item, PartialItem)}
    broken |= {problem.path for problem in compiled.problems if problem.severity == "error"}
    return _Status(
        items=len(inspection.folder.content.sources),
        drafts=tuple(article for article in articles if article.card.draft),
        changes=tuple(sorted(changes, key=lambda change: (change.at, change.article.source))),
        events=archive.coming((article for article in finished if not archive.is_expired(article, now)), now),
        broken=tuple(sorted(broken)),
        reasons=tuple(dict.fromkeys(reason for one in inspections for reason in _reasons(one, now))),
        last=min(lasts) if len(lasts) == len(inspections) else None,
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
    next_due = status.changes[0].at if status.changes else None
    return {
        "due": bool(status.reasons),
        "reasons": status.reasons,
        "last_build": status.last.isoformat() if status.last else None,
        "next_due": next_due.isoformat() if next_due else None,
        "items": status.items,
        "drafts": [_item(article) for article in status.drafts],
        "scheduled": [_change(change) for change in status.changes if change.what == "appears"],
        "expiring": [_change(change) for change in status.changes if change.what == "expires"],
        "pinned": [_change(change) for change in status.changes if change.what == "unpinned"],
        "events": [_event(article) for article in status.events],
        "broken": status.broken,
    }


def _item(article: Article) -> Mapping[str, str]:
    return {"path": article.source, "title": article.card.title}


def _change(change: _Change) -> Mapping[str, str]:
    return {**_item(change.article), "at": change.at.isoformat()}


def _event(article: Article) -> Mapping[str, str]:
    assert article.event is not None
    begins, ends = periods.machine_readable(article.event.when)
    return {**_item(article), "begins": begins, "ends": ends, "place": article.event.place}


def _lines(status: _Status, language: Language) -> Iterator[str]:
    drafts = [f"{article.source}: {article.card.title}" for article in status.drafts]
    yield from _group(drafts, say("status-drafts", language, count=count(len(drafts), language)), language)
    for what in get_args(Listed):
        changes = [_line_of(change) for change in status.changes if change.what == what]
        yield from _group(changes, say(f"status-{what}", language, count=count(len(changes), language)), language)
    events = [_line_of_event(article) for article in status.events]
    yield from _group(events, say("status-events", language, count=count(len(events), language)), language)
    broken = say("status-broken", language, count=count(len(status.broken), language))
    yield from _group(status.broken, broken, language)
    yield from (say(f"due-{reason}", language) for reason in status.reasons)
    if not status.reasons:
        yield say("status-nothing-due", language)
    if status.changes:
        yield say("summary-due", language, due=_moment(status.changes[0].at))


def _group(lines: Sequence[str], heading: str, language: Language) -> Iterator[str]:
    if lines:
        yield heading
        yield from (f"  {line}" for line in lines[:_LINES_SHOWN])
        if len(lines) > _LINES_SHOWN:
            yield f"  {say('status-more', language, count=count(len(lines) - _LINES_SHOWN, language))}"


def _line_of(change: _Change) -> str:
    return f"{_moment(change.at)}  {change.article.source}: {change.article.card.title}"


def _line_of_event(article: Article) -> str:
    assert article.event is not None
    told = ", ".join(part for part in (periods.in_words(article.event.when), article.event.place) if part)
    return f"{told}  {article.source}: {article.card.title}"


def _moment(at: datetime) -> str:
    return f"{at:%H:%M %d/%m/%Y}"

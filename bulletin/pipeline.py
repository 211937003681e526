"""The five verbs in their order: read, compile, plan, render, publish."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from bulletin import imaging, leaving, site
from bulletin.changes import Changes
from bulletin.compiling import compile_content
from bulletin.files import digest_of_listing
from bulletin.fingerprint import digest_of
from bulletin.itempages import ItemPage, SitePage
from bulletin.linkcheck import unreachable
from bulletin.links import Item, pictures_of
from bulletin.lock import locked
from bulletin.memory import Memory
from bulletin.model import Article, Card, Content
from bulletin.plan import Plan, plan
from bulletin.pool import Pool, Tell
from bulletin.problems import BuildFailed, Problem, errors
from bulletin.publish import Workshop
from bulletin.rendering import Press, Reason, Rendering
from bulletin.settings import Settings
from bulletin.state import Damaged, State

if TYPE_CHECKING:
    from concurrent.futures import Executor

STATE = ".cache/state.sqlite"


class Request(Struct, frozen=True, kw_only=True):
    """What to build, when it is, and what to do about problems."""

    root: Path
    output: Path
    now: datetime
    settings: Settings
    drafts: bool = False
    waiting: bool = False
    """With items whose time has not come."""
    strict: bool = False
    keep_going: bool = False
    publish: bool = True
    fresh: bool = False
    keep_state: bool = True
    jobs: int = 1


class Report(Struct, frozen=True, kw_only=True):
    """What a build did. `published` is False where errors forbade it; `new` are the items it published first."""

    published: bool
    items: int = 0
    pages: int = 0
    changes: Changes
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    seconds: float
    next_due: datetime | None = None
    problems: tuple[Problem, ...]
    new: tuple[Card, ...] = ()


class LastBuild(Struct, frozen=True, kw_only=True):
    """What the next build may repeat: the seal of what stood in output/ `at` the end of a build, and its report.

    `looks` tells of what it was made from as far as names, sizes and times can tell.
    """

    seal: str
    looks: str
    at: datetime
    report: Report


def hear_nothing(_phase: str, _done: int, _total: int) -> None:
    """Hear how far a build has come, and do nothing about it."""


def build(
    request: Request,
    executor: Executor | None = None,
    tell: Tell = hear_nothing,
    memory: Memory | None = None,
) -> Report:
    """Check the content and, unless an error forbids it, make output/ what it should be.

    Work goes to `executor` if one is given. `tell` hears how far long phases have come, and «waiting» where another
    build of the same output folder is at work. A process that builds again and again has a `memory` of its own, in
    place of the state that builds share.
    """
    started = time.monotonic()
    with ExitStack() as stack:
        workshop = stack.enter_context(_workshop(request, tell))
        if memory is None and executor is None:
            stack.enter_context(workshop.looked_at_ahead())
        try:
            pool = Pool(request.jobs, executor, tell)
            stack.callback(pool.close)
            report = _built_with_state(request, workshop, pool, memory)
        except BuildFailed as failed:
            report = Report(published=False, changes=Changes(), seconds=0, problems=_judged(failed.problems, request))
    return replace(report, seconds=time.monotonic() - started)


def rollback(output: Path, tell: Tell = hear_nothing) -> Changes:
    """Put the publication before the last one back; raise Refused if none is kept."""
    workshop = Workshop.beside(output)
    with locked(workshop.lock, lambda: tell("waiting", 0, 0)):
        workshop.recover()
        return workshop.rollback()


@contextmanager
def temporary_folder() -> Iterator[str]:
    """Yield a folder that is gone afterwards."""
    import tempfile  # noqa: PLC0415 - 8 ms that an ordinary build does not need

    with tempfile.TemporaryDirectory(prefix="ban-tin-") as folder:
        yield folder


@contextmanager
def _workshop(request: Request, tell: Tell) -> Iterator[Workshop]:
    """Yield the workshop, ready and ours alone; a build that only checks gets one that is thrown away."""
    if not request.publish:
        with temporary_folder() as folder:
            yield Workshop(request.output, Path(folder))
        return
    workshop = Workshop.beside(request.output)
    with locked(workshop.lock, lambda: tell("waiting", 0, 0)):
        workshop.recover()
        workshop.clear()
        try:
            yield workshop
        finally:
            workshop.clear()


def state_stamp(program: str, settings: Settings) -> str:
    """Return the digest of what kept items were made by: the program, by its stamp, and the settings they obey."""
    return digest_of(program, settings.house.categories, settings.house.value_unit, settings.timezone_offset)


@contextmanager
def _state(request: Request, workshop: Workshop, memory: Memory | None) -> Iterator[State]:
    """Yield what is kept of former builds; nothing for a build that only checks or asks for a fresh start."""
    stamp = state_stamp(memory.code if memory else site.stamp(), request.settings)
    if memory is not None and request.keep_state:
        yield memory.state(stamp, fresh=request.fresh)
        return
    if not request.publish or not request.keep_state:
        state = State.in_memory(workshop.pictures if request.publish else None)
    elif request.fresh:
        state = State.begin(request.root / STATE, stamp)
    else:
        state = State.open(request.root / STATE, stamp)
    try:
        yield state
    finally:
        state.close()


def _built_with_state(request: Request, workshop: Workshop, pool: Pool, memory: Memory | None) -> Report:
    """Build with what is kept of former builds; if that is damaged with a new state, if none can be kept without."""
    for attempt in (request, replace(request, fresh=True), replace(request, keep_state=False)):
        try:
            with _state(attempt, workshop, memory) as state:
                return _build(attempt, workshop, state, pool, memory)
        except Damaged:
            workshop.clear()
            if not attempt.keep_state:
                raise
    raise AssertionError("the last attempt returns or raises")


def _build(request: Request, workshop: Workshop, state: State, pool: Pool, memory: Memory | None) -> Report:
    content, misplaced = site.list_content(request.root)
    press = Press(request.root, request.settings, workshop, state, pool, memory=memory)
    inputs = _inputs(request, press, content)
    if (report := _same_as_last(request, press, state, inputs)) is not None:
        return report
    compiled = compile_content(request.root, content, request.settings.house, state, pool)
    named = {path for item in compiled.items for path in pictures_of(item, content.files)}
    content = replace(content, pictures=imaging.develop(request.root, content, named, state, pool))
    planned, problems = _planned(request, content, compiled.items, (*misplaced, *compiled.problems), memory)
    if any(errors(problems)) and not request.keep_going:
        return Report(published=False, changes=Changes(), seconds=0, problems=problems)
    rendering = press.render(planned.pages, content, compiled.texts)
    removed = rendering.changes.removed
    strays = leaving.strays(removed, rendering.gone | workshop.returned(), request.output)
    noticed = () if request.publish else _noticed(compiled.items, planned.pages, rendering, request.output.name)
    problems = _judged((*problems, *leaving.warnings(removed, strays, request.output.name), *noticed), request)
    if any(errors(problems)) and not request.keep_going:
        return Report(published=False, changes=Changes(), seconds=0, problems=problems)
    report = Report(
        published=request.publish,
        items=planned.items,
        pages=len(planned.pages),
        changes=rendering.changes,
        reasons=rendering.reasons,
        seconds=0,
        next_due=planned.next_due,
        problems=problems,
        new=_new_items(planned.pages, rendering.changes),
    )
    if request.publish:
        digests = {path: record.digest for path, record in rendering.records.items()}
        workshop.publish(rendering.changes, digests, strays)
        press.keep(rendering)
        report_kept = _without_changes(report)
        last = LastBuild(seal=press.seal(), looks=looks(press, content), at=request.now, report=report_kept)
        state.save_build(press.output, inputs, last)
        if memory is not None:
            memory.keep_standing(press.standing())
    return report


def _noticed(items: Iterable[Item], pages: Iterable[SitePage], rendering: Rendering, output: str) -> Iterator[Problem]:
    """Yield what only `check` has time for: it makes every page anew."""
    from bulletin import editorial  # noqa: PLC0415 - 10 ms that an ordinary build does not need

    yield from editorial.warnings([item for item in items if isinstance(item, Article)])
    yield from unreachable(pages, rendering.leads, output)


def _inputs(request: Request, press: Press, content: Content) -> str:
    """Return the digest of all that a build is made from; empty if a file is too fresh to be sure of it."""
    listing = content.listing()
    if not listing:
        return ""
    return digest_of(
        *(listing, press.settings_digest, tuple(sorted(press.templates.items())), request.now.date()),
        *(request.drafts, request.waiting, request.strict, request.keep_going),
    )


def looks(press: Press, content: Content) -> str:
    """Return the digest of what a site looks like from outside; other bytes with the same times and sizes go unseen.

    To say that a build is due that is enough, also on Windows, where `_inputs` is sure of nothing.
    """
    listing = digest_of_listing(content.signatures)
    return digest_of(listing, press.settings_digest, tuple(sorted(press.templates.items())))


def _same_as_last(request: Request, press: Press, state: State, inputs: str) -> Report | None:
    """Return the last build's report if nothing has changed since, neither what it was made from nor what it made."""
    known = state.last_build(press.output, LastBuild)
    if not inputs or not request.publish or known is None or known[0] != inputs:
        return None
    last = known[1]
    is_due = last.report.next_due is not None and request.now >= last.report.next_due
    if is_due or request.now < last.at or not last.seal or press.seal() != last.seal:
        return None
    return replace(last.report, changes=Changes(unchanged=state.paths(press.output)))


def _without_changes(report: Report) -> Report:
    """Return what the next build may repeat of a report if it finds nothing to do."""
    return replace(report, changes=Changes(), reasons={}, new=())


def _judged(problems: Iterable[Problem], request: Request) -> tuple[Problem, ...]:
    """Return the problems in the order of their places; with `--strict` each of them is an error."""
    judged = (replace(found, severity="error") if request.strict else found for found in problems)
    return tuple(sorted(set(judged)))


def _planned(
    request: Request, content: Content, items: Sequence[Item], problems: tuple[Problem, ...], memory: Memory | None
) -> tuple[Plan, tuple[Problem, ...]]:
    """Return the plan of all items without errors, and every problem."""
    while True:
        make = memory.plan if memory else plan
        shown = {"drafts": request.drafts, "waiting": request.waiting}
        planned = make(items, content, request.settings, request.now, **shown)
        found = _judged((*problems, *planned.problems), request)
        broken = {error.path for error in errors(found)}
        kept = [item for item in items if item.source not in broken]
        if len(kept) == len(items) or not request.keep_going:
            return planned, found
        # Without the broken items others may link to nothing: plan again until nothing more falls.
        items, problems = kept, found


def _new_items(pages: Iterable[SitePage], changes: Changes) -> tuple[Card, ...]:
    added = set(changes.added)
    cards = (page.article.card for page in pages if isinstance(page, ItemPage) and page.path in added)
    return tuple(sorted(cards, key=lambda card: (-card.day.toordinal(), card.url)))

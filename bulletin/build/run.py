"""A build told as a story: read, compile, plan, render, publish. The only module that knows their order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from bulletin.build import content_folder, lost_urls, small_change
from bulletin.build.cache import State
from bulletin.build.content_folder import ContentFolder, Survey
from bulletin.build.inputs import Inputs, program_digest, read_inputs
from bulletin.build.keeping import ToKeep, to_keep
from bulletin.build.output_files import OutputFiles
from bulletin.build.planning import Found, PlannedSite, judged, places_of, plan_site
from bulletin.build.pool import WORTH_IT, Elsewhere, Pool, Tell
from bulletin.build.requests import STATE, LastBuild, Report, Request, hear_nothing, looks, state_stamp
from bulletin.build.seals import Damaged
from bulletin.build.session import Session
from bulletin.build.small_change import FileChanges
from bulletin.digests import digest_of
from bulletin.files import refuse_links_in
from bulletin.model import Article, Card, Item
from bulletin.pages import ItemPage, Plan, SitePage, deals
from bulletin.problems import BuildFailed, Problem, Unreachable, errors
from bulletin.publishing import KeptSources, Publisher, Unreadable, locked, removals
from bulletin.publishing.changes import Changes

if TYPE_CHECKING:
    from bulletin.build.render_pages import Rendering

Result = TypeVar("Result")


def build(
    request: Request,
    elsewhere: Elsewhere | None = None,
    tell: Tell = hear_nothing,
    session: Session | None = None,
) -> Report:
    """Check the content and, unless an error forbids it, bring output/ up to date.

    Compiling and rendering go `elsewhere` if that is given; raise Unreachable if it is lost. `tell` is called with the
    progress of long phases, and with «waiting» while another build of the same output folder is at work. A process that
    builds again and again passes its `session`, which takes the place of the state that builds share.
    """
    started = time.monotonic()
    pool = Pool(request.jobs, elsewhere, tell)
    with ExitStack() as stack:
        publisher = stack.enter_context(_publisher(request, tell))
        told: tuple[Problem, ...] = ()
        try:
            told = publisher.recover()
            publisher.clear()
            stack.callback(pool.close)
            work = partial(_build, publisher=publisher, pool=pool, session=session)
            report = with_state(request, publisher, session, work)
            report = replace(report, problems=(*told, *report.problems))
        except Unreachable:
            raise
        except BuildFailed as failed:
            report = Report(
                published=False, changes=Changes(), seconds=0, problems=judged((*told, *failed.problems), request)
            )
    return replace(report, seconds=time.monotonic() - started, peak_of_workers=pool.peak)


def rollback(output: Path, tell: Tell = hear_nothing) -> tuple[Changes, tuple[Problem, ...]]:
    """Bring the publication before the last one back; return what changed, and warnings.

    Raise Refused if none is kept, BuildFailed if nobody knows what the site is that it was to replace.
    """
    publisher = Publisher.beside(output)
    refuse_links_in(*publisher.folders)
    with locked(publisher.lock, lambda: tell("waiting", 0, 0)):
        told = publisher.recover()
        if any(one.code == "journal-refused" for one in told):
            raise BuildFailed(tuple(replace(one, severity="error") for one in told))
        changes, warnings = publisher.rollback()
        return changes, (*told, *warnings)


@contextmanager
def _publisher(request: Request, tell: Tell) -> Iterator[Publisher]:
    """Yield the publisher, locked for us; a build that only checks gets one that is thrown away."""
    if not request.publish:
        from tempfile import TemporaryDirectory  # noqa: PLC0415 - 8 ms that an ordinary build does not need

        with TemporaryDirectory(prefix="ban-tin-") as folder:
            yield Publisher(request.output, Path(folder))
        return
    publisher = Publisher.beside(request.output)
    refuse_links_in(*publisher.folders)
    with locked(publisher.lock, lambda: tell("waiting", 0, 0)):
        try:
            yield publisher
        finally:
            publisher.clear()


@contextmanager
def _state(request: Request, publisher: Publisher, session: Session | None) -> Iterator[State]:
    """Yield the state of former builds; an empty one for a build that only checks, or that asks for a fresh start."""
    stamp = state_stamp(session.program if session else program_digest(), request.settings)
    if session is not None:
        yield session.state(stamp, fresh=request.fresh, pictures=None if request.keep_state else publisher.pictures)
        return
    if not request.publish or not request.keep_state:
        state = State.in_memory(publisher.pictures if request.publish else None)
    elif request.fresh:
        state = State.begin(request.root / STATE, stamp)
    else:
        state = State.open(request.root / STATE, stamp)
    try:
        yield state
    finally:
        state.close()


def with_state(
    request: Request, publisher: Publisher, session: Session | None, work: Callable[[Request, State], Result]
) -> Result:
    """Do work with the kept state; if that is damaged, with a new one; if none can be kept, without."""
    for attempt in (request, replace(request, fresh=True), replace(request, keep_state=False)):
        try:
            with _state(attempt, publisher, session) as state:
                return work(attempt, state)
        except Damaged:
            publisher.clear()
            if not attempt.keep_state:
                raise
    raise AssertionError("the last attempt returns or raises")


def _build(request: Request, state: State, publisher: Publisher, pool: Pool, session: Session | None) -> Report:
    with closing(OutputFiles(publisher, session)) as output:
        return _built(request, state, output, pool, session)


def _built(request: Request, state: State, output: OutputFiles, pool: Pool, session: Session | None) -> Report:
    # Read
    publisher = output.publisher
    inputs = read_inputs(request.root, request.settings)
    places = places_of(request, publisher)
    last = _repeatable(request, publisher, state, _context(request, inputs, places))
    if last:
        output.begin_looks(state, request.jobs)
    files = session.survey(request.root) if session else content_folder.surveyed(request.root)
    changed = small_change.changed_files(state, publisher.key, files) if last else None
    if last and changed and not changed.paths() and output.is_undisturbed():
        return _repeat(last, output, session, files)

    # Compile and plan
    site = None
    if last and changed and changed.paths():
        found = _found(request, files, places, changed)
        part = small_change.Part(output=publisher.key, last=last.report, files=changed)
        site = small_change.planned(request, found, state, pool, part)
    if site is None or not output.is_undisturbed():
        found = _found(request, files, places)
        prepare = partial(_prepare_rendering, inputs, state, pool, publisher.key, len(found.folder.content.sources))
        site = plan_site(request, found, state, pool, prepare)
    folder = found.folder
    if site.is_forbidden:
        return Report(published=False, changes=Changes(), seconds=0, problems=site.problems)
    planned, compiled, stand_ins = site.plan, site.compiled, site.stand_ins

    # Render
    from bulletin.build.render_pages import Task, keep, render_pages  # noqa: PLC0415 - jinja2 takes 0.1 s to load

    task = Task(
        inputs=inputs,
        templates=inputs.templates(state),
        folder=stand_ins.folder,
        output=output,
        state=state,
        pool=pool,
        texts=stand_ins.texts,
    )
    rendering = render_pages(planned, task)
    # Nothing below is done in processes: they would only keep their memory.
    pool.close()
    removed = rendering.changes.removed
    strays = removals.strays(removed, rendering.gone.keys() | publisher.restored_files(), request.output)
    noticed = () if request.publish else _noticed(compiled.items, planned.pages, rendering, request.output.name)
    leaving = tuple(_leaving(request, planned, rendering, strays))
    problems = judged((*site.problems, *leaving, *noticed), request)
    if any(errors(problems)) and not request.keep_going:
        return Report(published=False, changes=Changes(), seconds=0, problems=problems)

    # Publish
    report = replace(_report(request, planned, rendering, problems), stand_ins=stand_ins.shown(planned))
    if not request.publish:
        finished = (item for item in compiled.items if isinstance(item, Article) and not item.card.draft)
        return replace(report, shared_deals=tuple(deals.shared(finished)))
    digests = {path: record.digest for path, record in rendering.records.items()}
    wanted = to_keep(site, inputs, rendering.attachments)
    if request.against is not None:
        from bulletin.build.reviewing import reviewed  # noqa: PLC0415 - markdown takes 0.1 s to load

        report = reviewed(report, site, wanted, state)
    sources = _prepared(publisher, wanted, folder, are_all=not planned.published)
    output.respell()
    untidy = publisher.publish(rendering.changes, digests, strays, sources)
    keep(rendering, task)
    # A build that finds nothing to do repeats this report, but for what left output/ with this one.
    lasting = tuple(one for one in report.problems if one not in judged(leaving, request))
    done = LastBuild(looks="" if session else looks(inputs, files), at=request.now, report=_repeated(report, lasting))
    state.save_build(publisher.key, _context(request, inputs, places), done)
    _keep_parts(state, output, rendering.changes, small_change.parts(state, site, files, changed), site)
    output.keep()
    if session is not None:
        session.keep(files, site, state, publisher.key, (inputs, task.templates, folder))
    return replace(report, problems=(*report.problems, *untidy))


def _prepare_rendering(inputs: Inputs, state: State, pool: Pool, output: str, count: int) -> None:
    from bulletin.build.render_pages import prepare  # noqa: PLC0415 - as above

    if count >= WORTH_IT:
        prepare(inputs, state, pool, output, count)


def _repeat(last: LastBuild, output: OutputFiles, session: Session | None, files: Survey) -> Report:
    """Return the report of the last build, after which nothing has changed."""
    output.keep()
    if session is not None:
        session.keep_survey(files)
    return last.report


def _report(request: Request, planned: Plan, rendering: Rendering, problems: tuple[Problem, ...]) -> Report:
    return Report(
        published=request.publish,
        items=planned.items,
        pages=planned.files,
        changes=rendering.changes,
        reasons=rendering.reasons,
        seconds=0,
        next_due=planned.next_due,
        problems=problems,
        new=_new_items(planned.pages, rendering.changes),
    )


def _repeated(report: Report, problems: tuple[Problem, ...]) -> Report:
    """Return the report of a build that finds nothing to do after this one."""
    others = len(report.changes.added) + len(report.changes.changed) + report.changes.staying
    return replace(report, changes=Changes(others=others), reasons={}, new=(), problems=problems, review=None)


def _leaving(request: Request, planned: Plan, rendering: Rendering, strays: frozenset[str]) -> Iterator[Problem]:
    """Yield the warnings about what leaves output/. In a preview, which nobody bookmarks, no url is missed."""
    yield from removals.warnings(strays, request.output.name)
    if not request.waiting:
        changes = rendering.changes
        missed = removals.missed(changes.removed, strays)
        former = rendering.gone if request.publish or not missed else _published_items(request)
        yield from lost_urls.warnings(missed, former, planned.pages, changes.added, request.output)


def _published_items(request: Request) -> Mapping[str, str]:
    """Return the item of each page that was published, for a build that only checks and keeps no state of its own."""
    try:
        state = State.look(request.root / STATE, state_stamp(program_digest(), request.settings))
        try:
            return {path: record.source for path, record in state.pages(Publisher.beside(request.output).key).items()}
        finally:
            state.close()
    except Damaged:
        return {}


def _noticed(items: Iterable[Item], pages: Iterable[SitePage], rendering: Rendering, output: str) -> Iterator[Problem]:
    """Yield what only `check` looks for, which takes its time and renders every page."""
    from bulletin.pages import editorial  # noqa: PLC0415 - 10 ms that an ordinary build does not need
    from bulletin.render import unlinked_pages  # noqa: PLC0415

    yield from editorial.warnings([item for item in items if isinstance(item, Article)])
    yield from unlinked_pages(pages, rendering.reached, output)


def _prepared(publisher: Publisher, wanted: ToKeep, folder: ContentFolder, *, are_all: bool) -> int:
    """Prepare what is to be kept; return its number."""
    bytes_of, oldest = wanted.bytes_of(folder.read), publisher.oldest_sources()
    try:
        return publisher.sources.prepare(wanted.items, bytes_of, oldest, are_all=are_all)
    except Unreadable as fault:
        # What is kept of the items that are not planned is lost: only a whole plan knows it.
        raise Damaged(str(fault)) from fault


def _context(request: Request, inputs: Inputs, places: Iterable[KeptSources]) -> str:
    """Return the digest of all that a build is made from but content/; empty if kept sources cannot be read."""
    try:
        return digest_of(
            *(inputs.digest, request.now.date(), [place.seal() for place in places]),
            *(request.drafts, request.waiting, request.strict, request.keep_going),
        )
    except Unreadable:
        return ""


def _found(
    request: Request, files: Survey, places: tuple[KeptSources, ...], changed: FileChanges | None = None
) -> Found:
    """Return what was found below content/. If only some files `changed`, other names were looked at before."""
    if changed and (known := content_folder.with_known_names(request.root, files, changed.new, changed.pictures)):
        return Found(folder=known, misplaced=(), places=places)
    folder, misplaced = content_folder.look(request.root, files)
    return Found(folder=folder, misplaced=misplaced, places=places)


def _keep_parts(
    state: State, output: OutputFiles, changes: Changes, parts: dict[str, bytes], site: PlannedSite
) -> None:
    """Keep what the next build must know to plan a part of the site."""
    parts = parts | output.parts(state, (*changes.added, *changes.changed), are_all=site.parts is None)
    state.save_parts(output.publisher.key, parts, are_all=site.parts is None)


def _repeatable(request: Request, publisher: Publisher, state: State, context: str) -> LastBuild | None:
    """Return the last build if it had the same of all but the files in content/, and time has changed nothing."""
    if request.against is not None or not request.publish or not context:
        return None
    known = state.last_build(publisher.key, LastBuild)
    if known is None or known[0] != context or _is_due(request, known[1]):
        return None
    return known[1]


def _is_due(request: Request, last: LastBuild) -> bool:
    """Tell whether time alone may have changed the site since the last build, or runs backwards."""
    is_due = last.report.next_due is not None and request.now >= last.report.next_due
    return is_due or request.now < last.at


def _new_items(pages: Iterable[SitePage], changes: Changes) -> tuple[Card, ...]:
    added = set(changes.added)
    cards = (page.article.card for page in pages if isinstance(page, ItemPage) and page.path in added)
    return tuple(sorted(cards, key=lambda card: (-card.day.toordinal(), card.url)))

"""The five verbs in their order: read, compile, plan, render, publish."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bulletin import site
from bulletin.articles import House, compile_source
from bulletin.linkcheck import LinkCheck
from bulletin.links import Item
from bulletin.model import Card, Content, Page, Source, path_of
from bulletin.plan import Plan, plan
from bulletin.problems import BuildFailed, Problem, errors, problem
from bulletin.publish import Changes, Staging
from bulletin.render import Renderer
from bulletin.settings import Settings
from bulletin.views import FileView, ItemView


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to build, when it is, and what to do about problems."""

    root: Path
    output: Path
    now: datetime
    settings: Settings
    drafts: bool = False
    strict: bool = False
    keep_going: bool = False
    publish: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a build did. `published` is False where errors forbade it; `new` are the items it published first."""

    published: bool
    items: int = 0
    pages: int = 0
    rendered: int = 0
    changes: Changes
    seconds: float
    next_due: datetime | None = None
    problems: tuple[Problem, ...]
    new: tuple[Card, ...] = ()


def build(request: Request) -> Report:
    """Check the content and, unless an error forbids it, make output/ what it should be."""
    started = time.monotonic()
    try:
        content, misplaced = site.list_content(request.root)
        planned, problems = _planned(request, content, misplaced)
    except BuildFailed as failed:
        return _failed(failed.problems, request, started)
    if any(errors(problems)) and not request.keep_going:
        return _failed(problems, request, started)
    make_ready = Staging.beside if request.publish else Staging.elsewhere
    with make_ready(request.output) as staging:
        try:
            rendered = _render_all(planned.pages, content, request, staging)
        except BuildFailed as failed:
            return _failed((*problems, *failed.problems), request, started)
        gone = _vanishing(staging.changes)
        problems = _judged((*problems, *gone), request)
        if any(errors(problems)) and not request.keep_going:
            return _failed(problems, request, started)
        if request.publish:
            staging.publish()
    return Report(
        published=request.publish,
        items=planned.items,
        pages=len(planned.pages),
        rendered=rendered,
        changes=staging.changes,
        seconds=time.monotonic() - started,
        next_due=planned.next_due,
        problems=problems,
        new=_new_items(planned.pages, staging.changes),
    )


def _failed(problems: Iterable[Problem], request: Request, started: float) -> Report:
    return Report(
        published=False,
        changes=Changes(),
        seconds=time.monotonic() - started,
        problems=_judged(problems, request),
    )


def _judged(problems: Iterable[Problem], request: Request) -> tuple[Problem, ...]:
    """Return the problems in the order of their places; with `--strict` each of them is an error."""
    judged = (replace(found, severity="error") if request.strict else found for found in problems)
    return tuple(sorted(set(judged)))


def _planned(request: Request, content: Content, misplaced: tuple[Problem, ...]) -> tuple[Plan, tuple[Problem, ...]]:
    """Return the plan of all items without errors, and every problem."""
    items, problems = _compiled(request, content)
    problems = (*misplaced, *problems)
    while True:
        planned = plan(items, content, request.settings, request.now, drafts=request.drafts)
        found = _judged((*problems, *planned.problems), request)
        broken = {error.path for error in errors(found)}
        kept = [item for item in items if item.source not in broken]
        if len(kept) == len(items) or not request.keep_going:
            return planned, found
        # Without the broken items others may link to nothing: plan again until nothing more falls.
        items, problems = kept, found


def _compiled(request: Request, content: Content) -> tuple[list[Item], tuple[Problem, ...]]:
    house = House(
        categories=request.settings.categories, value_unit=request.settings.value_unit, zone=request.settings.zone
    )
    items: list[Item] = []
    problems: list[Problem] = []
    for path in content.sources:
        source = site.read_source(request.root, path, content)
        if not isinstance(source, Source):
            problems += source
            continue
        compiled = compile_source(source, house)
        problems += compiled.problems
        items += [item for item in (compiled.article, compiled.unfinished) if item]
    return items, tuple(problems)


def _render_all(pages: Sequence[Page], content: Content, request: Request, staging: Staging) -> int:
    """Stage every file of the site and return how many were rendered; raise BuildFailed if a template is at fault."""
    folders = site.template_folders(request.root)
    assets = site.read_assets(folders)
    renderer = Renderer(folders, request.settings, {asset.name: f"/{asset.path}" for asset in assets})
    paths = frozenset([*(page.path for page in pages), *(asset.path for asset in assets)])
    check = LinkCheck(paths)
    for asset in assets:
        staging.put(asset.path, asset.data)
    for page in pages:
        if isinstance(page.view, FileView):
            staging.put(page.path, site.read_file(request.root, page.view.source, content))
            continue
        text = renderer.render(page)
        if page.path.endswith(".html"):
            check.look_at(page, text)
        staging.put(page.path, text.encode())
    check.finish(staging.read)
    if check.problems:
        raise BuildFailed(tuple(check.problems))
    staging.leave_only(paths)
    return sum(not isinstance(page.view, FileView) for page in pages)


def _vanishing(changes: Changes) -> list[Problem]:
    """Return a warning for each item's page that readers may have bookmarked and that nothing stands in for."""
    gone = [path for path in changes.removed if path.startswith("tin/") and path.endswith("/index.html")]
    return [problem(path, 1, "url-vanishes", "warning", found="/" + path.removesuffix("index.html")) for path in gone]


def _new_items(pages: Iterable[Page], changes: Changes) -> tuple[Card, ...]:
    added = set(changes.added)
    cards = (page.view.card for page in pages if isinstance(page.view, ItemView) and page.path in added)
    return tuple(sorted(cards, key=lambda card: (-card.day.toordinal(), card.order, path_of(card.url))))

"""The first steps of a build, which change nothing but the state: a site's files are read, compiled and planned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from bulletin.build import unlinked_files
from bulletin.build.cache import State
from bulletin.build.compile_items import CompiledContent, compile_items
from bulletin.build.content_folder import ContentFolder
from bulletin.build.make_images import WantedCrops, make_images
from bulletin.build.pool import Pool
from bulletin.build.requests import Request
from bulletin.build.stand_ins import Making, StandIns
from bulletin.model import Article, Item, PartialItem
from bulletin.pages import Plan, archive, card_pictures, links, plan
from bulletin.problems import Problem, errors, problem
from bulletin.publishing import KeptSources, Publisher


class PlannedSite(Struct, frozen=True, kw_only=True):
    """A site as it is to be: what was compiled, the stand-ins of items with errors, the plan, and every problem.

    `waiting` are the items without errors whose time has not come.
    """

    request: Request
    compiled: CompiledContent
    stand_ins: StandIns
    plan: Plan
    waiting: tuple[Article, ...]
    problems: tuple[Problem, ...]
    parts: Mapping[str, bytes] | None = None
    """What has changed of what is kept for the next plan, if the plan is of a part: see `build.small_change`."""

    @property
    def is_forbidden(self) -> bool:
        """Tell whether errors forbid that it is published."""
        return any(errors(self.problems)) and not self.request.keep_going


class Found(Struct, frozen=True, kw_only=True):
    """The files below content/, the problems of their names, and where sources are kept that may be shown instead."""

    folder: ContentFolder
    misplaced: tuple[Problem, ...]
    places: tuple[KeptSources, ...]


def places_of(request: Request, publisher: Publisher) -> tuple[KeptSources, ...]:
    """Return where sources are kept that may be shown, and those of this output folder in any case."""
    others = (Publisher.beside(request.last_published),) if request.last_published and request.keep_going else ()
    own = publisher if request.publish else Publisher.beside(request.output)
    first = (request.against,) if request.against and request.keep_going else ()
    return tuple(dict.fromkeys((*first, *(one.sources for one in (*others, own)))))


def plan_site(
    request: Request, found: Found, state: State, pool: Pool, compiled_all: Callable[[], object] = lambda: None
) -> PlannedSite:
    """Compile and plan what was found. What is new is kept in the state; `compiled_all` is called in between."""
    folder, rules = found.folder, request.settings.item_rules
    compiled = compile_items(folder, rules, state, pool)
    wanted = wanted_pictures(compiled)
    content = replace(folder.content, pictures=make_images(folder, wanted, state, pool))
    told = (
        *found.misplaced,
        *_of_items(compiled.problems, found.misplaced),
        *unlinked_files.warnings(folder, compiled.items),
    )
    make = partial(make_images, state=state, pool=pool)
    compiled_all()
    stand_ins = StandIns(found.places, folder, content, rules, Making(wanted=wanted, make=make))
    planned, items, problems = _planned(request, compiled.items, told, stand_ins)
    return PlannedSite(
        request=request,
        compiled=compiled,
        stand_ins=stand_ins,
        plan=planned,
        waiting=tuple(_waiting(request, items, stand_ins)),
        problems=problems,
    )


def judged(problems: Iterable[Problem], request: Request) -> tuple[Problem, ...]:
    """Return the problems in the order of their places; with `--strict` every one of them is an error."""
    found = (replace(one, severity="error") if request.strict else one for one in problems)
    return tuple(sorted(set(found)))


def wanted_pictures(compiled: CompiledContent) -> WantedCrops:
    """Return the pictures that items name, by path, with the crops of those that head an item."""
    named = {path for files in compiled.named.values() for path in files if path.lower().endswith(links.PICTURES)}
    crops = card_pictures.wanted_crops(compiled.items)
    return {path: crops.get(path, frozenset()) for path in named}


def _of_items(problems: Iterable[Problem], misplaced: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems of items but for the name of a copy: renamed, it would be asked about no more."""
    copies = {one.path for one in misplaced if one.code == "file-is-copy"}
    return (one for one in problems if one.code != "file-name" or one.path not in copies)


def _planned(
    request: Request, items: Sequence[Item], told: tuple[Problem, ...], stand_ins: StandIns
) -> tuple[Plan, Sequence[Item], tuple[Problem, ...]]:
    """Return the plan, the items that it was made from, and every problem.

    To keep going, items with errors give way to their stand-ins.
    """
    options = {"drafts": request.drafts, "waiting": request.waiting}
    problems = told
    if request.keep_going:
        broken = {error.path for error in errors(judged(told, request))}
        # An item with errors stays beside its stand-in for one plan, so that its links are checked as well.
        sound = [item for item in items if isinstance(item, PartialItem) or item.source not in broken]
        items = [*sound, *stand_ins.load(broken)]
    while True:
        planned = plan(items, stand_ins.content, request.settings, request.now, **options)
        known = stand_ins.content.stand_ins.keys()
        # A warning about a stand-in would be about a text that nobody can mend any more.
        found = [one for one in planned.problems if one.severity == "error" or one.path not in known]
        problems = judged((*problems, *found), request)
        broken = {error.path for error in errors(judged(found, request))}.intersection(item.source for item in items)
        if not broken or not request.keep_going:
            shown = (problem(one.source, 1, "shown-as-published", "warning") for one in stand_ins.shown(planned))
            return planned, items, judged((*problems, *stand_ins.problems, *shown), request)
        # Others may have linked to what falls now: plan again until no more of them fall.
        unfinished = {item.source for item in items if isinstance(item, PartialItem)}
        fallen = {(source, source in unfinished) for source in broken}
        sound = [item for item in items if (item.source, isinstance(item, PartialItem)) not in fallen]
        items = [*sound, *stand_ins.load(broken - known - unfinished)]


def _waiting(request: Request, items: Iterable[Item], stand_ins: StandIns) -> Iterator[Article]:
    """Yield the sound items that readers will see later, without anybody doing anything."""
    articles = (item for item in items if isinstance(item, Article))
    sound = (item for item in articles if item.source not in stand_ins.content.stand_ins)
    return (one for one in sound if not (one.card.draft or request.waiting or archive.is_released(one, request.now)))

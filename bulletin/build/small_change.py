"""A build after a small change: new words in a few texts. What it reads, plans and digests grows with what it touches.

Each publication keeps, beside the state, what the next build must know to plan a part of the site: which files stood in
content/, and the archive by its groups. Whatever else has changed, and in any doubt, everything is planned anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import NoReturn, TypeVar

from msgspec import DecodeError
from msgspec.json import Decoder, encode
from msgspec.structs import replace

from bulletin.build.cache import Damaged, SourceRecord, State
from bulletin.build.compile_items import compile_some
from bulletin.build.content_folder import ContentFolder
from bulletin.build.planning import Found, PlannedSite
from bulletin.build.pool import Pool
from bulletin.build.requests import Report, Request
from bulletin.build.stand_ins import StandIns
from bulletin.files import Signature
from bulletin.images import Original, Unusable
from bulletin.model import Article
from bulletin.pages import Plan, card_pictures, links, touched
from bulletin.pages.kept_archive import Groups, Kept, KeptNeighbours, Members, archive_of, groups_of, kept
from bulletin.urls import ASSETS, path_of

AT_MOST = 20
"""Changed texts; with more of them, planning everything again is as quick."""
_VERSION, _ARCHIVE, _GROUP, _FOLDER = "version", "archive", "group/", "folder/"
Listing = dict[str, Signature | None]
Value = TypeVar("Value")


_COUNT = Decoder(int)
_KEPT = Decoder(Kept)
_MEMBERS = Decoder(Members)
_LISTING = Decoder(Listing)


class _Unsure(Exception):  # noqa: N818 - it is an answer, and no error
    """Raised where a part of the site does not tell enough."""


def keep_plan(state: State, output: str, site: PlannedSite, folder: ContentFolder) -> None:
    """Keep what the next build must know of a site that was published into an output folder."""
    if site.stand_ins.content.stand_ins:
        # Items that are not in content/ stand in the pages: only a whole plan knows what becomes of them.
        state.save_parts(output, {}, are_all=True)
        return
    is_whole = not site.plan.rest
    parts: dict[str, bytes] = {}
    if is_whole:
        groups = groups_of(site.plan.archive)
        parts = {_GROUP + name: encode(members) for name, members in groups.items()}
        parts[_ARCHIVE] = encode(kept(site.plan.archive, groups))
    parts |= {_FOLDER + name: encode(listing) for name, listing in _by_folder(folder).items()}
    state.save_parts(output, {**parts, _VERSION: encode(state.version)}, are_all=is_whole)


def planned(  # noqa: PLR0913 - what a plan is made from
    request: Request, found: Found, state: State, pool: Pool, *, output: str, last: Report
) -> PlannedSite | None:
    """Return the part of a site that has changed since its `last` build; None if everything must be planned."""
    if not _is_known(state, output):
        return None
    changed = _changed_files(state, output, found.folder)
    if not changed or len(changed) > AT_MOST:
        return None
    before = state.records(changed)
    if before.keys() != set(changed):
        return None
    try:
        return _Planner(request, found, state, output, last).planned(changed, before, pool)
    except _Unsure:
        return None


def _is_known(state: State, output: str) -> bool:
    """Tell whether a plan is kept, and no other build has changed sources since."""
    found = state.parts(output, [_VERSION])
    return bool(found) and state.is_current and _decoded(_COUNT, found[_VERSION]) == state.version


def _by_folder(folder: ContentFolder) -> dict[str, Listing]:
    """Return the files below content/ by their folders, with their signatures as far as these prove anything."""
    listings: dict[str, Listing] = {}
    for path in folder.signatures:
        above, _, name = path.rpartition("/")
        listings.setdefault(above, {})[name] = folder.settled(path)
    return listings


def _changed_files(state: State, output: str, folder: ContentFolder) -> list[str] | None:
    """Return the Markdown files that may have changed; None if there are others that have, or that came or went."""
    known = state.parts_below(output, _FOLDER)
    found = _by_folder(folder)
    if {_FOLDER + name for name in found} != known.keys():
        return None
    changed: list[str] = []
    for name, listing in found.items():
        # Most folders are as they were, and need not be decoded.
        if encode(listing) == known[_FOLDER + name] and None not in listing.values():
            continue
        before = _decoded(_LISTING, known[_FOLDER + name])
        if before.keys() != listing.keys():
            return None
        changed += [
            f"{name}/{file}" for file, signature in listing.items() if signature is None or signature != before[file]
        ]
    return changed if all(path.lower().endswith(".md") for path in changed) else None


class _Planner:
    """Plans what new words touch, from what was kept of the last plan."""

    def __init__(self, request: Request, found: Found, state: State, output: str, last: Report) -> None:
        self._request = request
        self._folder = folder = found.folder
        self._state = state
        self._output = output
        self._last = last
        self._settings = settings = request.settings
        self._known: dict[str, Article] = {}
        known = _decoded(_KEPT, self._part(_ARCHIVE))
        self._groups = Groups(known.counts, self._members, self._articles)
        self._content = replace(folder.content, pictures=_Asked(self._picture))
        sources = folder.signatures.keys()
        self._targets = links.Targets(
            articles=_Asked(self._article),
            sources=sources,
            compiled=sources,
            files=folder.content.files,
            pictures=self._content.pictures,
            paths=_Asked(self._is_page).keys(),
            by_url=_Asked(self._article_at),
            base_url=settings.base_url,
        )
        self._archive = archive_of(self._groups, known, request.now)

    def planned(self, changed: Collection[str], before: Mapping[str, SourceRecord], pool: Pool) -> PlannedSite:
        compiled = compile_some(self._folder, self._settings.item_rules, self._state, pool, paths=changed, known=before)
        items = {item.source: item for item in compiled.items if isinstance(item, Article)}
        for path in changed:
            old, new = before[path].compiled, items.get(path)
            if old.article is None or new is None or not touched.is_same_but_for_words(old.article, new):
                raise _Unsure
            if old.problems != tuple(one for one in compiled.problems if one.path == path):
                raise _Unsure
        articles = tuple(self._illustrated(items[path]) for path in changed)
        if not all(map(self._groups.has, articles)) or self._settings.export_items:
            raise _Unsure
        self._known |= {article.source: article for article in articles}
        pages = touched.pages_of_texts(
            articles, self._archive, KeptNeighbours(self._groups), self._settings, self._resolved
        )
        planned = tuple(sorted(pages, key=lambda page: page.path))
        plan = Plan(
            pages=planned,
            copies=(),
            items=self._last.items,
            files=self._last.pages,
            next_due=self._archive.next_due,
            problems=(),
            targets=self._targets,
            archive=self._archive,
            rest=set(self._state.paths(self._output)).difference(page.path for page in planned),
        )
        return PlannedSite(
            request=self._request,
            compiled=compiled,
            stand_ins=StandIns.none(self._folder, self._content, self._settings.item_rules),
            plan=plan,
            waiting=(),
            problems=self._last.problems,
        )

    def _resolved(self, article: Article) -> links.ResolvedLinks:
        found = links.resolve(article, self._targets)
        if found.problems:
            raise _Unsure
        return found

    def _members(self, name: str) -> Members:
        return _decoded(_MEMBERS, self._part(_GROUP + name))

    def _part(self, name: str) -> bytes:
        parts = self._state.parts(self._output, [name])
        if not parts:
            raise Damaged(name)
        return parts[name]

    def _articles(self, paths: Collection[str]) -> Mapping[str, Article]:
        wanted = [path for path in paths if path not in self._known]
        for path, record in self._state.records(wanted).items():
            if record.compiled.article is not None:
                self._known[path] = self._illustrated(record.compiled.article)
        if any(path not in self._known for path in wanted):
            raise Damaged("members")
        return self._known

    def _illustrated(self, article: Article) -> Article:
        found = card_pictures.illustrated(article, self._content)
        assert isinstance(found, Article)
        return found

    def _article(self, path: str) -> Article | None:
        if path not in self._folder.signatures:
            return None
        return self._articles([path]).get(path)

    def _article_at(self, url: str) -> Article | None:
        path = path_of(url)
        page = self._state.pages_at(self._output, [path]).get(path)
        return self._article(page.source) if page and page.source else None

    def _is_page(self, path: str) -> bool | None:
        is_asset = path.startswith(path_of(ASSETS))
        return True if not is_asset and self._state.pages_at(self._output, [path]) else None

    def _picture(self, path: str) -> Original | Unusable | None:
        record = self._state.pictures_at([path]).get(path)
        return record.found if record else None


class _Asked(Mapping[str, Value]):
    """A mapping that asks for each value, and remembers it; None is the answer for a key that is not there.

    Nobody knows all of its keys: who asks for them looks for what a dead link may mean.
    """

    def __init__(self, ask: Callable[[str], Value | None]) -> None:
        self._ask = cache(ask)

    def __getitem__(self, key: str) -> Value:
        if (found := self._ask(key)) is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> NoReturn:
        raise _Unsure

    def __len__(self) -> NoReturn:
        raise _Unsure


def _decoded(decoder: Decoder[Value], part: bytes) -> Value:
    try:
        return decoder.decode(part)
    except DecodeError as fault:
        raise Damaged("part") from fault

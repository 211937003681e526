"""A build after a small change: new words in a few texts. What it reads, plans and digests grows with what it touches.

Each publication keeps, beside the state, what the next build must know to plan a part of the site: which files stood in
content/, and the archive by its groups. Whatever else has changed, and in any doubt, everything is planned anew.
"""

from __future__ import annotations

from msgspec.json import Decoder, encode

from bulletin.build.cache import State
from bulletin.build.content_folder import ContentFolder
from bulletin.build.part_planner import ARCHIVE, FOLDER, GROUP, VERSION, PartPlanner, Unsure, decoded
from bulletin.build.planning import Found, PlannedSite
from bulletin.build.pool import Pool
from bulletin.build.requests import Report, Request
from bulletin.files import Signature
from bulletin.pages.kept_archive import (
    groups_of,
    kept,
)

AT_MOST = 20
"""Changed texts; with more of them, planning everything again is as quick."""
Listing = dict[str, Signature | None]


_COUNT = Decoder(int)
_LISTING = Decoder(Listing)


def keep_plan(state: State, output: str, site: PlannedSite, folder: ContentFolder) -> None:
    """Keep what the next build must know of a site that was published into an output folder."""
    if site.stand_ins.content.stand_ins:
        # Items that are not in content/ stand in the pages: only a whole plan knows what becomes of them.
        state.save_parts(output, {}, are_all=True)
        return
    is_whole = site.parts is None
    if site.parts is None:
        groups = groups_of(site.plan.archive)
        parts = {GROUP + name: encode(members) for name, members in groups.items()}
        parts[ARCHIVE] = encode(kept(site.plan.archive, groups, site.plan.lists, waits=bool(site.waiting)))
    else:
        parts = dict(site.parts)
    parts |= {FOLDER + name: encode(listing) for name, listing in _by_folder(folder).items()}
    state.save_parts(output, {**parts, VERSION: encode(state.version)}, are_all=is_whole)


def planned(  # noqa: PLR0913 - what a plan is made from
    request: Request, found: Found, state: State, pool: Pool, *, output: str, last: Report
) -> PlannedSite | None:
    """Return the part of a site that has changed since its `last` build; None if everything must be planned."""
    if not _is_known(state, output):
        return None
    files = _changed_files(state, output, found.folder)
    if files is None or not 0 < len(files[0]) + len(files[1]) <= AT_MOST:
        return None
    changed, new = [*files[0], *files[1]], files[1]
    try:
        return PartPlanner(request, found, state, output, last=last, new=new).planned(
            changed, state.records(changed), pool
        )
    except Unsure:
        return None


def _is_known(state: State, output: str) -> bool:
    """Tell whether a plan is kept, and no other build has changed sources since."""
    found = state.parts(output, [VERSION])
    return bool(found) and state.is_current and decoded(_COUNT, found[VERSION]) == state.version


def _by_folder(folder: ContentFolder) -> dict[str, Listing]:
    """Return the files below content/ by their folders, with their signatures as far as these prove anything."""
    listings: dict[str, Listing] = {}
    for path in folder.signatures:
        above, _, name = path.rpartition("/")
        listings.setdefault(above, {})[name] = folder.settled(path)
    return listings


def _changed_files(state: State, output: str, folder: ContentFolder) -> tuple[list[str], list[str]] | None:
    """Return the Markdown files that may have changed, and new ones; None if others have, or if a file is gone."""
    known = state.parts_below(output, FOLDER)
    found = _by_folder(folder)
    if not known.keys() <= {FOLDER + name for name in found}:
        return None
    changed: list[str] = []
    new: list[str] = []
    for name, listing in found.items():
        written = known.get(FOLDER + name, b"{}")
        # Most folders are as they were, and need not be decoded.
        if encode(listing) == written and None not in listing.values():
            continue
        before = decoded(_LISTING, written)
        if not before.keys() <= listing.keys():
            return None
        new += [f"{name}/{file}" for file in listing.keys() - before.keys()]
        changed += [
            f"{name}/{file}" for file, signature in before.items() if signature is None or signature != listing[file]
        ]
    return (changed, new) if all(path.lower().endswith(".md") for path in (*changed, *new)) else None

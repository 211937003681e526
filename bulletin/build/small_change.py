"""A build after a small change: new words in a few texts. What it reads, plans and digests grows with what it touches.

Each publication keeps, beside the state, what the next build must know to plan a part of the site: which files stood in
content/, and the archive by its groups. Whatever else has changed, and in any doubt, everything is planned anew.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.json import Decoder, encode
from msgspec.structs import replace

from bulletin.build.cache import State
from bulletin.build.content_folder import Survey
from bulletin.build.kept_plan import ARCHIVE, FOLDER, GROUP, VERSION
from bulletin.build.part_planner import PartPlanner, Unsure
from bulletin.build.planning import Found, PlannedSite
from bulletin.build.pool import Pool
from bulletin.build.requests import Report, Request
from bulletin.build.seals import decoded, listings_in
from bulletin.characters import encodable
from bulletin.listing import Listing
from bulletin.model import CONTENT
from bulletin.pages import links
from bulletin.pages.kept_archive import groups_of, kept
from bulletin.problems import errors
from bulletin.vietnamese import nfc

AT_MOST = 20
"""Changed texts; with more of them, planning everything again is as quick."""
_COUNT = Decoder(int)


class FileChanges(Struct, frozen=True, kw_only=True):
    """What may have changed below content/, by paths from the site's root in NFC."""

    edited: tuple[str, ...]
    """Markdown files."""
    new: tuple[str, ...]
    """New ones."""
    pictures: tuple[str, ...]
    """New pictures."""

    def paths(self) -> tuple[str, ...]:
        return (*self.edited, *self.new, *self.pictures)


def parts(state: State, site: PlannedSite, found: Survey, changes: FileChanges | None) -> dict[str, bytes]:
    """Return what the next build must know of a site that was published: which files it was made from, and its plan."""
    made: dict[str, bytes] = {}
    if site.parts is None or changes is None:
        groups = groups_of(site.plan.archive)
        made |= {GROUP + name: encode(members) for name, members in groups.items()}
        made[ARCHIVE] = encode(kept(site.plan, groups))
    else:
        made |= site.parts
        # All other folders are as they were.
        changed = {path[: path.rfind("/") + 1].removeprefix(f"{CONTENT}/") for path in changes.paths()}
        folders = {folder: files for folder, files in found.folders.items() if nfc(folder) in changed}
        found = replace(found, folders=folders)
    # Items that are not in content/ may stand in the pages: only a whole plan knows what becomes of them.
    version = -1 if site.stand_ins.content.stand_ins else state.version
    return {**made, **listing_parts(found), VERSION: encode(version)}


def listing_parts(found: Survey) -> dict[str, bytes]:
    """Return what is kept of the files in content/: their signatures, as far as they prove anything."""
    return {_part_of(folder): files.settled(found.seen).packed() for folder, files in found.folders.items()}


def _part_of(folder: str) -> str:
    """Return the name under which a folder is kept: a name in an old encoding need not be UTF-8."""
    return FOLDER + (folder if encodable(folder) == folder else ascii(folder))


def changed_files(state: State, output: str, found: Survey) -> FileChanges | None:
    """Return what may have changed; None if that is more than Markdown and new pictures, or if a file is gone."""
    folders = found.folders if found.renewed is None else {folder: found.folders[folder] for folder in found.renewed}
    names = {_part_of(folder): folder for folder in folders}
    known = state.parts_below(output, FOLDER) if found.renewed is None else state.parts(output, names)
    if not known.keys() <= names.keys() or (found.renewed is None and not known):
        return None
    changed: list[str] = []
    new: list[str] = []
    for name, folder in names.items():
        files = folders[folder]
        written = known.get(name, Listing().packed())
        # Most folders are as they were, and need not be looked into.
        if files.packed() == written and files.is_sure:
            continue
        (before,) = listings_in(written, 1)
        others, more, gone = files.since(before)
        if gone:
            return None
        changed += [f"{CONTENT}/{nfc(folder + name)}" for name in others]
        new += [f"{CONTENT}/{nfc(folder + name)}" for name in more]
    others = [path for path in new if not _is_source(path)]
    if not all(map(_is_source, changed)) or not all(map(_is_plain_picture, others)):
        return None
    return FileChanges(edited=tuple(changed), new=tuple(filter(_is_source, new)), pictures=tuple(others))


def _is_plain_picture(path: str) -> bool:
    """Tell whether a file is a picture that gives no link another meaning: it is named like no address."""
    return path.lower().endswith(links.PICTURES) and ":" not in path and not links.is_like_file_of_page(path)


def _is_source(path: str) -> bool:
    return path.lower().endswith(".md")


class Part(Struct, frozen=True, kw_only=True):
    """What a part of a site is planned from: the key of its output folder, its last build, and the files to look at."""

    output: str
    last: Report
    files: FileChanges


def planned(request: Request, found: Found, state: State, pool: Pool, part: Part) -> PlannedSite | None:
    """Return the part of a site that has changed since its last build; None if everything must be planned."""
    sources = (*part.files.edited, *part.files.new)
    if len(sources) > AT_MOST or any(errors(part.last.problems)) or not _is_known(state, part.output):
        return None
    if not all(path in found.folder.signatures for path in part.files.paths()):
        # A name is no text, or another file has it too.
        return None
    try:
        planner = PartPlanner(request, found, state, part.output, last=part.last, new=part.files.new)
        return planner.planned(sources, state.records(sources), pool)
    except Unsure:
        return None


def _is_known(state: State, output: str) -> bool:
    """Tell whether a plan is kept, and no other build has changed sources since."""
    found = state.parts(output, [VERSION])
    return bool(found) and state.is_current and decoded(_COUNT, found[VERSION]) == state.version

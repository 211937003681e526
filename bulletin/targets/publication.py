"""What stands at a target, what would stand there, and the step from the one to the other.

A bulletin is built for its target beside everything that readers see, like any other build. What was built and looked
at is then put in place, and nothing else: whatever has changed meanwhile, here or there, is told instead.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from bulletin.build import Report, Request, Tell, build
from bulletin.build.published import note_published
from bulletin.files import digest_of_file
from bulletin.problems import BuildFailed, problem
from bulletin.publishing import Publisher, locked
from bulletin.targets.folder import Folder
from bulletin.targets.place import Place, Put
from bulletin.targets.release import Manifest, Release
from bulletin.targets.remote import Remote
from bulletin.targets.target import Target

USUAL_PAGES, USUAL_PART = 50, 5
"""So many pages, or this part of all (a fifth), may go unasked: whichever is more."""


class Prepared(Struct, frozen=True, kw_only=True):
    """What readers have at a target, and what was built to take its place."""

    target: Target
    request: Request
    before: Release
    after: Release
    report: Report
    """That of the build, with what was said of a publication that had to be finished first."""

    @property
    def removed_pages(self) -> tuple[str, ...]:
        """The pages that would go, by their paths."""
        return tuple(path for path in sorted(self.before.files.keys() - self.after.files.keys()) if _is_page(path))

    @property
    def is_intended(self) -> bool:
        """Whether no more pages would go than may go unasked."""
        usual = max(USUAL_PAGES, self.before.pages // USUAL_PART)
        most = self.target.max_removed
        return len(self.removed_pages) <= (usual if most is None else most)


def _is_page(path: str) -> bool:
    return path.endswith(".html")


def place_of(target: Target, tell: Tell) -> Place:
    """Return the place that a target names; `tell` hears «waiting» while another publication is at work there."""
    kind = Remote if target.ssh else Folder
    return kind(target, lambda: tell("waiting", 0, 0))


def standing(target: Target, tell: Tell) -> Release:
    """Return what readers have at a target."""
    return place_of(target, tell).standing()


def prepare(target: Target, request: Request, tell: Tell, *, finish: bool = True) -> Prepared:
    """Build a bulletin for its target, and change nothing that readers see.

    `request` says what to build, but for where to and with which address. Raise BuildFailed if content, templates or
    settings need mending, or if the target is that of another bulletin; Unreachable if it cannot be reached. A
    publication that was killed is finished first, unless `finish` is False.
    """
    place = place_of(target, tell)
    told = place.finish() if finish else ()
    before = place.standing()
    _check_address(target, place, before)
    _take_over(target, before)
    settings = target.settings(request.settings)
    request = replace(request, output=target.staging, settings=settings, against=before.sources)
    report = build(request, tell=tell)
    if not report.published:
        raise BuildFailed((*told, *report.problems))
    after = _built(target)
    report = replace(report, problems=(*told, *report.problems))
    return Prepared(target=target, request=request, before=before, after=after, report=report)


def put(prepared: Prepared, tell: Tell, *, by: str = "", code: str = "", allow_removals: bool = False) -> Put:
    """Put where readers are what was prepared; `by` and `code` say who did it after which review.

    Raise BuildFailed if more pages would go than may, unless `allow_removals`, and if what readers have, or what was
    built, is not what it was; Unreachable if the target cannot be written to, which is then as it was, or finished by
    the next run.
    """
    if not allow_removals:
        check_removals(prepared)
    after = prepared.after
    if after.sources.seal() != after.version:
        raise BuildFailed((problem(prepared.target.to, 1, "target-built-anew"),))
    settings = prepared.request.settings
    manifest = Manifest(
        base_url=settings.base_url,
        title=settings.title,
        at=time.time(),
        by=by,
        code=code,
        files=prepared.after.files,
    )
    done = place_of(prepared.target, tell).put(prepared.after, prepared.before.version, manifest)
    note_published(prepared.target.root, prepared.target.known_as, prepared.request, prepared.report)
    return done


def undo(target: Target, tell: Tell) -> Put:
    """Bring the release before back; raise Refused if none is kept."""
    return place_of(target, tell).undo()


def history(target: Target, tell: Tell) -> Sequence[float]:
    """Return when the publications were made that can be taken back, the newest first (seconds since 1970)."""
    return place_of(target, tell).history()


def check_removals(prepared: Prepared) -> None:
    """Raise BuildFailed if more pages would go than may go unasked."""
    if prepared.is_intended:
        return
    removed = prepared.removed_pages
    total = str(prepared.before.pages)
    told = problem(
        prepared.target.to, 1, "target-many-removed", count=str(len(removed)), total=total, example=removed[0]
    )
    raise BuildFailed((told,))


def _check_address(target: Target, place: Place, before: Release) -> None:
    """Raise BuildFailed if the bulletin that stands there has another address: it is another one."""
    manifest = before.manifest
    # output/ is the site's own: whoever gives the bulletin a new address means it.
    if target.name and manifest is not None and manifest.base_url != target.base_url:
        told = problem(
            *(target.to, 1, "target-of-another"),
            found=manifest.base_url,
            title=manifest.title,
            ours=target.base_url,
            file=place.manifest,
        )
        raise BuildFailed((told,))


def _take_over(target: Target, before: Release) -> None:
    """Have the build find the sources that readers have: an item with errors is shown from them, and they stay kept."""
    publisher = Publisher.beside(target.staging)
    with locked(publisher.lock, lambda: None):
        publisher.sources.stand(publisher.sources.copy_from(before.sources, publisher.oldest_sources()))


def _built(target: Target) -> Release:
    """Return what was built for a target."""
    publisher = Publisher.beside(target.staging)
    digests = {path: digest_of_file(f"{target.staging}/{path}") for path in publisher.present()}
    return Release(
        sources=publisher.sources,
        site=target.staging,
        files={path: digest for path, digest in digests.items() if digest},
        manifest=None,
        version=publisher.sources.seal(),
    )

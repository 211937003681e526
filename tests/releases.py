"""Releases that no build has made: what lies at a target is files, whatever they say."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

from bulletin.digests import digest_of_bytes
from bulletin.problems import BuildFailed
from bulletin.publishing import KeptSources, kept
from bulletin.targets import Put, Release, Target
from bulletin.targets.place import Place
from bulletin.targets.release import Manifest
from tests.sites import write
from tests.test_promises import BASE
from tools.readers import Site

_NUMBERS = itertools.count()


def release(folder: Path, site: Site) -> Release:
    """Return a site as a build leaves it below a folder, with a kept text of its own."""
    place = folder / f"built-{next(_NUMBERS)}"
    write(place, site)
    sources = KeptSources(folder=place.with_suffix(".kept"))
    text = repr(sorted(site)).encode()
    sources.stand(sources.prepare(kept.of_site({kept.PROGRAM: text}), lambda *_: text, 0))
    return Release(
        sources=sources,
        site=place,
        files={path: digest_of_bytes(data) for path, data in site.items()},
        manifest=None,
        version=sources.seal(),
    )


def target(folder: Path, to: Path | str) -> Target:
    """Return a target of a site that lies in a folder."""
    return Target(root=folder / "site", name="web", to=str(to), base_url=BASE)


def put(place: Place, after: Release) -> Put:
    """Put a release where readers are, as the next publication."""
    told = place.finish()
    done = place.put(after, place.standing().version, Manifest(base_url=BASE, title="Tin", at=0, files=after.files))
    return Put(changes=done.changes, problems=(*told, *done.problems))


def codes(step: Callable[[], Put]) -> list[str]:
    """Return the codes of the problems that a step tells, or fails with."""
    try:
        return [one.code for one in step().problems]
    except BuildFailed as failed:
        return [type(failed).__name__, *(one.code for one in failed.problems)]

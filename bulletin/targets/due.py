"""What the clock alone changes: a site made of what was published last, in which nobody has written anything since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import DecodeError
from msgspec.json import decode
from msgspec.structs import replace

from bulletin.build import Request, Tell
from bulletin.digests import digest_of_bytes
from bulletin.files import read_regular, survey, write_anew
from bulletin.model import CONTENT
from bulletin.problems import BuildFailed, errors, problem
from bulletin.publishing import KeptSources, Unreadable, kept
from bulletin.settings import Settings
from bulletin.targets.publication import Prepared, prepare, standing
from bulletin.targets.target import Target


def prepare_due(target: Target, request: Request, tell: Tell) -> Prepared | None:
    """Build what the clock has made of the bulletin that stands at a target; None if it has changed nothing.

    Items, settings and templates are those that were published or approved then, items that wait for their day among
    them; only the clock and the program are those of `request`. Raise BuildFailed if nobody can tell any more what was
    published, or if this program can no longer read it.
    """
    before = standing(target, tell)
    if not before.files:
        return None
    site = target.staging.parent / f".{target.staging.name}.due"
    try:
        files = _files(target, before.sources)
        settings = decode(files.pop(kept.SETTINGS, b""), type=Settings)
    except (Unreadable, DecodeError):
        raise _unknown(target) from None
    _write(site, files)
    known = replace(settings, targets=request.settings.targets)
    prepared = prepare(target, replace(request, root=site, settings=known, keep_going=True), tell)
    shown = {article.source for article in prepared.report.stand_ins}
    unreadable = [one for one in errors(prepared.report.problems) if one.path not in shown]
    if unreadable:
        raise BuildFailed(tuple(unreadable))
    return prepared if _is_due(prepared) else None


def _is_due(prepared: Prepared) -> bool:
    """Tell whether the clock has changed what readers see; a program of another day is no reason by itself."""
    found = prepared.report.review
    is_by_clock = found is not None and any(one.by_clock for one in found.items)
    is_other_program = found is not None and found.is_other_program
    return prepared.before.files != prepared.after.files and (is_by_clock or not is_other_program)


def _files(target: Target, sources: KeptSources) -> dict[str, bytes]:
    """Return the files of the site as it was published, by path, and its settings under their own name."""
    files: dict[str, bytes] = {}
    digests: dict[str, str] = {}
    for path, digest in _named(sources):
        # An item that was shown as it was before may need a picture that another item has replaced.
        if digests.setdefault(path, digest) != digest:
            raise BuildFailed((problem(path, 1, "due-two-pictures"),))
        files[path] = sources.any(digest)
        if digest_of_bytes(files[path]) != digest:
            raise _unknown(target)
    return files


def _named(sources: KeptSources) -> Iterator[tuple[str, str]]:
    """Yield path and digest of each file of a kept site."""
    for path, item in sources.carried().items():
        if path != kept.PROGRAM:
            yield path, item.source
        yield from item.files.items()


def _write(site: Path, files: Mapping[str, bytes]) -> None:
    """Have a folder hold these files; those that it has already are left alone."""
    for folder in (CONTENT, kept.TEMPLATES.rstrip("/")):
        (site / folder).mkdir(parents=True, exist_ok=True)
        for name in survey(site / folder):
            if f"{folder}/{name}" not in files:
                (site / folder / name).unlink()
    for path, data in files.items():
        if read_regular(site / path) != data:
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            write_anew(site / path, data)


def _unknown(target: Target) -> BuildFailed:
    return BuildFailed((problem(target.to, 1, "due-unknown"),))

"""Every picture that items name -> what became of it: from the state where its bytes are known, else made anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from bulletin import site
from bulletin.files import settled
from bulletin.fingerprint import digest_of_bytes
from bulletin.model import Content
from bulletin.pictures import MAX_BYTES, Original, Unusable
from bulletin.pool import Pool
from bulletin.problems import BuildFailed
from bulletin.state import PictureRecord, State

_EFFORT = 100
"""One picture is as much work as so many items."""


def develop(
    root: Path, content: Content, named: Collection[str], state: State, pool: Pool
) -> Mapping[str, Original | Unusable]:
    """Return what became of each picture; its renditions are among those of the state, if that has any."""
    known = state.pictures()
    kept = {path: record for path in named if (record := _kept(root, content, path, known.get(path)))}
    renewed = {path: record for path, record in kept.items() if record is not known[path]}
    gone = known.keys() - set(named)
    if renewed or gone:
        state.save_pictures(renewed, gone)
    made = _made(root, content, sorted(set(named) - kept.keys()), state, pool)
    if state.renditions and (gone or made):
        state.renditions.forget_all_but({record.digest for record in (*kept.values(), *made.values())})
    return {path: record.found for path, record in (*kept.items(), *made.items())}


def _kept(root: Path, content: Content, path: str, record: PictureRecord | None) -> PictureRecord | None:
    """Return what is known of a picture if its bytes are still those; if in doubt they are read."""
    found = content.signatures[path]
    if record is None or (found is not None and record.signature == found):
        return record
    try:
        digest = digest_of_bytes(site.read_file(root, path, content.written, at_most=MAX_BYTES + 1))
    except BuildFailed:
        return None
    return replace(record, signature=settled(found, content.seen)) if digest == record.digest else None


def _made(root: Path, content: Content, paths: Sequence[str], state: State, pool: Pool) -> dict[str, PictureRecord]:
    if not paths:
        return {}
    from bulletin.pixels import develop_chunk  # noqa: PLC0415 - Pillow takes 40 ms to load

    made: dict[str, PictureRecord] = {}
    waiting = iter(paths)
    work = partial(develop_chunk, root, content.written, state.renditions)
    for chunk in pool.map("imaging", work, paths, tuple, effort=_EFFORT):
        done = {}
        # The chunk first: the other order would take one path too many before it sees that the chunk is at its end.
        for (digest, found), path in zip(chunk, waiting, strict=False):
            # What could not be read was not seen: it is tried again.
            signature = settled(content.signatures[path], content.seen) if digest else None
            done[path] = PictureRecord(digest=digest, signature=signature, found=found)
        # At once: a build that is stopped after an hour of pictures goes on with the next of them.
        state.save_pictures(done, ())
        made |= done
    return made

"""The pictures that items name -> their published sizes: from the state if the bytes are known, else made anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from bulletin.build.cache import PictureRecord, State
from bulletin.build.content_folder import ContentFolder
from bulletin.build.pool import Pool
from bulletin.images import MAX_BYTES, Original, Unusable

_EFFORT = 100
"""One picture takes as long as so many items."""


def make_images(
    folder: ContentFolder, named: Collection[str], state: State, pool: Pool
) -> Mapping[str, Original | Unusable]:
    """Return each picture, by path, or why it cannot be shown; its sizes go to the store of the state, if any."""
    known = state.pictures()
    kept = {path: record for path in named if (record := folder.unchanged(path, known.get(path), MAX_BYTES + 1))}
    renewed = {path: record for path, record in kept.items() if record is not known[path]}
    gone = known.keys() - set(named)
    if renewed or gone:
        state.save_pictures(renewed, gone)
    made = _made(folder, sorted(set(named) - kept.keys()), state, pool)
    if state.renditions and (gone or made):
        state.renditions.forget_all_but({record.digest for record in (*kept.values(), *made.values())})
    return {path: record.found for path, record in (*kept.items(), *made.items())}


def _made(folder: ContentFolder, paths: Sequence[str], state: State, pool: Pool) -> dict[str, PictureRecord]:
    if not paths:
        return {}
    from bulletin.images.pillow import make_renditions_of_chunk  # noqa: PLC0415 - Pillow takes 40 ms to load

    made: dict[str, PictureRecord] = {}
    waiting = iter(paths)
    work = partial(make_renditions_of_chunk, folder.root, folder.written, state.renditions)
    for chunk in pool.map("imaging", work, paths, tuple, effort=_EFFORT):
        done = {}
        # The chunk comes first: zip would else take one path too many before it sees that the chunk has ended.
        for (digest, found), path in zip(chunk, waiting, strict=False):
            # A picture that could not be read has no digest: it is tried again.
            signature = folder.settled(path) if digest else None
            done[path] = PictureRecord(digest=digest, signature=signature, found=found)
        # Saved at once: a build that is stopped after an hour of pictures then goes on with the next one.
        state.save_pictures(done, ())
        made |= done
    return made

"""The pictures that items name -> their published sizes and crops: from the state if they are known, else made anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from bulletin.build.cache import PictureRecord, State
from bulletin.build.content_folder import ContentFolder
from bulletin.build.pool import Pool
from bulletin.images import MAX_BYTES, Focus, Original, Unusable

WantedCrops = Mapping[str, frozenset[Focus]]
"""The pictures to be made, by path, and for each the points around which it is cropped: one for each item it heads."""
_EFFORT = 100
"""One picture takes as long as so many items."""


def make_images(
    folder: ContentFolder, wanted: WantedCrops, state: State, pool: Pool
) -> Mapping[str, Original | Unusable]:
    """Return each picture, by path, or why it cannot be shown; its sizes and crops go to the store of the state."""
    known = state.pictures()
    gone = known.keys() - wanted.keys()
    if gone:
        state.save_pictures({}, gone)
    records, are_new = _records(folder, wanted, known, state, pool)
    if state.renditions and (gone or are_new):
        state.renditions.forget_all_but(_crops_by_digest(records.values()))
    return {path: record.found for path, record in records.items()}


def make_more_images(folder: ContentFolder, wanted: WantedCrops, state: State, pool: Pool) -> None:
    """Have the state know these pictures too; the others may be wanted as well, and so may other crops of these."""
    known = state.pictures_at(wanted)
    crops = {path: wanted[path].union(known[path].crops if path in known else ()) for path in wanted}
    _records(folder, crops, known, state, pool)


def _records(
    folder: ContentFolder, wanted: WantedCrops, known: Mapping[str, PictureRecord], state: State, pool: Pool
) -> tuple[dict[str, PictureRecord], bool]:
    """Return the record of each picture, and whether some were made; those that are not `known` are kept."""
    kept = {path: record for path in wanted if (record := folder.unchanged(path, known.get(path), MAX_BYTES + 1))}
    renewed = {path: record for path, record in kept.items() if record is not known[path]}
    if renewed:
        state.save_pictures(renewed, ())
    lacking = {path for path, record in kept.items() if _lacks_crops(record, wanted[path])}
    made = _made(
        folder, {path: kept.get(path) for path in sorted((wanted.keys() - kept.keys()) | lacking)}, wanted, state, pool
    )
    return {**kept, **made}, bool(made)


def _lacks_crops(record: PictureRecord, wanted: frozenset[Focus]) -> bool:
    return isinstance(record.found, Original) and not wanted <= set(record.crops)


def _original(record: PictureRecord | None) -> Original | None:
    return record.found if record and isinstance(record.found, Original) else None


def _crops_by_digest(records: Iterable[PictureRecord]) -> dict[str, set[Focus]]:
    """Return all crops of each picture: two files may be the same picture."""
    crops: dict[str, set[Focus]] = {}
    for record in records:
        crops.setdefault(record.digest, set()).update(record.crops)
    return crops


def _made(
    folder: ContentFolder,
    records: Mapping[str, PictureRecord | None],
    wanted: WantedCrops,
    state: State,
    pool: Pool,
) -> dict[str, PictureRecord]:
    """Make pictures; of one that has a record only the crops are missing."""
    if not records:
        return {}
    from bulletin.images.pillow import Wanted, make_renditions_of_chunk  # noqa: PLC0415 - Pillow takes 40 ms to load

    made: dict[str, PictureRecord] = {}
    tasks = [
        Wanted(path=path, crops=tuple(sorted(wanted[path])), known=_original(record))
        for path, record in records.items()
    ]
    waiting = iter(tasks)
    work = partial(make_renditions_of_chunk, folder.root, folder.written, state.renditions)
    for chunk in pool.map("imaging", work, tasks, tuple, effort=lambda _: _EFFORT):
        done = {}
        # The chunk comes first: zip would else take one task too many before it sees that the chunk has ended.
        for (digest, found), task in zip(chunk, waiting, strict=False):
            # A picture that could not be read has no digest: it is tried again.
            signature = folder.settled(task.path) if digest else None
            done[task.path] = PictureRecord(digest=digest, signature=signature, found=found, crops=task.crops)
        # Saved at once: a build that is stopped after an hour of pictures then goes on with the next one.
        state.save_pictures(done, ())
        made |= done
    return made

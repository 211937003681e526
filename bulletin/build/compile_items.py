"""Sources -> articles and problems: from the state if the bytes are known, else compiled, on all cores if many."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct

from bulletin.build.cache import SourceRecord, State
from bulletin.build.content_folder import ContentFolder
from bulletin.build.pool import Pool, Work
from bulletin.model import Article, PartialItem
from bulletin.pages import links
from bulletin.problems import Problem
from bulletin.settings import ItemRules


class CompiledContent(Struct, frozen=True, kw_only=True):
    """The items and problems of all sources, in their order.

    Their HTML is in the state, since all of it would fill the memory.
    """

    items: tuple[Article | PartialItem, ...]
    problems: tuple[Problem, ...]
    digests: Mapping[str, str]
    """Of the bytes of each source; empty for one that cannot be read."""
    named: Mapping[str, tuple[str, ...]]
    """The files below content/ that each item names, if it names any."""


def compile_items(folder: ContentFolder, rules: ItemRules, state: State, pool: Pool) -> CompiledContent:
    """Return the items and problems of all sources, and keep in the state what is new."""
    known = state.sources()
    return compile_some(folder, rules, state, pool, paths=folder.content.sources, known=known, are_all=True)


def compile_some(  # noqa: PLR0913 - the last ones say which
    folder: ContentFolder,
    rules: ItemRules,
    state: State,
    pool: Pool,
    *,
    paths: Collection[str],
    known: Mapping[str, SourceRecord],
    are_all: bool = False,
) -> CompiledContent:
    """Return the items and problems of sources, and keep what is new; `known` are their records in the state.

    If these `are_all`, forget what is not of them.
    """
    kept = {path: record for path in paths if (record := folder.unchanged(path, known.get(path)))}
    renewed = {path: record for path, record in kept.items() if record is not known[path]}
    if renewed:
        state.save_sources(renewed, {})
    made: dict[str, SourceRecord] = {}
    for records, html in _made(folder, rules, [path for path in paths if path not in kept], state, pool):
        # Saved at once, while other processes compile the next chunks.
        state.save_sources(records, html)
        made |= records
    if are_all and known and (made or len(kept) < len(known)):
        # Two sources may have one text, so only all of them together tell which are of no use any more.
        used = {record.compiled.text for record in (*kept.values(), *made.values())}
        state.forget_sources(known.keys() - set(paths), state.text_digests() - used)
    found = [kept.get(path) or made[path] for path in paths]
    items = tuple(item for one in found if (item := one.compiled.article or one.compiled.unfinished))
    named = ((item.source, tuple(links.named_files(item, folder.content.files, links.ATTACHMENTS))) for item in items)
    return CompiledContent(
        items=items,
        problems=tuple(problem for one in found for problem in one.compiled.problems),
        digests={path: record.digest for path, record in zip(paths, found, strict=True)},
        named={source: files for source, files in named if files},
    )


def _made(
    folder: ContentFolder, rules: ItemRules, paths: Sequence[str], state: State, pool: Pool
) -> Iterator[tuple[dict[str, SourceRecord], dict[str, str]]]:
    """Compile sources, and yield chunk by chunk their records by path and the HTML that is not kept yet, by digest."""
    if not paths:
        return
    from bulletin.build import worker  # noqa: PLC0415 - markdown takes 0.1 s to load

    work = Work(
        here=partial(worker.compile_chunk, folder.root, folder.written, rules, state.file),
        take=partial(worker.read_sources, folder.root, folder.written),
        make=partial(worker.compile_sources, rules),
        put=bytes,
    )
    remaining = iter(paths)
    for packed in pool.map("compiling", work, paths, tuple):
        chunk = worker.COMPILED.decode(packed)
        made: dict[str, SourceRecord] = {}
        for digest, compiled in chunk.compiled:
            path = next(remaining)
            # A source that could not be read has no digest: it is tried again.
            signature = folder.settled(path) if digest else None
            made[path] = SourceRecord(digest=digest, signature=signature, compiled=compiled)
        yield made, chunk.texts

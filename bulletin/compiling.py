"""Every source -> what became of it: from the state where its bytes are known, else compiled, on all cores if many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from bulletin import site
from bulletin.files import settled
from bulletin.fingerprint import digest_of_bytes
from bulletin.model import Article, Content, Unfinished
from bulletin.pool import Pool
from bulletin.problems import BuildFailed, Problem
from bulletin.settings import House
from bulletin.state import SourceRecord, State


class CompiledContent(Struct, frozen=True, kw_only=True):
    """What became of all sources, in their order; `texts` holds the HTML that was made anew, by its digest."""

    items: tuple[Article | Unfinished, ...]
    problems: tuple[Problem, ...]
    texts: Mapping[str, str]


def compile_content(root: Path, content: Content, house: House, state: State, pool: Pool) -> CompiledContent:
    """Return what became of every source, and keep in the state what is new."""
    known = state.sources()
    kept = {path: record for path in content.sources if (record := _kept(root, content, path, known.get(path)))}
    renewed = {path: record for path, record in kept.items() if record is not known[path]}
    if renewed:
        state.save_sources(renewed, {})
    made: dict[str, SourceRecord] = {}
    texts: dict[str, str] = {}
    for records, html in _made(root, content, house, [path for path in content.sources if path not in kept], pool):
        # While other processes compile the next ones.
        state.save_sources(records, html)
        made |= records
        texts |= html
    gone = known.keys() - set(content.sources)
    if stale := {known[path].text for path in (*made, *gone) if path in known}:
        state.forget_sources(gone, stale.difference(record.text for record in (*kept.values(), *made.values())))
    compiled = [(kept.get(path) or made[path]).compiled for path in content.sources]
    return CompiledContent(
        items=tuple(item for one in compiled if (item := one.article or one.unfinished)),
        problems=tuple(problem for one in compiled for problem in one.problems),
        texts=texts,
    )


def _kept(root: Path, content: Content, path: str, record: SourceRecord | None) -> SourceRecord | None:
    """Return what is known of a source if its bytes are still those; if in doubt they are read."""
    found = content.signatures[path]
    if record is None or (found is not None and record.signature == found):
        return record
    try:
        digest = digest_of_bytes(site.read_file(root, path, content.written))
    except BuildFailed:
        return None
    return replace(record, signature=settled(found, content.seen)) if digest == record.digest else None


def _made(
    root: Path, content: Content, house: House, paths: Sequence[str], pool: Pool
) -> Iterator[tuple[dict[str, SourceRecord], dict[str, str]]]:
    """Yield what becomes of some of the sources, by path, and their HTML, by its digest."""
    if not paths:
        return
    from bulletin.work import COMPILED, compile_chunk  # noqa: PLC0415 - markdown takes 0.1 s to load

    work = partial(compile_chunk, root, content.written, house)
    remaining = iter(paths)
    for packed in pool.map("compiling", work, paths, tuple):
        made: dict[str, SourceRecord] = {}
        texts: dict[str, str] = {}
        for digest, compiled in COMPILED.decode(packed):
            path = next(remaining)
            # What could not be read was not seen: it is tried again.
            signature = settled(content.signatures[path], content.seen) if digest else None
            made[path] = SourceRecord(digest=digest, signature=signature, compiled=replace(compiled, html=""))
            if made[path].text:
                texts[made[path].text] = compiled.html
        yield made, texts

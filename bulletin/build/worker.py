"""The work that is done in chunks, in this process, in others or on other machines: compile sources, render pages.

It is imported only if there is work, since jinja2 and markdown take longer to load than a build with nothing to do may
last. Values travel between processes as JSON, read back by their types: pickling takes three times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Generic, TypeVar, cast

from msgspec import Raw, Struct
from msgspec.json import Decoder, encode
from msgspec.structs import replace

from bulletin.build.cache import keep_texts_in, texts_in
from bulletin.digests import digest_of_bytes
from bulletin.files import read_file
from bulletin.items import compile_source, decode
from bulletin.model import Compiled, Source
from bulletin.pages import SitePage
from bulletin.pages.views import VIEWS, Page
from bulletin.problems import BuildFailed, Problem
from bulletin.publishing import Publisher
from bulletin.publishing.changes import FinishedFile, PresentDigest
from bulletin.render import LinkCollector, Renderer, SiteLink
from bulletin.settings import ItemRules, Settings

File = TypeVar("File")


class RenderRequest(Struct, frozen=True, kw_only=True):
    """Everything that rendering needs besides pages: templates, settings, assets."""

    templates: tuple[tuple[str, str], ...]
    """Each template's name and text."""
    own: frozenset[str]
    """The names of those that are the site's own."""
    settings: Settings
    assets: tuple[tuple[str, str], ...]


class CompiledChunk(Struct, frozen=True, kw_only=True):
    """What sources compile to, each with the digest of its bytes and without its HTML, and the HTML by its digest."""

    compiled: list[tuple[str, Compiled]]
    texts: dict[str, str]


class RenderedChunk(Struct, Generic[File], frozen=True, kw_only=True):
    """The files of a chunk with the links in them and what is wrong with these, or the faults of their templates."""

    files: tuple[File, ...] = ()
    problems: tuple[Problem, ...] = ()
    leads: tuple[SiteLink, ...] = ()
    faults: Mapping[str, tuple[Problem, ...]]
    """By the template of the first page that has them."""


class RenderedFile(Struct, frozen=True, kw_only=True, array_like=True):
    """A file that was rendered and is not staged yet, with the digest of the file that output/ has of it."""

    path: str
    data: bytes
    present: PresentDigest


class Job(Struct, frozen=True, kw_only=True, array_like=True):
    """A page to render, with the HTML it shows by digest, and the digest of the file that output/ has of it.

    A text is None if whoever renders is to take it from the state.
    """

    path: str
    template: str
    kind: str
    view: Raw
    texts: dict[str, str | None]
    present: PresentDigest


Find = Callable[[Collection[str]], Mapping[str, str]]
"""Returns the HTML of each digest, or raises Damaged."""
ReadSource = tuple[str, bytes | tuple[Problem, ...]]
"""A source's path, and its bytes or why they cannot be read."""
COMPILED = Decoder(CompiledChunk)
_JOBS = Decoder(list[Job])
_VIEWS = {kind.__name__: Decoder(kind) for kind in VIEWS}


def compile_chunk(
    root: Path, written: Mapping[str, str], rules: ItemRules, state: Path | None, paths: Sequence[str]
) -> bytes:
    """Return what sources compile to, as JSON that COMPILED decodes.

    The HTML goes straight to the file `state` if there is one: the process that plans does not read it.
    """
    chunk = _compiled(rules, _read(root, written, paths))
    if state is None:
        return encode(chunk)
    keep_texts_in(state, chunk.texts)
    return encode(CompiledChunk(compiled=chunk.compiled, texts={}))


def read_sources(root: Path, written: Mapping[str, str], paths: Sequence[str]) -> list[ReadSource]:
    """Return each source as `compile_sources` takes it: its path, and its bytes or why it cannot be read."""
    return list(_read(root, written, paths))


def compile_sources(rules: ItemRules, sources: Iterable[ReadSource]) -> bytes:
    """Return what `compile_chunk` returns, of sources that were read."""
    return encode(_compiled(rules, sources))


def _compiled(rules: ItemRules, sources: Iterable[ReadSource]) -> CompiledChunk:
    compiled: list[tuple[str, Compiled]] = []
    texts: dict[str, str] = {}
    for path, found in sources:
        digest, one = _compile(path, found, rules)
        if one.text:
            texts[one.text] = one.html
        compiled.append((digest, replace(one, html="")))
    return CompiledChunk(compiled=compiled, texts=texts)


def _read(root: Path, written: Mapping[str, str], paths: Sequence[str]) -> Iterator[ReadSource]:
    for path in paths:
        try:
            yield path, read_file(root, path, written)
        except BuildFailed as failed:
            yield path, failed.problems


def _compile(path: str, found: bytes | tuple[Problem, ...], rules: ItemRules) -> tuple[str, Compiled]:
    if not isinstance(found, bytes):
        return "", Compiled(article=None, unfinished=None, problems=found, html="")
    source = decode(path, found)
    if not isinstance(source, Source):
        return digest_of_bytes(found), Compiled(article=None, unfinished=None, problems=source, html="")
    return digest_of_bytes(found), compile_source(source, rules)


def job(page: SitePage, texts: Mapping[str, str | None], *, present: PresentDigest) -> Job:
    view = page.view
    return Job(
        path=page.path,
        template=page.template,
        kind=type(view).__name__,
        view=Raw(encode(view)),
        texts=dict(texts),
        present=present,
    )


def pack_jobs(jobs: Sequence[Job]) -> bytes:
    """Return jobs as the JSON that `render_chunk` and `with_texts` take."""
    return encode(jobs)


def with_texts(find: Find, packed: bytes) -> bytes:
    """Return packed jobs with all their texts, as `render_texts` takes them."""
    return encode(_completed(packed, find))


def load_templates(request: RenderRequest, bytecode: Path | None) -> None:
    """Have this process compile the templates: in a first build that takes it half a second."""
    _renderer(request.templates, request.own, request.settings, request.assets, bytecode).load()


def render_chunk(
    request: RenderRequest, publisher: Publisher, bytecode: Path | None, state: Path | None, packed: bytes
) -> RenderedChunk[FinishedFile]:
    """Render the pages of packed jobs, and stage those that differ from output/.

    Texts that the jobs lack are read from the file `state`: on their way through the process that plans they would be
    written and read twice more. Compiled templates are kept in the folder `bytecode`. After a fault no more pages of
    the same template are rendered, which would have it too.
    """
    jobs = _completed(packed, partial(texts_in, state)) if state else _JOBS.decode(packed)
    return _render(request, bytecode, jobs, partial(_stage, publisher))


def render_texts(request: RenderRequest, packed: bytes) -> RenderedChunk[RenderedFile]:
    """Render the pages of packed jobs as `render_chunk` does, without a disk; `stage_texts` stages them."""
    return _render(request, None, _JOBS.decode(packed), lambda file: file)


def stage_texts(publisher: Publisher, chunk: RenderedChunk[RenderedFile]) -> RenderedChunk[FinishedFile]:
    files = tuple(_stage(publisher, file) for file in chunk.files)
    return RenderedChunk(files=files, problems=chunk.problems, leads=chunk.leads, faults=chunk.faults)


def _stage(publisher: Publisher, file: RenderedFile) -> FinishedFile:
    return publisher.stage(file.path, file.data, present=file.present)


def _completed(packed: bytes, find: Find) -> list[Job]:
    jobs = _JOBS.decode(packed)
    known = find({digest for one in jobs for digest, text in one.texts.items() if text is None})
    for one in jobs:
        one.texts.update({digest: known[digest] for digest, text in one.texts.items() if text is None})
    return jobs


def _render(
    request: RenderRequest, bytecode: Path | None, jobs: Iterable[Job], finish: Callable[[RenderedFile], File]
) -> RenderedChunk[File]:
    renderer = _renderer(request.templates, request.own, request.settings, request.assets, bytecode)
    leads = LinkCollector()
    files: list[File] = []
    faults: dict[str, tuple[Problem, ...]] = {}
    for one in jobs:
        if one.template in faults:
            continue
        page = Page(path=one.path, template=one.template, view=_VIEWS[one.kind].decode(one.view))
        try:
            text = renderer.render(page, cast("dict[str, str]", one.texts))
        except BuildFailed as failed:
            faults[one.template] = failed.problems
            continue
        if page.path.endswith(".html"):
            leads.collect(page, text)
        files.append(finish(RenderedFile(path=page.path, data=text.encode(), present=one.present)))
    if faults:
        return RenderedChunk(faults=faults)
    return RenderedChunk(files=tuple(files), problems=tuple(leads.problems), leads=leads.found, faults={})


@lru_cache(maxsize=1)
def _renderer(
    templates: tuple[tuple[str, str], ...],
    own: frozenset[str],
    settings: Settings,
    assets: tuple[tuple[str, str], ...],
    bytecode: Path | None,
) -> Renderer:
    return Renderer(dict(templates), own, settings, dict(assets), bytecode)
